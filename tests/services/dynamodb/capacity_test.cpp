// E5 and E6: what reads and writes are said to cost.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Tab: pk S, sk N; GSI by-g (g S; ALL), GSI keys-h (h S; KEYS_ONLY), LSI by-l (pk, l S; KEYS_ONLY).
struct Billed : TextWorld {
  Billed() {
    answer("CreateTable", R"j({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
      {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
      {"AttributeName":"g","AttributeType":"S"},{"AttributeName":"h","AttributeType":"S"},
      {"AttributeName":"l","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "GlobalSecondaryIndexes":[{"IndexName":"by-g","Projection":{"ProjectionType":"ALL"},"KeySchema":[
          {"AttributeName":"g","KeyType":"HASH"}]},
        {"IndexName":"keys-h","Projection":{"ProjectionType":"KEYS_ONLY"},"KeySchema":[
          {"AttributeName":"h","KeyType":"HASH"}]}],
      "LocalSecondaryIndexes":[{"IndexName":"by-l","Projection":{"ProjectionType":"KEYS_ONLY"},"KeySchema":[
        {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}]}]})j");
  }
  static Json sized(std::string_view sk, std::size_t bytes, const char* more = "{}") {
    return merged({{"pk", S("p")}, {"sk", N(sk)}, {"v", S(std::string(bytes, 'x'))}}, Json::parse(more));
  }
  Json put_cost(Json item, std::string_view mode = "INDEXES") {
    return call("PutItem",
                {{"TableName", "Tab"}, {"Item", item}, {"ReturnConsumedCapacity", mode}})["ConsumedCapacity"];
  }
  Json cost(std::string_view operation, const char* more) {
    const Json base{{"TableName", "Tab"}, {"ReturnConsumedCapacity", "INDEXES"}};
    return call(operation, merged(base, Json::parse(more)))["ConsumedCapacity"];
  }
};
Json J(const char* text) { return Json::parse(text); }
}  // namespace

TEST_CASE("reads cost four kilobytes a unit, half if eventual, and a whole one if of nothing") {
  Billed w;
  w.put_cost(Billed::sized("1", 4090));  // 4099 bytes
  CHECK(w.cost("GetItem", R"({"Key":{"pk":{"S":"p"},"sk":{"N":"1"}}})")["CapacityUnits"] == 1.0);
  CHECK(w.cost(
            "GetItem",
            R"({"Key":{"pk":{"S":"p"},"sk":{"N":"1"}},"ConsistentRead":true,"ProjectionExpression":"pk"})") ==
        J(R"({"TableName":"Tab","CapacityUnits":2.0,"Table":{"CapacityUnits":2.0}})"));
  const auto batch =
      w.answer("BatchGetItem", R"({"ReturnConsumedCapacity":"TOTAL","RequestItems":{"Tab":{"Keys":[
    {"pk":{"S":"p"},"sk":{"N":"1"}},{"pk":{"S":"p"},"sk":{"N":"2"}}]}}})");
  CHECK(batch["ConsumedCapacity"] == J(R"([{"TableName":"Tab","CapacityUnits":1.5}])"));
}

TEST_CASE("queries and scans add up the sizes they evaluate before they round") {
  Billed w;
  for (const auto* sk : {"1", "2", "3"}) w.put_cost(Billed::sized(sk, 1990));  // 1999 each
  const char* all = R"({"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p"}},)";
  const auto query = [&](const char* more) {
    return w.cost("Query", (all + std::string(more) + "}").c_str());
  };
  CHECK(query(R"("ConsistentRead":false)")["CapacityUnits"] == 1.0);
  CHECK(query(R"("ConsistentRead":true)")["CapacityUnits"] == 2.0);
  CHECK(query(R"("ConsistentRead":true,"Limit":2)")["CapacityUnits"] == 1.0);
  CHECK(query(R"j("Select":"COUNT","FilterExpression":"attribute_not_exists(v)")j")["CapacityUnits"] == 1.0);
  CHECK(w.cost("Scan", R"({"ConsistentRead":true})")["CapacityUnits"] == 2.0);
  CHECK(w.cost("Query",
               R"({"KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"none"}}})") ==
        J(R"({"TableName":"Tab","CapacityUnits":0.5,"Table":{"CapacityUnits":0.5}})"));
}

TEST_CASE("reads of an index are on the index's account, fetches of a local one on the table's too") {
  Billed w;
  for (const auto* sk : {"1", "2", "3"})
    w.put_cost(Billed::sized(sk, 4000, R"({"l":{"S":"x"},"g":{"S":"g"}})"));
  CHECK(w.cost("Query", R"({"IndexName":"by-g","KeyConditionExpression":"g = :g",
    "ExpressionAttributeValues":{":g":{"S":"g"}}})") ==
        J(R"({"TableName":"Tab","CapacityUnits":1.5,"Table":{"CapacityUnits":0.0},
          "GlobalSecondaryIndexes":{"by-g":{"CapacityUnits":1.5}}})"));
  const char* local = R"({"IndexName":"by-l","KeyConditionExpression":"pk = :p","ConsistentRead":true,
    "ExpressionAttributeValues":{":p":{"S":"p"}})";
  CHECK(w.cost("Query", (std::string(local) + "}").c_str()) ==
        J(R"({"TableName":"Tab","CapacityUnits":1.0,"Table":{"CapacityUnits":0.0},
          "LocalSecondaryIndexes":{"by-l":{"CapacityUnits":1.0}}})"));
  CHECK(w.cost("Query", (std::string(local) + R"(,"Select":"ALL_ATTRIBUTES"})").c_str()) ==
        J(R"({"TableName":"Tab","CapacityUnits":4.0,"Table":{"CapacityUnits":3.0},
          "LocalSecondaryIndexes":{"by-l":{"CapacityUnits":1.0}}})"));
  CHECK(w.cost("Scan", R"({"IndexName":"by-l"})")["LocalSecondaryIndexes"]["by-l"]["CapacityUnits"] == 0.5);
}

TEST_CASE("writes cost a kilobyte a unit of the larger of the old and the new item") {
  Billed w;
  CHECK(w.put_cost(Billed::sized("1", 2500), "TOTAL") == J(R"({"TableName":"Tab","CapacityUnits":3.0})"));
  CHECK(w.put_cost(Billed::sized("1", 100))["CapacityUnits"] == 3.0);
  CHECK(w.put_cost(Billed::sized("1", 100))["CapacityUnits"] == 1.0);
  const char* key = R"({"Key":{"pk":{"S":"p"},"sk":{"N":"1"}},)";
  const auto update = [&](const char* more) {
    return w.cost("UpdateItem", (std::string(key) + more + "}").c_str());
  };
  CHECK(update(R"("UpdateExpression":"REMOVE v")")["CapacityUnits"] == 1.0);
  w.put_cost(Billed::sized("1", 5000));
  CHECK(update(R"("UpdateExpression":"SET a = :a","ExpressionAttributeValues":{":a":{"N":"1"}})")
            ["CapacityUnits"] == 5.0);
  CHECK(w.cost("DeleteItem", R"({"Key":{"pk":{"S":"p"},"sk":{"N":"1"}}})")["CapacityUnits"] == 5.0);
  CHECK(w.cost("DeleteItem", R"({"Key":{"pk":{"S":"p"},"sk":{"N":"1"}}})") ==
        J(R"({"TableName":"Tab","CapacityUnits":1.0,"Table":{"CapacityUnits":1.0}})"));
}

TEST_CASE("an index entry that appears, changes, moves or goes costs by its own size") {
  Billed w;
  const auto indexes = [](const Json& cost) { return cost.value("GlobalSecondaryIndexes", Json()); };
  CHECK(indexes(w.put_cost(Billed::sized("1", 1500, R"({"g":{"S":"x"},"h":{"S":"x"}})"))) ==
        J(R"({"by-g":{"CapacityUnits":2.0},"keys-h":{"CapacityUnits":1.0}})"));
  CHECK(indexes(w.put_cost(Billed::sized("1", 3500, R"({"g":{"S":"x"},"h":{"S":"x"}})"))) ==
        J(R"({"by-g":{"CapacityUnits":4.0}})"));  // the entry of keys-h is as it was
  CHECK(indexes(w.put_cost(Billed::sized("1", 100, R"({"g":{"S":"y"},"h":{"S":"x"}})"))) ==
        J(R"({"by-g":{"CapacityUnits":5.0}})"));  // moved: 4 + 1
  CHECK(indexes(w.put_cost(Billed::sized("1", 100, R"({"g":{"S":"y"},"h":{"S":"x"}})"))).is_null());
  const auto gone = w.put_cost(Billed::sized("1", 100, R"({"l":{"S":"x"}})"));
  CHECK(gone == J(R"({"TableName":"Tab","CapacityUnits":4.0,"Table":{"CapacityUnits":1.0},
    "GlobalSecondaryIndexes":{"by-g":{"CapacityUnits":1.0},"keys-h":{"CapacityUnits":1.0}},
    "LocalSecondaryIndexes":{"by-l":{"CapacityUnits":1.0}}})"));
  const char* set = R"({"g":{"S":"y"},"tags":{"SS":["a","b"]}})";
  w.put_cost(Billed::sized("2", 10, set));
  CHECK(indexes(w.put_cost(Billed::sized("2", 10, R"({"g":{"S":"y"},"tags":{"SS":["b","a"]}})"))).is_null());
}

TEST_CASE("a batch of writes reports one sum for each table") {
  Billed w;
  const auto reply = w.call("BatchWriteItem",
                            {{"ReturnConsumedCapacity", "INDEXES"},
                             {"RequestItems",
                              {{"Tab",
                                {{{"PutRequest", {{"Item", Billed::sized("1", 1500, R"({"g":{"S":"x"}})")}}}},
                                 {{"PutRequest", {{"Item", Billed::sized("2", 100)}}}},
                                 {{"DeleteRequest", {{"Key", {{"pk", S("p")}, {"sk", N("3")}}}}}}}}}}});
  CHECK(reply["ConsumedCapacity"] ==
        J(R"([{"TableName":"Tab","CapacityUnits":6.0,"Table":{"CapacityUnits":4.0},
    "GlobalSecondaryIndexes":{"by-g":{"CapacityUnits":2.0}}}])"));
}

TEST_CASE("nothing is reported unless asked for, nor of a failed condition") {
  Billed w;
  CHECK(w.put_cost(Billed::sized("1", 10), "NONE").is_null());
  CHECK_FALSE(w.answer("GetItem", R"({"TableName":"Tab","Key":{"pk":{"S":"p"},"sk":{"N":"1"}}})")
                  .contains("ConsumedCapacity"));
  const auto fault = w.fail("DeleteItem", J(R"j({"TableName":"Tab","Key":{"pk":{"S":"p"},"sk":{"N":"1"}},
    "ConditionExpression":"attribute_not_exists(pk)","ReturnConsumedCapacity":"TOTAL"})j"));
  CHECK(fault.extra == Json::object());
}

TEST_CASE("collection metrics are of tables with a local index, when asked for") {
  Billed w;
  const auto metrics = J(R"({"ItemCollectionKey":{"pk":{"S":"p"}},"SizeEstimateRangeGB":[0.0,1.0]})");
  const char* size = R"({"TableName":"Tab","ReturnItemCollectionMetrics":"SIZE",)";
  const auto asked = [&](const char* operation, const char* more) {
    return w.answer(operation, size + std::string(more) + "}").value("ItemCollectionMetrics", Json());
  };
  CHECK(asked("PutItem", R"("Item":{"pk":{"S":"p"},"sk":{"N":"1"}})") == metrics);
  CHECK(asked("UpdateItem", R"("Key":{"pk":{"S":"p"},"sk":{"N":"1"}})") == metrics);
  CHECK(asked("DeleteItem", R"("Key":{"pk":{"S":"p"},"sk":{"N":"1"}})") == metrics);
  CHECK(w.answer("BatchWriteItem", R"({"ReturnItemCollectionMetrics":"SIZE","RequestItems":{"Tab":[
    {"DeleteRequest":{"Key":{"pk":{"S":"p"},"sk":{"N":"1"}}}}]}})")["ItemCollectionMetrics"] ==
        Json{{"Tab", {metrics}}});
  CHECK_FALSE(w.answer("PutItem", R"({"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"1"}}})")
                  .contains("ItemCollectionMetrics"));
  w.table("Plain");
  CHECK_FALSE(
      w.answer("PutItem",
               R"({"TableName":"Plain","Item":{"pk":{"S":"p"}},"ReturnItemCollectionMetrics":"SIZE"})")
          .contains("ItemCollectionMetrics"));
}
