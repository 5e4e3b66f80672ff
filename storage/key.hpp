// Keys whose byte order is the order we scan in. A key is a space byte followed by parts; each part's
// encoding is order-preserving and self-delimiting. Do not change an encoding: it is on disk.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace emu::storage {
using Bytes = std::string;
using BytesView = std::string_view;

// On disk: append, never renumber. docs/storage-format.md describes each.
enum class Space : unsigned char {
  meta = 1,
  tables = 2,
  items = 3,
  functions = 4,
  async_invokes = 5,
  apis = 6,
  roles = 7,
  log_groups = 8,
  stacks = 9,
  streams = 10,
  stream_records = 11,
  expiries = 12,
  before_images = 13,
  backups = 14,
  transfers = 15,
  transaction_tokens = 16,
  queues = 17,
  messages = 18,
  message_states = 19,
  deduplications = 20,
  move_tasks = 21,
};

class Key {
 public:
  explicit Key(Space space) { bytes_.push_back(static_cast<char>(space)); }
  // Any bytes. 0x00 is written 00 FF, the end 00 01, so that a prefix sorts before what it begins.
  Key& text(BytesView v) {
    for (const char c : v) {
      bytes_.push_back(c);
      if (c == 0) bytes_.push_back('\xff');
    }
    bytes_.append({'\0', '\1'});
    return *this;
  }
  Key& u64(std::uint64_t v) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(v >> shift));
    return *this;
  }
  // Bytes that are already order-preserving and self-delimiting, or that end the key.
  Key& raw(BytesView v) {
    bytes_.append(v);
    return *this;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

// Reads back one text() part from the front of `rest` and drops it from there; for scans that need a name.
std::string take_text(BytesView& rest);
}  // namespace emu::storage
