// Parse trees of the expression languages, as values without behaviour; the grammar is in parser.hpp. Trees
// hold #name and :value references by number, so that one parsed text serves every request that sends it
// (cache.hpp); Bindings (bindings.hpp) supplies what the references stand for.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace emu::dynamodb::expression {
struct NameRef {
  std::uint16_t slot;  // in References::names
};
struct ValueRef {
  std::uint16_t slot;  // in References::values
};
struct ListIndex {
  std::uint32_t at;
};
using Step = std::variant<std::string, NameRef, ListIndex>;
struct Path {
  std::vector<Step> steps;
};

enum class Function {
  attribute_exists,
  attribute_not_exists,
  attribute_type,
  begins_with,
  contains,
  size,
  if_not_exists,
  list_append,
};

struct Call;
using Operand = std::variant<Path, ValueRef, std::unique_ptr<Call>>;
struct Call {
  Function function;
  std::vector<Operand> arguments;
};

enum class Comparator { eq, ne, lt, le, gt, ge };
struct Compare {
  Comparator comparator;
  Operand left, right;
};
struct Between {
  Operand value, low, high;
};
struct In {
  Operand value;
  std::vector<Operand> among;
};
struct Condition;
struct And {
  std::vector<Condition> all;
};
struct Or {
  std::vector<Condition> any;
};
struct Not {
  std::unique_ptr<Condition> inner;
};
struct Condition {
  std::variant<Compare, Between, In, Call, And, Or, Not> node;
};

// A right-hand side of SET: left, or left + right, or left - right.
struct SetAction {
  Path target;
  Operand left;
  char sign = 0;  // '+', '-' or none
  Operand right = ValueRef{0};
};
struct ValueAction {  // of ADD and DELETE
  Path target;
  ValueRef value;
};
struct Update {
  std::vector<SetAction> sets;
  std::vector<Path> removes;
  std::vector<ValueAction> adds, deletes;
};

using Paths = std::vector<Path>;  // a projection

// Every distinct reference of one expression, with its sigil, in order of first use.
struct References {
  std::vector<std::string> names, values;
};
template <class Tree>
struct Parsed {
  Tree tree;
  References references;
};
}  // namespace emu::dynamodb::expression
