// One invocation of an environment: handed over, answered, and over when the runtime and the extensions ask
// for the next (spec-lambda A.3, A.5, B.1).
#include <fmt/format.h>

#include "runtime-api/platform_error.hpp"
#include "runtime-api/process_sandbox.hpp"
#include "runtime-api/trace_id.hpp"

namespace emu::runtime {
namespace {
constexpr Duration kLastWords =
    std::chrono::milliseconds(5);  // what a dead process wrote is on its way to us
constexpr Duration kEndShows = std::chrono::milliseconds(20);  // a process closes its sockets before it ends
}  // namespace

awaitable<void> ProcessSandbox::serve(std::shared_ptr<Call> call) {
  auto self = shared_from_this();
  Run now{.call = call};
  ++serving_;  // first of all: who looks after it must not freeze what starts anew
  describe(now);
  co_await first_init();
  thaw();
  attend();
  now.init = std::exchange(init_, std::nullopt);
  now.restore = std::exchange(restore_, std::nullopt);
  now.begun = host_->clock.now();
  now.deadline = debugged_ ? kNever : now.begun + spec_->timeout;
  auto how = Init::ready;
  if (!process_ && !not_restored_) {  // what failed is tried again, within the invocation and its time-out
    co_await begin("invoke");         // (spec-lambda F.4)
    how = co_await initialised(now.deadline);
    note_init(how);
    attend();
  }
  if (const auto cause = std::exchange(not_restored_, std::nullopt)) {
    log_->start(now.request_id, now.trace_id, now.tenant_id);
    crash(now, *cause);
  } else if (how == Init::ready) {
    co_await run(now);
  } else {
    fail_init(now, how);
  }
  answer(now);
  const bool well = process_ && mailbox().state() == Mailbox::State::ready && !process_->ended() && !broken_;
  if (!well) co_await end(now.error_type == "Sandbox.Timedout" ? "timeout" : "failure");
  log_->begin_tail();
  idle(now.usable);
}

void ProcessSandbox::describe(Run& run) {
  auto& invocation = run.call->invocation;
  if (invocation.request_id.empty()) invocation.request_id = host_->ids.uuid();
  invocation.trace_id = continue_trace(invocation.trace_id, host_->ids, host_->clock.now());
  run.request_id = invocation.request_id;
  run.trace_id = invocation.trace_id;
  run.tenant_id = invocation.tenant_id;
  run.log_tail = invocation.log_tail;
}

awaitable<void> ProcessSandbox::run(Run& run) {
  log_->start(run.request_id, run.trace_id, run.tenant_id);
  Delivery delivery{std::move(run.call->invocation), run.deadline};
  api_->extensions().invoke(delivery);
  api_->deliver(std::move(delivery));
  bool in_time = true;
  const auto over = [&] { return mailbox().answered() || process_->ended() || broken_; };
  while (in_time && !over()) in_time = co_await event(run.deadline);
  if (in_time && !mailbox().answered()) co_await last_words(run.request_id);
  run.streaming = mailbox().state() == Mailbox::State::streaming;
  if (!mailbox().answered()) {
    if (!in_time) {
      time_out(run);
    } else {
      crash(run, exit_cause());
    }
    co_return;
  }
  if (const bool died = co_await died_streaming(); died) {
    run.streaming = true;
    crash(run, exit_cause());
    co_return;
  }
  run.call->outcome = mailbox().take_answer();
  run.function_error = run.call->outcome.kind == Outcome::Kind::function_error;
  run.error_type = run.call->outcome.error_type;
  if (!run.log_tail) answer(run);
  co_await settle(run);
}

// Whether its stream broke off because the process ended, which says more than that it broke off.
awaitable<bool> ProcessSandbox::died_streaming() {
  const auto& answer = *mailbox().answered();
  if (!answer.streamed || answer.error_type != kTruncatedResponse) co_return false;
  const Time patience = host_->clock.now() + kEndShows;
  for (bool in_time = true; in_time && !process_->ended();) in_time = co_await event(patience);
  co_return process_->ended();
}

// The invocation has its answer, but lasts until the runtime, and every extension, asks for the next one
// (spec-lambda A.3).
awaitable<void> ProcessSandbox::settle(Run& run) {
  const auto* status = run.function_error ? "error" : "success";
  bool in_time = true;
  for (;;) {
    const bool ready = mailbox().state() == Mailbox::State::ready;
    if (ready) runtime_done(run, status, run.error_type);
    if ((ready && extensions().settled()) || process_->ended() || broken_ || !in_time) break;
    in_time = co_await event(run.deadline);
  }
  if (in_time) {
    run.usable = !process_->ended();  // gone after its answer: the next invocation starts cold
    report(run, status, run.error_type);
    co_return;
  }
  measure_memory();
  process_->kill();
  process_->drain();
  log_->timed_out(run.request_id);
  run.error_type = "Sandbox.Timedout";
  report(run, "timeout", "");
}

bool ProcessSandbox::answered(std::string_view request_id) {
  return spec_->managed_instances() ? switchboard().answered(request_id) : mailbox().answered().has_value();
}

awaitable<void> ProcessSandbox::last_words(std::string request_id) {
  const Time patience = host_->clock.now() + kLastWords;
  bool waiting = true;
  while (waiting && !answered(request_id)) waiting = co_await event(patience);
}

void ProcessSandbox::time_out(Run& run) {
  if (process_) {
    measure_memory();
    process_->kill();
    process_->drain();
  }
  log_->timed_out(run.request_id);
  run.call->outcome = timed_out(run.request_id, spec_->timeout);
  run.error_type = "Sandbox.Timedout";
  report(run, "timeout", "");
}

ProcessSandbox::Cause ProcessSandbox::exit_cause() const {
  if (broken_) return *broken_;
  return {"Runtime.ExitError", exit_text(process_->status())};
}

void ProcessSandbox::crash(Run& run, const Cause& cause) {
  log_->fault(run.request_id, cause.text, cause.type);
  run.call->outcome = platform_error(cause.type, run.request_id, cause.text);
  run.error_type = cause.type;
  report(run, "failure", cause.type);
}

void ProcessSandbox::fail_init(Run& run, Init how) {
  log_->start(run.request_id, run.trace_id, run.tenant_id);
  if (how == Init::late) {
    time_out(run);
  } else if (const auto& cause = broken_ ? broken_ : not_started_) {
    crash(run, *cause);
  } else if (mailbox().failed()) {
    run.call->outcome = mailbox().take_answer();
    run.error_type = run.call->outcome.error_type;
    report(run, "error", run.error_type);
  } else {
    crash(run, exit_cause());
  }
}

namespace {
Report of(const FunctionSpec& spec, std::string_view status, std::string_view error_type) {
  Report out{.memory_mb = spec.memory_mb};
  out.status = status;
  out.error_type = error_type;
  out.tracing = spec.tracing == "Active";
  return out;
}
}  // namespace

void ProcessSandbox::runtime_done(Run& run, std::string_view status, std::string_view error_type) {
  if (std::exchange(run.runtime_done, true)) return;
  if (!api_->extensions().telemetry_wanted(Telemetry::Kind::platform) && spec_->log_format != "JSON") return;
  const Time now = host_->clock.now();
  auto done = of(*spec_, status, error_type);
  done.request_id = run.request_id;
  done.trace_id = run.trace_id;
  done.tenant_id = run.tenant_id;
  done.duration = now - run.begun;
  std::vector<Span> spans;
  const auto& times = run.times ? *run.times : api_->times();
  if (status == "success" || status == "error")
    spans = {{"responseLatency", run.begun, times.begun - run.begun},
             {"responseDuration", times.begun, times.ended - times.begun},
             {"runtimeOverhead", times.ended, now - times.ended}};
  log_->runtime_done(done, times.bytes, spans);
}

void ProcessSandbox::report(Run& run, std::string_view status, std::string_view error_type) {
  if (process_ && !process_->ended()) process_->drain();
  runtime_done(run, status, error_type);
  auto line = of(*spec_, status, error_type);
  line.request_id = run.request_id;
  line.trace_id = run.trace_id;
  line.tenant_id = run.tenant_id;
  line.duration = status == "timeout" ? spec_->timeout : host_->clock.now() - run.begun;
  line.init = run.init;
  line.restore = run.restore;
  line.max_memory_mb = measure_memory();
  line.reported = run.function_error;
  line.managed_instances = spec_->managed_instances();
  log_->report(line, {});
}

void ProcessSandbox::answer(Run& run) {
  if (std::exchange(run.answered, true)) return;
  if (run.streaming) run.call->outcome.streamed = true;  // also where it broke off
  run.call->outcome.trace_id = run.trace_id;
  if (run.log_tail) run.call->outcome.log_tail = log_->tail();
  run.call->answered->signal();
}
}  // namespace emu::runtime
