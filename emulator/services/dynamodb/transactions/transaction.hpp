// Several actions as one: all of them happen or none does, and no request sees a part of them (F). The core
// under TransactWriteItems, TransactGetItems and PartiQL's ExecuteTransaction: the caller has made the
// actions (action.hpp); here their tables are found, their rows locked, and each is judged and carried out.
#pragma once
#include "emulator/services/dynamodb/action.hpp"
#include "emulator/services/dynamodb/transactions/tokens.hpp"

namespace emu::dynamodb {
inline constexpr std::size_t kMaxActions = 100;               // TransactWriteItems, API reference
inline constexpr std::size_t kMaxTransactionBytes = 4 << 20;  // service quotas

// A cancellation reason other than ConditionalCheckFailed for a condition that fails: PartiQL's INSERT.
struct FailureWords {
  std::string_view code = "ConditionalCheckFailed";
  std::string_view message = "The conditional request failed";
};

struct PreparedAction {
  Action action;
  std::optional<Table> table;  // none: not found, which only counts once all actions are in order
  FailureWords failure;
};
// The action with its table. Throws for an empty key value: that is no matter of one action.
PreparedAction locate(const DynamoDb& service, const Scope& scope, std::string_view table, Action action);

struct WriteOptions {
  ReturnMode capacity, metrics;
  std::optional<Idempotency> idempotency;
};
struct TransactionReport {
  std::optional<std::vector<dynamodb::ConsumedCapacity>> ConsumedCapacity;
  std::optional<std::map<std::string, std::vector<dynamodb::ItemCollectionMetrics>>> ItemCollectionMetrics;
};
BOOST_DESCRIBE_STRUCT(TransactionReport, (), (ConsumedCapacity, ItemCollectionMetrics))
// Once only per token: a repetition changes nothing and reports what reading the items costs.
Result<TransactionReport> run_writes(DynamoDb& service, const Scope& scope,
                                     std::vector<PreparedAction> actions, const WriteOptions& options);

struct PreparedRead {
  const Item* key = nullptr;
  std::optional<BoundPaths> projection;
  std::optional<Table> table;
};
PreparedRead locate(const DynamoDb& service, const Scope& scope, std::string_view table, PreparedRead read);
struct ReadReport {
  std::vector<std::optional<Item>> items;  // in order; none where there is nothing to show
  std::optional<std::vector<ConsumedCapacity>> capacity;
};
Result<ReadReport> run_reads(DynamoDb& service, const std::vector<PreparedRead>& reads,
                             const ReturnMode& capacity);

AwsError too_large_transaction();
}  // namespace emu::dynamodb
