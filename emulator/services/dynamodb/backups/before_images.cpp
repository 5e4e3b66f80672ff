#include "emulator/services/dynamodb/backups/before_images.hpp"

#include "emulator/services/dynamodb/backups/copy.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
namespace {
using storage::Key;
using storage::Space;

constexpr std::size_t kHead = 1 + 8 + 8;      // space, storage id, time
constexpr std::size_t kItemHead = 1 + 8 + 2;  // space, storage id, slot
constexpr std::size_t kChunk = 500;           // rows per Batch

Key at(std::uint64_t storage_id, std::uint64_t time) {
  return Key(Space::before_images).u64(storage_id).u64(time);
}
}  // namespace

bool keeps_before_images(const Core& core) {
  return core.copies > 0 || (core.schema && core.schema->record.PointInTimeRecoverySince);
}

void stage_before_image(storage::Batch& batch, const Schema& schema, std::uint64_t time, const Key& row,
                        const Item* old) {
  batch.put(at(schema.record.StorageId, time).raw(storage::BytesView(row.bytes()).substr(kItemHead)),
            old ? encode_item(*old) : storage::Bytes());
}

storage::Range before_images(std::uint64_t storage_id) {
  return storage::prefix(Key(Space::before_images).u64(storage_id));
}

// From the latest to the earliest, so that of several before-images of a row the earliest stays.
void rewind_copy(DynamoDb& service, const Schema& table, std::uint64_t copy_storage_id, std::uint64_t time) {
  auto rows = before_images(table.record.StorageId);
  rows.from = at(table.record.StorageId, time + 1).bytes();
  for (bool more = true; more;) {
    storage::Batch batch;
    storage::Bytes last;
    more = false;
    service.disk.scan_reverse(rows, [&](storage::BytesView key, storage::BytesView item) {
      const auto row = item_place(copy_storage_id).raw(key.substr(kHead));
      if (item.empty())
        batch.erase(row);
      else
        batch.put(row, storage::Bytes(item));
      if (batch.changes.size() < kChunk) return true;
      last = storage::Bytes(key);
      more = true;
      return false;
    });
    service.disk.write(batch);
    rows.to = std::move(last);  // not before: the scan still looks at it
  }
}

void trim_before_images(DynamoDb& service, const Core& core, Time now) {
  if (!core.schema || core.copies > 0) return;
  const auto& record = core.schema->record;
  auto old = before_images(record.StorageId);
  if (record.PointInTimeRecoverySince) {
    const auto period = std::chrono::days(record.RecoveryPeriodInDays.value_or(kMaxRecoveryDays));
    old.to = at(record.StorageId, change_time_of(now - period)).bytes();
  }
  if (storage::first_key(service.disk, old)) service.disk.erase(old);
}
}  // namespace emu::dynamodb
