#include <algorithm>

#include "emulator/services/dynamodb/backups/restored_record.hpp"
#include "emulator/services/dynamodb/schema_edit.hpp"

namespace emu::dynamodb {
namespace {
AwsError invalid_request(std::string_view text) {
  return AwsError::validation(fmt::format("Invalid Request: {}", text));
}

Result<Done> override_billing(TableRecord& record, const RestoreOverrides& in) {
  const bool was_on_demand = record.BillingMode == "PAY_PER_REQUEST";
  const bool on_demand = in.BillingModeOverride ? in.BillingModeOverride == "PAY_PER_REQUEST" : was_on_demand;
  if (in.ProvisionedThroughputOverride && on_demand)
    return invalid_request(in.BillingModeOverride
                               ? "Cannot override ProvisionedThroughput if BillingMode is overridden to "
                                 "PAY_PER_REQUEST"
                               : "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
  if (!on_demand && was_on_demand && !in.ProvisionedThroughputOverride)
    return invalid_request("Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
  if (in.OnDemandThroughputOverride)
    for (const auto& [name, value] :
         {std::pair("MaxReadRequestUnits", in.OnDemandThroughputOverride->MaxReadRequestUnits),
          std::pair("MaxWriteRequestUnits", in.OnDemandThroughputOverride->MaxWriteRequestUnits)}) {
      if (value && !on_demand)
        return invalid_request(fmt::format(
            "Cannot override {} for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST", name));
      if (value && *value < 1)
        return invalid_request(
            fmt::format("Requested {} for OnDemandThroughput is outside of valid range", name));
    }
  if (in.BillingModeOverride) record.BillingMode = in.BillingModeOverride;
  if (in.ProvisionedThroughputOverride) record.ProvisionedThroughput = *in.ProvisionedThroughputOverride;
  if (on_demand) record.ProvisionedThroughput = {};
  if (!on_demand) record.OnDemandThroughput.reset();
  if (in.OnDemandThroughputOverride) record.OnDemandThroughput = in.OnDemandThroughputOverride;
  return Done{};
}

// Of the source's indexes of one kind, those that the override names; it can bring no new ones.
Result<Done> override_indexes(TableRecord& record, const std::optional<std::vector<IndexInput>>& wanted,
                              bool global) {
  if (!wanted) return Done{};
  const auto same = [&](const IndexRecord& index, const IndexInput& in) {
    return index.Global == global && index.IndexName == in.IndexName && in.KeySchema && in.Projection &&
           wire::encode(index.KeySchema) == wire::encode(*in.KeySchema) &&
           wire::encode(index.Projection) == wire::encode(*in.Projection);
  };
  std::vector<IndexRecord> kept;
  for (auto& index : record.Indexes)
    if (index.Global != global) kept.push_back(index);
  for (const auto& in : *wanted) {
    const auto it = std::ranges::find_if(record.Indexes, [&](const auto& index) { return same(index, in); });
    if (it == record.Indexes.end())
      return invalid_request(
          fmt::format("Index {} does not match a secondary index that existed in the source "
                      "table and cannot be created during the restore operation",
                      in.IndexName.value_or("null")));
    kept.push_back(*it);
    if (in.ProvisionedThroughput) kept.back().ProvisionedThroughput = in.ProvisionedThroughput;
    if (in.OnDemandThroughput) kept.back().OnDemandThroughput = in.OnDemandThroughput;
  }
  record.Indexes = std::move(kept);
  return Done{};
}

Result<Done> bill_indexes(TableRecord& record) {
  for (auto& index : record.Indexes) {
    if (!index.Global) continue;
    if (record.BillingMode == "PAY_PER_REQUEST")
      index.ProvisionedThroughput.reset();
    else if (!index.ProvisionedThroughput)
      return invalid_request(
          fmt::format("Must specify provisioned throughput for index {}", index.IndexName));
  }
  return Done{};
}
}  // namespace

Result<TableRecord> restored_record(const TableRecord& source, const RestoreOverrides& in) {
  TableRecord record;  // stream, time to live, tags, policies, recovery and protection stay behind
  record.NextSlot = source.NextSlot;
  record.AttributeDefinitions = source.AttributeDefinitions;
  record.KeySchema = source.KeySchema;
  record.Indexes = source.Indexes;
  record.BillingMode = source.BillingMode;
  record.ProvisionedThroughput = source.ProvisionedThroughput;
  record.OnDemandThroughput = source.OnDemandThroughput;
  record.SSESpecification =
      in.SSESpecificationOverride ? in.SSESpecificationOverride : source.SSESpecification;
  for (auto done :
       {override_billing(record, in), override_indexes(record, in.GlobalSecondaryIndexOverride, true),
        override_indexes(record, in.LocalSecondaryIndexOverride, false)})
    if (!done) return std::move(done.error());
  if (auto done = bill_indexes(record); !done) return std::move(done.error());
  prune_definitions(record);
  return record;
}
}  // namespace emu::dynamodb
