#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json properties(std::string_view more = "{}") {
  Json out = Json::parse(
      R"({"TableName":"orders","BillingMode":"PAY_PER_REQUEST","SSESpecification":{"SSEEnabled":true},
    "AttributeDefinitions":[{"AttributeName":"orderId","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"orderId","KeyType":"HASH"}]})");
  out.update(Json::parse(more));
  return out;
}
struct Stack : DynamoWorld {
  const ResourceType& type = db.resource_types()[0];
  Resource create(Json given) {
    auto made = run(type.create(db, context, {"Orders", "stack", "stack-Orders-1", std::move(given)}));
    if (!made) FAIL(made.error().message);
    return *made;
  }
  Resource update(Resource old, Json given) {
    auto done =
        run(type.update(db, context, std::move(old), {"Orders", "stack", "stack-Orders-1", std::move(given)}),
            1h);
    if (!done) FAIL(done.error().message);
    return *done;
  }
  Json described(std::string_view name = "orders") {
    return call("DescribeTable", {{"TableName", name}})["Table"];
  }
};
}  // namespace

TEST_CASE("the table of a template is a table") {
  Stack w;
  CHECK(w.type.type == "AWS::DynamoDB::Table");
  const auto made =
      w.create(properties(R"({"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":"true"},
    "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true},
    "StreamSpecification":{"StreamViewType":"NEW_IMAGE"},"Tags":[{"Key":"k","Value":"v"}]})"));
  CHECK(made.physical_id == "orders");
  CHECK(made.attributes["Arn"] == "arn:aws:dynamodb:us-east-1:000000000000:table/orders");
  CHECK(made.attributes["StreamArn"] ==
        "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000");
  CHECK(w.described()["SSEDescription"]["Status"] == "ENABLED");
  CHECK(w.call("DescribeTimeToLive", {{"TableName", "orders"}})["TimeToLiveDescription"]["AttributeName"] ==
        "ttl");
  CHECK(w.run(w.type.remove(w.db, w.context, made)));
  CHECK(w.call("ListTables")["TableNames"].empty());
  CHECK(w.run(w.type.remove(w.db, w.context, made)));  // twice is as good as once
}

TEST_CASE("a table without a name gets the suggested one") {
  Stack w;
  auto given = properties();
  given.erase("TableName");
  CHECK(w.create(given).physical_id == "stack-Orders-1");
}

TEST_CASE("an update of the template changes what differs and keeps the items") {
  Stack w;
  const auto made = w.create(properties());
  w.put({{"orderId", S("1")}, {"g", S("x")}}, "orders");
  auto given = properties(
      R"({"BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":"1","WriteCapacityUnits":2},
    "AttributeDefinitions":[{"AttributeName":"orderId","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
    "GlobalSecondaryIndexes":[{"IndexName":"by-g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
      "Projection":{"ProjectionType":"ALL"},"ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}}],
    "Tags":[{"Key":"k","Value":"v"}]})");
  w.update(made, given);
  CHECK(w.described()["ProvisionedThroughput"]["ReadCapacityUnits"] == 1);
  CHECK(w.call("Scan", {{"TableName", "orders"}, {"IndexName", "by-g"}})["Count"] == 1);
  given["GlobalSecondaryIndexes"][0]["Projection"] = {{"ProjectionType", "KEYS_ONLY"}};
  w.update(made, given);
  CHECK(w.described()["GlobalSecondaryIndexes"][0]["Projection"]["ProjectionType"] == "KEYS_ONLY");
  w.update(made, properties());
  CHECK_FALSE(w.described().contains("GlobalSecondaryIndexes"));
  CHECK(w.described()["ItemCount"] == 1);
}

TEST_CASE("a template's settings are applied, and UpdateTable hears only of those that change") {
  Stack w;
  constexpr std::string_view kSettings = R"({
    "AttributeDefinitions":[{"AttributeName":"orderId","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
    "GlobalSecondaryIndexes":[{"IndexName":"by-g","Projection":{"ProjectionType":"ALL"},
      "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}],
    "OnDemandThroughput":{"MaxReadRequestUnits":"100"},"TableClass":"STANDARD_INFREQUENT_ACCESS",
    "WarmThroughput":{"ReadUnitsPerSecond":20000},
    "ResourcePolicy":{"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}}})";
  auto made = w.create(properties(kSettings));
  CHECK(w.described()["OnDemandThroughput"] == Json{{"MaxReadRequestUnits", 100}});
  CHECK(w.described()["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS");
  CHECK(w.described()["WarmThroughput"]["ReadUnitsPerSecond"] == 20000);
  CHECK(Json::parse(w.call("GetResourcePolicy", {{"ResourceArn", made.attributes["Arn"]}})["Policy"]
                        .get<std::string>())["Version"] == "2012-10-17");
  made = w.update(made, properties(kSettings));
  auto provisioned = properties(kSettings);
  provisioned.erase("OnDemandThroughput");
  provisioned.erase("WarmThroughput");
  provisioned["BillingMode"] = "PROVISIONED";
  const Json throughput{{"ReadCapacityUnits", 3}, {"WriteCapacityUnits", 4}};
  provisioned["ProvisionedThroughput"] = provisioned["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] =
      throughput;
  provisioned.erase("SSESpecification");
  made = w.update(made, provisioned);
  CHECK(w.described()["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"] == 4);
  CHECK_FALSE(w.described().contains("SSEDescription"));
  w.update(made, provisioned);
}
