#include "emulator/wire/document.hpp"

#include <doctest/doctest.h>

#include "emulator/wire/json.hpp"

using namespace emu;
using wire::Document;

namespace {
struct Part {
  std::string Name;
  std::optional<std::int64_t> Count;
  std::optional<double> Share;
  std::optional<std::uint64_t> Size;
  std::optional<bool> Flag;
};
BOOST_DESCRIBE_STRUCT(Part, (), (Name, Count, Share, Size, Flag))
struct Whole {
  std::optional<std::vector<Part>> List;
  std::optional<std::map<std::string, std::string>> Map;
  std::optional<Json> Anything;
};
BOOST_DESCRIBE_STRUCT(Whole, (), (List, Map, Anything))

// What decoding a text gives, or the words of its refusal.
std::string outcome(wire::View input) {
  try {
    return wire::encode(wire::decode(wire::Tag<Whole>{}, input, "")).dump();
  } catch (const AwsError& e) {
    return e.message;
  }
}

std::string nested(std::size_t depth) {
  return R"({"Anything":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}
}  // namespace

TEST_CASE("a text says the same whether simdjson or nlohmann reads it") {
  const std::string texts[] = {
      R"({})",
      R"([])",
      R"(5)",
      R"({"List":[{"Name":"a","Count":1,"Share":0.5,"Size":18446744073709551615,"Flag":true}]})",
      R"({"List":[{"Name":"a","Count":-9223372036854775808,"Share":-0.0,"Size":0,"Flag":"no"}]})",
      R"({"List":[{"Name":"a","Count":9223372036854775808}]})",
      R"({"List":[{"Name":"a","Count":123456789012345678901234567890}]})",
      R"({"List":[{"Name":"a","Count":-123456789012345678901234567890}]})",
      R"({"List":[{"Name":"a","Count":1e300,"Share":1e-400}]})",
      R"({"List":[{"Name":"a","Share":1e400}]})",
      R"({"List":[{"Name":"a","Count":1.5,"Share":123456789012345678901234567890}]})",
      R"({"List":[null,{"Name":null}]})",
      R"({"List":[{"Name":"a","Name":1,"Name":"b"}]})",
      R"({"Map":{"b":"1","a":"2","b":"3","c":null,"a":null}})",
      R"({"Map":{"b":1,"a":true}})",
      R"({"Map":{"\ud83d\ude00":"\u0000\n\"\\\/\u00e9é😀"}})",
      R"({"Map":{"a":"\ud83d"}})",
      R"({"Map":{"a":"\ude00"}})",
      R"({"Anything":{"z":[1,-1,1.0,1e5,true,false,null,"x",{"y":{}}],"a":18446744073709551615,"z":[]}})",
      "\xEF\xBB\xBF{}",
      std::string("{}\0{", 4),
      "{} \t\r\n",
      "{}{",
      "{\"Map\":{\"a\":\"\xff\"}}",
      "{\"Map\":{\"a\":\"\xed\xa0\x80\"}}",
      "{\"Map\":{\"a\":\"\n\"}}",
      R"({"Map":{"a":"b",}})",
      R"({"Anything":01})",
      R"({"Anything":-})",
      R"({"Anything":[1})",
      R"({"Anything":nul})",
      R"({Anything:1})",
      "",
      " ",
      nested(1000),
  };
  for (const auto& text : texts) {
    CAPTURE(text);
    Document by_simdjson, by_nlohmann;
    const auto input = by_simdjson.read(text);
    const auto json = Json::parse(text, nullptr, false);
    REQUIRE(input.has_value() != json.is_discarded());
    if (!input) continue;
    CHECK(outcome(*input) == outcome(by_nlohmann.lay_out(json)));
    CHECK(to_json(*input) == json);
  }
}

TEST_CASE("a document nests a thousand deep and no deeper") {
  Document document;
  CHECK(document.read(nested(1000)));
  CHECK(!document.read(nested(1001)));
  CHECK(!document.read(std::string(1'000'000, '[')));
}

TEST_CASE("members come in order of their names, the last of each, however many there are") {
  Document document;
  for (const std::size_t n : {0, 1, 15, 16, 17, 1000}) {
    CAPTURE(n);
    std::string text = R"({"m0":-1)";
    for (std::size_t i = 0; i < n; ++i) text += fmt::format(R"(,"m{}":{})", (i * 7919) % n, (i * 7919) % n);
    const auto input = document.read(text + "}");
    REQUIRE(input);
    const auto expected = Json::parse(text + "}");
    const wire::Members members(*input);
    REQUIRE(members.size() == expected.size());
    std::size_t at = 0;
    for (const auto& [name, value] : expected.items()) {
      CHECK(members[at].name == name);
      CHECK(members[at].value.integer() == value.get<std::int64_t>());
      ++at;
    }
  }
}

TEST_CASE("a document reads again after a long text, and after one that is none") {
  Document document;
  const auto text = json_text(Json{{"a", std::string(1'000'000, 'x')}});
  REQUIRE(document.read(text));
  CHECK(document.read(text)->find("a")->text().size() == 1'000'000);
  document.shrink(text.size());
  CHECK(!document.read(std::string_view("{")));
  CHECK(document.read(std::string_view(R"({"a":"b"})"))->find("a")->text() == "b");
}

TEST_CASE("a body that is no object is refused, and the next is read") {
  for (const std::string_view body : {"", "[]", "5", "{", "null"})
    CHECK_THROWS_AS(wire::Reading{body}, AwsError);
  CHECK(wire::Reading(R"({"a":null})").input().find("a")->is_null());
}
