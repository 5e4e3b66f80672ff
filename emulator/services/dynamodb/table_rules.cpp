#include "emulator/services/dynamodb/table_rules.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "emulator/services/dynamodb/settings/resource_policies.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxLocalIndexes = 5, kMaxGlobalIndexes = 20;  // service quotas
constexpr std::size_t kMaxKeyParts = 2, kMaxGlobalKeyParts = 4;      // E7
constexpr std::size_t kMaxNonKeyAttributes = 20, kMaxProjected = 100;
constexpr std::size_t kMaxTags = 50, kMaxTagKey = 128, kMaxTagValue = 256;  // C11; characters
constexpr std::int64_t kMaxCapacity = 1'000'000'000'000;

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::vector<std::string> names_of(const std::vector<KeySchemaElement>& keys) {
  std::vector<std::string> out;
  for (const auto& k : keys) out.push_back(k.AttributeName);
  return out;
}

std::string shown(const std::vector<KeySchemaElement>& keys) {
  std::vector<std::string> out;
  for (const auto& k : keys)
    out.push_back(fmt::format("KeySchemaElement(attributeName={}, keyType={})", k.AttributeName, k.KeyType));
  return fmt::format("[{}]", fmt::join(out, ", "));
}

void constrain_keys(Constraints& c, const std::optional<std::vector<KeySchemaElement>>& keys,
                    const std::string& path, std::size_t most) {
  if (!keys) return c.present(false, path);
  if (keys->empty())
    c.add(fmt::format(
        "Value '[]' at '{}' failed to satisfy constraint: Member must have length greater than or equal to 1",
        path));
  if (keys->size() > most)
    c.add(fmt::format(
        "Value '{}' at '{}' failed to satisfy constraint: Member must have length less than or equal to {}",
        shown(*keys), path, most));
  for (std::size_t i = 0; i < keys->size(); ++i)
    c.enumerated((*keys)[i].KeyType, fmt::format("{}.{}.member.keyType", path, i + 1), kKeyType);
}

void constrain_indexes(Constraints& c, const std::optional<std::vector<IndexInput>>& indexes,
                       const std::string& member, bool global) {
  if (!indexes) return;
  for (std::size_t i = 0; i < indexes->size(); ++i)
    constrain_index(c, (*indexes)[i], fmt::format("{}.{}.member.", member, i + 1), global);
}

void constrain(const CreateTableInput& in) {
  Constraints c;
  constrain_new_name(c, in.TableName, "tableName");
  c.present(in.AttributeDefinitions.has_value(), "attributeDefinitions");
  if (in.AttributeDefinitions)
    for (std::size_t i = 0; i < in.AttributeDefinitions->size(); ++i)
      c.enumerated((*in.AttributeDefinitions)[i].AttributeType,
                   fmt::format("attributeDefinitions.{}.member.attributeType", i + 1), kAttributeType);
  constrain_keys(c, in.KeySchema, "keySchema", kMaxKeyParts);
  c.enumerated(in.BillingMode, "billingMode", kBillingMode);
  constrain_throughput(c, in.ProvisionedThroughput, "provisionedThroughput");
  c.enumerated(in.TableClass, "tableClass", kTableClass);
  if (in.StreamSpecification)
    c.enumerated(in.StreamSpecification->StreamViewType, "streamSpecification.streamViewType",
                 kStreamViewType);
  constrain_indexes(c, in.LocalSecondaryIndexes, "localSecondaryIndexes", false);
  constrain_indexes(c, in.GlobalSecondaryIndexes, "globalSecondaryIndexes", true);
  c.finish();
}

void check_billing(const CreateTableInput& in) {
  const bool on_demand = in.BillingMode == "PAY_PER_REQUEST";
  if (in.StreamSpecification) {
    if (!in.StreamSpecification->StreamEnabled && in.StreamSpecification->StreamViewType)
      throw invalid_parameters(
          "Table is being created with a stream disabled, UpdateViewType should not be specified");
    if (in.StreamSpecification->StreamEnabled && !in.StreamSpecification->StreamViewType)
      throw invalid_parameters("Table is being created with a stream enabled, UpdateViewType is required");
  }
  if (!on_demand && !in.ProvisionedThroughput)
    throw invalid_parameters(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  if (on_demand && in.ProvisionedThroughput) throw throughput_on_demand();
  if (in.ProvisionedThroughput) check_throughput(*in.ProvisionedThroughput, "");
  if (!in.OnDemandThroughput) return;
  const auto& limits = *in.OnDemandThroughput;
  if (!on_demand && (limits.MaxReadRequestUnits || limits.MaxWriteRequestUnits))
    throw invalid_parameters(
        fmt::format("{} for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.",
                    limits.MaxReadRequestUnits ? "MaxReadRequestUnits" : "MaxWriteRequestUnits"));
  check_ceilings(limits, "table", false);
}

void check_key_schema(const std::vector<KeySchemaElement>& keys,
                      const std::vector<AttributeDefinition>& definitions, bool many_parts) {
  if (keys.size() > definitions.size())
    throw AwsError::validation("Invalid KeySchema: Some index key attribute have no definition");
  for (const auto& k : keys)
    if (std::ranges::find(definitions, k.AttributeName, &AttributeDefinition::AttributeName) ==
        definitions.end())
      throw keys_not_defined(keys, definitions);
  std::set<std::string_view> seen;
  for (const auto& k : keys)
    if (!seen.insert(k.AttributeName).second)
      throw AwsError::validation(
          keys.size() > 2
              ? "The KeySchema contains multiple key attributes with the same name"
              : "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  if (keys[0].KeyType != "HASH")
    throw AwsError::validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (!many_parts && keys.size() > 1 && keys[1].KeyType != "RANGE")
    throw AwsError::validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  if (!std::ranges::is_sorted(keys, {}, [](const auto& k) { return k.KeyType == "RANGE"; }))
    throw invalid_parameters("All HASH key attributes must precede RANGE key attributes in the KeySchema");
  for (const auto* type : {"HASH", "RANGE"})
    if (std::ranges::count(keys, type, &KeySchemaElement::KeyType) >
        static_cast<std::ptrdiff_t>(kMaxGlobalKeyParts))
      throw invalid_parameters(
          fmt::format("The KeySchema exceeds the maximum allowed number of {} key attributes", type));
}

void check_projection(const IndexInput& index) {
  const auto& projection = *index.Projection;
  const auto type = projection.ProjectionType;
  if (!type) throw invalid_parameters("Unknown ProjectionType: null");
  if (*type == "INCLUDE") {
    if (!projection.NonKeyAttributes)
      throw invalid_parameters("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
    if (projection.NonKeyAttributes->size() > kMaxNonKeyAttributes)
      throw invalid_parameters(fmt::format("Number of NonKeyAttributes exceeds the limit of {} for index: {}",
                                           kMaxNonKeyAttributes, *index.IndexName));
    std::set<std::string_view> seen;
    for (const auto& attribute : *projection.NonKeyAttributes)
      if (!seen.insert(attribute).second)
        throw invalid_parameters(fmt::format("Duplicate element in NonKeyAttributes: {}", attribute));
  } else if (projection.NonKeyAttributes) {
    throw invalid_parameters(fmt::format("ProjectionType is {}, but NonKeyAttributes is specified", *type));
  }
}

// Every definition is there for a key, and once.
void check_definitions(const CreateTableInput& in) {
  std::map<std::string_view, std::string_view> types;
  for (const auto& d : *in.AttributeDefinitions) {
    const auto [it, fresh] = types.emplace(d.AttributeName, d.AttributeType);
    if (!fresh && it->second != d.AttributeType)
      throw invalid_parameters(
          "Attributes cannot be redefined. Please check that your attribute has the same type as previously "
          "defined.");
    if (!fresh) throw AwsError::validation(fmt::format("Attribute Name is duplicated: {}", d.AttributeName));
  }
  std::set<std::string_view> used;
  for (const auto& k : *in.KeySchema) used.insert(k.AttributeName);
  const bool indexed = in.LocalSecondaryIndexes || in.GlobalSecondaryIndexes;
  for (const auto* indexes : {&in.LocalSecondaryIndexes, &in.GlobalSecondaryIndexes})
    if (*indexes)
      for (const auto& index : **indexes)
        for (const auto& k : *index.KeySchema) used.insert(k.AttributeName);
  if (used.size() == types.size()) return;
  if (!indexed)
    throw invalid_parameters(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  std::vector<std::string_view> defined;
  for (const auto& [name, type] : types) defined.push_back(name);
  throw invalid_parameters(
      fmt::format("Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
                  fmt::join(defined, ", "), fmt::join(used, ", ")));
}

// On a provisioned table every global index has its throughput.
void check_provisioned(const CreateTableInput& in) {
  if (in.BillingMode == "PAY_PER_REQUEST" || !in.GlobalSecondaryIndexes) return;
  std::vector<std::string_view> without;
  for (const auto& index : *in.GlobalSecondaryIndexes)
    if (!index.ProvisionedThroughput) without.push_back(*index.IndexName);
  if (!without.empty())
    throw invalid_parameters(
        fmt::format("ProvisionedThroughput must be specified for index: {}", fmt::join(without, ",")));
}
}  // namespace

void constrain_new_name(Constraints& c, const std::optional<std::string>& name, std::string_view path) {
  if (!name) return c.present(false, path);
  const auto bad = [&](std::string_view rule) {
    c.add(fmt::format("Value '{}' at '{}' failed to satisfy constraint: {}", *name, path, rule));
  };
  const bool fits = std::ranges::all_of(*name, [](char ch) {
    return std::isalnum(static_cast<unsigned char>(ch)) || ch == '_' || ch == '.' || ch == '-';
  });
  if (!fits) bad("Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  if (name->size() < 3) bad("Member must have length greater than or equal to 3");
  if (name->size() > 255) bad("Member must have length less than or equal to 255");
}

void constrain_throughput(Constraints& c, const std::optional<ProvisionedThroughput>& t,
                          const std::string& path) {
  if (!t) return;
  c.at_least(t->ReadCapacityUnits, path + ".readCapacityUnits", 1);
  c.at_least(t->WriteCapacityUnits, path + ".writeCapacityUnits", 1);
}

void constrain_index(Constraints& c, const IndexInput& index, const std::string& at, bool global) {
  constrain_new_name(c, index.IndexName, at + "indexName");
  constrain_keys(c, index.KeySchema, at + "keySchema", global ? 2 * kMaxGlobalKeyParts : kMaxKeyParts);
  c.present(index.Projection.has_value(), at + "projection");
  if (index.Projection)
    c.enumerated(index.Projection->ProjectionType, at + "projection.projectionType", kProjectionType);
  constrain_throughput(c, index.ProvisionedThroughput, at + "provisionedThroughput");
}

AwsError keys_not_defined(const std::vector<KeySchemaElement>& keys,
                          const std::vector<AttributeDefinition>& defined) {
  std::vector<std::string> names;
  for (const auto& d : defined) names.push_back(d.AttributeName);
  return invalid_parameters(
      fmt::format("Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], "
                  "AttributeDefinitions: [{}]",
                  fmt::join(names_of(keys), ", "), fmt::join(names, ", ")));
}

AwsError throughput_on_demand() {
  return invalid_parameters(
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
      "PAY_PER_REQUEST");
}

void check_throughput(const ProvisionedThroughput& given, std::string_view suffix) {
  for (const auto& [name, value] : {std::pair("ReadCapacityUnits", given.ReadCapacityUnits),
                                    std::pair("WriteCapacityUnits", given.WriteCapacityUnits)})
    if (value > kMaxCapacity)
      throw AwsError::validation(
          fmt::format("Given value {} for {} is out of bounds{}", value, name, suffix));
}

void check_tags(const std::vector<Tag>& tags) {
  const auto fits = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte >= 0x80 || std::isalnum(byte) || std::isspace(byte) ||
             std::string_view("+-=._:/@").contains(c);
    });
  };
  std::set<std::string_view> seen;
  for (const auto& tag : tags) {
    if (tag.Key.empty() || characters(tag.Key) > kMaxTagKey || !fits(tag.Key))
      throw AwsError::validation(fmt::format("The Tag Key provided is invalid, Key: {}", tag.Key));
    if (tag.Key.starts_with("aws:"))
      throw AwsError::validation(fmt::format("Tag Key cannot be prefixed with aws:, Key: {}", tag.Key));
    if (characters(tag.Value) > kMaxTagValue || !fits(tag.Value))
      throw AwsError::validation(fmt::format("The Tag Value provided is invalid, Value: {}", tag.Value));
    if (!seen.insert(tag.Key).second)
      throw AwsError::validation(
          fmt::format("Duplicate Tag Keys provided as input: Duplicate Tag Key found {}", tag.Key));
  }
  check_tag_count(tags.size());
}

void check_tag_count(std::size_t count) {
  if (count > kMaxTags)
    throw AwsError::validation("Number of Tags exceed the current limit for the provided ResourceArn");
}

void check_ceilings(const OnDemandThroughput& given, std::string_view what, bool removable) {
  for (const auto& [name, value] : {std::pair("MaxReadRequestUnits", given.MaxReadRequestUnits),
                                    std::pair("MaxWriteRequestUnits", given.MaxWriteRequestUnits)})
    if (value && *value < 1 && !(removable && *value == -1))  // -1: no ceiling
      throw invalid_parameters(
          fmt::format("Requested {} for OnDemandThroughput for {} is outside of valid range", name, what));
}

void check_warmth(const WarmThroughput& given, const std::optional<ProvisionedThroughput>& provisioned,
                  bool on_demand, std::string_view what) {
  const auto least = warm_throughput(std::nullopt, provisioned.value_or(ProvisionedThroughput{}), on_demand);
  for (const auto& [name, bought, value, minimum] :
       {std::tuple("ReadUnitsPerSecond", "ReadCapacityUnits", given.ReadUnitsPerSecond,
                   *least.ReadUnitsPerSecond),
        std::tuple("WriteUnitsPerSecond", "WriteCapacityUnits", given.WriteUnitsPerSecond,
                   *least.WriteUnitsPerSecond)}) {
    if (!value || *value >= minimum) continue;
    throw invalid_parameters(
        fmt::format("Requested {} for WarmThroughput for {} is lower than {}", name, what,
                    on_demand ? "initial throughput for OnDemand. See: "
                                "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                                "on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
                              : fmt::format("{} of ProvisionedThroughput", bought)));
  }
}

void check_encryption(const SSESpecification& given) {
  const bool on = given.Enabled.value_or(false);
  if (!on && given.SSEType) throw invalid_parameters("SSEType can not be specified if Enabled is false");
  if (!on && given.KMSMasterKeyId)
    throw invalid_parameters("KMSMasterKeyId can not be specified if Enabled is false");
  if (given.SSEType == "AES256") throw invalid_parameters("SSEType AES256 is not supported");
  if (given.KMSMasterKeyId && !given.SSEType)
    throw invalid_parameters("SSEType KMS is required if KMSMasterKeyId is specified");
}

void check_required_name(const std::optional<std::string>& name) {
  if (!name)
    throw AwsError::validation("The parameter 'TableName' is required but was not present in the request");
  Constraints c;
  c.table_name(name, Layer::older);
  c.finish();
}

void check_index(const IndexInput& index, bool global, const IndexSetting& setting) {
  const auto& name = *index.IndexName;
  const auto& keys = *index.KeySchema;
  check_key_schema(keys, setting.definitions, global);
  if (!global) {
    if (keys.size() < 2)
      throw invalid_parameters(fmt::format("Index KeySchema does not have a range key for index: {}", name));
    if (keys[0].AttributeName != setting.table_key[0].AttributeName)
      throw invalid_parameters(fmt::format(
          "Index KeySchema does not have the same leading hash key as table KeySchema for index: {}. index "
          "hash key: {}, table hash key: {}",
          name, keys[0].AttributeName, setting.table_key[0].AttributeName));
  }
  check_projection(index);
  if (!global) return;
  if (setting.pays_per_request && index.ProvisionedThroughput)
    throw invalid_parameters(fmt::format(
        "ProvisionedThroughput should not be specified for index: {} when BillingMode is PAY_PER_REQUEST",
        name));
  if (index.ProvisionedThroughput) check_throughput(*index.ProvisionedThroughput, " for index " + name);
  if (index.OnDemandThroughput) {
    if (!setting.pays_per_request)
      throw invalid_parameters(fmt::format(
          "{} for OnDemandThroughput for index : {} cannot be specified when the table BillingMode is "
          "PROVISIONED",
          index.OnDemandThroughput->MaxReadRequestUnits ? "MaxReadRequestUnits" : "MaxWriteRequestUnits",
          name));
    check_ceilings(*index.OnDemandThroughput, "index : " + name, false);
  }
  if (index.WarmThroughput)
    check_warmth(*index.WarmThroughput, index.ProvisionedThroughput, setting.pays_per_request,
                 "index " + name);
}

void check_new_table(const CreateTableInput& in) {
  if (!in.TableName)
    throw AwsError::validation("The parameter 'TableName' is required but was not present in the request");
  constrain(in);
  check_billing(in);
  check_key_schema(*in.KeySchema, *in.AttributeDefinitions, false);
  if (in.LocalSecondaryIndexes) {
    if (in.LocalSecondaryIndexes->empty()) throw invalid_parameters("List of LocalSecondaryIndexes is empty");
    if (in.KeySchema->size() < 2)
      throw invalid_parameters(
          "Table KeySchema does not have a range key, which is required when specifying a "
          "LocalSecondaryIndex");
  }
  if (in.GlobalSecondaryIndexes && in.GlobalSecondaryIndexes->empty())
    throw invalid_parameters("List of GlobalSecondaryIndexes is empty");
  const IndexSetting setting{*in.KeySchema, *in.AttributeDefinitions, in.BillingMode == "PAY_PER_REQUEST"};
  std::set<std::string_view> index_names;
  std::size_t projected = 0;
  for (const bool global : {false, true})
    for (const auto& index : (global ? in.GlobalSecondaryIndexes : in.LocalSecondaryIndexes)
                                 .value_or(std::vector<IndexInput>{})) {
      check_index(index, global, setting);
      if (index.Projection->NonKeyAttributes) projected += index.Projection->NonKeyAttributes->size();
    }
  check_provisioned(in);
  for (const auto* indexes : {&in.LocalSecondaryIndexes, &in.GlobalSecondaryIndexes})
    if (*indexes)
      for (const auto& index : **indexes)
        if (!index_names.insert(*index.IndexName).second)
          throw invalid_parameters(fmt::format("Duplicate index name: {}", *index.IndexName));
  if (in.LocalSecondaryIndexes && in.LocalSecondaryIndexes->size() > kMaxLocalIndexes)
    throw invalid_parameters("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
  if (in.GlobalSecondaryIndexes && in.GlobalSecondaryIndexes->size() > kMaxGlobalIndexes)
    throw invalid_parameters("GlobalSecondaryIndex count exceeds the per-table limit of 20");
  if (projected > kMaxProjected)
    throw invalid_parameters(fmt::format(
        "Number of projected non-key attributes over all indexes exceeds the limit of {}", kMaxProjected));
  check_definitions(in);
  if (in.SSESpecification) check_encryption(*in.SSESpecification);
  if (in.WarmThroughput)
    check_warmth(*in.WarmThroughput, in.ProvisionedThroughput, setting.pays_per_request, "table");
  if (in.ResourcePolicy) check_policy(*in.ResourcePolicy);
  if (in.Tags) check_tags(*in.Tags);
}

IndexRecord index_record(const IndexInput& in, bool global, unsigned slot) {
  return {*in.IndexName,         *in.KeySchema,     *in.Projection, in.ProvisionedThroughput,
          in.OnDemandThroughput, in.WarmThroughput, global,         slot};
}
}  // namespace emu::dynamodb
