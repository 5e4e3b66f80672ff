// Regular expressions that stacks and clients bring: methods' responses, authorizers, templates, models. They
// are matched without backtracking, so that no pattern takes exponential time (docs/decisions/0031): what
// would need it, a back-reference, is no pattern here, nor what has no bound otherwise (lookaheads but at the
// beginning, large counts, deep brackets), nor what Java alone understands. Used wherever a pattern comes
// from outside.
#pragma once
#include <optional>
#include <regex>
#include <string>

namespace emu::gateway {
inline constexpr std::size_t kLongestSubject = 10'000;
inline constexpr std::size_t kLongestPattern = 1000;

// For std::regex_match; none: it is too long, or no pattern. "(?i)" and "(?s)" before it mean what they do in
// Java.
std::optional<std::regex> compiled_pattern(const std::string& pattern);
// For std::regex_match, too: matches what the pattern occurs in, in one pass.
std::optional<std::regex> finding_pattern(const std::string& pattern);
// Whether the pattern matches the whole of it; false, too, where one is too long, or the pattern is none.
bool matches_whole(const std::string& pattern, const std::string& subject);
// For what std::regex_replace makes of a subject of this size. Lazy quantifiers and the order of alternatives
// count as long as trying them in turn is cheap; else the longest match is taken. None: too dear, or no
// pattern.
std::optional<std::regex> replacing_pattern(const std::string& pattern, std::size_t subject);
// How many characters it is with its counts written out: what a match costs for each of the subject's. 0: it
// is no pattern.
std::size_t written_size(const std::string& pattern);
// Throws BadRequestException, in the gateway's words, for what could never match: `what` names the member.
void check_pattern(const std::string& pattern, std::string_view what);
}  // namespace emu::gateway
