// A compiled event pattern as pattern_reader.cpp writes it and pattern.cpp matches it. Nobody else's.
#pragma once
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "emulator/api/pattern.hpp"

namespace emu::pattern {
inline constexpr int kDeepest = 64;  // levels of a pattern, and of arrays in an event: ours

struct Exact {
  Json value;  // text, number, true, false or null
};
struct Text {
  enum class Where { start, end, whole } where;
  std::string text;
  bool any_case = false;
};
struct Numeric {
  struct Bound {
    double value = 0;
    bool included = false;
  };
  std::optional<Bound> low, high;
};
struct Exists {
  bool wanted = true;
};
struct AnythingBut {
  std::vector<Exact> values;
  std::vector<Text> texts;
};
using Matcher = std::variant<Exact, Text, Numeric, Exists, AnythingBut>;
}  // namespace emu::pattern

namespace emu {
// What must hold at one place of the event: any of `matchers`, if there are some; every member; and of each
// $or one alternative.
struct Pattern::Node {
  std::vector<std::string> path;  // from the event down to here, dotted names taken apart
  std::vector<pattern::Matcher> matchers;
  std::map<std::string, Node, std::less<>> members;
  std::vector<std::vector<Node>> ors;
};

namespace pattern {
// Throws the reason, as text, of what is no pattern.
struct Refusal {
  std::string reason;
};
Pattern::Node read(std::string_view text);
}  // namespace pattern
}  // namespace emu
