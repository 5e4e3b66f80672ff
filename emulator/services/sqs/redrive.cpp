#include "emulator/services/sqs/redrive.hpp"

#include "emulator/services/sqs/message.hpp"
#include "emulator/services/sqs/message_rows.hpp"

namespace emu::sqs {
namespace {
// What a dead letter keeps: its count, its first receive and, in a standard queue, its age.
MessageState arrived(MessageState state, const Queue::State& there, Time now) {
  if (there.fifo) state.since = now;
  state.visible_at = now + there.settings->delay;
  state.fresh = true;
  state.attempt = kNoDigest;
  return state;
}

void move_dead(Sqs& service, Queue& source, Queue::State& from, Queue& letters, Queue::State& to,
               std::size_t among, Time now) {
  struct Move {
    Slot slot;
    std::uint64_t sequence;  // in the dead-letter queue
    MessageState state;
  };
  std::vector<Move> moves;
  storage::Batch batch;
  for (const Slot slot : from.messages->pick(among)) {
    if (from.messages->receives(slot) < from.settings->redrive->max_receives) continue;
    const auto sequence = from.messages->sequence(slot);
    const auto row = service.disk.get(message_row(source.id, sequence).bytes());
    auto message = row ? decode_message(*row) : std::nullopt;
    if (!message) throw std::runtime_error("a message of queue " + source.name + " cannot be read");
    message->source_arn = source.arn;
    const auto state = arrived(from.messages->state(slot), to, now);
    moves.push_back({slot, letters.next_sequence(now), state});
    batch.put(message_row(letters.id, moves.back().sequence), encode_message(*message));
    batch.put(state_row(letters.id, moves.back().sequence), encode_state(state));
    erase_message(batch, source.id, sequence);
  }
  service.disk.write(batch);
  for (const auto& move : moves) {
    from.messages->remove(move.slot);
    to.messages->add(move.sequence, move.state);
  }
}
}  // namespace

bool redrive(Sqs& service, Queue& source, std::size_t among) {
  const auto settings = source.settings();
  if (!settings->redrive) return false;
  const auto letters = service.queues.find(settings->redrive->arn);
  if (!letters || letters.get() == &source || letters->fifo != source.fifo) return false;
  return with_both(service.clock, source, *letters, [&](Queue::State& from, Queue::State& to, Time now) {
    if (from.deleted || to.deleted || !from.settings->redrive) return false;
    move_dead(service, source, from, *letters, to, among, now);
    return true;
  });
}
}  // namespace emu::sqs
