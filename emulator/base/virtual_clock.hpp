// Time that jumps from one deadline to the next. Used by tests and experiments, on one io_context and one
// thread; a day of timers passes in microseconds.
#pragma once
#include <map>

#include "emulator/base/clock.hpp"

namespace boost::asio {
class io_context;
}

namespace emu {
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Time start = Time{}) : now_(start) {}
  Time now() const override { return now_; }
  awaitable<bool> wait(std::shared_ptr<Wakeup> wakeup, Time deadline) override;
  // Runs what is ready, jumps to the next deadline not after `until`, repeats; ends at `until`.
  void run(asio::io_context& io, Time until);

 private:
  Time now_;
  std::multimap<Time, std::shared_ptr<Wakeup>> sleepers_;
};
}  // namespace emu
