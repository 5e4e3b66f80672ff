// UpdateTable (C4): one change at a time, in force at once.
#include "emulator/services/dynamodb/describe.hpp"
#include "emulator/services/dynamodb/item_walk.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/table_changes.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
Result<Done> change_stream(const Streams& streams, const Schema& table, TableRecord& record,
                           const StreamSpecification& wanted) {
  if (wanted.StreamEnabled) {
    if (record.StreamSpecification)
      return AwsError::validation(
          fmt::format("Table already has an enabled stream: TableName: {}", table.name));
    if (!wanted.StreamViewType)
      return invalid_parameters("If stream is being enabled then UpdateViewType is required");
    record.StreamSpecification = wanted;
    record.LatestStreamLabel = streams.new_label(table.scope, table.name);
    return Done{};
  }
  if (wanted.StreamViewType)
    return invalid_parameters("If stream is being disabled, then UpdateViewType must not be specified");
  if (!record.StreamSpecification)
    return AwsError::validation(fmt::format("Table has no stream to disable: TableName: {}", table.name));
  record.StreamSpecification.reset();
  return Done{};
}

// Entries before the schema on creation, after it on deletion: a crash between leaves only rows nobody reads.
void move_entries(DynamoDb& service, const Schema& from, const Schema& to, bool before) {
  for (const auto& index : to.indexes)
    if (before && !from.index(index.name)) fill_index(service, to, index);
  for (const auto& index : from.indexes)
    if (!before && !to.index(index.name)) service.disk.erase(slot_rows(from, index.slot));
}

Result<Done> edit(const DynamoDb& service, const Schema& table, TableRecord& record,
                  const UpdateTableInput& in) {
  const Time now = service.clock.now();
  if (auto done = change_billing(record, in, epoch_seconds(now)); !done) return done;
  if (in.StreamSpecification)
    if (auto done = change_stream(service.streams, table, record, *in.StreamSpecification); !done)
      return done;
  if (auto done = change_indexes(record, in); !done) return done;
  if (in.ReplicaUpdates) {
    if (auto done = change_replicas(record, *in.ReplicaUpdates, table.name); !done) return done;
    // A table with replicas has a stream, whatever its view.
    if (record.Replicas && !record.StreamSpecification)
      if (auto done = change_stream(service.streams, table, record, {true, "NEW_AND_OLD_IMAGES"}); !done)
        return done;
  }
  if (in.SSESpecification)
    if (auto done = change_encryption(record, *in.SSESpecification); !done) return done;
  if (in.TableClass && (record.TableClass || *in.TableClass != "STANDARD")) record.TableClass = in.TableClass;
  if (in.DeletionProtectionEnabled) record.DeletionProtectionEnabled = *in.DeletionProtectionEnabled;
  return Done{};
}

// A new index is filled from every item of the table.
awaitable<Result<TableDescriptionOutput>> update_table_blocking(DynamoDb& service, Context& context,
                                                                UpdateTableInput in) {
  auto work = [&service, &context, held = std::move(in)]() mutable {
    return update_table(service, context, std::move(held));
  };
  co_return co_await service.loops.blocking(std::move(work));
}

// Replicas are described, not filled.
constexpr std::string_view kUpdateWithoutEffect[] = {"ReplicaUpdates", "MultiRegionConsistency",
                                                     "GlobalTableWitnessUpdates",
                                                     "GlobalTableSettingsReplicationMode"};
constexpr Operation kUpdates[] = {op<update_table_blocking>("UpdateTable").ignoring(kUpdateWithoutEffect)};
}  // namespace

Result<TableDescriptionOutput> update_table(DynamoDb& service, Context& context, UpdateTableInput in) {
  check_required_name(in.TableName);
  check_update(in, context.scope);
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  return table->core->alone([&](Core& core) -> Result<TableDescriptionOutput> {
    if (!core.schema) return no_such_table(*in.TableName);
    const SharedSchema from = core.schema;
    TableRecord record = from->record;
    if (auto done = edit(service, *from, record, in); !done) return std::move(done.error());
    const auto to = make_schema(from->scope, from->name, std::move(record));
    move_entries(service, *from, *to, true);
    service.replace_schema(core, to);
    ++core.changes;  // the counts of the indexes are stale
    move_entries(service, *from, *to, false);
    const bool at_once = in.DeletionProtectionEnabled.has_value();
    auto shown = describe(*to, at_once ? Moment::described : Moment::updating, known_extents(core));
    for (auto& index : shown.value("GlobalSecondaryIndexes", Json::array()))
      if (!from->index(index["IndexName"].get<std::string>()))
        for (auto& fresh : shown["GlobalSecondaryIndexes"])
          if (fresh["IndexName"] == index["IndexName"])
            fresh.update({{"IndexStatus", "CREATING"}, {"Backfilling", false}});
    return TableDescriptionOutput{std::move(shown)};
  });
}

std::span<const Operation> table_update_operations() { return kUpdates; }
}  // namespace emu::dynamodb
