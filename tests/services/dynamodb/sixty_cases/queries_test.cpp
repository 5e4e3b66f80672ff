#include "tests/services/dynamodb/sixty_cases/cases.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Sorted with the items sk -2, -1, 0, 1.5 and 10 of partition p.
struct WithItems : SixtyCases {
  WithItems() {
    table("Sorted", true);
    for (const auto* sk : {"-2", "-1", "0", "1.5", "10"})
      DynamoWorld::put({{"pk", S("p")}, {"sk", N(sk)}, {"v", N(sk)}}, "Sorted");
  }
  static Json input(std::string_view condition, std::string_view values, std::string_view more) {
    Json in{{"TableName", "Sorted"},
            {"KeyConditionExpression", condition},
            {"ExpressionAttributeValues", Json::parse(values)}};
    in.update(Json::parse(more));
    return in;
  }
  Json query(std::string_view condition, std::string_view values, std::string_view more = "{}") {
    return call("Query", input(condition, values, more));
  }
  std::string query_refused(std::string_view condition, std::string_view values,
                            std::string_view more = "{}") {
    return refused("Query", input(condition, values, more));
  }
};
Json column(const Json& reply, const char* name, const char* type) {
  Json out = Json::array();
  for (const auto& item : reply["Items"]) out.push_back(item[name][type]);
  return out;
}
}  // namespace

TEST_CASE("case 43: a key has one condition") {
  WithItems w;
  CHECK(w.query_refused("pk = :p AND sk > :a AND sk < :b",
                        R"({":p":{"S":"p"},":a":{"N":"1"},":b":{"N":"2"}})") == VALIDATION
        "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one "
        "condition per key");
}

TEST_CASE("case 44: a query names the partition") {
  WithItems w;
  CHECK(w.query_refused("sk = :s", R"({":s":{"N":"1"}})") == VALIDATION
        "Query condition missed key schema element: pk");
}

TEST_CASE("case 45: a number begins with nothing, whether or not the table exists") {
  WithItems w;
  for (const auto* table : {R"({"TableName":"Sorted"})", R"({"TableName":"absent"})"})
    CHECK(w.query_refused("pk = :p AND begins_with(sk,:n)", R"({":p":{"S":"p"},":n":{"N":"1"}})", table) ==
          VALIDATION
          "Invalid KeyConditionExpression: Incorrect operand type for operator or "
          "function; operator or function: begins_with, operand type: N");
}

TEST_CASE("case 46: a query walks in the order of numbers, either way") {
  WithItems w;
  const auto* values = R"({":p":{"S":"p"},":lo":{"N":"0"}})";
  CHECK(column(w.query("pk=:p AND :lo <= sk", values), "sk", "N") == Json{"0", "1.5", "10"});
  CHECK(column(w.query("pk=:p AND :lo <= sk", values, R"({"ScanIndexForward":false})"), "sk", "N") ==
        Json{"10", "1.5", "0"});
}

TEST_CASE("case 47: a page as long as its limit has a key to go on from") {
  WithItems w;
  const auto* two = R"({":p":{"S":"p"},":lo":{"N":"0"}})";
  const auto page = w.query("pk=:p AND sk >= :lo", two, R"({"Limit":3})");
  CHECK(page["Count"] == 3);
  CHECK(page["LastEvaluatedKey"] == Json::parse(R"({"pk":{"S":"p"},"sk":{"N":"10"}})"));
  CHECK(w.query("pk=:p AND sk >= :lo", two,
                R"({"Limit":3,"ExclusiveStartKey":{"pk":{"S":"p"},"sk":{"N":"10"}}})") ==
        Json::parse(R"({"Items":[],"Count":0,"ScannedCount":0})"));
  CHECK_FALSE(w.query("pk=:p AND sk >= :lo", two, R"({"Limit":4})").contains("LastEvaluatedKey"));
}

TEST_CASE("case 48: a filter leaves the keys alone") {
  WithItems w;
  CHECK(w.query_refused("pk = :p", R"({":p":{"S":"p"},":f":{"N":"1"}})",
                        R"({"FilterExpression":"sk > :f"})") == VALIDATION
        "Filter Expression can only contain non-primary key attributes: Primary key "
        "attribute: sk");
}

TEST_CASE("case 49: a global index is not read consistently") {
  SixtyCases w;
  w.answer("CreateTable", R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
    {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"GlobalSecondaryIndexes":[{"IndexName":"by-g",
    "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]})");
  CHECK(w.refused("Query", R"({"TableName":"Tab","IndexName":"by-g","ConsistentRead":true,
    "KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"x"}}})") == VALIDATION
        "Consistent reads are not supported on global secondary indexes");
}

TEST_CASE("case 50: COUNT counts before and after the filter and shows no items") {
  WithItems w;
  CHECK(w.query("pk = :p", R"({":p":{"S":"p"},":f":{"N":"0"}})",
                R"({"Select":"COUNT","FilterExpression":"v > :f"})") ==
        Json::parse(R"({"Count":2,"ScannedCount":5})"));
}

TEST_CASE("case 51: a scan follows the order of AWS's hash") {
  SixtyCases w;
  w.table();
  for (const auto* pk :
       {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "aardman", "hello", "zapf", "äáöü"})
    w.DynamoWorld::put({{"pk", S(pk)}});
  CHECK(column(w.answer("Scan", R"({"TableName":"Tab"})"), "pk", "S") ==
        Json{"2", "8", "9", "1", "6", "hello", "0", "5", "4", "äáöü", "aardman", "7", "3", "zapf"});
}

TEST_CASE("case 52: segments are counted from zero") {
  SixtyCases w;
  w.table();
  CHECK(w.refused("Scan", R"({"TableName":"Tab","Segment":2,"TotalSegments":2})") == VALIDATION
        "The Segment parameter is zero-based and must be less than parameter "
        "TotalSegments: Segment: 2 is not less than TotalSegments: 2");
}

TEST_CASE("case 53: a read of an absent item costs a unit, half of one if eventual") {
  SixtyCases w;
  w.table();
  CHECK(
      w.answer("GetItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"ReturnConsumedCapacity":"TOTAL"})") ==
      Json::parse(R"({"ConsumedCapacity":{"TableName":"Tab","CapacityUnits":0.5}})"));
  CHECK(w.answer("GetItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"ConsistentRead":true,
    "ReturnConsumedCapacity":"TOTAL"})") ==
        Json::parse(R"({"ConsumedCapacity":{"TableName":"Tab","CapacityUnits":1.0}})"));
}

TEST_CASE("case 54: a write costs the larger item, an index entry that moves costs twice") {
  SixtyCases w;
  w.answer("CreateTable", R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
    {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"GlobalSecondaryIndexes":[{"IndexName":"by-g",
    "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]})");
  const auto put = [&](std::size_t bytes, std::string_view g, std::string_view mode) {
    return w.call("PutItem", {{"TableName", "Tab"},
                              {"Item", {{"pk", S("a")}, {"g", S(g)}, {"v", S(std::string(bytes, 'x'))}}},
                              {"ReturnConsumedCapacity", mode}})["ConsumedCapacity"];
  };
  put(2500, "x", "NONE");
  CHECK(put(100, "x", "TOTAL")["CapacityUnits"] == 3.0);
  CHECK(put(100, "y", "INDEXES") == Json::parse(R"({"TableName":"Tab","CapacityUnits":3.0,
    "Table":{"CapacityUnits":1.0},"GlobalSecondaryIndexes":{"by-g":{"CapacityUnits":2.0}}})"));
}

TEST_CASE("case 55: a batch reads up to a hundred keys, each once") {
  SixtyCases w;
  w.table();
  CHECK(w.refused("BatchGetItem",
                  R"({"RequestItems":{"Tab":{"Keys":[{"pk":{"S":"a"}},{"pk":{"S":"a"}}]}}})") == VALIDATION
        "Provided list of item keys contains duplicates");
  Json keys = Json::array();
  for (int i = 0; i < 101; ++i) keys.push_back({{"pk", S(std::to_string(i))}});
  CHECK(w.refused("BatchGetItem", Json{{"RequestItems", {{"Tab", {{"Keys", keys}}}}}}) == ENV
        "Value at 'RequestItems.Tab.member.Keys' failed to satisfy constraint: Member must have length less "
        "than or equal to 100");
}
