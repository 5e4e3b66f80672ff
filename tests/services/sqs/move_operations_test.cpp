#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// A dead-letter queue with ten letters from q.
struct Letters : SqsWorld {
  Letters() {
    queue("letters");
    queue("q",
          {{"RedrivePolicy", Json{{"deadLetterTargetArn", arn("letters")}, {"maxReceiveCount", 1}}.dump()}});
    for (int i = 0; i < 10; ++i) send("q", "m" + std::to_string(i));
    receive("q", {{"VisibilityTimeout", 0}});
    receive("q");
    receive("q");
    REQUIRE(counts("letters") == "10/0/0");
  }
  std::string begin(Json more = Json::object()) {
    Json in{{"SourceArn", arn("letters")}};
    in.update(more);
    return call("StartMessageMoveTask", std::move(in)).at("TaskHandle");
  }
  Json tasks(int most = 10) {
    return call("ListMessageMoveTasks", {{"SourceArn", arn("letters")}, {"MaxResults", most}}).at("Results");
  }
};
constexpr std::string_view kNotFound = "ResourceNotFoundException: The resource that you specified for the ";
}  // namespace

TEST_CASE("a move task is started, seen while it runs, and seen without its handle when it has ended") {
  Letters w;
  w.queue("elsewhere");
  const auto handle = w.begin({{"DestinationArn", w.arn("elsewhere")}, {"MaxNumberOfMessagesPerSecond", 5}});
  w.advance(0s);
  const auto running = w.tasks().at(0);
  CHECK(running.at("TaskHandle") == handle);
  CHECK(running.at("Status") == "RUNNING");
  CHECK(running.at("SourceArn") == w.arn("letters"));
  CHECK(running.at("DestinationArn") == w.arn("elsewhere"));
  CHECK(running.at("MaxNumberOfMessagesPerSecond") == 5);
  CHECK(running.at("ApproximateNumberOfMessagesToMove") == 10);
  CHECK(running.at("StartedTimestamp") == 1767225600000);
  w.advance(10s);
  const auto ended = w.tasks().at(0);
  CHECK(ended.at("Status") == "COMPLETED");
  CHECK(ended.at("ApproximateNumberOfMessagesMoved") == 10);
  CHECK_FALSE(ended.contains("TaskHandle"));
  CHECK(w.counts("elsewhere") == "10/0/0");
}

TEST_CASE("tasks are listed newest first, one unless more are asked for") {
  Letters w;
  w.begin();
  w.advance(1s);
  w.begin();
  w.advance(1s);
  CHECK(w.tasks().size() == 2);
  CHECK(w.tasks().at(0).at("StartedTimestamp") == 1767225601000);
  CHECK_FALSE(w.tasks().at(0).contains("DestinationArn"));
  CHECK(w.call("ListMessageMoveTasks", {{"SourceArn", w.arn("letters")}})["Results"].size() == 1);
}

TEST_CASE("a task that was cancelled says how far it came, and cannot be cancelled again") {
  Letters w;
  const auto handle = w.begin({{"MaxNumberOfMessagesPerSecond", 1}});
  w.advance(2500ms);
  const auto moved =
      w.call("CancelMessageMoveTask", {{"TaskHandle", handle}})["ApproximateNumberOfMessagesMoved"];
  CHECK(moved == w.tasks().at(0).at("ApproximateNumberOfMessagesMoved"));
  CHECK(moved < 10);
  w.advance(60s);
  CHECK(w.tasks().at(0).at("Status") == "CANCELLED");
  CHECK(w.refusal("CancelMessageMoveTask", {{"TaskHandle", handle}}) ==
        "ResourceNotFoundException: Task does not exist.");
}

TEST_CASE("a source has one task at a time") {
  Letters w;
  w.begin({{"MaxNumberOfMessagesPerSecond", 1}});
  CHECK(
      w.refusal("StartMessageMoveTask", {{"SourceArn", w.arn("letters")}}) ==
      "InvalidParameterValue: There is already a task running. Only one active task is allowed for a source "
      "queue arn at a given time.");
}

TEST_CASE("a task needs queues that exist, a source with dead letters, and a pace within limits") {
  Letters w;
  const auto start = [&](Json in) { return w.refusal("StartMessageMoveTask", std::move(in)); };
  CHECK(start(Json::object()) == "MissingParameter: The request must contain the parameter SourceArn.");
  CHECK(start({{"SourceArn", w.arn("none")}}) ==
        std::string(kNotFound) + "SourceArn parameter doesn't exist.");
  CHECK(start({{"SourceArn", w.arn("letters")}, {"DestinationArn", w.arn("none")}}) ==
        std::string(kNotFound) + "DestinationArn parameter doesn't exist.");
  CHECK(start({{"SourceArn", w.arn("q")}}) ==
        "InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.");
  for (const int pace : {0, 501})
    CHECK(start({{"SourceArn", w.arn("letters")}, {"MaxNumberOfMessagesPerSecond", pace}}) ==
          "InvalidParameterValue: Value " + std::to_string(pace) +
              " for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if "
              "provided.");
}

TEST_CASE("a handle that is none, and a source that is none, are told apart") {
  Letters w;
  for (const auto* bad : {"", "no", "bm8=", "e30=", "W10="})
    CHECK(w.refusal("CancelMessageMoveTask", {{"TaskHandle", bad}}) ==
          "InvalidParameterValue: Value for parameter TaskHandle is invalid.");
  CHECK(w.refusal("ListMessageMoveTasks", {{"SourceArn", "letters"}}) ==
        "InvalidParameterValue: You must use this format to specify the SourceArn: "
        "arn:<partition>:<service>:<region>:<account-id>:<resource-id>");
  CHECK(w.refusal("ListMessageMoveTasks", {{"SourceArn", w.arn("none")}}) ==
        std::string(kNotFound) + "SourceArn parameter doesn't exist.");
  CHECK(w.tasks().empty());
}
