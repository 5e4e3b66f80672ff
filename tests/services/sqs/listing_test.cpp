#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// The names behind the URLs.
std::string names(const Json& urls) {
  std::string out;
  for (const auto& url : urls) {
    const auto text = url.get<std::string>();
    out += text.substr(text.rfind('/') + 1) + " ";
  }
  return out;
}
}  // namespace

TEST_CASE("queues are listed by name, those of the caller's region whose name begins as asked") {
  SqsWorld w;
  CHECK(w.call("ListQueues").empty());
  for (const auto* name : {"b", "a-2", "a-1", "A-3"}) w.queue(name);
  w.context.scope.region = "eu-west-1";
  w.queue("a-4");
  w.context.scope.region = "us-east-1";
  CHECK(names(w.call("ListQueues")["QueueUrls"]) == "A-3 a-1 a-2 b ");
  CHECK(names(w.call("ListQueues", {{"QueueNamePrefix", "a-"}})["QueueUrls"]) == "a-1 a-2 ");
  CHECK(w.call("ListQueues", {{"QueueNamePrefix", "none"}}).empty());
}

TEST_CASE("a list is cut where MaxResults says, and goes on behind its token") {
  SqsWorld w;
  for (const auto* name : {"a", "b", "c"}) w.queue(name);
  const auto first = w.call("ListQueues", {{"MaxResults", 2}});
  CHECK(names(first["QueueUrls"]) == "a b ");
  const auto second = w.call("ListQueues", {{"MaxResults", 2}, {"NextToken", first["NextToken"]}});
  CHECK(names(second["QueueUrls"]) == "c ");
  CHECK_FALSE(second.contains("NextToken"));
  CHECK_FALSE(w.call("ListQueues", {{"MaxResults", 3}}).contains("NextToken"));
}

TEST_CASE("without MaxResults a list ends at a thousand and says nothing of the rest") {
  SqsWorld w;
  for (int i = 0; i < 1001; ++i) w.queue("q" + std::to_string(i));
  const auto list = w.call("ListQueues");
  CHECK(list["QueueUrls"].size() == 1000);
  CHECK_FALSE(list.contains("NextToken"));
}

TEST_CASE("MaxResults and NextToken that cannot be are refused") {
  SqsWorld w;
  for (const auto most : {0, 1001})
    CHECK(w.refusal("ListQueues", {{"MaxResults", most}}) ==
          "InvalidParameterValue: Value " + std::to_string(most) +
              " for parameter MaxResults is invalid. Reason: Must be between 1 and 1000, if provided.");
  CHECK(w.refusal("ListQueues", {{"MaxResults", 1}, {"NextToken", "%"}}) ==
        "InvalidParameterValue: Invalid or expired next token.");
}

TEST_CASE("a dead-letter queue's sources are those whose redrive policy names it") {
  SqsWorld w;
  const auto dead = w.queue("dead");
  const Json policy{
      {"RedrivePolicy",
       R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1})"}};
  CHECK(w.call("ListDeadLetterSourceQueues", {{"QueueUrl", dead}})["queueUrls"] == Json::array());
  for (const auto* name : {"b", "a"}) w.queue(name, policy);
  w.queue("c");
  CHECK(names(w.call("ListDeadLetterSourceQueues", {{"QueueUrl", dead}})["queueUrls"]) == "a b ");
  const auto page = w.call("ListDeadLetterSourceQueues", {{"QueueUrl", dead}, {"MaxResults", 1}});
  CHECK(names(page["queueUrls"]) == "a ");
  CHECK(names(w.call(
            "ListDeadLetterSourceQueues",
            {{"QueueUrl", dead}, {"MaxResults", 1}, {"NextToken", page["NextToken"]}})["queueUrls"]) == "b ");
}
