// A wait for messages that its caller may give up, from any thread: once it is given up nothing is taken for
// it. Used by who waits at a queue for a client that may hang up, or for an event source that may be switched
// off.
#pragma once
#include "emulator/base/clock.hpp"
#include "emulator/base/guarded.hpp"

namespace emu {
class Poll {
 public:
  void abandon() {
    const auto sleeping = state_.with([](State& state) {
      state.abandoned = true;
      return state.sleeping;
    });
    if (sleeping) sleeping->signal();
  }
  bool abandoned() {
    return state_.with([](const State& state) { return state.abandoned; });
  }
  // For who waits: abandon() signals this from now on, at once if it has happened.
  void sleep(const std::shared_ptr<Wakeup>& wakeup) {
    const bool abandoned = state_.with([&](State& state) {
      state.sleeping = wakeup;
      return state.abandoned;
    });
    if (abandoned) wakeup->signal();
  }

 private:
  struct State {
    bool abandoned = false;
    std::shared_ptr<Wakeup> sleeping;
  };
  Guarded<State> state_;
};
}  // namespace emu
