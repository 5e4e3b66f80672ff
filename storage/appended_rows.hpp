// Tells RocksDB's memtable which rows are put in the order of their keys, so that it looks for the place of a
// new one beside the last one instead of from the top: a third of what a SendMessageBatch costs otherwise.
// Only a hint: rows that come out of order are found their place as without it. Used by rocks_engine.cpp,
// which must not begin a range to erase with such a key: RocksDB takes the hint of rows for the place among
// the erased ranges.
#pragma once
#include <rocksdb/slice_transform.h>

#include "storage/key.hpp"

namespace emu::storage {
class AppendedRows final : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "emu.AppendedRows"; }
  bool InDomain(const rocksdb::Slice& key) const override {
    if (key.size() != kKey) return false;
    switch (static_cast<Space>(key[0])) {
      case Space::stream_records:
      case Space::messages:
      case Space::message_states:
      case Space::deduplications:
        return true;
      default:
        return false;
    }
  }
  // A run of rows is a space and a StorageId.
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override { return {key.data(), kOwner}; }

 private:
  static constexpr std::size_t kOwner = 1 + 8, kKey = kOwner + 8;
};
}  // namespace emu::storage
