// The one way an item changes: under its row's lock, read the old item if anyone needs it, judge the
// condition, make the new item, and add it with its index entries to the Batch that is then written.
// write() does it for one item; batches and transactions lock their rows (row_locks.hpp), stage each change
// into one Batch and commit it.
#pragma once
#include "emulator/services/dynamodb/backups/before_images.hpp"
#include "emulator/services/dynamodb/capacity.hpp"
#include "emulator/services/dynamodb/expression/evaluate.hpp"
#include "emulator/services/dynamodb/request_expressions.hpp"
#include "emulator/services/dynamodb/row_locks.hpp"

namespace emu::dynamodb {
struct Change {
  const Item& key;  // holds the key attributes; may be a whole item
  const BoundCondition* condition = nullptr;
  bool show_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure ALL_OLD
  bool needs_old = true;              // false: neither reply nor capacity depend on it
  By by = By::client;
};
struct Written {
  SharedSchema schema;
  std::optional<Item> old, now;  // now: only if the change made it, not if it was given
  Cost cost;
};

// Stages one change of the table into `batch`; the row's lock is held. decide(schema, old, made) gives the
// item to be stored: one that outlives the call, or `made` after filling it; null: no item.
template <class Decide>
Result<Written> stage_change(const DynamoDb& service, const Core& core, storage::Batch& batch,
                             const storage::Key& row, const Change& change, Decide& decide) {
  if (!core.schema) return no_such_resource();
  const Schema& schema = *core.schema;
  Written out{core.schema};
  const bool keeps_old = keeps_before_images(core);
  if (change.needs_old || change.condition || schema.reads_before_writes() || keeps_old)
    out.old = service.read_row(schema, row.bytes());
  const Item* old = out.old ? &*out.old : nullptr;
  static const Item kAbsent;
  if (change.condition &&
      !holds(change.condition->tree(), change.condition->bindings, old ? *old : kAbsent)) {
    auto failed = condition_failed();
    if (change.show_item_on_failure && old) failed.extra["Item"] = encode_json(*old);
    return failed;
  }
  Item made;
  const Result<const Item*> now = decide(schema, old, made);
  if (!now) return now.error();
  out.cost = stage(batch, schema, row, old, *now);
  if (keeps_old && (old || *now)) stage_before_image(batch, schema, service.change_time(), row, old);
  if (core.stream) core.stream->stage(batch, old, *now, change.by, service.clock.now());
  if (*now == &made) out.now = std::move(made);
  return out;
}

// Writes what was staged for these tables, whose row locks are held.
inline void commit(const DynamoDb& service, const storage::Batch& batch, Core& core) {
  if (batch.changes.empty()) return;
  service.disk.write(batch);
  core.changes.fetch_add(1, std::memory_order_relaxed);
  if (core.stream) core.stream->committed();
}

template <class Decide>
Result<Written> write(DynamoDb& service, const Table& table, const Change& change, Decide decide) {
  const auto row = item_row(*table.schema, change.key);
  const RowLock hold(service.stripes, *table.core, row.bytes());
  storage::Batch batch;
  auto written = stage_change(service, *table.core, batch, row, change, decide);
  if (written) commit(service, batch, *table.core);
  return written;
}
}  // namespace emu::dynamodb
