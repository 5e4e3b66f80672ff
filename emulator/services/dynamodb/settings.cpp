// DescribeTimeToLive, UpdateTimeToLive, DescribeContinuousBackups, UpdateContinuousBackups, DescribeLimits,
// DescribeEndpoints (G, C12, C1, A8).
#include "emulator/services/dynamodb/settings.hpp"

#include <algorithm>

#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
constexpr int kMaxRecoveryDays = 35;
constexpr double kRecoveryLagSeconds = 300;  // LatestRestorableDateTime lies five minutes back
constexpr std::size_t kMaxAttributeName = 255;

struct TimeToLiveDescription {
  std::string TimeToLiveStatus;
  std::optional<std::string> AttributeName;
};
BOOST_DESCRIBE_STRUCT(TimeToLiveDescription, (), (TimeToLiveStatus, AttributeName))
struct DescribeTimeToLiveOutput {
  dynamodb::TimeToLiveDescription TimeToLiveDescription;
};
BOOST_DESCRIBE_STRUCT(DescribeTimeToLiveOutput, (), (TimeToLiveDescription))
struct Endpoint {
  std::string Address;
  int CachePeriodInMinutes = 1440;
};
BOOST_DESCRIBE_STRUCT(Endpoint, (), (Address, CachePeriodInMinutes))
struct DescribeEndpointsOutput {
  std::vector<Endpoint> Endpoints;
};
BOOST_DESCRIBE_STRUCT(DescribeEndpointsOutput, (), (Endpoints))
struct DescribeLimitsOutput {
  int AccountMaxReadCapacityUnits = 80000, AccountMaxWriteCapacityUnits = 80000;
  int TableMaxReadCapacityUnits = 40000, TableMaxWriteCapacityUnits = 40000;
};
BOOST_DESCRIBE_STRUCT(DescribeLimitsOutput, (),
                      (AccountMaxReadCapacityUnits, AccountMaxWriteCapacityUnits, TableMaxReadCapacityUnits,
                       TableMaxWriteCapacityUnits))

Result<DescribeTimeToLiveOutput> describe_time_to_live(DynamoDb& service, Context& context,
                                                       TableNameInput in) {
  check_required_name(in.TableName);
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  const auto& attribute = table->schema->record.TimeToLiveAttribute;
  return DescribeTimeToLiveOutput{{attribute ? "ENABLED" : "DISABLED", attribute}};
}

Result<Table> backed_up(DynamoDb& service, Context& context, const std::optional<std::string>& name) {
  check_required_name(name);
  auto table = service.tables.find(context.scope, *name);
  if (!table) return AwsError{"TableNotFoundException", fmt::format("Table not found: {}", *name)};
  return std::move(*table);
}

ContinuousBackupsOutput backups_of(const TableRecord& record, Time now) {
  Json recovery{{"PointInTimeRecoveryStatus", record.PointInTimeRecoverySince ? "ENABLED" : "DISABLED"}};
  if (record.PointInTimeRecoverySince) {
    const int days = record.RecoveryPeriodInDays.value_or(kMaxRecoveryDays);
    const double since = *record.PointInTimeRecoverySince, until = epoch_seconds(now);
    recovery["EarliestRestorableDateTime"] = std::max(since, until - days * 86400.0);
    recovery["LatestRestorableDateTime"] = std::max(since, until - kRecoveryLagSeconds);
    recovery["RecoveryPeriodInDays"] = days;
  }
  return {{{"ContinuousBackupsStatus", "ENABLED"}, {"PointInTimeRecoveryDescription", std::move(recovery)}}};
}

Result<ContinuousBackupsOutput> describe_continuous_backups(DynamoDb& service, Context& context,
                                                            TableNameInput in) {
  const auto table = backed_up(service, context, in.TableName);
  if (!table) return table.error();
  return backups_of(table->schema->record, service.clock.now());
}

Result<DescribeEndpointsOutput> describe_endpoints(DynamoDb&, Context& context, Empty) {
  return DescribeEndpointsOutput{{Endpoint{context.host}}};
}

Result<DescribeLimitsOutput> describe_limits(DynamoDb&, Context&, Empty) { return DescribeLimitsOutput{}; }

// Kept and described, but nothing expires and nothing can be restored yet.
constexpr std::string_view kTimeToLiveWithoutEffect[] = {"TimeToLiveSpecification"};
constexpr std::string_view kRecoveryWithoutEffect[] = {"PointInTimeRecoverySpecification"};
constexpr Operation kSettings[] = {
    op<describe_time_to_live>("DescribeTimeToLive"),
    op<update_time_to_live>("UpdateTimeToLive").ignoring(kTimeToLiveWithoutEffect),
    op<describe_continuous_backups>("DescribeContinuousBackups"),
    op<update_continuous_backups>("UpdateContinuousBackups").ignoring(kRecoveryWithoutEffect),
    op<describe_endpoints>("DescribeEndpoints"),
    op<describe_limits>("DescribeLimits"),
};
}  // namespace

Result<SharedSchema> edit_record(DynamoDb& service, const Table& table,
                                 const std::function<Result<Done>(TableRecord&)>& edit) {
  return table.core->alone([&](Core& core) -> Result<SharedSchema> {
    if (!core.schema) return no_such_table(table.schema->name);
    TableRecord record = core.schema->record;
    if (auto done = edit(record); !done) return std::move(done.error());
    auto schema = make_schema(core.schema->scope, core.schema->name, std::move(record));
    storage::Batch batch;
    service.save(batch, *schema);
    service.disk.write(batch);
    core.schema = schema;
    service.tables.replace(schema);
    return schema;
  });
}

Result<UpdateTimeToLiveOutput> update_time_to_live(DynamoDb& service, Context& context,
                                                   UpdateTimeToLiveInput in) {
  check_required_name(in.TableName);
  const auto& wanted = in.TimeToLiveSpecification;
  if (wanted.AttributeName.empty() || wanted.AttributeName.size() > kMaxAttributeName)
    throw AwsError::validation(fmt::format(
        "{}Value '{}' at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must "
        "have length {}",
        kDetected, wanted.AttributeName,
        wanted.AttributeName.empty() ? "greater than or equal to 1" : "less than or equal to 255"));
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    const auto& current = record.TimeToLiveAttribute;
    if (!wanted.Enabled && !current) return AwsError::validation("TimeToLive is already disabled");
    if (wanted.Enabled && current == wanted.AttributeName)
      return AwsError::validation("TimeToLive is already enabled");
    if (current && current != wanted.AttributeName)
      return AwsError::validation(fmt::format(
          "TimeToLive is active on a different AttributeName: current AttributeName is {}", *current));
    record.TimeToLiveAttribute = wanted.Enabled ? std::optional(wanted.AttributeName) : std::nullopt;
    return Done{};
  });
  if (!edited) return edited.error();
  return UpdateTimeToLiveOutput{wanted};
}

Result<ContinuousBackupsOutput> update_continuous_backups(DynamoDb& service, Context& context,
                                                          UpdateContinuousBackupsInput in) {
  const auto& wanted = in.PointInTimeRecoverySpecification;
  const auto table = backed_up(service, context, in.TableName);
  if (!table) return table.error();
  if (wanted.RecoveryPeriodInDays) {
    Constraints constraints;
    constraints.at_least(*wanted.RecoveryPeriodInDays,
                         "pointInTimeRecoverySpecification.recoveryPeriodInDays", 1);
    constraints.at_most(*wanted.RecoveryPeriodInDays, "pointInTimeRecoverySpecification.recoveryPeriodInDays",
                        kMaxRecoveryDays);
    constraints.finish();
    if (!wanted.PointInTimeRecoveryEnabled)
      throw invalid_parameters(
          "RecoveryPeriodInDays cannot be specified when PointInTimeRecovery is being disabled");
  }
  const Time now = service.clock.now();
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    if (!wanted.PointInTimeRecoveryEnabled) {
      record.PointInTimeRecoverySince = std::nullopt;
      record.RecoveryPeriodInDays = std::nullopt;
    } else {
      if (!record.PointInTimeRecoverySince) record.PointInTimeRecoverySince = epoch_seconds(now);
      if (wanted.RecoveryPeriodInDays) record.RecoveryPeriodInDays = wanted.RecoveryPeriodInDays;
    }
    return Done{};
  });
  if (!edited) return edited.error();
  return backups_of((*edited)->record, now);
}

std::span<const Operation> setting_operations() { return kSettings; }
}  // namespace emu::dynamodb
