#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json policy(std::string_view letters, int receives) {
  return {{"RedrivePolicy",
           Json{{"deadLetterTargetArn", SqsWorld::arn(letters)}, {"maxReceiveCount", receives}}.dump()}};
}
Json at_once() { return {{"VisibilityTimeout", 0}}; }
}  // namespace

TEST_CASE("a message is received as often as the policy says, then it moves and its count goes on") {
  SqsWorld w;
  w.queue("letters");
  w.queue("q", policy("letters", 2));
  w.context.trace_id = "trace";
  const auto sent =
      w.send("q", "a", {{"MessageAttributes", {{"n", {{"DataType", "String"}, {"StringValue", "v"}}}}}});
  w.advance(1s);
  for (int i = 0; i < 2; ++i) CHECK(w.bodies("q", at_once()) == "a");
  CHECK(w.counts("letters") == "0/0/0");  // not before the next receive
  w.advance(5s);
  w.restart();
  CHECK(w.bodies("q") == "");
  CHECK(w.counts("q") == "0/0/0");
  CHECK(w.counts("letters") == "1/0/0");
  w.restart();
  CHECK(w.verified().sound());
  const auto got = w.receive("letters").at(0);
  CHECK(got.at("MessageId") == sent.at("MessageId"));
  CHECK(got.at("MessageAttributes").contains("n"));
  const auto& attributes = got.at("Attributes");
  CHECK(attributes.at("ApproximateReceiveCount") == "3");
  CHECK(attributes.at("DeadLetterQueueSourceArn") == w.arn("q"));
  CHECK(attributes.at("SentTimestamp") == "1767225600000");
  CHECK(attributes.at("ApproximateFirstReceiveTimestamp") == "1767225601000");
  CHECK(attributes.at("AWSTraceHeader") == "trace");
}

TEST_CASE(
    "with a count of one the first receive from the dead-letter queue shows two, and the count may be text") {
  SqsWorld w;
  w.queue("letters");
  w.queue(
      "q",
      {{"RedrivePolicy",
        R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:letters","maxReceiveCount":"1"})"}});
  w.send("q", "a");
  w.send("q", "b");
  w.receive("q", {{"VisibilityTimeout", 0}, {"MaxNumberOfMessages", 1}});
  CHECK(w.bodies("q") == "b");  // a has moved on the way
  CHECK(w.receive("letters").at(0).at("Attributes").at("ApproximateReceiveCount") == "2");
}

TEST_CASE("a dead letter keeps its age in a standard queue") {
  SqsWorld w;
  w.queue("letters", {{"MessageRetentionPeriod", "100"}});
  w.queue("q", policy("letters", 1));
  w.send("q", "a");
  w.send("letters", "own");
  w.receive("q", at_once());
  w.advance(60s);
  w.send("letters", "later");
  w.receive("q");
  CHECK(w.counts("letters") == "3/0/0");
  w.advance(40s);
  CHECK(w.bodies("letters") == "later");
}

TEST_CASE(
    "in a FIFO queue a dead letter unblocks its group, keeps group and order, and begins its age anew") {
  SqsWorld w;
  w.queue("letters.fifo", {{"MessageRetentionPeriod", "100"}});
  w.queue("q.fifo", policy("letters.fifo", 1));
  for (const auto* body : {"1", "2", "3"}) w.send_to("g", body);
  w.receive("q.fifo", {{"VisibilityTimeout", 10}, {"MaxNumberOfMessages", 2}});
  CHECK(w.bodies("q.fifo") == "");
  w.advance(60s);
  CHECK(w.bodies("q.fifo") == "3");
  w.advance(60s);
  const auto got = w.receive("letters.fifo");
  CHECK(w.bodies_of(got) == "1 2");
  CHECK(got.at(0).at("Attributes").at("MessageGroupId") == "g");
  CHECK(got.at(0).at("Attributes").at("MessageDeduplicationId") == "d1");
  CHECK(w.verified().sound());
}

TEST_CASE("where there is no dead-letter queue any more the message stays and is received") {
  SqsWorld w;
  const auto letters = w.queue("letters");
  w.queue("q", policy("letters", 1));
  w.call("DeleteQueue", {{"QueueUrl", letters}});
  w.send("q", "a");
  for (int i = 0; i < 3; ++i) CHECK(w.bodies("q", at_once()) == "a");
  w.queue("letters");
  CHECK(w.bodies("q") == "");
  CHECK(w.counts("letters") == "1/0/0");
}

TEST_CASE("a dead letter wakes who waits at the dead-letter queue") {
  SqsWorld w;
  w.queue("letters");
  w.queue("q", policy("letters", 1));
  w.send("q", "a");
  w.receive("q", at_once());
  Json got;
  const auto wait = [&]() -> awaitable<void> {
    for (const auto& row : w.sqs->operations())
      if (row.name == "ReceiveMessage") {
        Json in{{"QueueUrl", w.url("letters")}, {"WaitTimeSeconds", 20}};
        auto out = co_await row.call(*w.sqs, w.context, std::move(in));
        got = std::move(*out);
      }
  };
  w.start(wait());
  w.receive("q");
  w.advance(0s);
  CHECK(w.bodies_of(got.value("Messages", Json::array())) == "a");
}
