#include "emulator/services/dynamodb/expression/lexer.hpp"

#include <algorithm>

namespace emu::dynamodb::expression {
namespace {
bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool word(char c) { return letter(c) || digit(c) || c == '_'; }
bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

template <class Accept>
std::size_t run(std::string_view text, std::size_t from, Accept accept) {
  while (from < text.size() && accept(text[from])) ++from;
  return from;
}

Token next(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (letter(c)) return {Kind::identifier, text.substr(at, run(text, at, word) - at)};
  if (digit(c)) return {Kind::number, text.substr(at, run(text, at, digit) - at)};
  if (c == '#' || c == ':') {
    const auto end = run(text, at + 1, word);
    if (end > at + 1) return {c == '#' ? Kind::name_ref : Kind::value_ref, text.substr(at, end - at)};
  }
  const auto two = text.substr(at, 2);
  if (two == "<=" || two == ">=" || two == "<>") return {Kind::symbol, two};
  // One character, which may take several bytes.
  const auto end = run(text, at + 1, [](char b) { return (static_cast<unsigned char>(b) & 0xC0) == 0x80; });
  return {Kind::symbol, text.substr(at, end - at)};
}
}  // namespace

bool Token::keyword(std::string_view name) const {
  return kind == Kind::identifier && std::ranges::equal(text, name, {}, upper);
}

std::vector<Token> tokens(std::string_view text) {
  std::vector<Token> out;
  for (auto at = run(text, 0, blank); at < text.size();) {
    out.push_back(next(text, at));
    at = run(text, at + out.back().text.size(), blank);
  }
  out.push_back({Kind::end, "<EOF>"});
  return out;
}

std::string_view near(std::string_view text, const std::vector<Token>& all, std::size_t at) {
  const auto start = [&](std::size_t i) {
    return static_cast<std::size_t>(all[i].text.data() - text.data());
  };
  if (all.size() == 1) return {};
  const std::size_t last = all.size() - 2;  // the last token of the text itself
  const std::size_t first = std::min(at == 0 ? 0 : at - 1, last);
  const std::size_t end = std::min(at + 1, last);
  return text.substr(start(first), start(end) + all[end].text.size() - start(first));
}

bool is_reference(std::string_view text, char sigil) {
  return text.size() >= 2 && text[0] == sigil && std::ranges::all_of(text.substr(1), word);
}
}  // namespace emu::dynamodb::expression
