// The beginning of an environment: its extensions, then the runtime, until all of them wait for work
// (spec-lambda B.1, F.4).
#include <fmt/format.h>
#include <sys/wait.h>

#include "runtime-api/platform_error.hpp"
#include "runtime-api/process_sandbox.hpp"

namespace emu::runtime {
namespace {
constexpr Duration kInitLimit = std::chrono::seconds(10);  // spec-lambda F.4
constexpr Duration kLongInitLimit = std::chrono::seconds(130);
constexpr std::string_view kRestoreTimeout = "Runtime.RestoreHookUserTimeout";  // spec-lambda A.6

// "exit code 0", "exit status 1", "signal: killed" (spec-lambda A.5).
std::string extension_exit(int status) {
  if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0)
    return exit_text(status).substr(std::string_view("Runtime exited with error: ").size());
  return "exit code 0";
}
}  // namespace

awaitable<void> ProcessSandbox::start() {
  ExtensionNews news;
  news.changed = [weak = weak_from_this()] {
    if (const auto sandbox = weak.lock()) sandbox->changed();
  };
  news.subscribed = [weak = weak_from_this()](const Subscription& made) {
    if (const auto sandbox = weak.lock()) sandbox->log_->subscribed(made);
  };
  api_ = std::make_shared<ApiServer>(host_->loops, host_->clock, host_->ids, loop_, spec_, std::move(news));
  if (auto booted = host_->booted(*spec_)) {
    place_ = std::move(booted->place);
    booted_ = std::move(booted->process);
  } else {
    place_ = host_->place();
  }
  place_.runtime_api = fmt::format("127.0.0.1:{}", api_->listen());
  place_.credentials_token = api_->credentials_token();
  if (host_->tmp_mode != TmpMode::variable) api_->extensions().courier().address(place_.loopback);
  auto stream = host_->options.logs.open(*spec_, host_->ids.text(32, Ids::kHex));
  place_.log_stream = stream->name;
  log_.emplace(spec_, host_->clock, std::move(stream), api_->extensions(), place_.id);
  co_await begin("init");
}

Duration ProcessSandbox::init_limit() const {
  if (debugged_) return std::chrono::hours(24);
  return spec_->initialization_type == "on-demand" ? kInitLimit : std::max(kLongInitLimit, spec_->timeout);
}

awaitable<void> ProcessSandbox::begin(std::string_view phase) {
  auto self = shared_from_this();
  phase_ = phase;
  ++begins_;
  api_->restart();
  ready_.reset();
  restoring_.reset();
  not_started_.reset();
  broken_.reset();
  log_->init_start(phase);
  co_await host_->gate->enter();
  initialised_ = std::make_shared<Wakeup>(loop_);
  begun_ = host_->clock.now();
  try {
    if (!spec_->layers.empty()) co_await start_extensions();
    if (externals_.empty() && !broken_) co_await start_process();
  } catch (...) {
    host_->gate->leave();
    throw;
  }
  if (!externals_.empty()) asio::co_spawn(loop_, start_when_registered(), [self](std::exception_ptr) {});
  if (process_ || !externals_.empty())
    asio::co_spawn(loop_, host_->gate->hold(initialised_), [gate = host_->gate](std::exception_ptr) {});
  else
    host_->gate->leave();
}

std::shared_ptr<Process> ProcessSandbox::watched(Spawned spawned, Process::Events events) {
  auto process = std::make_shared<Process>(loop_, std::move(spawned), std::move(events));
  process->watch();
  const bool closed = outside_.with([&](Outside& o) {
    o.processes.push_back(process);
    return o.closed;
  });
  if (closed) process->kill();
  return process;
}

awaitable<void> ProcessSandbox::start_extensions() {
  auto look = [host = host_, spec = spec_] { return host->extensions(*spec); };
  const auto names = co_await host_->loops.blocking(std::move(look));
  api_->extensions().expect(names);
  for (const auto& name : names) {
    auto work = [host = host_, spec = spec_, place = place_, name] {
      return host->start_extension(*spec, place, name);
    };
    auto started = co_await host_->loops.blocking(std::move(work));
    if (!started.error_type.empty()) {
      broken_.emplace(std::move(started.error_type), std::move(started.error));
      co_return;
    }
    auto lines = log_->of_extension();
    Process::Events events{.output =
                               [weak = weak_from_this(), lines](std::string_view bytes) {
                                 if (const auto self = weak.lock()) lines->output(bytes);
                               },
                           .ended =
                               [weak = weak_from_this(), lines, name] {
                                 const auto self = weak.lock();
                                 if (!self) return;
                                 lines->finish_line();
                                 self->extension_ended(name);
                               }};
    externals_.push_back({name, watched(std::move(started.process), std::move(events))});
  }
}

void ProcessSandbox::extension_ended(const std::string& name) {
  const auto at = std::ranges::find(externals_, name, &External::name);
  if (!ending_ && !broken_ && at != externals_.end())
    broken_.emplace("Extension.Crash", extension_exit(at->process->status()));
  changed();
}

awaitable<void> ProcessSandbox::start_when_registered() {
  auto self = shared_from_this();
  const int mine = begins_;
  while (mine == begins_ && !broken_ && !ending_ && !extensions().registered()) co_await event(kNever);
  if (mine != begins_ || broken_ || ending_) co_return;
  const Time begun = begun_;
  co_await start_process();
  if (mine != begins_) co_return;
  begun_ = begun;
  changed();
}

void ProcessSandbox::put_away(Spawned spawned) {
  auto orphan = std::make_shared<Process>(loop_, std::move(spawned),
                                          Process::Events{.output = [](std::string_view) {}, .ended = [] {}});
  orphan->watch();
  orphan->kill();
}

// Afterwards there is a process_, or it is said in not_started_ why there is none.
awaitable<void> ProcessSandbox::start_process() {
  if (closed()) {
    not_started_.emplace("Sandbox.Failure", "The environment has ended");
    co_return;
  }
  const int mine = begins_;
  auto booted = std::make_shared<Spawned>(std::exchange(booted_, {}));
  auto work = [host = host_, spec = spec_, place = place_, booted] {
    return host->start(*spec, place, *booted);
  };
  auto started = co_await host_->loops.blocking(std::move(work));
  if (mine != begins_) {  // an extension failed meanwhile: nobody waits for this one any more
    if (started.error_type.empty()) put_away(std::move(started.process));
    co_return;
  }
  begun_ = started.begun;
  if (!started.note.empty()) log_->note(started.note);
  if (!started.error_type.empty()) {
    log_->note(fmt::format("emu: cannot start {}: {}\n", spec_->name, started.error));
    not_started_.emplace(std::move(started.error_type), std::move(started.error));
    co_return;
  }
  Process::Events events{.output =
                             [weak = weak_from_this()](std::string_view bytes) {
                               if (const auto self = weak.lock()) self->log_->output(bytes);
                             },
                         .ended =
                             [weak = weak_from_this()] {
                               const auto self = weak.lock();
                               if (!self) return;
                               self->initialised_->signal();
                               self->changed();
                             },
                         .framed =
                             [weak = weak_from_this()](std::string_view bytes) {
                               if (const auto self = weak.lock()) self->log_->records(bytes);
                             }};
  process_ = watched(std::move(started.process), std::move(events));
}

void ProcessSandbox::changed() {
  const auto& states = extensions();
  if (states.any()) outside_.with([](Outside& o) { o.gentle = true; });
  if (const auto* e = states.broken(); e && !broken_ && !ending_) {
    log_->extension(*e);
    broken_.emplace(e->state == Extension::State::init_error ? "Extension.InitError" : "Extension.ExitError",
                    e->error_type);
  }
  const Time now = host_->clock.now();
  if (!restoring_ && mailbox().state() == Mailbox::State::restoring) restoring_ = now;
  if (!ready_ && mailbox().state() == Mailbox::State::ready) {
    ready_ = now;
    api_->extensions().close_registration();
    initialised_->signal();
  }
  waiting_.wake_all();
}

awaitable<ProcessSandbox::Init> ProcessSandbox::initialised(Time deadline) {
  for (;;) {
    if (broken_ || not_started_ || mailbox().failed()) co_return Init::failed;
    if (process_ && process_->ended()) co_return Init::failed;
    if (ready_ && extensions().settled()) break;
    const bool restoring = restoring_ && !ready_;
    const Time restored = restoring ? *restoring_ + host_->options.restore_limit : kNever;
    const bool in_time = co_await event(std::min(deadline, restored));
    if (!in_time && restored < deadline) {
      not_restored_.emplace(std::string(kRestoreTimeout), "The restore hooks took too long");
      co_return Init::failed;
    }
    if (!in_time) co_return Init::late;
  }
  const Time least = std::min(begun_ + spec_->init_at_least, deadline);
  if (host_->clock.now() < least) {  // a modelled cold start takes its time
    co_await host_->clock.sleep(least - host_->clock.now());
    ready_ = least;
  } else if (extensions().any()) {
    ready_ = host_->clock.now();
  }
  measure_memory();  // a first value, in case it dies
  co_return Init::ready;
}

// What is said of an initialisation when it is over, and what the first invocation reports of it.
void ProcessSandbox::note_init(Init how) {
  const Time now = host_->clock.now();
  if (not_restored_) {
    const PhaseEnd end{.phase = "restore",
                       .status = "timeout",
                       .error_type = not_restored_->type,
                       .took = now - *restoring_};
    log_->restore_start();
    log_->restore_runtime_done(end);
    log_->restore_report(end);
    return;
  }
  const Time over = restoring_.value_or(how == Init::ready ? *ready_ : now);
  PhaseEnd end{.phase = phase_, .status = "success", .took = over - begun_};
  const bool on_demand = spec_->initialization_type == "on-demand";
  if (how != Init::ready) {
    end.status = how == Init::late ? "timeout" : "error";
    end.took = now - begun_;
    if (how == Init::failed) {
      end.error_type = "Runtime.ExitError";
      if (broken_) end.error_type = broken_->type;
      if (not_started_) end.error_type = not_started_->type;
      if (mailbox().answered()) end.error_type = mailbox().answered()->error_type;
    }
    if (process_) process_->drain();
  }
  if (host_->groups && how == Init::ready && !debugged_)
    host_->groups->limit_cpu(place_.id, spec_->memory_mb);
  log_->init_runtime_done(end);
  if (how == Init::ready) {
    for (const auto& extension : extensions().all()) log_->extension(extension);
    api_->extensions().close_subscriptions();
  }
  log_->init_report(end, how != Init::ready || (!on_demand && phase_ == "init"));
  if (how != Init::ready || phase_ != "init") return;
  if (on_demand) init_ = end.took;
  if (spec_->initialization_type != "snap-start") return;
  PhaseEnd restored{.phase = "restore", .status = "success", .took = *ready_ - restoring_.value_or(*ready_)};
  log_->restore_start();
  log_->restore_runtime_done(restored);
  log_->restore_report(restored);
  restore_ = restored.took;
}

// The initialisation that precedes the first invocation and is not part of it.
awaitable<void> ProcessSandbox::first_init() {
  auto self = shared_from_this();
  while (initialising_) co_await event(kNever);
  const bool died = process_ && (process_->ended() || broken_);
  if (!fresh_ && !died) co_return;
  initialising_ = true;
  const std::shared_ptr<void> over(nullptr, [self](void*) { self->initialising_ = false; });
  if (!fresh_) {  // it died between two invocations: a cold start again
    co_await end("failure");
    co_await begin("init");
  }
  fresh_ = false;
  const auto how = co_await initialised(begun_ + init_limit());
  note_init(how);
  if (how == Init::ready) {
    idle_since_ = host_->clock.now();
    attend();
  } else {
    co_await end(how == Init::late ? "timeout" : "failure");
  }
  initialising_ = false;
  changed();  // for who waits until it is
}
}  // namespace emu::runtime
