#include "emulator/services/gateway/patterns.hpp"

#include <fmt/format.h>

#include <cmath>

#include "emulator/services/gateway/rest/document_row.hpp"

namespace emu::gateway {
namespace {
constexpr double kMostSteps = 1e8;  // a second or so

// How many ways the pattern may be tried at one place, as a power of the subject's length: one for each
// quantifier; none: a group is repeated, which multiplies them without end.
std::optional<int> quantifiers(std::string_view pattern) {
  int out = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (c == '[' || c == ']') {
      in_class = c == '[';
    } else if (!in_class && (c == '*' || c == '+' || c == '{')) {
      if (i > 0 && pattern[i - 1] == ')') return std::nullopt;
      ++out;
    }
  }
  return out;
}

constexpr auto kWithoutBacktracking = std::regex::ECMAScript | std::regex_constants::__polynomial;

// A pattern without the flags that Java takes before it: "(?i)", "(?s)", "(?is)".
struct Written {
  std::string text;
  std::regex::flag_type flags{};
};
Written without_flags(std::string_view pattern) {
  const auto close = std::min(pattern.find(')'), pattern.size());
  const auto letters = pattern.starts_with("(?") ? pattern.substr(2, close - 2) : std::string_view();
  if (letters.empty() || letters.find_first_not_of("is") != letters.npos) return {std::string(pattern)};
  Written out;
  if (letters.find('i') != letters.npos) out.flags |= std::regex::icase;
  const bool any = letters.find('s') != letters.npos;  // a dot is a line's end, too
  bool in_class = false;
  pattern.remove_prefix(std::min(close + 1, pattern.size()));
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '[' || pattern[i] == ']') in_class = pattern[i] == '[';
    if (pattern[i] == '.' && any && !in_class)
      out.text += "[\\s\\S]";
    else
      out.text += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) out.text += pattern[++i];
  }
  return out;
}

std::optional<std::regex> compiled(const Written& pattern, std::regex::flag_type flags) {
  try {
    return std::regex(pattern.text, flags | pattern.flags);
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}
}  // namespace

std::optional<std::regex> compiled_pattern(const std::string& pattern) {
  if (pattern.size() > kLongestPattern) return std::nullopt;
  return compiled(without_flags(pattern), kWithoutBacktracking);
}

std::optional<std::regex> finding_pattern(const std::string& pattern) {
  if (!compiled_pattern(pattern)) return std::nullopt;  // by itself: it may not close our brackets
  auto written = without_flags(pattern);
  written.text = "[\\s\\S]*(?:" + written.text + ")[\\s\\S]*";
  return compiled(written, kWithoutBacktracking);
}

bool matches_whole(const std::string& pattern, const std::string& subject) {
  if (subject.size() > kLongestSubject) return false;
  const auto wanted = compiled_pattern(pattern);
  return wanted && std::regex_match(subject, *wanted);
}

std::optional<std::regex> replacing_pattern(const std::string& pattern, std::size_t subject) {
  if (pattern.size() > kLongestPattern) return std::nullopt;
  const auto size = static_cast<double>(subject) + 1;
  const auto ways = quantifiers(pattern);
  if (ways && std::pow(size, *ways + 1) <= kMostSteps)
    return compiled(without_flags(pattern), std::regex::ECMAScript);
  if (size * size * static_cast<double>(pattern.size()) > 4 * kMostSteps) return std::nullopt;
  return compiled_pattern(pattern);
}

void check_pattern(const std::string& pattern, std::string_view what) {
  if (!compiled_pattern(pattern))
    throw v1::bad_request(fmt::format("Invalid {} specified: {}", what,
                                      pattern.size() > kLongestPattern
                                          ? "the regular expression is longer than 1000 characters"
                                          : pattern));
}
}  // namespace emu::gateway
