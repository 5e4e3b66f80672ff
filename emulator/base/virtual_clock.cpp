#include "emulator/base/virtual_clock.hpp"

#include <boost/asio/io_context.hpp>

namespace emu {
awaitable<bool> VirtualClock::wait(std::shared_ptr<Wakeup> wakeup, Time deadline) {
  if (!wakeup->signalled() && deadline > now_) {
    auto at = sleepers_.emplace(deadline, wakeup);
    if (!wakeup->roused_) co_await wakeup->rest();
    sleepers_.erase(at);
  }
  co_return wakeup->signalled();
}

void VirtualClock::run(asio::io_context& io, Time until) {
  for (;;) {
    io.restart();
    while (io.poll() > 0) io.restart();
    if (sleepers_.empty() || sleepers_.begin()->first > until) break;
    now_ = std::max(now_, sleepers_.begin()->first);
    for (auto it = sleepers_.begin(); it != sleepers_.end() && it->first <= now_; ++it) it->second->rouse();
  }
  now_ = until;
}
}  // namespace emu
