// What a request holds while it changes items: its tables' gates (shared), so that the schema stays; the
// stripes of its rows, so that read, decide and write are one step; and, where the order of commits can be
// seen, the table's order. Taken in one order by everybody (gates, stripes, orders, each ascending), so two
// requests never wait for each other. Never held across co_await.
#pragma once
#include <span>

#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
// One row: the path of PutItem, UpdateItem, DeleteItem.
class RowLock {
 public:
  RowLock(Stripes& stripes, Core& core, storage::BytesView row);

 private:
  std::shared_lock<std::shared_mutex> gate_;
  std::unique_lock<std::mutex> stripe_;
  std::unique_lock<std::mutex> order_;
};

// Rows of one or several tables: batches and transactions. A row without a table is locked all the same: the
// token of a transaction.
struct RowOf {
  Core* core;
  storage::BytesView row;
};
class RowLocks {
 public:
  enum class For { reading, writing };
  RowLocks(Stripes& stripes, std::span<const RowOf> rows, For what = For::writing);
  std::span<Core* const> cores() const { return cores_; }  // each once

 private:
  std::vector<Core*> cores_;
  std::vector<std::shared_lock<std::shared_mutex>> gates_;
  std::vector<std::unique_lock<std::mutex>> stripes_;
  std::vector<std::unique_lock<std::mutex>> orders_;
};
}  // namespace emu::dynamodb
