// SELECT through the read path of Query and Scan: by key, each alternative of the WHERE clause a range of
// rows, or by scan. Used by ExecuteStatement; batches and transactions read single items (single_key).
#pragma once
#include "emulator/services/dynamodb/capacity.hpp"
#include "emulator/services/dynamodb/item_text.hpp"
#include "emulator/services/dynamodb/page.hpp"
#include "emulator/services/dynamodb/partiql/prepared.hpp"

namespace emu::dynamodb::partiql {
struct Reading {
  bool consistent = false;
  std::optional<std::int64_t> limit;  // rows evaluated
  std::optional<Item> start;          // the last key of the page before
};
struct Selected {
  ItemText items;  // a list
  std::optional<Item> last_key;
  Cost cost;
};
// The statement is a SELECT on this table, and they outlive the call. Throws what AWS refuses.
awaitable<Selected> select(DynamoDb& service, const Table& table, const Prepared& statement, Reading reading);

// The key of the one item that a SELECT without further conditions is about; none: it is not such a SELECT.
std::optional<Item> single_key(const Schema& schema, const Prepared& statement);
// What the operation, which reads single items only, says to a SELECT without such a key.
AwsError not_a_single_read(const Schema& schema, const Prepared& statement, std::string_view operation);
// The result's row for an item: all of it, or the columns it has.
Item row_of(const Select& select, const expression::Bindings& bindings, Item item);
}  // namespace emu::dynamodb::partiql
