#include "tests/services/dynamodb/sixty_cases/cases.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct WithTable : SixtyCases {
  WithTable() { table(); }
  std::string update_refused(std::string_view expression, std::string_view values) {
    return refused("UpdateItem", Json{{"TableName", "Tab"},
                                      {"Key", {{"pk", S("a")}}},
                                      {"UpdateExpression", expression},
                                      {"ExpressionAttributeValues", Json::parse(values)}});
  }
  Json updated(std::string_view expression, std::string_view values = "null", Json more = Json::object()) {
    return update(expression, Json::parse(values), more);
  }
  Json numbers(std::string_view expression, std::string_view values = "null") {
    Json out = Json::array();
    for (const auto& element : updated(expression, values)["l"]["L"]) out.push_back(element["N"]);
    return out;
  }
};
}  // namespace

TEST_CASE("case 31: a reserved word is no name") {
  WithTable w;
  CHECK(w.update_refused("SET views = :v", R"({":v":{"N":"1"}})") == ENV
        "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: views");
}

TEST_CASE("case 32: every value given is used") {
  WithTable w;
  CHECK(w.update_refused("SET a = :v", R"({":v":{"N":"1"},":w":{"N":"1"}})") == ENV
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}");
}

TEST_CASE("case 33: targets do not overlap") {
  WithTable w;
  CHECK(w.update_refused("SET a = :v, a.b = :v", R"({":v":{"N":"1"}})") == ENV
        "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of "
        "these paths; path one: [a], path two: [a, b]");
}

TEST_CASE("case 34: a path leads through what is there") {
  WithTable w;
  CHECK(w.update_refused("SET a.b = :v", R"({":v":{"N":"1"}})") == VALIDATION
        "The document path provided in the update expression is invalid for update");
}

TEST_CASE("case 35: a key is not updated") {
  WithTable w;
  CHECK(w.update_refused("SET pk = :v", R"({":v":{"S":"b"}})") == VALIDATION OMPV
        "Cannot update attribute pk. This attribute is part of the key");
}

TEST_CASE("case 36: a text is not added") {
  WithTable w;
  CHECK(w.update_refused("ADD a :s", R"({":s":{"S":"x"}})") == ENV
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand "
        "type: STRING");
}

TEST_CASE("case 37: an update of an absent key creates the item") {
  WithTable w;
  CHECK(w.updated("ADD n :one SET l = list_append(if_not_exists(l,:e),:x)",
                  R"({":one":{"N":"1"},":e":{"L":[]},":x":{"L":[{"S":"x"}]}})") ==
        Json::parse(R"({"pk":{"S":"a"},"n":{"N":"1"},"l":{"L":[{"S":"x"}]}})"));
}

TEST_CASE("case 38: what is not there is not added to") {
  WithTable w;
  w.put(R"({"pk":{"S":"a"}})");
  CHECK(w.update_refused("SET n = n + :one", R"({":one":{"N":"1"}})") == VALIDATION
        "The provided expression refers to an attribute that does not exist in the "
        "item");
}

TEST_CASE("case 39: list indices mean the list before the update") {
  WithTable w;
  w.put(R"({"pk":{"S":"a"},"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"N":"3"}]}})");
  CHECK(w.numbers("REMOVE l[0], l[2]") == Json{"1", "3"});
  CHECK(w.numbers("SET l[9] = :y, l[7] = :x", R"({":x":{"N":"8"},":y":{"N":"9"}})") ==
        Json{"1", "3", "8", "9"});
  w.put(R"({"pk":{"S":"a"},"l":{"L":[{"N":"2"},{"N":"3"},{"N":"4"},{"N":"5"},{"N":"6"},{"N":"7"}]}})");
  CHECK(w.numbers("REMOVE l[1] SET l[3] = :17", R"({":17":{"N":"17"}})") == Json{"2", "4", "17", "6", "7"});
}

TEST_CASE("case 40: UPDATED_OLD and UPDATED_NEW show the touched part of a map") {
  for (const auto& [mode, shown] : {std::pair("UPDATED_OLD", "1"), std::pair("UPDATED_NEW", "5")}) {
    WithTable w;
    w.put(R"({"pk":{"S":"a"},"m":{"M":{"a":{"N":"1"},"b":{"N":"2"}}}})");
    CHECK(w.updated("SET m.a = :5", R"({":5":{"N":"5"}})", {{"ReturnValues", mode}}) ==
          Json{{"m", {{"M", {{"a", N(shown)}}}}}});
  }
}

TEST_CASE("case 41: an update that only takes away creates nothing") {
  WithTable w;
  CHECK(
      w.answer("UpdateItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"UpdateExpression":"REMOVE a"})") ==
      Json::object());
  CHECK(w.answer("GetItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}}})") == Json::object());
}
