// CreateTable, DescribeTable, ListTables, DeleteTable.
#include <algorithm>

#include "emulator/services/dynamodb/backups/backups.hpp"
#include "emulator/services/dynamodb/backups/before_images.hpp"
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/describe.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/settings/resource_policies.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"
#include "emulator/services/dynamodb/ttl/expiry.hpp"

namespace emu::dynamodb {
namespace {
struct DescribeTableOutput {
  Json Table;
};
BOOST_DESCRIBE_STRUCT(DescribeTableOutput, (), (Table))
struct ListTablesInput {
  std::optional<std::string> ExclusiveStartTableName;
  std::optional<std::int64_t> Limit;
};
BOOST_DESCRIBE_STRUCT(ListTablesInput, (), (ExclusiveStartTableName, Limit))
struct ListTablesOutput {
  std::vector<std::string> TableNames;
  std::optional<std::string> LastEvaluatedTableName;
};
BOOST_DESCRIBE_STRUCT(ListTablesOutput, (), (TableNames, LastEvaluatedTableName))

TableRecord new_record(DynamoDb& service, const Scope& scope, const std::string& name, CreateTableInput& in) {
  TableRecord record;
  const Time now = service.clock.now();
  record.TableId = service.ids.uuid();
  record.StorageId = service.ids.number();
  record.CreationDateTime = epoch_seconds(now);
  record.AttributeDefinitions = std::move(*in.AttributeDefinitions);
  record.KeySchema = std::move(*in.KeySchema);
  for (const bool global : {false, true})
    for (const auto& index :
         (global ? in.GlobalSecondaryIndexes : in.LocalSecondaryIndexes).value_or(std::vector<IndexInput>{}))
      record.Indexes.push_back(index_record(index, global, record.NextSlot++));
  record.BillingMode = std::move(in.BillingMode);
  record.ProvisionedThroughput = in.ProvisionedThroughput.value_or(ProvisionedThroughput{});
  if (record.BillingMode == "PAY_PER_REQUEST")
    record.LastUpdateToPayPerRequestDateTime = record.CreationDateTime;
  record.OnDemandThroughput = in.OnDemandThroughput;
  if (in.StreamSpecification && in.StreamSpecification->StreamEnabled) {
    record.StreamSpecification = in.StreamSpecification;
    record.LatestStreamLabel = service.streams.new_label(scope, name);
  }
  record.SSESpecification = in.SSESpecification;
  record.TableClass = in.TableClass;
  record.WarmThroughput = in.WarmThroughput;
  record.DeletionProtectionEnabled = in.DeletionProtectionEnabled.value_or(false);
  for (auto& tag : in.Tags.value_or(std::vector<Tag>{})) record.Tags[tag.Key] = tag.Value;
  return record;
}

// Of a deleted table. Orphans of a crash before are never seen: storage ids do not recur. The items of a
// table with point-in-time recovery are its backup's now.
void erase_rows(DynamoDb& service, const Schema& schema) {
  auto rows = table_rows(schema);
  if (schema.record.PointInTimeRecoverySince) {
    rows.from = slot_rows(schema, 0).to;
    service.disk.erase(before_images(schema.record.StorageId));
  }
  service.disk.erase(rows);
  if (schema.record.TimeToLiveAttribute) service.disk.erase(expiry_rows(schema));
}

AwsError table_exists(std::string_view name) {
  return {"ResourceInUseException", fmt::format("Table already exists: {}", name)};
}

awaitable<Result<DescribeTableOutput>> describe_table(DynamoDb& service, Context& context,
                                                      TableNameInput in) {
  check_required_name(in.TableName);
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) co_return table.error();
  auto counting = [&service, held = *table] { return count(service, held); };
  const auto extents = co_await service.loops.blocking(std::move(counting));
  co_return DescribeTableOutput{describe(*table->schema, Moment::described, extents)};
}

Result<ListTablesOutput> list_tables(DynamoDb& service, Context& context, ListTablesInput in) {
  constexpr std::int64_t kMost = 100;
  Constraints constraints;
  constraints.at_least(in.Limit, "limit", 1);
  constraints.at_most(in.Limit, "limit", kMost);
  constraints.finish();
  auto names = service.tables.names(context.scope);
  if (in.ExclusiveStartTableName)
    names.erase(names.begin(), std::ranges::upper_bound(names, *in.ExclusiveStartTableName));
  ListTablesOutput out{std::move(names), std::nullopt};
  const auto limit = static_cast<std::size_t>(in.Limit.value_or(kMost));
  if (out.TableNames.size() > limit) {
    out.TableNames.resize(limit);
    out.LastEvaluatedTableName = out.TableNames.back();
  }
  return out;
}

constexpr std::string_view kCreateWithoutEffect[] = {"ResourcePolicy", "GlobalTableSourceArn",
                                                     "GlobalTableSettingsReplicationMode"};
constexpr Operation kTables[] = {
    op<create_table>("CreateTable").ignoring(kCreateWithoutEffect),
    op<describe_table>("DescribeTable"),
    op<list_tables>("ListTables"),
    op<delete_table>("DeleteTable"),
};
}  // namespace

Result<TableDescriptionOutput> create_table(DynamoDb& service, Context& context, CreateTableInput in) {
  check_new_table(in);
  const auto name = std::string(bare_name(*in.TableName));
  if (service.tables.find(context.scope, name)) return table_exists(name);
  auto record = new_record(service, context.scope, name, in);
  if (in.ResourcePolicy) attach_policy(service, record, table_arn(context.scope, name), *in.ResourcePolicy);
  const auto schema = make_schema(context.scope, name, std::move(record));
  if (!service.create(schema)) return table_exists(name);  // somebody was faster
  return TableDescriptionOutput{describe(*schema, Moment::creating, {})};
}

Result<TableDescriptionOutput> delete_table(DynamoDb& service, Context& context, TableNameInput in) {
  check_required_name(in.TableName);
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  return table->core->alone([&](Core& core) -> Result<TableDescriptionOutput> {
    if (!core.schema) return no_such_table(*in.TableName);
    const auto schema = core.schema;
    if (schema->record.DeletionProtectionEnabled)
      return AwsError::validation(
          "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
          "protection "
          "first.");
    storage::Batch batch;
    service.records.erase(batch, schema->scope, schema->name);
    if (schema->record.PointInTimeRecoverySince)
      keep_deleted_table(service, batch, *schema, known_extents(core)[0]);
    StreamTurn turn(service.streams, core.stream, nullptr, batch);
    service.disk.write(batch);
    turn.apply();
    core.stream = nullptr;
    service.tables.remove(*schema);
    core.schema = nullptr;
    erase_rows(service, *schema);  // if this is not reached, load() does it
    return TableDescriptionOutput{describe(*schema, Moment::deleting, known_extents(core))};
  });
}

std::span<const Operation> table_operations() { return kTables; }
}  // namespace emu::dynamodb
