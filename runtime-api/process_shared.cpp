// One of several invocations that an environment has at a time (Lambda Managed Instances, spec-lambda A.7):
// it is over with its answer, a time-out ends only itself, and the death of the process ends all of them.
#include "runtime-api/platform_error.hpp"
#include "runtime-api/process_sandbox.hpp"

namespace emu::runtime {
awaitable<void> ProcessSandbox::serve_beside(std::shared_ptr<Call> call) {
  auto self = shared_from_this();
  Run now{.call = call};
  ++serving_;
  describe(now);
  // Who finds a dead process beside others that ran in it does not begin a new one under them.
  if (serving_ == 1 || fresh_ || initialising_) co_await first_init();
  attend();
  now.begun = host_->clock.now();
  now.deadline = debugged_ ? kNever : now.begun + spec_->timeout;
  const bool well = co_await usable(now);
  if (well) co_await run_beside(now);
  log_->flush();
  idle(now.usable);  // first: who has the answer asks whether it may be used again
  answer(now);
}

// What failed to initialise is tried again within the invocation; by one of those that wait for it.
awaitable<bool> ProcessSandbox::usable(Run& run) {
  while (initialising_) {
    const bool in_time = co_await event(run.deadline);
    if (in_time) continue;
    log_->start(run.request_id, run.trace_id, run.tenant_id);
    conclude(run, "timeout");
    co_return false;
  }
  if (process_) co_return true;
  initialising_ = true;
  const std::shared_ptr<void> over(nullptr, [self = shared_from_this()](void*) {
    self->initialising_ = false;
    self->changed();
  });
  co_await begin("invoke");
  const auto how = co_await initialised(run.deadline);
  note_init(how);
  if (how == Init::ready) co_return true;
  fail_init(run, how);
  co_await end(how == Init::late ? "timeout" : "failure");
  co_return false;
}

awaitable<void> ProcessSandbox::run_beside(Run& run) {
  const auto process = process_;  // a later one is not this invocation's
  const auto gone = [&] { return process->ended() || broken_; };
  bool in_time = true;
  while (in_time && !gone() && !switchboard().idle()) in_time = co_await event(run.deadline);
  log_->start(run.request_id, run.trace_id, run.tenant_id);
  if (in_time && !gone()) {
    run.begun = host_->clock.now();
    run.deadline = debugged_ ? kNever : run.begun + spec_->timeout;
    api_->deliver(Delivery{std::move(run.call->invocation), run.deadline});
  }
  while (in_time && !gone() && !answered(run.request_id)) in_time = co_await event(run.deadline);
  if (in_time && !answered(run.request_id)) co_await last_words(run.request_id);
  if (answered(run.request_id)) {
    auto answer = switchboard().hang_up(run.request_id);
    run.call->outcome = std::move(answer.outcome);
    run.times = std::move(answer.times);
    run.function_error = run.call->outcome.kind == Outcome::Kind::function_error;
    run.error_type = run.call->outcome.error_type;
    conclude(run, run.function_error ? "error" : "success");
  } else if (in_time) {
    run.usable = false;
    run.streaming = switchboard().streaming(run.request_id);
    crash(run, broken_ ? *broken_ : Cause{"Runtime.ExitError", exit_text(process->status())});
  } else {
    conclude(run, "timeout");
  }
}

// Its end in the log; of a time-out also its outcome.
void ProcessSandbox::conclude(Run& run, std::string_view status) {
  if (status == "timeout") {
    run.streaming = switchboard().streaming(run.request_id);
    switchboard().time_out(run.request_id);
    log_->timed_out(run.request_id);
    run.call->outcome = timed_out(run.request_id, spec_->timeout);
    run.error_type = "Sandbox.Timedout";
  }
  report(run, status, status == "timeout" ? "" : run.error_type);
}
}  // namespace emu::runtime
