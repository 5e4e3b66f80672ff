#include "emulator/services/lambda/mappings/lane.hpp"

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/log.hpp"
#include "emulator/services/lambda/destinations.hpp"
#include "emulator/services/lambda/lineage.hpp"
#include "emulator/services/lambda/mappings/closing.hpp"
#include "emulator/services/lambda/mappings/item_failures.hpp"
#include "emulator/services/lambda/ran.hpp"

namespace emu::lambda {
namespace {
using Kind = runtime::Outcome::Kind;
constexpr std::size_t kLargestState = 1 << 20;
constexpr Duration kRetention = std::chrono::hours(24);  // of a table's stream
constexpr std::string_view kExhausted = "RetryAttemptsExhausted", kTooOld = "RecordAgeExceeded";

std::int64_t seconds(Time t) { return epoch_ms(t) / 1000; }
Time at(std::int64_t s) { return Time(std::chrono::seconds(s)); }
}  // namespace

std::int64_t Lane::window_of(const Mapping& mapping, const StreamRecord& record) const {
  const auto length = mapping.stream->tumbling_window_s;
  return length == 0 ? 0 : seconds(record.created) / length * length;
}

bool Lane::window_over(const Mapping& mapping, Time now) const {
  const auto length = mapping.stream->tumbling_window_s;
  if (!window_ || length == 0) return false;
  if (too_large_ || now >= at(window_->start_s + length)) return true;
  return !waiting_.empty() && window_of(mapping, waiting_.front()) > window_->start_s;
}

// How many of what waits are a closed batch.
std::size_t Lane::closed_batch(const Mapping& mapping, Time now) const {
  if (waiting_.empty()) return 0;
  Closing closing(static_cast<std::size_t>(mapping.batch_size), std::chrono::seconds(mapping.window_s));
  const auto window = window_of(mapping, waiting_.front());
  std::size_t count = 0;
  bool closed = window_over(mapping, now);
  for (const auto& record : waiting_) {
    const bool next_window = window_of(mapping, record) != window;
    if (next_window || !closing.add(record.text.size(), record.arrived)) {
      closed = true;
      break;
    }
    ++count;
  }
  if (!closed && !closing.closed(now)) return 0;
  return mapping.stream->tumbling_window_s > 0 ? up_to_page_end(count) : count;
}

// What is kept of a window is its state at a position, and positions lie between pages: a batch may be a part
// of a page, but what reaches its end does not reach into the next one.
std::size_t Lane::up_to_page_end(std::size_t count) const {
  for (auto n = count; n > 0; --n)
    if (n == waiting_.size() || waiting_[n].page != waiting_[n - 1].page) return n;
  return count;
}

bool Lane::ready(const Mapping& mapping, Time now) const {
  return !busy_ && (window_over(mapping, now) || closed_batch(mapping, now) > 0);
}

Time Lane::due(const Mapping& mapping) const {
  if (busy_) return kNever;
  Time out = kNever;
  if (window_ && mapping.stream->tumbling_window_s > 0)
    out = at(window_->start_s + mapping.stream->tumbling_window_s);
  if (!waiting_.empty())
    out = std::min<Time>(out, waiting_.front().arrived + std::chrono::seconds(mapping.window_s));
  return out;
}

void Lane::take(SharedMapping mapping, Time now) {
  busy_ = true;
  mapping_ = std::move(mapping);
  batch_.clear();
  if (window_over(*mapping_, now) &&
      (waiting_.empty() || too_large_ || window_of(*mapping_, waiting_.front()) != window_->start_s))
    return;  // the window's end comes first
  for (auto left = closed_batch(*mapping_, now); left > 0; --left) {
    batch_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
}

awaitable<bool> Lane::handle() {
  bool done = false;
  try {
    done = co_await handle_taken();
  } catch (...) {
    log_caught("a batch of a stream");
  }
  if (done)
    for (const auto& record : batch_) env_.progress.done(record.page);
  busy_ = false;
  co_return done;
}

awaitable<bool> Lane::handle_taken() {
  if (batch_.empty()) co_return co_await close_window(too_large_);
  const auto length = mapping_->stream->tumbling_window_s;
  if (length == 0) co_return co_await work(BatchPlan(batch_.size(), *mapping_->stream), nullptr);
  if (!window_) window_ = TumblingWindow{window_of(*mapping_, batch_.front()), Json::object()};
  const WindowEvent event{window_->start_s, window_->start_s + length, window_->state};
  co_return co_await work(BatchPlan(batch_.size(), *mapping_->stream), &event);
}

awaitable<bool> Lane::close_window(bool early) {
  const auto length = mapping_->stream->tumbling_window_s;
  const WindowEvent event{window_->start_s, window_->start_s + length, window_->state, true, early};
  if (!co_await work(BatchPlan(0, *mapping_->stream), &event)) co_return false;
  window_.reset();
  too_large_ = false;
  co_return true;
}

awaitable<bool> Lane::work(BatchPlan plan, const WindowEvent* window) {
  while (!plan.done()) {
    if (!co_await pause(plan.pause())) co_return false;
    co_await expire(plan);
    if (plan.done()) break;
    auto tried = co_await attempt(plan.next(), window);
    if (window && !window->last && tried.kind == Kind::ok) keep_state(tried);
    co_await judge(plan, std::move(tried));
  }
  co_return true;
}

awaitable<Lane::Attempt> Lane::attempt(BatchPlan::Part part, const WindowEvent* window) {
  auto& lambda = env_.runner.lambda();
  const auto& scope = env_.runner.scope();
  const auto records = std::span(batch_).subspan(part.from, part.size());
  runtime::Invocation invocation{.request_id = lambda.ids.uuid(),
                                 .payload = stream_event(records, window, env_.shard, mapping_->source_arn),
                                 .trace_id = visited("", function_arn(scope, mapping_->function))};
  Attempt out{.request_id = invocation.request_id};
  try {
    auto ran =
        co_await run_once(lambda, scope, {mapping_->function, mapping_->qualifier}, std::move(invocation));
    if (!ran) {  // there is no such function; or it is too large, which smaller batches are not
      if (ran.error().http_status == 413) out.kind = Kind::function_error;
      co_return out;
    }
    out.kind = ran->outcome.kind;
    out.answered = out.kind != Kind::throttled;
    out.payload = std::move(ran->outcome.payload);
    out.version = std::move(ran->version);
  } catch (...) {
    log_caught("a batch of a stream");
  }
  co_return out;
}

awaitable<void> Lane::judge(BatchPlan& plan, Attempt attempt) {
  auto& lambda = env_.runner.lambda();
  const auto part = plan.next();
  std::optional<std::size_t> from;
  bool good = attempt.kind == Kind::ok;
  if (good && mapping_->reports_failures) {
    std::vector<std::string_view> ids;
    for (const auto& record : std::span(batch_).subspan(part.from, part.size()))
      ids.push_back(record.sequence);
    const auto failures = item_failures(attempt.payload, ids);
    good = !failures.whole_batch && failures.places.empty();
    if (!failures.places.empty()) from = part.from + failures.places.front();
  }
  lambda.mappings.note_result(env_.runner.scope(), *mapping_, good ? "OK" : "PROBLEM: Function call failed");
  if (good) {
    plan.succeeded();
  } else if (attempt.kind == Kind::throttled) {
    plan.throttled();
  } else if (const auto given_up = plan.failed(from)) {
    co_await give_up(*given_up, kExhausted, attempt);
  }
}

// Records that have become too old for the mapping, or that the stream itself keeps no longer.
awaitable<void> Lane::expire(BatchPlan& plan) {
  const auto longest = mapping_->stream->longest_age_s;
  const Duration age = longest < 0 ? kRetention : Duration(std::chrono::seconds(longest));
  const auto part = plan.next();
  const auto oldest = env_.runner.lambda().clock.now() - age;
  auto to = part.from;
  while (to < part.to && batch_[to].created < oldest) ++to;
  // The end of a window has no records; it is as old as that.
  const bool old_end = batch_.empty() && at(window_->start_s + mapping_->stream->tumbling_window_s) < oldest;
  if (to > part.from || old_end) co_await give_up(plan.expired(to), kTooOld, {});
}

awaitable<void> Lane::give_up(BatchPlan::Part part, std::string_view condition, const Attempt& attempt) {
  if (part.size() == 0 || mapping_->stream->on_failure.empty()) co_return;
  auto& lambda = env_.runner.lambda();
  GivenUp what{.condition = condition,
               .invocations = std::max(part.attempts, 1),
               .answered = attempt.answered,
               .function_error = attempt.kind != Kind::ok,
               .request_id = attempt.request_id.empty() ? lambda.ids.uuid() : attempt.request_id,
               .version = attempt.version,
               .function_arn = function_arn(env_.runner.scope(), mapping_->function)};
  Delivery delivery;
  delivery.body = failure_message(what, std::span(batch_).subspan(part.from, part.size()), env_.shard,
                                  mapping_->source_arn, lambda.clock.now());
  co_await deliver(lambda.ports, mapping_->stream->on_failure, std::move(delivery), "a failed batch");
}

bool Lane::at_work() const { return !stopped_ && env_.runner.working() && env_.runner.mapping() == mapping_; }

// False: the mapping is at work no more, or otherwise.
awaitable<bool> Lane::pause(Duration length) {
  if (!at_work()) co_return false;
  if (length == Duration{0}) co_return true;
  pausing_ = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  auto& clock = env_.runner.lambda().clock;
  co_await clock.wait(pausing_, clock.now() + length);
  co_return at_work();
}

void Lane::interrupt() {
  stopped_ = true;
  if (pausing_) pausing_->signal();
}

void Lane::keep_state(const Attempt& attempt) {
  const auto answer = bounded_parse(attempt.payload);
  window_->state = answer.is_object() ? answer.value("state", Json::object()) : Json::object();
  too_large_ = json_text(window_->state).size() > kLargestState;
}
}  // namespace emu::lambda
