#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kArn = "arn:aws:dynamodb:us-east-1:000000000000:table/Tab";
}

TEST_CASE("tags are merged, removed and listed in pages") {
  DynamoWorld w;
  w.table();
  Json tags = Json::array();
  for (int i = 10; i < 25; ++i) tags.push_back({{"Key", "k" + std::to_string(i)}, {"Value", "v"}});
  CHECK(w.call("TagResource", {{"ResourceArn", kArn}, {"Tags", tags}}) == Json::object());
  w.call("UntagResource", {{"ResourceArn", kArn}, {"TagKeys", {"k10", "unknown"}}});
  auto page = w.call("ListTagsOfResource", {{"ResourceArn", kArn}});
  CHECK(page["Tags"].size() == 10);
  page = w.call("ListTagsOfResource", {{"ResourceArn", kArn}, {"NextToken", page["NextToken"]}});
  CHECK(page["Tags"].size() == 4);
  CHECK_FALSE(page.contains("NextToken"));
  CHECK(w.refusal("TagResource", {{"ResourceArn", kArn}, {"Tags", Json::array()}}) ==
        "Atleast one Tag needs to be provided as Input.");
  CHECK(w.refusal("ListTagsOfResource", {{"ResourceArn", "nonsense"}}) ==
        "Invalid TableArn: Invalid ResourceArn provided as input nonsense");
  const auto unknown = std::string(kArn) + "x";
  CHECK(w.refusal("ListTagsOfResource", {{"ResourceArn", unknown}}) ==
        "Requested resource not found: ResourcArn: " + unknown + " not found");
}

TEST_CASE("endpoint discovery leads back to this daemon") {
  DynamoWorld w;
  CHECK(w.call("DescribeEndpoints") ==
        Json::parse(R"({"Endpoints":[{"Address":"localhost:4566","CachePeriodInMinutes":1440}]})"));
  CHECK(w.call("DescribeLimits")["TableMaxReadCapacityUnits"] == 40000);
}

TEST_CASE("tags are letters, digits and a few signs, each key once, fifty at most") {
  DynamoWorld w;
  w.table();
  const auto refusal = [&](Json tags) {
    return w.refusal("TagResource", {{"ResourceArn", kArn}, {"Tags", std::move(tags)}});
  };
  const auto tag = [](std::string_view key, std::string_view value) {
    return Json{{"Key", key}, {"Value", value}};
  };
  CHECK(refusal(Json::array({tag("", "v")})) == "The Tag Key provided is invalid, Key: ");
  CHECK(refusal(Json::array({tag("a!", "v")})) == "The Tag Key provided is invalid, Key: a!");
  CHECK(refusal(Json::array({tag("aws:x", "v")})) == "Tag Key cannot be prefixed with aws:, Key: aws:x");
  CHECK(refusal(Json::array({tag("a", "*")})) == "The Tag Value provided is invalid, Value: *");
  CHECK(refusal(Json::array({tag("a", "1"), tag("a", "2")})) ==
        "Duplicate Tag Keys provided as input: Duplicate Tag Key found a");
  Json many = Json::array();
  for (int i = 0; i < 51; ++i) many.push_back(tag("k" + std::to_string(i), ""));
  CHECK(refusal(many) == "Number of Tags exceed the current limit for the provided ResourceArn");
  many.erase(many.begin());
  w.call("TagResource", {{"ResourceArn", kArn}, {"Tags", many}});
  CHECK(refusal(Json::array({tag("one more", "é")})) ==
        "Number of Tags exceed the current limit for the provided ResourceArn");
  CHECK(refusal(Json::array()) == "Atleast one Tag needs to be provided as Input.");
  CHECK(w.refusal("UntagResource", {{"ResourceArn", kArn}, {"TagKeys", Json::array()}}) ==
        "Atleast one Tag Key needs to be provided as Input.");
  const auto index = std::string(kArn) + "/index/i";
  CHECK(w.refusal("ListTagsOfResource", {{"ResourceArn", index}}) ==
        "One or more parameter values were invalid: Invalid resource arn provided, only table or stream is "
        "accepted. Provided resource arn: " +
            index);
}

TEST_CASE("a Kinesis destination is enabled, changed, disabled and kept in the list") {
  DynamoWorld w;
  w.table();
  constexpr std::string_view kStream = "arn:aws:kinesis:us-east-1:000000000000:stream/changes";
  const Json in{{"TableName", "Tab"}, {"StreamArn", kStream}};
  const auto with = [&](Json more) {
    Json out = in;
    out.update(more);
    return out;
  };
  const auto described = [&] {
    return w.call("DescribeKinesisStreamingDestination", {{"TableName", "Tab"}});
  };
  const std::string bad = "Table is not in a valid state to enable Kinesis Streaming Destination: ";
  CHECK(described() == Json{{"TableName", "Tab"}, {"KinesisDataStreamDestinations", Json::array()}});
  const auto faster = with(
      {{"UpdateKinesisStreamingConfiguration", {{"ApproximateCreationDateTimePrecision", "MICROSECOND"}}}});
  CHECK(w.refusal("UpdateKinesisStreamingDestination", faster) ==
        bad + "No streaming destination with streamArn: " + std::string(kStream) +
            " found for table with tableName: Tab");
  CHECK(w.call("EnableKinesisStreamingDestination", in) ==
        Json{{"TableName", "Tab"},
             {"StreamArn", kStream},
             {"DestinationStatus", "ENABLING"},
             {"EnableKinesisStreamingConfiguration", Json::object()}});
  CHECK(described()["KinesisDataStreamDestinations"] ==
        Json::array({{{"StreamArn", kStream}, {"DestinationStatus", "ACTIVE"}}}));
  CHECK(
      w.refusal("EnableKinesisStreamingDestination", in) ==
      bad +
          "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.");
  CHECK(w.refusal("UpdateKinesisStreamingDestination", in) ==
        "Streaming destination cannot be updated with given parameters: UpdateKinesisStreamingConfiguration "
        "cannot be null or contain only null values");
  CHECK(w.call("UpdateKinesisStreamingDestination", faster)["DestinationStatus"] == "UPDATING");
  const auto table_id =
      w.call("DescribeTable", {{"TableName", "Tab"}})["Table"]["TableId"].get<std::string>();
  CHECK(w.refusal("UpdateKinesisStreamingDestination", faster) ==
        "Invalid Request: Precision is already set to the desired value of MICROSECOND for tableId: " +
            table_id + ", kdsArn: " + std::string(kStream));
  CHECK(w.refusal("DisableKinesisStreamingDestination",
                  with({{"EnableKinesisStreamingConfiguration", Json::object()}})) ==
        "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters");
  CHECK(w.call("DisableKinesisStreamingDestination", in)["DestinationStatus"] == "DISABLING");
  CHECK(described()["KinesisDataStreamDestinations"][0]["DestinationStatus"] == "DISABLED");
  CHECK(w.refusal("DisableKinesisStreamingDestination", in) ==
        bad + "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
  CHECK(w.refusal("UpdateKinesisStreamingDestination", faster) ==
        bad +
            "Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. TableName: "
            "Tab, kdsArn: " +
            std::string(kStream));
  w.call("EnableKinesisStreamingDestination", in);
  CHECK(described()["KinesisDataStreamDestinations"].size() == 1);
}

TEST_CASE("a resource policy has a revision that guards its changes") {
  DynamoWorld w;
  w.table();
  const auto policy = [](std::string_view effect) {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":")" + std::string(effect) + R"("}]})";
  };
  const auto put = [&](std::string_view effect, Json more = Json::object()) {
    Json in{{"ResourceArn", kArn}, {"Policy", policy(effect)}};
    in.update(more);
    return in;
  };
  const std::string none =
      "Resource-based policy not found for the provided ResourceArn: " + std::string(kArn);
  auto fault = w.fail("GetResourcePolicy", {{"ResourceArn", kArn}});
  CHECK(fault.code == "PolicyNotFoundException");
  CHECK(fault.message == none);
  CHECK(w.call("DeleteResourcePolicy", {{"ResourceArn", kArn}}) == Json::object());
  const auto first =
      w.call("PutResourcePolicy", put("Allow", {{"ExpectedRevisionId", "NO_POLICY"}}))["RevisionId"];
  CHECK(w.call("PutResourcePolicy", put("Allow"))["RevisionId"] == first);
  CHECK(w.call("GetResourcePolicy", {{"ResourceArn", kArn}}) ==
        Json{{"Policy", policy("Allow")}, {"RevisionId", first}});
  w.advance(1s);
  fault = w.fail("PutResourcePolicy", put("Deny", {{"ExpectedRevisionId", "NO_POLICY"}}));
  CHECK(fault.code == "PolicyNotFoundException");
  CHECK(fault.message ==
        "Resource-based policy not found for the provided ResourceArn: Requested update for policy with "
        "revision "
        "id NO_POLICY, but the policy associated to target table Tab has revision id " +
            first.get<std::string>() + ".");
  const auto second = w.call("PutResourcePolicy", put("Deny", {{"ExpectedRevisionId", first}}))["RevisionId"];
  CHECK(second != first);
  CHECK(w.call("DeleteResourcePolicy", {{"ResourceArn", kArn}}) == Json{{"RevisionId", second}});
  CHECK(w.refusal("GetResourcePolicy", {{"ResourceArn", kArn}}) == none);
  CHECK(w.fail("GetResourcePolicy", {{"ResourceArn", std::string(kArn) + "x"}}).code ==
        "ResourceNotFoundException");
  CHECK(w.refusal("PutResourcePolicy", {{"ResourceArn", kArn}, {"Policy", "{"}}) ==
        "One or more parameter values were invalid: Invalid policy document: This policy contains invalid "
        "Json");
  CHECK(w.refusal("GetResourcePolicy", {{"ResourceArn", "Tab"}}) ==
        "One or more parameter values were invalid: ARNs must start with 'arn:': Tab");
}

TEST_CASE("contributor insights are off until they are switched on, per table and index") {
  DynamoWorld w;
  w.table("Other", true);
  w.table();
  CHECK(w.call("DescribeContributorInsights", {{"TableName", "Tab"}}) ==
        Json{{"TableName", "Tab"}, {"ContributorInsightsStatus", "DISABLED"}});
  const auto set = [&](std::string_view table, std::string_view action) {
    return w.call("UpdateContributorInsights", {{"TableName", table}, {"ContributorInsightsAction", action}});
  };
  CHECK(set("Tab", "ENABLE")["ContributorInsightsStatus"] == "ENABLING");
  const auto on = w.call("DescribeContributorInsights", {{"TableName", "Tab"}});
  CHECK(on["ContributorInsightsStatus"] == "ENABLED");
  CHECK(on["ContributorInsightsRuleList"].size() == 2);
  set("Other", "ENABLE");
  CHECK(
      w.call("DescribeContributorInsights", {{"TableName", "Other"}})["ContributorInsightsRuleList"].size() ==
      4);
  auto page = w.call("ListContributorInsights", {{"MaxResults", 1}});
  CHECK(page["ContributorInsightsSummaries"][0]["TableName"] == "Other");
  page = w.call("ListContributorInsights", {{"MaxResults", 1}, {"NextToken", page["NextToken"]}});
  CHECK(page["ContributorInsightsSummaries"][0]["TableName"] == "Tab");
  CHECK_FALSE(page.contains("NextToken"));
  CHECK(set("Tab", "DISABLE")["ContributorInsightsStatus"] == "DISABLING");
  CHECK(w.call("ListContributorInsights", {{"TableName", "Tab"}})["ContributorInsightsSummaries"].empty());
  CHECK(w.fail("DescribeContributorInsights", {{"TableName", "Tab"}, {"IndexName", "nope"}}).code ==
        "ResourceNotFoundException");
}
