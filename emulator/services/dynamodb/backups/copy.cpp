#include "emulator/services/dynamodb/backups/copy.hpp"

#include "emulator/services/dynamodb/backups/before_images.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kSlice = 500;  // rows per Batch
}

storage::Key item_place(std::uint64_t storage_id) {
  return storage::Key(storage::Space::items).u64(storage_id).raw({"\0\0", 2});  // slot 0
}

void copy_items(DynamoDb& service, std::uint64_t from_storage_id, std::uint64_t to_storage_id) {
  const auto from = item_place(from_storage_id);
  storage::each_slice(
      service.disk, storage::prefix(from), kSlice, [&](const std::vector<storage::Row>& rows) {
        storage::Batch batch;
        for (const auto& [row, item] : rows)
          batch.put(item_place(to_storage_id).raw(storage::BytesView(row).substr(from.bytes().size())), item);
        service.disk.write(batch);
      });
}

void erase_items(DynamoDb& service, std::uint64_t storage_id) {
  service.disk.erase(storage::prefix(storage::Key(storage::Space::items).u64(storage_id)));
}

Copying::Copying(DynamoDb& service, const Table& table) : service_(service), table_(table) {
  table_.core->alone([&](Core& core) {
    ++core.copies;
    since_ = service_.change_time();
  });
}

Copying::~Copying() {
  table_.core->alone([&](Core& core) {
    --core.copies;
    trim_before_images(service_, core, service_.clock.now());
  });
}

std::optional<std::uint64_t> Copying::items_at(std::uint64_t time) {
  const auto copy = service_.ids.number();
  copy_items(service_, table_.schema->record.StorageId, copy);
  rewind_copy(service_, *table_.schema, copy, time);
  const bool there = table_.core->alone([](Core& core) { return core.schema != nullptr; });
  if (there) return copy;
  erase_items(service_, copy);
  return std::nullopt;
}
}  // namespace emu::dynamodb
