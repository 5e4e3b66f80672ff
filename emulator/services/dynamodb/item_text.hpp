// Items as the JSON text of replies, written without a document between; a stored item without even an Item.
#pragma once
#include "emulator/services/dynamodb/value_json.hpp"

namespace emu::dynamodb {
// An item, or a list of them, that is text already.
struct ItemText {
  std::string json;
};
void write_json(std::string& out, const Value& value);
void write_json(std::string& out, const Item& item);
inline void write_json(std::string& out, const ItemText& item) { out += item.json; }
inline Json encode_json(const ItemText& item) { return Json::parse(item.json); }

// Appends the text of a stored item; its billed size (B6), or none if the bytes are not an item's.
std::optional<std::size_t> write_stored(std::string& out, storage::BytesView bytes);
}  // namespace emu::dynamodb
