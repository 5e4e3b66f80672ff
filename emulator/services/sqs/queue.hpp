// One queue: its record, what was parsed from it, and its messages. Shared by the requests on it; whoever
// still holds a deleted one finds it so under its lock.
#pragma once
#include <atomic>
#include <memory>

#include "emulator/api/context.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/services/sqs/settings.hpp"

namespace emu::sqs {
// As GetQueueAttributes shows them: exact.
struct Counts {
  std::size_t visible = 0, in_flight = 0, delayed = 0;
};

class Queue {
 public:
  Queue(Scope scope, std::string name, QueueRecord record);
  const Scope scope;
  const std::string name, arn;
  const std::uint64_t id;  // the first part of the keys of its messages
  const bool fifo;

  struct State {
    QueueRecord record;
    Settings settings;
    bool deleted = false;
  };
  Guarded<State> state;

  QueueRecord record() {
    return state.with([](const State& s) { return s.record; });
  }
  Counts counts(Time now);
};
using SharedQueue = std::shared_ptr<Queue>;

std::string queue_arn(const Scope& scope, std::string_view name);
}  // namespace emu::sqs
