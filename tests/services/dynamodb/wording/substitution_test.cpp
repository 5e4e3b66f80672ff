// D4: names and values that expressions refer to, and expressions beside legacy parameters.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
const Json kKey{{"pk", S("a")}};

std::string long_reference(char sigil) { return sigil + std::string(255, 'x'); }
}  // namespace

TEST_CASE(
    "names and values are given only with expressions, and then some, each well formed, defined and used") {
  TextWorld w;
  const auto put = [&](const char* more) {
    return w.refused("PutItem", merged(Json{{"TableName", "Tab"}, {"Item", kKey}}, Json::parse(more)));
  };
  const auto too_long =
      R"({"ConditionExpression":"a = a","ExpressionAttributeNames":{")" + long_reference('#') + R"(":"x"}})";
  check_each(
      {{R"({"ExpressionAttributeNames":{"#a":"a"}})",
        ENV "ExpressionAttributeNames can only be specified when using expressions"},
       {R"({"ExpressionAttributeValues":{":a":{"S":"a"}}})",
        ENV "ExpressionAttributeValues can only be specified when using expressions"},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeNames":{}})",
        ENV "ExpressionAttributeNames must not be empty"},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeValues":{}})",
        ENV "ExpressionAttributeValues must not be empty"},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeNames":{"a":"x"}})",
        ENV R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "a")"},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeNames":{"#":"x"}})",
        ENV R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "#")"},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeNames":{"#a-b":"x"}})",
        ENV R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b")"},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeValues":{"a":{"S":"x"}}})",
        ENV R"(ExpressionAttributeValues contains invalid key: Syntax error; key: "a")"},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeValues":{"#a":{"S":"x"}}})",
        ENV R"(ExpressionAttributeValues contains invalid key: Syntax error; key: "#a")"},
       {too_long.c_str(), ENV "ExpressionAttributeNames contains invalid key: Syntax error; key: \"" +
                              long_reference('#') + "\""},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeNames":{"#b":"x","#a":"y"}})",
        ENV "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}"},
       {R"({"ConditionExpression":"a = b","ExpressionAttributeValues":{":a":{"S":"x"}}})",
        ENV "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}"},
       {R"({"ConditionExpression":"#c = b"})", ENV
        "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; "
        "attribute name: #c"},
       {R"({"ConditionExpression":"a = :v"})",
        ENV "Invalid ConditionExpression: An expression attribute value used in expression is not defined; "
            "attribute value: :v"}},
      put);
}

TEST_CASE("a reference may begin with a digit or an underscore") {
  TextWorld w;
  w.table();
  CHECK(w.update("SET #0 = :0, #_a = :_b, #n0 = if_not_exists(#AMZN_MAPPED_x, :AMZN_MAPPED_x)",
                 Json::parse(R"({":0":{"N":"1"},":_b":{"N":"2"},":AMZN_MAPPED_x":{"N":"3"}})"),
                 Json::parse(R"({"ExpressionAttributeNames":
                   {"#0":"zero","#_a":"a.b[1]","#n0":"date","#AMZN_MAPPED_x":"x"}})")) ==
        Json::parse(R"({"pk":{"S":"a"},"zero":{"N":"1"},"a.b[1]":{"N":"2"},"date":{"N":"3"}})"));
}

TEST_CASE("legacy parameters beside expressions are listed in AWS's order") {
  TextWorld w;
  const auto beside = [](const char* legacy, const char* expressions) {
    return std::string(
               "Can not use both expression and non-expression parameters in the same request: "
               "Non-expression parameters: {") +
           legacy + "} Expression parameters: {" + expressions + "}";
  };
  const auto refused = [&](std::string_view operation, const char* more) {
    Json in = Json::parse(more);
    in["TableName"] = "Tab";
    if (operation == "PutItem") in["Item"] = kKey;
    if (operation.ends_with("eteItem") || operation == "UpdateItem" || operation == "GetItem")
      in["Key"] = kKey;
    return w.refused(operation, in);
  };
  constexpr const char* kExpected =
      R"({"Expected":{"a":{"Exists":false},"b":{"Exists":false}},"ConditionalOperator":"OR","ConditionExpression":"a = b"})";
  for (const auto* operation : {"PutItem", "DeleteItem"})
    CHECK(refused(operation, kExpected) ==
          ENV + beside("Expected, ConditionalOperator", "ConditionExpression"));
  CHECK(refused("UpdateItem", R"({"AttributeUpdates":{},"Expected":{},"ConditionalOperator":"AND",
    "ConditionExpression":"a = b","UpdateExpression":"REMOVE a"})") ==
        ENV + beside("AttributeUpdates, Expected, ConditionalOperator",
                     "UpdateExpression, ConditionExpression"));
  CHECK(refused("GetItem", R"({"AttributesToGet":["a"],"ProjectionExpression":"a"})") ==
        VALIDATION + beside("AttributesToGet", "ProjectionExpression"));
  CHECK(refused("Query",
                R"({"AttributesToGet":["a"],"QueryFilter":{},"ConditionalOperator":"OR","KeyConditions":{},
    "ProjectionExpression":"a","FilterExpression":"a = b","KeyConditionExpression":"pk = :v"})") ==
        VALIDATION + beside("AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions",
                            "ProjectionExpression, FilterExpression, KeyConditionExpression"));
  CHECK(refused("Scan", R"({"AttributesToGet":["a"],"ScanFilter":{},"ConditionalOperator":"OR",
    "ProjectionExpression":"a","FilterExpression":"a = b"})") ==
        VALIDATION + beside("AttributesToGet, ScanFilter, ConditionalOperator",
                            "ProjectionExpression, FilterExpression"));
  CHECK(
      w.refused("BatchGetItem", R"({"RequestItems":{"One":{"Keys":[{"pk":{"S":"a"}}],"AttributesToGet":["a"]},
    "Two":{"Keys":[{"pk":{"S":"a"}}],"ProjectionExpression":"a"}}})") ==
      VALIDATION + beside("AttributesToGet", "ProjectionExpression"));
}

TEST_CASE("legacy KeyConditions go with a filter and a projection expression") {
  TextWorld w;
  w.table();
  w.put(R"({"pk":{"S":"a"},"x":{"N":"1"},"y":{"N":"2"}})");
  CHECK(w.answer("Query", R"({"TableName":"Tab","KeyConditions":{"pk":{"ComparisonOperator":"EQ",
    "AttributeValueList":[{"S":"a"}]}},"FilterExpression":"x < y","ProjectionExpression":"y"})")["Items"] ==
        Json::parse(R"([{"y":{"N":"2"}}])"));
}
