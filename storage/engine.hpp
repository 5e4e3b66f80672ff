// An ordered map of bytes with atomic batches: all that services know about disk. RocksEngine keeps it on
// disk, MemoryEngine in a std::map. get and write are short and run inline on a loop; a long scan belongs on
// the blocking pool (Loops::blocking). All calls may come from any thread.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "storage/key.hpp"

namespace emu::storage {
// A value: build it, pass it on, write it once. Changes apply in order.
struct Batch {
  struct Change {
    Bytes key;
    std::optional<Bytes> value;  // none: erase
  };
  std::vector<Change> changes;
  void put(const Key& key, Bytes value) { changes.push_back({key.bytes(), std::move(value)}); }
  void erase(const Key& key) { changes.push_back({key.bytes(), std::nullopt}); }
};

// Keys in [from, to). An empty `to` means: to the end.
struct Range {
  Bytes from, to;
};
// Every key that begins with these bytes.
Range prefix(BytesView bytes);
inline Range prefix(const Key& key) { return prefix(key.bytes()); }

using Visit = std::function<bool(BytesView key, BytesView value)>;  // false ends the scan

class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::optional<Bytes> get(BytesView key) const = 0;
  // All or nothing; on return the batch survives the death of the process.
  virtual void write(const Batch& batch) = 0;
  // Visits a consistent snapshot in key order, or in reverse.
  virtual void scan(const Range& range, const Visit& visit) const = 0;
  virtual void scan_reverse(const Range& range, const Visit& visit) const = 0;
  // Erases every key in the range, without reading them.
  virtual void erase(const Range& range) = 0;
  // For who must not tell of a write that a power cut could still take back: whether all that can be read
  // now is on the medium. An engine that promises no more than write() does says so at once.
  virtual bool durable() const { return true; }
  // Calls `then` once, from any thread: when what could be read at the call is, or cannot be put there.
  virtual void when_durable(std::function<void(bool forced)> then) { then(true); }
};

using Row = std::pair<Bytes, Bytes>;
// The rows of a range by at most so many at a time, for who reads or writes other rows between them: visit()
// is called while no scan is open.
void each_slice(const Engine& engine, Range range, std::size_t most,
                const std::function<void(const std::vector<Row>&)>& visit);
// The first key of the range, if there is any.
std::optional<Bytes> first_key(const Engine& engine, const Range& range);
}  // namespace emu::storage
