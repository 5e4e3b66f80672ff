#include "emulator/services/dynamodb/table_changes.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "emulator/services/dynamodb/schema_edit.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxGlobalIndexes = 20;

AwsError unchanged(std::string_view what, std::string_view kind, const ProvisionedThroughput& current) {
  return AwsError::validation(fmt::format(
      "The provisioned throughput for the {0} will not change. The requested value equals the "
      "current value. Current ReadCapacityUnits provisioned for the {1}: {2}. Requested "
      "ReadCapacityUnits: {2}. Current WriteCapacityUnits provisioned for the {1}: {3}. Requested "
      "WriteCapacityUnits: {3}. Refer to the Amazon DynamoDB Developer Guide for current limits and "
      "how to request higher limits.",
      what, kind, current.ReadCapacityUnits, current.WriteCapacityUnits));
}

Result<Done> provision(TableRecord& record, const ProvisionedThroughput& now_given, bool was_on_demand,
                       double now) {
  const auto& current = record.ProvisionedThroughput;
  if (now_given == current && !was_on_demand) return unchanged("table", "table", current);
  if (now_given.ReadCapacityUnits > current.ReadCapacityUnits ||
      now_given.WriteCapacityUnits > current.WriteCapacityUnits)
    record.LastIncreaseDateTime = now;
  if (now_given.ReadCapacityUnits < current.ReadCapacityUnits ||
      now_given.WriteCapacityUnits < current.WriteCapacityUnits)
    record.LastDecreaseDateTime = now;
  check_throughput(now_given, "");
  record.ProvisionedThroughput = now_given;
  return Done{};
}

void merge_ceilings(std::optional<OnDemandThroughput>& into, const OnDemandThroughput& given) {
  const auto merge = [](std::optional<std::int64_t>& to, const std::optional<std::int64_t>& from) {
    if (from) to = *from == -1 ? std::nullopt : from;  // -1 removes a ceiling
  };
  auto merged = into.value_or(OnDemandThroughput{});
  merge(merged.MaxReadRequestUnits, given.MaxReadRequestUnits);
  merge(merged.MaxWriteRequestUnits, given.MaxWriteRequestUnits);
  into = merged;
}

// Warm throughput only grows. `what`: "table", or "index" and its name.
Result<Done> raise(std::optional<WarmThroughput>& warm, const WarmThroughput& wanted,
                   const ProvisionedThroughput& provisioned, bool on_demand, std::string_view what) {
  const auto now = warm_throughput(warm, provisioned, on_demand);
  for (const auto& [name, asked, current] :
       {std::tuple("ReadUnitsPerSecond", wanted.ReadUnitsPerSecond, *now.ReadUnitsPerSecond),
        std::tuple("WriteUnitsPerSecond", wanted.WriteUnitsPerSecond, *now.WriteUnitsPerSecond)})
    if (asked && *asked < current)
      return invalid_parameters(fmt::format(
          "Requested {} for WarmThroughput for {} is lower than current WarmThroughput, decreasing "
          "WarmThroughput is not supported",
          name, what));
  warm = {wanted.ReadUnitsPerSecond ? wanted.ReadUnitsPerSecond : now.ReadUnitsPerSecond,
          wanted.WriteUnitsPerSecond ? wanted.WriteUnitsPerSecond : now.WriteUnitsPerSecond};
  return Done{};
}

Result<Done> warm_up(TableRecord& record, const WarmThroughput& wanted) {
  return raise(record.WarmThroughput, wanted, record.ProvisionedThroughput,
               record.BillingMode == "PAY_PER_REQUEST", "table");
}

Result<Done> create_index(TableRecord& record, const UpdateTableInput& in, const IndexInput& wanted) {
  if (std::ranges::find(record.Indexes, *wanted.IndexName, &IndexRecord::IndexName) != record.Indexes.end())
    return AwsError::validation("Attempting to create an index which already exists");
  if (!in.AttributeDefinitions)
    return invalid_parameters(
        fmt::format("AttributeDefinitions is not specified for index: {}", *wanted.IndexName));
  const auto& given = *in.AttributeDefinitions;
  for (const auto& k : *wanted.KeySchema)
    if (std::ranges::find(given, k.AttributeName, &AttributeDefinition::AttributeName) == given.end())
      return keys_not_defined(*wanted.KeySchema, given);
  check_index(wanted, true, {record.KeySchema, given, record.BillingMode == "PAY_PER_REQUEST"});
  if (std::ranges::count(record.Indexes, true, &IndexRecord::Global) >=
      static_cast<std::ptrdiff_t>(kMaxGlobalIndexes))
    return AwsError{"LimitExceededException", "GlobalSecondaryIndex count exceeds the per-table limit of 20"};
  for (const auto& d : given)
    if (std::ranges::find(record.AttributeDefinitions, d.AttributeName,
                          &AttributeDefinition::AttributeName) == record.AttributeDefinitions.end())
      record.AttributeDefinitions.push_back(d);
  record.Indexes.push_back(index_record(wanted, true, record.NextSlot++));
  return Done{};
}

Result<Done> update_index(IndexRecord& index, const IndexInput& wanted, bool on_demand) {
  const auto& name = index.IndexName;
  if (wanted.ProvisionedThroughput && on_demand)
    return invalid_parameters(
        fmt::format("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {} when "
                    "BillingMode is PAY_PER_REQUEST",
                    name));
  if (!wanted.ProvisionedThroughput && !wanted.OnDemandThroughput && !wanted.WarmThroughput)
    return invalid_parameters(
        on_demand
            ? fmt::format("The only Updates for index: {} when TableThroughputMode is PAY_PER_REQUEST can "
                          "be to OnDemandThroughput, WarmThroughput",
                          name)
            : fmt::format("Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {}",
                          name));
  if (wanted.OnDemandThroughput && !on_demand)
    return invalid_parameters(fmt::format(
        "{} for OnDemandThroughput for index : {} cannot be specified when the table BillingMode is "
        "PROVISIONED",
        wanted.OnDemandThroughput->MaxReadRequestUnits ? "MaxReadRequestUnits" : "MaxWriteRequestUnits",
        name));
  if (wanted.ProvisionedThroughput) {
    if (index.ProvisionedThroughput == wanted.ProvisionedThroughput)
      return unchanged("index " + name, "index", *wanted.ProvisionedThroughput);
    check_throughput(*wanted.ProvisionedThroughput, " for index " + name);
    index.ProvisionedThroughput = wanted.ProvisionedThroughput;
  }
  if (wanted.OnDemandThroughput) {
    check_ceilings(*wanted.OnDemandThroughput, "index : " + name, true);
    merge_ceilings(index.OnDemandThroughput, *wanted.OnDemandThroughput);
  }
  if (!wanted.WarmThroughput) return Done{};
  return raise(index.WarmThroughput, *wanted.WarmThroughput,
               index.ProvisionedThroughput.value_or(ProvisionedThroughput{}), on_demand, "index " + name);
}

Result<Done> change_index(TableRecord& record, const UpdateTableInput& in, const IndexUpdate& u) {
  if (u.Create) return create_index(record, in, *u.Create);
  const auto it = std::ranges::find(record.Indexes, index_of(u), &IndexRecord::IndexName);
  if (it == record.Indexes.end())
    return AwsError::not_found(fmt::format("Requested resource not found: Index: {} not found", index_of(u)));
  if (!it->Global)
    return AwsError::validation(fmt::format("Cannot {} an index that is not a GlobalSecondaryIndex: {}",
                                            u.Delete ? "delete" : "update", index_of(u)));
  if (u.Update) return update_index(*it, *u.Update, record.BillingMode == "PAY_PER_REQUEST");
  record.Indexes.erase(it);
  return Done{};
}
}  // namespace

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
  if (in.OnDemandThroughput) check_ceilings(*in.OnDemandThroughput, "table", true);
  if (in.ProvisionedThroughput)
    if (auto done = provision(record, *in.ProvisionedThroughput, was_on_demand, now); !done) return done;
  if (in.BillingMode) record.BillingMode = in.BillingMode;
  if (on_demand && !was_on_demand) {
    record.LastUpdateToPayPerRequestDateTime = now;
    record.ProvisionedThroughput = {};
    for (auto& index : record.Indexes) index.ProvisionedThroughput.reset();
  }
  if (!on_demand) record.OnDemandThroughput.reset();
  if (in.OnDemandThroughput) merge_ceilings(record.OnDemandThroughput, *in.OnDemandThroughput);
  if (in.WarmThroughput) return warm_up(record, *in.WarmThroughput);
  return Done{};
}

Result<Done> change_indexes(TableRecord& record, const UpdateTableInput& in) {
  if (in.GlobalSecondaryIndexUpdates) {
    for (const auto& u : *in.GlobalSecondaryIndexUpdates)
      if (auto done = change_index(record, in, u); !done) return done;
    prune_definitions(record);
  }
  if (record.BillingMode == "PAY_PER_REQUEST") return Done{};
  std::vector<std::string_view> unprovisioned;
  for (const auto& index : record.Indexes)
    if (index.Global && !index.ProvisionedThroughput) unprovisioned.push_back(index.IndexName);
  if (unprovisioned.empty()) return Done{};
  return invalid_parameters(
      fmt::format("ProvisionedThroughput must be specified for index: {}", fmt::join(unprovisioned, ",")));
}

Result<Done> change_encryption(TableRecord& record, const SSESpecification& wanted) {
  const auto current = record.SSESpecification.value_or(SSESpecification{});
  const bool on = wanted.Enabled.value_or(false), was_on = current.Enabled.value_or(false);
  if (!on && !was_on) return invalid_parameters("Table is already encrypted by default");
  if (on && was_on && current.KMSMasterKeyId == wanted.KMSMasterKeyId)
    return invalid_parameters(
        "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to "
        "change Master Key");
  record.SSESpecification = on ? std::optional(wanted) : std::nullopt;
  return Done{};
}
}  // namespace emu::dynamodb
