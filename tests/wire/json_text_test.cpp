#include "emulator/wire/json_text.hpp"

#include <doctest/doctest.h>

using namespace emu;

namespace {
struct Inner {
  std::string name;
  std::vector<double> shares;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (name, shares))
struct Outer {
  std::optional<Inner> inner, absent;
  std::map<std::string, std::int64_t> counts;
  bool done = false;
  Json anything;
  wire::Blob blob;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (inner, absent, counts, done, anything, blob))

std::string text_of(const auto& v) {
  std::string out;
  wire::write(out, v);
  return out;
}
}  // namespace

TEST_CASE("a described struct is written as JSON text, without its absent members") {
  const Outer outer{Inner{"a", {0.5, 1.0}},       {},    {{"x", -1}, {"y", 2}}, true,
                    Json::parse(R"([null,"z"])"), {"hi"}};
  CHECK(
      text_of(outer) ==
      R"({"inner":{"name":"a","shares":[0.5,1.0]},"counts":{"x":-1,"y":2},"done":true,"anything":[null,"z"],"blob":"aGk="})");
  CHECK(Json::parse(text_of(outer)) == wire::encode(outer));
}

TEST_CASE("strings are escaped wherever in the text it is needed") {
  const std::string plain(100, 'x');
  for (const std::string_view special : {"\"", "\\", "\n", "\x01", "\x7f", "é", "😀"})
    for (const std::size_t at : {0, 1, 31, 32, 33, 99, 100}) {
      std::string text = plain;
      text.insert(at, special);
      CHECK(Json::parse(text_of(text)) == text);
    }
  CHECK(text_of(plain) == '"' + plain + '"');
  CHECK(text_of(std::string()) == "\"\"");
}

TEST_CASE("bytes that are not UTF-8 are replaced, so that the text is JSON") {
  CHECK(Json::parse(text_of(std::string("a\xff"))) == "a\uFFFD");
}
