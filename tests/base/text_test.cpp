#include "emulator/base/text.hpp"

#include <doctest/doctest.h>

namespace emu {
TEST_CASE("letters compare without case, and nothing else does") {
  CHECK(same_text("Content-TYPE", "content-type"));
  CHECK_FALSE(same_text("a[", "a{"));  // a bit apart, as letters of either case are
  CHECK_FALSE(same_text("a", "ab"));
  CHECK_FALSE(same_text("\xc3\x84", "\xc3\xa4"));  // Ä and ä
  CHECK(lower("GET /Ä@[") == "get /Ä@[");
}

TEST_CASE("a number is all of its text") {
  CHECK(number_in<int>("042") == 42);
  CHECK(number_in<int>("-7") == -7);
  for (const auto* text : {"", " 1", "1 ", "+1", "1.0", "0x1", "99999999999"})
    CHECK_FALSE(number_in<int>(text).has_value());
  CHECK_FALSE(number_in<unsigned>("-1").has_value());
  CHECK(number_in<double>("1.5") == 1.5);
}
}  // namespace emu
