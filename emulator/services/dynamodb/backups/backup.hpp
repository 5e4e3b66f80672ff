// A backup (C12): what it keeps of its table, on disk as Space::backups, and its ARN. Its items lie among all
// items under a storage id of their own, without index entries. It outlives its table.
#pragma once
#include "emulator/services/dynamodb/schema.hpp"

namespace emu::dynamodb {
struct BackupRecord {
  std::string BackupName, BackupType;  // USER, or SYSTEM: of a deleted table that had point-in-time recovery
  double CreationDateTime = 0;
  std::optional<double> ExpiryDateTime;
  std::int64_t SizeBytes = 0, ItemCount = 0;
  TableRecord Source;
  std::uint64_t StorageId = 0;
};
BOOST_DESCRIBE_STRUCT(BackupRecord, (),
                      (BackupName, BackupType, CreationDateTime, ExpiryDateTime, SizeBytes, ItemCount, Source,
                       StorageId))

// The parts of arn:aws:dynamodb:⟨r⟩:⟨acct⟩:table/⟨t⟩/backup/⟨id⟩; name() is that of its record.
struct BackupKey {
  std::string table, id;
  std::string name() const { return table + "/" + id; }
  std::string arn(const Scope& scope) const { return table_arn(scope, table) + "/backup/" + id; }
  static BackupKey parse(std::string_view arn);  // throws if it is none
  static BackupKey of_record(std::string_view name);
};
}  // namespace emu::dynamodb
