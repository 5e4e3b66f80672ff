// B5: what keys of tables and of indexes may be, in every operation that is given one.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Keyed: hash pk S, range sk B; GSI by-g: hash g S, range h N; LSI by-l: pk, l S.
struct Keyed : TextWorld {
  Keyed() {
    answer("CreateTable", R"j({"TableName":"Keyed","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
      {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"B"},
      {"AttributeName":"g","AttributeType":"S"},{"AttributeName":"h","AttributeType":"N"},
      {"AttributeName":"l","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "GlobalSecondaryIndexes":[{"IndexName":"by-g","Projection":{"ProjectionType":"KEYS_ONLY"},"KeySchema":[
        {"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"h","KeyType":"RANGE"}]}],
      "LocalSecondaryIndexes":[{"IndexName":"by-l","Projection":{"ProjectionType":"KEYS_ONLY"},"KeySchema":[
        {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}]}]})j");
  }
  std::string put_refused(Json more) {
    return refused("PutItem", Json{{"TableName", "Keyed"}, {"Item", merged(key(), more)}});
  }
  static Json key() { return Json::parse(R"({"pk":{"S":"a"},"sk":{"B":"AA=="}})"); }
};
const std::string kMismatch = VALIDATION "The provided key element does not match the schema";
constexpr const char* kEmptyText = VALIDATION
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
    "empty string value. Key: pk";
constexpr const char* kEmptyBytes = VALIDATION
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
    "empty binary value. Key: sk";
const std::string kHashTooLong =
    VALIDATION OMPV "Size of hashkey has exceeded the maximum size limit of2048 bytes";
const std::string kRangeTooLong =
    VALIDATION OMPV "Aggregated size of all range keys has exceeded the size limit of 1024 bytes";
std::string long_text(std::size_t n) {
  return R"({"pk":{"S":")" + std::string(n, 'k') + R"("},"sk":{"B":"AA=="}})";
}
std::string long_bytes(std::size_t thirds) {
  return R"({"pk":{"S":"a"},"sk":{"B":")" + std::string(4 * thirds, 'A') + R"("}})";
}
}  // namespace

TEST_CASE("an item is put with a whole key of the right types and sizes") {
  Keyed w;
  const auto put = [&](const char* item) {
    return w.refused("PutItem", Json{{"TableName", "Keyed"}, {"Item", Json::parse(item)}});
  };
  const auto long_hash = long_text(2049), long_range = long_bytes(342);
  check_each({{R"({"sk":{"B":"AA=="}})", VALIDATION OMPV "Missing the key pk in the item"},
              {R"({"pk":{"S":"a"}})", VALIDATION OMPV "Missing the key sk in the item"},
              {R"({"pk":{"N":"1"},"sk":{"B":"AA=="}})",
               VALIDATION OMPV "Type mismatch for key pk expected: S actual: N"},
              {R"({"pk":{"S":"a"},"sk":{"NULL":true}})",
               VALIDATION OMPV "Type mismatch for key sk expected: B actual: NULL"},
              {R"({"pk":{"S":""},"sk":{"B":"AA=="}})", kEmptyText},
              {R"({"pk":{"S":"a"},"sk":{"B":""}})", kEmptyBytes},
              {long_hash.c_str(), kHashTooLong},
              {long_range.c_str(), kRangeTooLong}},
             put);
  w.put(long_text(2048), "Keyed");
  w.put(long_bytes(341), "Keyed");
}

TEST_CASE("whoever looks a key up gives all of it and nothing else") {
  Keyed w;
  const auto long_hash = long_text(2049), long_range = long_bytes(342);
  for (const auto& [operation, input] :
       {std::pair<const char*, std::function<Json(Json)>>{
            "GetItem", [](Json key) { return Json{{"TableName", "Keyed"}, {"Key", key}}; }},
        {"DeleteItem", [](Json key) { return Json{{"TableName", "Keyed"}, {"Key", key}}; }},
        {"UpdateItem", [](Json key) { return Json{{"TableName", "Keyed"}, {"Key", key}}; }},
        {"BatchGetItem", [](Json key) { return Json{{"RequestItems", {{"Keyed", {{"Keys", {key}}}}}}}; }},
        {"BatchWriteItem", [](Json key) {
           return Json{{"RequestItems", {{"Keyed", {{{"DeleteRequest", {{"Key", key}}}}}}}}};
         }}}) {
    CAPTURE(operation);
    check_each({{R"({"pk":{"S":"a"}})", kMismatch},
                {R"({"pk":{"S":"a"},"other":{"B":"AA=="}})", kMismatch},
                {R"({"pk":{"S":"a"},"sk":{"B":"AA=="},"other":{"S":"x"}})", kMismatch},
                {R"({"pk":{"S":"a"},"sk":{"S":"x"}})", kMismatch},
                {R"({"pk":{"BOOL":true},"sk":{"B":"AA=="}})", kMismatch},
                {R"({"pk":{"S":""},"sk":{"B":"AA=="}})", kEmptyText},
                {R"({"pk":{"S":"a"},"sk":{"B":""}})", kEmptyBytes},
                {long_hash.c_str(), kHashTooLong},
                {long_range.c_str(), kRangeTooLong}},
               [&](const char* key) { return w.refused(operation, input(Json::parse(key))); });
  }
}

TEST_CASE("an item put by a batch has its own words for a key of another type") {
  Keyed w;
  check_each({{R"({"pk":{"N":"1"},"sk":{"B":"AA=="}})", kMismatch},
              {R"({"pk":{"S":""},"sk":{"B":"AA=="}})", kEmptyText},
              {R"({"sk":{"B":"AA=="}})", kMismatch}},
             [&](const char* item) {
               return w.refused(
                   "BatchWriteItem",
                   Json{{"RequestItems", {{"Keyed", {{{"PutRequest", {{"Item", Json::parse(item)}}}}}}}}});
             });
}

TEST_CASE("an attribute that is an index's key has the index's type and size, or is absent") {
  Keyed w;
  const auto text = [](const char* name, std::size_t n) {
    return R"({")" + std::string(name) + R"(":{"S":")" + std::string(n, 'x') + R"("}})";
  };
  const auto long_hash = text("g", 2049), long_range = text("l", 1025);
  const auto refuse = [&](const char* more) { return w.put_refused(Json::parse(more)); };
  check_each(
      {{R"({"g":{"N":"1"}})",
        VALIDATION OMPV "Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"},
       {R"({"h":{"NULL":true}})",
        VALIDATION OMPV "Type mismatch for Index Key h Expected: N Actual: NULL IndexName: by-g"},
       {R"({"l":{"M":{}}})",
        VALIDATION OMPV "Type mismatch for Index Key l Expected: S Actual: M IndexName: by-l"},
       {R"({"g":{"S":""}})", VALIDATION
        "One or more parameter values are not valid. A value specified for a secondary index key is not "
        "supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: "
        "by-g, IndexKey: g"},
       {long_hash.c_str(), kHashTooLong},
       {long_range.c_str(), kRangeTooLong}},
      refuse);
  w.put(text("g", 2048).insert(1, R"("pk":{"S":"a"},"sk":{"B":"AA=="},)"), "Keyed");
  CHECK(w.answer("Scan", R"({"TableName":"Keyed","IndexName":"by-g"})")["Count"] == 0);  // no h: sparse
}

TEST_CASE("an update that makes an index's key impossible is refused") {
  Keyed w;
  w.put(R"({"pk":{"S":"a"},"sk":{"B":"AA=="},"n":{"N":"1"}})", "Keyed");
  const auto update = [&](const char* expression, Json value = {}) {
    Json in{{"TableName", "Keyed"}, {"Key", Keyed::key()}, {"UpdateExpression", expression}};
    if (!value.is_null()) in["ExpressionAttributeValues"] = {{":v", value}};
    return w.refused("UpdateItem", in);
  };
  CHECK(update("SET g = :v", N("1")) == VALIDATION OMPV
        "Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g");
  CHECK(update("SET g = n") == VALIDATION
        "The update expression attempted to update the secondary index key to unsupported type");
  CHECK(update("ADD g :v", N("1")) == VALIDATION
        "The update expression attempted to update the secondary index key to unsupported type");
  CHECK(
      update("SET g = :v", S("")) == VALIDATION
      "One or more parameter values are not valid. The update expression attempted to update a secondary "
      "index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an "
      "empty string value.");
  CHECK(update("SET g = :v", S(std::string(2049, 'x'))) == kHashTooLong);
  CHECK(update("SET l = :v", S(std::string(1025, 'x'))) == kRangeTooLong);
  CHECK(update("SET g.x = :v", S("x")) == VALIDATION
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
        "IndexKey: g");
  CHECK(update("REMOVE l[0]") == VALIDATION
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
        "IndexKey: l");
}
