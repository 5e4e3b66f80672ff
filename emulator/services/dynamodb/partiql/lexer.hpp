// PartiQL text to tokens (spec-dynamodb C10), for the parser only. A text that cannot be cut into tokens is
// refused whole, before its grammar is looked at, as AWS does it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/error.hpp"

namespace emu::dynamodb::partiql {
// Where a token stands, counted in characters from 1, as error texts show it.
struct Position {
  int line = 1, column = 1, length = 0;
  std::string text() const;  // "1:8:5"
};

enum class Kind { keyword, identifier, quoted, string, number, parameter, symbol, end };
struct Token {
  Kind kind = Kind::end;
  std::string text;  // keywords in lower case; quoted names and strings without their quotes
  Position at;
  bool is(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
  bool keyword(std::string_view lower_case) const { return kind == Kind::keyword && text == lower_case; }
};

// Never empty: the last token is the end.
std::vector<Token> tokens(std::string_view text);
AwsError not_well_formed(std::string_view detail);
}  // namespace emu::dynamodb::partiql
