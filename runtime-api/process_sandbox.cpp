#include "runtime-api/process_sandbox.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <csignal>

#include "emulator/base/log.hpp"
#include "runtime-api/platform_error.hpp"
#include "runtime-api/sweep.hpp"

namespace emu::runtime {
namespace {
constexpr std::chrono::milliseconds kSweep = std::chrono::seconds(1);
constexpr Duration kExternalWindow = std::chrono::seconds(2);  // spec-lambda B.1
constexpr Duration kInternalWindow = std::chrono::milliseconds(500);
// Ours: of a daemon that ends, which shall not take a second.
constexpr Duration kStoppingWindow = std::chrono::milliseconds(400);
// Who invokes in a loop shall not pay for a stop and a start each time, and on AWS the way back takes longer
// than this; a timer of the function that is shorter still fires.
constexpr Duration kGrace = std::chrono::milliseconds(20);
constexpr Duration kTick = std::chrono::milliseconds(10);
constexpr Duration kPerBusy =
    std::chrono::microseconds(500);  // a thousand busy ones are looked at twice a second
constexpr Duration kMeasureEvery = std::chrono::milliseconds(20);
constexpr Duration kLookEvery = std::chrono::milliseconds(30);
}  // namespace

ProcessSandbox::ProcessSandbox(std::shared_ptr<ProcessHost> host, std::shared_ptr<const FunctionSpec> spec,
                               asio::any_io_executor loop)
    : host_(std::move(host)),
      spec_(std::move(spec)),
      loop_(std::move(loop)),
      debugged_(host_->debugged(*spec_)) {}

ProcessSandbox::~ProcessSandbox() {
  if (booted_.pid >= 0) emu::runtime::end({.like = spec_, .place = place_, .process = std::move(booted_)});
}

awaitable<bool> ProcessSandbox::event(Time deadline) { return waiting_.wait(host_->clock, loop_, deadline); }

awaitable<Outcome> ProcessSandbox::invoke(Invocation invocation) {
  auto self = shared_from_this();
  auto answered = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  auto call = std::make_shared<Call>(std::move(invocation), answered);
  outside_.with([](Outside& o) { ++o.busy; });
  auto served = spec_->managed_instances() ? serve_beside(call) : serve(call);
  asio::co_spawn(loop_, std::move(served), [self, call](std::exception_ptr failed) {
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

awaitable<bool> ProcessSandbox::warmed() {
  auto self = shared_from_this();
  struct Warm {
    std::shared_ptr<Wakeup> wakeup;
    std::atomic<bool> well = false;
  };
  auto warm = std::make_shared<Warm>(std::make_shared<Wakeup>(co_await asio::this_coro::executor));
  asio::co_spawn(loop_, first_init(), [self, warm](std::exception_ptr failed) {
    warm->well = !failed && self->process_ && !self->process_->ended() && !self->closed();
    warm->wakeup->signal();
  });
  co_await host_->clock.wait(warm->wakeup, kNever);
  co_return warm->well;
}

bool ProcessSandbox::closed() {
  return outside_.with([](Outside& o) { return o.closed; });
}

bool ProcessSandbox::all_ended() const {
  return (!process_ || process_->ended()) &&
         std::ranges::all_of(externals_, [](const External& e) { return e.process->ended(); });
}

// reason: what extensions are told, if there is something to tell: "timeout", "failure".
awaitable<void> ProcessSandbox::end(std::string_view reason) {
  if (!process_ && externals_.empty()) co_return;
  ending_ = true;
  ++begins_;  // whoever still waits to start the runtime does not
  if (process_) process_->kill();
  if (!externals_.empty()) co_await dismiss(reason, host_->clock.now() + kExternalWindow);
  for (const auto& external : externals_) external.process->kill();
  while (!all_ended()) co_await event(kNever);
  log_->finish_line();
  auto work = [mark = fmt::format("{}{}", kEnvironmentMark, place_.id)] { return sweep(mark, kSweep); };
  co_await host_->loops.blocking(std::move(work));
  outside_.with([](Outside& o) { o.processes.clear(); });
  process_.reset();
  externals_.clear();
  broken_.reset();
  frozen_ = ending_ = false;
  api_->restart();
}

// Tells the extensions that asked for it, and waits until they have ended; the others end at once.
awaitable<void> ProcessSandbox::dismiss(std::string_view reason, Time deadline) {
  thaw();
  std::vector<std::shared_ptr<Process>> told;
  for (const auto& external : externals_) {
    const auto at = std::ranges::find(extensions().all(), external.name, &Extension::name);
    if (at != extensions().all().end() && at->wants("SHUTDOWN"))
      told.push_back(external.process);
    else
      external.process->kill();
  }
  if (!api_->extensions().shut_down(reason, deadline)) co_return;
  api_->extensions().courier().hurry();
  const auto over = [&] { return std::ranges::all_of(told, [](const auto& p) { return p->ended(); }); };
  for (bool in_time = true; in_time && !over();) in_time = co_await event(deadline);
}

// An environment that is not needed any more (spec-lambda B.1): the runtime first, then the extensions.
awaitable<void> ProcessSandbox::shut_down() {
  thaw();
  ending_ = true;
  Duration window = extensions().any_external() ? kExternalWindow : kInternalWindow;
  if (host_->stopping) window = std::min(window, kStoppingWindow);
  const Time now = host_->clock.now();
  if (process_) {
    process_->signal(SIGTERM);
    const Time patience = now + (externals_.empty() ? window : window * 3 / 10);
    for (bool in_time = true; in_time && !process_->ended();) in_time = co_await event(patience);
    process_->kill();
  }
  if (!externals_.empty()) co_await dismiss("spindown", now + window);
}

void ProcessSandbox::close() {
  std::vector<std::shared_ptr<Process>> processes;
  const auto [first, gently] = outside_.with([&](Outside& o) {
    processes = o.processes;
    return std::pair{!std::exchange(o.closed, true), o.gentle && o.busy == 0};
  });
  if (!first) return;
  if (gently)
    ++host_->leaving;
  else
    for (const auto& process : processes) process->kill();
  // Held from here: clean_up() itself runs only later.
  asio::co_spawn(loop_, clean_up(gently), [self = shared_from_this()](std::exception_ptr) {});
}

awaitable<void> ProcessSandbox::clean_up(bool gently) {
  if (gently) {
    const std::shared_ptr<void> left(nullptr, [host = host_](void*) { --host->leaving; });
    if (!host_->closing) co_await shut_down();
  }
  auto processes = outside_.with([](Outside& o) { return o.processes; });
  for (const auto& process : processes) process->kill();
  api_->stop();
  if (!outside_.with([](Outside& o) { return o.busy > 0; })) api_->restart();
  auto work = [host = host_, place = place_] {
    if (!host->closing) sweep(fmt::format("{}{}", kEnvironmentMark, place.id), kSweep);
    std::error_code ignored;
    std::filesystem::remove_all(place.directory, ignored);
    if (host->groups) host->groups->remove(place.id);
  };
  co_await host_->loops.blocking(std::move(work));
}

// Somebody looks after the environment from its first invocation on until it is frozen: at its memory while
// it works, and for the moment to freeze it.
void ProcessSandbox::attend() {
  if (std::exchange(attending_, true)) return;
  ++host_->busy;
  asio::co_spawn(loop_, attendant(), [self = shared_from_this()](std::exception_ptr) {
    self->attending_ = false;
    --self->host_->busy;
  });
}

awaitable<void> ProcessSandbox::attendant() {
  while (process_ && !process_->ended() && !closed()) {
    co_await host_->clock.sleep(std::max(kTick, host_->busy.load() * kPerBusy));
    if (!process_ || process_->ended()) co_return;
    if (serving_ > 0) {
      log_->flush();
      if (limit_memory()) co_return;
    } else if (host_->clock.now() - idle_since_ >= kGrace && !api_->extensions().courier().delivering()) {
      freeze();
      co_return;
    }
  }
}

void ProcessSandbox::freeze() {
  if (frozen_ || !host_->options.switches.freeze || debugged_ || ending_ || closed()) return;
  if (spec_->managed_instances()) return;  // on an instance of one's own nothing is frozen
  frozen_ = true;
  api_->extensions().courier().rest(true);
  process_->freeze();
  for (const auto& external : externals_) external.process->freeze();
}

void ProcessSandbox::thaw() {
  if (!std::exchange(frozen_, false)) return;
  for (const auto& external : externals_) external.process->thaw();
  if (process_) process_->thaw();
  api_->extensions().courier().rest(false);
}

// Where control groups cannot be had, memory is limited by looking: who holds more is killed, as the kernel
// does on AWS. Not at every tick: /proc is slow to tell.
bool ProcessSandbox::limit_memory() {
  const Time looking = host_->clock.now();
  if (looking >= looked_ && looking - looked_ < kLookEvery) return false;  // a clock may be set back
  looked_ = looking;
  const auto held = [&](int (Process::*measure)() const) {
    int sum = (process_.get()->*measure)();
    for (const auto& external : externals_) sum += (external.process.get()->*measure)();
    return sum;
  };
  int now = held(&Process::memory_mb);
  if (now > spec_->memory_mb) now = held(&Process::apportioned_memory_mb);
  peak_mb_ = std::max<int>(peak_mb_, now);
  if (now <= spec_->memory_mb || !host_->options.switches.limit_memory || debugged_) return false;
  log_->note(
      fmt::format("emu: {} held {} MB of its {} MB and was killed\n", spec_->name, now, spec_->memory_mb));
  process_->kill();
  return true;
}

// Not at every invocation: /proc is slow to tell, and what it tells changes slowly.
int ProcessSandbox::measure_memory() {
  const Time now = host_->clock.now();
  if (process_ && (peak_mb_ == 0 || now - measured_ >= kMeasureEvery)) {
    measured_ = now;
    int peak = process_->peak_memory_mb();
    for (const auto& external : externals_) peak += external.process->peak_memory_mb();
    peak_mb_ = std::max<int>(peak_mb_, peak);
  }
  return host_->options.switches.limit_memory ? std::min<int>(peak_mb_, spec_->memory_mb) : peak_mb_.load();
}

void ProcessSandbox::idle(bool usable) {
  --serving_;
  idle_since_ = host_->clock.now();
  std::function<void(bool)> then;
  outside_.with([&](Outside& o) {
    --o.busy;
    o.usable = usable = usable && o.usable && !o.closed;
    then.swap(o.then);
  });
  if (then) then(usable);
}

void ProcessSandbox::when_idle(std::function<void(bool usable)> then) {
  bool usable = false;
  const bool later = outside_.with([&](Outside& o) {
    usable = o.usable;
    if (o.busy == 0 || spec_->managed_instances()) return false;  // its place is free with its answer
    o.then.swap(then);
    return true;
  });
  if (!later) then(usable);
}
}  // namespace emu::runtime
