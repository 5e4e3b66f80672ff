// ASCII text as protocols treat it: letters without case, numbers from end to end. Not <cctype>: that asks
// the locale, per letter.
#pragma once
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace emu {
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
std::string lower(std::string_view text);
bool same_text(std::string_view a, std::string_view b);  // without case

// The number that all of the text is; none otherwise, or out of range.
template <class N>
std::optional<N> number_in(std::string_view text) {
  N out{};
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stopped, failed] = std::from_chars(begin, end, out);
  return failed == std::errc{} && stopped == end ? std::optional(out) : std::nullopt;
}
}  // namespace emu
