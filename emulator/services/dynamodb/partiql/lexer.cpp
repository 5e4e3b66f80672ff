#include "emulator/services/dynamodb/partiql/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "emulator/base/text.hpp"

namespace emu::dynamodb::partiql {
namespace {
// Sorted. The words the grammar gives a meaning to; an attribute of such a name needs double quotes.
constexpr std::string_view kKeywords[] = {
    "all",   "and",    "as",    "asc",      "at",     "between", "by",        "case",   "cast",      "create",
    "cross", "delete", "desc",  "distinct", "drop",   "else",    "end",       "escape", "except",    "exists",
    "false", "from",   "full",  "group",    "having", "in",      "inner",     "insert", "intersect", "into",
    "is",    "join",   "left",  "let",      "like",   "limit",   "missing",   "not",    "null",      "offset",
    "on",    "or",     "order", "outer",    "pivot",  "remove",  "returning", "right",  "select",    "set",
    "then",  "true",   "union", "unpivot",  "update", "value",   "values",    "when",   "where",     "with"};
static_assert(std::ranges::is_sorted(kKeywords));

bool digit(char c) { return c >= '0' && c <= '9'; }
bool beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || beyond_ascii(c);
}
bool name_character(char c) { return name_start(c) || digit(c); }
bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      const auto from = at_;
      const Position start = place_;
      Token token = next();
      token.at = start;
      for (const char c : text_.substr(from, at_ - from)) token.at.length += continuation(c) ? 0 : 1;
      walk(from);
      out_.push_back(std::move(token));
    }
    out_.push_back({Kind::end, "", place_});
    return std::move(out_);
  }

 private:
  [[noreturn]] static void refuse() { throw not_well_formed(""); }

  // Moves the position over what was read since `from`.
  void walk(std::size_t from) {
    for (; from < at_; ++from) {
      if (text_[from] == '\n') {
        ++place_.line;
        place_.column = 1;
      } else if (!continuation(text_[from])) {
        ++place_.column;
      }
    }
  }

  void skip_blanks() {
    const auto from = at_;
    while (at_ < text_.size()) {
      if (blank(text_[at_])) {
        ++at_;
      } else if (text_.substr(at_, 2) == "--") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const auto end = text_.find("*/", at_ + 2);
        if (end == text_.npos) refuse();
        at_ = end + 2;
      } else {
        break;
      }
    }
    walk(from);
  }

  Token next() {
    const char c = text_[at_];
    if (name_start(c)) return word();
    if (digit(c) || (c == '.' && at_ + 1 < text_.size() && digit(text_[at_ + 1]))) return number();
    if (c == '\'') return {Kind::string, quoted('\'')};
    if (c == '"') return {Kind::quoted, quoted('"')};
    if (c == '?') {
      ++at_;
      return {Kind::parameter, "?"};
    }
    for (const std::string_view two : {"<<", ">>", "<=", ">=", "<>", "!=", "||"})
      if (text_.substr(at_, 2) == two) {
        at_ += 2;
        return {Kind::symbol, std::string(two)};
      }
    if (std::string_view("=<>+-*/%()[]{},.:;@").find(c) == std::string_view::npos) refuse();
    ++at_;
    return {Kind::symbol, std::string(1, c)};
  }

  Token word() {
    const auto from = at_;
    while (at_ < text_.size() && name_character(text_[at_])) ++at_;
    const auto written = text_.substr(from, at_ - from);
    auto small = lower(written);
    if (std::ranges::binary_search(kKeywords, std::string_view(small)))
      return {Kind::keyword, std::move(small)};
    return {Kind::identifier, std::string(written)};
  }

  // The quote is doubled to stand for itself.
  std::string quoted(char quote) {
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != quote) {
          ++at_;
          return out;
        }
        ++at_;
      }
      out += text_[at_];
    }
    refuse();
  }

  std::int64_t digits() {
    const auto from = at_;
    while (at_ < text_.size() && digit(text_[at_])) ++at_;
    return static_cast<std::int64_t>(at_ - from);
  }

  // An exponent, and the scale it leaves, must fit 32 bits: the number could not be held otherwise.
  Token number() {
    const auto from = at_;
    digits();
    std::int64_t scale = 0;
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      scale = digits();
    }
    if (at_ < text_.size() && lower(text_[at_]) == 'e') {
      ++at_;
      if (at_ < text_.size() && text_[at_] == '+') ++at_;
      const auto exponent_at = at_;
      if (at_ < text_.size() && text_[at_] == '-' && at_ > 0 && text_[at_ - 1] != '+') ++at_;
      digits();
      const auto exponent = number_in<std::int32_t>(text_.substr(exponent_at, at_ - exponent_at));
      if (!exponent) refuse();  // none, or beyond 32 bits
      scale -= *exponent;
      using Limits = std::numeric_limits<std::int32_t>;
      if (scale < Limits::min() || scale > Limits::max()) refuse();
    }
    if (at_ < text_.size() && name_start(text_[at_])) refuse();
    return {Kind::number, std::string(text_.substr(from, at_ - from))};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Position place_;
  std::vector<Token> out_;
};
}  // namespace

std::string Position::text() const { return fmt::format("{}:{}:{}", line, column, length); }

std::vector<Token> tokens(std::string_view text) { return Lexer(text).run(); }

AwsError not_well_formed(std::string_view detail) {
  return AwsError::validation(fmt::format("Statement wasn't well formed, can't be processed: {}", detail));
}
}  // namespace emu::dynamodb::partiql
