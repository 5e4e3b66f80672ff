#include "emulator/services/sqs/port.hpp"

#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Result<Done> deliver(SqsWorld& w, std::string_view name, Delivery delivery) {
  sqs::QueueTarget target(*w.sqs);
  return w.run(target.deliver(w.arn(name), std::move(delivery)), 1h);
}
}  // namespace

TEST_CASE("what is delivered to a queue is a message as SendMessage makes one, and judged alike") {
  SqsWorld w;
  w.queue("q", {{"MaximumMessageSize", "1024"}});
  w.queue("q.fifo", {{"ContentBasedDeduplication", "true"}});
  CHECK(deliver(w, "q",
                {.body = "{}",
                 .attributes = {{"n", "Number", "5"}, {"b", "Binary", "\x01"}},
                 .trace_id = "t",
                 .sender = "AIDA"}));
  const auto got = w.receive("q").at(0);
  CHECK(got.at("MessageAttributes") == Json{{"n", {{"DataType", "Number"}, {"StringValue", "5"}}},
                                            {"b", {{"DataType", "Binary"}, {"BinaryValue", "AQ=="}}}});
  CHECK(got.at("Attributes").at("AWSTraceHeader") == "t");
  CHECK(got.at("Attributes").at("SenderId") == "AIDA");
  CHECK(deliver(w, "none", {.body = "x"}).error().code == "QueueDoesNotExist");
  CHECK(deliver(w, "q", {.body = std::string(1025, 'x')}).error().code == "InvalidParameterValue");
  CHECK(deliver(w, "q.fifo", {.body = "x"}).error().code == "MissingParameter");
  for (int i = 0; i < 2; ++i) CHECK(deliver(w, "q.fifo", {.body = "x", .group_id = "g"}));
  CHECK(w.counts("q.fifo") == "1/0/0");
}

TEST_CASE("an event source gets the records of a Lambda event, deletes them, or has them shown again") {
  SqsWorld w;
  w.queue();
  w.send("q", "hello",
         {{"MessageAttributes", {{"Hello", {{"DataType", "String"}, {"StringValue", "World"}}}}}});
  sqs::EventQueues source(*w.sqs);
  CHECK(source.settings(w.arn("q"))->visibility == 30s);
  const auto receive = [&] {
    return *w.run(source.receive(w.arn("q"), 10, 20s, std::make_shared<Poll>()), 1h);
  };
  auto records = receive();
  REQUIRE(records.size() == 1);
  auto record = records.at(0);
  const std::string handle = record.at("receiptHandle");
  CHECK(record.at("attributes").at("ApproximateReceiveCount") == "1");
  for (const auto* name : {"messageId", "receiptHandle", "attributes"}) CHECK(record.erase(name) == 1);
  CHECK(record == Json{{"body", "hello"},
                       {"md5OfBody", "5d41402abc4b2a76b9719d911017c592"},
                       {"md5OfMessageAttributes", "7db7fb1ba7f41366a8ea5eb18220b26d"},
                       {"messageAttributes",
                        {{"Hello",
                          {{"stringValue", "World"},
                           {"stringListValues", Json::array()},
                           {"binaryListValues", Json::array()},
                           {"dataType", "String"}}}}},
                       {"eventSource", "aws:sqs"},
                       {"eventSourceARN", w.arn("q")},
                       {"awsRegion", "us-east-1"}});
  CHECK_FALSE(source.show_again(w.arn("q"), std::span(&handle, 1), 0s)->front());
  records = receive();
  const std::string again = records.at(0).at("receiptHandle");
  CHECK_FALSE(source.remove(w.arn("q"), std::span(&again, 1))->front());
  CHECK(w.counts("q") == "0/0/0");
  CHECK(receive().empty());
  CHECK(source.settings(w.arn("none")).error().code == "QueueDoesNotExist");
}

TEST_CASE("an abandoned poll takes nothing, not even what is there") {
  SqsWorld w;
  w.queue();
  sqs::EventQueues source(*w.sqs);
  auto poll = std::make_shared<Poll>();
  std::optional<Result<Json>> got;
  const auto wait = [&]() -> awaitable<void> {
    got.emplace(co_await source.receive(w.arn("q"), 10, 20s, poll));
  };
  w.start(wait());
  poll->abandon();
  w.send("q", "a");
  w.advance(0s);
  REQUIRE(got);
  CHECK((**got).empty());
  CHECK(w.counts("q") == "1/0/0");
}
