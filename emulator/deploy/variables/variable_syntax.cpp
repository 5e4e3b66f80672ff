#include "emulator/deploy/variables/variable_syntax.hpp"

#include <fmt/format.h>

#include <optional>

#include "emulator/source/source.hpp"

namespace emu::deploy {
namespace {
constexpr int kMaxNesting = 20;

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }

class Parser {
 public:
  Parser(std::string_view text, const Place& place) : text_(text), place_(place) {}

  // Up to one of `ends` outside of any variable, or to the end.
  VariableText text(std::string_view ends) {
    VariableText out;
    std::string plain;
    const auto flush = [&] {
      if (!plain.empty()) out.push_back({std::exchange(plain, {})});
    };
    while (!done() && ends.find(text_[at_]) == ends.npos) {
      if (const auto slashes = slashes_before_variable()) {
        plain.append(*slashes / 2, '\\');
        at_ += *slashes;
        if (*slashes % 2 == 1) {
          plain += "${";
          at_ += 2;
        }
      } else if (text_.substr(at_).starts_with("${")) {
        if (auto found = variable()) {
          flush();
          out.push_back(std::move(*found));
        } else {
          plain += "${";
          at_ += 2;
        }
      } else {
        plain += text_[at_++];
      }
    }
    flush();
    return out;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  char here() const { return done() ? '\0' : text_[at_]; }
  void skip_spaces() {
    while (!done() && (here() == ' ' || here() == '\n' || here() == '\t')) ++at_;
  }
  [[noreturn]] void refuse(std::string what) const { throw Problems(place_, std::move(what)); }
  std::string from(std::size_t start) const { return std::string(text_.substr(start, at_ - start)); }

  std::optional<std::size_t> slashes_before_variable() const {
    std::size_t n = 0;
    while (at_ + n < text_.size() && text_[at_ + n] == '\\') ++n;
    if (n == 0 || !text_.substr(at_ + n).starts_with("${")) return std::nullopt;
    return n;
  }

  // At "${". None, and nothing consumed, if this is not one of ours.
  std::optional<Piece> variable() {
    const std::size_t start = at_;
    at_ += 2;
    if (!type_ahead()) {
      at_ = start;
      return std::nullopt;
    }
    if (++depth_ > kMaxNesting) refuse("variables are nested too deeply here");
    Piece out;
    for (bool first = true;; first = false) {
      skip_spaces();
      out.sources.push_back(first || type_ahead() ? source(start) : literal(start));
      skip_spaces();
      if (done()) refuse(fmt::format("the variable {} is not closed; add the missing '}}'", from(start)));
      if (text_[at_++] == '}') break;
    }
    --depth_;
    out.written = from(start);
    return out;
  }

  // A type name that a ':' or '(' makes a source, and not the '::' of a pseudo parameter.
  bool type_ahead() const {
    std::size_t i = at_;
    if (i >= text_.size() || text_[i] < 'a' || text_[i] > 'z') return false;
    while (i < text_.size() && (letter(text_[i]) || digit(text_[i]))) ++i;
    if (i >= text_.size()) return false;
    return text_[i] == '(' || (text_[i] == ':' && !text_.substr(i).starts_with("::"));
  }

  VariableSource source(std::size_t start) {
    VariableSource out;
    while (letter(here()) || digit(here())) out.type += text_[at_++];
    if (here() == '(') {
      do {
        ++at_;
        skip_spaces();
        out.params.push_back(here() == '\'' || here() == '"' ? VariableText{{quoted(start)}} : text(",)"));
        skip_spaces();
        trim(out.params.back());
      } while (here() == ',');
      if (here() != ')') refuse(fmt::format("the '(' of the variable {} is not closed", from(start)));
      ++at_;
    }
    if (here() == ':') {
      ++at_;
      out.address = text(",}");
      trim(out.address);
    } else if (here() != ',' && here() != '}' && here() != ' ') {
      refuse(fmt::format("the variable {} is not closed; add the missing '}}'", from(start)));
    }
    return out;
  }

  static void trim(VariableText& text) {
    if (text.empty() || text.back().is_variable()) return;
    std::string& last = text.back().text;
    while (last.ends_with(' ')) last.pop_back();
    if (last.empty()) text.pop_back();
  }

  VariableSource literal(std::size_t start) {
    if (here() == '\'' || here() == '"') return {.type = "", .literal = quoted(start)};
    const std::size_t begin = at_;
    while (!done() && here() != ',' && here() != '}') ++at_;
    std::string word = from(begin);
    while (word.ends_with(' ')) word.pop_back();
    if (word == "null") return {.type = "", .literal = nullptr};
    const Json value = plain_scalar(word);
    if (!word.empty() && (value.is_boolean() || value.is_number())) return {.type = "", .literal = value};
    if (word.starts_with("${"))
      refuse(fmt::format("a fallback is written without its own ${{…}}: {}", word.substr(2)));
    refuse(fmt::format("\"{}\" in {} is no value to fall back on; quote text: '{}'", word,
                       text_.substr(start, at_ - start + 1), word));
  }

  std::string quoted(std::size_t start) {
    const char quote = text_[at_++];
    std::string out;
    while (!done() && here() != quote) {
      if (quote == '"' && here() == '\\' && at_ + 1 < text_.size()) {
        const char c = text_[++at_];
        out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
      } else {
        out += here();
      }
      ++at_;
    }
    if (done()) refuse(fmt::format("a quoted text in {} is not closed", from(start)));
    ++at_;
    return out;
  }

  std::string_view text_;
  const Place& place_;
  std::size_t at_ = 0;
  int depth_ = 0;
};
}  // namespace

VariableText parse_variables(std::string_view text, const Place& place) {
  return Parser(text, place).text("");
}
}  // namespace emu::deploy
