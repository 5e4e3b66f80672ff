// Expression text to tokens (D1), for parser.cpp only. Tokens view into the text.
#pragma once
#include <string_view>
#include <vector>

namespace emu::dynamodb::expression {
enum class Kind { identifier, name_ref, value_ref, number, symbol, end };
struct Token {
  Kind kind;
  std::string_view text;  // "<EOF>" at the end
  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
  bool keyword(std::string_view upper) const;  // any case
};
// Never empty: the last token is the end.
std::vector<Token> tokens(std::string_view text);
// The text from the start of the token before `at` to the end of the one after it: AWS's `near`.
std::string_view near(std::string_view text, const std::vector<Token>& all, std::size_t at);
bool is_reserved_word(std::string_view word);  // D12, any case
// The rules for the keys of ExpressionAttributeNames and Values: the sigil and at least one of [A-Za-z0-9_].
bool is_reference(std::string_view text, char sigil);
}  // namespace emu::dynamodb::expression
