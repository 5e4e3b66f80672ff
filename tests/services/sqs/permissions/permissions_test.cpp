#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Permitted : SqsWorld {
  std::string url = queue("q");
  Json grant(std::string label, Json accounts = {"111111111111"}, Json actions = {"SendMessage"}) {
    return {{"QueueUrl", url}, {"Label", label}, {"AWSAccountIds", accounts}, {"Actions", actions}};
  }
  void add(Json given) { call("AddPermission", std::move(given)); }
  std::string refused(Json given) { return refusal("AddPermission", std::move(given)); }
  Json attributes() {
    return call("GetQueueAttributes", {{"QueueUrl", url}, {"AttributeNames", {"All"}}})["Attributes"];
  }
  Json policy() { return Json::parse(attributes()["Policy"].get<std::string>()); }
};
}  // namespace

TEST_CASE("a permission is a statement of the queue's policy") {
  Permitted w;
  w.add(w.grant("one"));
  const std::string arn = "arn:aws:sqs:us-east-1:000000000000:q";
  CHECK(w.policy() == Json{{"Version", "2008-10-17"},
                           {"Id", arn + "/SQSDefaultPolicy"},
                           {"Statement",
                            {{{"Sid", "one"},
                              {"Effect", "Allow"},
                              {"Principal", {{"AWS", "arn:aws:iam::111111111111:root"}}},
                              {"Action", "SQS:SendMessage"},
                              {"Resource", arn}}}}});
  w.add(w.grant("two", {"111111111111", "222222222222"}, {"*", "ReceiveMessage"}));
  const auto second = w.policy()["Statement"][1];
  CHECK(second["Principal"]["AWS"] ==
        Json{"arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"});
  CHECK(second["Action"] == Json{"SQS:*", "SQS:ReceiveMessage"});
}

TEST_CASE("permissions join a policy that was set, and the last one taken away takes the policy with it") {
  Permitted w;
  w.call("SetQueueAttributes",
         {{"QueueUrl", w.url},
          {"Attributes",
           {{"Policy", R"({"Version":"2012-10-17","Statement":{"Sid":"mine","Effect":"Deny"}})"}}}});
  w.add(w.grant("one"));
  CHECK(w.policy()["Version"] == "2012-10-17");
  CHECK(w.policy()["Statement"].size() == 2);
  w.call("RemovePermission", {{"QueueUrl", w.url}, {"Label", "mine"}});
  w.call("RemovePermission", {{"QueueUrl", w.url}, {"Label", "one"}});
  CHECK_FALSE(w.attributes().contains("Policy"));
}

TEST_CASE("a label is used once, and one that is not there cannot be removed") {
  Permitted w;
  w.add(w.grant("one"));
  CHECK(w.refused(w.grant("one")) ==
        "InvalidParameterValue: Value one for parameter Label is invalid. Reason: Already exists.");
  CHECK(w.refusal("RemovePermission", {{"QueueUrl", w.url}, {"Label", "two"}}) ==
        "InvalidParameterValue: Value two for parameter Label is invalid. Reason: can't find label.");
  CHECK(w.refused(w.grant("a b")).starts_with("InvalidParameterValue: Value a b for parameter Label"));
}

TEST_CASE("only what does not belong to the owner alone can be permitted") {
  Permitted w;
  for (const auto* action : {"AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue",
                             "ListMessageMoveTasks", "ListQueues", "ListQueueTags", "RemovePermission",
                             "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue"})
    CHECK(w.refused(w.grant("l", {"111111111111"}, {action})) ==
          "InvalidParameterValue: Value SQS:" + std::string(action) +
              " for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this "
              "action.");
  CHECK(w.refused(w.grant("l", {"111111111111"}, {"Wave"})) ==
        "InvalidParameterValue: Value SQS:Wave for parameter ActionName is invalid. Reason: Please refer to "
        "the "
        "appropriate WSDL for a list of valid actions. ");
  w.add(w.grant("l", {"111111111111"},
                {"*", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl",
                 "ListDeadLetterSourceQueues", "PurgeQueue"}));
  CHECK(w.refused(w.grant("m", {"111111111111"}, Json::array_t(8, "SendMessage"))) ==
        "OverLimit: 8 Actions were found, maximum allowed is 7.");
}

TEST_CASE("a permission needs a label, accounts and actions") {
  Permitted w;
  auto given = w.grant("l", Json::array());
  CHECK(w.refused(given) ==
        "InvalidParameterValue: Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.");
  CHECK(w.refused(w.grant("l", {"me"})) ==
        "InvalidParameterValue: Value [me] for parameter PrincipalId is invalid. Reason: Unable to verify.");
  CHECK(w.refused(w.grant("l", {"111111111111"}, Json::array())) ==
        "MissingParameter: The request must contain the parameter Actions.");
  given.erase("Label");
  CHECK(w.refused(given) == "MissingParameter: The request must contain the parameter Label.");
  CHECK_FALSE(w.attributes().contains("Policy"));
}

TEST_CASE("a policy has room for twenty permissions") {
  Permitted w;
  for (int i = 0; i < 20; ++i) w.add(w.grant("l" + std::to_string(i)));
  CHECK(w.refused(w.grant("more")) ==
        "OverLimit: 21 statements were found in the submitted policy, max allowed is 20");
  CHECK(w.policy()["Statement"].size() == 20);
}
