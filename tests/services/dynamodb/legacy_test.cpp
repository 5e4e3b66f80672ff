#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("Expected decides as a condition does") {
  DynamoWorld w;
  w.table();
  w.put({{"pk", S("a")}, {"n", N("5")}, {"s", {{"SS", {"x"}}}}});
  const auto passes = [&](Json expected, Json more = Json::object()) {
    Json in{{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}, {"Expected", expected}};
    in.update(more);
    return bool(w.attempt(w.db, "UpdateItem", in));
  };
  const auto compare = [](std::string_view op, Json values) {
    return Json{{"ComparisonOperator", op}, {"AttributeValueList", values}};
  };
  CHECK(passes({{"n", {{"Value", N("5.0")}}}}));
  CHECK_FALSE(passes({{"n", {{"Exists", false}}}}));
  CHECK(passes({{"gone", {{"Exists", false}}}}));
  CHECK(passes({{"n", compare("BETWEEN", {N("1"), N("9")})}}));
  CHECK(passes({{"n", compare("IN", {N("1"), N("5")})}}));
  CHECK(passes({{"s", compare("CONTAINS", Json::array({S("x")}))}}));
  CHECK_FALSE(passes({{"gone", compare("NOT_CONTAINS", Json::array({S("x")}))}}));
  CHECK(passes({{"gone", {{"ComparisonOperator", "NULL"}}}}));
  CHECK_FALSE(passes(
      {{"n", compare("GT", Json::array({N("5")}))}, {"s", compare("CONTAINS", Json::array({S("x")}))}}));
  CHECK(
      passes({{"n", compare("GT", Json::array({N("5")}))}, {"s", compare("CONTAINS", Json::array({S("x")}))}},
             {{"ConditionalOperator", "OR"}}));
}

TEST_CASE("AttributeUpdates put, add and delete") {
  DynamoWorld w;
  w.table();
  const auto update = [&](Json updates) {
    return Json{{"TableName", "Tab"},
                {"Key", {{"pk", S("a")}}},
                {"AttributeUpdates", updates},
                {"ReturnValues", "ALL_NEW"}};
  };
  const Json list{{"L", {S("x")}}};
  auto now = w.call("UpdateItem", update({{"p", {{"Value", S("v")}}},
                                          {"n", {{"Action", "ADD"}, {"Value", N("2")}}},
                                          {"l", {{"Action", "ADD"}, {"Value", list}}}}))["Attributes"];
  CHECK(now == Json{{"pk", S("a")}, {"p", S("v")}, {"n", N("2")}, {"l", list}});
  now = w.call("UpdateItem", update({{"p", {{"Action", "DELETE"}}},
                                     {"n", {{"Action", "ADD"}, {"Value", N("2")}}},
                                     {"l", {{"Action", "ADD"}, {"Value", list}}}}))["Attributes"];
  CHECK(now == Json{{"pk", S("a")}, {"n", N("4")}, {"l", {{"L", {S("x"), S("x")}}}}});
}

TEST_CASE("legacy queries and scans read what their expressions would") {
  DynamoWorld w;
  w.table("Sorted", true);
  for (const auto* sk : {"1", "2", "3"}) w.put({{"pk", S("p")}, {"sk", N(sk)}, {"v", N(sk)}}, "Sorted");
  const Json hash{{"ComparisonOperator", "EQ"}, {"AttributeValueList", {S("p")}}};
  const auto at_least = [](std::string_view n) {
    return Json{{"ComparisonOperator", "GE"}, {"AttributeValueList", {N(n)}}};
  };
  const auto reply = w.call("Query", {{"TableName", "Sorted"},
                                      {"KeyConditions", {{"pk", hash}, {"sk", at_least("2")}}},
                                      {"QueryFilter", {{"v", at_least("3")}}},
                                      {"AttributesToGet", {"sk"}}});
  CHECK(reply["Items"] == Json{{{"sk", N("3")}}});
  CHECK(reply["ScannedCount"] == 2);
  CHECK(w.call("Scan", {{"TableName", "Sorted"}, {"ScanFilter", {{"v", at_least("2")}}}})["Count"] == 2);
  const Json all_but{{"ComparisonOperator", "NE"}, {"AttributeValueList", {N("2")}}};
  CHECK(w.refusal("Query", {{"TableName", "Sorted"}, {"KeyConditions", {{"pk", hash}, {"sk", all_but}}}}) ==
        "Attempted conditional constraint is not an indexable operation");
}
