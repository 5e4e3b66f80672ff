#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// `count` messages of q in its dead-letter queue.
void fill(SqsWorld& w, int count) {
  w.queue("letters");
  w.queue("q", {{"RedrivePolicy",
                 Json{{"deadLetterTargetArn", w.arn("letters")}, {"maxReceiveCount", 1}}.dump()}});
  for (int i = 0; i < count; ++i) w.send("q", "m" + std::to_string(i));
  for (int i = 0; i < count; i += 10) w.receive("q", {{"VisibilityTimeout", 1}});
  w.advance(1s);
  w.receive("q");
  for (int i = 0; i < count; i += 10) w.receive("q");
  REQUIRE(w.counts("letters") == std::to_string(count) + "/0/0");
}
sqs::MoveTask listed(SqsWorld& w) { return w.sqs->moves.list(w.arn("letters")).at(0); }
}  // namespace

TEST_CASE("a task moves messages back to where they came from, as new ones") {
  SqsWorld w;
  fill(w, 25);
  const auto task = w.sqs->moves.start(w.found("letters"), {}, {});
  REQUIRE(task);
  CHECK(task->Status == "RUNNING");
  CHECK(task->ToMove == 25);
  w.advance(0s);
  CHECK(listed(w).Status == "COMPLETED");
  CHECK(listed(w).Moved == 25);
  CHECK(w.counts("letters") == "0/0/0");
  CHECK(w.counts("q") == "25/0/0");
  const auto got = w.receive("q").at(0).at("Attributes");
  CHECK(got.at("ApproximateReceiveCount") == "1");
  CHECK_FALSE(got.contains("DeadLetterQueueSourceArn"));
  w.restart();
  CHECK(listed(w).Status == "COMPLETED");
  CHECK(w.counts("q") == "15/10/0");
  CHECK(w.verified().sound());
}

TEST_CASE("a task keeps its pace, is the only one of its source, and goes on after a restart") {
  SqsWorld w;
  fill(w, 10);
  w.queue("elsewhere");
  REQUIRE(w.sqs->moves.start(w.found("letters"), w.arn("elsewhere"), 2));
  CHECK_FALSE(w.sqs->moves.start(w.found("letters"), {}, {}));
  w.advance(2s - 1us);
  CHECK(listed(w).Moved == 4);
  w.restart();
  w.advance(10s);
  CHECK(listed(w).Status == "COMPLETED");
  CHECK(w.counts("elsewhere") == "10/0/0");
  CHECK(w.counts("q") == "0/0/0");
}

TEST_CASE("a cancelled task leaves the rest where it is") {
  SqsWorld w;
  fill(w, 10);
  const auto task = w.sqs->moves.start(w.found("letters"), {}, 1);
  w.advance(2500ms);
  CHECK(w.sqs->moves.cancel(w.arn("letters"), task->TaskId) == 3);
  CHECK(listed(w).Status == "CANCELLING");
  w.advance(0s);
  CHECK(listed(w).Status == "CANCELLED");
  CHECK_FALSE(w.sqs->moves.cancel(w.arn("letters"), task->TaskId));
  w.advance(1min);
  CHECK(w.counts("letters") == "7/0/0");
}

TEST_CASE("a task fails where its messages cannot go") {
  SqsWorld w;
  fill(w, 2);
  SUBCASE("the destination was deleted") {
    w.call("DeleteQueue", {{"QueueUrl", w.url("q")}});
    REQUIRE(w.sqs->moves.start(w.found("letters"), {}, {}));
    w.advance(0s);
    CHECK(listed(w).FailureReason == "AWS.SimpleQueueService.NonExistentQueue");
  }
  SUBCASE("a message did not come from another queue") {
    w.send("letters", "own");
    REQUIRE(w.sqs->moves.start(w.found("letters"), {}, {}));
    w.advance(0s);
    CHECK(listed(w).FailureReason == "CouldNotDetermineMessageSource");
    CHECK(listed(w).Moved == 2);
  }
  CHECK(listed(w).Status == "FAILED");
}
