#include <algorithm>

#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
std::string refused(SqsWorld& w, Json more, std::string_view queue = "q") {
  Json in{{"QueueUrl", w.url(queue)}};
  in.update(more);
  return w.refusal("ReceiveMessage", in);
}
// A long poll that runs beside the test.
struct Waiter {
  std::optional<Result<Json>> result;
  void begin(SqsWorld& w, Json more = Json::object(), std::string_view queue = "q") {
    Json in{{"QueueUrl", w.url(queue)}, {"WaitTimeSeconds", 20}, {"MaxNumberOfMessages", 10}};
    in.update(more);
    w.start(wait(w, std::move(in)));
  }
  awaitable<void> wait(SqsWorld& w, Json in) {
    const auto rows = w.sqs->operations();
    const auto row = std::ranges::find(rows, "ReceiveMessage", &Operation::name);
    result.emplace(co_await row->call(*w.sqs, w.context, std::move(in)));
  }
  std::string bodies() const { return SqsWorld::bodies_of((**result).value("Messages", Json::array())); }
};
struct TestPeer final : http::Peer {
  std::function<void()> gone;
  void when_gone(std::function<void()> told) override { gone = std::move(told); }
};
}  // namespace

TEST_CASE("numbers out of range are refused in AWS's words") {
  SqsWorld w;
  w.queue();
  for (const int bad : {0, 11, -1})
    CHECK(
        refused(w, {{"MaxNumberOfMessages", bad}}) ==
        "InvalidParameterValue: Value " + std::to_string(bad) +
            " for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.");
  for (const int bad : {-1, 21})
    CHECK(refused(w, {{"WaitTimeSeconds", bad}}) ==
          "InvalidParameterValue: Value " + std::to_string(bad) +
              " for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.");
  for (const int bad : {-1, 43201})
    CHECK(refused(w, {{"VisibilityTimeout", bad}}) ==
          "InvalidParameterValue: Value " + std::to_string(bad) +
              " for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.");
  CHECK(refused(w, {{"AttributeNames", {"Nonsense"}}}) ==
        "InvalidAttributeName: Unknown Attribute Nonsense.");
  CHECK(refused(w, {{"ReceiveRequestAttemptId", "a"}})
            .starts_with("InvalidParameterValue: Value a for parameter"));
}

TEST_CASE("one message is received unless more are asked for, the oldest first") {
  SqsWorld w;
  w.queue();
  for (const auto* body : {"a", "b", "c"}) w.send("q", body);
  const auto one = w.call("ReceiveMessage", {{"QueueUrl", w.url("q")}}).at("Messages");
  CHECK(w.bodies_of(one) == "a");
  CHECK_FALSE(one.at(0).contains("Attributes"));
  CHECK_FALSE(one.at(0).contains("MessageAttributes"));
  CHECK_FALSE(one.at(0).contains("MD5OfMessageAttributes"));
  CHECK(w.bodies("q") == "b c");
  CHECK(w.call("ReceiveMessage", {{"QueueUrl", w.url("q")}}) == Json::object());
}

TEST_CASE("system attributes are the union of both lists, and those that do not apply are left out") {
  SqsWorld w;
  w.queue("q", {{"VisibilityTimeout", "0"}});
  w.send("q", "x");
  w.advance(1500ms);
  const auto first = w.receive("q").at(0).at("Attributes");
  CHECK(first == Json{{"SenderId", "000000000000"},
                      {"SentTimestamp", "1767225600000"},
                      {"ApproximateReceiveCount", "1"},
                      {"ApproximateFirstReceiveTimestamp", "1767225601500"}});
  w.advance(1s);
  const auto second =
      w.call("ReceiveMessage",
             {{"QueueUrl", w.url("q")},
              {"AttributeNames", {"ApproximateReceiveCount", "QueueArn"}},
              {"MessageSystemAttributeNames", {"ApproximateFirstReceiveTimestamp", "SequenceNumber"}}});
  CHECK(second.at("Messages").at(0).at("Attributes") ==
        Json{{"ApproximateReceiveCount", "2"}, {"ApproximateFirstReceiveTimestamp", "1767225601500"}});
}

TEST_CASE("message attributes are chosen by name, by prefix or all of them, and their MD5 is of the chosen") {
  SqsWorld w;
  w.queue("q", {{"VisibilityTimeout", "0"}});
  const auto text = [](std::string_view v) { return Json{{"DataType", "String"}, {"StringValue", v}}; };
  w.send("q", "x",
         {{"MessageAttributes", {{"Hello", text("World")}, {"a.b", text("1")}, {"a.c", text("2")}}}});
  const auto names = [&](Json wanted) {
    std::string out;
    const auto message = w.receive("q", {{"MessageAttributeNames", std::move(wanted)}}).at(0);
    for (const auto& [name, value] : message.value("MessageAttributes", Json::object()).items())
      out += name + " ";
    return out + message.value("MD5OfMessageAttributes", "none");
  };
  CHECK(names({"Hello"}) == "Hello 7db7fb1ba7f41366a8ea5eb18220b26d");
  CHECK(names({"a.*"}).starts_with("a.b a.c "));
  for (const auto* all : {"All", ".*", "*"}) CHECK(names({all}).starts_with("Hello a.b a.c "));
  CHECK(names({"hello", "b.*", "?", ""}) == "none");
  CHECK(names(Json::array()) == "none");
}

TEST_CASE("a received message comes back after its timeout, with a new handle and one receive more") {
  SqsWorld w;
  w.queue("q", {{"VisibilityTimeout", "30"}});
  w.send("q", "a");
  w.send("q", "b");
  const auto first = w.receive("q");
  w.advance(30s - 1us);
  CHECK(w.bodies("q") == "");
  w.restart();
  w.advance(1us);
  const auto second = w.receive("q", {{"VisibilityTimeout", 5}});
  CHECK(w.bodies_of(second) == "a b");
  CHECK(second.at(0).at("Attributes").at("ApproximateReceiveCount") == "2");
  CHECK(second.at(0).at("ReceiptHandle") != first.at(0).at("ReceiptHandle"));
  w.advance(5s);
  CHECK(w.bodies("q") == "a b");
}

TEST_CASE("a timeout of zero leaves a message visible, counted, with a handle that deletes it") {
  SqsWorld w;
  w.queue();
  w.send("q", "a");
  const auto got = w.receive("q", {{"VisibilityTimeout", 0}});
  CHECK(w.counts("q") == "1/0/0");
  CHECK(w.receive("q", {{"VisibilityTimeout", 0}}).at(0).at("Attributes").at("ApproximateReceiveCount") ==
        "2");
  w.remove("q", w.handle(got));
  CHECK(w.counts("q") == "0/0/0");
}

TEST_CASE("messages are gone after the retention, delayed, waiting or in flight, and so are their rows") {
  SqsWorld w;
  w.queue("q", {{"MessageRetentionPeriod", "60"}, {"VisibilityTimeout", "3600"}});
  w.send("q", "in flight");
  const auto got = w.receive("q");
  w.send("q", "delayed", {{"DelaySeconds", 600}});
  w.advance(30s);
  w.send("q", "waiting");
  w.advance(30s);
  CHECK(w.counts("q") == "1/0/0");
  w.remove("q", w.handle(got));
  w.advance(30s);
  CHECK(w.counts("q") == "0/0/0");
  w.advance(61s);  // the upkeep has been
  int rows = 0;
  w.disk.scan(
      {storage::Key(storage::Space::messages).bytes(), storage::Key(storage::Space::deduplications).bytes()},
      [&](auto, auto) { return ++rows, true; });
  CHECK(rows == 0);
}

TEST_CASE("four days are the retention, changes of it count for what is there") {
  SqsWorld w;
  w.queue();
  w.send("q", "a");
  w.advance(96h - 1us);
  CHECK(w.counts("q") == "1/0/0");
  auto queue = w.found("q");
  const auto retain = [&](std::string_view seconds) {
    CHECK(w.sqs->change(*queue, [&](sqs::QueueRecord& r) -> Result<Done> {
      r.Attributes["MessageRetentionPeriod"] = seconds;
      return Done{};
    }));
  };
  retain("1209600");
  w.advance(48h);
  CHECK(w.counts("q") == "1/0/0");
  retain("60");
  CHECK(w.counts("q") == "0/0/0");
  retain("1209600");
  CHECK(w.counts("q") == "0/0/0");
  w.restart();
  CHECK(w.counts("q") == "0/0/0");
}

TEST_CASE("in-flight limits: a standard queue says so, unless it lets wait; a FIFO queue has nothing more") {
  SqsWorld w({.in_flight = 3});
  w.queue();
  w.queue("q.fifo");
  for (int i = 0; i < 5; ++i) {
    w.send("q", "m");
    w.send_to("g" + std::to_string(i), "m");
  }
  for (const auto* name : {"q", "q.fifo"}) CHECK(w.receive(name).size() == 3);
  CHECK(refused(w, Json::object()).starts_with("OverLimit: "));
  CHECK(w.bodies("q", {{"WaitTimeSeconds", 1}}) == "");
  CHECK(w.bodies("q.fifo") == "");
}

TEST_CASE("a long poll returns as soon as there is a message, and empty at its end") {
  SqsWorld w;
  w.queue();
  Waiter waiter;
  waiter.begin(w);
  w.advance(19s);
  CHECK_FALSE(waiter.result);
  w.send("q", "a");
  w.advance(0s);
  REQUIRE(waiter.result);
  CHECK(waiter.bodies() == "a");
  Waiter other;
  other.begin(w);
  w.advance(20s - 1us);
  CHECK_FALSE(other.result);
  w.advance(1us);
  REQUIRE(other.result);
  CHECK(other.bodies() == "");
}

TEST_CASE("the queue's wait counts where the request has none, and an explicit zero is a short poll") {
  SqsWorld w;
  w.queue("q", {{"ReceiveMessageWaitTimeSeconds", "5"}});
  const Time began = w.clock.now();
  CHECK(w.bodies("q", {{"WaitTimeSeconds", 0}}) == "");
  CHECK(w.clock.now() == began);
  w.call("ReceiveMessage", {{"QueueUrl", w.url("q")}});
  CHECK(w.clock.now() >= began + 5s);
}

TEST_CASE("what becomes visible wakes a long poll: a delay, a timeout, a change to zero") {
  SqsWorld w;
  w.queue("q", {{"VisibilityTimeout", "7"}});
  const auto wakes_after = [&](Duration time, auto before) {
    Waiter waiter;
    waiter.begin(w);
    before();
    w.advance(time - 1us);
    CHECK_FALSE(waiter.result);
    w.advance(1us);
    REQUIRE(waiter.result);
    CHECK(waiter.bodies() == "a");
  };
  wakes_after(3s, [&] { w.send("q", "a", {{"DelaySeconds", 3}}); });
  wakes_after(7s, [] {});
  w.advance(7s);
  const auto got = w.receive("q");
  Waiter waiter;
  waiter.begin(w);
  w.change("q", w.handle(got), 0);
  w.advance(0s);
  REQUIRE(waiter.result);
  CHECK(waiter.bodies() == "a");
}

TEST_CASE("of several long polls each message wakes one, in the order in which they came") {
  SqsWorld w;
  w.queue();
  Waiter first, second, third;
  for (auto* waiter : {&first, &second, &third}) waiter->begin(w, {{"MaxNumberOfMessages", 1}});
  w.send("q", "a");
  w.advance(0s);
  CHECK(first.result);
  CHECK_FALSE(second.result);
  w.call("SendMessageBatch",
         {{"QueueUrl", w.url("q")},
          {"Entries", {{{"Id", "1"}, {"MessageBody", "b"}}, {{"Id", "2"}, {"MessageBody", "c"}}}}});
  w.advance(0s);
  REQUIRE(third.result);
  CHECK(second.bodies() + third.bodies() == "bc");
}

TEST_CASE("deletion of the queue ends a long poll: it does not exist") {
  SqsWorld w;
  w.queue();
  Waiter waiter;
  waiter.begin(w);
  w.call("DeleteQueue", {{"QueueUrl", w.url("q")}});
  w.advance(0s);
  REQUIRE(waiter.result);
  CHECK(waiter.result->error().code == "QueueDoesNotExist");
}

TEST_CASE("a client that hangs up takes nothing with it, and the next in line gets what it was woken for") {
  SqsWorld w;
  w.queue();
  auto peer = std::make_shared<TestPeer>();
  w.context.peer = peer;
  Waiter gone;
  gone.begin(w);
  peer->gone();
  w.advance(0s);
  REQUIRE(gone.result);
  w.send("q", "a");
  CHECK(w.counts("q") == "1/0/0");
  CHECK(w.bodies("q") == "a");

  w.send("q", "z", {{"DelaySeconds", 1}});
  auto other = std::make_shared<TestPeer>();
  w.context.peer = other;
  Waiter both, next;
  both.begin(w);
  w.context.peer = nullptr;
  next.begin(w);
  w.send("q", "b");
  other->gone();  // woken by the message and hung up, both before it runs
  w.advance(0s);
  CHECK(both.bodies() == "");
  REQUIRE(next.result);
  CHECK(next.bodies() == "b");
}
