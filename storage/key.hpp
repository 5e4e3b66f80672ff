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
  layers = 22,
  event_source_mappings = 23,
  mapping_checkpoints = 24,
  rest_apis = 25,
  gateway_documents = 26,
  key_usage = 27,
  log_streams = 28,
  log_events = 29,
};

class Key {
 public:
  explicit Key(Space space) {
    bytes_.reserve(kUsual);
    bytes_.push_back(static_cast<char>(space));
  }
  // Any bytes. 0x00 is written 00 FF, the end 00 01, so that a prefix sorts before what it begins.
  Key& text(BytesView v) {
    for (auto zero = v.find('\0'); zero != v.npos; zero = v.find('\0')) {
      bytes_.append(v.substr(0, zero + 1)).push_back('\xff');
      v.remove_prefix(zero + 1);
    }
    bytes_.append(v).append("\0\1", 2);
    return *this;
  }
  Key& u64(std::uint64_t v) {
    char big_endian[8];
    for (int i = 0; i < 8; ++i) big_endian[i] = static_cast<char>(v >> (56 - 8 * i));
    return raw({big_endian, sizeof big_endian});
  }
  // Bytes that are already order-preserving and self-delimiting, or that end the key.
  Key& raw(BytesView v) {
    bytes_.append(v);
    return *this;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kUsual = 96;  // bytes: room for the row of an item
  Bytes bytes_;
};

// Reads back one text() part from the front of `rest` and drops it from there; for scans that need a name.
std::string take_text(BytesView& rest);
}  // namespace emu::storage
