#include "emulator/services/dynamodb/row_locks.hpp"

#include <algorithm>

namespace emu::dynamodb {
namespace {
std::mutex& stripe(Stripes& stripes, storage::BytesView row) {
  return stripes[std::hash<storage::BytesView>{}(row) % stripes.size()].mutex;
}

bool commits_in_order(const Core& core) { return core.schema && core.schema->record.StreamSpecification; }

template <class T>
void sort_unique(std::vector<T*>& v) {
  std::ranges::sort(v, std::less<>());
  const auto twice = std::ranges::unique(v);
  v.erase(twice.begin(), twice.end());
}
}  // namespace

RowLock::RowLock(Stripes& stripes, Core& core, storage::BytesView row)
    : gate_(core.gate), stripe_(stripe(stripes, row)) {
  if (commits_in_order(core)) order_ = std::unique_lock(core.order);
}

RowLocks::RowLocks(Stripes& stripes, std::span<const RowOf> rows, For what) {
  std::vector<std::mutex*> mutexes;
  for (const auto& r : rows) {
    if (r.core) cores_.push_back(r.core);
    mutexes.push_back(&stripe(stripes, r.row));
  }
  sort_unique(cores_);
  sort_unique(mutexes);
  for (auto* core : cores_) gates_.emplace_back(core->gate);
  for (auto* mutex : mutexes) stripes_.emplace_back(*mutex);
  if (what == For::reading) return;
  for (auto* core : cores_)
    if (commits_in_order(*core)) orders_.emplace_back(core->order);
}
}  // namespace emu::dynamodb
