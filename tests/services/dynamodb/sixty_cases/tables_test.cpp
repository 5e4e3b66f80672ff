#include "tests/services/dynamodb/sixty_cases/cases.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("case 8: a table name of two letters is too short") {
  SixtyCases w;
  CHECK(w.refused("CreateTable", R"({"TableName":"ab","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})") == ENV
        "Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or "
        "equal to 3");
}

TEST_CASE("case 9: a table on demand takes no throughput") {
  SixtyCases w;
  auto table = Json::parse(kSimpleTable);
  table["ProvisionedThroughput"] = {{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}};
  CHECK(w.refused("CreateTable", table) == VALIDATION OMPV
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
}

TEST_CASE("case 10: a key attribute must be defined") {
  SixtyCases w;
  CHECK(w.refused("CreateTable", R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"b","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]})") == VALIDATION OMPV
        "Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: "
        "[b]");
}

TEST_CASE("case 11: two key elements of one name lack a definition") {
  SixtyCases w;
  CHECK(w.refused("CreateTable", R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"pk","KeyType":"RANGE"}]})") ==
        VALIDATION "Invalid KeySchema: Some index key attribute have no definition");
}

TEST_CASE("case 12: a table name is taken once") {
  SixtyCases w;
  w.answer("CreateTable", kSimpleTable);
  CHECK(w.refused("CreateTable", kSimpleTable) == "ResourceInUseException: Table already exists: Tab");
}

TEST_CASE("case 13: a table is CREATING in the reply and ACTIVE on the first look") {
  SixtyCases w;
  CHECK(w.answer("CreateTable", kSimpleTable)["TableDescription"]["TableStatus"] == "CREATING");
  const auto table = w.answer("DescribeTable", R"({"TableName":"Tab"})")["Table"];
  CHECK(table["TableStatus"] == "ACTIVE");
  CHECK(table["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] == table["CreationDateTime"]);
  CHECK(table["WarmThroughput"] ==
        Json::parse(R"({"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"})"));
  CHECK(table["ProvisionedThroughput"] ==
        Json::parse(R"({"ReadCapacityUnits":0,"WriteCapacityUnits":0,"NumberOfDecreasesToday":0})"));
}

TEST_CASE("case 14: a protected table is not deleted") {
  SixtyCases w;
  auto table = Json::parse(kSimpleTable);
  table["DeletionProtectionEnabled"] = true;
  w.call("CreateTable", table);
  CHECK(w.refused("DeleteTable", R"({"TableName":"Tab"})") == VALIDATION
        "Resource cannot be deleted as it is currently protected against deletion. "
        "Disable deletion protection first.");
}

TEST_CASE("case 15: table operations name the absent table, data operations do not") {
  SixtyCases w;
  CHECK(w.refused("DescribeTable", R"({"TableName":"X"})") ==
        "ResourceNotFoundException: Requested resource not found: Table: X not found");
  CHECK(w.refused("GetItem", R"({"TableName":"X","Key":{"pk":{"S":"a"}}})") ==
        "ResourceNotFoundException: Requested resource not found");
}
