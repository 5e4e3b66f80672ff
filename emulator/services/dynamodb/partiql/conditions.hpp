// Parse trees to the trees of expression/: paths, operands, conditions and assignments, with the literals and
// parameters they use collected as slots. Throws AWS's texts for what PartiQL has and DynamoDB does not do.
// Where the languages differ: a missing attribute makes <> false here (C10), a condition may be compared with
// a truth value, and IS asks for types.
#pragma once
#include "emulator/services/dynamodb/partiql/tree.hpp"

namespace emu::dynamodb::partiql {
AwsError unsupported(const Tree& tree);
AwsError unexpected_component(const Tree& tree);
AwsError unrecognized(const FunctionCall& call, const Position& at);

class Conditions {
 public:
  expression::Condition condition(const Tree& tree);
  expression::Operand operand(const Tree& tree);
  static expression::Path path(const Tree& tree);
  static bool is_path(const Tree& tree) {
    return std::holds_alternative<Name>(tree.node) || std::holds_alternative<Document>(tree.node);
  }
  expression::ValueRef slot(Slot slot);
  expression::ValueRef value(const Tree& tree);  // a literal or a parameter
  std::vector<Slot> take_slots() { return std::move(slots_); }

 private:
  expression::Condition operation(const Operation& operation, const Tree& tree);
  expression::Condition comparison(Operator op, const Tree& left, const Tree& right);
  expression::Condition truth(Operator op, const Tree& condition_tree, const Tree& other);
  expression::Condition truth_in(const Tree& condition_tree, const Trees& among);
  expression::Condition in(const Tree& left, const Tree& among);
  expression::Condition is(const IsType& test, const Tree& tree);
  expression::Condition call(const FunctionCall& call, const Tree& tree);
  expression::Call function(expression::Function f, const FunctionCall& call);

  std::vector<Slot> slots_;
  int compared_ = 0;  // conditions whose tree is made twice, around the current one
};
}  // namespace emu::dynamodb::partiql
