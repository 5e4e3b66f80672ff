// A5, A6: members that break the model's constraints, alone and together, of writes and of batches.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
const std::string kCapacity =
    "Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value "
    "set: "
    "[INDEXES, TOTAL, NONE]";
const std::string kMetrics =
    "Value 'BOGUS' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum "
    "value "
    "set: [SIZE, NONE]";
const std::string kNewerValues =
    "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, "
    "UPDATE_NEW, "
    "NONE]";
const std::string kOlderValues =
    "Value 'BOGUS' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: "
    "[ALL_NEW, "
    "UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]";
const std::string kEmptyName =
    "Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to "
    "1";
const std::string kNoKey = "Value null at 'key' failed to satisfy constraint: Member must not be null";
const std::string kNames =
    "' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have "
    "length "
    "less than or equal to 255, Member must have length greater than or equal to 3, Member must satisfy "
    "regular "
    "expression pattern: [a-zA-Z0-9_.-]+]";
constexpr const char* kAll =
    R"("ReturnConsumedCapacity":"BOGUS","ReturnValues":"BOGUS","ReturnItemCollectionMetrics":"BOGUS")";
std::string many(int n, std::string_view text) {
  return VALIDATION + std::to_string(n) + " validation errors detected: " + std::string(text);
}
std::string request(std::string_view members) { return "{" + std::string(members) + "}"; }
}  // namespace

TEST_CASE("PutItem and DeleteItem join bad enumerations, UpdateItem tells the first") {
  TextWorld w;
  const std::string put = request(R"("TableName":"Tab","Item":{"pk":{"S":"a"}},)" + std::string(kAll));
  const std::string key = request(R"("TableName":"Tab","Key":{"pk":{"S":"a"}},)" + std::string(kAll));
  const auto joined = many(3, kCapacity + "; " + kNewerValues + "; " + kMetrics);
  CHECK(w.refused("PutItem", put.c_str()) == joined);
  CHECK(w.refused("DeleteItem", key.c_str()) == joined);
  CHECK(w.refused("UpdateItem", key.c_str()) == ENV + kNewerValues);
}

TEST_CASE("a write without its key or item is judged in the older words, all in one") {
  TextWorld w;
  CHECK(w.refused("UpdateItem", R"({"TableName":""})") == many(2, kEmptyName + "; " + kNoKey));
  CHECK(w.refused("UpdateItem",
                  R"({"TableName":"","ReturnConsumedCapacity":"BOGUS","ReturnValues":"BOGUS"})") ==
        many(4, kCapacity + "; " + kEmptyName + "; " + kOlderValues + "; " + kNoKey));
  CHECK(
      w.refused("UpdateItem",
                R"({"TableName":"Tab","ConditionalOperator":"XOR","Expected":{"a":{"Exists":false},
    "b":{"Exists":false}}})") ==
      many(
          2,
          "Value 'XOR' at 'conditionalOperator' failed to satisfy constraint: Member must satisfy enum value "
          "set: [OR, AND]; " +
              kNoKey));
  CHECK(w.refused("PutItem", R"({"TableName":"Tab"})") == ENV
        "Value null at 'item' failed to satisfy constraint: Member must not be null");
}

TEST_CASE("an empty table name is told alone, a bad or missing one with the rest") {
  TextWorld w;
  const char* key = R"("Key":{"pk":{"S":"a"}},)";
  const auto refuse = [&](std::string_view operation, std::string_view name) {
    return w.refused(operation,
                     request(key + std::string(name) + R"("ReturnConsumedCapacity":"BOGUS")").c_str());
  };
  for (const auto* operation : {"GetItem", "DeleteItem", "UpdateItem"}) {
    CAPTURE(operation);
    CHECK(refuse(operation, R"("TableName":"",)") == ENV
          "Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal "
          "to 1");
    CHECK(refuse(operation, "")
              .find("Value null at 'tableName' failed to satisfy constraint: Member must not be null") !=
          std::string::npos);
    CHECK(refuse(operation, R"("TableName":"a b",)")
              .find("Value 'a b' at 'tableName' failed to satisfy constraint: Member must satisfy regular "
                    "expression "
                    "pattern: [a-zA-Z0-9_.-]+") != std::string::npos);
  }
  const std::string long_name(256, 'a');
  CHECK(
      w.refused("GetItem", Json{{"TableName", long_name}, {"Key", {{"pk", S("a")}}}}) ==
      ENV "Value '" + long_name +
          "' at 'tableName' failed to satisfy constraint: Member must have length less than or equal to 255");
}

TEST_CASE("batches are judged by their enumerations, then by the names of their tables") {
  TextWorld w;
  CHECK(w.refused("BatchGetItem", R"({"RequestItems":{}})") == ENV
        "Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal "
        "to 1");
  CHECK(w.refused("BatchWriteItem", R"({"RequestItems":{}})") == VALIDATION
        "The requestItems parameter is required for BatchWriteItem");
  const std::string get = R"({"bad!name":{"Keys":[{"pk":{"S":"a"}}]}})";
  CHECK(w.refused("BatchGetItem", request("\"RequestItems\":" + get).c_str()) ==
        ENV "Value '" + get + kNames);
  CHECK(w.refused("BatchGetItem",
                  request(R"("ReturnConsumedCapacity":"BOGUS","RequestItems":)" + get).c_str()) ==
        many(2, "Value '" + get + kNames + "; " + kCapacity));
  const std::string write = R"("RequestItems":{"bad!name":[{"PutRequest":{"Item":{"pk":{"S":"x"}}}}]})";
  const auto said = w.refused("BatchWriteItem", request(write).c_str());
  CHECK(said.starts_with(ENV "Value '{bad!name=[WriteRequest(putRequest=PutRequest(item={pk="));
  CHECK(said.ends_with(")]}" + kNames));
  const auto neither = request(R"("RequestItems":{"bad!name":[{}]})");
  CHECK(w.refused("BatchWriteItem", neither.c_str()) == ENV "Value '{bad!name=[WriteRequest()]}" + kNames);
  CHECK(w.refused("BatchWriteItem", request(write + R"(,"ReturnConsumedCapacity":"BOGUS")").c_str()) ==
        ENV + kCapacity);
  CHECK(w.refused("BatchWriteItem",
                  R"({"RequestItems":{"absent":[{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]},
                  "ReturnConsumedCapacity":"BOGUS","ReturnItemCollectionMetrics":"BOGUS"})") ==
        many(2, kCapacity + "; " + kMetrics));
  CHECK(w.refused("BatchWriteItem", R"({"RequestItems":{"Tab":[]}})") == ENV
        "Value '{Tab=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
        "[Member "
        "must have length less than or equal to 25, Member must have length greater than or equal to 1]");
  CHECK(w.refused("BatchGetItem", R"({"RequestItems":{"Tab":{"Keys":[]}}})") == ENV
        "Value at 'RequestItems.Tab.member.Keys' failed to satisfy constraint: Member must have length "
        "greater than "
        "or equal to 1");
  Json keys = Json::array();
  for (int i = 0; i < 51; ++i) keys.push_back({{"pk", S(std::to_string(i))}});
  CHECK(w.refused("BatchGetItem",
                  Json{{"RequestItems", {{"One", {{"Keys", keys}}}, {"Two", {{"Keys", keys}}}}}}) ==
        VALIDATION "Too many items requested for the BatchGetItem call");
}
