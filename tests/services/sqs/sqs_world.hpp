// A World with an SQS service in it, and short ways to say what its tests say often.
#pragma once
#include "emulator/services/sqs/sqs.hpp"
#include "tests/support/world.hpp"

namespace emu::test {
// The disk as one life of the daemon has it: once it is over, what its loops still do stays without effect.
class Life final : public storage::Engine {
 public:
  explicit Life(storage::Engine& disk) : disk_(disk) {}
  void end() { over_ = true; }
  std::optional<storage::Bytes> get(storage::BytesView key) const override { return disk_.get(key); }
  void scan(const storage::Range& range, const storage::Visit& visit) const override {
    disk_.scan(range, visit);
  }
  void scan_reverse(const storage::Range& range, const storage::Visit& visit) const override {
    disk_.scan_reverse(range, visit);
  }
  void write(const storage::Batch& batch) override {
    if (!over_) disk_.write(batch);
  }
  void erase(const storage::Range& range) override {
    if (!over_) disk_.erase(range);
  }

 private:
  storage::Engine& disk_;
  bool over_ = false;
};

class SqsWorld : public World {
 public:
  explicit SqsWorld(sqs::Limits limits = {}) : limits_(limits) { start_service(); }
  std::unique_ptr<sqs::Sqs> sqs;

  using World::call;
  using World::fail;
  Json call(std::string_view operation, Json input = Json::object()) {
    return World::call(*sqs, operation, std::move(input));
  }
  AwsError fail(std::string_view operation, Json input = Json::object()) {
    return World::fail(*sqs, operation, std::move(input));
  }
  // "Code: message"
  std::string refusal(std::string_view operation, Json input) {
    const auto error = fail(operation, std::move(input));
    return error.code + ": " + error.message;
  }
  // The daemon dies and starts again on the same disk.
  void restart() {
    lives_.back()->end();
    dead_.push_back(std::move(sqs));  // its loops still sleep
    start_service();
  }

  // Creates a queue; the URL it has.
  std::string queue(std::string_view name = "q", Json attributes = Json::object()) {
    if (name.ends_with(".fifo")) attributes["FifoQueue"] = "true";
    Json in{{"QueueName", name}};
    if (!attributes.empty()) in["Attributes"] = std::move(attributes);
    return call("CreateQueue", std::move(in)).at("QueueUrl");
  }
  static std::string url(std::string_view name) {
    return "http://localhost:4566/000000000000/" + std::string(name);
  }
  static std::string arn(std::string_view name) {
    return "arn:aws:sqs:us-east-1:000000000000:" + std::string(name);
  }
  sqs::SharedQueue found(std::string_view name) { return sqs->queues.find(Scope{}, name); }

  Json send(std::string_view name, std::string_view body, Json more = Json::object()) {
    Json in{{"QueueUrl", url(name)}, {"MessageBody", body}};
    in.update(more);
    return call("SendMessage", std::move(in));
  }
  // To a FIFO queue, each with a deduplication id of its own.
  Json send_to(std::string_view group, std::string_view body, std::string_view name = "q.fifo") {
    return send(name, body,
                {{"MessageGroupId", group}, {"MessageDeduplicationId", "d" + std::to_string(++sent_)}});
  }
  Json receive(std::string_view name, Json more = Json::object()) {
    Json in{{"QueueUrl", url(name)},
            {"MaxNumberOfMessages", 10},
            {"MessageSystemAttributeNames", {"All"}},
            {"MessageAttributeNames", {"All"}}};
    in.update(more);
    return call("ReceiveMessage", std::move(in)).value("Messages", Json::array());
  }
  // The bodies of what is received now, separated by blanks.
  std::string bodies(std::string_view name, Json more = Json::object()) {
    return bodies_of(receive(name, std::move(more)));
  }
  static std::string bodies_of(const Json& messages) {
    std::string out;
    for (const auto& m : messages) out += (out.empty() ? "" : " ") + m.at("Body").get<std::string>();
    return out;
  }
  static std::string handle(const Json& messages, std::size_t at = 0) {
    return messages.at(at).at("ReceiptHandle");
  }
  void remove(std::string_view name, std::string_view handle) {
    call("DeleteMessage", {{"QueueUrl", url(name)}, {"ReceiptHandle", handle}});
  }
  void change(std::string_view name, std::string_view handle, int seconds) {
    call("ChangeMessageVisibility",
         {{"QueueUrl", url(name)}, {"ReceiptHandle", handle}, {"VisibilityTimeout", seconds}});
  }
  // "visible/in flight/delayed"
  std::string counts(std::string_view name) {
    const auto c = found(name)->counts(clock);
    return std::to_string(c.visible) + "/" + std::to_string(c.in_flight) + "/" + std::to_string(c.delayed);
  }
  Report verified() {
    Report report;
    sqs->verify(report);
    return report;
  }

 private:
  void start_service() {
    lives_.push_back(std::make_unique<Life>(disk));
    sqs = std::make_unique<sqs::Sqs>(*lives_.back(), clock, loops, ids, limits_);
    sqs->load();
    start(sqs->run());
  }
  const sqs::Limits limits_;
  std::vector<std::unique_ptr<Life>> lives_;
  std::vector<std::unique_ptr<sqs::Sqs>> dead_;
  int sent_ = 0;
};
}  // namespace emu::test
