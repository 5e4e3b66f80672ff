#include "emulator/services/lambda/mappings/runner.hpp"

namespace emu::lambda {
Runner::Runner(SharedMapping mapping) {
  state_.with([&](State& state) { state.mapping = std::move(mapping); });
}

void Runner::set(SharedMapping mapping) {
  state_.with([&](State& state) { state.mapping = std::move(mapping); });
  rouse();
}

void Runner::end() {
  state_.with([](State& state) { state.over = true; });
  rouse();
}

void Runner::rouse() {
  auto [wakeup, poll] = state_.with([](State& state) {
    return std::pair(std::exchange(state.wakeup, nullptr), std::exchange(state.poll, nullptr));
  });
  if (wakeup) wakeup->signal();
  if (poll) poll->abandon();
}

void Runner::wake() {
  const auto wakeup = state_.with([](State& state) { return std::exchange(state.wakeup, nullptr); });
  if (wakeup) wakeup->signal();
}

SharedMapping Runner::mapping() {
  return state_.with([](State& state) { return state.mapping; });
}

bool Runner::working() {
  return state_.with([](State& state) { return !state.over && state.mapping->enabled; });
}

bool Runner::over() {
  return state_.with([](State& state) { return state.over; });
}

void Runner::interrupted_by_change(const std::shared_ptr<Wakeup>& wakeup) {
  state_.with([&](State& state) { state.wakeup = wakeup; });
}

std::shared_ptr<Poll> Runner::new_poll() {
  auto poll = std::make_shared<Poll>();
  state_.with([&](State& state) { state.poll = poll; });
  return poll;
}
}  // namespace emu::lambda
