// SQS as an event source (spec-lambda G.2).
#include "tests/flows/events/events_world.hpp"
#include "tests/support/failing_engine.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json failures(std::initializer_list<Json> ids) {
  Json list = Json::array();
  for (const auto& id : ids) list.push_back({{"itemIdentifier", id}});
  return {{"batchItemFailures", std::move(list)}};
}
const Json kReports{{"FunctionResponseTypes", {"ReportBatchItemFailures"}}};
}  // namespace

TEST_CASE("a message is with the function the moment it is sent, and deleted when that succeeds") {
  EventsWorld w;
  w.function();
  const auto arn = w.queue();
  w.map(arn);
  w.advance(10min);
  w.send("hello", "q", {{"MessageAttributes", {{"Author", {{"DataType", "String"}, {"StringValue", "x"}}}}}});
  REQUIRE(w.events.size() == 1);
  auto record = w.events[0].at("Records").at(0);
  CHECK(record.at("body") == "hello");
  CHECK(record.at("eventSource") == "aws:sqs");
  CHECK(record.at("eventSourceARN") == arn);
  CHECK(record.at("attributes").at("ApproximateReceiveCount") == "1");
  CHECK(record.at("messageAttributes").at("Author").at("stringValue") == "x");
  CHECK(w.counts() == "0/0/0");
  CHECK(w.invocations[0].invoked_arn == "arn:aws:lambda:us-east-1:000000000000:function:f");
}

TEST_CASE("what failed comes back after the visibility timeout, and becomes a dead letter in the end") {
  EventsWorld w;
  w.function();
  w.queue("dlq");
  const auto arn =
      w.queue("q", {{"RedrivePolicy", R"({"deadLetterTargetArn":")" + EventsWorld::queue_arn("dlq") +
                                          R"(","maxReceiveCount":2})"}});
  w.map(arn);
  w.fails();
  w.send("bad");
  CHECK(w.events.size() == 1);
  CHECK(w.counts() == "0/1/0");
  w.advance(29s);
  CHECK(w.events.size() == 1);
  w.advance(1s);
  REQUIRE(w.events.size() == 2);
  CHECK(w.events[1]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "2");
  w.advance(31s);
  CHECK(w.events.size() == 2);
  CHECK(w.counts() == "0/0/0");
  CHECK(w.counts("dlq") == "1/0/0");
}

TEST_CASE("only the messages that are reported stay in the queue") {
  EventsWorld w;
  w.function();
  const auto arn = w.queue();
  w.send_many(4);
  w.answer = [](const Json& event) {
    Json answer = failures({});
    for (const auto& record : event.at("Records"))
      if (record.at("body") == "2")
        answer["batchItemFailures"].push_back({{"itemIdentifier", record.at("messageId")}});
    return runtime::Outcome{.payload = answer.dump()};
  };
  w.map(arn, kReports);
  CHECK(w.counts() == "0/1/0");
  w.advance(30s);
  CHECK(EventsWorld::bodies(w.events.back()) == Bodies{"2"});
}

TEST_CASE("a report that cannot be understood fails the whole batch; an unasked one is not looked at") {
  EventsWorld w;
  w.function();
  w.answer = [](const Json&) { return runtime::Outcome{.payload = failures({nullptr}).dump()}; };
  w.map(w.queue("one"), kReports);
  w.map(w.queue("two"));
  w.send("a", "one");
  w.send("a", "two");
  CHECK(w.counts("one") == "0/1/0");
  CHECK(w.counts("two") == "0/0/0");
}

TEST_CASE("a batch waits for its window, unless it is full before") {
  EventsWorld w;
  w.function();
  w.map(w.queue(), {{"BatchSize", 3}, {"MaximumBatchingWindowInSeconds", 5}});
  w.send("a");
  w.advance(4s);
  w.send("b");
  CHECK(w.events.empty());
  w.advance(1s);
  REQUIRE(w.events.size() == 1);
  CHECK(EventsWorld::bodies(w.events[0]) == Bodies{"a", "b"});
  for (const auto* body : {"c", "d", "e"}) w.send(body);
  REQUIRE(w.events.size() == 2);
  CHECK(EventsWorld::bodies(w.events[1]).size() == 3);
}

TEST_CASE("a batch is never larger than an invocation may be") {
  EventsWorld w;
  w.function();
  const auto arn = w.queue();
  for (int i = 0; i < 8; ++i) w.send(std::string(1'000'000, 'x'));
  w.map(arn, {{"BatchSize", 100}, {"MaximumBatchingWindowInSeconds", 1}});
  w.advance(5s);
  std::size_t count = 0;
  for (const auto& invocation : w.invocations) CHECK(invocation.payload.size() <= 6'291'456);
  for (const auto& event : w.events) count += event["Records"].size();
  CHECK(count == 8);
  CHECK(w.events.size() == 2);
  CHECK(w.counts() == "0/0/0");
}

TEST_CASE("batches are handled side by side, as many as the mapping may have") {
  EventsWorld w;
  w.function();
  const auto arn = w.queue();
  w.takes = 1s;
  w.send_many(100);
  w.map(arn, {{"ScalingConfig", {{"MaximumConcurrency", 2}}}});
  CHECK(w.launcher.launched() == 2);
  w.advance(4s + 500ms);
  CHECK(w.launcher.launched() == 2);
  CHECK(w.events.size() == 8);
  w.advance(1s);
  CHECK(w.counts() == "0/0/0");
}

TEST_CASE("without a maximum there are five batches at once, then more") {
  EventsWorld w;
  w.function();
  const auto arn = w.queue();
  w.takes = 2s;
  w.send_many(300);
  w.map(arn);
  CHECK(w.launcher.launched() == 5);
  w.advance(1s + 1ms);
  CHECK(w.launcher.launched() == 10);
}

TEST_CASE("a group of a FIFO queue has one batch under way, in order; other groups go on") {
  EventsWorld w;
  w.function();
  const auto arn = w.queue("q.fifo", {{"ContentBasedDeduplication", "true"}});
  w.takes = 1s;
  w.map(arn, {{"BatchSize", 2}});
  for (const auto* body : {"a1", "a2", "a3", "b1"})
    w.send(body, "q.fifo", {{"MessageGroupId", std::string(body, 1)}});
  w.advance(1s);
  Bodies first;
  for (const auto& event : w.events)
    for (auto& body : EventsWorld::bodies(event)) first.push_back(body);
  CHECK(std::ranges::find(first, "b1") != first.end());
  CHECK(std::ranges::find(first, "a1") != first.end());
  CHECK(std::ranges::find(first, "a3") == first.end());
  w.advance(5s);
  Bodies of_a;
  for (const auto& event : w.events)
    for (auto& body : EventsWorld::bodies(event))
      if (body.starts_with('a')) of_a.push_back(body);
  CHECK(of_a == Bodies{"a1", "a2", "a3"});
  CHECK(w.counts("q.fifo") == "0/0/0");
}

TEST_CASE("a throttled batch is tried again within its visibility timeout") {
  EventsWorld w;
  w.function();
  w.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}});
  w.map(w.queue());
  w.send("a");
  w.advance(3s);
  CHECK(w.events.empty());
  CHECK(w.counts() == "0/1/0");
  w.call_lambda("DeleteFunctionConcurrency", {{"FunctionName", "f"}});
  w.advance(6s);
  CHECK(w.events.size() == 1);
  CHECK(w.events[0]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1");
}

TEST_CASE("messages that no filter lets through are deleted and never seen") {
  EventsWorld w;
  w.function();
  const auto filter = [](std::string_view pattern) {
    return Json{{"FilterCriteria", {{"Filters", {{{"Pattern", pattern}}}}}}};
  };
  w.map(w.queue("json"), filter(R"({"body":{"kind":["order"]}})"));
  w.map(w.queue("text"), filter(R"({"body":["order"]})"));
  w.map(w.queue("other"), filter(R"({"attributes":{"SenderId":[{"exists":true}]}})"));
  for (const auto* name : {"json", "text", "other"})
    for (const auto* body : {R"({"kind":"order"})", R"({"kind":"x"})", "order", "\"order\""})
      w.send(body, name);
  std::map<std::string, Bodies> seen;
  for (const auto& event : w.events)
    for (const auto& record : event["Records"])
      seen[record["eventSourceARN"].get<std::string>()].push_back(record["body"]);
  CHECK(seen[EventsWorld::queue_arn("json")] == Bodies{R"({"kind":"order"})"});
  CHECK(seen[EventsWorld::queue_arn("text")] == Bodies{"order"});
  CHECK(seen[EventsWorld::queue_arn("other")].size() == 4);
  for (const auto* name : {"json", "text", "other"}) CHECK(w.counts(name) == "0/0/0");
}

TEST_CASE("a disabled mapping takes nothing, an enabled one what waits, a deleted one nothing again") {
  EventsWorld w;
  w.function();
  const auto uuid = w.map(w.queue());
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"Enabled", false}});
  w.send("a");
  CHECK(w.events.empty());
  CHECK(w.counts() == "1/0/0");
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"Enabled", true}});
  w.advance(0s);
  CHECK(w.events.size() == 1);
  w.call_lambda("DeleteEventSourceMapping", {{"UUID", uuid}});
  w.send("b");
  CHECK(w.events.size() == 1);
  CHECK(w.counts() == "1/0/0");
}

TEST_CASE("the mappings of a stopped daemon go on with the next one") {
  EventsWorld first;
  first.function();
  first.map(first.queue());
  first.fails();
  first.send("a");
  CHECK(first.counts() == "0/1/0");
  EventsWorld second(first);
  second.advance(31s);
  CHECK(second.events.size() == 1);
  CHECK(second.counts() == "0/0/0");
}

TEST_CASE("a deleted queue stops nothing: created anew it is read again") {
  EventsWorld w;
  w.function();
  w.map(w.queue());
  w.call(w.sqs, "DeleteQueue", {{"QueueUrl", EventsWorld::url("q")}});
  w.advance(2min);
  w.queue();
  w.send("a");
  w.advance(10s);
  CHECK(w.events.size() == 1);
}

TEST_CASE("a function that sends to its own queue is stopped after sixteen rounds") {
  EventsWorld w;
  w.function();
  w.queue("dlq");
  w.map(w.queue("q", {{"RedrivePolicy", R"({"deadLetterTargetArn":")" + EventsWorld::queue_arn("dlq") +
                                            R"(","maxReceiveCount":5})"}}));
  w.answer = [&](const Json&) {
    const auto trace = w.invocations.back().trace_id;
    auto again = [](EventsWorld& world, std::string header) -> awaitable<void> {
      sqs::QueueTarget target(world.sqs);
      static_cast<void>(
          co_await target.deliver(EventsWorld::queue_arn("q"), {.body = "again", .trace_id = header}));
    };
    w.loops.spawn(again(w, trace));
    return runtime::Outcome{.payload = "null"};
  };
  w.send("go");
  w.advance(1min);
  CHECK(w.events.size() == 16);
  CHECK(w.counts() == "0/0/0");
  CHECK(w.counts("dlq") == "1/0/0");
}

TEST_CASE("what does not fit into a batch of a FIFO queue follows in order, when the batch is done with") {
  EventsWorld w;
  w.function();
  w.takes = 1s;
  const auto arn = w.queue("q.fifo", {{"ContentBasedDeduplication", "true"}});
  for (int i = 0; i < 8; ++i)
    w.send(std::to_string(i) + std::string(1'000'000, 'x'), "q.fifo", {{"MessageGroupId", "g"}});
  w.map(arn);
  w.advance(500ms);
  CHECK(w.launcher.launched() == 1);
  w.advance(10s);
  std::string order;
  for (const auto& event : w.events)
    for (const auto& body : EventsWorld::bodies(event)) order += body[0];
  CHECK(order == "01234567");
  CHECK(w.counts("q.fifo") == "0/0/0");
}

TEST_CASE("a function that may call itself is not stopped") {
  EventsWorld w;
  w.function();
  w.map(w.queue());
  w.call_lambda("PutFunctionRecursionConfig", {{"FunctionName", "f"}, {"RecursiveLoop", "Allow"}});
  w.answer = [&](const Json&) {
    auto again = [](EventsWorld& world, std::string header) -> awaitable<void> {
      sqs::QueueTarget target(world.sqs);
      static_cast<void>(
          co_await target.deliver(EventsWorld::queue_arn("q"), {.body = "again", .trace_id = header}));
    };
    if (w.events.size() < 40) w.loops.spawn(again(w, w.invocations.back().trace_id));
    return runtime::Outcome{.payload = "null"};
  };
  w.send("go");
  w.advance(1min);
  CHECK(w.events.size() == 40);
}

TEST_CASE("a batch that waits for its window goes by the old settings at once when they change") {
  EventsWorld w;
  w.function();
  w.function("g");
  const auto uuid = w.map(w.queue(), {{"BatchSize", 100}, {"MaximumBatchingWindowInSeconds", 60}});
  w.send("a");
  CHECK(w.events.empty());
  w.call_lambda(
      "UpdateEventSourceMapping",
      {{"UUID", uuid}, {"FunctionName", "g"}, {"MaximumBatchingWindowInSeconds", 1}, {"BatchSize", 5}});
  w.advance(0s);
  REQUIRE(w.events.size() == 1);
  CHECK(w.invocations[0].invoked_arn.ends_with(":f"));
  w.send("b");
  w.advance(1s);
  REQUIRE(w.events.size() == 2);
  CHECK(EventsWorld::bodies(w.events[1]) == Bodies{"b"});
  CHECK(w.invocations[1].invoked_arn.ends_with(":g"));
}

namespace {
// A queue of one message, whose disk fails at first.
class FaultyQueue final : public QueueSource {
 public:
  explicit FaultyQueue(Clock& clock) : clock_(clock) {}
  Result<Settings> settings(std::string_view) override { return Settings{.visibility = 30s}; }
  awaitable<Result<Json>> receive(std::string, std::size_t, Duration wait, std::shared_ptr<Poll>) override {
    if (faults_-- > 0) throw DiskFailed();
    if (std::exchange(empty_, true)) {
      co_await clock_.sleep(wait);
      co_return Json::array();
    }
    co_return Json::array({Json{{"messageId", "1"},
                                {"receiptHandle", "h"},
                                {"attributes", Json::object()},
                                {"messageAttributes", Json::object()},
                                {"body", "a"}}});
  }
  Result<Outcomes> remove(std::string_view, std::span<const std::string> handles) override {
    removed += handles.size();
    return Outcomes(handles.size());
  }
  Result<Outcomes> show_again(std::string_view, std::span<const std::string> handles, Duration) override {
    return Outcomes(handles.size());
  }
  std::size_t removed = 0;

 private:
  Clock& clock_;
  int faults_ = 2;
  bool empty_ = false;
};
}  // namespace

TEST_CASE("a fault of the queue does not end its mapping") {
  EventsWorld w;
  FaultyQueue source(w.clock);
  w.ports.serve("other", source);
  w.function();
  w.map("arn:aws:other:us-east-1:000000000000:q");
  CHECK(w.events.empty());
  w.advance(20s);
  CHECK(w.events.size() == 1);
  CHECK(source.removed == 1);
}
