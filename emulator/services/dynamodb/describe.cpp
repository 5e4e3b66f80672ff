#include "emulator/services/dynamodb/describe.hpp"

#include <algorithm>

#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/replicas/replicas.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::int64_t kCountedAtOnce = 100'000;        // items; larger tables are counted as AWS does
constexpr auto kCountInterval = std::chrono::hours(6);  // DescribeTable: "approximately every six hours"

Json throughput(const ProvisionedThroughput& given, bool on_demand, const TableRecord* table) {
  Json out{{"NumberOfDecreasesToday", 0},
           {"ReadCapacityUnits", on_demand ? 0 : given.ReadCapacityUnits},
           {"WriteCapacityUnits", on_demand ? 0 : given.WriteCapacityUnits}};
  if (table && table->LastIncreaseDateTime) out["LastIncreaseDateTime"] = *table->LastIncreaseDateTime;
  if (table && table->LastDecreaseDateTime) out["LastDecreaseDateTime"] = *table->LastDecreaseDateTime;
  return out;
}

Json warm(const std::optional<WarmThroughput>& given, const ProvisionedThroughput& provisioned,
          bool on_demand, std::string_view status) {
  Json out = wire::encode(warm_throughput(given, provisioned, on_demand));
  out["Status"] = status;
  return out;
}

// The reply to CreateTable shows it only if it was asked for.
void add_warm(Json& out, const std::optional<WarmThroughput>& given, const ProvisionedThroughput& provisioned,
              bool on_demand, Moment moment) {
  if (moment == Moment::described)
    out["WarmThroughput"] = warm(given, provisioned, on_demand, "ACTIVE");
  else if (given)
    out["WarmThroughput"] = warm(given, provisioned, on_demand, "UPDATING");
}

Json index_description(const Schema& schema, const IndexRecord& index, Moment moment, const Extent& extent) {
  Json out{{"IndexName", index.IndexName},
           {"KeySchema", wire::encode(index.KeySchema)},
           {"Projection", wire::encode(index.Projection)},
           {"IndexSizeBytes", extent.bytes},
           {"ItemCount", extent.items},
           {"IndexArn", schema.arn + "/index/" + index.IndexName}};
  if (!index.Global) return out;
  const bool on_demand = schema.pays_per_request();
  const auto given = index.ProvisionedThroughput.value_or(ProvisionedThroughput{});
  out["IndexStatus"] = moment == Moment::creating ? "CREATING" : "ACTIVE";
  out["ProvisionedThroughput"] = throughput(given, on_demand, nullptr);
  if (index.OnDemandThroughput) out["OnDemandThroughput"] = wire::encode(*index.OnDemandThroughput);
  add_warm(out, index.WarmThroughput, given, on_demand, moment);
  return out;
}

void add_indexes(Json& out, const Schema& schema, Moment moment, const std::map<unsigned, Extent>& extents) {
  for (const auto& index : schema.record.Indexes) {
    const auto it = extents.find(index.Slot);
    auto shown = index_description(schema, index, moment, it == extents.end() ? Extent{} : it->second);
    out[index.Global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes"].push_back(std::move(shown));
  }
}

void add_settings(Json& out, const Schema& schema) {
  const auto& record = schema.record;
  if (record.OnDemandThroughput) out["OnDemandThroughput"] = wire::encode(*record.OnDemandThroughput);
  if (record.StreamSpecification) out["StreamSpecification"] = wire::encode(*record.StreamSpecification);
  if (record.LatestStreamLabel) {
    out["LatestStreamLabel"] = *record.LatestStreamLabel;
    out["LatestStreamArn"] = schema.arn + "/stream/" + *record.LatestStreamLabel;
  }
  if (record.TableClass) out["TableClassSummary"] = {{"TableClass", *record.TableClass}};
  if (record.SSESpecification && record.SSESpecification->Enabled.value_or(false)) {
    const auto key = record.SSESpecification->KMSMasterKeyId.value_or("alias/aws/dynamodb");
    out["SSEDescription"] = {
        {"Status", "ENABLED"},
        {"SSEType", "KMS"},
        {"KMSMasterKeyArn",
         key.starts_with("arn:")
             ? key
             : fmt::format("arn:aws:kms:{}:{}:{}{}", schema.scope.region, schema.scope.account,
                           key.starts_with("alias/") ? "" : "key/", key)}};
  }
}
}  // namespace

Json describe(const Schema& schema, Moment moment, const std::map<unsigned, Extent>& extents) {
  static constexpr std::string_view kStatus[] = {"CREATING", "ACTIVE", "UPDATING", "DELETING"};
  const auto& record = schema.record;
  const auto it = extents.find(0);
  const Extent own = it == extents.end() ? Extent{} : it->second;
  Json out{{"TableName", schema.name},
           {"TableStatus", kStatus[static_cast<int>(moment)]},
           {"TableArn", schema.arn},
           {"TableId", record.TableId},
           {"ItemCount", own.items},
           {"TableSizeBytes", own.bytes},
           {"DeletionProtectionEnabled", record.DeletionProtectionEnabled},
           {"ProvisionedThroughput",
            throughput(record.ProvisionedThroughput, schema.pays_per_request(), &record)}};
  // Absent for tables that never were on demand.
  if (schema.pays_per_request() || record.LastUpdateToPayPerRequestDateTime) {
    out["BillingModeSummary"] = {{"BillingMode", record.BillingMode.value_or("PROVISIONED")}};
    if (moment != Moment::creating && record.LastUpdateToPayPerRequestDateTime)
      out["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] =
          *record.LastUpdateToPayPerRequestDateTime;
  }
  if (moment == Moment::deleting) return out;
  auto definitions = record.AttributeDefinitions;
  std::ranges::sort(definitions, {}, &AttributeDefinition::AttributeName);
  out["AttributeDefinitions"] = wire::encode(definitions);
  out["KeySchema"] = wire::encode(record.KeySchema);
  out["CreationDateTime"] = record.CreationDateTime;
  add_warm(out, record.WarmThroughput, record.ProvisionedThroughput, schema.pays_per_request(), moment);
  add_indexes(out, schema, moment, extents);
  add_settings(out, schema);
  describe_replicas(out, schema);
  return out;
}

std::map<unsigned, Extent> known_extents(Core& core) {
  return core.counted.with([](const Counted& counted) { return counted.extents; });
}

std::map<unsigned, Extent> count(DynamoDb& service, const Table& table) {
  const std::uint64_t changes = table.core->changes;
  const auto known =
      table.core->counted.with([&](Counted& counted) -> std::optional<std::map<unsigned, Extent>> {
        if (!counted.changes) return std::nullopt;
        const bool due = counted.extents[0].items <= kCountedAtOnce ||
                         service.clock.now() - counted.when >= kCountInterval;
        if (counted.changes == changes || !due) return counted.extents;
        return std::nullopt;
      });
  if (known) return *known;
  std::map<unsigned, Extent> extents;
  service.disk.scan(table_rows(*table.schema), [&](storage::BytesView key, storage::BytesView value) {
    auto& extent = extents[slot_of(key)];
    ++extent.items;
    if (const auto item = decode_item(value)) extent.bytes += static_cast<std::int64_t>(billed_size(*item));
    return true;
  });
  table.core->counted.with([&](Counted& counted) { counted = {changes, service.clock.now(), extents}; });
  return extents;
}
}  // namespace emu::dynamodb
