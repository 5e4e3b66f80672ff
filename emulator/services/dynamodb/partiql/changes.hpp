// INSERT, UPDATE, DELETE and EXISTS as actions (action.hpp), which go the way of PutItem, UpdateItem and
// DeleteItem: alone, or within a transaction.
#pragma once
#include "emulator/services/dynamodb/action.hpp"
#include "emulator/services/dynamodb/partiql/prepared.hpp"

namespace emu::dynamodb::partiql {
struct ActionOf {
  std::unique_ptr<const Item> key;  // what the action points to, unless that is the item of an INSERT
  Action action;
};
// The statement is no SELECT, and it, its parameters and the schema outlive the action. An error: its WHERE
// clause does not name one item.
Result<ActionOf> action_of(const Schema& schema, const Prepared& statement);

struct Changed {
  std::optional<Item> shown;  // what RETURNING asks for
  Cost cost;
};
Result<Changed> change(DynamoDb& service, const Table& table, const Prepared& statement,
                       const ActionOf& action, bool needs_old);
}  // namespace emu::dynamodb::partiql
