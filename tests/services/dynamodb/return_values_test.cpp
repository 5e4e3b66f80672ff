// D8: what the five ReturnValues show of a write.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct WithItem : TextWorld {
  WithItem() {
    table();
    put(R"({"pk":{"S":"a"},"n":{"N":"1"},"m":{"M":{"a":{"N":"1"},"b":{"N":"2"}}},
      "l":{"L":[{"S":"0"},{"S":"1"},{"S":"2"}]},"ss":{"SS":["x"]},"d":{"M":{"c":{"L":[{"S":"0"},{"S":"1"},{"S":"2"}]}}}})");
  }
  // The Attributes of an update's reply; null: none.
  Json shown(std::string_view mode, const char* expression, const char* values = "null") {
    return update(expression, Json::parse(values), {{"ReturnValues", mode}});
  }
};
Json J(const char* text) { return Json::parse(text); }
}  // namespace

TEST_CASE("UPDATED_OLD shows the touched places as they were") {
  const auto shown = [](const char* expression, const char* values = "null") {
    return WithItem().shown("UPDATED_OLD", expression, values);
  };
  CHECK(shown("SET n = :v", R"({":v":{"N":"5"}})") == J(R"({"n":{"N":"1"}})"));
  CHECK(shown("SET n = :v", R"({":v":{"N":"1"}})") == J(R"({"n":{"N":"1"}})"));  // also to the same value
  CHECK(shown("SET m.a = :v", R"({":v":{"N":"5"}})") == J(R"({"m":{"M":{"a":{"N":"1"}}}})"));
  CHECK(shown("SET l[0] = :v, l[2] = :v", R"({":v":{"N":"5"}})") ==
        J(R"({"l":{"L":[{"S":"0"},{"S":"2"}]}})"));
  CHECK(shown("SET l[7] = :v", R"({":v":{"N":"5"}})").is_null());
  CHECK(shown("REMOVE n, m.b") == J(R"({"n":{"N":"1"},"m":{"M":{"b":{"N":"2"}}}})"));
  CHECK(shown("ADD ss :v, n :one", R"({":v":{"SS":["y"]},":one":{"N":"1"}})") ==
        J(R"({"n":{"N":"1"},"ss":{"SS":["x"]}})"));
  CHECK(shown("SET fresh = :v", R"({":v":{"N":"5"}})").is_null());
  CHECK(shown("REMOVE gone").is_null());
}

TEST_CASE("UPDATED_NEW shows the touched places as they are") {
  const auto shown = [](const char* expression, const char* values = "null") {
    return WithItem().shown("UPDATED_NEW", expression, values);
  };
  CHECK(shown("SET n = :v, fresh = :v", R"({":v":{"N":"1"}})") == J(R"({"n":{"N":"1"},"fresh":{"N":"1"}})"));
  CHECK(shown("SET m.c = :v", R"({":v":{"N":"5"}})") == J(R"({"m":{"M":{"c":{"N":"5"}}}})"));
  CHECK(shown("SET l[0] = :v, l[2] = :v", R"({":v":{"N":"5"}})") ==
        J(R"({"l":{"L":[{"N":"5"},{"N":"5"}]}})"));
  CHECK(shown("REMOVE d.c[1]") == J(R"({"d":{"M":{"c":{"L":[{"S":"2"}]}}}})"));  // what is there now
  CHECK(shown("SET l[7] = :v", R"({":v":{"N":"5"}})").is_null());                // beyond the end
  CHECK(shown("REMOVE n").is_null());
  CHECK(shown("REMOVE n SET x = :v", R"({":v":{"N":"5"}})") == J(R"({"x":{"N":"5"}})"));
  CHECK(shown("DELETE ss :v", R"({":v":{"SS":["x"]}})").is_null());
  CHECK(shown("DELETE ss :v", R"({":v":{"SS":["z"]}})") == J(R"({"ss":{"SS":["x"]}})"));
}

TEST_CASE("ALL_OLD, ALL_NEW and NONE show all of the item or nothing") {
  WithItem w;
  const auto before = w.item();
  CHECK(w.shown("ALL_OLD", "REMOVE m, l, ss, d") == before);
  CHECK(w.shown("ALL_NEW", "REMOVE n") == J(R"({"pk":{"S":"a"}})"));
  CHECK(w.shown("NONE", "REMOVE n").is_null());
  for (const auto* mode : {"ALL_OLD", "UPDATED_OLD"}) {
    const auto fresh = w.call("UpdateItem", {{"TableName", "Tab"},
                                             {"Key", {{"pk", S(mode)}}},
                                             {"UpdateExpression", "SET n = :v"},
                                             {"ExpressionAttributeValues", {{":v", N("1")}}},
                                             {"ReturnValues", mode}});
    CHECK(fresh == Json::object());
  }
}

TEST_CASE("PutItem and DeleteItem show the old item or nothing") {
  WithItem w;
  const auto before = w.item();
  CHECK(w.answer("PutItem", R"({"TableName":"Tab","Item":{"pk":{"S":"a"}},"ReturnValues":"ALL_OLD"})") ==
        Json{{"Attributes", before}});
  CHECK(w.answer("PutItem", R"({"TableName":"Tab","Item":{"pk":{"S":"b"}},"ReturnValues":"ALL_OLD"})") ==
        Json::object());
  CHECK(w.answer("DeleteItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"ReturnValues":"ALL_OLD"})") ==
        J(R"({"Attributes":{"pk":{"S":"a"}}})"));
  CHECK(w.answer("DeleteItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"ReturnValues":"ALL_OLD"})") ==
        Json::object());
  for (const auto* mode : {"UPDATED_OLD", "UPDATED_NEW", "ALL_NEW"})
    for (const auto* operation : {"PutItem", "DeleteItem"})
      CHECK(w.refused(operation, Json{{"TableName", "Tab"},
                                      {*operation == 'P' ? "Item" : "Key", {{"pk", S("a")}}},
                                      {"ReturnValues", mode}}) == ENV
            "ReturnValues can only be ALL_OLD or NONE");
}

TEST_CASE("a legacy update shows what an expression would") {
  WithItem w;
  const auto reply =
      w.answer("UpdateItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"ReturnValues":"UPDATED_NEW",
    "AttributeUpdates":{"n":{"Action":"ADD","Value":{"N":"2"}},"l":{"Action":"ADD","Value":{"L":[{"S":"3"}]}},
      "m":{"Action":"DELETE"}}})");
  CHECK(reply == J(R"({"Attributes":{"n":{"N":"3"},"l":{"L":[{"S":"0"},{"S":"1"},{"S":"2"},{"S":"3"}]}}})"));
}
