#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json entry(std::string_view id, std::string_view body, Json more = Json::object()) {
  Json out{{"Id", id}, {"MessageBody", body}};
  out.update(more);
  return out;
}
Json batch(std::string_view queue, std::vector<Json> entries) {
  return {{"QueueUrl", SqsWorld::url(queue)}, {"Entries", std::move(entries)}};
}
}  // namespace

TEST_CASE("a batch is refused as a whole for its entries' number, ids and size") {
  SqsWorld w;
  w.queue();
  for (const auto& [operation, name] :
       {std::pair{"SendMessageBatch", "SendMessageBatchRequestEntry"},
        {"DeleteMessageBatch", "DeleteMessageBatchRequestEntry"},
        {"ChangeMessageVisibilityBatch", "ChangeMessageVisibilityBatchRequestEntry"}}) {
    CHECK(w.refusal(operation, {{"QueueUrl", w.url("none")}}) ==
          "QueueDoesNotExist: The specified queue does not exist.");
    CHECK(w.refusal(operation, {{"QueueUrl", w.url("q")}}) ==
          "MissingParameter: The request must contain the parameter Entries.");
    CHECK(w.refusal(operation, batch("q", {})) ==
          std::string("EmptyBatchRequest: There should be at least one ") + name + " in the request.");
    std::vector<Json> eleven;
    for (int i = 0; i < 11; ++i) eleven.push_back(entry("same", "x"));
    CHECK(w.refusal(operation, batch("q", eleven)) ==
          "TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 11.");
    for (const auto& id : {std::string(), std::string("a.b"), std::string(81, 'a')})
      CHECK(w.refusal(operation, batch("q", {entry(id, "x")})) ==
            "InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and "
            "underscores. "
            "It can be at most 80 letters long.");
    CHECK(w.refusal(operation, batch("q", {entry("a", "x"), Json{{"MessageBody", "x"}}})) ==
          std::string("MissingParameter: The request must contain the parameter ") + name + ".2.Id.");
    CHECK(w.refusal(operation, batch("q", {entry("a", "x"), entry("b", "x"), entry("a", "x")})) ==
          "BatchEntryIdsNotDistinct: Id a repeated.");
  }
  const std::string half(524288, 'x');
  CHECK(w.refusal("SendMessageBatch", batch("q", {entry("a", half), entry("b", half + "y")})) ==
        "BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 "
        "bytes.");
  CHECK(w.counts("q") == "0/0/0");
  w.call("SendMessageBatch", batch("q", {entry("a", half), entry("b", half)}));
  CHECK(w.counts("q") == "2/0/0");
}

TEST_CASE("what is wrong with one entry fails it alone, and only the list that has something is there") {
  SqsWorld w;
  w.queue("q", {{"MaximumMessageSize", "1024"}});
  const auto out = w.call(
      "SendMessageBatch",
      batch("q", {entry("1", "one"), entry("2", ""), entry("3", "\x01"), entry("4", std::string(1025, 'x')),
                  entry("5", "five", {{"DelaySeconds", 901}}), entry("6", "six")}));
  const auto failed = [](std::string_view id, std::string_view code, std::string_view message) {
    return Json{{"Id", id}, {"SenderFault", true}, {"Code", code}, {"Message", message}};
  };
  CHECK(
      out.at("Failed") ==
      Json{
          failed("2", "MissingParameter", "The request must contain the parameter MessageBody."),
          failed("3", "InvalidMessageContents",
                 "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | "
                 "#xE000 "
                 "to #xFFFD | #x10000 to #x10FFFF"),
          failed(
              "4", "InvalidParameterValue",
              "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."),
          failed("5", "InvalidParameterValue",
                 "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= "
                 "900.")});
  CHECK(out.at("Successful").size() == 2);
  CHECK(out.at("Successful").at(1).at("Id") == "6");
  CHECK(w.bodies("q") == "one six");
  CHECK_FALSE(w.call("SendMessageBatch", batch("q", {entry("1", "x")})).contains("Failed"));
  CHECK_FALSE(w.call("SendMessageBatch", batch("q", {entry("1", "")})).contains("Successful"));
}

TEST_CASE("an entry of a FIFO batch without group or deduplication fails the whole request") {
  SqsWorld w;
  w.queue("q.fifo");
  CHECK(w.refusal("SendMessageBatch", batch("q.fifo", {entry("1", "x")})) ==
        "InvalidParameterValue: The request must contain the parameter MessageGroupId.");
  CHECK(w.refusal("SendMessageBatch", batch("q.fifo", {entry("1", "x", {{"MessageGroupId", "g"}})})) ==
        "InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or "
        "MessageDeduplicationId provided explicitly");
  std::vector<Json> entries;
  for (const auto* n : {"1", "2", "3", "4", "2"})
    entries.push_back(entry("e" + std::to_string(entries.size()), n,
                            {{"MessageGroupId", "g"}, {"MessageDeduplicationId", n}}));
  const auto sent = w.call("SendMessageBatch", batch("q.fifo", entries)).at("Successful");
  CHECK(sent.at(4).at("MessageId") == sent.at(1).at("MessageId"));
  CHECK(sent.at(4).at("SequenceNumber") == sent.at(1).at("SequenceNumber"));
  CHECK(sent.at(2).at("SequenceNumber") > sent.at(1).at("SequenceNumber"));
  CHECK(w.bodies("q.fifo") == "1 2 3 4");
}

TEST_CASE("deletions and changes by batch are told one by one") {
  SqsWorld w;
  w.queue();
  for (const auto* body : {"a", "b", "c"}) w.send("q", body);
  const auto got = w.receive("q");
  const auto changed =
      w.call("ChangeMessageVisibilityBatch",
             batch("q", {{{"Id", "1"}, {"ReceiptHandle", w.handle(got, 0)}, {"VisibilityTimeout", 0}},
                         {{"Id", "2"}, {"ReceiptHandle", "junk"}, {"VisibilityTimeout", 0}},
                         {{"Id", "3"}, {"ReceiptHandle", w.handle(got, 1)}},
                         {{"Id", "4"}, {"ReceiptHandle", w.handle(got, 1)}, {"VisibilityTimeout", 43201}}}));
  CHECK(changed.at("Successful") == Json{{{"Id", "1"}}});
  CHECK(changed.at("Failed").at(0).at("Code") == "ReceiptHandleIsInvalid");
  CHECK(changed.at("Failed").at(1).at("Code") == "MissingParameter");
  CHECK(changed.at("Failed").at(2).at("Code") == "InvalidParameterValue");
  CHECK(w.counts("q") == "1/2/0");
  const auto deleted =
      w.call("DeleteMessageBatch", batch("q", {{{"Id", "1"}, {"ReceiptHandle", w.handle(got, 0)}},
                                               {{"Id", "2"}, {"ReceiptHandle", "junk"}},
                                               {{"Id", "3"}, {"ReceiptHandle", w.handle(got, 1)}},
                                               {{"Id", "4"}}}));
  CHECK(deleted.at("Successful") == Json{{{"Id", "1"}}, {{"Id", "3"}}});
  CHECK(deleted.at("Failed").size() == 2);
  CHECK(w.counts("q") == "0/1/0");
}
