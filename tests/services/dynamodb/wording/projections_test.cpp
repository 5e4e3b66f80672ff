// D9, and projection expressions that are none.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("a projection that is none is refused before the table is looked up") {
  TextWorld w;
  const auto get = [&](const char* paths) {
    return w.refused(
        "GetItem", Json{{"TableName", "absent"}, {"Key", {{"pk", S("a")}}}, {"ProjectionExpression", paths}});
  };
  const auto invalid = [](std::string text) { return VALIDATION "Invalid ProjectionExpression: " + text; };
  const auto met = [&](const char* how, const char* one, const char* two) {
    return invalid(std::string("Two document paths ") + how +
                   " with each other; must remove or rewrite one of these paths; path one: " + one +
                   ", path two: " + two);
  };
  std::string deep = "a", wide = "a";
  for (int i = 0; i < 32; ++i) deep += ".a";
  wide.append(4096, ' ');
  check_each({{"", invalid("The expression can not be empty;")},
              {"!!!", invalid(R"(Syntax error; token: "!", near: "!!")")},
              {"a,", invalid(R"(Syntax error; token: "<EOF>", near: ",")")},
              {",a", invalid(R"(Syntax error; token: ",", near: ",a")")},
              {"a b", invalid(R"(Syntax error; token: "b", near: "a b")")},
              {":v", invalid(R"(Syntax error; token: ":v", near: ":v")")},
              {"a[-1]", invalid(R"(Syntax error; token: "-", near: "[-1")")},
              {"size(a)", invalid(R"(Syntax error; token: "(", near: "size(a")")},
              {"name", invalid("Attribute name is a reserved keyword; reserved keyword: name")},
              {"a.#b", invalid("An expression attribute name used in the document path is not defined; "
                               "attribute name: #b")},
              {"a, a", met("overlap", "[a]", "[a]")},
              {"a.b, a", met("overlap", "[a, b]", "[a]")},
              {"a[1], a.b", met("conflict", "[a, [1]]", "[a, b]")},
              {deep.c_str(), invalid("The document path has too many nesting levels; nesting levels: 33")},
              {wide.c_str(),
               invalid("Expression size has exceeded the maximum allowed size; expression size: 4097")}},
             get);
}

TEST_CASE("a projection keeps the nesting, compacts lists and merges what it names of one element") {
  TextWorld w;
  w.table();
  w.put(
      R"({"pk":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}},"l":{"L":[{"M":{"a":{"S":"0a"},"b":{"S":"0b"},
    "c":{"S":"0c"}}},{"S":"1"},{"S":"2"}]}})");
  const std::pair<const char*, const char*> kShown[] = {
      {"m.y", R"({"m":{"M":{"y":{"N":"2"}}}})"},
      {"l[2], l[1]", R"({"l":{"L":[{"S":"1"},{"S":"2"}]}})"},
      {"l[0].a, l[0].c", R"({"l":{"L":[{"M":{"a":{"S":"0a"},"c":{"S":"0c"}}}]}})"},
      {"l[7], m.gone, gone.x, pk.x", "{}"},
      {"l[0].gone, l[2]", R"({"l":{"L":[{"S":"2"}]}})"},
      {"m.x.deep, pk", R"({"pk":{"S":"a"}})"},
  };
  for (const auto& [paths, shown] : kShown) {
    CAPTURE(paths);
    CHECK(w.call("GetItem", {{"TableName", "Tab"},
                             {"Key", {{"pk", S("a")}}},
                             {"ProjectionExpression", paths}})["Item"] == Json::parse(shown));
    if (std::string_view(paths).find("pk.") != std::string_view::npos) continue;
    CHECK(w.call("Scan", {{"TableName", "Tab"}, {"ProjectionExpression", paths}})["Items"][0] ==
          Json::parse(shown));
  }
}
