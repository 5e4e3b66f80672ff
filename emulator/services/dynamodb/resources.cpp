// AWS::DynamoDB::Table, made through the service's own operations. CloudFormation spells a few properties its
// own way; the rest is CreateTable's input as it is.
#include <algorithm>

#include "emulator/services/dynamodb/backups/continuous.hpp"
#include "emulator/services/dynamodb/describe.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/schema_edit.hpp"
#include "emulator/services/dynamodb/ttl/time_to_live.hpp"

namespace emu::dynamodb {
namespace {
// Texts where the API wants numbers or truth values: CloudFormation parameters are texts.
void retype(Json& node, std::string_view name) {
  if (node.is_object()) {
    for (auto& [key, value] : node.items()) retype(value, key);
  } else if (node.is_array()) {
    for (auto& value : node) retype(value, name);
  } else if (node.is_string() && (name.ends_with("CapacityUnits") || name.ends_with("RequestUnits") ||
                                  name.ends_with("UnitsPerSecond"))) {
    const auto number = Json::parse(node.get_ref<const std::string&>(), nullptr, false);
    if (number.is_number()) node = number;
  }
}

// CreateTable's input from the properties; TTL and recovery are operations of their own.
Json create_input(const Json& properties, const std::string& name) {
  Json in = properties;
  for (const auto* other : {"TimeToLiveSpecification", "PointInTimeRecoverySpecification"}) in.erase(other);
  in["TableName"] = name;
  if (const auto sse = in.find("SSESpecification"); sse != in.end() && sse->contains("SSEEnabled")) {
    (*sse)["Enabled"] = (*sse)["SSEEnabled"];
    sse->erase("SSEEnabled");
  }
  if (const auto stream = in.find("StreamSpecification"); stream != in.end())
    (*stream)["StreamEnabled"] = true;  // CloudFormation: its presence enables the stream
  if (const auto policy = in.find("ResourcePolicy"); policy != in.end())
    *policy = policy->value("PolicyDocument", Json::object()).dump();
  retype(in, "");
  return in;
}

template <class In>
In read(Json j) {
  return wire::decode(wire::Tag<In>{}, j, "");
}

Resource resource_of(const Schema& schema) {
  Resource out{schema.name, {{"Arn", schema.arn}}};
  if (schema.record.StreamSpecification && schema.record.LatestStreamLabel)
    out.attributes["StreamArn"] = schema.arn + "/stream/" + *schema.record.LatestStreamLabel;
  return out;
}

Result<Done> apply_time_to_live(DynamoDb& service, Context& context, const Table& table,
                                const Json& properties) {
  const auto& current = table.schema->record.TimeToLiveAttribute;
  const auto given = properties.find("TimeToLiveSpecification");
  std::optional<std::string> wanted;
  if (given != properties.end() && wire::decode(wire::Tag<bool>{}, given->value("Enabled", Json(true)), ""))
    wanted = given->value("AttributeName", "");
  if (wanted == current) return Done{};
  const auto set = [&](bool enabled, const std::string& attribute) -> Result<Done> {
    auto done = update_time_to_live(service, context, {table.schema->name, {enabled, attribute}});
    if (!done) return std::move(done.error());
    return Done{};
  };
  if (current)
    if (auto done = set(false, *current); !done) return done;
  return wanted ? set(true, *wanted) : Done{};
}

Result<Done> apply_recovery(DynamoDb& service, Context& context, const Table& table, const Json& properties) {
  const auto given = properties.find("PointInTimeRecoverySpecification");
  const bool wanted =
      given != properties.end() &&
      wire::decode(wire::Tag<bool>{}, given->value("PointInTimeRecoveryEnabled", Json(false)), "");
  if (!wanted && !table.schema->record.PointInTimeRecoverySince) return Done{};
  UpdateContinuousBackupsInput in{table.schema->name, {wanted, std::nullopt}};
  if (wanted && given->contains("RecoveryPeriodInDays"))
    in.PointInTimeRecoverySpecification.RecoveryPeriodInDays = (*given)["RecoveryPeriodInDays"].get<int>();
  auto done = update_continuous_backups(service, context, std::move(in));
  if (!done) return std::move(done.error());
  return Done{};
}

Result<Resource> apply_settings(DynamoDb& service, Context& context, const std::string& name,
                                const Json& properties) {
  const auto table = service.table(context.scope, name);
  if (!table) return table.error();
  if (auto done = apply_time_to_live(service, context, *table, properties); !done)
    return std::move(done.error());
  if (auto done = apply_recovery(service, context, *table, properties); !done) return std::move(done.error());
  return resource_of(*service.table(context.scope, name)->schema);
}

awaitable<Result<Resource>> create(Service& self, Context& context, ResourceRequest request) {
  auto& service = static_cast<DynamoDb&>(self);
  const auto name = request.properties.value("TableName", request.suggested_name);
  auto made = create_table(service, context, read<CreateTableInput>(create_input(request.properties, name)));
  if (!made) co_return std::move(made.error());
  auto resource = apply_settings(service, context, name, request.properties);
  if (!resource)  // half a table is none
    if (auto undone = delete_table(service, context, {name}); !undone) co_return std::move(undone.error());
  co_return resource;
}

bool same(const auto& a, const auto& b) { return wire::encode(a) == wire::encode(b); }

// What an index that stays is to have otherwise: AWS refuses to be told what it knows.
std::optional<IndexInput> changed_settings(const TableRecord& record, const IndexInput& wanted,
                                           bool provisioned_already) {
  const auto it = std::ranges::find(record.Indexes, *wanted.IndexName, &IndexRecord::IndexName);
  IndexInput out;
  out.IndexName = wanted.IndexName;
  if (wanted.ProvisionedThroughput && !provisioned_already &&
      wanted.ProvisionedThroughput != it->ProvisionedThroughput)
    out.ProvisionedThroughput = wanted.ProvisionedThroughput;
  if (wanted.OnDemandThroughput &&
      (!it->OnDemandThroughput || !same(*wanted.OnDemandThroughput, *it->OnDemandThroughput)))
    out.OnDemandThroughput = wanted.OnDemandThroughput;
  if (wanted.WarmThroughput && (!it->WarmThroughput || !same(*wanted.WarmThroughput, *it->WarmThroughput)))
    out.WarmThroughput = wanted.WarmThroughput;
  if (!out.ProvisionedThroughput && !out.OnDemandThroughput && !out.WarmThroughput) return std::nullopt;
  return out;
}

// The UpdateTable calls, one change each (C4), that lead from the present schema to the wanted one.
std::vector<UpdateTableInput> steps(const Schema& now, CreateTableInput wanted) {
  std::vector<UpdateTableInput> out;
  const auto step = [&]() -> UpdateTableInput& {
    out.emplace_back().TableName = now.name;
    return out.back();
  };
  const auto& record = now.record;
  const auto indexes = wanted.GlobalSecondaryIndexes.value_or(std::vector<IndexInput>{});
  // Keys and projection of an index do not change: a changed one is deleted and made anew.
  const auto kept = [&](const IndexInput& index) {
    const auto it = std::ranges::find(record.Indexes, index.IndexName.value_or(""), &IndexRecord::IndexName);
    return it != record.Indexes.end() && index.KeySchema && index.Projection &&
           wire::encode(it->KeySchema) == wire::encode(*index.KeySchema) &&
           wire::encode(it->Projection) == wire::encode(*index.Projection);
  };
  for (const auto& index : record.Indexes)
    if (index.Global && std::ranges::none_of(indexes, [&](const auto& i) {
          return i.IndexName == index.IndexName && kept(i);
        }))
      step().GlobalSecondaryIndexUpdates = {IndexUpdate{{}, {}, IndexDeletion{index.IndexName}}};
  const bool on_demand = wanted.BillingMode == "PAY_PER_REQUEST";
  const bool switched = !on_demand && now.pays_per_request();
  if (on_demand != now.pays_per_request() ||
      (!on_demand && wanted.ProvisionedThroughput &&
       *wanted.ProvisionedThroughput != record.ProvisionedThroughput)) {
    auto& billing = step();
    billing.BillingMode = on_demand ? "PAY_PER_REQUEST" : "PROVISIONED";
    if (!on_demand) billing.ProvisionedThroughput = wanted.ProvisionedThroughput;
    if (switched)  // its indexes need theirs in the same call
      for (const auto& index : indexes)
        if (kept(index)) {
          IndexInput provisioned;
          provisioned.IndexName = index.IndexName;
          provisioned.ProvisionedThroughput = index.ProvisionedThroughput;
          if (!billing.GlobalSecondaryIndexUpdates) billing.GlobalSecondaryIndexUpdates.emplace();
          billing.GlobalSecondaryIndexUpdates->push_back({provisioned, {}, {}});
        }
  }
  if (wanted.WarmThroughput &&
      (!record.WarmThroughput || !same(*wanted.WarmThroughput, *record.WarmThroughput)))
    step().WarmThroughput = wanted.WarmThroughput;
  if (wanted.OnDemandThroughput) step().OnDemandThroughput = wanted.OnDemandThroughput;
  for (const auto& index : indexes) {
    if (kept(index)) {
      if (const auto changed = changed_settings(record, index, switched))
        step().GlobalSecondaryIndexUpdates = {IndexUpdate{changed, {}, {}}};
    } else {
      auto& change = step();
      change.AttributeDefinitions = wanted.AttributeDefinitions;
      change.GlobalSecondaryIndexUpdates = {IndexUpdate{{}, index, {}}};
    }
  }
  const bool streams = wanted.StreamSpecification.has_value();
  const bool same_view =
      streams && record.StreamSpecification &&
      wanted.StreamSpecification->StreamViewType == record.StreamSpecification->StreamViewType;
  if (record.StreamSpecification && !same_view) step().StreamSpecification = StreamSpecification{false, {}};
  if (streams && !same_view) step().StreamSpecification = wanted.StreamSpecification;
  if (wanted.DeletionProtectionEnabled.value_or(false) != record.DeletionProtectionEnabled)
    step().DeletionProtectionEnabled = wanted.DeletionProtectionEnabled.value_or(false);
  if (wanted.TableClass && wanted.TableClass != record.TableClass.value_or("STANDARD"))
    step().TableClass = wanted.TableClass;
  const auto encryption = wanted.SSESpecification.value_or(SSESpecification{false, {}, {}});
  const bool encrypts = encryption.Enabled.value_or(false);
  const bool encrypted = record.SSESpecification && record.SSESpecification->Enabled.value_or(false);
  if (encrypts != encrypted ||
      (encrypts && encryption.KMSMasterKeyId != record.SSESpecification->KMSMasterKeyId))
    step().SSESpecification = encryption;
  return out;
}

awaitable<Result<Resource>> update(Service& self, Context& context, Resource old, ResourceRequest request) {
  auto& service = static_cast<DynamoDb&>(self);
  const auto table = service.table(context.scope, old.physical_id);
  if (!table) co_return table.error();
  auto wanted = read<CreateTableInput>(create_input(request.properties, old.physical_id));
  const auto tags = wanted.Tags.value_or(std::vector<Tag>{});
  for (auto& step : steps(*table->schema, std::move(wanted))) {
    auto done = update_table(service, context, std::move(step));
    if (!done) co_return std::move(done.error());
  }
  auto tagged = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    record.Tags.clear();
    for (const auto& tag : tags) record.Tags[tag.Key] = tag.Value;
    return Done{};
  });
  if (!tagged) co_return std::move(tagged.error());
  co_return apply_settings(service, context, old.physical_id, request.properties);
}

awaitable<Result<Done>> remove(Service& self, Context& context, Resource resource) {
  auto done = delete_table(static_cast<DynamoDb&>(self), context, {resource.physical_id});
  if (!done && done.error().code != "ResourceNotFoundException") co_return std::move(done.error());
  co_return Done{};
}

constexpr std::string_view kProperties[] = {"AttributeDefinitions",
                                            "BillingMode",
                                            "DeletionProtectionEnabled",
                                            "GlobalSecondaryIndexes",
                                            "KeySchema",
                                            "LocalSecondaryIndexes",
                                            "OnDemandThroughput",
                                            "PointInTimeRecoverySpecification",
                                            "ProvisionedThroughput",
                                            "SSESpecification",
                                            "StreamSpecification",
                                            "TableClass",
                                            "TableName",
                                            "Tags",
                                            "TimeToLiveSpecification",
                                            "WarmThroughput"};
constexpr std::string_view kWithoutEffect[] = {"ContributorInsightsSpecification",
                                               "ImportSourceSpecification", "KinesisStreamSpecification",
                                               "ResourcePolicy"};
constexpr std::string_view kCreateOnly[] = {"TableName", "KeySchema", "LocalSecondaryIndexes",
                                            "ImportSourceSpecification"};
constexpr ResourceType kTypes[] = {
    {"AWS::DynamoDB::Table", kProperties, kWithoutEffect, kCreateOnly, &create, &update, &remove}};
}  // namespace

std::span<const ResourceType> table_resource_types() { return kTypes; }
}  // namespace emu::dynamodb
