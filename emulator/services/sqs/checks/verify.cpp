// SQS's part of `emu verify`.
#include "emulator/services/sqs/checks/queue_check.hpp"
#include "emulator/services/sqs/leftovers.hpp"
#include "emulator/services/sqs/message_rows.hpp"
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
void Sqs::verify(Report& report) {
  for (const auto space : kMessageSpaces) report.covers(space);
  std::set<std::uint64_t> known;
  records.verify(report, "queue",
                 [&](const Scope& scope, const std::string& queue_name, const QueueRecord& record) {
                   if (!known.insert(record.StorageId).second)
                     report.add({fmt::format("queue {} ({}, {})", queue_name, scope.account, scope.region),
                                 "another queue has the same rows", kRestore});
                   QueueCheck(disk, scope, queue_name, record, report).run();
                 });
  move_tasks.verify(report, "move task");
  for (const auto& range : leftovers(disk, known))
    disk.scan(range, [&](storage::BytesView, storage::BytesView) {
      report.count("rows of what was deleted, which the next start erases");
      return true;
    });
}
}  // namespace emu::sqs
