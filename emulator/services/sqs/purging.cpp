// PurgeQueue, and what deletion of a queue does with its messages.
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/message_rows.hpp"
#include "emulator/services/sqs/queue_url.hpp"

namespace emu::sqs {
namespace {
constexpr auto kPurgeInterval = std::chrono::seconds(60);  // spec-sqs 13

struct PurgeQueueInput {
  std::optional<std::string> QueueUrl;
};
BOOST_DESCRIBE_STRUCT(PurgeQueueInput, (), (QueueUrl))

Result<Empty> purge_queue(Sqs& service, Context& context, PurgeQueueInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  auto purged = service.purge(**queue);
  if (!purged) return std::move(purged.error());
  return Empty{};
}

constexpr Operation kRows[] = {op<purge_queue>("PurgeQueue")};
}  // namespace

std::span<const Operation> purging_operations() { return kRows; }

void Sqs::erase_messages(std::uint64_t queue, std::uint64_t through) {
  for (const auto space : kMessageSpaces) {
    const auto rows = storage::prefix(storage::Key(space).u64(queue));
    storage::Range range{rows.from, storage::Key(space).u64(queue).u64(through).bytes() + '\0'};
    if (through == kAllMessages) range.to = rows.to;
    if (storage::first_key(disk, range)) disk.erase(range);
  }
}

// What the record says is in force at once: the rows are erased after it, by the next start if need be.
Result<Done> Sqs::purge(Queue& queue) {
  const std::lock_guard closed(queue.gate);
  return queue.with(clock, [&](Queue::State& state, Time now) -> Result<Done> {
    if (state.deleted) return no_such_queue();
    const auto purged = state.record.Purged;
    if (limits.sixty_seconds && purged && now - Time(Duration(*purged)) < kPurgeInterval)
      return AwsError{
          "PurgeQueueInProgress",
          fmt::format("Only one PurgeQueue operation on {} is allowed every 60 seconds.", queue.name), 403};
    QueueRecord next = state.record;
    next.Purged = now.time_since_epoch().count();
    next.PurgedThrough = queue.next_sequence(now);
    records.put(queue.scope, queue.name, next);
    state.record = std::move(next);
    state.forget_all();
    erase_messages(queue.id, state.record.PurgedThrough);
    return Done{};
  });
}

bool Sqs::remove(Queue& queue) {
  const std::lock_guard closed(queue.gate);
  return queue.with(clock, [&](Queue::State& state, Time) {
    if (state.deleted) return false;
    records.erase(queue.scope, queue.name);
    state.deleted = queue.gone = true;
    queues.remove(queue);
    state.forget_all();
    for (auto waiting = std::move(state.waiting); const auto& wakeup : waiting) wakeup->signal();
    erase_messages(queue.id, kAllMessages);
    moves.forget(queue);
    return true;
  });
}
}  // namespace emu::sqs
