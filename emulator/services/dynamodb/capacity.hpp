// ConsumedCapacity and ItemCollectionMetrics, as replies show them (E5, E6).
#pragma once
#include "emulator/services/dynamodb/item_text.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
struct Capacity {
  double CapacityUnits = 0;
  std::optional<double> ReadCapacityUnits, WriteCapacityUnits;  // of transactions only
};
BOOST_DESCRIBE_STRUCT(Capacity, (), (CapacityUnits, ReadCapacityUnits, WriteCapacityUnits))
struct ConsumedCapacity {
  std::string TableName;
  double CapacityUnits = 0;
  std::optional<double> ReadCapacityUnits, WriteCapacityUnits;  // of transactions only
  std::optional<Capacity> Table;
  std::optional<std::map<std::string, Capacity>> LocalSecondaryIndexes, GlobalSecondaryIndexes;
};
BOOST_DESCRIBE_STRUCT(ConsumedCapacity, (),
                      (TableName, CapacityUnits, ReadCapacityUnits, WriteCapacityUnits, Table,
                       LocalSecondaryIndexes, GlobalSecondaryIndexes))
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
// The report of a transaction, whose units come apart: those of a write, or of a read.
enum class Units { read, write };
std::optional<ConsumedCapacity> consumed_by_transaction(const Schema& schema, const Cost& cost, Units units,
                                                        const ReturnMode& mode);
inline constexpr double kTransactionFactor = 2;  // a transaction prepares and then commits
void add(Cost& total, const Cost& more);
}  // namespace emu::dynamodb
