// What a request does to one item, with all checked that needs no table (A2 step 11): PutItem, DeleteItem and
// UpdateItem make one, a transaction or a PartiQL statement several. Points into the request, which must
// outlive it. Carried out by writes.hpp, alone or within a Batch.
#pragma once
#include "emulator/services/dynamodb/writes.hpp"

namespace emu::dynamodb {
struct Action {
  enum class Kind { put, remove, update, check };
  Kind kind = Kind::put;
  const Item* subject = nullptr;  // the item to put; of the others the key
  std::optional<BoundCondition> condition;
  std::optional<BoundUpdate> update;  // none: an update makes sure that the item exists
  bool legacy_update = false;         // AttributeUpdates has words of its own
  bool show_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure ALL_OLD

  Change change(bool needs_old) const {
    return {.key = *subject,
            .condition = condition ? &*condition : nullptr,
            .show_item_on_failure = show_item_on_failure,
            .needs_old = needs_old || kind != Kind::put};
  }
};

// The expressions of one action as the request gives them; checked and added to it, none of the names and
// values left over.
struct GivenExpressions {
  const std::optional<std::string>& update;
  const std::optional<std::string>& condition;
  const std::optional<expression::Names>& names;
  const std::optional<GivenValues>& values;
};
void add_expressions(DynamoDb& service, const Voice& voice, const GivenExpressions& given, Action& action);

// What the table's schema has against the action, in AWS's words: its key, what it would do to keys.
std::optional<AwsError> fault(const Action& action, const Schema& schema);
// An empty value for a key, or assigned to one: what AWS refuses before anything else of a transaction (F).
std::optional<AwsError> empty_fault(const Action& action, const Schema& schema);
// The item after the action: `made` where it has to be made, null if there is none.
Result<const Item*> outcome(const Action& action, const Schema& schema, const Item* old, Item& made);

// An action alone: the whole of PutItem, DeleteItem, UpdateItem after their tables are found.
inline Result<Written> write(DynamoDb& service, const Table& table, const Action& action, bool needs_old) {
  if (auto wrong = fault(action, *table.schema)) return std::move(*wrong);
  return write(
      service, table, action.change(needs_old),
      [&](const Schema& schema, const Item* old, Item& made) { return outcome(action, schema, old, made); });
}
}  // namespace emu::dynamodb
