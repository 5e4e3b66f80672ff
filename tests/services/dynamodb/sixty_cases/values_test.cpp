#include "tests/services/dynamodb/sixty_cases/cases.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct WithTable : SixtyCases {
  WithTable() { table(); }
  std::string put_refused(std::string_view item) {
    return refused("PutItem", Json{{"TableName", "Tab"}, {"Item", Json::parse(item)}});
  }
};
Json wrapped(int maps) {
  Json value = S("x");
  for (int i = 0; i < maps; ++i) value = {{"M", {{"k", value}}}};
  return value;
}
}  // namespace

TEST_CASE("case 16: a number comes back in canonical form") {
  WithTable w;
  w.put(R"({"pk":{"S":"a"},"n":{"N":"1.50e2"}})");
  CHECK(w.item()["n"] == N("150"));
}

TEST_CASE("case 17: a number of 127 digits before the point overflows") {
  WithTable w;
  CHECK(w.put_refused(R"({"pk":{"S":"a"},"n":{"N":"1e126"}})") == ENV
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

TEST_CASE("case 18: an empty number in a batch is refused without colon") {
  WithTable w;
  CHECK(w.refused("BatchWriteItem",
                  R"({"RequestItems":{"Tab":[{"PutRequest":{"Item":{"pk":{"S":"a"},"n":{"N":""}}}}]}})") ==
        VALIDATION "The parameter cannot be converted to a numeric value");
}

TEST_CASE("case 19: a set repeats nothing") {
  WithTable w;
  CHECK(w.put_refused(R"({"pk":{"S":"a"},"s":{"SS":["b","a","b"]}})") == ENV OMPV
        R"(Input collection ["a", "b", "b"] contains duplicates.)");
}

TEST_CASE("case 20: a value has one type") {
  WithTable w;
  CHECK(w.put_refused(R"({"pk":{"S":"a"},"v":{"S":"x","N":"1"}})") == VALIDATION
        "Supplied AttributeValue has more than one datatypes set, must contain exactly "
        "one of the supported datatypes");
}

TEST_CASE("case 21: an item has its key") {
  WithTable w;
  CHECK(w.put_refused(R"({"x":{"S":"1"}})") == VALIDATION OMPV "Missing the key pk in the item");
}

TEST_CASE("case 22: a key has its schema's type") {
  WithTable w;
  CHECK(w.put_refused(R"({"pk":{"N":"1"}})") == VALIDATION OMPV
        "Type mismatch for key pk expected: S actual: N");
}

TEST_CASE("case 23: a key is not empty") {
  WithTable w;
  CHECK(w.refused("GetItem", R"({"TableName":"Tab","Key":{"pk":{"S":""}}})") == VALIDATION
        "One or more parameter values are not valid. The AttributeValue for a key "
        "attribute cannot contain an empty string value. Key: pk");
}

TEST_CASE("case 24: a key is the key and nothing more") {
  WithTable w;
  CHECK(w.refused("GetItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"},"x":{"S":"b"}}})") == VALIDATION
        "The provided key element does not match the schema");
}

TEST_CASE("case 25: 409601 bytes are too many even for an absent table, 409600 are not") {
  WithTable w;
  const auto item = [](std::size_t bytes) {
    return Json{{"pk", S("a")}, {"v", S(std::string(bytes - 4, 'x'))}};
  };
  CHECK(w.refused("PutItem", Json{{"TableName", "absent"}, {"Item", item(409'601)}}) == VALIDATION
        "Item size has exceeded the maximum allowed size");
  CHECK(w.call("PutItem", {{"TableName", "Tab"}, {"Item", item(409'600)}}) == Json::object());
}

TEST_CASE("case 26: 31 maps may lie around a scalar, 32 may not") {
  WithTable w;
  const auto put = [](int maps) {
    return Json{{"TableName", "Tab"}, {"Item", {{"pk", S("a")}, {"v", wrapped(maps)}}}};
  };
  CHECK(w.refused("PutItem", put(32)) == ENV
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
        "supported limit");
  CHECK(w.call("PutItem", put(31)) == Json::object());
}

TEST_CASE("case 27: a failed condition shows the item when asked to") {
  WithTable w;
  w.put(R"({"pk":{"S":"a"},"v":{"N":"1"}})");
  const auto fault = w.fail("PutItem", Json::parse(R"j({"TableName":"Tab","Item":{"pk":{"S":"a"}},
    "ConditionExpression":"attribute_not_exists(pk)","ReturnValuesOnConditionCheckFailure":"ALL_OLD"})j"));
  CHECK(w.db.error_type(fault) == "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException");
  CHECK(fault.message == "The conditional request failed");
  CHECK(fault.message_key == "message");
  CHECK(fault.extra == Json::parse(R"({"Item":{"pk":{"S":"a"},"v":{"N":"1"}}})"));
}

TEST_CASE("case 28: PutItem returns the old values or none") {
  WithTable w;
  CHECK(w.refused("PutItem", R"({"TableName":"Tab","Item":{"pk":{"S":"a"}},"ReturnValues":"UPDATED_NEW"})") ==
        ENV "ReturnValues can only be ALL_OLD or NONE");
}
