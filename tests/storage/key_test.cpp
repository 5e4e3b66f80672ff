#include "storage/key.hpp"

#include <doctest/doctest.h>

#include "storage/engine.hpp"

using namespace emu::storage;
using namespace std::string_view_literals;

namespace {
Bytes two(std::string_view first) { return Key(Space::items).text(first).text("x").bytes(); }
}  // namespace

TEST_CASE("text parts keep their order, also across embedded zeros and shared beginnings") {
  CHECK(two("a") < two("aa"));
  CHECK(two("a\0"sv) < two("ab"));
  CHECK(two("a") < two("a\0"sv));
  CHECK(two("a\0b"sv) < two("a\x01"));
}

TEST_CASE("numbers keep their order") {
  CHECK(Key(Space::items).u64(3).bytes() < Key(Space::items).u64(256).bytes());
}

TEST_CASE("a text part reads back, and what follows stays") {
  const auto bytes = Key(Space::items).text("a\0b"sv).text("").text("c").bytes();
  BytesView rest(bytes);
  rest.remove_prefix(1);
  CHECK(take_text(rest) == "a\0b"sv);
  CHECK(take_text(rest) == "");
  CHECK(take_text(rest) == "c");
  CHECK(rest.empty());
}

TEST_CASE("a prefix range ends where no key with that prefix can be") {
  CHECK(prefix("ab").to == "ac");
  CHECK(prefix("a\xff").to == "b");
  CHECK(prefix("\xff").to.empty());
}
