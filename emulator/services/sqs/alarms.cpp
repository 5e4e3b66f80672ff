#include "emulator/services/sqs/alarms.hpp"

#include <boost/asio/this_coro.hpp>

#include "emulator/services/sqs/queue.hpp"

namespace emu::sqs {
void Alarms::set(Time at, std::weak_ptr<Queue> queue) {
  const auto woken = state_.with([&](State& state) -> std::shared_ptr<Wakeup> {
    state.set.emplace(at, std::move(queue));
    return at < state.until ? std::move(state.sleeping) : nullptr;
  });
  if (woken) woken->signal();
}

std::vector<std::shared_ptr<Queue>> Alarms::take_due(Time now) {
  return state_.with([&](State& state) {
    std::vector<std::shared_ptr<Queue>> out;
    for (auto it = state.set.begin(); it != state.set.end() && it->first <= now; it = state.set.erase(it))
      if (auto queue = it->second.lock()) out.push_back(std::move(queue));
    return out;
  });
}

awaitable<void> Alarms::run(Clock& clock) {
  for (;;) {
    for (const auto& queue : take_due(clock.now())) queue->ring(clock);
    auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    const Time until = state_.with([&](State& state) {
      state.sleeping = wakeup;
      return state.until = state.set.empty() ? kNever : state.set.begin()->first;
    });
    co_await clock.wait(wakeup, until);
  }
}
}  // namespace emu::sqs
