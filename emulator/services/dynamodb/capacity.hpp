// ConsumedCapacity and ItemCollectionMetrics, as replies show them (E5, E6).
#pragma once
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
struct Capacity {
  double CapacityUnits = 0;
};
BOOST_DESCRIBE_STRUCT(Capacity, (), (CapacityUnits))
struct ConsumedCapacity {
  std::string TableName;
  double CapacityUnits = 0;
  std::optional<Capacity> Table;
  std::optional<std::map<std::string, Capacity>> LocalSecondaryIndexes, GlobalSecondaryIndexes;
};
BOOST_DESCRIBE_STRUCT(ConsumedCapacity, (),
                      (TableName, CapacityUnits, Table, LocalSecondaryIndexes, GlobalSecondaryIndexes))
struct ItemCollectionMetrics {
  Item ItemCollectionKey;
  std::vector<double> SizeEstimateRangeGB;
};
BOOST_DESCRIBE_STRUCT(ItemCollectionMetrics, (), (ItemCollectionKey, SizeEstimateRangeGB))

using ReturnMode = std::optional<std::string>;  // NONE or absent, TOTAL, INDEXES / SIZE
inline bool wanted(const ReturnMode& mode) { return mode && *mode != "NONE"; }

double read_units(std::size_t bytes, bool consistent);
// None unless the mode asks for it.
std::optional<ConsumedCapacity> consumed(const Schema& schema, const Cost& cost, const ReturnMode& mode);
std::optional<ItemCollectionMetrics> collection_metrics(const Schema& schema, const Item& key,
                                                        const ReturnMode& mode);
void add(Cost& total, const Cost& more);
}  // namespace emu::dynamodb
