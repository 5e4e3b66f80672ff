// One queue: its record, what was parsed from it, its messages, and who waits for some. Shared by the
// requests on it; whoever still holds a deleted one finds it so. What follows changes under its lock only,
// which is held while a change is written, so that the disk sees changes in the same order. Sends to a
// standard queue write before they take it: they share the gate, which is closed to them while rows are
// erased as ranges.
#pragma once
#include <atomic>
#include <list>
#include <shared_mutex>

#include "emulator/api/context.hpp"
#include "emulator/base/error.hpp"
#include "emulator/services/sqs/alarms.hpp"
#include "emulator/services/sqs/core/attempts.hpp"
#include "emulator/services/sqs/core/deduplication.hpp"
#include "emulator/services/sqs/settings.hpp"
#include "storage/engine.hpp"

namespace emu::sqs {
using SharedSettings = std::shared_ptr<const Settings>;

class Queue : public std::enable_shared_from_this<Queue> {
 public:
  Queue(Scope scope, std::string name, QueueRecord record, Alarms& alarms, std::size_t most_in_flight);
  const Scope scope;
  const std::string name, arn;
  const std::uint64_t id;  // the first part of the keys of its messages
  const bool fifo;
  const std::size_t most_in_flight;

  // What only FIFO queues need.
  struct Fifo {
    Deduplication deduplication;
    Attempts attempts;
  };
  struct State {
    State(QueueRecord made, bool is_fifo);
    QueueRecord record;
    SharedSettings settings;
    bool deleted = false;
    std::unique_ptr<Messages> messages;
    std::unique_ptr<Fifo> fifo;                  // null: a standard queue
    std::vector<std::uint64_t> expired, past;    // messages and deduplications with rows of no use
    std::list<std::shared_ptr<Wakeup>> waiting;  // long polls, the longest waiting first
    Time alarm = kNever;                         // what Alarms rings at for those
    void advance(Time now);
    void forget_all();  // every message, and what is known of earlier ones
    // Adds the erasure of some of the rows of no use to a batch that is written anyway.
    void stage_leftovers(storage::Batch& batch, std::uint64_t queue, std::size_t most = 100);
  };
  // Runs work(State&, Time now) under the lock, with all that is due by now done. Whoever waits for what it
  // made possible is woken.
  template <class F>
  auto with(const Clock& clock, F work) {
    return state_.with([&](State& state) {
      const Time now = clock.now();
      state.advance(now);
      auto out = work(state, now);
      settle(state);
      return out;
    });
  }

  // Before the first request: nothing is due yet, nobody waits.
  template <class F>
  void load(F work) {
    state_.with(work);
  }

  QueueRecord record();
  SharedSettings settings();
  Counts counts(const Clock& clock);
  // Strictly ascending, also over restarts: the microsecond, or one more than the last.
  std::uint64_t next_sequence(Time now);
  void sequence_was(std::uint64_t sequence);  // none that follows is less; for load
  void ring(const Clock& clock);              // an alarm that was set
  // Takes a wakeup out of State::waiting, if it still is there. Who leaves then without another look at the
  // messages passes on what it may have been woken for.
  void stop_waiting(const std::shared_ptr<Wakeup>& wakeup);
  void pass_on(const Clock& clock);

  std::shared_mutex gate;
  std::atomic<bool> gone = false;  // deleted; changes with the gate closed

 private:
  void settle(State& state);
  Alarms& alarms_;
  std::atomic<std::uint64_t> last_sequence_ = 0;
  Guarded<State> state_;
};
using SharedQueue = std::shared_ptr<Queue>;

std::string queue_arn(const Scope& scope, std::string_view name);
}  // namespace emu::sqs
