#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kDead = "arn:aws:sqs:us-east-1:000000000000:dead";
std::string policy(std::string_view arn, std::string_view receives) {
  return R"({"deadLetterTargetArn":")" + std::string(arn) + R"(","maxReceiveCount":)" +
         std::string(receives) + "}";
}
struct Redriven : SqsWorld {
  std::string url = queue("q"), dead = queue("dead"), dead_fifo = queue("dead.fifo");
  void set(const std::string& of, std::string_view name, const std::string& value) {
    call("SetQueueAttributes", {{"QueueUrl", of}, {"Attributes", {{name, value}}}});
  }
  std::string refused(const std::string& value, std::string_view name = "RedrivePolicy") {
    return refusal("SetQueueAttributes", {{"QueueUrl", url}, {"Attributes", {{name, value}}}});
  }
};
std::string invalid(const std::string& value, std::string_view reason,
                    std::string_view name = "RedrivePolicy") {
  return "InvalidParameterValue: Value " + value + " for parameter " + std::string(name) +
         " is invalid. Reason: " + std::string(reason);
}
}  // namespace

TEST_CASE(
    "a redrive policy is kept as it was written, its count a number or a text, and removed by an empty one") {
  Redriven w;
  for (const auto* receives : {"1", "1000", "\"5\""}) {
    const auto text = policy(kDead, receives);
    w.set(w.url, "RedrivePolicy", text);
    CHECK(w.call("GetQueueAttributes",
                 {{"QueueUrl", w.url},
                  {"AttributeNames", {"RedrivePolicy"}}})["Attributes"]["RedrivePolicy"] == text);
  }
  w.set(w.url, "RedrivePolicy", "");
  CHECK_FALSE(w.call("GetQueueAttributes", {{"QueueUrl", w.url}, {"AttributeNames", {"RedrivePolicy"}}})
                  .contains("Attributes"));
}

TEST_CASE("a redrive policy that cannot be is refused in SQS's words") {
  Redriven w;
  for (const auto* bad : {"no", "[]", "7"})
    CHECK(w.refused(bad) ==
          "InvalidAttributeValue: Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is "
          "not a "
          "valid JSON map.");
  const std::string no_count = R"({"deadLetterTargetArn":"x"})", no_arn = R"({"maxReceiveCount":1})";
  CHECK(w.refused(no_count) ==
        invalid(no_count, "Redrive policy does not contain mandatory attribute: maxReceiveCount."));
  CHECK(w.refused(no_arn) ==
        invalid(no_arn, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn."));
  for (const auto* count : {"0", "1001", "-1", "\"many\"", "1.5"}) {
    std::string shown = count;
    std::erase(shown, '"');
    CHECK(w.refused(policy(kDead, count)) ==
          invalid(policy(kDead, count), "Invalid value for maxReceiveCount: " + shown +
                                            ", valid values are from 1 to 1000 both inclusive."));
  }
  for (const auto* arn : {"arn:aws:sns:us-east-1:000000000000:dead", "dead", ""})
    CHECK(w.refused(policy(arn, "1")) ==
          invalid(policy(arn, "1"), "Only SQS queues are valid resources for deadLetterTargetArn."));
  const auto more = R"({"deadLetterTargetArn":")" + std::string(kDead) + R"(","maxReceiveCount":1,"x":1})";
  CHECK(w.refused(more) ==
        invalid(more, "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn]."));
}

TEST_CASE("a dead-letter queue exists, is of the source's kind, and in its account and region") {
  Redriven w;
  const auto fifo = policy("arn:aws:sqs:us-east-1:000000000000:dead.fifo", "1");
  CHECK(w.refused(fifo) == invalid(fifo, "Dead-letter queue must be same type of queue as the source.."));
  const auto none = policy("arn:aws:sqs:us-east-1:000000000000:none", "1");
  CHECK(w.refused(none) == invalid(none, "Dead letter target does not exist."));
  const auto far = policy("arn:aws:sqs:eu-west-1:000000000000:dead", "1");
  CHECK(w.refused(far) == invalid(far, "Dead letter target does not exist."));
  const auto theirs = policy("arn:aws:sqs:us-east-1:999999999999:dead", "1");
  CHECK(w.refused(theirs) == invalid(theirs, "Dead-letter target owner should be same as the source."));
  CHECK(w.refusal("CreateQueue", {{"QueueName", "new"}, {"Attributes", {{"RedrivePolicy", none}}}}) ==
        invalid(none, "Dead letter target does not exist."));
  CHECK(w.fail("GetQueueUrl", {{"QueueName", "new"}}).code == "QueueDoesNotExist");
}

TEST_CASE("a dead-letter queue may refuse sources, all or but some") {
  Redriven w;
  const auto text = policy(kDead, "1");
  const auto denied = invalid(
      text, "Queue " + std::string(kDead) +
                " does not allow arn:aws:sqs:us-east-1:000000000000:q to use it as a dead-letter queue.");
  w.set(w.dead, "RedriveAllowPolicy", R"({"redrivePermission":"denyAll"})");
  CHECK(w.refused(text) == denied);
  w.set(w.dead, "RedriveAllowPolicy",
        R"({"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:other"]})");
  CHECK(w.refused(text) == denied);
  w.set(w.dead, "RedriveAllowPolicy",
        R"({"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:q"]})");
  w.set(w.url, "RedrivePolicy", text);
  w.set(w.dead, "RedriveAllowPolicy", R"({"redrivePermission":"allowAll"})");
  w.set(w.url, "RedrivePolicy", text);
}

TEST_CASE("a redrive-allow policy that cannot be is refused in SQS's words") {
  Redriven w;
  constexpr std::string_view kName = "RedriveAllowPolicy";
  for (const auto* bad : {"no", "[]", "{}", R"({"redrivePermission":"some"})", R"({"redrivePermission":1})",
                          R"({"redrivePermission":"byQueue","sourceQueueArns":"x"})"})
    CHECK(
        w.refused(bad, kName) ==
        "InvalidAttributeValue: Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't "
        "create the redrive allow policy, as it’s in an unsupported format.");
  const std::string cannot = "Amazon SQS can't create the redrive allow policy. ";
  const std::string none = R"({"redrivePermission":"byQueue"})";
  CHECK(w.refused(none, kName) ==
        invalid(none,
                cannot + "When you specify the byQueue permission type, you must also specify one or more "
                         "sourceQueueArns values.",
                kName));
  Json many{{"redrivePermission", "byQueue"}, {"sourceQueueArns", Json::array()}};
  for (int i = 0; i < 11; ++i) many["sourceQueueArns"].push_back(kDead);
  CHECK(
      w.refused(many.dump(), kName) ==
      invalid(many.dump(), cannot + "The maximum number of source queue ARNs you can specify is 10.", kName));
  const std::string needless = R"({"redrivePermission":"denyAll","sourceQueueArns":["x"]})";
  CHECK(
      w.refused(needless, kName) ==
      invalid(needless,
              cannot + "To specify one or more source queue ARNs, you must set redrivePermission to byQueue.",
              kName));
}
