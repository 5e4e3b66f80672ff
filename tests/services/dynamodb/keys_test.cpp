// Every text for a bad key (B5), in every operation that takes keys. None has a prefix, in either generation.
#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
#define OMPV "One or more parameter values were invalid: "
constexpr std::string_view kMismatch = "The provided key element does not match the schema";
constexpr std::string_view kEmpty =
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
    "empty "
    "string value. Key: pk";
constexpr std::string_view kLongHash =
    OMPV "Size of hashkey has exceeded the maximum size limit of2048 bytes";
constexpr std::string_view kLongRange =
    OMPV "Aggregated size of all range keys has exceeded the size limit of 1024 bytes";

// Tab: hash pk S, range sk B; a global index on ix S.
struct Keys : DynamoWorld {
  Keys() {
    call("CreateTable", Json::parse(R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"B"},
        {"AttributeName":"ix","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "GlobalSecondaryIndexes":[{"IndexName":"by-ix","KeySchema":[{"AttributeName":"ix","KeyType":"HASH"}],
        "Projection":{"ProjectionType":"ALL"}}]})"));
  }
  static Json B(std::string_view b) { return {{"B", b}}; }
  static Json key(Json pk, Json sk) { return {{"pk", std::move(pk)}, {"sk", std::move(sk)}}; }
  static Json good() { return key(S("a"), B("AA==")); }
  // What each operation that looks an item up says of a key; all say the same.
  std::string looked_up(const Json& bad) {
    const std::pair<std::string_view, Json> kLookups[] = {
        {"GetItem", {{"TableName", "Tab"}, {"Key", bad}}},
        {"DeleteItem", {{"TableName", "Tab"}, {"Key", bad}}},
        {"UpdateItem", {{"TableName", "Tab"}, {"Key", bad}}},
        {"BatchGetItem", {{"RequestItems", {{"Tab", {{"Keys", Json::array({bad})}}}}}}},
        {"BatchWriteItem",
         {{"RequestItems", {{"Tab", Json::array({Json{{"DeleteRequest", {{"Key", bad}}}}})}}}}}};
    std::string text;
    for (const auto& [operation, input] : kLookups) {
      const auto said = refusal(operation, input);
      CAPTURE(operation);
      if (!text.empty()) CHECK(said == text);
      text = said;
    }
    return text;
  }
  std::string put_refusal(const Json& item) {
    return refusal("PutItem", {{"TableName", "Tab"}, {"Item", item}});
  }
  std::string batch_refusal(const Json& item) {
    return refusal("BatchWriteItem",
                   {{"RequestItems", {{"Tab", Json::array({Json{{"PutRequest", {{"Item", item}}}}})}}}});
  }
};
}  // namespace

TEST_CASE("a lookup key that is not the schema's is refused alike everywhere") {
  Keys w;
  CHECK(w.looked_up({{"pk", S("a")}}) == kMismatch);
  CHECK(w.looked_up({{"pk", S("a")}, {"other", S("b")}}) == kMismatch);
  CHECK(w.looked_up(w.key(S("a"), S("b"))) == kMismatch);
  CHECK(w.looked_up(w.key(N("1"), w.B("AA=="))) == kMismatch);
  CHECK(w.looked_up({{"pk", S("a")}, {"sk", w.B("AA==")}, {"more", S("b")}}) == kMismatch);
  CHECK(w.looked_up(Json::object()) == kMismatch);
}

TEST_CASE("an empty key value is refused alike everywhere, by its type and name") {
  Keys w;
  const auto empty = w.key(S(""), w.B("AA=="));
  const auto empty_range = w.key(S("a"), w.B(""));
  const std::string range =
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
      "empty "
      "binary value. Key: sk";
  CHECK(w.looked_up(empty) == kEmpty);
  CHECK(w.looked_up(empty_range) == range);
  CHECK(w.put_refusal(empty) == kEmpty);
  CHECK(w.put_refusal(empty_range) == range);
  CHECK(w.batch_refusal(empty) == kEmpty);
  CHECK(w.batch_refusal(empty_range) == range);
}

TEST_CASE("a hash key has up to 2048 bytes, a range key 1024") {
  Keys w;
  const auto a = [](std::size_t n) { return std::string(n, 'a'); };
  const auto blob = [](std::size_t groups) {  // of three bytes
    std::string text;
    for (std::size_t i = 0; i < groups; ++i) text += "AAAA";
    return text;
  };
  w.put(w.key(S(a(2048)), w.B(blob(341))));
  const auto hash = w.key(S(a(2049)), w.B("AA==")), range = w.key(S("a"), w.B(blob(342)));
  for (const auto& [bad, text] : {std::pair(hash, kLongHash), std::pair(range, kLongRange)}) {
    CHECK(w.looked_up(bad) == text);
    CHECK(w.put_refusal(bad) == text);
    CHECK(w.batch_refusal(bad) == text);
  }
}

TEST_CASE("an item to be put has its keys, of their types; a batch words that as a lookup") {
  Keys w;
  const auto wrong = w.key(N("1"), w.B("AA=="));
  CHECK(w.put_refusal({{"pk", S("a")}}) == OMPV "Missing the key sk in the item");
  CHECK(w.put_refusal(wrong) == OMPV "Type mismatch for key pk expected: S actual: N");
  CHECK(w.batch_refusal(wrong) == kMismatch);
}

TEST_CASE("an item's index keys are of their types, not empty and not too long") {
  Keys w;
  const auto with = [&](Json ix) {
    auto item = w.good();
    item["ix"] = std::move(ix);
    return item;
  };
  const auto said = [&](Json ix, std::string_view text) {
    CHECK(w.put_refusal(with(ix)) == text);
    CHECK(w.batch_refusal(with(ix)) == text);
  };
  said(N("1"), OMPV "Type mismatch for Index Key ix Expected: S Actual: N IndexName: by-ix");
  said({{"NULL", true}}, OMPV "Type mismatch for Index Key ix Expected: S Actual: NULL IndexName: by-ix");
  said(S(""),
       "One or more parameter values are not valid. A value specified for a secondary index key is not "
       "supported. "
       "The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-ix, "
       "IndexKey: ix");
  said(S(std::string(2049, 'a')), kLongHash);
  w.put(w.good());  // without it the item is only not in the index
  CHECK(w.call("Scan", {{"TableName", "Tab"}, {"IndexName", "by-ix"}})["Count"] == 0);
}

TEST_CASE("an update's index keys are judged by what the statement tells") {
  Keys w;
  w.put({{"pk", S("a")}, {"sk", w.B("AA==")}, {"n", N("1")}});
  const auto update = [&](std::string_view expression, Json value) {
    Json in{{"TableName", "Tab"}, {"Key", w.good()}, {"UpdateExpression", expression}};
    if (!value.is_null()) in["ExpressionAttributeValues"] = {{":v", std::move(value)}};
    return w.refusal("UpdateItem", std::move(in));
  };
  CHECK(update("SET ix = :v", N("1")) == OMPV
        "Type mismatch for Index Key ix Expected: S Actual: N IndexName: by-ix");
  CHECK(update("SET ix = n", Json()) ==
        "The update expression attempted to update the secondary index key to unsupported type");
  CHECK(update("SET ix = :v", S("")) ==
        "One or more parameter values are not valid. The update expression attempted to update a secondary "
        "index key "
        "to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty "
        "string "
        "value.");
  CHECK(update("SET ix = :v", S(std::string(2049, 'a'))) == kLongHash);
}

TEST_CASE("a key attribute's type is one of three") {
  DynamoWorld w;
  CHECK(w.refusal("CreateTable", Json::parse(R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"BOOL"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})")) ==
        "1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' failed "
        "to satisfy "
        "constraint: Member must satisfy enum value set: [B, N, S]");
}
