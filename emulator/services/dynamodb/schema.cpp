#include "emulator/services/dynamodb/schema.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emu::dynamodb {
namespace {
KeyShape shape(const std::vector<KeySchemaElement>& elements,
               const std::vector<AttributeDefinition>& definitions) {
  KeyShape out;
  for (const auto& e : elements) {
    const auto it = std::ranges::find(definitions, e.AttributeName, &AttributeDefinition::AttributeName);
    const auto type =
        it == definitions.end() ? Type::S : type_of_letters(it->AttributeType).value_or(Type::S);
    (e.KeyType == "HASH" ? out.hash : out.range).push_back({e.AttributeName, type});
  }
  return out;
}
}  // namespace

const KeyPart* KeyShape::find(std::string_view name) const {
  for (const auto* part : parts())
    if (part->name == name) return part;
  return nullptr;
}

KeyParts KeyShape::parts() const {
  KeyParts out;
  for (const auto& part : hash) out.add(part);
  for (const auto& part : range) out.add(part);
  return out;
}

bool Index::has(std::string_view attribute) const {
  return projects_all || std::ranges::binary_search(projected, attribute);
}

const Index* Schema::index(std::string_view index_name) const {
  const auto it = std::ranges::find(indexes, index_name, &Index::name);
  return it == indexes.end() ? nullptr : &*it;
}

bool Schema::has_local_indexes() const {
  return std::ranges::any_of(indexes, [](const Index& i) { return !i.global; });
}

WarmThroughput warm_throughput(const std::optional<WarmThroughput>& given,
                               const ProvisionedThroughput& provisioned, bool on_demand) {
  constexpr std::int64_t kOnDemandReads = 12000, kOnDemandWrites = 4000;  // of a new on-demand table
  const auto asked = given.value_or(WarmThroughput{});
  const auto units = [&](const std::optional<std::int64_t>& wanted, std::int64_t initial,
                         std::int64_t bought) {
    return wanted.value_or(on_demand ? initial : std::max<std::int64_t>(bought, 1));
  };
  return {units(asked.ReadUnitsPerSecond, kOnDemandReads, provisioned.ReadCapacityUnits),
          units(asked.WriteUnitsPerSecond, kOnDemandWrites, provisioned.WriteCapacityUnits)};
}

std::string table_arn(const Scope& scope, std::string_view name) {
  return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", scope.region, scope.account, name);
}

SharedSchema make_schema(const Scope& scope, std::string name, TableRecord record) {
  auto out = std::make_shared<Schema>();
  out->scope = scope;
  out->arn = table_arn(scope, name);
  out->name = std::move(name);
  out->key = shape(record.KeySchema, record.AttributeDefinitions);
  for (const auto& r : record.Indexes) {
    Index index{r.IndexName, shape(r.KeySchema, record.AttributeDefinitions), r.Global, r.Slot};
    index.projects_all = r.Projection.ProjectionType == "ALL";
    for (const auto* shape_of : {&index.key, &out->key})
      for (const auto* part : shape_of->parts()) index.projected.push_back(part->name);
    for (const auto& extra : r.Projection.NonKeyAttributes.value_or(std::vector<std::string>{}))
      index.projected.push_back(extra);
    std::ranges::sort(index.projected);
    const auto repeats = std::ranges::unique(index.projected);
    index.projected.erase(repeats.begin(), repeats.end());
    out->indexes.push_back(std::move(index));
  }
  out->record = std::move(record);
  return out;
}
}  // namespace emu::dynamodb
