#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
std::string ompv(std::string_view text) {
  return "One or more parameter values were invalid: " + std::string(text);
}

Json simple(std::string_view name = "Tab") {
  return {{"TableName", name},
          {"AttributeDefinitions", {{{"AttributeName", "pk"}, {"AttributeType", "S"}}}},
          {"KeySchema", {{{"AttributeName", "pk"}, {"KeyType", "HASH"}}}},
          {"BillingMode", "PAY_PER_REQUEST"}};
}
Json with(Json base, Json more) {
  base.update(more);
  return base;
}
Json key(std::string_view name, std::string_view type) {
  return {{"AttributeName", name}, {"KeyType", type}};
}
}  // namespace

TEST_CASE("a table is CREATING in the reply and ACTIVE when described") {
  DynamoWorld w;
  const auto made = w.call("CreateTable", simple())["TableDescription"];
  CHECK(made["TableStatus"] == "CREATING");
  CHECK(made["TableArn"] == "arn:aws:dynamodb:us-east-1:000000000000:table/Tab");
  CHECK(made["DeletionProtectionEnabled"] == false);
  CHECK(made["BillingModeSummary"] == Json{{"BillingMode", "PAY_PER_REQUEST"}});
  CHECK_FALSE(made.contains("WarmThroughput"));
  const auto table = w.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
  CHECK(table["TableStatus"] == "ACTIVE");
  CHECK(table["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] == made["CreationDateTime"]);
  CHECK(table["WarmThroughput"] ==
        Json{{"ReadUnitsPerSecond", 12000}, {"WriteUnitsPerSecond", 4000}, {"Status", "ACTIVE"}});
  CHECK(table["ProvisionedThroughput"] ==
        Json{{"ReadCapacityUnits", 0}, {"WriteCapacityUnits", 0}, {"NumberOfDecreasesToday", 0}});
  CHECK(w.refusal("CreateTable", simple()) == "Table already exists: Tab");
}

TEST_CASE("a deleted table is gone, and so are its items for one of the same name") {
  DynamoWorld w;
  w.table();
  w.put({{"pk", S("a")}});
  const auto gone = w.call("DeleteTable", {{"TableName", "Tab"}})["TableDescription"];
  CHECK(gone["TableStatus"] == "DELETING");
  CHECK_FALSE(gone.contains("KeySchema"));
  const auto fault = w.fail("DescribeTable", {{"TableName", "Tab"}});
  CHECK(fault.code == "ResourceNotFoundException");
  CHECK(fault.message == "Requested resource not found: Table: Tab not found");
  w.table();
  CHECK(w.get({{"pk", S("a")}}).is_null());
  std::size_t rows = 0;
  w.disk.scan(storage::prefix(storage::Key(storage::Space::items)), [&](auto, auto) { return ++rows, true; });
  CHECK(rows == 0);
}

TEST_CASE("everything is there after a restart") {
  DynamoWorld w;
  w.call("CreateTable",
         with(simple(), Json::parse(R"({"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
    {"AttributeName":"g","AttributeType":"N"}],"GlobalSecondaryIndexes":[{"IndexName":"by-g","Projection":{"ProjectionType":"ALL"},
    "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}],"Tags":[{"Key":"k","Value":"v"}]})")));
  w.put({{"pk", S("a")}, {"g", N("7")}, {"l", {{"L", {S("x")}}}}});
  const auto before = w.call("DescribeTable", {{"TableName", "Tab"}});
  dynamodb::DynamoDb again(w.disk, w.clock, w.loops, w.ids);
  again.load();
  CHECK(w.call(again, "DescribeTable", {{"TableName", "Tab"}}) == before);
  CHECK(w.call(again, "GetItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}})["Item"]["l"] ==
        Json{{"L", {S("x")}}});
  CHECK(w.call(again, "Query",
               {{"TableName", "Tab"},
                {"IndexName", "by-g"},
                {"KeyConditionExpression", "g = :g"},
                {"ExpressionAttributeValues", {{":g", N("7.0")}}}})["Count"] == 1);
  CHECK(w.call(again, "ListTagsOfResource",
               {{"ResourceArn", "arn:aws:dynamodb:us-east-1:000000000000:table/Tab"}}) ==
        Json::parse(R"({"Tags":[{"Key":"k","Value":"v"}]})"));
  w.call(again, "DeleteTable", {{"TableName", "Tab"}});
  dynamodb::DynamoDb third(w.disk, w.clock, w.loops, w.ids);
  third.load();
  CHECK(w.call(third, "ListTables") == Json{{"TableNames", Json::array()}});
}

TEST_CASE("tables are listed by name, page by page") {
  DynamoWorld w;
  for (const auto* name : {"bbb", "aaa", "ccc"}) w.table(name);
  auto page = w.call("ListTables", {{"Limit", 2}});
  CHECK(page == Json{{"TableNames", {"aaa", "bbb"}}, {"LastEvaluatedTableName", "bbb"}});
  CHECK(w.call("ListTables", {{"Limit", 2}, {"ExclusiveStartTableName", "bbb"}}) ==
        Json{{"TableNames", {"ccc"}}});
  CHECK(w.refusal("ListTables", {{"Limit", 0}}) ==
        "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have "
        "value greater "
        "than or equal to 1");
}

TEST_CASE("CreateTable refuses what is no table, in AWS's words") {
  DynamoWorld w;
  const auto refusal = [&](Json more) { return w.refusal("CreateTable", with(simple(), more)); };
  CHECK(refusal({{"TableName", "ab"}}) ==
        "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must "
        "have length "
        "greater than or equal to 3");
  CHECK(w.refusal("CreateTable", Json::object()) ==
        "The parameter 'TableName' is required but was not present in the request");
  CHECK(refusal({{"ProvisionedThroughput", {{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}}}}) ==
        ompv("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
             "PAY_PER_REQUEST"));
  CHECK(
      refusal({{"BillingMode", "PROVISIONED"}}) ==
      ompv(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"));
  CHECK(refusal({{"KeySchema", {key("a", "HASH")}}}) ==
        ompv("Some index key attributes are not defined in AttributeDefinitions. Keys: [a], "
             "AttributeDefinitions: [pk]"));
  CHECK(refusal({{"KeySchema", {key("pk", "HASH"), key("pk", "RANGE")}}}) ==
        "Invalid KeySchema: Some index key attribute have no definition");
  CHECK(refusal({{"KeySchema", {key("pk", "RANGE")}}}) ==
        "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  CHECK(refusal({{"AttributeDefinitions", {{{"AttributeName", "pk"}, {"AttributeType", "BOOL"}}}}}) ==
        "1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' failed "
        "to satisfy "
        "constraint: Member must satisfy enum value set: [B, N, S]");
  CHECK(refusal({{"AttributeDefinitions", Json::parse(R"([{"AttributeName":"pk","AttributeType":"S"},
    {"AttributeName":"x","AttributeType":"S"}])")}}) ==
        ompv("Number of attributes in KeySchema does not exactly match number of attributes defined in "
             "AttributeDefinitions"));
  CHECK(refusal({{"GlobalSecondaryIndexes", Json::array()}}) ==
        ompv("List of GlobalSecondaryIndexes is empty"));
  const Json index{
      {"IndexName", "lsi"}, {"KeySchema", {key("pk", "HASH")}}, {"Projection", {{"ProjectionType", "ALL"}}}};
  CHECK(refusal({{"LocalSecondaryIndexes", {index}}}) ==
        ompv("Table KeySchema does not have a range key, which is required when specifying a "
             "LocalSecondaryIndex"));
  CHECK(refusal({{"GlobalSecondaryIndexes", {with(index, {{"Projection", Json::object()}})}}}) ==
        ompv("Unknown ProjectionType: null"));
  CHECK(refusal(
            {{"GlobalSecondaryIndexes", {with(index, {{"Projection", {{"ProjectionType", "INCLUDE"}}}})}}}) ==
        ompv("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"));
  CHECK(refusal({{"GlobalSecondaryIndexes", {index, index}}}) == ompv("Duplicate index name: lsi"));
  CHECK(refusal({{"StreamSpecification", {{"StreamEnabled", false}, {"StreamViewType", "NEW_IMAGE"}}}}) ==
        ompv("Table is being created with a stream disabled, UpdateViewType should not be specified"));
  CHECK(w.call("ListTables")["TableNames"].empty());
}

TEST_CASE("a protected table cannot be deleted until the protection is lifted") {
  DynamoWorld w;
  w.call("CreateTable", with(simple(), {{"DeletionProtectionEnabled", true}}));
  CHECK(w.refusal("DeleteTable", {{"TableName", "Tab"}}) ==
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
        "protection first.");
  w.call("UpdateTable", {{"TableName", "Tab"}, {"DeletionProtectionEnabled", false}});
  w.call("DeleteTable", {{"TableName", "Tab"}});
}

TEST_CASE("billing can change both ways") {
  DynamoWorld w;
  w.table();
  const auto refusal = [&](Json more) {
    return w.refusal("UpdateTable", with({{"TableName", "Tab"}}, more));
  };
  const Json throughput{{"ReadCapacityUnits", 5}, {"WriteCapacityUnits", 6}};
  CHECK(refusal(Json::object()) ==
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates or "
        "SSESpecification or ReplicaUpdates is required");
  CHECK(refusal({{"ProvisionedThroughput", throughput}}) ==
        ompv("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
             "PAY_PER_REQUEST"));
  CHECK(refusal({{"BillingMode", "PROVISIONED"}}) ==
        ompv("ProvisionedThroughput must be specified when BillingMode is PROVISIONED"));
  w.call("UpdateTable",
         {{"TableName", "Tab"}, {"BillingMode", "PROVISIONED"}, {"ProvisionedThroughput", throughput}});
  const auto table = w.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
  CHECK(table["ProvisionedThroughput"]["WriteCapacityUnits"] == 6);
  CHECK(table["BillingModeSummary"]["BillingMode"] == "PROVISIONED");
  CHECK(refusal({{"ProvisionedThroughput", throughput}})
            .starts_with("The provisioned throughput for the table will not change."));
  CHECK(refusal({{"SSESpecification", {{"Enabled", true}}}, {"BillingMode", "PAY_PER_REQUEST"}}) ==
        ompv("Server-Side Encryption modification must be the only operation in the request"));
}

TEST_CASE("counts follow the items") {
  DynamoWorld w;
  w.table();
  const auto count = [&] {
    const auto t = w.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
    return std::pair(t["ItemCount"].get<int>(), t["TableSizeBytes"].get<int>());
  };
  CHECK(count() == std::pair(0, 0));
  w.put({{"pk", S("a")}, {"n", N("-42")}});
  CHECK(count() == std::pair(1, 7));  // pk + a, n + 3 bytes
  w.call("DeleteItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}});
  CHECK(count() == std::pair(0, 0));
}
