// Coroutines of one loop that wait until something they share has changed. Part of whoever changes it: the
// APIs of an environment, its telemetry, the environment itself. Used on that loop only.
#pragma once
#include <vector>

#include "emulator/base/clock.hpp"

namespace emu {
class Waiters {
 public:
  // Until woken (true) or too late. Must be awaited on `loop`; what it is part of must outlive the wait.
  awaitable<bool> wait(Clock& clock, asio::any_io_executor loop, Time deadline);
  void wake_all();
  void wake_one();  // who has waited longest

 private:
  std::vector<std::shared_ptr<Wakeup>> waiting_;
};
}  // namespace emu
