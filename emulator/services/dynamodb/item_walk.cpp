#include "emulator/services/dynamodb/item_walk.hpp"

#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kSlice = 500;  // items per Batch
}

void walk_items(DynamoDb& service, const Schema& schema, const StageItem& stage) {
  storage::each_slice(service.disk, slot_rows(schema, 0), kSlice, [&](const std::vector<storage::Row>& rows) {
    storage::Batch batch;
    for (const auto& [row, bytes] : rows)
      if (const auto item = decode_item(bytes))
        stage(batch, storage::Key(storage::Space::items).raw(storage::BytesView(row).substr(1)), *item);
    service.disk.write(batch);
  });
}

void fill_index(DynamoDb& service, const Schema& schema, const Index& index) {
  service.disk.erase(slot_rows(schema, index.slot));  // of an attempt that failed on the way
  walk_items(service, schema, [&](storage::Batch& batch, const storage::Key&, const Item& item) {
    if (indexable(index, item)) stage_entry(batch, schema, index, item);
  });
}
}  // namespace emu::dynamodb
