// The two generations of texts (A6): each that differs, in every operation that has it. The modern ones
// alone are under wording/.
#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;
using dynamodb::Validation;

namespace {
constexpr std::string_view kDetected = "1 validation error detected: ";
#define OMPV "One or more parameter values were invalid: "

enum class Kind { empty_value, form, content };
struct BadValue {
  std::string_view value, older, current;
  Kind kind = Kind::content;
  std::string_view classic = {};  // where it is not the older text
};
constexpr std::string_view kNoType =
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
constexpr std::string_view kTwoTypes =
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
    "datatypes";
constexpr std::string_view kDigits = "Attempting to store more than 38 significant digits in a Number";
constexpr std::string_view kOver =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";
constexpr std::string_view kUnder =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";
constexpr std::string_view kNullFalse = OMPV "Null attribute value types must have the value of true";
constexpr std::string_view kEmptyName = "Empty attribute name";
#define NOT_A_NUMBER "The parameter cannot be converted to a numeric value"

constexpr BadValue kBadValues[] = {
    {R"({})", kNoType, kNoType, Kind::empty_value},
    {R"({"X":"a"})", kNoType, kNoType, Kind::empty_value},
    {R"({"S":null})", kNoType, kNoType, Kind::empty_value},
    {R"({"L":[null]})", kNoType, kNoType, Kind::empty_value},
    {R"({"S":"x","N":"1"})", kTwoTypes, kTwoTypes, Kind::empty_value},
    {R"({"NULL":false})", kNullFalse, kNullFalse, Kind::form},
    {R"({"M":{"":{"S":"x"}}})", kEmptyName, kEmptyName, Kind::form},
    {R"({"SS":[]})", OMPV "An string set  may not be empty", OMPV "An string set  may not be empty"},
    {R"({"NS":[]})", OMPV "An number set  may not be empty", OMPV "An number set  may not be empty"},
    {R"({"BS":[]})", OMPV "Binary sets should not be empty", OMPV "Binary sets should not be empty"},
    {R"({"N":""})", NOT_A_NUMBER, NOT_A_NUMBER ": "},
    {R"({"N":"abc"})", NOT_A_NUMBER ": abc", NOT_A_NUMBER ": abc"},
    {R"({"N":" 1"})", NOT_A_NUMBER ":  1", NOT_A_NUMBER ":  1"},
    {R"({"N":"0x10"})", NOT_A_NUMBER ": 0x10", NOT_A_NUMBER ": 0x10"},
    {R"({"N":"NaN"})", NOT_A_NUMBER ": NaN", NOT_A_NUMBER ": NaN"},
    {R"({"N":"1_0"})", NOT_A_NUMBER ": 1_0", NOT_A_NUMBER ": 1_0"},
    {R"({"N":"123456789012345678901234567890123456789"})", kDigits, kDigits},
    {R"({"N":"1e126"})", kOver, kOver},
    {R"({"N":"-1e126"})", kOver, kOver},
    {R"({"N":"1e-131"})", kUnder, kUnder},
    {R"({"N":"0e126"})", kOver, kOver},
    {R"({"N":"0e-131"})", kUnder, kUnder},
    {R"({"N":"1e2147483646"})", kOver, kOver},
    {R"({"N":"1e2147483647"})", kOver, kOver, Kind::content, kUnder},
    {R"({"N":"0.01e2147483648"})", kOver, kOver},
    {R"({"N":"1e3000000000"})", kOver, kOver, Kind::content, NOT_A_NUMBER ": 1e3000000000"},
    {R"({"N":"1e-3000000000"})", kUnder, kUnder, Kind::content, NOT_A_NUMBER ": 1e-3000000000"},
    {R"({"N":"1e99999999999999999999"})", NOT_A_NUMBER ": 1e99999999999999999999",
     NOT_A_NUMBER ": 1e99999999999999999999"},
    {R"({"NS":["1","x"]})", NOT_A_NUMBER ": x", NOT_A_NUMBER ": x"},
    {R"({"SS":["b","a","b"]})", OMPV "Input collection [b, a, b] contains duplicates.",
     OMPV R"(Input collection ["a", "b", "b"] contains duplicates.)"},
    {R"({"NS":["1","1.0"]})", "Input collection contains duplicates",
     OMPV "Input collection contains duplicates."},
    {R"({"BS":["/w==","AA==","AA=="]})",
     OMPV "Input collection [/w==, AA==, AA==]of type BS contains duplicates.",
     OMPV R"(Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.)"},
};

// A place where a request holds a value.
struct Place {
  std::string_view operation;
  dynamodb::Layer layer;  // modern
  bool of_expression;     // among ExpressionAttributeValues
  std::string_view request;
};
using enum dynamodb::Layer;
constexpr Place kPlaces[] = {
    {"PutItem", prefixed, false, R"({"TableName":"Tab","Item":{"pk":{"S":"a"},"x":VALUE}})"},
    {"PutItem", prefixed, false,
     R"({"TableName":"Tab","Item":{"pk":{"S":"a"},"x":{"M":{"l":{"L":[VALUE]}}}}})"},
    {"PutItem", prefixed, false,
     R"({"TableName":"Tab","Item":{"pk":{"S":"a"}},"Expected":{"x":{"Value":VALUE}}})"},
    {"PutItem", prefixed, true,
     R"({"TableName":"Tab","Item":{"pk":{"S":"a"}},"ConditionExpression":"x = :v","ExpressionAttributeValues":{":v":VALUE}})"},
    {"UpdateItem", prefixed, false, R"({"TableName":"Tab","Key":{"pk":VALUE}})"},
    {"UpdateItem", prefixed, false,
     R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"AttributeUpdates":{"x":{"Value":VALUE}}})"},
    {"UpdateItem", prefixed, true,
     R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET x = :v","ExpressionAttributeValues":{":v":VALUE}})"},
    {"DeleteItem", prefixed, false, R"({"TableName":"Tab","Key":{"pk":VALUE}})"},
    {"DeleteItem", prefixed, true,
     R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"ConditionExpression":"x = :v","ExpressionAttributeValues":{":v":VALUE}})"},
    {"GetItem", current, false, R"({"TableName":"Tab","Key":{"pk":VALUE}})"},
    {"BatchGetItem", current, false, R"({"RequestItems":{"Tab":{"Keys":[{"pk":VALUE}]}}})"},
    {"Query", current, true,
     R"({"TableName":"Tab","KeyConditionExpression":"pk = :v","ExpressionAttributeValues":{":v":VALUE}})"},
    {"Query", current, false,
     R"({"TableName":"Tab","KeyConditions":{"pk":{"ComparisonOperator":"EQ","AttributeValueList":[VALUE]}}})"},
    {"Scan", older, true,
     R"({"TableName":"Tab","FilterExpression":"x = :v","ExpressionAttributeValues":{":v":VALUE}})"},
    {"Scan", older, false,
     R"({"TableName":"Tab","ScanFilter":{"x":{"ComparisonOperator":"EQ","AttributeValueList":[VALUE]}}})"},
    {"BatchWriteItem", older, false,
     R"({"RequestItems":{"Tab":[{"PutRequest":{"Item":{"pk":{"S":"a"},"x":VALUE}}}]}})"},
    {"BatchWriteItem", older, false, R"({"RequestItems":{"Tab":[{"DeleteRequest":{"Key":{"pk":VALUE}}}]}})"},
};

std::string with(std::string_view request, std::string_view value) {
  std::string out(request);
  out.replace(out.find("VALUE"), 5, value);
  return out;
}

std::string expected(const Place& place, Validation generation, const BadValue& bad) {
  const bool classic = generation == Validation::classic;
  const auto layer = classic ? older : place.layer;
  const auto text = classic && !bad.classic.empty() ? bad.classic : layer == older ? bad.older : bad.current;
  if (layer == older && place.of_expression)
    return fmt::format("ExpressionAttributeValues contains invalid value: {} for key :v", text);
  return fmt::format("{}{}", layer == prefixed && bad.kind != Kind::empty_value ? kDetected : "", text);
}
}  // namespace

TEST_CASE("a bad value is refused in each operation's own words, in both generations") {
  DynamoWorld world;
  world.table();
  for (const auto generation : {Validation::modern, Validation::classic}) {
    world.db.speak(generation);
    for (const auto& place : kPlaces)
      for (const auto& bad : kBadValues) {
        const auto request = with(place.request, bad.value);
        CAPTURE(place.operation);
        CAPTURE(request);
        CAPTURE(generation == Validation::classic);
        CHECK(world.refusal(place.operation, Json::parse(request)) == expected(place, generation, bad));
      }
  }
}

TEST_CASE("bad enumerations are listed as each generation lists them") {
  DynamoWorld world;
  world.table();
  const Json bad{{"TableName", "Tab"},
                 {"Item", {{"pk", S("a")}}},
                 {"ReturnValues", "x"},
                 {"ReturnConsumedCapacity", "y"},
                 {"ReturnItemCollectionMetrics", "z"}};
  Json update = bad;
  update.erase("Item");
  update["Key"] = {{"pk", S("a")}};
  const std::string capacity =
      "Value 'y' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value "
      "set: "
      "[INDEXES, TOTAL, NONE]";
  const std::string metrics =
      "Value 'z' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum "
      "value set: "
      "[SIZE, NONE]";
  const std::string modern =
      "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, "
      "UPDATE_NEW, "
      "NONE]";
  const std::string classic =
      "Value 'x' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: "
      "[ALL_NEW, "
      "UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]";
  CHECK(world.refusal("PutItem", bad) ==
        fmt::format("3 validation errors detected: {}; {}; {}", capacity, modern, metrics));
  CHECK(world.refusal("UpdateItem", update) == fmt::format("{}{}", kDetected, modern));
  world.db.speak(Validation::classic);
  CHECK(world.refusal("PutItem", bad) ==
        fmt::format("3 validation errors detected: {}; {}; {}", capacity, classic, metrics));
  CHECK(world.refusal("UpdateItem", update).starts_with("3 validation errors detected: "));
}

TEST_CASE("a bad ConditionalOperator is told with the set each generation prints") {
  DynamoWorld world;
  world.table();
  const Json bad{{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}, {"ConditionalOperator", "x"}};
  CHECK(world.refusal("DeleteItem", bad) ==
        "1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: "
        "[ALL, OR]");
  world.db.speak(Validation::classic);
  CHECK(world.refusal("DeleteItem", bad) ==
        "1 validation error detected: Value 'x' at 'conditionalOperator' failed to satisfy constraint: "
        "Member must "
        "satisfy enum value set: [OR, AND]");
}

TEST_CASE("an absent and an empty table name") {
  DynamoWorld world;
  const std::string absent =
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not "
      "be null";
  const std::string modern =
      "1 validation error detected: Value at 'TableName' failed to satisfy constraint: Member must have "
      "length greater "
      "than or equal to 1";
  const std::string classic =
      "1 validation error detected: Value '' at 'tableName' failed to satisfy constraint: Member must have "
      "length "
      "greater than or equal to 1";
  for (const auto generation : {Validation::modern, Validation::classic}) {
    world.db.speak(generation);
    for (const std::string_view operation :
         {"PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan"}) {
      CAPTURE(operation);
      Json in{{operation == "PutItem" ? "Item" : "Key", Json::object()}};
      CHECK(world.refusal(operation, in) == absent);
      in["TableName"] = "";
      const bool by_modern = generation == Validation::modern && operation != "Scan";
      if (by_modern) in["ReturnConsumedCapacity"] = "bad, and not told beside it";
      CHECK(world.refusal(operation, in) == (by_modern ? modern : classic));
    }
  }
}

TEST_CASE("a table name is a name of up to 255 or an ARN of up to 1024 characters") {
  DynamoWorld world;
  const auto get = [&](std::string name) {
    return world.refusal("GetItem", {{"TableName", std::move(name)}, {"Key", {{"pk", S("a")}}}});
  };
  CHECK(get("a") == "Requested resource not found");
  CHECK(get(std::string(255, 'a')) == "Requested resource not found");
  CHECK(
      get(std::string(256, 'a')) ==
      fmt::format(
          "1 validation error detected: Value '{}' at 'tableName' failed to satisfy constraint: Member must "
          "have length less than or equal to 255",
          std::string(256, 'a')));
  CHECK(get("a;") ==
        "1 validation error detected: Value 'a;' at 'tableName' failed to satisfy constraint: Member must "
        "satisfy "
        "regular expression pattern: [a-zA-Z0-9_.-]+");
  CHECK(get("arn:aws:dynamodb:us-east-1:000000000000:table/" + std::string(255, 'a')) ==
        "Requested resource not found");
}

TEST_CASE("Query's Limit and Select are worded by generation, Scan's are not") {
  DynamoWorld world;
  world.table();
  const auto with_member = [](Json in, std::string_view member, Json value) {
    in[std::string(member)] = std::move(value);
    return in;
  };
  const Json query{{"TableName", "Tab"},
                   {"KeyConditionExpression", "pk = :p"},
                   {"ExpressionAttributeValues", {{":p", S("a")}}}};
  const Json scan{{"TableName", "Tab"}};
  const std::string old_limit =
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have "
      "value greater "
      "than or equal to 1";
  const std::string select =
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES";
  const auto refused = [&](std::string_view operation, const Json& base, std::string_view member,
                           Json value) {
    return world.refusal(operation, with_member(base, member, std::move(value)));
  };
  CHECK(refused("Query", query, "Limit", 0) ==
        "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value "
        "greater "
        "than or equal to 1");
  CHECK(refused("Query", query, "Select", "SPECIFIC_ATTRIBUTES") == fmt::format("{}{}", kDetected, select));
  CHECK(refused("Scan", scan, "Limit", 0) == old_limit);
  CHECK(refused("Scan", scan, "Select", "SPECIFIC_ATTRIBUTES") == select);
  world.db.speak(Validation::classic);
  CHECK(refused("Query", query, "Limit", 0) == old_limit);
  CHECK(refused("Query", query, "Select", "SPECIFIC_ATTRIBUTES") == select);
}

TEST_CASE("values without an expression: the older texts say which are missing") {
  DynamoWorld world;
  world.table();
  const Json values{{":v", S("a")}};
  const std::string text = "ExpressionAttributeValues can only be specified when using expressions";
  const auto refused = [&](std::string_view operation, Json in) {
    in["TableName"] = "Tab";
    in["ExpressionAttributeValues"] = values;
    return world.refusal(operation, std::move(in));
  };
  const Json key{{"Key", {{"pk", S("a")}}}};
  const Json conditions{
      {"KeyConditions",
       {{"pk", {{"ComparisonOperator", "EQ"}, {"AttributeValueList", Json::array({S("a")})}}}}}};
  CHECK(refused("PutItem", {{"Item", {{"pk", S("a")}}}}) == fmt::format("{}{}", kDetected, text));
  CHECK(refused("UpdateItem", key) == fmt::format("{}{}", kDetected, text));
  CHECK(refused("Query", conditions) == text);
  CHECK(refused("Scan", Json::object()) == text + ": FilterExpression is null");
  world.db.speak(Validation::classic);
  CHECK(refused("PutItem", {{"Item", {{"pk", S("a")}}}}) == text + ": ConditionExpression is null");
  CHECK(refused("DeleteItem", key) == text + ": ConditionExpression is null");
  CHECK(refused("UpdateItem", key) == text + ": UpdateExpression and ConditionExpression are null");
  CHECK(refused("Query", conditions) == text + ": FilterExpression and KeyConditionExpression are null");
}

TEST_CASE("expressions are refused behind ENV in modern writes, bare in classic ones and in reads") {
  DynamoWorld world;
  world.table();
  const Json put{{"TableName", "Tab"}, {"Item", {{"pk", S("a")}}}, {"ConditionExpression", "a = = b"}};
  const Json unused{{"TableName", "Tab"},
                    {"Item", {{"pk", S("a")}}},
                    {"ConditionExpression", "attribute_exists(a)"},
                    {"ExpressionAttributeNames", {{"#n", "n"}}}};
  const Json mixed{{"TableName", "Tab"},
                   {"Item", {{"pk", S("a")}}},
                   {"ConditionExpression", "attribute_exists(a)"},
                   {"Expected", {{"x", {{"Exists", false}}}}}};
  const Json scan{{"TableName", "Tab"}, {"FilterExpression", "a = = b"}};
  const std::string condition = R"(Invalid ConditionExpression: Syntax error; token: "=", near: "= = b")";
  const std::string names = "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}";
  const std::string both =
      "Can not use both expression and non-expression parameters in the same request: Non-expression "
      "parameters: "
      "{Expected} Expression parameters: {ConditionExpression}";
  for (const auto generation : {Validation::modern, Validation::classic}) {
    world.db.speak(generation);
    const std::string prefix(generation == Validation::modern ? kDetected : "");
    CHECK(world.refusal("PutItem", put) == prefix + condition);
    CHECK(world.refusal("PutItem", unused) == prefix + names);
    CHECK(world.refusal("PutItem", mixed) == prefix + both);
    CHECK(world.refusal("Scan", scan) ==
          R"(Invalid FilterExpression: Syntax error; token: "=", near: "= = b")");
  }
}
