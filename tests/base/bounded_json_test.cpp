#include "emulator/base/bounded_json.hpp"

#include <doctest/doctest.h>

namespace emu {
TEST_CASE("a document from outside is none if it is nested too deeply") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(bounded_parse(nested(kDeepestJson)).is_array());
  CHECK(bounded_parse(nested(kDeepestJson + 1)).is_discarded());
  CHECK(bounded_parse(std::string(10 << 20, '{')).is_discarded());
  CHECK(bounded_parse<nlohmann::ordered_json>(nested(100'000)).is_discarded());
}

TEST_CASE("brackets within strings nest nothing") {
  const auto text = "\"" + std::string(2000, '[') + "\\\"" + std::string(2000, '{') + "\"";
  CHECK(bounded_parse(text).is_string());
  CHECK_FALSE(nests_deeper("[[]][[]]", 2));
  CHECK(nests_deeper("[[[", 2));
}
}  // namespace emu
