// D11: the parameters from before expressions, in the words of their own faults.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct WithItem : TextWorld {
  WithItem() {
    table();
    put(R"({"pk":{"S":"a"},"n":{"N":"5"},"s":{"S":"text"},"ss":{"SS":["x","y"]},"l":{"L":[{"N":"1"}]},
      "m":{"M":{}},"t":{"BOOL":true},"z":{"NULL":true},"b":{"B":"AAEC"}})");
  }
  std::string expected_refused(const char* condition) {
    return refused(
        "DeleteItem",
        Json{{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}, {"Expected", {{"a", Json::parse(condition)}}}});
  }
  bool passes(const char* conditions, const char* more = "{}") {
    return bool(
        attempt(db, "PutItem",
                merged(Json{{"TableName", "Tab"}, {"Item", item()}, {"Expected", Json::parse(conditions)}},
                       Json::parse(more))));
  }
};
}  // namespace

TEST_CASE("an expectation that is none is refused in AWS's words") {
  WithItem w;
  const std::string start = ENV OMPV;
  const auto arguments = [&](std::string_view op) {
    return start + "Invalid number of argument(s) for the " + std::string(op) + " ComparisonOperator";
  };
  const auto type = [&](std::string_view op, std::string_view letters) {
    return start + "ComparisonOperator " + std::string(op) + " is not valid for " + std::string(letters) +
           " AttributeValue type";
  };
  check_each(
      {{"{}", start + "Value must be provided when Exists is null for Attribute: a"},
       {R"({"Exists":true})", start + "Value must be provided when Exists is true for Attribute: a"},
       {R"({"Exists":false,"Value":{"S":"x"}})",
        start + "Value cannot be used when Exists is false for Attribute: a"},
       {R"({"ComparisonOperator":"EQ","Value":{"S":"x"},"AttributeValueList":[{"S":"x"}]})",
        start + "Value and AttributeValueList cannot be used together for Attribute: a"},
       {R"({"Exists":true,"Value":{"S":"x"},"ComparisonOperator":"EQ"})",
        start + "Exists and ComparisonOperator cannot be used together for Attribute: a"},
       {R"({"ComparisonOperator":"LT"})",
        start + "Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a"},
       {R"({"AttributeValueList":[{"S":"x"}]})",
        start + "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"},
       {R"({"ComparisonOperator":"EQ","AttributeValueList":[]})", arguments("EQ")},
       {R"({"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"},{"S":"y"}]})", arguments("EQ")},
       {R"({"ComparisonOperator":"NULL","AttributeValueList":[{"S":"x"}]})", arguments("NULL")},
       {R"({"ComparisonOperator":"NOT_NULL","Value":{"S":"x"}})", arguments("NOT_NULL")},
       {R"({"ComparisonOperator":"BETWEEN","AttributeValueList":[{"S":"x"}]})", arguments("BETWEEN")},
       {R"({"ComparisonOperator":"IN","AttributeValueList":[]})", arguments("IN")},
       {R"({"ComparisonOperator":"IN","AttributeValueList":[{"S":"x"},{"N":"1"}]})",
        start + "AttributeValues inside AttributeValueList must be of same type"},
       {R"({"ComparisonOperator":"BETWEEN","AttributeValueList":[{"S":"x"},{"N":"1"}]})",
        start + "AttributeValues inside AttributeValueList must be of same type"},
       {R"({"ComparisonOperator":"LT","AttributeValueList":[{"SS":["x"]}]})", type("LT", "SS")},
       {R"({"ComparisonOperator":"LE","AttributeValueList":[{"BOOL":true}]})", type("LE", "BOOL")},
       {R"({"ComparisonOperator":"GT","AttributeValueList":[{"NULL":true}]})", type("GT", "NULL")},
       {R"({"ComparisonOperator":"GE","AttributeValueList":[{"L":[]}]})", type("GE", "L")},
       {R"({"ComparisonOperator":"IN","AttributeValueList":[{"M":{}}]})", type("IN", "M")},
       {R"({"ComparisonOperator":"CONTAINS","AttributeValueList":[{"NS":["1"]}]})", type("CONTAINS", "NS")},
       {R"({"ComparisonOperator":"NOT_CONTAINS","AttributeValueList":[{"BS":["AA=="]}]})",
        type("NOT_CONTAINS", "BS")},
       {R"({"ComparisonOperator":"BEGINS_WITH","AttributeValueList":[{"N":"1"}]})", type("BEGINS_WITH", "N")},
       {R"({"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"2"},{"N":"1"}]})", ENV
        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"}},
      [&](const char* condition) { return w.expected_refused(condition); });
}

TEST_CASE("the comparison operators of expectations hold as those of expressions do") {
  WithItem w;
  for (const auto* holds :
       {R"({"n":{"Value":{"N":"5.0"}}})",
        R"({"n":{"Exists":true,"Value":{"N":"5"}}})",
        R"({"gone":{"Exists":false}})",
        R"({"n":{"ComparisonOperator":"NE","Value":{"N":"6"}}})",
        R"({"gone":{"ComparisonOperator":"NE","Value":{"N":"6"}}})",
        R"({"ss":{"ComparisonOperator":"EQ","Value":{"SS":["y","x"]}}})",
        R"({"l":{"ComparisonOperator":"EQ","Value":{"L":[{"N":"1.0"}]}}})",
        R"({"m":{"ComparisonOperator":"EQ","Value":{"M":{}}}})",
        R"({"t":{"ComparisonOperator":"EQ","Value":{"BOOL":true}}})",
        R"({"z":{"ComparisonOperator":"EQ","Value":{"NULL":true}}})",
        R"({"z":{"ComparisonOperator":"NOT_NULL"}})",
        R"({"gone":{"ComparisonOperator":"NULL"}})",
        R"({"n":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"5"},{"N":"5"}]}})",
        R"({"n":{"ComparisonOperator":"IN","AttributeValueList":[{"N":"4"},{"N":"5"}]}})",
        R"({"s":{"ComparisonOperator":"BEGINS_WITH","Value":{"S":"te"}}})",
        R"({"s":{"ComparisonOperator":"CONTAINS","Value":{"S":"ex"}}})",
        R"({"ss":{"ComparisonOperator":"CONTAINS","Value":{"S":"x"}}})",
        R"({"l":{"ComparisonOperator":"CONTAINS","Value":{"N":"1"}}})",
        R"({"b":{"ComparisonOperator":"CONTAINS","Value":{"B":"AQI="}}})",
        R"({"s":{"ComparisonOperator":"NOT_CONTAINS","Value":{"S":"z"}}})"})
    CHECK_MESSAGE(w.passes(holds), holds);
  for (const auto* fails :
       {R"({"n":{"Value":{"S":"5"}}})", R"({"n":{"Exists":false}})", R"({"n":{"ComparisonOperator":"NULL"}})",
        R"({"gone":{"ComparisonOperator":"LT","Value":{"N":"6"}}})",
        R"({"s":{"ComparisonOperator":"LT","Value":{"N":"6"}}})",
        R"({"n":{"ComparisonOperator":"GT","Value":{"N":"5"}}})",
        R"({"n":{"Value":{"N":"5"}},"s":{"Value":{"S":"x"}}})"})
    CHECK_MESSAGE(!w.passes(fails), fails);
  CHECK(w.passes(R"({"n":{"Value":{"N":"5"}},"s":{"Value":{"S":"x"}}})", R"({"ConditionalOperator":"OR"})"));
}

TEST_CASE("a conditional operator joins two or more conditions") {
  WithItem w;
  const std::string lone =
      "ConditionalOperator can only be used when Filter or Expected has two or more elements";
  const std::string none = "ConditionalOperator cannot be used without Filter or Expected";
  const char* key = R"("TableName":"Tab","Key":{"pk":{"S":"a"}},"ConditionalOperator":"AND")";
  const auto with = [](std::string members) { return Json::parse("{" + members + "}"); };
  CHECK(w.refused("DeleteItem", with(key)) == ENV + none);
  CHECK(w.refused("UpdateItem", with(key + std::string(R"(,"Expected":{})"))) == ENV + none);
  CHECK(w.refused("DeleteItem", with(key + std::string(R"(,"Expected":{"a":{"Exists":false}})"))) ==
        ENV + lone);
  const char* scan = R"("TableName":"Tab","ConditionalOperator":"OR")";
  CHECK(w.refused("Scan", with(scan)) == VALIDATION + none);
  CHECK(w.refused("Scan", with(scan + std::string(R"(,"ScanFilter":{"a":{"ComparisonOperator":"NULL"}})"))) ==
        VALIDATION + lone);
  CHECK(w.refused("Scan", with(scan + std::string(R"(,"ScanFilter":{"a":{"ComparisonOperator":"EQ",
    "AttributeValueList":[{"N":""}]}})"))) == VALIDATION
        "The parameter cannot be converted to a numeric value");  // values first
}

TEST_CASE("AttributeUpdates that are none are refused in AWS's words") {
  WithItem w;
  const std::string start = ENV OMPV;
  check_each(
      {{R"({"a":{"Action":"PUT"}})",
        start + "Only DELETE action is allowed when no attribute value is specified"},
       {R"({"a":{}})", start + "Only DELETE action is allowed when no attribute value is specified"},
       {R"({"a":{"Action":"ADD"}})",
        start + "Only DELETE action is allowed when no attribute value is specified"},
       {R"({"a":{"Action":"DELETE","Value":{"S":"x"}}})",
        start + "DELETE action with value is not supported for the type S"},
       {R"({"a":{"Action":"DELETE","Value":{"L":[]}}})",
        start + "DELETE action with value is not supported for the type L"},
       {R"({"a":{"Action":"ADD","Value":{"S":"x"}}})", start + "ADD action is not supported for the type S"},
       {R"({"a":{"Action":"ADD","Value":{"BOOL":true}}})",
        start + "ADD action is not supported for the type BOOL"},
       {R"({"a":{"Action":"ADD","Value":{"M":{}}}})", start + "ADD action is not supported for the type M"},
       {R"({"pk":{"Value":{"S":"x"}}})",
        VALIDATION OMPV "Cannot update attribute pk. This attribute is part of the key"},
       {R"({"s":{"Action":"ADD","Value":{"N":"1"}}})", VALIDATION "Type mismatch for attribute to update"},
       {R"({"n":{"Action":"ADD","Value":{"SS":["x"]}}})", VALIDATION "Type mismatch for attribute to update"},
       {R"({"n":{"Action":"ADD","Value":{"L":[]}}})", VALIDATION "Type mismatch for attribute to update"},
       {R"({"n":{"Action":"DELETE","Value":{"SS":["x"]}}})",
        VALIDATION "Type mismatch for attribute to update"}},
      [&](const char* updates) {
        return w.refused("UpdateItem", Json{{"TableName", "Tab"},
                                            {"Key", {{"pk", S("a")}}},
                                            {"AttributeUpdates", Json::parse(updates)}});
      });
}

TEST_CASE("legacy key conditions, filters and projections that are none are refused in AWS's words") {
  WithItem w;
  w.table("Sorted", true);
  const std::string equals = R"("ComparisonOperator":"EQ","AttributeValueList":[{"S":"p"}])";
  const auto query = [&](std::string conditions, std::string more = "") {
    return w.refused(
        "Query", Json::parse(R"({"TableName":"Sorted","KeyConditions":{)" + conditions + "}" + more + "}"));
  };
  for (const auto* op : {"NE", "CONTAINS", "NOT_CONTAINS"})
    CHECK(query(R"("pk":{)" + equals + R"(},"sk":{"ComparisonOperator":")" + op +
                R"(","AttributeValueList":[{"N":"1"}]})") == VALIDATION
          "Attempted conditional constraint is not an indexable operation");
  for (const auto* op : {"NULL", "NOT_NULL"})
    CHECK(query(R"("pk":{)" + equals + R"(},"sk":{"ComparisonOperator":")" + op + R"("})") == VALIDATION
          "Attempted conditional constraint is not an indexable operation");
  CHECK(query(R"("pk":{)" + equals +
              R"(},"sk":{"ComparisonOperator":"IN","AttributeValueList":[{"N":"1"},{"N":"2"}]})") ==
        VALIDATION "Attempted conditional constraint is not an indexable operation");
  CHECK(query(R"("sk":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"1"}]})") == VALIDATION
        "Query condition missed key schema element: pk");
  CHECK(query(R"("pk":{"ComparisonOperator":"GT","AttributeValueList":[{"S":"p"}]})") == VALIDATION
        "Query key condition not supported");
  CHECK(query(R"("pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"1"}]})") == VALIDATION OMPV
        "Condition parameter type does not match schema type");
  CHECK(query(R"("pk":{"ComparisonOperator":"EQ","AttributeValueList":[]})") == VALIDATION OMPV
        "Invalid number of argument(s) for the EQ ComparisonOperator");
  CHECK(query(R"("pk":{)" + equals + "}",
              R"(,"QueryFilter":{"sk":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"1"}]}})") ==
        VALIDATION "QueryFilter can only contain non-primary key attributes: Primary key attribute: sk");
  CHECK(query(R"("pk":{)" + equals + "}", R"(,"AttributesToGet":["a","b","a"])") == VALIDATION OMPV
        "Duplicate value in attribute name: a");
  CHECK(w.refused("GetItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"AttributesToGet":["a","a"]})") ==
        VALIDATION OMPV "Duplicate value in attribute name: a");
  CHECK(
      w.refused(
          "Scan",
          R"({"TableName":"Tab","ScanFilter":{"a":{"ComparisonOperator":"LT","AttributeValueList":[{"SS":["x"]}]}}})") ==
      VALIDATION OMPV "ComparisonOperator LT is not valid for SS AttributeValue type");
}

TEST_CASE("an unknown comparison operator, action or conditional operator breaks a constraint") {
  WithItem w;
  const std::string operators =
      "[IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]";
  const auto enumerated = [](std::string value, std::string path, std::string set) {
    return ENV "Value '" + value + "' at '" + path +
           "' failed to satisfy constraint: Member must satisfy enum value set: " + set;
  };
  CHECK(w.expected_refused(R"({"ComparisonOperator":"LIKE"})") ==
        enumerated("LIKE", "expected.a.member.comparisonOperator", operators));
  CHECK(w.refused("Scan", R"({"TableName":"Tab","ScanFilter":{"a":{"ComparisonOperator":"LIKE"}}})") ==
        enumerated("LIKE", "scanFilter.a.member.comparisonOperator", operators));
  CHECK(w.refused("Query", R"({"TableName":"Tab","KeyConditions":{"pk":{"ComparisonOperator":"LIKE"}}})") ==
        enumerated("LIKE", "keyConditions.pk.member.comparisonOperator", operators));
  CHECK(w.refused("Query", R"({"TableName":"Tab","KeyConditions":{"pk":{"ComparisonOperator":"EQ",
    "AttributeValueList":[{"S":"p"}]}},"QueryFilter":{"a":{"ComparisonOperator":"LIKE"}}})") ==
        enumerated("LIKE", "queryFilter.a.member.comparisonOperator", operators));
  CHECK(w.refused("Scan", R"({"TableName":"Tab","ConditionalOperator":"XOR"})") ==
        enumerated("XOR", "conditionalOperator", "[OR, AND]"));
  const std::string newer = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";
  CHECK(w.refused("PutItem", R"({"TableName":"Tab","Item":{"pk":{"S":"a"}},"ConditionalOperator":"XOR"})") ==
        ENV + newer);
  CHECK(w.refused("Query", R"({"TableName":"Tab","ConditionalOperator":"XOR","Select":"BOGUS"})") ==
        VALIDATION + newer);
}
