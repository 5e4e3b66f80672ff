// RestoreTableFromBackup, RestoreTableToPointInTime (C12). The table appears when its items and index entries
// are there, so it is never seen half restored; a crash before leaves only rows that nobody reads.
#include <cmath>

#include "emulator/services/dynamodb/backups/backups.hpp"
#include "emulator/services/dynamodb/backups/continuous.hpp"
#include "emulator/services/dynamodb/backups/copy.hpp"
#include "emulator/services/dynamodb/backups/restored_record.hpp"
#include "emulator/services/dynamodb/describe.hpp"
#include "emulator/services/dynamodb/item_walk.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
struct FromBackupInput : RestoreOverrides {
  std::optional<std::string> TargetTableName, BackupArn;
};
BOOST_DESCRIBE_STRUCT(FromBackupInput, (),
                      (TargetTableName, BackupArn, BillingModeOverride, GlobalSecondaryIndexOverride,
                       LocalSecondaryIndexOverride, ProvisionedThroughputOverride, OnDemandThroughputOverride,
                       SSESpecificationOverride))
struct ToPointInTimeInput : RestoreOverrides {
  std::optional<std::string> SourceTableArn, SourceTableName, TargetTableName;
  std::optional<bool> UseLatestRestorableTime;
  std::optional<double> RestoreDateTime;
};
BOOST_DESCRIBE_STRUCT(ToPointInTimeInput, (),
                      (SourceTableArn, SourceTableName, TargetTableName, UseLatestRestorableTime,
                       RestoreDateTime, BillingModeOverride, GlobalSecondaryIndexOverride,
                       LocalSecondaryIndexOverride, ProvisionedThroughputOverride, OnDemandThroughputOverride,
                       SSESpecificationOverride))

// Where the items of a new table come from.
struct Origin {
  const TableRecord& source;
  std::string table_arn;
  std::optional<std::string> backup_arn;
  double time = 0;  // that the items are of
};

AwsError target_exists(std::string_view name) {
  return {"TableAlreadyExistsException", fmt::format("Table already exists: {}", name)};
}

void constrain(Constraints& constraints, const RestoreOverrides& in,
               const std::optional<std::string>& target) {
  constrain_new_name(constraints, target, "targetTableName");
  constraints.enumerated(in.BillingModeOverride, "billingModeOverride", kBillingMode);
  constrain_throughput(constraints, in.ProvisionedThroughputOverride, "provisionedThroughputOverride");
}

// A table of the items under this storage id, which become its own.
Result<TableDescriptionOutput> adopt(DynamoDb& service, const Scope& scope, const std::string& target,
                                     TableRecord record, std::uint64_t items, const Origin& origin) {
  record.TableId = service.ids.uuid();
  record.StorageId = items;
  record.CreationDateTime = epoch_seconds(service.clock.now());
  if (record.BillingMode == "PAY_PER_REQUEST")
    record.LastUpdateToPayPerRequestDateTime = record.CreationDateTime;
  const auto schema = make_schema(scope, target, std::move(record));
  for (const auto& index : schema->indexes) fill_index(service, *schema, index);
  if (!service.create(schema)) {
    erase_items(service, items);
    return target_exists(target);
  }
  TableDescriptionOutput out{describe(*schema, Moment::creating, {})};
  Json summary{
      {"SourceTableArn", origin.table_arn}, {"RestoreDateTime", origin.time}, {"RestoreInProgress", true}};
  if (origin.backup_arn) summary["SourceBackupArn"] = *origin.backup_arn;
  out.TableDescription["RestoreSummary"] = std::move(summary);
  return out;
}

Result<TableDescriptionOutput> from_backup(DynamoDb& service, Context& context, FromBackupInput in) {
  Constraints constraints;
  constrain(constraints, in, in.TargetTableName);
  constrain_backup_arn(constraints, in.BackupArn);
  constraints.finish();
  const auto name = BackupKey::parse(*in.BackupArn);
  const auto backup = find_backup(service, context.scope, name);
  if (!backup) return backup.error();
  auto record = restored_record(backup->Source, in);
  if (!record) return std::move(record.error());
  if (service.tables.find(context.scope, *in.TargetTableName)) return target_exists(*in.TargetTableName);
  const auto arn = name.arn(context.scope);
  if (!service.restoring.with([&](auto& busy) { return busy.insert(arn).second; }))
    return AwsError{"BackupInUseException",
                    fmt::format("Backup is being used to restore another table: {}", arn)};
  const auto items = service.ids.number();
  copy_items(service, backup->StorageId, items);
  service.restoring.with([&](auto& busy) { busy.erase(arn); });
  return adopt(service, context.scope, *in.TargetTableName, std::move(*record), items,
               {backup->Source, table_arn(context.scope, name.table), arn, backup->CreationDateTime});
}

void check(const ToPointInTimeInput& in) {
  Constraints constraints;
  constrain(constraints, in, in.TargetTableName);
  constraints.finish();
  if (in.SourceTableArn && in.SourceTableName)
    throw AwsError::validation("Must provide exactly one of: sourceTableArn, sourceTableName");
  if (!in.SourceTableArn && !in.SourceTableName)
    throw AwsError::validation("The parameter 'TableName' is required but was not present in the request");
  if (in.SourceTableArn && !in.SourceTableArn->starts_with("arn:"))
    throw invalid_parameters("sourceTableArn is not a valid ARN");
  const bool latest = in.UseLatestRestorableTime.value_or(false);
  if (!latest && !in.RestoreDateTime)
    throw AwsError::validation(
        "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but "
        "not "
        "both");
  if (latest && in.RestoreDateTime)
    throw AwsError::validation(
        "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time "
        "restore request. Please specify either RestoreDateTime time or UseLatestRestorableTime");
}

std::string shown(double seconds) { return iso8601(time_at(seconds)); }

Result<TableDescriptionOutput> to_point_in_time(DynamoDb& service, Context& context, ToPointInTimeInput in) {
  check(in);
  const auto table =
      table_to_back_up(service, context, in.SourceTableArn ? in.SourceTableArn : in.SourceTableName);
  if (!table) return table.error();
  const Schema& source = *table->schema;
  Copying copying(service, *table);  // from here on no before-image is trimmed
  const auto window = recovery_window(source.record, service.clock.now());
  if (!window) return no_recovery(source.name);
  const double time = in.RestoreDateTime.value_or(window->latest);
  if (time < window->earliest || time > window->latest)
    return AwsError{"InvalidRestoreTimeException",
                    fmt::format("RestoreDateTime '{}' must be within EarliestRestorableDateTime '{}' and "
                                "LatestRestorableDateTime '{}'",
                                shown(time), shown(window->earliest), shown(window->latest))};
  auto record = restored_record(source.record, in);
  if (!record) return std::move(record.error());
  if (service.tables.find(context.scope, *in.TargetTableName)) return target_exists(*in.TargetTableName);
  const auto items = copying.items_at(static_cast<std::uint64_t>(std::llround(time * 1e6)));
  if (!items) return no_table_to_back_up(source.name);
  return adopt(service, context.scope, *in.TargetTableName, std::move(*record), *items,
               {source.record, source.arn, std::nullopt, time});
}

awaitable<Result<TableDescriptionOutput>> restore_from_backup(DynamoDb& service, Context& context,
                                                              FromBackupInput in) {
  auto work = [&service, &context, held = std::move(in)]() mutable {
    return from_backup(service, context, std::move(held));
  };
  co_return co_await service.loops.blocking(std::move(work));
}

awaitable<Result<TableDescriptionOutput>> restore_to_point_in_time(DynamoDb& service, Context& context,
                                                                   ToPointInTimeInput in) {
  auto work = [&service, &context, held = std::move(in)]() mutable {
    return to_point_in_time(service, context, std::move(held));
  };
  co_return co_await service.loops.blocking(std::move(work));
}

constexpr Operation kRestores[] = {
    op<restore_from_backup>("RestoreTableFromBackup"),
    op<restore_to_point_in_time>("RestoreTableToPointInTime"),
};
}  // namespace

std::span<const Operation> restore_operations() { return kRestores; }
}  // namespace emu::dynamodb
