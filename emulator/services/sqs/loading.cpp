// What a start does: the queues' messages come back from their state rows, and the rows of what was deleted
// or purged when the daemon died are erased.
#include "emulator/base/log.hpp"
#include "emulator/services/sqs/leftovers.hpp"
#include "emulator/services/sqs/message_rows.hpp"
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
namespace {
void load_messages(const storage::Engine& disk, Queue& queue, Queue::State& state) {
  disk.scan(storage::prefix(storage::Key(storage::Space::message_states).u64(queue.id)),
            [&](storage::BytesView row, storage::BytesView value) {
              const auto sequence = sequence_of(row);
              auto message = decode_state(value);
              if (!message) {
                log_fault("loading queue " + queue.name, "a message's state cannot be read; see emu verify");
                return true;
              }
              // DelaySeconds may have changed since (spec-sqs 4).
              if (queue.fifo && message->fresh) message->visible_at = message->since + state.settings->delay;
              state.messages->add(sequence, *message);
              if (queue.fifo && message->attempt != kNoDigest)
                state.fifo->attempts.note(message->attempt, sequence, message->last_received);
              queue.sequence_was(sequence);
              return true;
            });
}

void load_deduplications(const storage::Engine& disk, Queue& queue, Queue::State& state) {
  disk.scan(storage::prefix(storage::Key(storage::Space::deduplications).u64(queue.id)),
            [&](storage::BytesView row, storage::BytesView value) {
              const auto sequence = sequence_of(row);
              if (const auto known = decode_duplicate(value))
                state.fifo->deduplication.add(known->id, sequence, known->accepted);
              queue.sequence_was(sequence);
              return true;
            });
}
}  // namespace

void Sqs::load() {
  records.each([&](const Scope& scope, std::string queue_name, QueueRecord record) {
    queues.add(
        std::make_shared<Queue>(scope, std::move(queue_name), std::move(record), alarms, limits.in_flight));
  });
  std::set<std::uint64_t> known;
  for (const auto& queue : queues.all()) {
    known.insert(queue->id);
    const auto purged = queue->record().PurgedThrough;
    if (purged > 0) erase_messages(queue->id, purged);
    queue->sequence_was(purged);
    queue->load([&](Queue::State& state) {
      load_messages(disk, *queue, state);
      if (queue->fifo) load_deduplications(disk, *queue, state);
    });
  }
  for (const auto& range : leftovers(disk, known)) disk.erase(range);
  moves.load();
}
}  // namespace emu::sqs
