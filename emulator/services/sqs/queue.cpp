#include "emulator/services/sqs/queue.hpp"

namespace emu::sqs {
std::string queue_arn(const Scope& scope, std::string_view name) {
  return Arn{"aws", "sqs", scope.region, scope.account, std::string(name)}.text();
}

Queue::Queue(Scope scope_, std::string name_, QueueRecord record)
    : scope(std::move(scope_)),
      name(std::move(name_)),
      arn(queue_arn(scope, name)),
      id(record.StorageId),
      fifo(Settings::of(record).fifo) {
  state.with([&](State& s) {
    s.settings = Settings::of(record);
    s.record = std::move(record);
  });
}

Counts Queue::counts(Time) { return {}; }
}  // namespace emu::sqs
