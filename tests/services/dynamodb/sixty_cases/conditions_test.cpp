#include "tests/services/dynamodb/sixty_cases/cases.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json put_if(std::string_view condition, Json values = {}) {
  Json in{{"TableName", "Tab"}, {"Item", {{"pk", S("a")}}}, {"ConditionExpression", condition}};
  if (!values.is_null()) in["ExpressionAttributeValues"] = values;
  return in;
}
}  // namespace

TEST_CASE("case 29: a syntax error shows the token and its neighbours") {
  SixtyCases w;
  w.table();
  CHECK(w.refused("PutItem", put_if("a = = b")) == ENV
        R"(Invalid ConditionExpression: Syntax error; token: "=", near: "= = b")");
}

TEST_CASE("case 30: redundant parentheses are refused") {
  SixtyCases w;
  w.table();
  CHECK(w.refused("PutItem", put_if("((a = :v))", {{":v", N("1")}})) == ENV
        "Invalid ConditionExpression: The expression has redundant parentheses;");
}

TEST_CASE("case 42: an absent attribute is unequal to everything and equal to nothing") {
  SixtyCases w;
  w.table();
  w.put(R"({"pk":{"S":"a"}})");
  CHECK(w.call("PutItem", put_if("x <> y")) == Json::object());
  CHECK(w.refused("PutItem", put_if("x = y")) ==
        "ConditionalCheckFailedException: The conditional request failed");
  CHECK(w.refused("PutItem", put_if("x < :1", {{":1", N("1")}})) ==
        "ConditionalCheckFailedException: The conditional request failed");
}
