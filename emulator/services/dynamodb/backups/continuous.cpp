// DescribeContinuousBackups, UpdateContinuousBackups (C12).
#include "emulator/services/dynamodb/backups/continuous.hpp"

#include <algorithm>

#include "emulator/services/dynamodb/backups/backups.hpp"
#include "emulator/services/dynamodb/backups/before_images.hpp"
#include "emulator/services/dynamodb/backups/copy.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/schema_edit.hpp"

namespace emu::dynamodb {
namespace {
constexpr double kRecoveryLagSeconds = 300;  // LatestRestorableDateTime lies five minutes back

ContinuousBackupsOutput described(const TableRecord& record, Time now) {
  const auto window = recovery_window(record, now);
  Json recovery{{"PointInTimeRecoveryStatus", window ? "ENABLED" : "DISABLED"}};
  if (window) {
    recovery["EarliestRestorableDateTime"] = window->earliest;
    recovery["LatestRestorableDateTime"] = window->latest;
    recovery["RecoveryPeriodInDays"] = record.RecoveryPeriodInDays.value_or(kMaxRecoveryDays);
  }
  return {{{"ContinuousBackupsStatus", "ENABLED"}, {"PointInTimeRecoveryDescription", std::move(recovery)}}};
}

Result<ContinuousBackupsOutput> describe_continuous_backups(DynamoDb& service, Context& context,
                                                            TableNameInput in) {
  const auto table = table_to_back_up(service, context, in.TableName);
  if (!table) return table.error();
  return described(table->schema->record, service.clock.now());
}

void check(const PointInTimeRecoverySpecification& wanted) {
  if (!wanted.RecoveryPeriodInDays) return;
  constexpr std::string_view kPath = "pointInTimeRecoverySpecification.recoveryPeriodInDays";
  Constraints constraints;
  constraints.at_least(*wanted.RecoveryPeriodInDays, kPath, 1);
  constraints.at_most(*wanted.RecoveryPeriodInDays, kPath, kMaxRecoveryDays);
  constraints.finish();
  if (!wanted.PointInTimeRecoveryEnabled)
    throw AwsError::validation(
        "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.");
}

constexpr Operation kContinuous[] = {
    op<describe_continuous_backups>("DescribeContinuousBackups"),
    op<update_continuous_backups>("UpdateContinuousBackups"),
};
}  // namespace

std::optional<RecoveryWindow> recovery_window(const TableRecord& record, Time now) {
  if (!record.PointInTimeRecoverySince) return std::nullopt;
  const int days = record.RecoveryPeriodInDays.value_or(kMaxRecoveryDays);
  const double since = *record.PointInTimeRecoverySince, until = epoch_seconds(now);
  return RecoveryWindow{std::max(since, until - days * 86400.0),
                        std::max(since, until - kRecoveryLagSeconds)};
}

AwsError no_recovery(std::string_view table) {
  return {"PointInTimeRecoveryUnavailableException",
          fmt::format("Point in time recovery is not enabled for table '{}'", table)};
}

Result<ContinuousBackupsOutput> update_continuous_backups(DynamoDb& service, Context& context,
                                                          UpdateContinuousBackupsInput in) {
  const auto& wanted = in.PointInTimeRecoverySpecification;
  check(wanted);
  const auto table = table_to_back_up(service, context, in.TableName);
  if (!table) return table.error();
  const Time now = service.clock.now();
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    // What lies before a shorter period is lost, also when the period grows again.
    const auto window = recovery_window(record, now);
    record.PointInTimeRecoverySince =
        window ? window->earliest : static_cast<double>(service.change_time()) / 1e6;
    if (wanted.RecoveryPeriodInDays) record.RecoveryPeriodInDays = wanted.RecoveryPeriodInDays;
    if (wanted.PointInTimeRecoveryEnabled) return Done{};
    record.PointInTimeRecoverySince.reset();
    record.RecoveryPeriodInDays.reset();
    return Done{};
  });
  if (!edited) return edited.error();
  if (!wanted.PointInTimeRecoveryEnabled)
    table->core->alone([&](Core& core) { trim_before_images(service, core, now); });
  return described((*edited)->record, now);
}

std::span<const Operation> continuous_backup_operations() { return kContinuous; }
}  // namespace emu::dynamodb
