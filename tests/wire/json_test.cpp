#include "emulator/wire/json.hpp"

#include <doctest/doctest.h>

using namespace emu;

namespace {
struct Leaf {
  std::string Name;
  std::optional<int> Count;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (Name, Count))
struct Tree {
  std::optional<bool> Flag;
  std::optional<std::int64_t> Total;
  std::optional<double> Share;
  std::optional<wire::Blob> Bytes;
  std::optional<Leaf> One;
  std::optional<std::vector<Leaf>> List;
  std::optional<std::map<std::string, std::vector<Leaf>>> Map;
  std::optional<std::vector<std::string>> Texts;
};
BOOST_DESCRIBE_STRUCT(Tree, (), (Flag, Total, Share, Bytes, One, List, Map, Texts))

Tree decoded(std::string_view text) {
  Json j = Json::parse(text);
  return wire::decode(wire::Tag<Tree>{}, j, "");
}
std::string refusal(std::string_view text) {
  try {
    decoded(text);
  } catch (const AwsError& e) {
    return e.message;
  }
  return "";
}
}  // namespace

template <>
inline constexpr std::string_view wire::kPackage<Leaf> = "com.example.";

TEST_CASE("a value of another type than modelled is refused in AWS's words") {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {R"({"One":{"Name":true}})", "TRUE_VALUE cannot be converted to String"},
      {R"({"One":{"Name":false}})", "FALSE_VALUE cannot be converted to String"},
      {R"({"One":{"Name":1}})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"One":{"Name":1.5}})", "DECIMAL_VALUE cannot be converted to String"},
      {R"({"One":{"Name":[]}})", "Unrecognized collection type class java.lang.String"},
      {R"({"One":{"Name":{}}})", "Start of structure or map found where not expected"},
      {R"({"One":{"Name":"x","Count":"1"}})", "STRING_VALUE cannot be converted to Integer"},
      {R"({"One":{"Name":"x","Count":[]}})", "Unrecognized collection type class java.lang.Integer"},
      {R"({"Total":"1"})", "STRING_VALUE cannot be converted to Long"},
      {R"({"Total":true})", "TRUE_VALUE cannot be converted to Long"},
      {R"({"Total":[]})", "Unrecognized collection type class java.lang.Long"},
      {R"({"Total":{}})", "Start of structure or map found where not expected"},
      {R"({"Share":"1"})", "STRING_VALUE cannot be converted to Double"},
      {R"({"Flag":"maybe"})", "Unexpected token received from parser"},
      {R"({"Flag":1})", "NUMBER_VALUE cannot be converted to Boolean"},
      {R"({"Flag":[]})", "Unrecognized collection type class java.lang.Boolean"},
      {R"({"Flag":{}})", "Start of structure or map found where not expected"},
      {R"({"One":"x"})", "Unexpected field type"},
      {R"({"One":[]})", "Unrecognized collection type class com.example.Leaf"},
      {R"({"List":"x"})", "Unexpected field type"},
      {R"({"List":{}})", "Start of structure or map found where not expected"},
      {R"({"List":["x"]})", "Unexpected value type in payload"},
      {R"({"List":[[]]})", "Unrecognized collection type class com.example.Leaf"},
      {R"({"Map":1})", "Unexpected field type"},
      {R"({"Map":[]})",
       "Unrecognized collection type java.util.Map<java.lang.String, java.util.List<com.example.Leaf>>"},
      {R"({"Map":{"k":[true]}})", "Unexpected value type in payload"},
      {R"({"Texts":[1]})", "NUMBER_VALUE cannot be converted to String"},
  };
  for (const auto& [input, text] : kCases) {
    CAPTURE(input);
    CHECK(refusal(input) == text);
  }
}

TEST_CASE("a blob is strict base64") {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {R"({"Bytes":1})", "only base-64-encoded strings are convertible to bytes"},
      {R"({"Bytes":true})", "only base-64-encoded strings are convertible to bytes"},
      {R"({"Bytes":[]})", "Unrecognized collection type class java.nio.ByteBuffer"},
      {R"({"Bytes":{}})", "Start of structure or map found where not expected"},
      {R"({"Bytes":"23456"})", "Base64 encoded length is expected a multiple of 4 bytes but found: 5"},
      {R"({"Bytes":"=+/="})", "Invalid last non-pad Base64 character dectected"},
      {R"({"Bytes":"+/+="})", "Invalid last non-pad Base64 character dectected"},
      {R"({"Bytes":"===="})", "Invalid last non-pad Base64 character dectected"},
      {R"({"Bytes":"A$AA"})", "Invalid Base64 character: '$'"},
      {R"({"Bytes":"AAAA\nAAA"})", "Invalid Base64 character: '\n'"},
      {R"({"Bytes":"AA-AAAA="})", "Invalid Base64 character: '-'"},
  };
  for (const auto& [input, text] : kCases) {
    CAPTURE(input);
    CHECK(refusal(input) == text);
  }
  CHECK(decoded(R"({"Bytes":"AP8="})").Bytes->bytes == std::string("\0\xff", 2));
  CHECK(decoded(R"({"Bytes":""})").Bytes->bytes.empty());
}

TEST_CASE("decimals lose their fraction, and what is too large becomes the largest") {
  CHECK(decoded(R"({"One":{"Name":"x","Count":3.9}})").One->Count == 3);
  CHECK(decoded(R"({"One":{"Name":"x","Count":-1e300}})").One->Count == std::numeric_limits<int>::min());
  CHECK(decoded(R"({"Total":18446744073709551615})").Total == std::numeric_limits<std::int64_t>::max());
  CHECK(decoded(R"({"Total":1e300})").Total == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("booleans may be written as words") {
  for (const auto* text : {"true", "\"TRUE\"", "\"1\"", "\"Yes\""})
    CHECK(decoded(fmt::format(R"({{"Flag":{}}})", text)).Flag == true);
  for (const auto* text : {"false", "\"false\"", "\"0\"", "\"no\""})
    CHECK(decoded(fmt::format(R"({{"Flag":{}}})", text)).Flag == false);
}

TEST_CASE("null is absent, in lists and maps as well; unknown members are nothing") {
  const auto tree =
      decoded(R"({"One":null,"List":[null,{"Name":"a"}],"Map":{"k":null},"Else":{"deep":[1]}})");
  CHECK(!tree.One);
  CHECK(tree.List->size() == 1);
  CHECK(tree.Map->empty());
}

TEST_CASE("of a member written twice the last counts") {
  CHECK(decoded(R"({"Total":1,"Total":2})").Total == 2);
}

TEST_CASE("an absent required member is told with the way to it, after wrong types") {
  constexpr std::string_view kNull =
      "1 validation error detected: Value null at '{}' failed to satisfy constraint: "
      "Member must not be null";
  CHECK(refusal(R"({"One":{}})") == fmt::format(kNull, "one.name"));
  CHECK(refusal(R"({"List":[{"Name":"a"},{}]})") == fmt::format(kNull, "list.2.member.name"));
  CHECK(refusal(R"({"Map":{"Key":[{}]}})") == fmt::format(kNull, "map.Key.member.1.member.name"));
  CHECK(refusal(R"({"One":{"Count":"x"}})") == "STRING_VALUE cannot be converted to Integer");
}
