// One timer for all queues: rings a queue that somebody waits at when something hidden in it becomes visible.
#pragma once
#include <map>
#include <memory>

#include "emulator/base/clock.hpp"
#include "emulator/base/guarded.hpp"

namespace emu::sqs {
class Queue;

class Alarms {
 public:
  void set(Time at, std::weak_ptr<Queue> queue);
  awaitable<void> run(Clock& clock);  // until the loops stop

 private:
  struct State {
    std::multimap<Time, std::weak_ptr<Queue>> set;
    std::shared_ptr<Wakeup> sleeping;
    Time until = kNever;  // what `sleeping` sleeps for
  };
  std::vector<std::shared_ptr<Queue>> take_due(Time now);
  Guarded<State> state_;
};
}  // namespace emu::sqs
