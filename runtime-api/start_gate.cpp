#include "runtime-api/start_gate.hpp"

#include <boost/asio/this_coro.hpp>

namespace emu::runtime {
namespace {
constexpr Duration kLongest = std::chrono::milliseconds(500);
}

awaitable<void> StartGate::enter() {
  auto turn = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  const bool at_once = state_.with([&](State& s) {
    if (s.free > 0) {
      --s.free;
      return true;
    }
    s.waiting.push_back(turn);
    return false;
  });
  if (!at_once) co_await clock_.wait(turn, kNever);
}

awaitable<void> StartGate::hold(std::shared_ptr<Wakeup> initialised) {
  co_await clock_.wait(initialised, clock_.now() + kLongest);
  leave();
}

// The place goes to whoever waits longest, without becoming free in between.
void StartGate::leave() {
  const auto turn = state_.with([](State& s) -> std::shared_ptr<Wakeup> {
    if (s.waiting.empty()) {
      ++s.free;
      return nullptr;
    }
    auto first = std::move(s.waiting.front());
    s.waiting.pop_front();
    return first;
  });
  if (turn) turn->signal();
}
}  // namespace emu::runtime
