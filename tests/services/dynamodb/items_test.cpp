#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kEnv = "1 validation error detected: ";
std::string env(std::string_view text) { return std::string(kEnv) + std::string(text); }
constexpr std::string_view kOmpv = "One or more parameter values were invalid: ";
std::string ompv(std::string_view text) { return std::string(kOmpv) + std::string(text); }

Json nested(int maps) {
  Json v = S("deep");
  for (int i = 0; i < maps; ++i) v = {{"M", {{"k", v}}}};
  return v;
}
}  // namespace

TEST_CASE("an item comes back as it was put, its numbers in canonical form") {
  DynamoWorld w;
  w.table();
  const Json item{{"pk", S("a")},
                  {"n", N("1.50e2")},
                  {"b", {{"B", "AAEC"}}},
                  {"ss", {{"SS", {"b", "a", ""}}}},
                  {"ns", {{"NS", {"3", "1.0"}}}},
                  {"bs", {{"BS", {"/w==", "AA=="}}}},
                  {"l", {{"L", {S("x"), N("1"), {{"NULL", true}}, {{"BOOL", false}}}}}},
                  {"m", {{"M", {{"in", {{"BOOL", true}}}, {"empty", {{"M", Json::object()}}}}}}}};
  w.put(item);
  Json expected = item;
  expected["n"] = N("150");
  expected["ss"]["SS"] = {"", "a", "b"};
  expected["ns"]["NS"] = {"1", "3"};
  expected["bs"]["BS"] = {"AA==", "/w=="};
  CHECK(w.get({{"pk", S("a")}}) == expected);
}

TEST_CASE("GetItem of an absent item answers nothing, of a projected away one an empty item") {
  DynamoWorld w;
  w.table();
  CHECK(w.call("GetItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}}) == Json::object());
  w.put({{"pk", S("a")},
         {"m", {{"M", {{"x", N("1")}, {"y", N("2")}}}}},
         {"l", {{"L", {N("1"), N("2"), N("3")}}}}});
  const auto project = [&](std::string_view paths) {
    return w.call("GetItem",
                  {{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}, {"ProjectionExpression", paths}})["Item"];
  };
  CHECK(project("nope") == Json::object());
  CHECK(project("m.x, l[2], l[0]") ==
        Json::parse(R"({"m":{"M":{"x":{"N":"1"}}},"l":{"L":[{"N":"1"},{"N":"3"}]}})"));
  const Json refused{{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}, {"ProjectionExpression", "m, m.x"}};
  CHECK(w.refusal("GetItem", refused) ==
        "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite "
        "one of these "
        "paths; path one: [m], path two: [m, x]");
}

TEST_CASE("values that are none are refused in AWS's words") {
  DynamoWorld w;
  w.table();
  const auto refusal = [&](Json value) {
    return w.refusal("PutItem", {{"TableName", "Tab"}, {"Item", {{"pk", S("a")}, {"v", value}}}});
  };
  CHECK(refusal(N("1e126")) ==
        env("Number overflow. Attempting to store a number with magnitude larger than supported range"));
  CHECK(refusal(N("")) == env("The parameter cannot be converted to a numeric value: "));
  CHECK(refusal(N("abc")) == env("The parameter cannot be converted to a numeric value: abc"));
  CHECK(refusal({{"SS", {"b", "a", "b"}}}) ==
        env(ompv("Input collection [\"a\", \"b\", \"b\"] contains duplicates.")));
  CHECK(refusal({{"BS", {"/w==", "AA==", "AA=="}}}) ==
        env(ompv("Input collection [\"AA==\",\"/w==\",\"AA==\"]of type BS contains duplicates.")));
  CHECK(refusal({{"NS", {"1", "1.0"}}}) == env(ompv("Input collection contains duplicates.")));
  CHECK(refusal({{"SS", Json::array()}}) == env(ompv("An string set  may not be empty")));
  CHECK(refusal({{"NULL", false}}) == env(ompv("Null attribute value types must have the value of true")));
  CHECK(refusal({{"S", "x"}, {"N", "1"}}) ==
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
        "datatypes");
  CHECK(refusal(Json::object()) ==
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  CHECK(refusal(nested(32)) ==
        env("Nesting Levels have exceeded supported limits: Attributes in the item have nested "
            "levels beyond supported limit"));
  w.put({{"pk", S("a")}, {"v", nested(31)}});
  const auto fault = w.fail("PutItem", {{"TableName", "Tab"}, {"Item", {{"pk", {{"S", 1}}}}}});
  CHECK(fault.code == "SerializationException");
  CHECK(fault.message == "NUMBER_VALUE cannot be converted to String");
  CHECK(fault.message_key == "Message");
}

TEST_CASE("keys are checked against the schema") {
  DynamoWorld w;
  w.table();
  const auto put = [&](Json item) { return w.refusal("PutItem", {{"TableName", "Tab"}, {"Item", item}}); };
  const auto get = [&](Json key) { return w.refusal("GetItem", {{"TableName", "Tab"}, {"Key", key}}); };
  CHECK(put({{"x", S("1")}}) == ompv("Missing the key pk in the item"));
  CHECK(put({{"pk", N("1")}}) == ompv("Type mismatch for key pk expected: S actual: N"));
  const auto empty =
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
      "empty string "
      "value. Key: pk";
  CHECK(put({{"pk", S("")}}) == empty);
  CHECK(get({{"pk", S("")}}) == empty);
  CHECK(get({{"pk", S("a")}, {"x", S("b")}}) == "The provided key element does not match the schema");
  CHECK(get({{"pk", N("1")}}) == "The provided key element does not match the schema");
  CHECK(put({{"pk", S(std::string(2049, 'k'))}}) ==
        ompv("Size of hashkey has exceeded the maximum size limit of2048 bytes"));
}

TEST_CASE("an item may have 400 KiB and no byte more, which is judged before the table is looked up") {
  DynamoWorld w;
  const auto item = [](std::size_t bytes) {
    return Json{{"pk", S("a")}, {"v", S(std::string(bytes - 4, 'x'))}};
  };
  CHECK(w.refusal("PutItem", {{"TableName", "nowhere"}, {"Item", item(409'601)}}) ==
        "Item size has exceeded the maximum allowed size");
  w.table();
  w.put(item(409'600));
}

TEST_CASE("a missing table is reported by data operations without its name") {
  DynamoWorld w;
  const auto fault = w.fail("GetItem", {{"TableName", "X"}, {"Key", {{"pk", S("a")}}}});
  CHECK(fault.code == "ResourceNotFoundException");
  CHECK(fault.message == "Requested resource not found");
  CHECK(w.db.error_type(fault) == "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException");
  CHECK(w.db.error_type(AwsError::validation("")) == "com.amazon.coral.validate#ValidationException");
}

TEST_CASE("a condition decides, and on failure shows the item when asked") {
  DynamoWorld w;
  w.table();
  w.put({{"pk", S("a")}, {"v", N("1")}});
  Json again{{"TableName", "Tab"},
             {"Item", {{"pk", S("a")}, {"v", N("2")}}},
             {"ConditionExpression", "attribute_not_exists(pk)"}};
  auto fault = w.fail("PutItem", again);
  CHECK(fault.code == "ConditionalCheckFailedException");
  CHECK(fault.message == "The conditional request failed");
  CHECK(fault.extra == Json::object());
  again["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD";
  CHECK(w.fail("PutItem", again).extra == Json{{"Item", {{"pk", S("a")}, {"v", N("1")}}}});
  CHECK(w.get({{"pk", S("a")}})["v"] == N("1"));
  const auto old = w.call("DeleteItem", {{"TableName", "Tab"},
                                         {"Key", {{"pk", S("a")}}},
                                         {"ConditionExpression", "v = :one"},
                                         {"ExpressionAttributeValues", {{":one", N("1.0")}}},
                                         {"ReturnValues", "ALL_OLD"}});
  CHECK(old == Json{{"Attributes", {{"pk", S("a")}, {"v", N("1")}}}});
  CHECK(
      w.call("DeleteItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}, {"ReturnValues", "ALL_OLD"}}) ==
      Json::object());
}

TEST_CASE("request parameters are judged before anything else, several at once") {
  DynamoWorld w;
  CHECK(w.refusal("PutItem", {{"TableName", ""}, {"Item", Json::object()}}) ==
        env("Value at 'TableName' failed to satisfy constraint: Member must have length greater than or "
            "equal to 1"));
  CHECK(w.refusal("PutItem", {{"Item", Json::object()}}) ==
        env("Value null at 'tableName' failed to satisfy constraint: Member must not be null"));
  CHECK(w.refusal("PutItem",
                  {{"TableName", "Tab"}, {"Item", Json::object()}, {"ReturnValues", "UPDATED_NEW"}}) ==
        env("ReturnValues can only be ALL_OLD or NONE"));
  CHECK(w.refusal("PutItem", {{"TableName", "Tab"},
                              {"Item", Json::object()},
                              {"ReturnValues", "X"},
                              {"ReturnConsumedCapacity", "Y"}}) ==
        "2 validation errors detected: Value 'Y' at 'returnConsumedCapacity' failed to satisfy constraint: "
        "Member must "
        "satisfy enum value set: [INDEXES, TOTAL, NONE]; Failed to satisfy constraint: Member must satisfy "
        "enum value "
        "set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]");
}

TEST_CASE("expression attributes must be well formed, defined and used") {
  DynamoWorld w;
  w.table();
  const auto refusal = [&](Json more) {
    Json in{{"TableName", "Tab"}, {"Item", {{"pk", S("a")}}}};
    in.update(more);
    return w.refusal("PutItem", in);
  };
  CHECK(refusal({{"ExpressionAttributeNames", {{"#a", "a"}}}}) ==
        env("ExpressionAttributeNames can only be specified when using expressions"));
  CHECK(refusal({{"ExpressionAttributeValues", {{":a", S("a")}}}}) ==
        env("ExpressionAttributeValues can only be specified when using expressions"));
  const Json condition{{"ConditionExpression", "#a = :v"}};
  const auto with = [&](Json names, Json values) {
    Json in = condition;
    if (!names.is_null()) in["ExpressionAttributeNames"] = names;
    if (!values.is_null()) in["ExpressionAttributeValues"] = values;
    return refusal(in);
  };
  CHECK(with(Json::object(), {{":v", S("x")}}) == env("ExpressionAttributeNames must not be empty"));
  CHECK(with({{"a", "a"}}, {{":v", S("x")}}) ==
        env("ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\""));
  CHECK(with({{"#a", "a"}, {"#b", "b"}, {"#c", "c"}}, {{":v", S("x")}}) ==
        env("Value provided in ExpressionAttributeNames unused in expressions: keys: {#b, #c}"));
  CHECK(with({{"#a", "a"}}, {{":v", S("x")}, {":w", S("x")}}) ==
        env("Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"));
  CHECK(with(nullptr, {{":v", S("x")}}) == env("Invalid ConditionExpression: An expression attribute name "
                                               "used in the document path is not defined; "
                                               "attribute name: #a"));
  CHECK(with({{"#a", "a"}}, nullptr) == env("Invalid ConditionExpression: An expression attribute value used "
                                            "in expression is not defined; attribute "
                                            "value: :v"));
  CHECK(refusal({{"ConditionExpression", "a = :v"}, {"Expected", Json::object()}}) ==
        env("Can not use both expression and non-expression parameters in the same request: Non-expression "
            "parameters: "
            "{Expected} Expression parameters: {ConditionExpression}"));
}

TEST_CASE("capacity is reported when asked for") {
  DynamoWorld w;
  w.table();
  const auto capacity = [&](std::string_view operation, Json in) {
    in["TableName"] = "Tab";
    in["ReturnConsumedCapacity"] = "TOTAL";
    return w.call(operation, in)["ConsumedCapacity"];
  };
  CHECK(capacity("GetItem", {{"Key", {{"pk", S("a")}}}}) ==
        Json{{"TableName", "Tab"}, {"CapacityUnits", 0.5}});
  CHECK(capacity("GetItem", {{"Key", {{"pk", S("a")}}}, {"ConsistentRead", true}})["CapacityUnits"] == 1.0);
  w.put({{"pk", S("a")}, {"v", S(std::string(2500, 'x'))}});
  CHECK(capacity("PutItem", {{"Item", {{"pk", S("a")}, {"v", S(std::string(100, 'x'))}}}})["CapacityUnits"] ==
        3.0);
  CHECK(capacity("DeleteItem", {{"Key", {{"pk", S("nobody")}}}})["CapacityUnits"] == 1.0);
}

TEST_CASE("accounts and regions do not see each other's tables, an ARN reaches across regions") {
  DynamoWorld w;
  w.table();
  w.put({{"pk", S("a")}});
  const Json by_arn{{"TableName", "arn:aws:dynamodb:us-east-1:000000000000:table/Tab"},
                    {"Key", {{"pk", S("a")}}}};
  CHECK(w.call("GetItem", by_arn).contains("Item"));
  w.context.scope.region = "eu-west-1";
  CHECK(w.refusal("GetItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}}) ==
        "Requested resource not found");
  CHECK(w.call("GetItem", by_arn).contains("Item"));
}
