#include "storage/memory_engine.hpp"

#include <mutex>

namespace emu::storage {
std::optional<Bytes> MemoryEngine::get(BytesView key) const {
  std::shared_lock hold(mutex_);
  const auto it = rows_.find(key);
  return it == rows_.end() ? std::nullopt : std::optional(it->second);
}

void MemoryEngine::write(const Batch& batch) {
  std::lock_guard hold(mutex_);
  for (const auto& change : batch.changes) {
    if (change.value)
      rows_[change.key] = *change.value;
    else
      rows_.erase(change.key);
  }
}

std::pair<MemoryEngine::Rows::const_iterator, MemoryEngine::Rows::const_iterator> MemoryEngine::bounds(
    const Range& range) const {
  if (!range.to.empty() && range.to <= range.from) return {rows_.end(), rows_.end()};
  return {rows_.lower_bound(range.from), range.to.empty() ? rows_.end() : rows_.lower_bound(range.to)};
}

void MemoryEngine::scan(const Range& range, const Visit& visit) const {
  std::shared_lock hold(mutex_);
  for (auto [it, end] = bounds(range); it != end && visit(it->first, it->second); ++it) {
  }
}

void MemoryEngine::scan_reverse(const Range& range, const Visit& visit) const {
  std::shared_lock hold(mutex_);
  const auto [begin, end] = bounds(range);
  for (auto it = end; it != begin;) {
    --it;
    if (!visit(it->first, it->second)) break;
  }
}

void MemoryEngine::erase(const Range& range) {
  std::lock_guard hold(mutex_);
  const auto [begin, end] = bounds(range);
  rows_.erase(begin, end);
}
}  // namespace emu::storage
