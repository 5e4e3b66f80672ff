// The one way an item changes: under its table's lock, read the old item if anyone needs it, judge the
// condition, make the new item, and write it with its index entries in one Batch. Used by PutItem, UpdateItem
// and DeleteItem.
#pragma once
#include <functional>

#include "emulator/services/dynamodb/capacity.hpp"
#include "emulator/services/dynamodb/expression/evaluate.hpp"
#include "emulator/services/dynamodb/request_expressions.hpp"

namespace emu::dynamodb {
struct Change {
  const Item& key;  // holds the key attributes; may be a whole item
  const BoundCondition* condition = nullptr;
  bool show_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure ALL_OLD
  bool needs_old = true;              // false: neither reply nor capacity depend on it
};
struct Written {
  SharedSchema schema;
  std::optional<Item> old, now;
  Cost cost;
};

// decide(schema, old) gives the item to be stored; none: no item.
template <class Decide>
Result<Written> write(DynamoDb& service, const Table& table, const Change& change, Decide decide) {
  return table.core->with([&](Core& core) -> Result<Written> {
    if (!core.schema) return no_such_resource();
    const Schema& schema = *core.schema;
    Written out{core.schema};
    if (change.needs_old || change.condition || !schema.indexes.empty())
      out.old = service.read(schema, change.key);
    static const Item kAbsent;
    if (change.condition &&
        !holds(change.condition->tree(), change.condition->bindings, out.old ? *out.old : kAbsent)) {
      auto failed = condition_failed();
      if (change.show_item_on_failure && out.old) failed.extra["Item"] = encode_json(*out.old);
      return failed;
    }
    Result<std::optional<Item>> now = decide(schema, out.old ? &*out.old : nullptr);
    if (!now) return std::move(now.error());
    out.now = std::move(*now);
    storage::Batch batch;
    out.cost = stage(batch, schema, out.old ? &*out.old : nullptr, out.now ? &*out.now : nullptr);
    if (!batch.changes.empty()) service.disk.write(batch);
    ++core.changes;
    return out;
  });
}
}  // namespace emu::dynamodb
