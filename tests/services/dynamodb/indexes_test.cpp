#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Table Orders (pk S, sk S) with the GSI by-owner (owner, when; KEYS_ONLY), the GSI by-state (state; INCLUDE
// total) and the LSI by-total (pk, total; KEYS_ONLY).
struct Orders : DynamoWorld {
  Orders() {
    call("CreateTable", Json::parse(R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},
        {"AttributeName":"owner","AttributeType":"S"},{"AttributeName":"when","AttributeType":"N"},
        {"AttributeName":"state","AttributeType":"S"},{"AttributeName":"total","AttributeType":"N"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "LocalSecondaryIndexes":[{"IndexName":"by-total","Projection":{"ProjectionType":"KEYS_ONLY"},
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"total","KeyType":"RANGE"}]}],
      "GlobalSecondaryIndexes":[{"IndexName":"by-owner","Projection":{"ProjectionType":"KEYS_ONLY"},
        "KeySchema":[{"AttributeName":"owner","KeyType":"HASH"},{"AttributeName":"when","KeyType":"RANGE"}]},
        {"IndexName":"by-state","Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["total"]},
        "KeySchema":[{"AttributeName":"state","KeyType":"HASH"}]}]})"));
  }
  void order(std::string_view pk, std::string_view owner, std::string_view when, std::string_view total) {
    put({{"pk", S(pk)},
         {"sk", S("o")},
         {"owner", S(owner)},
         {"when", N(when)},
         {"total", N(total)},
         {"note", S("n")}},
        "Orders");
  }
  Json query(std::string_view index, std::string_view hash, std::string_view value,
             Json more = Json::object()) {
    Json in{{"TableName", "Orders"},
            {"IndexName", index},
            {"KeyConditionExpression", "#h = :h"},
            {"ExpressionAttributeNames", {{"#h", hash}}},
            {"ExpressionAttributeValues", {{":h", S(value)}}}};
    in.update(more);
    return in;
  }
};
}  // namespace

TEST_CASE("a global index shows its projection of the items that have its keys") {
  Orders w;
  w.order("1", "ann", "20", "5");
  w.order("2", "ann", "10", "7");
  w.put({{"pk", S("3")}, {"sk", S("o")}, {"owner", S("ann")}}, "Orders");  // no `when`: not in the index
  const auto reply = w.call("Query", w.query("by-owner", "owner", "ann"));
  REQUIRE(reply["Count"] == 2);
  CHECK(reply["Items"][0] == Json{{"pk", S("2")}, {"sk", S("o")}, {"owner", S("ann")}, {"when", N("10")}});
  CHECK(w.call("Scan", {{"TableName", "Orders"}, {"IndexName", "by-owner"}})["Count"] == 2);
}

TEST_CASE("indexes follow every change of an item") {
  Orders w;
  w.order("1", "ann", "20", "5");
  const Json key{{"pk", S("1")}, {"sk", S("o")}};
  w.call("UpdateItem", {{"TableName", "Orders"},
                        {"Key", key},
                        {"UpdateExpression", "SET #o = :o"},
                        {"ExpressionAttributeNames", {{"#o", "owner"}}},
                        {"ExpressionAttributeValues", {{":o", S("bob")}}}});
  CHECK(w.call("Query", w.query("by-owner", "owner", "ann"))["Count"] == 0);
  CHECK(w.call("Query", w.query("by-owner", "owner", "bob"))["Count"] == 1);
  w.call("DeleteItem", {{"TableName", "Orders"}, {"Key", key}});
  CHECK(w.call("Query", w.query("by-owner", "owner", "bob"))["Count"] == 0);
}

TEST_CASE("a page of an index goes on after all its keys") {
  Orders w;
  for (int i = 0; i < 5; ++i) w.order(std::to_string(i), "ann", "7", "1");
  Json start;
  std::size_t seen = 0;
  do {
    Json more{{"Limit", 2}};
    if (!start.is_null()) more["ExclusiveStartKey"] = start;
    const auto page = w.call("Query", w.query("by-owner", "owner", "ann", more));
    seen += page["Items"].size();
    start = page.value("LastEvaluatedKey", Json());
    if (!start.is_null()) CHECK(start.size() == 4);
  } while (!start.is_null());
  CHECK(seen == 5);
}

TEST_CASE("a local index fetches from the table what it does not project") {
  Orders w;
  w.order("1", "ann", "20", "5");
  CHECK_FALSE(w.call("Query", w.query("by-total", "pk", "1"))["Items"][0].contains("note"));
  const Json all{
      {"Select", "ALL_ATTRIBUTES"}, {"ConsistentRead", true}, {"ReturnConsumedCapacity", "INDEXES"}};
  const auto reply = w.call("Query", w.query("by-total", "pk", "1", all));
  CHECK(reply["Items"][0]["note"] == S("n"));
  CHECK(reply["ConsumedCapacity"]["Table"]["CapacityUnits"] == 1.0);
  CHECK(reply["ConsumedCapacity"]["LocalSecondaryIndexes"]["by-total"]["CapacityUnits"] == 1.0);
}

TEST_CASE("a global index refuses what it cannot give") {
  Orders w;
  const auto refusal = [&](Json more) {
    return w.refusal("Query", w.query("by-owner", "owner", "ann", more));
  };
  CHECK(refusal({{"ConsistentRead", true}}) ==
        "Consistent reads are not supported on global secondary indexes");
  CHECK(refusal({{"Select", "ALL_ATTRIBUTES"}}) ==
        "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global "
        "secondary "
        "index by-owner because its projection type is not ALL");
  CHECK(refusal({{"ProjectionExpression", "note"}}) ==
        "One or more parameter values were invalid: Global secondary index by-owner does not project [note]");
}

TEST_CASE("index keys of another type, or empty, are refused on writing") {
  Orders w;
  const auto refusal = [&](Json attribute) {
    Json item{{"pk", S("1")}, {"sk", S("o")}};
    item.update(attribute);
    return w.refusal("PutItem", {{"TableName", "Orders"}, {"Item", item}});
  };
  CHECK(refusal({{"owner", N("1")}}) ==
        "One or more parameter values were invalid: Type mismatch for Index Key owner Expected: S Actual: N "
        "IndexName: "
        "by-owner");
  CHECK(refusal({{"state", S("")}}) ==
        "One or more parameter values are not valid. A value specified for a secondary index key is not "
        "supported. The "
        "AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-state, "
        "IndexKey: state");
  const Json update{{"TableName", "Orders"},
                    {"Key", {{"pk", S("1")}, {"sk", S("o")}}},
                    {"UpdateExpression", "SET #t = :v"},
                    {"ExpressionAttributeNames", {{"#t", "total"}}},
                    {"ExpressionAttributeValues", {{":v", S("x")}}}};
  CHECK(w.refusal("UpdateItem", update) ==
        "One or more parameter values were invalid: Type mismatch for Index Key total Expected: N Actual: S "
        "IndexName: "
        "by-total");
}

TEST_CASE("writes are billed for the indexes they touch") {
  Orders w;
  const auto put = [&](Json item) {
    item["pk"] = S("1");
    item["sk"] = S("o");
    return w.call(
        "PutItem",
        {{"TableName", "Orders"}, {"Item", item}, {"ReturnConsumedCapacity", "INDEXES"}})["ConsumedCapacity"];
  };
  CHECK(put({{"state", S("new")}})["CapacityUnits"] == 2.0);
  CHECK(put({{"state", S("new")}, {"note", S("unseen by the index")}})["CapacityUnits"] == 1.0);
  const auto moved = put({{"state", S("old")}});
  CHECK(moved["GlobalSecondaryIndexes"] == Json{{"by-state", {{"CapacityUnits", 2.0}}}});
  CHECK(moved["Table"]["CapacityUnits"] == 1.0);
  CHECK(moved["CapacityUnits"] == 3.0);
}

TEST_CASE("an index made later is filled from the table, and one deleted is gone") {
  DynamoWorld w;
  w.table();
  w.put({{"pk", S("a")}, {"g", S("x")}});
  w.put({{"pk", S("b")}, {"g", N("1")}});  // of a type the index will not take
  const auto made = w.call("UpdateTable", Json::parse(R"({"TableName":"Tab",
    "AttributeDefinitions":[{"AttributeName":"g","AttributeType":"S"}],
    "GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"by-g","Projection":{"ProjectionType":"ALL"},
      "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}}]})"))["TableDescription"];
  CHECK(made["TableStatus"] == "UPDATING");
  CHECK(made["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING");
  CHECK(w.call("Scan", {{"TableName", "Tab"}, {"IndexName", "by-g"}})["Count"] == 1);
  w.put({{"pk", S("c")}, {"g", S("x")}});
  CHECK(w.call("Scan", {{"TableName", "Tab"}, {"IndexName", "by-g"}})["Count"] == 2);
  const auto table = w.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
  CHECK(table["GlobalSecondaryIndexes"][0]["ItemCount"] == 2);
  CHECK(table["ItemCount"] == 3);
  w.call(
      "UpdateTable",
      Json::parse(R"({"TableName":"Tab","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"by-g"}}]})"));
  const auto after = w.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
  CHECK_FALSE(after.contains("GlobalSecondaryIndexes"));
  CHECK(after["AttributeDefinitions"].size() == 1);
  CHECK(w.refusal("Scan", {{"TableName", "Tab"}, {"IndexName", "by-g"}}) ==
        "The table does not have the specified index: by-g");
}
