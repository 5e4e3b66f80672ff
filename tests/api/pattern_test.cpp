#include "emulator/api/pattern.hpp"

#include <doctest/doctest.h>

using namespace emu;

namespace {
bool matches(std::string_view pattern, std::string_view event) {
  const auto compiled = Pattern::compile(pattern);
  if (!compiled) FAIL(std::string(pattern) << ": " << compiled.error().message);
  return compiled->matches(Json::parse(event));
}
std::string reason(std::string_view pattern) {
  constexpr std::string_view kBefore = "Event pattern is not valid. Reason: ";
  const auto compiled = Pattern::compile(pattern);
  if (compiled) FAIL(std::string(pattern) << " is taken");
  CHECK(compiled.error().code == "InvalidEventPatternException");
  return compiled.error().message.substr(kBefore.size());
}
}  // namespace

TEST_CASE("a value matches itself: text, number, boolean, null, and nothing of another type") {
  CHECK(matches(R"({"k":["a","b"]})", R"({"k":"b","more":1})"));
  CHECK_FALSE(matches(R"({"k":["a","b"]})", R"({"k":"c"})"));
  CHECK_FALSE(matches(R"({"k":["a"]})", R"({"k":"A"})"));
  CHECK_FALSE(matches(R"({"k":["a"]})", R"({})"));
  CHECK(matches(R"({"k":[300]})", R"({"k":300.0})"));
  CHECK_FALSE(matches(R"({"k":[300]})", R"({"k":"300"})"));
  CHECK(matches(R"({"k":[true]})", R"({"k":true})"));
  CHECK(matches(R"({"k":[null]})", R"({"k":null})"));
  CHECK_FALSE(matches(R"({"k":[null]})", R"({"k":"null"})"));
  CHECK_FALSE(matches(R"({"k":[null]})", R"({"k":[]})"));
  CHECK(matches(R"({"k":[""]})", R"({"k":""})"));
  CHECK_FALSE(matches(R"({"k":[""]})", R"({"k":"x"})"));
}

TEST_CASE("all keys must match, at any depth, and what the pattern does not name is ignored") {
  CHECK(matches(R"({"a":{"b":[1]},"c":["x"]})", R"({"a":{"b":1,"z":2},"c":"x"})"));
  CHECK_FALSE(matches(R"({"a":{"b":[1]},"c":["x"]})", R"({"a":{"b":1},"c":"y"})"));
  CHECK_FALSE(matches(R"({"a":{"b":[1]}})", R"({"a":"{\"b\":1}"})"));
  CHECK_FALSE(matches(R"({"a":["x"]})", R"([{"a":"x"}])"));
}

TEST_CASE("prefix and suffix match text, with any case if they say so") {
  CHECK(matches(R"({"k":[{"prefix":"ab"}]})", R"({"k":"abc"})"));
  CHECK_FALSE(matches(R"({"k":[{"prefix":"ab"}]})", R"({"k":"a"})"));
  CHECK(matches(R"({"k":[{"suffix":"bc"}]})", R"({"k":"abc"})"));
  CHECK_FALSE(matches(R"({"k":[{"suffix":"bc"}]})", R"({"k":12})"));
  CHECK(matches(R"({"k":[{"prefix":""}]})", R"({"k":"x"})"));
  CHECK(matches(R"({"k":[{"prefix":{"equals-ignore-case":"AB"}}]})", R"({"k":"abc"})"));
  CHECK(matches(R"({"k":[{"equals-ignore-case":"aBc"}]})", R"({"k":"AbC"})"));
  CHECK_FALSE(matches(R"({"k":[{"equals-ignore-case":"aBc"}]})", R"({"k":"abcd"})"));
}

TEST_CASE("anything-but lets through what is there and not excluded") {
  CHECK(matches(R"({"k":[{"anything-but":["x"]}]})", R"({"k":"y"})"));
  CHECK_FALSE(matches(R"({"k":[{"anything-but":["x","y"]}]})", R"({"k":"y"})"));
  CHECK(matches(R"({"k":[{"anything-but":0}]})", R"({"k":789})"));
  CHECK(matches(R"({"k":[{"anything-but":["x"]}]})", R"({"k":null})"));
  CHECK_FALSE(matches(R"({"k":[{"anything-but":["x"]}]})", R"({})"));
  CHECK(matches(R"({"k":[{"anything-but":{"prefix":"init"}}]})", R"({"k":12})"));
  CHECK_FALSE(matches(R"({"k":[{"anything-but":{"prefix":["a","init"]}}]})", R"({"k":"initial"})"));
  CHECK_FALSE(matches(R"({"k":[{"anything-but":{"suffix":"x"}}]})", R"({"k":"ax"})"));
  CHECK(matches(R"({"k":[{"anything-but":{"equals-ignore-case":"initializing"}}]})", R"({"k":null})"));
  CHECK(matches(R"({"k":[{"anything-but":["x"]}]})", R"({"k":["x","y"]})"));
}

TEST_CASE("numeric compares JSON numbers, never text") {
  CHECK(matches(R"({"k":[{"numeric":[">",0,"<=",5]}]})", R"({"k":5})"));
  CHECK_FALSE(matches(R"({"k":[{"numeric":[">",0,"<=",5]}]})", R"({"k":0})"));
  CHECK(matches(R"({"k":[{"numeric":["=",5]}]})", R"({"k":5.0})"));
  CHECK(matches(R"({"k":[{"numeric":["<",5]}]})", R"({"k":-1})"));
  CHECK_FALSE(matches(R"({"k":[{"numeric":[">",100]}]})", R"({"k":"300"})"));
  CHECK_FALSE(matches(R"({"k":[{"numeric":[">",100]}]})", R"({"k":null})"));
}

TEST_CASE("exists asks for a leaf: objects and empty arrays are none") {
  CHECK(matches(R"({"k":[{"exists":true}]})", R"({"k":null})"));
  CHECK_FALSE(matches(R"({"k":[{"exists":true}]})", R"({"k":[]})"));
  CHECK_FALSE(matches(R"({"k":[{"exists":true}]})", R"({"k":{"a":1}})"));
  CHECK(matches(R"({"k":[{"exists":false}]})", R"({"k":{"a":1}})"));
  CHECK_FALSE(matches(R"({"k":[{"exists":false}]})", R"({"k":1})"));
  CHECK(matches(R"({"k":{"a":[{"exists":false}]}})", R"({})"));
  CHECK(matches(R"({"k":{"a":[{"exists":false}]}})", R"({"k":"text"})"));
  CHECK(matches(R"({"k":[{"exists":false},"v"]})", R"({"k":"v"})"));
  const auto pattern =
      R"({"dynamodb":{"NewImage":{"homemade":{"S":[{"anything-but":["roses"]},{"exists":false}]}}}})";
  CHECK(matches(pattern, R"({"dynamodb":{"NewImage":{"homemade":{"N":"789"}}}})"));
  CHECK(matches(pattern, R"({"dynamodb":{"NewImage":{}}})"));
  CHECK(matches(pattern, R"({"dynamodb":{"NewImage":{"homemade":{"S":"ABCD"}}}})"));
  CHECK_FALSE(matches(pattern, R"({"dynamodb":{"NewImage":{"homemade":{"S":"roses"}}}})"));
}

TEST_CASE("of $or one object must match, beside all other keys") {
  const auto pattern = R"({"a":["x"],"$or":[{"b":[1]},{"c":{"d":[2]}}]})";
  CHECK(matches(pattern, R"({"a":"x","b":1})"));
  CHECK(matches(pattern, R"({"a":"x","c":{"d":2}})"));
  CHECK_FALSE(matches(pattern, R"({"a":"x","b":2})"));
  CHECK_FALSE(matches(pattern, R"({"b":1})"));
  CHECK(matches(R"({"k":{"$or":[{"b":[{"exists":false}]},{"c":[1]}]}})", R"({"k":1})"));
  CHECK(matches(R"({"$or":[{"prefix":"x"}]})", R"({"$or":"xy"})"));
}

TEST_CASE("an array matches with any of its elements, its objects each on their own") {
  CHECK(matches(R"({"k":["b"]})", R"({"k":["a",["b"]]})"));
  CHECK_FALSE(matches(R"({"k":["b"]})", R"({"k":["a"]})"));
  CHECK(matches(R"({"k":{"a":[1],"b":[2]}})", R"({"k":[{"a":0},{"a":1,"b":2}]})"));
  CHECK_FALSE(matches(R"({"k":{"a":[1],"b":[2]}})", R"({"k":[{"a":1},{"b":2}]})"));
  CHECK(matches(R"({"k":{"id":[{"exists":true}]}})", R"({"k":[{"key1":1},{"id":"x"},{"key2":2}]})"));
  CHECK_FALSE(matches(R"({"k":{"id":[{"exists":false}]}})", R"({"k":[{"key1":1},{"id":"x"}]})"));
  CHECK_FALSE(
      matches(R"({"k":["b"]})", R"({"k":)" + std::string(500, '[') + "\"b\"" + std::string(500, ']') + "}"));
}

TEST_CASE("a dotted name is the same as nesting, in pattern and event") {
  CHECK(matches(R"({"d":{"state":{"status":["on"]}}})", R"({"d":{"state.status":"on"}})"));
  CHECK(matches(R"({"d":{"state.status":["on"]}})", R"({"d":{"state":{"status":"on"}}})"));
  CHECK_FALSE(matches(R"({"d":{"state":{"status":["on"]}}})", R"({"d":{"state.status":{"status":"on"}}})"));
  CHECK_FALSE(matches(R"({"d":{"s":{"t":[{"exists":false}]}}})", R"({"d":{"s.t":"on"}})"));
}

TEST_CASE("what is no pattern is refused with its reason") {
  CHECK(reason(R"({"k":"v"})") == "\"k\" must be an object or an array");
  CHECK(reason(R"({"k":[]})") == "Empty arrays are not allowed");
  CHECK(reason(R"({"k":{}})") == "Empty objects are not allowed");
  CHECK(reason("{}") == "Empty objects are not allowed");
  CHECK(reason(R"(["k"])") == "Filter is not an object");
  CHECK(reason("{") == "Unexpected character");
  CHECK(reason(R"({"k":[[1]]})") == "Match value must be String, number, true, false, or null");
  CHECK(reason(R"({"k":[{"EXISTS":true}]})") == "Unrecognized match type EXISTS");
  CHECK(reason(R"({"k":[{"prefix":"a","suffix":"b"}]})") == "Only one key allowed in match expression");
  CHECK(reason(R"({"k":[{"prefix":1}]})") == "prefix match pattern must be a string");
  CHECK(reason(R"({"k":[{"equals-ignore-case":["a"]}]})") ==
        "equals-ignore-case match pattern must be a string");
  CHECK(reason(R"({"k":[{"exists":"yes"}]})") == "exists match pattern must be either true or false.");
  CHECK(reason(R"({"k":[{"numeric":5}]})") == "Value of numeric must be an array.");
  CHECK(reason(R"({"k":[{"numeric":["<","5"]}]})") == "Value of < must be numeric");
  CHECK(reason(R"({"k":[{"numeric":["=",null]}]})") == "Value of equals must be numeric");
  CHECK(reason(R"({"k":[{"numeric":[">",0,">",0]}]})") == "Bad numeric range operator: >");
  CHECK(reason(R"({"k":[{"numeric":["!",0]}]})") == "Unrecognized numeric range operator: !");
  CHECK(reason(R"({"k":[{"numeric":[">",5,"<",1]}]})") == "Bottom must be less than top");
  CHECK(reason(R"({"k":[{"anything-but":null}]})") ==
        "Value of anything-but must be an array or single string/number value.");
  CHECK(reason(R"({"k":[{"anything-but":["a",null]}]})") ==
        "Inside anything but list, start|null|boolean is not supported.");
  CHECK(reason(R"({"k":[{"anything-but":["a",1]}]})") ==
        "Inside anything but list, either all values are number or string, mixed type is not supported");
  CHECK(reason(R"({"k":[{"anything-but":{"prefix":""}}]})") == "Null prefix/suffix not allowed");
  CHECK(reason(R"({"k":[{"anything-but":{"numeric":[1]}}]})") == "Unsupported anything-but pattern: numeric");
  CHECK(reason(R"({"$or":[{"a":[1]}]})") == "There must have at least 2 Objects in $or relationship.");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "{\"k\":";
  CHECK(reason(deep + "[1]" + std::string(100, '}')) == "It nests too deep");
}

TEST_CASE("a pattern tells whether it asks for a key at the top") {
  CHECK(Pattern::compile(R"({"body":["x"]})")->names("body"));
  CHECK(Pattern::compile(R"({"$or":[{"a":[1]},{"body":{"b":[1]}}]})")->names("body"));
  CHECK_FALSE(Pattern::compile(R"({"a":{"body":[1]}})")->names("body"));
}
