#include "emulator/base/waiters.hpp"

#include <utility>

namespace emu {
awaitable<bool> Waiters::wait(Clock& clock, asio::any_io_executor loop, Time deadline) {
  auto wakeup = std::make_shared<Wakeup>(std::move(loop));
  waiting_.push_back(wakeup);
  const bool woken = co_await clock.wait(wakeup, deadline);
  std::erase(waiting_, wakeup);
  co_return woken;
}

void Waiters::wake_all() {
  for (const auto& wakeup : std::exchange(waiting_, {})) wakeup->signal();
}

void Waiters::wake_one() {
  if (waiting_.empty()) return;
  const auto first = std::move(waiting_.front());
  waiting_.erase(waiting_.begin());
  first->signal();
}
}  // namespace emu
