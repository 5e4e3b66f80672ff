#include "emulator/services/lambda/async_invokes.hpp"

#include <fmt/format.h>

#include "emulator/base/log.hpp"

namespace emu::lambda {
namespace {
using namespace std::chrono_literals;
constexpr int kRetries = 2;            // MaximumRetryAttempts' default
constexpr Duration kRetryStep = 60s;   // about 60 s before the first retry, 120 s before the second
constexpr Duration kOldest = 21'600s;  // MaximumEventAgeInSeconds' default
constexpr Duration kFirstBackoff = 1s, kLongestBackoff = 300s;
constexpr int kInFlightPerFunction = 32;  // ours: a burst of events must not start a thousand processes

Time at(std::int64_t us) { return Time(Duration(us)); }
std::int64_t us(Time t) { return t.time_since_epoch().count(); }

Duration backoff(int throttles) {
  const auto doubled = kFirstBackoff * (1LL << std::min(throttles - 1, 20));
  return std::min<Duration>(doubled, kLongestBackoff);
}
}  // namespace

void AsyncInvokes::accept(const Scope& scope, AsyncInvoke invoke) {
  invoke.accepted_us = invoke.due_us = us(clock_.now());
  records_.put(scope, invoke.request_id, invoke);
  LaneKey lane{scope, invoke.function};
  enqueue(std::move(lane), std::move(invoke));
}

void AsyncInvokes::load() {
  records_.each([&](const Scope& scope, const std::string&, AsyncInvoke invoke) {
    LaneKey lane{scope, invoke.function};
    enqueue(std::move(lane), std::move(invoke));
  });
}

void AsyncInvokes::enqueue(LaneKey lane, AsyncInvoke invoke) {
  queue_.with([&](Queue& queue) {
    const auto due = at(invoke.due_us);
    queue.lanes[std::move(lane)].waiting.emplace(due, std::move(invoke));
    if (queue.wakeup) queue.wakeup->signal();
  });
}

std::vector<AsyncInvokes::Due> AsyncInvokes::take_due(const std::shared_ptr<Wakeup>& wakeup, Time& next) {
  const auto now = clock_.now();
  next = kNever;
  return queue_.with([&](Queue& queue) {
    std::vector<Due> out;
    queue.wakeup = wakeup;
    for (auto it = queue.lanes.begin(); it != queue.lanes.end();) {
      auto& [key, lane] = *it;
      while (lane.in_flight < kInFlightPerFunction && !lane.waiting.empty() &&
             lane.waiting.begin()->first <= now) {
        out.push_back({key, std::move(lane.waiting.begin()->second)});
        lane.waiting.erase(lane.waiting.begin());
        ++lane.in_flight;
      }
      if (lane.in_flight < kInFlightPerFunction && !lane.waiting.empty())
        next = std::min(next, lane.waiting.begin()->first);
      it = lane.waiting.empty() && lane.in_flight == 0 ? queue.lanes.erase(it) : std::next(it);
    }
    return out;
  });
}

awaitable<void> AsyncInvokes::run() {
  for (;;) {
    const auto loop = co_await asio::this_coro::executor;
    auto wakeup = std::make_shared<Wakeup>(loop);
    Time next = kNever;
    for (auto& due : take_due(wakeup, next)) loops_.spawn(deliver(std::move(due)));
    co_await clock_.wait(wakeup, next);
  }
}

std::optional<AsyncInvoke> AsyncInvokes::again(const Result<runtime::Outcome>& result,
                                               AsyncInvoke invoke) const {
  using Kind = runtime::Outcome::Kind;
  const auto now = clock_.now();
  const auto give_up = [&](std::string_view condition) {
    log_warning(fmt::format("asynchronous invocation {} of {} was dropped: {}", invoke.request_id,
                            invoke.function, condition));
    return std::nullopt;
  };
  if (result && result->kind == Kind::ok) return std::nullopt;
  if (!result && result.error().http_status == 404) return give_up("the function is gone");
  if (result && result->kind == Kind::throttled && result->throttle_reason == kZeroReserved)
    return give_up(kZeroReserved);
  const bool ran = result && result->kind == Kind::function_error;
  if (ran && ++invoke.attempts > kRetries) return give_up("RetriesExhausted");
  invoke.throttles = ran ? 0 : invoke.throttles + 1;
  const auto due = now + (ran ? kRetryStep * invoke.attempts : backoff(invoke.throttles));
  if (due - at(invoke.accepted_us) > kOldest) return give_up("EventAgeExceeded");
  invoke.due_us = us(due);
  return invoke;
}

awaitable<void> AsyncInvokes::deliver(Due due) {
  Result<runtime::Outcome> result = AwsError::internal("");
  try {
    result = co_await attempt_(due.lane.scope, due.invoke);
  } catch (const std::exception& e) {  // a fault of ours is retried like one of AWS's
    log_fault("an asynchronous invocation", e.what());
  }
  const auto id = due.invoke.request_id;
  auto next = again(result, std::move(due.invoke));
  try {
    if (next)
      records_.put(due.lane.scope, id, *next);
    else
      records_.erase(due.lane.scope, id);
  } catch (const std::exception& e) {  // a full disk: after a restart this attempt is made once more
    log_fault("the record of an asynchronous invocation", e.what());
  }
  queue_.with([&](Queue& queue) {
    auto& lane = queue.lanes[due.lane];
    --lane.in_flight;
    if (next) {
      const auto when = at(next->due_us);
      lane.waiting.emplace(when, std::move(*next));
    }
    if (queue.wakeup) queue.wakeup->signal();
  });
}

std::size_t AsyncInvokes::waiting() {
  return queue_.with([](Queue& queue) {
    std::size_t count = 0;
    for (const auto& [key, lane] : queue.lanes) count += lane.waiting.size();
    return count;
  });
}
}  // namespace emu::lambda
