// Which tables, indexes and backups there are, as the rows of items, expiries and before-images name them.
// What names none of them is left over from a DeleteTable or UpdateTable that a crash cut short: nobody reads
// it, load() erases it, `emu verify` counts it.
#pragma once
#include <map>
#include <set>

#include "emulator/services/dynamodb/backups/backup.hpp"
#include "emulator/services/dynamodb/schema.hpp"
#include "storage/engine.hpp"

namespace emu::dynamodb {
class Owners {
 public:
  bool add(const Schema& schema);  // false: another table has its storage id
  bool add(const BackupRecord& backup);
  // Reads one key per table and index, not their rows.
  std::vector<storage::Range> leftovers(const storage::Engine& disk) const;

 private:
  struct Owner {
    std::set<unsigned> slots;
    bool expires, remembers;  // time to live, point-in-time recovery
  };
  storage::Range group_of(storage::BytesView row) const;
  bool owned(storage::BytesView row) const;
  std::map<storage::Bytes, Owner, std::less<>> by_storage_id_;
};
}  // namespace emu::dynamodb
