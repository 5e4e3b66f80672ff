// A statement with the parameters of one request: judged as far as it can be without the table. Points into
// the request's parameters, which must outlive it.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/partiql/statement.hpp"
#include "emulator/services/dynamodb/request_expressions.hpp"

namespace emu::dynamodb::partiql {
using Parameters = std::optional<std::vector<GivenValue>>;

// Throws for a bad value; before anything of the statement is looked at.
void judge(const Parameters& parameters);

class Prepared {
 public:
  // Throws for what is wrong with the text, then with the text and its parameters together.
  Prepared(DynamoDb& service, const Scope& scope, std::string_view text, const Parameters& parameters);

  const Statement& operator*() const { return *statement_; }
  const Statement* operator->() const { return statement_.get(); }
  template <class Action>
  const Action* as() const {
    return std::get_if<Action>(&statement_->action);
  }
  const Value& value(expression::ValueRef ref) const { return *values_[ref.slot]; }
  const Item& item() const { return item_; }  // of an INSERT
  // A tree of this statement for use with this table; the schema must outlive it.
  template <class Tree>
  Bound<Tree> bound(const expression::Parsed<Tree>& tree, const Schema& schema) const {
    return {std::shared_ptr<const expression::Parsed<Tree>>(statement_, &tree),
            bindings(schema.key.hash[0].name),
            {}};
  }
  expression::Bindings bindings(const std::string& hash_key) const { return {{&hash_key}, values_}; }

 private:
  void check() const;
  void make_item(const Insert& insert);
  std::shared_ptr<const Statement> statement_;
  std::vector<const Value*> values_;
  Item item_;
};
}  // namespace emu::dynamodb::partiql
