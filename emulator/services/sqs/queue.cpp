#include "emulator/services/sqs/queue.hpp"

#include <algorithm>

#include "emulator/services/sqs/message_rows.hpp"

namespace emu::sqs {
std::string queue_arn(const Scope& scope, std::string_view name) {
  return Arn{"aws", "sqs", scope.region, scope.account, std::string(name)}.text();
}

Queue::State::State(QueueRecord made, bool is_fifo)
    : record(std::move(made)),
      settings(std::make_shared<const Settings>(Settings::of(record))),
      messages(std::make_unique<Messages>(is_fifo)),
      fifo(is_fifo ? std::make_unique<Fifo>() : nullptr) {}

Queue::Queue(Scope scope_, std::string name_, QueueRecord record, Alarms& alarms, std::size_t most_in_flight_)
    : scope(std::move(scope_)),
      name(std::move(name_)),
      arn(queue_arn(scope, name)),
      id(record.StorageId),
      fifo(Settings::of(record).fifo),
      most_in_flight(most_in_flight_),
      alarms_(alarms),
      state_(std::move(record), fifo) {}

void Queue::State::advance(Time now) {
  messages->advance(now, settings->retention, expired);
  if (!fifo) return;
  fifo->deduplication.advance(now, past);
  fifo->attempts.advance(now);
}

void Queue::State::forget_all() {
  messages = std::make_unique<Messages>(fifo != nullptr);
  if (fifo) fifo = std::make_unique<Fifo>();
  expired = {};
  past = {};
}

void Queue::State::stage_leftovers(storage::Batch& batch, std::uint64_t queue, std::size_t most) {
  for (; !expired.empty() && most > 0; --most, expired.pop_back())
    erase_message(batch, queue, expired.back());
  for (; !past.empty() && most > 0; --most, past.pop_back())
    batch.erase(deduplication_row(queue, past.back()));
}

// One waiter is woken at a time: it takes what it may, and what is left wakes the next.
void Queue::settle(State& state) {
  if (state.waiting.empty()) return;
  if (state.messages->any() && state.messages->in_flight() < most_in_flight) {
    const auto first = std::move(state.waiting.front());
    state.waiting.pop_front();
    first->signal();
  }
  const Time due = state.messages->due();
  if (state.waiting.empty() || due >= state.alarm) return;
  state.alarm = due;
  alarms_.set(due, weak_from_this());
}

void Queue::ring(const Clock& clock) {
  with(clock, [](State& state, Time) {
    state.alarm = kNever;
    return Done{};
  });
}

void Queue::stop_waiting(const std::shared_ptr<Wakeup>& wakeup) {
  state_.with([&](State& state) {
    const auto it = std::ranges::find(state.waiting, wakeup);
    if (it != state.waiting.end()) state.waiting.erase(it);
  });
}

void Queue::pass_on(const Clock& clock) {
  with(clock, [](State&, Time) { return Done{}; });
}

QueueRecord Queue::record() {
  return state_.with([](const State& state) { return state.record; });
}

SharedSettings Queue::settings() {
  return state_.with([](const State& state) { return state.settings; });
}

Counts Queue::counts(const Clock& clock) {
  return with(clock, [](const State& state, Time) { return state.messages->counts(); });
}

std::uint64_t Queue::next_sequence(Time now) {
  const auto at = static_cast<std::uint64_t>(std::max<std::int64_t>(now.time_since_epoch().count(), 0));
  auto last = last_sequence_.load();
  auto next = std::max(at, last + 1);
  while (!last_sequence_.compare_exchange_weak(last, next)) next = std::max(at, last + 1);
  return next;
}

void Queue::sequence_was(std::uint64_t sequence) {
  if (sequence > last_sequence_) last_sequence_ = sequence;
}
}  // namespace emu::sqs
