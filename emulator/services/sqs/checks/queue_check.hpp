// One queue on disk, for `emu verify`: each message has a body and a state that can be read and agree, and
// each deduplication row stands for a number the queue has given. Streams over the rows.
#pragma once
#include "emulator/api/report.hpp"
#include "emulator/services/sqs/queue.hpp"
#include "storage/engine.hpp"

namespace emu::sqs {
class QueueCheck {
 public:
  QueueCheck(const storage::Engine& disk, const Scope& scope, std::string_view name,
             const QueueRecord& record, Report& report);
  void run();

 private:
  void state(const storage::Row& row);
  void body(const storage::Row& row);
  void deduplication(const storage::Row& row);
  void report(std::uint64_t sequence, std::string what);
  template <class F>
  void each(storage::Space space, F visit);
  const storage::Engine& disk_;
  const QueueRecord& record_;
  const bool fifo_;
  Report& report_;
  std::string queue_;  // as defects name it
};
}  // namespace emu::sqs
