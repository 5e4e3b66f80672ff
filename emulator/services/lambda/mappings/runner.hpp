// What reads one source and invokes the function: a coroutine that lives as long as its mapping, works while
// it is enabled, and rests on a wakeup otherwise. Owned by Mappings and by its own coroutines; each batch is
// handled by the settings of its start.
#pragma once
#include "emulator/api/poll.hpp"
#include "emulator/services/lambda/mappings/record.hpp"

namespace emu::lambda {
using SharedMapping = std::shared_ptr<const Mapping>;

class Runner : public std::enable_shared_from_this<Runner> {
 public:
  virtual ~Runner() = default;
  virtual awaitable<void> run() = 0;  // until end(); the caller holds the runner
  void set(SharedMapping mapping);    // other settings, or enabled or not
  void end();

 protected:
  explicit Runner(SharedMapping mapping);
  SharedMapping mapping();
  bool working();  // enabled and not ended
  bool over();
  // A change wakes this until the next one is given.
  void interrupted_by_change(const std::shared_ptr<Wakeup>& wakeup);
  // A poll that a change of the settings abandons.
  std::shared_ptr<Poll> new_poll();
  void wake();  // the wakeup only

 private:
  void rouse();
  struct State {
    SharedMapping mapping;
    bool over = false;
    std::shared_ptr<Wakeup> wakeup;
    std::shared_ptr<Poll> poll;
  };
  Guarded<State> state_;
};
}  // namespace emu::lambda
