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
  now.begun = host_->clock.now();
  now.deadline = debugged_ ? kNever : now.begun + spec_->timeout;
  if (lost()) {
    now.call->outcome.not_taken = true;
  } else {
    // Who finds a dead process beside others that ran in it does not begin a new one under them.
    if (serving_ == 1 || fresh_ || initialising_) co_await first_init();
    now.begun = host_->clock.now();
    now.deadline = debugged_ ? kNever : now.begun + spec_->timeout;
    const bool well = co_await usable(now);
    attend();
    if (well) co_await run_beside(now);
  }
  log_->flush();
  idle(now.usable &&
       !now.call->outcome.not_taken);  // first: who has the answer asks whether it may be used again
  answer(now);
}

// It is to be used no more, though whoever placed an invocation here did not know yet.
bool ProcessSandbox::lost() {
  return outside_.with([](Outside& o) { return o.closed || !o.usable; });
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
  run.call->outcome.not_taken = lost();
  if (run.call->outcome.not_taken) co_return false;
  if (process_) co_return true;
  initialising_ = true;
  const std::shared_ptr<void> over(nullptr,
                                   [self = shared_from_this()](void*) { self->initialising_ = false; });
  co_await begin("invoke");
  const auto how = co_await initialised(run.deadline);
  note_init(how);
  if (how != Init::ready) {
    run.call->outcome.not_taken = lost();
    if (!run.call->outcome.not_taken) fail_init(run, how);
    co_await end(how == Init::late ? "timeout" : "failure");
  }
  initialising_ = false;
  changed();  // for who waits until it is
  co_return how == Init::ready;
}

awaitable<void> ProcessSandbox::run_beside(Run& run) {
  const auto process = process_;  // a later one is not this invocation's
  const auto gone = [&] { return process->ended() || broken_; };
  bool in_time = true;
  while (in_time && !gone() && !switchboard().idle()) in_time = co_await event(run.deadline);
  if (gone()) {
    run.call->outcome.not_taken = true;
    co_return;
  }
  log_->start(run.request_id, run.trace_id, run.tenant_id);
  if (in_time) {
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
