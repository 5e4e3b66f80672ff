#include "emulator/source/source.hpp"

#include <doctest/doctest.h>

#include "tests/deploy/golden.hpp"

using namespace emu;
using test::refused;

TEST_CASE("plain scalars have the types js-yaml gives them") {
  const auto value = [](std::string_view text) { return plain_scalar(text); };
  CHECK(value("10") == Json(10));
  CHECK(value("-0x1F") == Json(-31));
  CHECK(value("0o17") == Json(15));
  CHECK(value("0b101") == Json(5));
  CHECK(value("1_000") == Json(1000));
  CHECK(value("012") == Json(12));
  CHECK(value("1.50") == Json(1.5));
  CHECK(value("2.0") == Json(2));
  CHECK(value("1e3") == Json(1000));
  CHECK(value(".5") == Json(0.5));
  CHECK(value("True") == Json(true));
  CHECK(value("~") == Json(nullptr));
  for (const auto* text :
       {"yes", "off", "2012-10-17", "1.2.3", "0x", "_1", "1_", "e5", "--1", "12:30:45", "1e"})
    CHECK(value(text) == Json(text));
}

TEST_CASE("quoted scalars stay text, as does an account id") {
  CHECK(parse_yaml("a: '000000000000'\nb: \"true\"\nc: !!str 5\nd: |\n  12\n", "f").json() ==
        Json{{"a", "000000000000"}, {"b", "true"}, {"c", "5"}, {"d", "12\n"}});
}

TEST_CASE("short tags become their long forms") {
  CHECK(parse_yaml("a: !Ref T\nb: !GetAtt T.Stream.Arn\nc: !Sub '${T}-x'\nd: !If [C, !Ref A, !Ref "
                   "AWS::NoValue]\ne: !Join\n  - '-'\n  - [a, !Base64 x]\n",
                   "f")
            .json() == Json{{"a", {{"Ref", "T"}}},
                            {"b", {{"Fn::GetAtt", {"T", "Stream.Arn"}}}},
                            {"c", {{"Fn::Sub", "${T}-x"}}},
                            {"d", {{"Fn::If", {"C", {{"Ref", "A"}}, {{"Ref", "AWS::NoValue"}}}}}},
                            {"e", {{"Fn::Join", {"-", {"a", {{"Fn::Base64", "x"}}}}}}}});
}

TEST_CASE("every value knows the line of its key") {
  const auto doc = parse_yaml(
      "service: x\nfunctions:\n  a:\n    handler: >\n      h\n    events:\n      - httpApi: '*'\n      - "
      "httpApi:\n          path: /\n",
      "s.yml");
  CHECK(doc.at({"functions", "a"})->place.line == 3);
  CHECK(doc.at({"functions", "a", "handler"})->place.line == 4);
  const auto& events = *doc.at({"functions", "a", "events"});
  CHECK(events.items[1].place.line == 8);
  CHECK(events.items[1].find("httpApi")->find("path")->place.line == 9);
}

TEST_CASE("anchors, aliases and merge keys are expanded") {
  CHECK(parse_yaml("base: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\nd: *b\ne:\n  <<: [*b, {z: 4}]\n", "f")
            .json() == Json{{"base", {{"x", 1}, {"y", 2}}},
                            {"c", {{"x", 1}, {"y", 3}}},
                            {"d", {{"x", 1}, {"y", 2}}},
                            {"e", {{"x", 1}, {"y", 2}, {"z", 4}}}});
}

TEST_CASE("malformed YAML is one line that says what to write instead") {
  const auto error = [](std::string_view text) {
    return refused([&] { parse_yaml(text, "serverless.yml"); });
  };
  CHECK(error("service: a\nprovider: name: aws\n") ==
        "serverless.yml:2: a ':' stands where no key may begin; quote text that contains ': ', or check the "
        "indentation");
  CHECK(error("a:\n  b: 1\n c: 2\n") ==
        "serverless.yml:3: this line is not indented as its neighbours are; align the keys of one mapping");
  CHECK(error("a: [1, 2\nb: 3\n").starts_with("serverless.yml:"));
  CHECK(error("a:\n\tb: 1\n") == "serverless.yml:2: a tab stands in the indentation; indent with spaces");
  CHECK(error("a: 1\nb: 'x\nc: 2\n") ==
        "serverless.yml:2: a quoted text is not closed; add the missing quote");
  CHECK(error("a: 1\nb: 2\na: 3\n") == "serverless.yml:3: the key \"a\" is already given in line 1");
  CHECK(error("a: !Nope x\n") ==
        "serverless.yml:1: unknown tag !Nope; quote the text if it should begin with '!'");
  CHECK(error("a: *b\n") ==
        "serverless.yml:1: this *alias names no &anchor; define the anchor above, or quote the text");
  CHECK(error("a: 1\n---\nb: 2\n") ==
        "serverless.yml:3: a second document begins here; keep one document per file");
  CHECK(error("{a: 1}: 2\n") ==
        "serverless.yml:1: a key must be text; quote a value that begins with '{' or '['");
  CHECK(error(std::string(200, '[') + std::string(200, ']')) ==
        "serverless.yml:1: this is nested too deeply");
}

TEST_CASE("aliases of aliases cannot grow without end") {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) bomb += fmt::format("a{}: &a{} [*a{}, *a{}]\n", i, i, i - 1, i - 1);
  CHECK(refused([&] { parse_yaml(bomb, "f"); }).ends_with("this file has too many values"));
  std::string long_one = "a: &a \"" + std::string(1'000'000, 'x') + "\"\nb:\n";
  for (int i = 0; i < 20'000; ++i) long_one += "- *a\n";
  CHECK(refused([&] { parse_yaml(long_one, "f"); }).ends_with("this file has too many values"));
  std::string deep = "a0: &a0 [" + std::string(90, '[') + std::string(90, ']') + "]\n";
  for (int i = 1; i < 20; ++i) deep += fmt::format("a{}: &a{} [[[[[*a{}]]]]]\n", i, i, i - 1);
  CHECK(refused([&] { parse_yaml(deep, "f"); }).ends_with("this is nested too deeply"));
}

TEST_CASE("a mapping of many keys is read in one pass") {
  std::string many;
  for (int i = 0; i < 49'000; ++i) many += fmt::format("key{}: v\n", i);
  CHECK(parse_yaml(many, "f").members.size() == 49'000);
  CHECK(refused([&] { parse_yaml(many + "key7: again\n", "f"); }).ends_with("is already given in line 8"));
}

TEST_CASE("the values of JSON remember their lines, and of a key written twice the last counts") {
  const auto root =
      parse_json("{\"a\": 1,\n \"b\": [\n  true,\n  {\"c\":\n null}],\n \"a\": -2.5}", "v.json");
  CHECK(root.json() == Json::parse(R"({"a": -2.5, "b": [true, {"c": null}]})"));
  CHECK(root.members.size() == 2);
  CHECK(root.find("a")->place.line == 6);
  CHECK(root.find("b")->place.line == 2);
  CHECK(root.find("b")->items[0].place.line == 3);
  CHECK(root.find("b")->items[1].find("c")->place.line == 4);
}

TEST_CASE("malformed JSON is told with its line") {
  CHECK(refused([] { parse_json("{\n  \"a\": 1,\n  b\n}", "v.json"); }) ==
        "v.json:3: this is not JSON; look for a missing quote, comma or bracket here");
}

TEST_CASE("bytes that are no text, numbers that are no numbers and endless nesting are refused") {
  CHECK(refused([] { parse_yaml("a: \xff\xfe\n", "f.yml"); }) ==
        "f.yml: this file is not UTF-8; save it as UTF-8");
  CHECK(refused([] { parse_json("[1e999]", "f.json"); }) == "f.json:1: a number in this file is too large");
  CHECK(refused([] { parse_json(std::string(200, '[') + std::string(200, ']'), "f.json"); }) ==
        "f.json:1: this is nested too deeply");
}
