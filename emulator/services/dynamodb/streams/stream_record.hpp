// One change of an item as its stream keeps it: on disk only what the stream's view shows, on the wire as
// GetRecords and event sources give it (H3). The time of a record is its sequence number (stream.hpp).
// Do not change the encoding: it is on disk (docs/storage-format.md).
#pragma once
#include <array>

#include "emulator/services/dynamodb/schema.hpp"
#include "storage/engine.hpp"

namespace emu::dynamodb {
// In the order of the numbers on disk: append, never renumber.
enum class EventName : unsigned char { insert, modify, remove };
enum class By : unsigned char { client, time_to_live };  // who changed the item (G)

// Which images a view holds.
struct StreamView {
  bool old_image = false, new_image = false;
  static StreamView of(std::string_view stream_view_type);
};

struct StreamRecord {
  EventName event = EventName::insert;
  By by = By::client;
  Item keys;
  std::optional<Item> old_image, new_image;
  std::int64_t size() const;  // SizeBytes: keys and images, by the arithmetic of B6
};

// The record of a change; none if the item stays equal. `old` and `now` may be null: no item.
std::optional<storage::Bytes> encode_change(const std::vector<std::string>& key_names, StreamView view,
                                            const Item* old, const Item* now, By by);
// None if the bytes are no record: damaged, or written by a newer emu.
std::optional<StreamRecord> decode_record(const std::vector<std::string>& key_names,
                                          storage::BytesView bytes);
}  // namespace emu::dynamodb
