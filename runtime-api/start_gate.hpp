// Lets few environments initialise at a time, so that hundreds of simultaneous cold starts on a small machine
// do not starve each other past the init limit. A place is given back when the runtime is ready, but after
// half a second at the latest: an initialisation that itself waits for another function cannot block it for
// good.
#pragma once
#include <deque>

#include "emulator/base/clock.hpp"
#include "emulator/base/guarded.hpp"

namespace emu::runtime {
class StartGate {
 public:
  StartGate(Clock& clock, int places) : clock_(clock), state_(State{places, {}}) {}
  awaitable<void> enter();
  // Holds the place until `initialised` is signalled or its time is over. Spawn it: it waits.
  awaitable<void> hold(std::shared_ptr<Wakeup> initialised);
  void leave();  // if nothing was started after all

 private:
  struct State {
    int free;
    std::deque<std::shared_ptr<Wakeup>> waiting;
  };
  Clock& clock_;
  Guarded<State> state_;
};
}  // namespace emu::runtime
