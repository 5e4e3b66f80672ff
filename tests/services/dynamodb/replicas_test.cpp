#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json update(Json replica_updates) {
  return {{"TableName", "Tab"}, {"ReplicaUpdates", std::move(replica_updates)}};
}
Json action(std::string_view name, std::string_view region) { return {{name, {{"RegionName", region}}}}; }
}  // namespace

TEST_CASE("a replica is described as active, and its table has a stream") {
  DynamoWorld w;
  w.table();
  w.call("UpdateTable", update(Json::array({action("Create", "eu-west-1")})));
  auto table = w.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
  CHECK(table["GlobalTableVersion"] == "2019.11.21");
  REQUIRE(table["Replicas"].size() == 1);
  CHECK(table["Replicas"][0]["RegionName"] == "eu-west-1");
  CHECK(table["Replicas"][0]["ReplicaStatus"] == "ACTIVE");
  CHECK(table["StreamSpecification"] ==
        Json{{"StreamEnabled", true}, {"StreamViewType", "NEW_AND_OLD_IMAGES"}});
  CHECK(w.call("DescribeTableReplicaAutoScaling", {{"TableName", "Tab"}})["TableAutoScalingDescription"] ==
        Json{{"TableName", "Tab"},
             {"TableStatus", "ACTIVE"},
             {"Replicas", Json::array({{{"RegionName", "eu-west-1"}, {"ReplicaStatus", "ACTIVE"}}})}});
  w.call("UpdateTable", update(Json::array({action("Delete", "eu-west-1")})));
  table = w.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
  CHECK_FALSE(table.contains("Replicas"));
  CHECK_FALSE(table.contains("GlobalTableVersion"));
}

TEST_CASE("replica updates are refused in AWS's words") {
  DynamoWorld w;
  w.table();
  const auto refusal = [&](Json updates) { return w.refusal("UpdateTable", update(std::move(updates))); };
  auto together = update(Json::array({action("Create", "eu-west-1")}));
  together["DeletionProtectionEnabled"] = true;
  CHECK(w.refusal("UpdateTable", together) ==
        "One or more parameter values were invalid: Replica modification must be the only operation in the "
        "request");
  CHECK(refusal(Json::array({Json::object()})) ==
        "There are no actions specified in the Replica Update Action of the request.");
  CHECK(refusal(Json::array({action("Create", "us-east-1")}))
            .starts_with("Cannot add or delete the local region"));
  CHECK(refusal(Json::array({action("Create", "eu-west-1"), action("Create", "eu-west-2")})) ==
        "Update table operation with more than one create or delete replica actions not allowed");
  CHECK(
      refusal(Json::array({action("Delete", "eu-west-1")})) ==
      "Update global table operation failed because one or more replicas were not part of the global table. "
      "Please retry the request without these replicas: [eu-west-1].");
  w.call("UpdateTable", update(Json::array({action("Create", "eu-west-1")})));
  CHECK(refusal(Json::array({action("Create", "eu-west-1")})) ==
        "Failed to create a the new replica of table with name: ‘Tab’ because one or more replicas already "
        "existed as tables.");
}

TEST_CASE("global tables of 2017 are refused as AWS refuses them") {
  DynamoWorld w;
  w.table();
  const Json replicas = Json::array({{{"RegionName", "eu-west-1"}}});
  const std::string old =
      "One or more parameter values were invalid: DynamoDB global tables version 2017.11.29 is not "
      "supported. We "
      "recommend using DynamoDB global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).";
  CHECK(w.refusal("CreateGlobalTable", {{"GlobalTableName", "Tab"}, {"ReplicationGroup", replicas}}) == old);
  CHECK(w.refusal("UpdateGlobalTable", {{"GlobalTableName", "Tab"}, {"ReplicaUpdates", Json::array()}}) ==
        old);
  CHECK(w.call("ListGlobalTables") == Json{{"GlobalTables", Json::array()}});
  for (const auto* operation :
       {"DescribeGlobalTable", "DescribeGlobalTableSettings", "UpdateGlobalTableSettings"}) {
    const auto fault = w.fail(operation, {{"GlobalTableName", "Tab"}});
    CHECK(fault.code == "GlobalTableNotFoundException");
    CHECK(fault.message == "Global table not found: Global table with name: 'Tab' does not exist.");
  }
}
