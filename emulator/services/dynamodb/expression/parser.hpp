// Hand-written parsers of the condition, filter, key condition, update and projection languages (grammar:
// below, D2). They throw AWS's text through the voice; what depends on the request's names and values is
// checked later (check.hpp). Recursion is bounded: see kMaxNesting in parser.cpp.
//
//   path       := elem ( '.' elem | '[' digits ']' )*          elem := identifier | #ref
//   condition  := and ( OR and )*      and := not ( AND not )*      not := NOT not | primary
//   primary    := '(' condition ')' | operand cmp operand | operand BETWEEN operand AND operand
//               | operand IN '(' operand (',' operand)* ')' | function '(' operand (',' operand)* ')'
//   operand    := path | :ref | function '(' … ')' | '(' operand ')'
//   update     := ( SET set,… | REMOVE path,… | ADD path :ref,… | DELETE path :ref,… )+, each at most once
//   set        := path '=' setval            setval := '(' setval ')' | operand [ ('+' | '-') operand ]
//   projection := path (',' path)*
#pragma once
#include "emulator/services/dynamodb/expression/syntax.hpp"
#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb::expression {
Parsed<Condition> parse_condition(std::string_view text, const ExpressionVoice& voice);
Parsed<Update> parse_update(std::string_view text, const ExpressionVoice& voice);
Parsed<Paths> parse_projection(std::string_view text, const ExpressionVoice& voice);

std::string_view function_name(Function function);
std::string_view comparator_name(Comparator comparator);
}  // namespace emu::dynamodb::expression
