// The engine of tests, experiments and `--ephemeral`: a std::map. Nothing outlives the process.
#pragma once
#include <map>
#include <shared_mutex>

#include "storage/engine.hpp"

namespace emu::storage {
class MemoryEngine final : public Engine {
 public:
  std::optional<Bytes> get(BytesView key) const override;
  void write(const Batch& batch) override;
  void scan(const Range& range, const Visit& visit) const override;
  void scan_reverse(const Range& range, const Visit& visit) const override;
  void erase(const Range& range) override;

 private:
  using Rows = std::map<Bytes, Bytes, std::less<>>;
  std::pair<Rows::const_iterator, Rows::const_iterator> bounds(const Range& range) const;
  mutable std::shared_mutex mutex_;
  Rows rows_;
};
}  // namespace emu::storage
