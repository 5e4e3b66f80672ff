#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kArn = "arn:aws:dynamodb:us-east-1:000000000000:table/Tab";
}

TEST_CASE("time to live is switched on and off") {
  DynamoWorld w;
  w.table();
  const auto set = [](bool on, std::string_view name) {
    return Json{{"TableName", "Tab"},
                {"TimeToLiveSpecification", {{"Enabled", on}, {"AttributeName", name}}}};
  };
  const auto described = [&] {
    return w.call("DescribeTimeToLive", {{"TableName", "Tab"}})["TimeToLiveDescription"];
  };
  CHECK(described() == Json{{"TimeToLiveStatus", "DISABLED"}});
  CHECK(w.refusal("UpdateTimeToLive", set(false, "ttl")) == "TimeToLive is already disabled");
  w.call("UpdateTimeToLive", set(true, "ttl"));
  CHECK(described() == Json{{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", "ttl"}});
  CHECK(w.refusal("UpdateTimeToLive", set(true, "ttl")) == "TimeToLive is already enabled");
  CHECK(w.refusal("UpdateTimeToLive", set(true, "other")) ==
        "TimeToLive is active on a different AttributeName: current AttributeName is ttl");
  w.call("UpdateTimeToLive", set(false, "ttl"));
  CHECK(described() == Json{{"TimeToLiveStatus", "DISABLED"}});
}

TEST_CASE("point-in-time recovery reaches back to its start, not to the present") {
  DynamoWorld w;
  w.table();
  const auto described = [&] {
    return w.call("DescribeContinuousBackups",
                  {{"TableName", "Tab"}})["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
  };
  CHECK(described() == Json{{"PointInTimeRecoveryStatus", "DISABLED"}});
  const double start = epoch_seconds(w.clock.now());
  w.call(
      "UpdateContinuousBackups",
      {{"TableName", "Tab"}, {"PointInTimeRecoverySpecification", {{"PointInTimeRecoveryEnabled", true}}}});
  w.advance(1h);
  CHECK(described() == Json{{"PointInTimeRecoveryStatus", "ENABLED"},
                            {"RecoveryPeriodInDays", 35},
                            {"EarliestRestorableDateTime", start},
                            {"LatestRestorableDateTime", start + 3600 - 300}});
  const auto fault = w.fail("DescribeContinuousBackups", {{"TableName", "nope"}});
  CHECK(fault.code == "TableNotFoundException");
  CHECK(fault.message == "Table not found: nope");
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
