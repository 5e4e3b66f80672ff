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
