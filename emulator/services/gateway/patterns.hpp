// What std::regex may be given: it recurses for each character of the subject and each bracket of the
// pattern, so either, unbounded, is the end of the daemon. Used wherever a stack brings patterns: methods'
// responses, authorizers, templates, models.
#pragma once
#include <regex>
#include <string>

namespace emu::gateway {
inline constexpr std::size_t kLongestSubject = 10'000;
inline constexpr std::size_t kLongestPattern = 1000;

// Whether the pattern matches the whole of it; false, too, where one is too long, or the pattern is none.
inline bool matches_whole(const std::string& pattern, const std::string& subject) {
  if (subject.size() > kLongestSubject || pattern.size() > kLongestPattern) return false;
  try {
    return std::regex_match(subject, std::regex(pattern));
  } catch (const std::regex_error&) {
    return false;
  }
}
}  // namespace emu::gateway
