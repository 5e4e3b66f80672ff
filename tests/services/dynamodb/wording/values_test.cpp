// B1 to B4: values that are none, in every place where a value can be, in both layers' words.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Mistaken {
  std::string value, older, current;
  bool request_level = true;      // prefixed by PutItem, UpdateItem, DeleteItem
  bool bare_as_start_key = true;  // B4
};

std::string in_maps(int depth) {
  std::string out = R"({"S":"x"})";
  for (int i = 0; i < depth; ++i) out = R"({"M":{"k":)" + out + "}}";
  return out;
}

std::vector<Mistaken> mistakes() {
  const auto same = [](const char* value, const char* text) { return Mistaken{value, text, text}; };
  const std::string overflow =
      "Number overflow. Attempting to store a number with magnitude larger than supported range";
  const std::string underflow =
      "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  const std::string deep =
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
      "supported limit";
  const std::string empty =
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  const std::string many =
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
      "datatypes";
  const std::string null = OMPV "Null attribute value types must have the value of true";
  std::vector<Mistaken> out{
      {R"({})", empty, empty, false, false},
      {R"({"X":"y"})", empty, empty, false, false},
      {R"({"S":null})", empty, empty, false, false},
      {R"({"S":"x","N":"1"})", many, many, false, false},
      {R"({"L":[{"S":"x","BOOL":true}]})", many, many, false, false},
      {R"({"NULL":false})", null, null, true, false},
      same(R"({"SS":[]})", OMPV "An string set  may not be empty"),
      same(R"({"NS":[]})", OMPV "An number set  may not be empty"),
      same(R"({"BS":[]})", OMPV "Binary sets should not be empty"),
      {R"({"N":""})", "The parameter cannot be converted to a numeric value",
       "The parameter cannot be converted to a numeric value: "},
      same(R"({"N":"123456789012345678901234567890123456789"})",
           "Attempting to store more than 38 significant digits in a Number"),
      {R"({"N":"1e126"})", overflow, overflow},
      {R"({"N":"0e126"})", overflow, overflow},
      {R"({"N":"-1e126"})", overflow, overflow},
      {R"({"N":"1e2147483648"})", overflow, overflow},
      {R"({"N":"1e-131"})", underflow, underflow},
      {R"({"N":"0e-131"})", underflow, underflow},
      {R"({"SS":["b","a","b"]})", OMPV "Input collection [b, a, b] contains duplicates.",
       OMPV R"(Input collection ["a", "b", "b"] contains duplicates.)"},
      {R"({"SS":["c","b","a","b","a"]})", OMPV "Input collection [c, b, a, b, a] contains duplicates.",
       OMPV R"(Input collection ["a", "b", "c", "b", "a"] contains duplicates.)"},
      {R"({"BS":["/w==","AA==","AA=="]})",
       OMPV "Input collection [/w==, AA==, AA==]of type BS contains duplicates.",
       OMPV R"(Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.)"},
      {R"({"NS":["1","2","1.0"]})", "Input collection contains duplicates",
       OMPV "Input collection contains duplicates."},
      {R"({"L":[{"M":{"n":{"N":"x"}}}]})", "The parameter cannot be converted to a numeric value: x",
       "The parameter cannot be converted to a numeric value: x"},
      {in_maps(32), deep, deep, true, false},
  };
  for (const auto* text : {" 1", "1 ", "NaN", "Infinity", "0x10", "1e", "1.2.3", "1+2", "--1", "_", "1_0",
                           "1e9223372036854775808"}) {
    const auto said = "The parameter cannot be converted to a numeric value: " + std::string(text);
    out.push_back({Json(N(text)).dump(), said, said});
  }
  return out;
}

template <class Input>
void check_all(TextWorld& w, std::string_view operation, Input input, auto expected) {
  for (const auto& m : mistakes()) {
    CAPTURE(m.value);
    CHECK(w.refused(operation, input(Json::parse(m.value))) == VALIDATION + expected(m));
  }
}
std::string prefixed(const Mistaken& m) {
  return (m.request_level ? "1 validation error detected: " : "") + m.current;
}
std::string bare(const Mistaken& m) { return m.current; }
std::string older(const Mistaken& m) { return m.older; }
std::string in_values(const Mistaken& m) {
  return "ExpressionAttributeValues contains invalid value: " + m.older + " for key :v";
}
}  // namespace

TEST_CASE("PutItem, UpdateItem and DeleteItem refuse bad values in the prefixed current words") {
  TextWorld w;  // without a table: values are judged before it is looked up
  const Json key{{"pk", S("a")}};
  check_all(
      w, "PutItem", [&](Json v) { return Json{{"TableName", "Tab"}, {"Item", {{"pk", S("a")}, {"v", v}}}}; },
      prefixed);
  check_all(
      w, "DeleteItem", [&](Json v) { return Json{{"TableName", "Tab"}, {"Key", {{"pk", v}}}}; }, prefixed);
  check_all(
      w, "UpdateItem",
      [&](Json v) {
        return Json{{"TableName", "Tab"},
                    {"Key", key},
                    {"UpdateExpression", "SET a = :v"},
                    {"ExpressionAttributeValues", {{":v", v}}}};
      },
      prefixed);
  check_all(
      w, "UpdateItem",
      [&](Json v) {
        return Json{{"TableName", "Tab"}, {"Key", key}, {"AttributeUpdates", {{"a", {{"Value", v}}}}}};
      },
      prefixed);
  check_all(
      w, "PutItem",
      [&](Json v) {
        return Json{{"TableName", "Tab"}, {"Item", key}, {"Expected", {{"a", {{"Value", v}}}}}};
      },
      prefixed);
}

TEST_CASE("GetItem, BatchGetItem and Query refuse bad values in the current words") {
  TextWorld w;
  check_all(w, "GetItem", [](Json v) { return Json{{"TableName", "Tab"}, {"Key", {{"pk", v}}}}; }, bare);
  check_all(
      w, "BatchGetItem", [](Json v) { return Json{{"RequestItems", {{"Tab", {{"Keys", {{{"pk", v}}}}}}}}}; },
      bare);
  check_all(
      w, "Query",
      [](Json v) {
        return Json{{"TableName", "Tab"},
                    {"KeyConditionExpression", "pk = :v"},
                    {"ExpressionAttributeValues", {{":v", v}}}};
      },
      bare);
}

TEST_CASE("BatchWriteItem and Scan refuse bad values in the older words") {
  TextWorld w;
  check_all(
      w, "BatchWriteItem",
      [](Json v) { return Json{{"RequestItems", {{"Tab", {{{"PutRequest", {{"Item", {{"pk", v}}}}}}}}}}}; },
      older);
  check_all(
      w, "Scan",
      [](Json v) {
        return Json{
            {"TableName", "Tab"}, {"FilterExpression", "a = :v"}, {"ExpressionAttributeValues", {{":v", v}}}};
      },
      in_values);
  check_all(
      w, "Scan",
      [](Json v) {
        return Json{{"TableName", "Tab"},
                    {"ScanFilter", {{"a", {{"ComparisonOperator", "EQ"}, {"AttributeValueList", {v}}}}}}};
      },
      older);
}

TEST_CASE("a start key says that it is one, except of sets and numbers") {
  TextWorld w;
  const auto start = [](std::string text, const Mistaken& m) {
    return m.bare_as_start_key ? text : "The provided starting key is invalid: " + text;
  };
  check_all(
      w, "Scan", [](Json v) { return Json{{"TableName", "Tab"}, {"ExclusiveStartKey", {{"pk", v}}}}; },
      [&](const Mistaken& m) { return start(m.older, m); });
  check_all(
      w, "Query",
      [](Json v) {
        return Json{{"TableName", "Tab"},
                    {"KeyConditionExpression", "pk = :v"},
                    {"ExpressionAttributeValues", {{":v", S("x")}}},
                    {"ExclusiveStartKey", {{"pk", v}}}};
      },
      [&](const Mistaken& m) { return start(m.current, m); });
}

TEST_CASE("attributes have names of 1 to 65535 bytes") {
  TextWorld w;
  w.table();
  const auto put = [&](std::string name, bool inside) {
    Json item{{"pk", S("a")}};
    (inside ? item["m"]["M"] : item)[name] = S("x");
    return Json{{"TableName", "Tab"}, {"Item", item}};
  };
  for (const bool inside : {false, true}) {
    CHECK(w.refused("PutItem", put("", inside)) == ENV "Empty attribute name");
    CHECK(w.refused("PutItem", put(std::string(65'536, 'n'), inside)).find("65535") != std::string::npos);
    CHECK(w.call("PutItem", put(std::string(65'535, 'n'), inside)) == Json::object());
  }
}

TEST_CASE("what looks odd and is allowed comes back") {
  TextWorld w;
  w.table();
  for (const auto* value : {R"({"S":""})", R"({"B":""})", R"({"SS":[""]})", R"({"BS":[""]})", R"({"L":[]})",
                            R"({"M":{}})", R"({"NULL":true})", R"({"M":{"a.b[0]":{"N":"1"}}})",
                            R"({"L":[{"S":"x"},{"N":"1"},{"NULL":true}]})"}) {
    CAPTURE(value);
    w.DynamoWorld::put({{"pk", S("a")}, {"v", Json::parse(value)}});
    CHECK(w.item()["v"] == Json::parse(value));
  }
}
