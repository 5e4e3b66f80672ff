#include "emulator/services/sqs/sqs.hpp"

#include "emulator/services/sqs/errors.hpp"

namespace emu::sqs {
Sqs::Sqs(storage::Engine& disk_, Clock& clock_, Loops& loops_, Ids& ids_)
    : disk(disk_), clock(clock_), loops(loops_), ids(ids_), records(disk_, storage::Space::queues) {}

std::span<const Operation> Sqs::operations() const {
  static const auto rows = joined({queue_operations(), sending_operations()});
  return rows;
}

void Sqs::load() {
  records.each([&](const Scope& scope, std::string queue_name, QueueRecord record) {
    queues.add(std::make_shared<Queue>(scope, std::move(queue_name), std::move(record)));
  });
}

void Sqs::verify(Report& report) { records.verify(report, "queue"); }

SharedQueue Sqs::create(const Scope& scope, const std::string& queue_name, QueueRecord record) {
  const std::lock_guard hold(creating_);
  if (queues.find(scope, queue_name)) return nullptr;
  record.StorageId = ids.number();
  record.Created = record.Modified = clock.now().time_since_epoch().count();
  const auto scope_attribute = record.Attributes.find("DeduplicationScope");
  record.DeduplicatesPerGroup =
      scope_attribute != record.Attributes.end() && scope_attribute->second == "messageGroup";
  records.put(scope, queue_name, record);
  auto queue = std::make_shared<Queue>(scope, queue_name, std::move(record));
  queues.add(queue);
  return queue;
}

bool Sqs::remove(Queue& queue) {
  return queue.state.with([&](Queue::State& state) {
    if (state.deleted) return false;
    records.erase(queue.scope, queue.name);
    state.deleted = true;
    queues.remove(queue);
    return true;
  });
}

AwsError Sqs::no_longer_there() { return no_such_queue(); }

void Sqs::keep(Queue& queue, Queue::State& state, QueueRecord next) {
  records.put(queue.scope, queue.name, next);
  state.settings = Settings::of(next);
  state.record = std::move(next);
}
}  // namespace emu::sqs
