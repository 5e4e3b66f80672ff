#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json put_request(Json item) { return {{"PutRequest", {{"Item", std::move(item)}}}}; }
Json delete_request(Json key) { return {{"DeleteRequest", {{"Key", std::move(key)}}}}; }
Json a() { return {{"pk", S("a")}}; }
}  // namespace

TEST_CASE("a batch writes to several tables and says nothing is left over") {
  DynamoWorld w;
  w.table("T1x");
  w.table("T2x");
  w.put(a(), "T2x");
  const auto reply =
      w.call("BatchWriteItem",
             {{"RequestItems",
               {{"T1x", {put_request(a()), put_request({{"pk", S("b")}})}}, {"T2x", {delete_request(a())}}}},
              {"ReturnConsumedCapacity", "TOTAL"}});
  CHECK(reply["UnprocessedItems"] == Json::object());
  CHECK(reply["ConsumedCapacity"] ==
        Json{{{"TableName", "T1x"}, {"CapacityUnits", 2.0}}, {{"TableName", "T2x"}, {"CapacityUnits", 1.0}}});
  const auto read = w.call(
      "BatchGetItem",
      {{"RequestItems",
        {{"T1x", {{"Keys", {a(), {{"pk", S("b")}}, {{"pk", S("c")}}}}}}, {"T2x", {{"Keys", {a()}}}}}}});
  CHECK(read["Responses"] == Json{{"T1x", {a(), {{"pk", S("b")}}}}, {"T2x", Json::array()}});
  CHECK(read["UnprocessedKeys"] == Json::object());
}

TEST_CASE("a batch is judged whole before anything is written") {
  DynamoWorld w;
  w.table();
  const auto refusal = [&](Json requests) {
    return w.refusal("BatchWriteItem", {{"RequestItems", requests}});
  };
  CHECK(refusal(Json::object()) == "The requestItems parameter is required for BatchWriteItem");
  CHECK(refusal({{"Tab", {put_request(a()), delete_request(a())}}}) ==
        "Provided list of item keys contains duplicates");
  CHECK(refusal({{"Tab", {put_request(a()), put_request({{"pk", N("1")}})}}}) ==
        "The provided key element does not match the schema");
  CHECK(refusal({{"Tab", {put_request({{"pk", S("a")}, {"n", N("")}})}}}) ==
        "The parameter cannot be converted to a numeric value");
  CHECK(refusal({{"Tab", {Json::object()}}}) ==
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
        "datatypes");
  CHECK(refusal({{"Tab", {put_request(a())}}, {"gone", {put_request(a())}}}) ==
        "Requested resource not found");
  Json many = Json::array();
  for (int i = 0; i < 26; ++i) many.push_back(delete_request({{"pk", S(std::to_string(i))}}));
  CHECK(refusal({{"Tab", many}})
            .ends_with("Member must have length less than or equal to 25, Member must have length "
                       "greater than or equal to 1]"));
  many.erase(25);
  CHECK(refusal({{"Tab", many}, {"Other", {put_request(a())}}}) ==
        "Too many items requested for the BatchWriteItem call");
  CHECK(w.get(a()).is_null());
}

TEST_CASE("a batch read has its own limits") {
  DynamoWorld w;
  w.table();
  const auto refusal = [&](Json block) {
    return w.refusal("BatchGetItem", {{"RequestItems", {{"Tab", block}}}});
  };
  CHECK(refusal({{"Keys", {a(), a()}}}) == "Provided list of item keys contains duplicates");
  Json keys = Json::array();
  for (int i = 0; i < 101; ++i) keys.push_back({{"pk", S(std::to_string(i))}});
  CHECK(refusal({{"Keys", keys}}) ==
        "1 validation error detected: Value at 'RequestItems.Tab.member.Keys' failed to satisfy constraint: "
        "Member must "
        "have length less than or equal to 100");
  CHECK(refusal({{"Keys", {a()}}, {"ProjectionExpression", "a,"}}) ==
        "Invalid ProjectionExpression: Syntax error; token: \"<EOF>\", near: \",\"");
}

TEST_CASE("what does not fit into 16 MB is left for the next call") {
  DynamoWorld w;
  w.table();
  Json keys = Json::array();
  for (int i = 0; i < 50; ++i) {
    keys.push_back({{"pk", S(std::to_string(i))}});
    w.put({{"pk", S(std::to_string(i))}, {"v", S(std::string(400'000, 'x'))}});
  }
  const auto reply =
      w.call("BatchGetItem", {{"RequestItems", {{"Tab", {{"Keys", keys}, {"ConsistentRead", true}}}}}});
  const auto& rest = reply["UnprocessedKeys"]["Tab"];
  CHECK(reply["Responses"]["Tab"].size() == 41);
  CHECK(rest["Keys"].size() == 9);
  CHECK(rest["ConsistentRead"] == true);
}
