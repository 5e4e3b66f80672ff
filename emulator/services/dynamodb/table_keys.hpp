// Where the rows of a table and of its indexes lie (docs/storage-format.md), and what an item change does to
// them. Pure: given a schema and items, gives keys and fills a Batch. Do not change a layout: it is on disk.
//
//   row of the table    items, storage id, slot 0, place of the hash key, hash key, range key
//   row of an index     items, storage id, slot n, place of the hash keys, hash keys, range keys,
//                       place of the table key, hash key, range key
// A place is the MD5 by which AWS spreads keys over partitions (B7): Scan follows it, and so do ties in an
// index.
#pragma once
#include <span>

#include "emulator/services/dynamodb/schema.hpp"
#include "storage/engine.hpp"

namespace emu::dynamodb {
// MD5("Outliers" then the key bytes of every value).
std::string partition_place(std::span<const Value* const> keys);

storage::Range table_rows(const Schema& schema);  // the items and every index entry
storage::Range slot_rows(const Schema& schema,
                         unsigned slot);  // the items (slot 0), or the entries of one index
unsigned slot_of(storage::BytesView row_key);

// The rows of one partition, a prefix to extend with part_bytes() of the range key.
storage::Key partition_prefix(const Schema& schema, unsigned slot, std::span<const Value* const> hash);
storage::Bytes part_bytes(const Value& key_value);  // self-delimiting and order-preserving
storage::Bytes open_bytes(
    const Value& key_value);  // the same without its end: what longer strings begin with too

// The row of an item or key; it must hold the table's key attributes in their types.
storage::Key item_row(const Schema& schema, const Item& item);
// The row of an item in an index; none when the item lacks an index key, or has it in another type.
std::optional<storage::Key> index_row(const Schema& schema, const Index& index, const Item& item);
// The rows with places from segment/total of the hash space, by the first 12 bits (B7).
storage::Range segment_rows(const Schema& schema, unsigned slot, int segment, int total);

Item key_of(const KeyShape& shape, const Item& item);  // its key attributes only
Item projected(const Index& index, const Item& item);

// Capacity units (E5): of the table, and of each index touched.
struct Cost {
  double table = 0;
  std::vector<std::pair<const Index*, double>> indexes;
};
// Adds to the batch the change of the item's row from `old` to `now` (either may be null: no item; both the
// same: no change), in the table and in every index, and what it does to the item's expiry.
Cost stage(storage::Batch& batch, const Schema& schema, const storage::Key& row, const Item* old,
           const Item* now);
// The entries of one new index for an existing item.
void stage_entry(storage::Batch& batch, const Schema& schema, const Index& index, const Item& item);
}  // namespace emu::dynamodb
