// A disk that fails at any write: the request is not answered, what was acknowledged stays, and the next
// start finds all in order.
#include "tests/services/sqs/sqs_world.hpp"
#include "tests/support/failing_engine.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// A service over a disk that can fail, on the world's clock.
struct Frail {
  SqsWorld w;
  FailingEngine disk{w.disk};
  std::unique_ptr<sqs::Sqs> sqs = fresh();
  std::unique_ptr<sqs::Sqs> fresh() {
    auto out = std::make_unique<sqs::Sqs>(disk, w.clock, w.loops, w.ids);
    out->load();
    return out;
  }
  // False: the disk failed under it.
  bool call(std::string_view operation, Json input, Json* out = nullptr) {
    try {
      auto result = w.attempt(*sqs, operation, std::move(input));
      if (out && result) *out = std::move(*result);
      return static_cast<bool>(result);
    } catch (const DiskFailed&) {
      return false;
    }
  }
  std::string in(std::string_view name) {
    const auto c = sqs->queues.find(Scope{}, name)->counts(w.clock);
    return std::to_string(c.visible) + "/" + std::to_string(c.in_flight);
  }
};
Json at(std::string_view name) { return {{"QueueUrl", SqsWorld::url(name)}}; }
}  // namespace

TEST_CASE(
    "whatever write fails, what was acknowledged is there after a restart and no dead letter is lost or "
    "doubled") {
  for (int good = 0; good < 40; ++good) {
    CAPTURE(good);
    Frail f;
    const auto queue = [&](std::string_view name, Json attributes) {
      REQUIRE(f.call("CreateQueue", {{"QueueName", name}, {"Attributes", std::move(attributes)}}));
    };
    queue("letters", {{"DelaySeconds", "0"}});
    queue("q", {{"RedrivePolicy",
                 Json{{"deadLetterTargetArn", SqsWorld::arn("letters")}, {"maxReceiveCount", 1}}.dump()}});
    f.disk.fail_after(good);
    int sent = 0, deleted = 0;
    std::vector<std::string> handles;
    for (int i = 0; i < 6; ++i) {
      auto message = at("q");
      message["MessageBody"] = "m";
      sent += f.call("SendMessage", message) ? 1 : 0;
    }
    auto wanted = at("q");
    wanted["MaxNumberOfMessages"] = 4;
    wanted["VisibilityTimeout"] = 10;
    Json got;
    if (f.call("ReceiveMessage", wanted, &got))
      for (const auto& m : got.value("Messages", Json::array())) handles.push_back(m.at("ReceiptHandle"));
    if (!handles.empty()) {
      auto removal = at("q");
      removal["ReceiptHandle"] = handles.front();
      deleted += f.call("DeleteMessage", removal) ? 1 : 0;
    }
    f.w.advance(10s);
    f.call("ReceiveMessage", wanted);  // moves three to the dead letters
    f.disk.recover();
    f.sqs = f.fresh();
    Report report;
    f.sqs->verify(report);
    CHECK(report.sound());
    const auto left = f.sqs->queues.find(Scope{}, "q")->counts(f.w.clock);
    const auto letters = f.sqs->queues.find(Scope{}, "letters")->counts(f.w.clock);
    CHECK(static_cast<int>(left.visible + left.in_flight + letters.visible) == sent - deleted);
  }
}

TEST_CASE("a purge or deletion that a crash cuts short is finished by the next start") {
  for (const auto* operation : {"PurgeQueue", "DeleteQueue"})
    for (int good = 0; good < 5; ++good) {
      CAPTURE(operation);
      CAPTURE(good);
      Frail f;
      REQUIRE(f.call("CreateQueue",
                     {{"QueueName", "q.fifo"},
                      {"Attributes", {{"FifoQueue", "true"}, {"ContentBasedDeduplication", "true"}}}}));
      for (const auto* body : {"a", "b", "c"}) {
        auto message = at("q.fifo");
        message["MessageBody"] = body;
        message["MessageGroupId"] = "g";
        REQUIRE(f.call("SendMessage", message));
      }
      f.disk.fail_after(good);
      f.call(operation, at("q.fifo"));
      f.disk.recover();
      f.sqs = f.fresh();
      Report report;
      f.sqs->verify(report);
      CHECK(report.sound());
      if (f.sqs->queues.find(Scope{}, "q.fifo"))
        CHECK(f.in("q.fifo") == (good == 0 ? "3/0" : "0/0"));
      else
        CHECK_FALSE(report.document().at("counts").contains("messages"));
    }
}
