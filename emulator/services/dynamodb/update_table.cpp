// UpdateTable (C4): one change at a time, in force at once.
#include <algorithm>
#include <set>

#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/describe.hpp"
#include "emulator/services/dynamodb/item_walk.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/schema_edit.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxGlobalIndexes = 20;

bool structural(const IndexUpdate& u) { return u.Create || u.Delete; }

void check_combination(const UpdateTableInput& in) {
  const int changes = in.ProvisionedThroughput.has_value() + in.BillingMode.has_value() +
                      in.StreamSpecification.has_value() + in.GlobalSecondaryIndexUpdates.has_value() +
                      in.SSESpecification.has_value() + in.TableClass.has_value() +
                      in.DeletionProtectionEnabled.has_value() + in.OnDemandThroughput.has_value() +
                      in.WarmThroughput.has_value();
  if (changes == 0)
    throw AwsError::validation(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates or "
        "SSESpecification or ReplicaUpdates is required");
  const std::pair<std::string_view, bool> kAlone[] = {
      {"Server-Side Encryption modification", in.SSESpecification.has_value()},
      {"TableClass modification", in.TableClass.has_value()},
      {"DeletionProtection modification", in.DeletionProtectionEnabled.has_value()},
      {"WarmThroughput", in.WarmThroughput.has_value()}};
  for (const auto& [what, given] : kAlone)
    if (given && changes > 1)
      throw invalid_parameters(fmt::format("{} must be the only operation in the request", what));
  if (in.OnDemandThroughput && changes > (in.BillingMode ? 2 : 1))
    throw AwsError::validation(
        "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
  const bool iops = in.ProvisionedThroughput || in.BillingMode == "PROVISIONED";
  const bool indexes =
      in.GlobalSecondaryIndexUpdates && std::ranges::any_of(*in.GlobalSecondaryIndexUpdates, structural);
  if (in.StreamSpecification && iops)
    throw AwsError::validation("You cannot modify stream status while updating table IOPS");
  if (indexes && iops)
    throw AwsError::validation("You cannot create or delete index while updating table IOPS");
  if (indexes && in.StreamSpecification)
    throw AwsError::validation("You cannot create or delete index while changing stream status");
}

Result<Done> change_billing(TableRecord& record, const UpdateTableInput& in, double now) {
  const bool was_on_demand = record.BillingMode == "PAY_PER_REQUEST";
  const bool on_demand = in.BillingMode ? in.BillingMode == "PAY_PER_REQUEST" : was_on_demand;
  if (in.ProvisionedThroughput && on_demand) return throughput_on_demand();
  if (was_on_demand && !on_demand && !in.ProvisionedThroughput)
    return invalid_parameters("ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  if (in.OnDemandThroughput && !on_demand)
    return invalid_parameters(fmt::format(
        "{} for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED",
        in.OnDemandThroughput->MaxReadRequestUnits ? "MaxReadRequestUnits" : "MaxWriteRequestUnits"));
  if (in.ProvisionedThroughput) {
    const auto &now_given = *in.ProvisionedThroughput, &current = record.ProvisionedThroughput;
    if (now_given == current && !was_on_demand)
      return AwsError::validation(
          fmt::format("The provisioned throughput for the table will not change. The requested value equals "
                      "the current value. "
                      "Current ReadCapacityUnits provisioned for the table: {0}. Requested "
                      "ReadCapacityUnits: {0}. Current "
                      "WriteCapacityUnits provisioned for the table: {1}. Requested WriteCapacityUnits: {1}. "
                      "Refer to the Amazon "
                      "DynamoDB Developer Guide for current limits and how to request higher limits.",
                      current.ReadCapacityUnits, current.WriteCapacityUnits));
    if (now_given.ReadCapacityUnits > current.ReadCapacityUnits ||
        now_given.WriteCapacityUnits > current.WriteCapacityUnits)
      record.LastIncreaseDateTime = now;
    if (now_given.ReadCapacityUnits < current.ReadCapacityUnits ||
        now_given.WriteCapacityUnits < current.WriteCapacityUnits)
      record.LastDecreaseDateTime = now;
    record.ProvisionedThroughput = now_given;
  }
  if (in.BillingMode) record.BillingMode = in.BillingMode;
  if (on_demand && !was_on_demand) {
    record.LastUpdateToPayPerRequestDateTime = now;
    record.ProvisionedThroughput = {};
    for (auto& index : record.Indexes) index.ProvisionedThroughput.reset();
  }
  if (!on_demand) record.OnDemandThroughput.reset();
  if (in.OnDemandThroughput) {
    auto merged = record.OnDemandThroughput.value_or(OnDemandThroughput{});
    const auto merge = [](std::optional<std::int64_t>& into, const std::optional<std::int64_t>& from) {
      if (from) into = *from == -1 ? std::nullopt : from;  // -1 removes a ceiling
    };
    merge(merged.MaxReadRequestUnits, in.OnDemandThroughput->MaxReadRequestUnits);
    merge(merged.MaxWriteRequestUnits, in.OnDemandThroughput->MaxWriteRequestUnits);
    record.OnDemandThroughput = merged;
  }
  return Done{};
}

Result<Done> change_stream(TableRecord& record, const StreamSpecification& wanted, std::string_view table,
                           Time now) {
  if (wanted.StreamEnabled) {
    if (record.StreamSpecification)
      return AwsError::validation(fmt::format("Table already has an enabled stream: TableName: {}", table));
    if (!wanted.StreamViewType)
      return invalid_parameters("StreamViewType must be specified when a stream is being enabled");
    record.StreamSpecification = wanted;
    record.LatestStreamLabel = iso8601_ms(now).substr(0, 23);  // without the Z (H1)
    return Done{};
  }
  if (!record.StreamSpecification)
    return AwsError::validation(fmt::format("Table has no stream to disable: TableName: {}", table));
  record.StreamSpecification.reset();
  return Done{};
}

std::string_view index_of(const IndexUpdate& u) {
  if (u.Delete) return u.Delete->IndexName;
  const auto& named = u.Create ? u.Create : u.Update;
  return named->IndexName ? std::string_view(*named->IndexName) : std::string_view{};
}

Result<Done> create_index(TableRecord& record, const UpdateTableInput& in, const IndexInput& wanted) {
  if (std::ranges::find(record.Indexes, *wanted.IndexName, &IndexRecord::IndexName) != record.Indexes.end())
    return invalid_parameters(fmt::format("Index already exists: {}", *wanted.IndexName));
  const auto given = in.AttributeDefinitions.value_or(std::vector<AttributeDefinition>{});
  for (const auto& k : *wanted.KeySchema)
    if (std::ranges::find(given, k.AttributeName, &AttributeDefinition::AttributeName) == given.end())
      return keys_not_defined(*wanted.KeySchema, given);
  check_index(wanted, true, {record.KeySchema, given, record.BillingMode == "PAY_PER_REQUEST"});
  if (std::ranges::count(record.Indexes, true, &IndexRecord::Global) >=
      static_cast<std::ptrdiff_t>(kMaxGlobalIndexes))
    return invalid_parameters("GlobalSecondaryIndex count exceeds the per-table limit of 20");
  for (const auto& d : given)
    if (std::ranges::find(record.AttributeDefinitions, d.AttributeName,
                          &AttributeDefinition::AttributeName) == record.AttributeDefinitions.end())
      record.AttributeDefinitions.push_back(d);
  record.Indexes.push_back(index_record(wanted, true, record.NextSlot++));
  return Done{};
}

Result<Done> change_indexes(TableRecord& record, const UpdateTableInput& in) {
  std::set<std::string_view> seen;
  int structural_changes = 0;
  for (const auto& u : *in.GlobalSecondaryIndexUpdates) {
    if (!u.Update && !u.Create && !u.Delete)
      return invalid_parameters(
          "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
          "GlobalSecondaryIndexUpdate.Delete must not be null");
    if (!seen.insert(index_of(u)).second)
      return invalid_parameters(
          fmt::format("Only one global secondary index update per index is allowed simultaneously. Index: {}",
                      index_of(u)));
    structural_changes += structural(u);
  }
  if (structural_changes > 1)
    return AwsError{
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"};
  for (const auto& u : *in.GlobalSecondaryIndexUpdates) {
    if (u.Create) {
      if (auto done = create_index(record, in, *u.Create); !done) return done;
      continue;
    }
    const auto it = std::ranges::find_if(
        record.Indexes, [&](const IndexRecord& r) { return r.Global && r.IndexName == index_of(u); });
    if (it == record.Indexes.end())
      return AwsError::not_found(
          fmt::format("Requested resource not found: Index: {} not found", index_of(u)));
    if (u.Delete) {
      record.Indexes.erase(it);
    } else {
      if (u.Update->ProvisionedThroughput) it->ProvisionedThroughput = u.Update->ProvisionedThroughput;
      if (u.Update->OnDemandThroughput) it->OnDemandThroughput = u.Update->OnDemandThroughput;
    }
  }
  prune_definitions(record);
  return Done{};
}

// Entries before the schema on creation, after it on deletion: a crash between leaves only rows nobody reads.
void move_entries(DynamoDb& service, const Schema& from, const Schema& to, bool before) {
  for (const auto& index : to.indexes)
    if (before && !from.index(index.name)) fill_index(service, to, index);
  for (const auto& index : from.indexes)
    if (!before && !to.index(index.name)) service.disk.erase(slot_rows(from, index.slot));
}

Result<Done> edit(TableRecord& record, const UpdateTableInput& in, std::string_view table, Time now) {
  if (auto done = change_billing(record, in, epoch_seconds(now)); !done) return done;
  if (in.StreamSpecification)
    if (auto done = change_stream(record, *in.StreamSpecification, table, now); !done) return done;
  if (in.GlobalSecondaryIndexUpdates)
    if (auto done = change_indexes(record, in); !done) return done;
  if (in.SSESpecification) record.SSESpecification = in.SSESpecification;
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

constexpr std::string_view kUpdateWithoutEffect[] = {"StreamSpecification",
                                                     "SSESpecification",
                                                     "TableClass",
                                                     "OnDemandThroughput",
                                                     "WarmThroughput",
                                                     "MultiRegionConsistency",
                                                     "GlobalTableWitnessUpdates",
                                                     "GlobalTableSettingsReplicationMode"};
constexpr Operation kUpdates[] = {op<update_table_blocking>("UpdateTable").ignoring(kUpdateWithoutEffect)};
}  // namespace

Result<TableDescriptionOutput> update_table(DynamoDb& service, Context& context, UpdateTableInput in) {
  check_required_name(in.TableName);
  Constraints constraints;
  constraints.enumerated(in.BillingMode, "billingMode", kBillingMode);
  constraints.enumerated(in.TableClass, "tableClass", kTableClass);
  if (in.StreamSpecification)
    constraints.enumerated(in.StreamSpecification->StreamViewType, "streamSpecification.streamViewType",
                           kStreamViewType);
  if (in.ProvisionedThroughput) {
    constraints.at_least(in.ProvisionedThroughput->ReadCapacityUnits,
                         "provisionedThroughput.readCapacityUnits", 1);
    constraints.at_least(in.ProvisionedThroughput->WriteCapacityUnits,
                         "provisionedThroughput.writeCapacityUnits", 1);
  }
  if (in.GlobalSecondaryIndexUpdates)
    for (std::size_t i = 0; i < in.GlobalSecondaryIndexUpdates->size(); ++i)
      if (const auto& u = (*in.GlobalSecondaryIndexUpdates)[i]; u.Create)
        constrain_index(constraints, *u.Create,
                        fmt::format("globalSecondaryIndexUpdates.{}.member.create.", i + 1), true);
  constraints.finish();
  check_combination(in);
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  return table->core->alone([&](Core& core) -> Result<TableDescriptionOutput> {
    if (!core.schema) return no_such_table(*in.TableName);
    const SharedSchema from = core.schema;
    TableRecord record = from->record;
    if (auto done = edit(record, in, from->name, service.clock.now()); !done) return std::move(done.error());
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
