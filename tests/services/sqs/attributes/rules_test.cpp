#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Attributed : SqsWorld {
  std::string url = queue("q"), fifo = queue("q.fifo");
  Json get(const std::string& of, Json names = Json::array({"All"})) {
    return call("GetQueueAttributes", {{"QueueUrl", of}, {"AttributeNames", std::move(names)}})["Attributes"];
  }
  void set(const std::string& of, Json attributes) {
    call("SetQueueAttributes", {{"QueueUrl", of}, {"Attributes", std::move(attributes)}});
  }
  std::string set_refusal(const std::string& of, Json attributes) {
    return refusal("SetQueueAttributes", {{"QueueUrl", of}, {"Attributes", std::move(attributes)}});
  }
};
}  // namespace

TEST_CASE("a standard queue that nobody set anything of shows its defaults") {
  Attributed w;
  CHECK(w.get(w.url) == Json{{"ApproximateNumberOfMessages", "0"},
                             {"ApproximateNumberOfMessagesDelayed", "0"},
                             {"ApproximateNumberOfMessagesNotVisible", "0"},
                             {"CreatedTimestamp", "1767225600"},
                             {"DelaySeconds", "0"},
                             {"LastModifiedTimestamp", "1767225600"},
                             {"MaximumMessageSize", "1048576"},
                             {"MessageRetentionPeriod", "345600"},
                             {"QueueArn", "arn:aws:sqs:us-east-1:000000000000:q"},
                             {"ReceiveMessageWaitTimeSeconds", "0"},
                             {"SqsManagedSseEnabled", "true"},
                             {"VisibilityTimeout", "30"}});
}

TEST_CASE("a FIFO queue shows four attributes more") {
  Attributed w;
  const auto all = w.get(w.fifo);
  CHECK(all.size() == 16);
  CHECK(all["FifoQueue"] == "true");
  CHECK(all["ContentBasedDeduplication"] == "false");
  CHECK(all["DeduplicationScope"] == "queue");
  CHECK(all["FifoThroughputLimit"] == "perQueue");
}

TEST_CASE("GetQueueAttributes shows what it is asked for and nothing else") {
  Attributed w;
  CHECK(w.get(w.url, {"DelaySeconds", "Policy"}) == Json{{"DelaySeconds", "0"}});
  CHECK_FALSE(w.call("GetQueueAttributes", {{"QueueUrl", w.url}}).contains("Attributes"));
  CHECK_FALSE(w.call("GetQueueAttributes", {{"QueueUrl", w.url}, {"AttributeNames", {"Policy"}}})
                  .contains("Attributes"));
  CHECK(w.refusal("GetQueueAttributes", {{"QueueUrl", w.url}, {"AttributeNames", {"All", "Foobar"}}}) ==
        "InvalidAttributeName: Unknown Attribute Foobar.");
}

TEST_CASE("numbers are taken within their range, as whole numbers") {
  Attributed w;
  struct Range {
    const char* name;
    int least, most;
  };
  for (const auto& [name, least, most] :
       {Range{"DelaySeconds", 0, 900}, Range{"MaximumMessageSize", 1024, 1048576},
        Range{"MessageRetentionPeriod", 60, 1209600}, Range{"ReceiveMessageWaitTimeSeconds", 0, 20},
        Range{"VisibilityTimeout", 0, 43200}, Range{"KmsDataKeyReusePeriodSeconds", 60, 86400}}) {
    CAPTURE(name);
    for (const int good : {least, most}) w.set(w.url, {{name, std::to_string(good)}});
    for (const auto& bad : {std::to_string(least - 1), std::to_string(most + 1), std::string("100.5"),
                            std::string(" "), std::string(""), std::string("many")})
      CHECK(w.set_refusal(w.url, {{name, bad}}) ==
            "InvalidAttributeValue: Invalid value for the parameter " + std::string(name) + ".");
  }
  CHECK(w.get(w.url)["VisibilityTimeout"] == "43200");
}

TEST_CASE("truth values are taken in any case and shown in lower case") {
  Attributed w;
  w.set(w.fifo, {{"ContentBasedDeduplication", "TRUE"}});
  CHECK(w.get(w.fifo)["ContentBasedDeduplication"] == "true");
  CHECK(w.set_refusal(w.fifo, {{"ContentBasedDeduplication", "yes"}}) ==
        "InvalidAttributeValue: Invalid value for the parameter ContentBasedDeduplication.");
}

TEST_CASE("attributes that only show, and unknown ones, cannot be set") {
  Attributed w;
  for (const auto* name : {"QueueArn", "CreatedTimestamp", "ApproximateNumberOfMessages", "Foobar", "All"})
    CHECK(w.set_refusal(w.url, {{name, "1"}}) ==
          "InvalidAttributeName: Unknown Attribute " + std::string(name) + ".");
  CHECK(w.refusal("SetQueueAttributes", {{"QueueUrl", w.url}}) ==
        "MissingParameter: The request must contain the parameter Attributes.");
}

TEST_CASE("what only FIFO queues have is refused of others, and a queue does not change its kind") {
  Attributed w;
  for (const auto* name : {"FifoQueue", "ContentBasedDeduplication"})
    CHECK(w.set_refusal(w.url, {{name, "true"}}) ==
          "InvalidAttributeName: Unknown Attribute " + std::string(name) + ".");
  for (const auto* name : {"DeduplicationScope", "FifoThroughputLimit"})
    CHECK(w.set_refusal(w.url, {{name, "queue"}}) == "InvalidAttributeName: You can specify the " +
                                                         std::string(name) +
                                                         " only when FifoQueue is set to true.");
  CHECK(
      w.set_refusal(w.fifo, {{"FifoQueue", "false"}}) ==
      "InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not "
      "supported.");
  w.set(w.fifo, {{"FifoQueue", "true"}});
}

TEST_CASE("the throughput of groups needs deduplication by groups") {
  Attributed w;
  CHECK(w.set_refusal(w.fifo, {{"FifoThroughputLimit", "perMessageGroupId"}}) ==
        "InvalidAttributeValue: Invalid value for the parameter FifoThroughputLimit.");
  w.set(w.fifo, {{"FifoThroughputLimit", "perMessageGroupId"}, {"DeduplicationScope", "messageGroup"}});
  CHECK(w.get(w.fifo)["FifoThroughputLimit"] == "perMessageGroupId");
  CHECK(w.set_refusal(w.fifo, {{"DeduplicationScope", "all"}}) ==
        "InvalidAttributeValue: Invalid value for the parameter DeduplicationScope.");
}

TEST_CASE("a key of the user's replaces SQS's own encryption, and taking it away does not bring that back") {
  Attributed w;
  w.set(w.url, {{"KmsMasterKeyId", "alias/mine"}});
  auto all = w.get(w.url);
  CHECK(all["SqsManagedSseEnabled"] == "false");
  CHECK(all["KmsMasterKeyId"] == "alias/mine");
  CHECK(all["KmsDataKeyReusePeriodSeconds"] == "300");
  w.set(w.url, {{"KmsMasterKeyId", ""}});
  all = w.get(w.url);
  CHECK(all["SqsManagedSseEnabled"] == "false");
  CHECK_FALSE(all.contains("KmsMasterKeyId"));
  CHECK_FALSE(all.contains("KmsDataKeyReusePeriodSeconds"));
  CHECK(w.set_refusal(w.url, {{"KmsMasterKeyId", "alias/mine"}, {"SqsManagedSseEnabled", "true"}}) ==
        "InvalidAttributeName: You can use one type of server-side encryption (SSE) at one time. You can "
        "either "
        "enable KMS SSE or SQS SSE.");
}

TEST_CASE("a policy is a document with statements, at most twenty, and an empty text removes it") {
  Attributed w;
  const std::string policy = R"({"Version":"2012-10-17", "Statement":[{"Effect":"Allow"}]})";
  w.set(w.url, {{"Policy", policy}});
  CHECK(w.get(w.url)["Policy"] == policy);
  w.set(w.url, {{"Policy", ""}});
  CHECK_FALSE(w.get(w.url).contains("Policy"));
  for (const auto* bad : {"no", "[]", "{}", R"({"Statement":"x"})", R"({"Statement":[{}]})"})
    CHECK(w.set_refusal(w.url, {{"Policy", bad}}) ==
          "InvalidAttributeValue: Invalid value for the parameter Policy.");
  Json many{{"Statement", Json::array()}};
  for (int i = 0; i < 21; ++i) many["Statement"].push_back({{"Effect", "Allow"}});
  CHECK(w.set_refusal(w.url, {{"Policy", many.dump()}}) ==
        "OverLimit: 21 statements were found in the submitted policy, max allowed is 20");
}

TEST_CASE("a change of attributes is seen at once, tells when it was, and survives a restart") {
  Attributed w;
  w.advance(10s);
  w.set(w.url, {{"VisibilityTimeout", "7"}});
  const auto before = w.get(w.url);
  w.restart();
  const auto all = w.get(w.url);
  CHECK(all == before);
  CHECK(all["VisibilityTimeout"] == "7");
  CHECK(all["CreatedTimestamp"] == "1767225600");
  CHECK(all["LastModifiedTimestamp"] == "1767225610");
}

TEST_CASE("a refused change changes nothing") {
  Attributed w;
  const auto before = w.get(w.url);
  w.set_refusal(w.url, {{"DelaySeconds", "5"}, {"VisibilityTimeout", "many"}});
  CHECK(w.get(w.url) == before);
}
