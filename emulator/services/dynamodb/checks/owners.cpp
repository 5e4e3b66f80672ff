#include "emulator/services/dynamodb/checks/owners.hpp"

#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
namespace {
using storage::BytesView;
using storage::Space;
constexpr std::size_t kIdAt = 1, kSlotAt = 9, kRestAt = 11;  // in the keys of Space::items

Space space_of(BytesView row) { return static_cast<Space>(row.front()); }
std::size_t head_of(BytesView row) { return space_of(row) == Space::items ? kRestAt : kSlotAt; }
}  // namespace

bool Owners::add(const Schema& schema) {
  Owner owner{
      {0}, schema.record.TimeToLiveAttribute.has_value(), schema.record.PointInTimeRecoverySince.has_value()};
  for (const auto& index : schema.indexes) owner.slots.insert(index.slot);
  return by_storage_id_.emplace(table_rows(schema).from.substr(kIdAt), std::move(owner)).second;
}

bool Owners::add(const BackupRecord& backup) {
  const auto id = storage::Key(Space::items).u64(backup.StorageId).bytes().substr(kIdAt);
  return by_storage_id_.emplace(id, Owner{{0}, false, false}).second;
}

bool Owners::owned(BytesView row) const {
  if (row.size() < head_of(row)) return false;
  const auto it = by_storage_id_.find(row.substr(kIdAt, kSlotAt - kIdAt));
  if (it == by_storage_id_.end()) return false;
  if (space_of(row) == Space::items) return it->second.slots.contains(slot_of(row));
  return space_of(row) == Space::expiries ? it->second.expires : it->second.remembers;
}

// The rows that are owned as this one is.
storage::Range Owners::group_of(BytesView row) const {
  if (row.size() < head_of(row)) return {storage::Bytes(row), storage::Bytes(row) + '\0'};
  const bool known = by_storage_id_.contains(row.substr(kIdAt, kSlotAt - kIdAt));
  return storage::prefix(row.substr(0, known ? head_of(row) : kSlotAt));
}

std::vector<storage::Range> Owners::leftovers(const storage::Engine& disk) const {
  std::vector<storage::Range> out;
  for (const auto space : {Space::items, Space::expiries, Space::before_images}) {
    auto rest = storage::prefix(storage::Key(space));
    while (const auto row = storage::first_key(disk, rest)) {
      auto group = group_of(*row);
      rest.from = group.to;
      if (!owned(*row)) out.push_back(std::move(group));
    }
  }
  return out;
}
}  // namespace emu::dynamodb
