#include "emulator/services/sqs/receive.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/message_rows.hpp"
#include "emulator/services/sqs/receipt_handle.hpp"
#include "emulator/services/sqs/redrive.hpp"

namespace emu::sqs {
namespace {
struct Leased {
  std::uint64_t sequence = 0;
  MessageState state;
};
struct Taken {
  std::vector<Leased> leased;
  bool dead_letters = false;  // some are to be moved before anything is taken
  bool over_limit = false;    // a standard queue has as many in flight as it may
};

AwsError over_limit() {
  return {"OverLimit", "The maximum number of in flight messages is reached for the queue.", 403};
}

bool is_dead(const Queue::State& state, Slot slot) {
  return state.messages->receives(slot) >= state.settings->redrive->max_receives;
}

// One look at the queue, under its lock.
class Take {
 public:
  Take(Sqs& service, Queue& queue, Queue::State& state, const Wanted& wanted, Time now)
      : service_(service), queue_(queue), state_(state), wanted_(wanted), now_(now) {}

  Taken run(bool redrives) {
    Taken out;
    const auto again = repeated();
    auto slots = again.empty() ? fresh(out) : again;
    if (redrives && again.empty() && state_.settings->redrive)
      out.dead_letters = std::ranges::any_of(slots, [&](Slot slot) { return is_dead(state_, slot); });
    if (!out.dead_letters && !slots.empty()) lease(slots, !again.empty(), out);
    return out;
  }

 private:
  std::vector<Slot> repeated() {
    if (!state_.fifo || wanted_.attempt == kNoDigest) return {};
    return state_.fifo->attempts.again(wanted_.attempt, *state_.messages, now_);
  }
  std::vector<Slot> fresh(Taken& out) {
    const auto in_flight = state_.messages->in_flight();
    out.over_limit = !queue_.fifo && in_flight >= queue_.most_in_flight;
    if (in_flight >= queue_.most_in_flight) return {};
    return state_.messages->pick(std::min(wanted_.most, queue_.most_in_flight - in_flight));
  }
  MessageState next_state(Slot slot, bool again) {
    auto state = state_.messages->state(slot);
    state.visible_at = now_ + wanted_.visibility.value_or(state_.settings->visibility);
    if (again) return state;
    state.fresh = false;
    if (state.receives++ == 0) state.first_received = now_;
    state.last_received = now_;
    state.nonce = service_.ids.number();
    state.attempt = wanted_.attempt;
    return state;
  }
  void lease(const std::vector<Slot>& slots, bool again, Taken& out) {
    storage::Batch batch;
    for (const Slot slot : slots) {
      out.leased.push_back({state_.messages->sequence(slot), next_state(slot, again)});
      const auto& [sequence, state] = out.leased.back();
      batch.put(state_row(queue_.id, sequence), encode_state(state));
    }
    state_.stage_leftovers(batch, queue_.id);
    service_.disk.write(batch);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const auto& [sequence, state] = out.leased[i];
      state_.messages->change(slots[i], state);
      if (!again && wanted_.attempt != kNoDigest) state_.fifo->attempts.note(wanted_.attempt, sequence, now_);
    }
  }
  Sqs& service_;
  Queue& queue_;
  Queue::State& state_;
  const Wanted& wanted_;
  const Time now_;
};

// With a wakeup: it is signalled when a next look is worth while, if this one found nothing.
Result<Taken> take(Sqs& service, Queue& queue, const Wanted& wanted, const std::shared_ptr<Wakeup>& wakeup) {
  for (bool redrives = true;;) {
    auto taken = queue.with(service.clock, [&](Queue::State& state, Time now) -> Result<Taken> {
      if (state.deleted) return no_such_queue();
      auto out = Take(service, queue, state, wanted, now).run(redrives);
      if (wakeup && out.leased.empty() && !out.dead_letters) state.waiting.push_back(wakeup);
      return out;
    });
    if (!taken || !taken->dead_letters) return taken;
    redrives = redrive(service, queue, wanted.most);
  }
}

// Messages that were deleted in between, by an older handle, are left out.
ReceivedMessages read(const Sqs& service, const Queue& queue, const std::vector<Leased>& leased) {
  ReceivedMessages out;
  out.reserve(leased.size());
  for (const auto& [sequence, state] : leased) {
    const auto row = service.disk.get(message_row(queue.id, sequence).bytes());
    if (!row) continue;
    auto message = decode_message(*row);
    if (!message) throw std::runtime_error("a message of queue " + queue.name + " cannot be read");
    out.push_back({std::move(*message), ReceiptHandle{queue.id, sequence, state.nonce}.text(), sequence,
                   state.receives, state.first_received});
  }
  return out;
}
}  // namespace

Result<ReceivedMessages> receive_now(Sqs& service, Queue& queue, const Wanted& wanted) {
  const auto taken = take(service, queue, wanted, nullptr);
  if (!taken) return taken.error();
  if (taken->over_limit) return over_limit();
  return read(service, queue, taken->leased);
}

awaitable<Result<ReceivedMessages>> receive(Sqs& service, SharedQueue queue, Wanted wanted, Duration wait,
                                            std::shared_ptr<Poll> poll) {
  const Time deadline = service.clock.now() + wait;
  const auto executor = co_await asio::this_coro::executor;
  while (!poll->abandoned()) {
    const bool last = service.clock.now() >= deadline;
    const auto wakeup = last ? nullptr : std::make_shared<Wakeup>(executor);
    const auto taken = take(service, *queue, wanted, wakeup);
    if (!taken) co_return taken.error();
    if (!taken->leased.empty()) {
      auto messages = read(service, *queue, taken->leased);
      if (!messages.empty()) co_return messages;
      continue;
    }
    if (last) break;
    poll->sleep(wakeup);
    co_await service.clock.wait(wakeup, deadline);
    queue->stop_waiting(wakeup);
  }
  queue->pass_on(service.clock);
  co_return ReceivedMessages{};
}
}  // namespace emu::sqs
