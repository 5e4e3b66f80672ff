#include "emulator/services/dynamodb/capacity.hpp"

#include <algorithm>
#include <cmath>

namespace emu::dynamodb {
double read_units(std::size_t bytes, bool consistent) {
  constexpr double kReadUnit = 4096;  // bytes
  return std::max(1.0, std::ceil(static_cast<double>(bytes) / kReadUnit)) * (consistent ? 1.0 : 0.5);
}

std::optional<ConsumedCapacity> consumed(const Schema& schema, const Cost& cost, const ReturnMode& mode) {
  if (!wanted(mode)) return std::nullopt;
  ConsumedCapacity out{schema.name, cost.table};
  for (const auto& [index, units] : cost.indexes) out.CapacityUnits += units;
  if (*mode != "INDEXES") return out;
  out.Table = Capacity{cost.table};
  for (const auto& [index, units] : cost.indexes) {
    auto& arm = index->global ? out.GlobalSecondaryIndexes : out.LocalSecondaryIndexes;
    if (!arm) arm.emplace();
    (*arm)[index->name].CapacityUnits += units;
  }
  return out;
}

std::optional<ConsumedCapacity> consumed_by_transaction(const Schema& schema, const Cost& cost, Units units,
                                                        const ReturnMode& mode) {
  auto out = consumed(schema, cost, mode);
  if (!out) return out;
  const auto tell = [&](auto& report) {
    (units == Units::read ? report.ReadCapacityUnits : report.WriteCapacityUnits) = report.CapacityUnits;
  };
  tell(*out);
  if (out->Table) tell(*out->Table);
  return out;
}

std::optional<ItemCollectionMetrics> collection_metrics(const Schema& schema, const Item& key,
                                                        const ReturnMode& mode) {
  if (!wanted(mode) || !schema.has_local_indexes()) return std::nullopt;
  ItemCollectionMetrics out{{}, {0.0, 1.0}};
  const auto& hash = schema.key.hash[0].name;
  out.ItemCollectionKey.set(hash, *key.find(hash));
  return out;
}

void add(Cost& total, const Cost& more) {
  total.table += more.table;
  total.indexes.insert(total.indexes.end(), more.indexes.begin(), more.indexes.end());
}
}  // namespace emu::dynamodb
