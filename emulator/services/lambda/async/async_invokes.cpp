#include "emulator/services/lambda/async/async_invokes.hpp"

#include <fmt/format.h>

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/async/documents.hpp"
#include "emulator/services/lambda/destinations.hpp"

namespace emu::lambda {
namespace {
using namespace std::chrono_literals;
constexpr Duration kRetryStep = 60s;  // about 60 s before the first retry, 120 s before the second
constexpr Duration kFirstBackoff = 1s, kLongestBackoff = 300s;

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
  std::map<LaneKey, int> most;
  queue_.with([&](Queue& queue) {
    queue.wakeup = wakeup;
    for (const auto& [key, lane] : queue.lanes) most.emplace(key, 0);
  });
  for (auto& [key, number] : most) number = most_(key.scope, key.function);
  return queue_.with([&](Queue& queue) {
    std::vector<Due> out;
    for (auto it = queue.lanes.begin(); it != queue.lanes.end();) {
      auto& [key, lane] = *it;
      const auto due_now = [&] { return !lane.waiting.empty() && lane.waiting.begin()->first <= now; };
      while (due_now() && lane.pace.admits(lane.in_flight, most[key], now)) {
        out.push_back({key, std::move(lane.waiting.begin()->second)});
        lane.waiting.erase(lane.waiting.begin());
        ++lane.in_flight;
      }
      if (!due_now()) lane.pace.caught_up();
      if (!lane.waiting.empty())
        next = std::min(next, due_now() ? lane.pace.due() : lane.waiting.begin()->first);
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

std::optional<std::string> AsyncInvokes::refused(const AsyncPolicy& policy, const AsyncInvoke& invoke) const {
  if (policy.stopped) return "ZeroReservedConcurrency";
  if (policy.in_loop) return "RecursiveInvocation";  // ours: no record of AWS's own name for it is known
  if (clock_.now() - at(invoke.accepted_us) > policy.oldest) return "EventAgeExceeded";
  return std::nullopt;
}

std::optional<std::string> AsyncInvokes::judge(const AsyncPolicy& policy, const Result<Ran>& result,
                                               AsyncInvoke& invoke) const {
  using Kind = runtime::Outcome::Kind;
  if (result && result->outcome.kind == Kind::ok) {
    ++invoke.attempts;
    return "Success";
  }
  const bool ran = result && result->outcome.kind == Kind::function_error;
  if (ran && ++invoke.attempts > policy.retries) return "RetriesExhausted";
  invoke.throttles = ran ? 0 : invoke.throttles + 1;
  const auto due = clock_.now() + (ran ? kRetryStep * invoke.attempts : backoff(invoke.throttles));
  if (due - at(invoke.accepted_us) > policy.oldest) return "EventAgeExceeded";
  invoke.due_us = us(due);
  return std::nullopt;
}

awaitable<void> AsyncInvokes::tell(Scope scope, AsyncPolicy policy, AsyncInvoke invoke, AsyncEnd end) {
  const bool good = end.condition == "Success";
  const auto what = fmt::format("asynchronous invocation {} of {}", invoke.request_id, invoke.function);
  const auto trace = end.last ? end.last->outcome.trace_id : invoke.trace_id;
  const auto& destination = good ? policy.on_success : policy.on_failure;
  if (!destination.empty()) {
    Delivery record;
    record.body = destination_record(scope, invoke, end, clock_.now());
    record.trace_id = trace;
    co_await lambda::deliver(ports_, destination, std::move(record), what);
  }
  if (!good && !policy.dead_letters.empty()) {
    auto letter = dead_letter(invoke, end);
    letter.trace_id = trace;
    co_await lambda::deliver(ports_, policy.dead_letters, std::move(letter), what);
  }
  if (!good && destination.empty() && policy.dead_letters.empty())
    log_warning(fmt::format("{} was dropped: {}", what, end.condition));
}

awaitable<std::optional<AsyncInvoke>> AsyncInvokes::tried(Scope scope, AsyncInvoke invoke) {
  const auto gone = [&] {
    log_warning(fmt::format("asynchronous invocation {} of {} was dropped: the function is gone",
                            invoke.request_id, invoke.function));
    return std::nullopt;
  };
  auto policy = policy_(scope, invoke);
  if (!policy) co_return gone();
  AsyncEnd end{.condition = {}, .last = {}, .attempts = invoke.attempts};
  if (auto condition = refused(*policy, invoke)) {
    end.condition = std::move(*condition);
    co_await tell(std::move(scope), std::move(*policy), std::move(invoke), std::move(end));
    co_return std::nullopt;
  }
  Result<Ran> result = AwsError::internal("");
  try {
    result = co_await attempt_(scope, invoke);
  } catch (const std::exception& e) {  // a fault of ours is retried like one of AWS's
    log_fault("an asynchronous invocation", e.what());
  }
  if (!result && result.error().http_status == 404) co_return gone();
  auto condition = judge(*policy, result, invoke);
  if (!condition) co_return invoke;
  end.condition = std::move(*condition);
  end.attempts = invoke.attempts;
  if (result && result->outcome.kind != runtime::Outcome::Kind::throttled) end.last = std::move(*result);
  co_await tell(std::move(scope), std::move(*policy), std::move(invoke), std::move(end));
  co_return std::nullopt;
}

awaitable<void> AsyncInvokes::deliver(Due due) {
  const auto id = due.invoke.request_id;
  auto next = co_await tried(due.lane.scope, std::move(due.invoke));
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
    if (!next || next->throttles == 0) lane.pace.ended();
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
