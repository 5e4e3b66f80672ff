// Items as they lie on disk: a compact binary form written from, and read into, Item directly (why not CBOR:
// docs/decisions/0005-item-encoding.md; byte by byte: docs/storage-format.md). Do not change: it is on disk.
#pragma once
#include "emulator/services/dynamodb/value.hpp"
#include "storage/engine.hpp"

namespace emu::dynamodb {
storage::Bytes encode_item(const Item& item);
// None if the bytes are no item: a damaged or a newer row.
std::optional<Item> decode_item(storage::BytesView bytes);
}  // namespace emu::dynamodb
