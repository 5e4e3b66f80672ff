#include "emulator/services/logs/terms.hpp"

#include <algorithm>

#include "emulator/services/logs/groups.hpp"

namespace emu::logs {
Terms::Terms(std::string_view pattern) {
  constexpr std::size_t kLongest = 1024;  // of a filter pattern, API reference
  if (pattern.size() > kLongest)
    throw violated(pattern, "filterPattern", "Member must have length less than or equal to 1024");
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!pattern.empty()) {
    if (blank(pattern.front())) {
      pattern.remove_prefix(1);
      continue;
    }
    auto* into = &all_;
    if (pattern.size() > 1 && (pattern.front() == '-' || pattern.front() == '?') && !blank(pattern[1])) {
      into = pattern.front() == '-' ? &none_ : &any_;
      pattern.remove_prefix(1);
    }
    std::string term;
    if (pattern.front() == '"') {
      std::size_t at = 1;
      for (; at < pattern.size() && pattern[at] != '"'; ++at) {
        if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
        term += pattern[at];
      }
      if (at >= pattern.size()) throw invalid("Invalid filter pattern");
      pattern.remove_prefix(at + 1);
    } else if (pattern.front() == '{' || pattern.front() == '[' || pattern.front() == '%') {
      throw invalid("Invalid filter pattern: emu matches words, no JSON, fields or regular expressions");
    } else {
      const auto end = std::ranges::find_if(pattern, blank) - pattern.begin();
      term = pattern.substr(0, static_cast<std::size_t>(end));
      pattern.remove_prefix(static_cast<std::size_t>(end));
    }
    into->push_back(std::move(term));
  }
}

bool Terms::match(std::string_view message) const {
  const auto has = [&](const std::string& term) { return message.find(term) != message.npos; };
  return std::ranges::all_of(all_, has) && std::ranges::none_of(none_, has) &&
         (any_.empty() || std::ranges::any_of(any_, has));
}
}  // namespace emu::logs
