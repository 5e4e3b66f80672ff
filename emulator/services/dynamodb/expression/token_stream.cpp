#include "emulator/services/dynamodb/expression/token_stream.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace emu::dynamodb::expression {
namespace {
constexpr std::array<std::string_view, 8> kFunctions{
    "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size",
    "if_not_exists",    "list_append"};

std::uint16_t slot(std::vector<std::string>& seen, std::string_view name) {
  const auto it = std::ranges::find(seen, name);
  const auto at = static_cast<std::uint16_t>(it - seen.begin());  // at most kMaxText / 2 of them
  if (it == seen.end()) seen.emplace_back(name);
  return at;
}

bool structural(const Token& t) {
  return t.keyword("AND") || t.keyword("OR") || t.keyword("NOT") || t.keyword("BETWEEN") || t.keyword("IN");
}
}  // namespace

std::string_view function_name(Function function) { return kFunctions[static_cast<std::size_t>(function)]; }
std::string_view comparator_name(Comparator comparator) {
  constexpr std::array<std::string_view, 6> kNames{"=", "<>", "<", "<=", ">", ">="};
  return kNames[static_cast<std::size_t>(comparator)];
}

TokenStream::TokenStream(std::string_view text, const ExpressionVoice& voice) : voice_(voice), text_(text) {
  if (text.size() > kMaxText) {
    constexpr std::string_view kTooLong = "Expression size has exceeded the maximum allowed size;";
    if (voice.kind == "UpdateExpression") voice.refuse(kTooLong);
    voice.refuse(fmt::format("{} expression size: {}", kTooLong, text.size()));
  }
  all_ = tokens(text);
  if (all_.size() == 1) voice.refuse("The expression can not be empty;");
}

bool TokenStream::take(std::string_view symbol) {
  if (!peek().is(symbol)) return false;
  ++at_;
  return true;
}
bool TokenStream::take_keyword(std::string_view upper) {
  if (!peek().keyword(upper)) return false;
  ++at_;
  return true;
}
void TokenStream::expect(std::string_view symbol) {
  if (!take(symbol)) syntax_error();
}
void TokenStream::syntax_error() const {
  voice_.refuse(
      fmt::format("Syntax error; token: \"{}\", near: \"{}\"", peek().text, near(text_, all_, at_)));
}

void TokenStream::finish() {
  if (peek().kind != Kind::end) syntax_error();
  if (redundant_) voice_.refuse("The expression has redundant parentheses;");
  if (operators_ > kMaxOperators)
    voice_.refuse(fmt::format("The expression contains too many operators; operator count: {}", operators_));
  if (update_ && reserved_)
    voice_.refuse(fmt::format("Attribute name is a reserved keyword; reserved keyword: {}", *reserved_));
  if (unknown_) voice_.refuse(fmt::format("Invalid function name; function: {}", *unknown_));
  if (misused_)
    voice_.refuse(fmt::format(
        "The function is not allowed to be used this way in an expression; function: {}", *misused_));
  if (reserved_)
    voice_.refuse(fmt::format("Attribute name is a reserved keyword; reserved keyword: {}", *reserved_));
}

Step TokenStream::element() {
  const Token& t = peek();
  if (t.kind == Kind::name_ref) {
    ++at_;
    return NameRef{slot(references_.names, t.text)};
  }
  if (t.kind != Kind::identifier || structural(t)) syntax_error();
  ++at_;
  if (!reserved_ && is_reserved_word(t.text)) reserved_ = t.text;
  return std::string(t.text);
}

Path TokenStream::path() {
  Path out;
  out.steps.push_back(element());
  for (;;) {
    if (take(".")) {
      out.steps.push_back(element());
    } else if (peek().is("[")) {
      ++at_;
      if (peek().kind != Kind::number) syntax_error();
      std::uint32_t index = 0;
      const auto digits = peek().text;
      const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), index);
      if (read.ec != std::errc() || index > 0x7fffffff)
        voice_.refuse(fmt::format("List index is not within the allowable range; index: [{}]", digits));
      ++at_;
      expect("]");
      out.steps.push_back(ListIndex{index});
    } else {
      break;
    }
  }
  if (out.steps.size() > kMaxPath)
    voice_.refuse(
        fmt::format("The document path has too many nesting levels; nesting levels: {}", out.steps.size()));
  return out;
}

ValueRef TokenStream::value_ref() {
  if (peek().kind != Kind::value_ref) syntax_error();
  return ValueRef{slot(references_.values, all_[at_++].text)};
}

Call TokenStream::call() {
  const Deeper deeper(*this);
  const auto name = all_[at_++].text;
  expect("(");
  const auto it = std::ranges::find(kFunctions, name);
  if (it == kFunctions.end() && !unknown_) unknown_ = name;
  Call out{it == kFunctions.end() ? Function::size : static_cast<Function>(it - kFunctions.begin()), {}};
  do {
    out.arguments.push_back(operand(true));
  } while (take(","));
  expect(")");
  // if_not_exists may stand inside either function of an update; nothing else nests.
  for (const auto& argument : out.arguments)
    if (const auto* inner = std::get_if<std::unique_ptr<Call>>(&argument)) {
      const auto f = (*inner)->function;
      if (!update_ || f != Function::if_not_exists) note_misused(function_name(f));
    }
  return out;
}

Operand TokenStream::operand(bool nested_in_call) {
  const Deeper deeper(*this);
  if (peek().is("(")) {
    ++at_;
    const bool group_again = peek().is("(");
    auto inner = operand(nested_in_call);
    expect(")");
    if (group_again) note_redundant();
    return inner;
  }
  if (peek().kind == Kind::value_ref) return value_ref();
  if (!at_call()) return path();
  auto made = std::make_unique<Call>(call());
  const bool for_updates =
      made->function == Function::if_not_exists || made->function == Function::list_append;
  if (!nested_in_call && (update_ ? !for_updates : made->function != Function::size))
    note_misused(function_name(made->function));
  return made;
}
}  // namespace emu::dynamodb::expression
