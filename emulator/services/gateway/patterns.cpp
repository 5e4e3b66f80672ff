#include "emulator/services/gateway/patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "emulator/services/gateway/rest/document_row.hpp"

namespace emu::gateway {
namespace {
constexpr double kMostSteps = 1e8;  // a second or so

constexpr double kMostWritten = 1200;  // atoms of a pattern whose counts are written out
constexpr std::size_t kDeepestPattern = 50;

// What matching a pattern costs.
struct Cost {
  double written = 0;   // its atoms, as often as counts repeat them: how many the matcher may be at at once
  int quantifiers = 0;  // each may end anywhere in the subject, if one is tried after the other
  int choices = 0;      // "?" and "|": two ways each
  bool repeats_group = false;  // which multiplies the ways without end
};

// Reads a pattern for its cost. What is wrong but costs nothing is left to std::regex.
class Costing {
 public:
  explicit Costing(std::string_view pattern) : left_(pattern) {}

  // None: there is no bound to it, or it means something else in Java.
  std::optional<Cost> cost() {
    assertions();
    while (!left_.empty())
      if (!term()) return std::nullopt;
    if (open_.size() != 1) return std::nullopt;
    cost_.written = open_.back();
    return cost_.written <= kMostWritten ? std::optional(cost_) : std::nullopt;
  }

 private:
  enum class Last { nothing, atom, group, quantifier };

  // "^(?=…)(?!…)": lookaheads are asked once only at the very beginning; anywhere else each place of the
  // subject asks them anew. What is in them is read as any group.
  void assertions() {
    if (!left_.starts_with("^(?=") && !left_.starts_with("^(?!")) return;
    left_.remove_prefix(1);
    leading_ = true;
  }

  bool term() {
    const char c = left_.front();
    const bool was_leading = std::exchange(leading_, false);
    if (c == '(') return begin_group(was_leading);
    if (c == ')') return end_group();
    if (c == '*' || c == '+' || c == '?' || c == '{') return quantifier(c);
    left_.remove_prefix(1);
    if (c == '^' || c == '$' || c == '|') {
      cost_.choices += c == '|';
      last_ = Last::nothing;
      return true;
    }
    if (c == '\\' && !escape()) return false;
    if (c == '[' && !character_class()) return false;
    open_.back() += 1;
    size_of_last_ = 1;
    last_ = Last::atom;
    return true;
  }

  bool escape() {
    if (left_.empty()) return false;
    const char c = left_.front();
    left_.remove_prefix(1);
    return !std::isalpha(static_cast<unsigned char>(c)) || kLetters.find(c) != kLetters.npos;
  }

  bool character_class() {
    while (!left_.empty()) {
      const char c = left_.front();
      const char next = left_.size() > 1 ? left_[1] : '\0';
      if (c == '[' && (next == ':' || next == '.' || next == '=')) {
        const char end[] = {next, ']'};
        const auto at = left_.find(std::string_view(end, 2), 2);
        if (at == left_.npos) return false;
        left_.remove_prefix(at + 2);
        continue;
      }
      left_.remove_prefix(1);
      if (c == ']') return true;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  bool begin_group(bool leading) {
    const bool asserts = left_.starts_with("(?=") || left_.starts_with("(?!");
    if (open_.size() > kDeepestPattern || (asserts && !leading)) return false;
    left_.remove_prefix(asserts || left_.starts_with("(?:") ? 3 : 1);
    open_.push_back(0);
    leading_from_ = asserts ? open_.size() : leading_from_;
    last_ = Last::nothing;
    return true;
  }

  bool end_group() {
    if (open_.size() == 1) return false;
    leading_ = leading_from_ == open_.size();
    if (leading_) leading_from_ = 0;
    size_of_last_ = open_.back() + 1;
    open_.pop_back();
    open_.back() += size_of_last_;
    last_ = leading_ ? Last::nothing : Last::group;
    left_.remove_prefix(1);
    return true;
  }

  bool quantifier(char c) {
    if (last_ == Last::quantifier) return false;  // "a++" is possessive in Java, (a+)+ here
    left_.remove_prefix(1);
    if (c == '{') {
      const auto most = count();
      if (!most) return false;
      open_.back() += size_of_last_ * (std::max(*most, 1.0) - 1);
    }
    if (left_.starts_with('?')) left_.remove_prefix(1);  // lazy
    cost_.repeats_group = cost_.repeats_group || last_ == Last::group;
    ++(c == '?' ? cost_.choices : cost_.quantifiers);
    last_ = Last::quantifier;
    return true;
  }

  // "{2,5}", the larger of them.
  std::optional<double> count() {
    double out = 0, each = 0;
    for (; !left_.empty() && left_.front() != '}'; left_.remove_prefix(1)) {
      const char c = left_.front();
      if (c != ',' && (c < '0' || c > '9')) return std::nullopt;
      each = c == ',' ? 0 : std::min(each * 10 + (c - '0'), 1e6);
      out = std::max(out, each);
    }
    if (left_.empty()) return std::nullopt;
    left_.remove_prefix(1);
    return out;
  }

  static constexpr std::string_view kLetters = "bBcdDfnrsStuvwWx";  // that ECMAScript gives a meaning
  std::string_view left_;
  std::vector<double> open_ = {0};  // what is written in each group that is open
  double size_of_last_ = 0;
  Last last_ = Last::nothing;
  bool leading_ = false;          // a lookahead may stand here
  std::size_t leading_from_ = 0;  // how deep the one that is open stands
  Cost cost_;
};

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

std::optional<std::regex> built(const std::string& text, std::regex::flag_type flags) {
  try {
    return std::regex(text, flags);
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}

std::optional<std::regex> compiled(const Written& pattern, std::regex::flag_type flags) {
  if (!Costing(pattern.text).cost()) return std::nullopt;
  return built(pattern.text, flags | pattern.flags);
}
}  // namespace

std::optional<std::regex> compiled_pattern(const std::string& pattern) {
  if (pattern.size() > kLongestPattern) return std::nullopt;
  return compiled(without_flags(pattern), kWithoutBacktracking);
}

std::optional<std::regex> finding_pattern(const std::string& pattern) {
  if (!compiled_pattern(pattern)) return std::nullopt;  // by itself: it may not close our brackets
  const auto written = without_flags(pattern);
  // Its groups are told to nobody: not to keep where they matched is faster.
  return built("[\\s\\S]*(?:" + written.text + ")[\\s\\S]*",
               kWithoutBacktracking | std::regex::nosubs | written.flags);
}

bool matches_whole(const std::string& pattern, const std::string& subject) {
  if (subject.size() > kLongestSubject || pattern.size() > kLongestPattern) return false;
  const auto wanted = compiled(without_flags(pattern), kWithoutBacktracking | std::regex::nosubs);
  return wanted && std::regex_match(subject, *wanted);
}

std::optional<std::regex> replacing_pattern(const std::string& pattern, std::size_t subject) {
  if (pattern.size() > kLongestPattern) return std::nullopt;
  const auto written = without_flags(pattern);
  const auto cost = Costing(written.text).cost();
  if (!cost) return std::nullopt;
  const auto size = static_cast<double>(subject) + 1;
  const auto ways = std::pow(size, cost->quantifiers + 1) * std::exp2(cost->choices);
  if (!cost->repeats_group && ways * cost->written <= kMostSteps)
    return compiled(written, std::regex::ECMAScript);
  if (size * size * std::max(cost->written, static_cast<double>(pattern.size())) > 4 * kMostSteps)
    return std::nullopt;
  return compiled(written, kWithoutBacktracking);
}

std::size_t written_size(const std::string& pattern) {
  const auto cost = Costing(without_flags(pattern).text).cost();
  return cost ? static_cast<std::size_t>(cost->written) : 0;
}

void check_pattern(const std::string& pattern, std::string_view what) {
  if (!compiled_pattern(pattern))
    throw v1::bad_request(fmt::format("Invalid {} specified: {}", what,
                                      pattern.size() > kLongestPattern
                                          ? "the regular expression is longer than 1000 characters"
                                          : pattern));
}
}  // namespace emu::gateway
