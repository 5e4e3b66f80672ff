// Global tables of version 2017.11.29, which AWS has given up too: there are none and none can be made. And
// DescribeTableReplicaAutoScaling, UpdateTableReplicaAutoScaling (C1).
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
struct GlobalTableInput {
  std::optional<std::string> GlobalTableName;
};
BOOST_DESCRIBE_STRUCT(GlobalTableInput, (), (GlobalTableName))
struct CreateInput : GlobalTableInput {
  std::optional<Json> ReplicationGroup;
};
BOOST_DESCRIBE_STRUCT(CreateInput, (), (GlobalTableName, ReplicationGroup))
struct UpdateInput : GlobalTableInput {
  std::optional<Json> ReplicaUpdates;
};
BOOST_DESCRIBE_STRUCT(UpdateInput, (), (GlobalTableName, ReplicaUpdates))
struct UpdateSettingsInput : GlobalTableInput {
  std::optional<Json> GlobalTableBillingMode, GlobalTableProvisionedWriteCapacityUnits,
      GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate,
      GlobalTableGlobalSecondaryIndexSettingsUpdate, ReplicaSettingsUpdate;
};
BOOST_DESCRIBE_STRUCT(UpdateSettingsInput, (),
                      (GlobalTableName, GlobalTableBillingMode, GlobalTableProvisionedWriteCapacityUnits,
                       GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate,
                       GlobalTableGlobalSecondaryIndexSettingsUpdate, ReplicaSettingsUpdate))
struct ListInput {
  std::optional<std::string> ExclusiveStartGlobalTableName;
  std::optional<int> Limit;
  std::optional<std::string> RegionName;
};
BOOST_DESCRIBE_STRUCT(ListInput, (), (ExclusiveStartGlobalTableName, Limit, RegionName))
struct ListOutput {
  std::vector<Json> GlobalTables;
};
BOOST_DESCRIBE_STRUCT(ListOutput, (), (GlobalTables))
struct UpdateAutoScalingInput {
  std::optional<std::string> TableName;
  std::optional<Json> GlobalSecondaryIndexUpdates, ProvisionedWriteCapacityAutoScalingUpdate, ReplicaUpdates;
};
BOOST_DESCRIBE_STRUCT(UpdateAutoScalingInput, (),
                      (TableName, GlobalSecondaryIndexUpdates, ProvisionedWriteCapacityAutoScalingUpdate,
                       ReplicaUpdates))
struct AutoScalingOutput {
  Json TableAutoScalingDescription;
};
BOOST_DESCRIBE_STRUCT(AutoScalingOutput, (), (TableAutoScalingDescription))

void check_name(const GlobalTableInput& in) {
  Constraints constraints;
  constrain_new_name(constraints, in.GlobalTableName, "globalTableName");
  constraints.finish();
}

AwsError no_global_table(const GlobalTableInput& in) {
  check_name(in);
  return {"GlobalTableNotFoundException",
          fmt::format("Global table not found: Global table with name: '{}' does not exist.",
                      *in.GlobalTableName)};
}

AwsError old_version(const GlobalTableInput& in) {
  check_name(in);
  return invalid_parameters(
      "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB global tables "
      "version 2019.11.21, instead of version 2017.11.29 (Legacy).");
}

Result<Empty> create_global_table(DynamoDb&, Context&, CreateInput in) { return old_version(in); }
Result<Empty> update_global_table(DynamoDb&, Context&, UpdateInput in) { return old_version(in); }
Result<Empty> describe_global_table(DynamoDb&, Context&, GlobalTableInput in) { return no_global_table(in); }
Result<Empty> update_settings(DynamoDb&, Context&, UpdateSettingsInput in) { return no_global_table(in); }

Result<ListOutput> list_global_tables(DynamoDb&, Context&, ListInput in) {
  Constraints constraints;
  constraints.at_least(in.Limit, "limit", 1);
  constraints.finish();
  return ListOutput{};
}

Result<AutoScalingOutput> auto_scaling(DynamoDb& service, Context& context,
                                       const std::optional<std::string>& name) {
  check_required_name(name);
  const auto table = service.table(context.scope, *name);
  if (!table) return table.error();
  Json replicas = Json::array();
  for (const auto& replica : table->schema->record.Replicas.value_or(std::vector<ReplicaRecord>{}))
    replicas.push_back({{"RegionName", replica.RegionName}, {"ReplicaStatus", "ACTIVE"}});
  return AutoScalingOutput{
      {{"TableName", table->schema->name}, {"TableStatus", "ACTIVE"}, {"Replicas", std::move(replicas)}}};
}

Result<AutoScalingOutput> describe_auto_scaling(DynamoDb& service, Context& context, TableNameInput in) {
  return auto_scaling(service, context, in.TableName);
}
Result<AutoScalingOutput> update_auto_scaling(DynamoDb& service, Context& context,
                                              UpdateAutoScalingInput in) {
  return auto_scaling(service, context, in.TableName);
}

// emu never throttles, so there is nothing to scale.
constexpr std::string_view kWithoutEffect[] = {"GlobalSecondaryIndexUpdates",
                                               "ProvisionedWriteCapacityAutoScalingUpdate", "ReplicaUpdates"};
constexpr Operation kReplicas[] = {
    op<create_global_table>("CreateGlobalTable"),
    op<update_global_table>("UpdateGlobalTable"),
    op<describe_global_table>("DescribeGlobalTable"),
    op<list_global_tables>("ListGlobalTables"),
    op<describe_global_table>("DescribeGlobalTableSettings"),
    op<update_settings>("UpdateGlobalTableSettings"),
    op<describe_auto_scaling>("DescribeTableReplicaAutoScaling"),
    op<update_auto_scaling>("UpdateTableReplicaAutoScaling").ignoring(kWithoutEffect),
};
}  // namespace

std::span<const Operation> replica_operations() { return kReplicas; }
}  // namespace emu::dynamodb
