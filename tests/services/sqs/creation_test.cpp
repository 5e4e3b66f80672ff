#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kBadName =
    "InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in "
    "length";
constexpr std::string_view kBadFifoName =
    "InvalidParameterValue: The name of a FIFO queue can only include alphanumeric characters, hyphens, or "
    "underscores, must end with .fifo suffix and be 1 to 80 in length";
}  // namespace

TEST_CASE("a standard queue's name is a label of at most 80 characters") {
  SqsWorld w;
  CHECK(w.queue(std::string(80, 'a')).ends_with(std::string(80, 'a')));
  for (const auto& name :
       {std::string(81, 'a'), std::string("a b"), std::string("a.b"), std::string("q.fifo")})
    CHECK(w.refusal("CreateQueue", {{"QueueName", name}}) == kBadName);
  CHECK(w.refusal("CreateQueue", {{"QueueName", ""}}) == "InvalidParameterValue: Queue name cannot be empty");
  CHECK(
      w.refusal("CreateQueue", Json::object()) ==
      "InvalidParameterValue: Value for parameter QueueName is invalid. Reason: Must specify a queue name.");
}

TEST_CASE("a FIFO queue's name ends with .fifo, within the 80 characters") {
  SqsWorld w;
  const auto refusal = [&](std::string name) {
    return w.refusal("CreateQueue", {{"QueueName", name}, {"Attributes", {{"FifoQueue", "true"}}}});
  };
  CHECK(w.queue(std::string(75, 'a') + ".fifo").ends_with(".fifo"));
  CHECK(refusal("q") == kBadFifoName);
  CHECK(refusal(".fifo") == kBadFifoName);
  CHECK(refusal(std::string(76, 'a') + ".fifo") == kBadFifoName);
}

TEST_CASE("that a queue is not FIFO is said by not saying anything") {
  SqsWorld w;
  for (const auto* name : {"FifoQueue", "ContentBasedDeduplication"})
    CHECK(w.refusal("CreateQueue", {{"QueueName", "q"}, {"Attributes", {{name, "false"}}}}) ==
          "InvalidAttributeName: Unknown Attribute " + std::string(name) + ".");
  for (const auto* name : {"DeduplicationScope", "FifoThroughputLimit"})
    CHECK(w.refusal("CreateQueue", {{"QueueName", "q"}, {"Attributes", {{name, "queue"}}}}) ==
          "InvalidAttributeName: You can specify the " + std::string(name) +
              " only when FifoQueue is set to true.");
}

TEST_CASE("creating a queue again gives the one there is, if nothing that is asked for differs") {
  SqsWorld w;
  const auto url = w.queue("q", {{"DelaySeconds", "5"}, {"SqsManagedSseEnabled", "TRUE"}});
  CHECK(w.queue("q") == url);
  CHECK(w.queue("q", {{"DelaySeconds", "5"}, {"VisibilityTimeout", "30"}}) == url);
  CHECK(w.call("CreateQueue", {{"QueueName", "q"}, {"tags", {{"k", "v"}}}})["QueueUrl"] == url);
  CHECK_FALSE(w.call("ListQueueTags", {{"QueueUrl", url}}).contains("Tags"));
  CHECK(w.refusal("CreateQueue", {{"QueueName", "q"}, {"Attributes", {{"DelaySeconds", "6"}}}}) ==
        "QueueNameExists: A queue already exists with the same name and a different value for attribute "
        "DelaySeconds");
  w.call("SetQueueAttributes", {{"QueueUrl", url}, {"Attributes", {{"DelaySeconds", "6"}}}});
  CHECK(w.queue("q", {{"DelaySeconds", "6"}}) == url);
}

TEST_CASE("attributes that are documents are compared by what they say") {
  SqsWorld w;
  w.queue("dead");
  const auto url = w.queue(
      "q", {{"RedrivePolicy",
             R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":3})"}});
  CHECK(
      w.queue(
          "q",
          {{"RedrivePolicy",
            R"({ "maxReceiveCount": 3, "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead" })"}}) ==
      url);
}

TEST_CASE("a queue's tags may be given when it is made") {
  SqsWorld w;
  const auto url = w.call("CreateQueue", {{"QueueName", "q"}, {"tags", {{"k", "v"}}}})["QueueUrl"];
  CHECK(w.call("ListQueueTags", {{"QueueUrl", url}})["Tags"] == Json{{"k", "v"}});
}

TEST_CASE("a deleted queue does not exist, for every operation and also the second time") {
  SqsWorld w;
  const auto url = w.queue("q");
  w.call("DeleteQueue", {{"QueueUrl", url}});
  for (const auto* operation :
       {"DeleteQueue", "GetQueueAttributes", "ListQueueTags", "AddPermission", "TagQueue", "UntagQueue",
        "SetQueueAttributes", "RemovePermission", "ListDeadLetterSourceQueues"}) {
    CHECK(w.refusal(operation, {{"QueueUrl", url}}) ==
          "QueueDoesNotExist: The specified queue does not exist.");
    CHECK(w.refusal(operation, Json::object()) ==
          "MissingParameter: The request must contain the parameter QueueUrl.");
  }
  CHECK(w.refusal("GetQueueUrl", {{"QueueName", "q"}}) ==
        "QueueDoesNotExist: The specified queue does not exist.");
}

TEST_CASE("a name is free at once, or after 60 seconds where that is asked for") {
  SqsWorld free;
  free.call("DeleteQueue", {{"QueueUrl", free.queue("q")}});
  free.queue("q");
  SqsWorld w({.sixty_seconds = true});
  const auto url = w.queue("q");
  w.call("DeleteQueue", {{"QueueUrl", url}});
  w.advance(59s);
  CHECK(w.refusal("CreateQueue", {{"QueueName", "q"}}) ==
        "QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create another "
        "with the same name.");
  w.queue("another");
  w.advance(1s);
  CHECK(w.queue("q") == url);
}

TEST_CASE("a queue is found by name in its region, and by name and account in another's") {
  SqsWorld w;
  w.context.scope.account = "222222222222";
  const auto url = w.queue("q");
  w.context.scope.account = "111111111111";
  CHECK(w.fail("GetQueueUrl", {{"QueueName", "q"}}).code == "QueueDoesNotExist");
  CHECK(w.call("GetQueueUrl", {{"QueueName", "q"}, {"QueueOwnerAWSAccountId", "222222222222"}})["QueueUrl"] ==
        url);
  CHECK(w.refusal("GetQueueUrl", Json::object()) ==
        "MissingParameter: The request must contain the parameter QueueName.");
}
