// DynamoDB's part of `emu verify`.
#include "emulator/services/dynamodb/checks/owners.hpp"
#include "emulator/services/dynamodb/checks/stream_check.hpp"
#include "emulator/services/dynamodb/checks/table_check.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
void DynamoDb::verify(Report& report) {
  for (const auto space : {storage::Space::items, storage::Space::expiries, storage::Space::before_images})
    report.covers(space);
  Owners owners;
  StreamCheck stream_check(disk, report);
  records.verify(report, "table", [&](const Scope& scope, const std::string& table_name, TableRecord record) {
    const auto schema = make_schema(scope, table_name, std::move(record));
    if (!owners.add(*schema))
      report.add({fmt::format("table {} ({}, {})", table_name, scope.account, scope.region),
                  "another table has the same rows", kRestore});
    TableCheck(disk, *schema, report).run();
    stream_check.table(schema);
  });
  backups.verify(report, "backup",
                 [&](const Scope& scope, const std::string& backup_name, BackupRecord backup) {
                   owners.add(backup);
                   TableRecord items = std::move(backup.Source);  // they have no entries in its indexes
                   items.StorageId = backup.StorageId;
                   items.Indexes.clear();
                   items.TimeToLiveAttribute.reset();
                   TableCheck(disk, *make_schema(scope, backup_name, std::move(items)), report).run();
                 });
  transfers.verify(report, "transfer", [](const Scope&, const std::string&, const TransferRecord&) {});
  streams.verify(report, [&](const StreamName& stream, const StoredStream& stored) {
    stream_check.stream(stream, stored);
  });
  stream_check.strays();
  for (const auto& range : owners.leftovers(disk))
    disk.scan(range, [&](storage::BytesView, storage::BytesView) {
      report.count("rows of what was deleted, which the next start erases");
      return true;
    });
}
}  // namespace emu::dynamodb
