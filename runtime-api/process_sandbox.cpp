#include "runtime-api/process_sandbox.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include "emulator/base/log.hpp"
#include "runtime-api/platform_error.hpp"
#include "runtime-api/sweep.hpp"
#include "runtime-api/trace_id.hpp"

namespace emu::runtime {
namespace {
constexpr Duration kInitLimit = std::chrono::seconds(10);  // spec-lambda F.4
constexpr Duration kProvisionedInitLimit = std::chrono::seconds(130);
constexpr Duration kLastWords =
    std::chrono::milliseconds(5);  // what a dead process wrote is on its way to us
constexpr std::chrono::milliseconds kSweep = std::chrono::seconds(1);
}  // namespace

struct ProcessSandbox::Run {
  std::shared_ptr<Call> call;
  std::string request_id, trace_id;
  bool log_tail = false, answered = false, streaming = false;
  bool usable = true;
  Time begun, deadline;
  std::optional<Duration> init;
};

ProcessSandbox::ProcessSandbox(std::shared_ptr<ProcessHost> host, std::shared_ptr<const FunctionSpec> spec,
                               asio::any_io_executor loop)
    : host_(std::move(host)), spec_(std::move(spec)), loop_(std::move(loop)) {}

awaitable<void> ProcessSandbox::start() {
  auto self = shared_from_this();
  auto told = [weak = weak_from_this()] {
    if (const auto sandbox = weak.lock()) sandbox->changed();
  };
  api_ = std::make_shared<ApiServer>(host_->loops, host_->clock, loop_,
                                     spec_->initialization_type == "snap-start", std::move(told));
  place_.id = host_->ids.uuid();
  place_.runtime_api = fmt::format("127.0.0.1:{}", api_->listen());
  // Both marks are in the path, by which sweep() knows who lives in it.
  place_.directory = host_->options.run_dir / "environments" / host_->options.mark / place_.id;
  log_ = host_->options.logs.open(*spec_, host_->ids.text(32, Ids::kHex));
  place_.log_stream = log_->name;
  log_->line(init_start_line(*spec_, host_->clock.now()));
  co_await begin();
}

void ProcessSandbox::changed() {
  if (!ready_ && mailbox().state() == Mailbox::State::ready) {
    ready_ = host_->clock.now();
    initialised_->signal();
  }
  if (waiting_) waiting_->signal();
}

awaitable<bool> ProcessSandbox::event(Time deadline) {
  waiting_ = std::make_shared<Wakeup>(loop_);
  const bool in_time = co_await host_->clock.wait(waiting_, deadline);
  waiting_.reset();
  co_return in_time;
}

awaitable<void> ProcessSandbox::begin() {
  co_await host_->gate->enter();
  api_->restart();
  ready_.reset();
  not_started_.reset();
  initialised_ = std::make_shared<Wakeup>(loop_);
  begun_ = host_->clock.now();
  try {
    co_await start_process();
  } catch (...) {
    host_->gate->leave();
    throw;
  }
  if (process_)
    asio::co_spawn(loop_, host_->gate->hold(initialised_), [gate = host_->gate](std::exception_ptr) {});
  else
    host_->gate->leave();
}

// Afterwards there is a process_, or it is said in not_started_ why there is none.
awaitable<void> ProcessSandbox::start_process() {
  if (outside_.with([](Outside& o) { return o.closed; })) {
    not_started_.emplace("Sandbox.Failure", "The environment has ended");
    co_return;
  }
  auto work = [host = host_, spec = spec_, place = place_] { return host->start(*spec, place); };
  auto started = co_await host_->loops.blocking(std::move(work));
  begun_ = started.begun;
  if (!started.note.empty()) log_->line(started.note);
  if (!started.error_type.empty()) {
    log_->line(fmt::format("emu: cannot start {}: {}\n", spec_->name, started.error));
    not_started_.emplace(std::move(started.error_type), std::move(started.error));
    co_return;
  }
  auto weak = weak_from_this();
  Process::Events events{.output =
                             [weak](std::string_view bytes) {
                               if (const auto self = weak.lock()) self->log_->output(bytes);
                             },
                         .ended =
                             [weak] {
                               const auto self = weak.lock();
                               if (!self) return;
                               self->initialised_->signal();
                               self->changed();
                             }};
  process_ = std::make_shared<Process>(loop_, std::move(started.process), std::move(events));
  process_->watch();
  const bool closed = outside_.with([&](Outside& o) {
    o.process = process_;
    return o.closed;
  });
  if (closed) process_->kill();
}

awaitable<ProcessSandbox::Init> ProcessSandbox::initialised(Time deadline) {
  for (;;) {
    if (not_started_ || mailbox().failed()) co_return Init::failed;
    if (process_->ended()) co_return Init::failed;
    if (ready_) {
      peak_mb_ = process_->peak_memory_mb();  // a first value, in case it dies
      co_return Init::ready;
    }
    const bool in_time = co_await event(deadline);
    if (!in_time) co_return Init::late;
  }
}

awaitable<void> ProcessSandbox::end() {
  if (!process_) co_return;
  process_->kill();
  while (!process_->ended()) co_await event(kNever);
  log_->finish_line();
  auto work = [mark = fmt::format("{}{}", kEnvironmentMark, place_.id)] { return sweep(mark, kSweep); };
  co_await host_->loops.blocking(std::move(work));
  outside_.with([](Outside& o) { o.process.reset(); });
  process_.reset();
  api_->restart();
}

awaitable<Outcome> ProcessSandbox::invoke(Invocation invocation) {
  auto self = shared_from_this();
  auto answered = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  auto call = std::make_shared<Call>(std::move(invocation), answered);
  outside_.with([](Outside& o) { o.busy = true; });
  asio::co_spawn(loop_, serve(call), [self, call](std::exception_ptr failed) {
    if (!failed) return;
    try {
      std::rethrow_exception(failed);
    } catch (const std::exception& e) {
      log_fault("an invocation of " + self->spec_->name, e.what());
    }
    call->outcome = platform_error("Sandbox.Failure", call->invocation.request_id, "Internal failure");
    call->answered->signal();
    self->idle(false);
  });
  co_await host_->clock.wait(answered, kNever);
  co_return std::move(call->outcome);
}

Duration ProcessSandbox::init_limit() const {
  if (spec_->initialization_type != "provisioned-concurrency") return kInitLimit;
  return std::max(kProvisionedInitLimit, spec_->timeout);
}

awaitable<bool> ProcessSandbox::warmed() {
  auto work = warm();
  co_return co_await asio::co_spawn(loop_, std::move(work), asio::use_awaitable);
}

// On the environment's loop, before anybody invokes it; its first invocation still reports the duration.
awaitable<bool> ProcessSandbox::warm() {
  auto self = shared_from_this();
  const auto how = co_await initialised(begun_ + init_limit());
  if (how != Init::ready) co_return false;
  const auto left = begun_ + spec_->init_at_least - host_->clock.now();
  if (left > Duration::zero()) co_await host_->clock.sleep(left);
  co_return true;
}

// The initialisation that precedes the first invocation and is not part of it; its duration, if it went well.
awaitable<std::optional<Duration>> ProcessSandbox::first_init() {
  if (!fresh_ && process_ && process_->ended()) {  // it died between two invocations: a cold start again
    co_await end();
    log_->line(init_start_line(*spec_, host_->clock.now()));
    fresh_ = true;
    co_await begin();
  }
  if (!fresh_) co_return std::nullopt;
  fresh_ = false;
  const auto how = co_await initialised(begun_ + init_limit());
  if (how == Init::ready) {
    const auto took =
        std::max(*ready_ - begun_, spec_->init_at_least);  // a modelled start really lasts so long
    const auto left = begun_ + took - host_->clock.now();
    if (left > Duration::zero()) co_await host_->clock.sleep(left);
    co_return took;
  }
  report_init("init", how);
  co_await end();
  co_return std::nullopt;
}

awaitable<void> ProcessSandbox::serve(std::shared_ptr<Call> call) {
  auto self = shared_from_this();
  Run now{.call = call};
  auto& invocation = call->invocation;
  if (invocation.request_id.empty()) invocation.request_id = host_->ids.uuid();
  invocation.trace_id = continue_trace(invocation.trace_id, host_->ids, host_->clock.now());
  now.request_id = invocation.request_id;
  now.trace_id = invocation.trace_id;
  now.log_tail = invocation.log_tail;
  now.init = co_await first_init();
  now.begun = host_->clock.now();
  now.deadline = now.begun + spec_->timeout;
  auto how = Init::ready;
  if (!process_) {  // what failed is tried again, within the invocation and its time-out (spec-lambda F.4)
    co_await begin();
    how = co_await initialised(now.deadline);
  }
  if (how == Init::ready) {
    co_await run(now);
  } else {
    fail_init(now, how);
  }
  answer(now);
  if (!process_ || mailbox().state() != Mailbox::State::ready || process_->ended()) co_await end();
  log_->begin_tail();
  idle(now.usable);
}

awaitable<void> ProcessSandbox::run(Run& run) {
  log_->line(start_line(*spec_, run.begun, run.request_id));
  api_->deliver({std::move(run.call->invocation), run.deadline});
  bool in_time = true;
  while (in_time && !mailbox().answered() && !process_->ended()) in_time = co_await event(run.deadline);
  if (in_time && !mailbox().answered()) co_await last_words();
  run.streaming = mailbox().state() == Mailbox::State::streaming;
  if (!mailbox().answered()) {
    if (!in_time) {
      time_out(run);
    } else {
      crash(run, "Runtime.ExitError", exit_text(process_->status()));
    }
    co_return;
  }
  run.call->outcome = mailbox().take_answer();
  if (!run.log_tail) answer(run);
  co_await settle(run);
}

// The invocation has its answer, but lasts until the runtime asks for the next one (spec-lambda A.3).
awaitable<void> ProcessSandbox::settle(Run& run) {
  const auto done = [&] { return mailbox().state() == Mailbox::State::ready || process_->ended(); };
  bool in_time = true;
  while (in_time && !done()) in_time = co_await event(run.deadline);
  if (in_time) {
    run.usable = !process_->ended();  // gone after its answer: the next invocation starts cold
    report(run, "success", "");
    co_return;
  }
  process_->peak_memory_mb();
  process_->kill();
  process_->drain();
  log_->line(timed_out_line(host_->clock.now(), run.request_id, spec_->timeout));
  report(run, "timeout", "");
}

awaitable<void> ProcessSandbox::last_words() {
  const Time patience = host_->clock.now() + kLastWords;
  bool waiting = true;
  while (waiting && !mailbox().answered()) waiting = co_await event(patience);
}

void ProcessSandbox::time_out(Run& run) {
  process_->peak_memory_mb();
  process_->kill();
  process_->drain();
  log_->line(timed_out_line(host_->clock.now(), run.request_id, spec_->timeout));
  run.call->outcome = timed_out(run.request_id, spec_->timeout);
  report(run, "timeout", "");
}

void ProcessSandbox::crash(Run& run, std::string_view type, std::string_view text) {
  log_->line(crash_line(run.request_id, text, type));
  run.call->outcome = platform_error(std::string(type), run.request_id, text);
  report(run, "error", std::string(type));
}

void ProcessSandbox::fail_init(Run& run, Init how) {
  report_init("invoke", how);
  log_->line(start_line(*spec_, run.begun, run.request_id));
  if (how == Init::late) {
    time_out(run);
  } else if (not_started_) {
    crash(run, not_started_->first, not_started_->second);
  } else if (mailbox().failed()) {
    run.call->outcome = mailbox().take_answer();
    report(run, "error", run.call->outcome.error_type);
  } else {
    crash(run, "Runtime.ExitError", exit_text(process_->status()));
  }
}

void ProcessSandbox::report_init(std::string_view phase, Init how) {
  const Time now = host_->clock.now();
  std::string type = "Runtime.ExitError";
  if (how == Init::late) {
    type.clear();
  } else if (not_started_) {
    type = not_started_->first;
  } else if (mailbox().answered()) {
    type = mailbox().answered()->error_type;
  }
  if (process_) process_->drain();
  log_->line(
      init_report_line(*spec_, now, now - begun_, phase, how == Init::late ? "timeout" : "error", type));
}

void ProcessSandbox::report(Run& run, std::string status, std::string error_type) {
  if (process_ && !process_->ended()) process_->drain();
  const Time now = host_->clock.now();
  Report line{.request_id = run.request_id, .duration = now - run.begun, .init = run.init};
  if (status == "timeout") line.duration = spec_->timeout;
  line.memory_mb = spec_->memory_mb;
  line.max_memory_mb = process_ ? process_->peak_memory_mb() : 0;
  if (line.max_memory_mb > 0) peak_mb_ = line.max_memory_mb;
  line.status = std::move(status);
  line.error_type = std::move(error_type);
  log_->line(report_line(*spec_, now, line));
}

void ProcessSandbox::answer(Run& run) {
  if (std::exchange(run.answered, true)) return;
  if (run.streaming) run.call->outcome.streamed = true;  // also where it broke off
  run.call->outcome.trace_id = run.trace_id;
  if (run.log_tail) run.call->outcome.log_tail = log_->tail();
  run.call->answered->signal();
}

void ProcessSandbox::idle(bool usable) {
  std::function<void(bool)> then;
  outside_.with([&](Outside& o) {
    o.busy = false;
    o.usable = usable = usable && !o.closed;
    then.swap(o.then);
  });
  if (then) then(usable);
}

void ProcessSandbox::when_idle(std::function<void(bool usable)> then) {
  bool usable = false;
  const bool later = outside_.with([&](Outside& o) {
    if (o.busy) o.then.swap(then);
    usable = o.usable;
    return o.busy;
  });
  if (!later) then(usable);
}

void ProcessSandbox::close() {
  auto [process, first] =
      outside_.with([](Outside& o) { return std::pair{o.process, !std::exchange(o.closed, true)}; });
  if (!first) return;
  if (process) process->kill();
  // Held from here: clean_up() itself runs only later.
  asio::co_spawn(loop_, clean_up(), [self = shared_from_this()](std::exception_ptr) {});
}

awaitable<void> ProcessSandbox::clean_up() {
  api_->stop();
  if (!outside_.with([](Outside& o) { return o.busy; })) api_->restart();
  auto work = [host = host_, place = place_] {
    if (!host->closing) sweep(fmt::format("{}{}", kEnvironmentMark, place.id), kSweep);
    std::error_code ignored;
    std::filesystem::remove_all(place.directory, ignored);
  };
  co_await host_->loops.blocking(std::move(work));
}
}  // namespace emu::runtime
