// The parse tree of a PartiQL text, as values without behaviour: what parser.cpp reads and translate.cpp
// turns into a Statement. Lives no longer than that.
#pragma once
#include <cstdint>
#include <optional>
#include <variant>

#include "emulator/services/dynamodb/partiql/lexer.hpp"
#include "emulator/services/dynamodb/partiql/statement.hpp"

namespace emu::dynamodb::partiql {
struct Tree;
using Trees = std::vector<Tree>;

struct Text {
  std::string text;
};
struct Digits {
  std::string text;  // a number as written, with its sign
};
enum class Constant { yes, no, null, missing };
struct Placeholder {
  std::uint16_t index;  // the how manieth ? of the statement
};
struct Name {
  std::string name;
};
struct Step {
  std::optional<std::string> member;
  Trees index;  // one; none for a member
};
struct Document {  // a path: its root is a Name, or anything else that AWS refuses
  Trees root;
  std::vector<Step> steps;
};
struct Sequence {
  bool bag = false;  // <<…>>
  Trees elements;
};
struct Structure {
  Trees names, values;
};
struct FunctionCall {
  std::string name;  // lower case
  Trees arguments;
};
struct IsType {
  Trees operand;
  std::string type;  // lower case
};
enum class Operator {
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  all,
  any,
  negation,
  in,
  between,
  like,
  plus,
  minus,
  times,
  by,
  rest,
  join
};
struct Operation {
  Operator op;
  Trees operands;
};
struct Tree {
  std::variant<Text, Digits, Constant, Placeholder, Name, Document, Sequence, Structure, FunctionCall, IsType,
               Operation>
      node;
  Position at;
};

struct SourceTree {
  Tree path;
  bool aliased = false;
};
struct OrderTree {
  Tree key;
  bool descending = false;
};
struct SelectTree {
  bool everything = false;  // SELECT *
  Trees columns;
  bool aliased = false;
  SourceTree from;
  std::optional<Tree> where;
  std::vector<OrderTree> order;
  std::string unsupported;  // the first clause that DynamoDB does not have, and where
};
struct InsertTree {
  SourceTree into;
  Tree value;
};
struct SetTree {
  Tree target, value;
};
struct UpdateTree {
  SourceTree table;
  std::vector<SetTree> sets;
  Trees removes;
  std::optional<Tree> where;
  std::optional<Returning> returning;
};
struct DeleteTree {
  SourceTree from;
  std::optional<Tree> where;
  std::optional<Returning> returning;
};
struct ExistsTree {
  SelectTree select;
};
struct StatementTree {
  std::variant<SelectTree, InsertTree, UpdateTree, DeleteTree, ExistsTree, Tree> node;
  std::size_t placeholders = 0;
};
}  // namespace emu::dynamodb::partiql
