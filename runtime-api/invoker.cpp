#include "runtime-api/invoker.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <deque>

#include "emulator/base/log.hpp"
#include "runtime-api/platform_error.hpp"
#include "runtime-api/scheduler/draw.hpp"

namespace emu::runtime {
namespace {
// An environment that has answered asks for its next invocation a fraction of a millisecond later. Somebody
// who invokes in a loop must find it warm, as on AWS, where the way back takes longer than that; so a cold
// start or a throttle waits this long for it.
constexpr Duration kSettling = std::chrono::milliseconds(25);
constexpr int kPlacedAgain = 8;
constexpr Duration kReapEvery = std::chrono::seconds(15);
// Ours: how long a provisioned environment that failed to initialise is left alone; each failure doubles it.
constexpr Duration kFirstRetry = std::chrono::seconds(15), kLongestRetry = std::chrono::minutes(5);

struct Environments {
  std::shared_ptr<const FunctionSpec> spec;
  Pool pool;
  std::map<SandboxId, std::shared_ptr<Sandbox>> sandboxes;
  int settling = 0;  // have answered, but not yet asked for more
  std::deque<std::shared_ptr<Wakeup>> waiting;
  // For environments with several slots: who has one in an environment that is still being launched.
  std::map<SandboxId, std::vector<std::shared_ptr<Wakeup>>> joining;
  bool known = false, retired = false;
  Duration retry_after{};  // zero: no initialisation of a provisioned environment failed since one succeeded
  Time retry_at{};

  explicit Environments(std::shared_ptr<const FunctionSpec> s)
      : spec(std::move(s)), pool(mixed(mixed(0, spec->arn), spec->version), spec->max_concurrency) {}
  ~Environments() {  // their function is forgotten; an environment nobody can reach would live on
    for (const auto& [id, sandbox] : sandboxes) sandbox->close();
  }

  std::shared_ptr<Sandbox> find(SandboxId id) const {
    const auto at = sandboxes.find(id);
    return at == sandboxes.end() ? nullptr : at->second;
  }
  std::shared_ptr<Sandbox> drop(SandboxId id) {
    pool.lost(id);
    joined(id);
    auto node = sandboxes.extract(id);
    return node ? std::move(node.mapped()) : nullptr;
  }
  // It is launched, or will never be.
  void joined(SandboxId id) {
    if (const auto node = joining.extract(id))
      for (const auto& wakeup : node.mapped()) wakeup->signal();
  }
  std::vector<std::shared_ptr<Sandbox>> drop(const std::vector<SandboxId>& ids) {
    std::vector<std::shared_ptr<Sandbox>> out;
    for (const auto id : ids)
      if (auto sandbox = drop(id)) out.push_back(std::move(sandbox));
    return out;
  }
  void initialised(bool well, Time now) {
    if (well) {
      retry_after = {};
      retry_at = {};
    } else if (now >= retry_at) {  // else of those that failed together
      retry_after = std::clamp(retry_after * 2, kFirstRetry, kLongestRetry);
      retry_at = now + retry_after;
    }
  }
  std::shared_ptr<Wakeup> next_waiting() {
    if (waiting.empty()) return nullptr;
    auto first = std::move(waiting.front());
    waiting.pop_front();
    return first;
  }
};

void close_all(const std::vector<std::shared_ptr<Sandbox>>& sandboxes) {
  for (const auto& sandbox : sandboxes) sandbox->close();
}

std::shared_ptr<const FunctionSpec> spec_of_start(std::shared_ptr<const FunctionSpec> spec, bool provisioned,
                                                  const ColdStart& start) {
  if (!provisioned && start.init_at_least == Duration::zero()) return spec;
  auto own = std::make_shared<FunctionSpec>(*spec);
  own->init_at_least = start.init_at_least;
  if (provisioned) own->initialization_type = "provisioned-concurrency";
  return own;
}
}  // namespace

struct Function::Live : Guarded<Environments> {
  explicit Live(std::shared_ptr<const FunctionSpec> s) : Guarded<Environments>(s), spec(std::move(s)) {}
  const std::shared_ptr<const FunctionSpec> spec;
};

struct Invoker::Admission {
  enum class Kind { warm, cold, throttled, settling } kind;
  SandboxId id = 0;
  std::shared_ptr<Sandbox> sandbox = nullptr;  // warm
  bool provisioned = false;
  std::string_view reason = {};
};

Function::Function(FunctionSpec s)
    : spec(std::make_shared<const FunctionSpec>(std::move(s))), live_(std::make_shared<Live>(spec)) {}

Invoker::Invoker(Clock& clock, Launcher& launcher, Guarded<Concurrency>& concurrency, Keep keep,
                 ColdStarts cold_starts)
    : clock_(clock),
      launcher_(launcher),
      concurrency_(concurrency),
      keep_(keep),
      cold_starts_(std::move(cold_starts)) {}

Invoker::Admission Invoker::admit(Live& function, std::string_view tenant,
                                  const std::shared_ptr<Wakeup>& wakeup) {
  using Kind = Admission::Kind;
  return function.with([&](Environments& live) -> Admission {
    const Time now = clock_.now();
    const auto& spec = *live.spec;
    // The one nesting of locks here: a function's, then the account's.
    const auto ask = [&](auto&& question) { return concurrency_.with(question); };
    if (live.pool.has_provisioned()) {
      const auto reason =
          ask([&](Concurrency& c) { return c.enter_provisioned(spec.arn, spec.version, now); });
      if (!reason.empty()) return {.kind = Kind::throttled, .reason = reason};
      const auto id = live.pool.place_provisioned(now);
      return {Kind::warm, id, live.sandboxes.at(id), true};
    }
    const bool warm = live.pool.has_free(tenant);
    const bool patient = wakeup && live.settling > 0;
    // Who waits holds no place on demand: what comes free may be provisioned.
    std::string_view reason;
    if (warm || !patient) reason = ask([&](Concurrency& c) { return c.enter(spec.arn, now); });
    if (patient && (!warm || !reason.empty())) {
      live.waiting.push_back(wakeup);
      return {.kind = Kind::settling};
    }
    if (reason.empty() && !warm) {
      reason = ask([&](Concurrency& c) { return c.start(spec.arn, now); });
      if (!reason.empty()) ask([&](Concurrency& c) { c.leave(spec.arn); });
    }
    if (!reason.empty()) return {.kind = Kind::throttled, .reason = reason};
    const auto placed = live.pool.place(now, tenant);
    if (const auto* at = std::get_if<Warm>(&placed)) return {Kind::warm, at->id, live.find(at->id)};
    return {.kind = Kind::cold, .id = std::get<Cold>(placed).id};
  });
}

awaitable<Invoker::Admission> Invoker::admitted(std::shared_ptr<Live> live, std::string tenant) {
  std::optional<Time> patience;
  for (;;) {
    const Time now = clock_.now();
    if (!patience) patience = now + kSettling;
    std::shared_ptr<Wakeup> wakeup;
    const bool settling = now < *patience && live->with([](auto& l) { return l.settling > 0; });
    if (settling) wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    auto admission = admit(*live, tenant, wakeup);
    if (admission.kind == Admission::Kind::throttled)
      concurrency_.with([&](Concurrency& c) { c.count_throttle(live->spec->arn, admission.reason); });
    if (admission.kind != Admission::Kind::settling) co_return admission;
    co_await clock_.wait(wakeup, *patience);
    live->with([&](auto& l) { std::erase(l.waiting, wakeup); });
  }
}

awaitable<std::shared_ptr<Sandbox>> Invoker::launch(std::shared_ptr<Live> live, SandboxId id,
                                                    bool provisioned) {
  const auto start = cold_starts_.with([&](ColdStarts& c) { return c.draw(*live->spec); });
  if (start.before > Duration::zero()) co_await clock_.sleep(start.before);
  auto sandbox = co_await launcher_.launch(spec_of_start(live->spec, provisioned, start));
  const bool first = live->with([&](Environments& l) {
    l.sandboxes[id] = sandbox;
    l.joined(id);
    return !std::exchange(l.known, true);
  });
  const bool closed = known_.with([&](Known& k) {
    if (first) {
      std::erase_if(k.functions, [](const auto& f) { return f.expired(); });
      k.functions.push_back(live);
    }
    return k.closed;
  });
  if (closed) sandbox->close();  // it would outlive close()
  co_return sandbox;
}

// Waits for who launches the environment in which it has a slot.
awaitable<std::shared_ptr<Sandbox>> Invoker::join(std::shared_ptr<Live> live, SandboxId id) {
  auto launched = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  const bool waits = live->with([&](Environments& l) {
    if (l.find(id) || !l.pool.all().contains(id)) return false;
    l.joining[id].push_back(launched);
    return true;
  });
  if (waits) co_await clock_.wait(launched, kNever);
  auto sandbox = live->with([&](Environments& l) { return l.find(id); });
  if (!sandbox) throw std::runtime_error("the environment could not be launched");
  co_return sandbox;
}

awaitable<Outcome> Invoker::invoke(std::shared_ptr<Function> function, Invocation invocation) {
  auto live = function->live_;
  // An environment that several share may end while an invocation is on its way to it.
  if (live->spec->managed_instances())
    for (int i = 0; i < kPlacedAgain; ++i) {
      auto outcome = co_await invoke_once(live, invocation);
      if (!outcome.not_taken) co_return outcome;
    }
  const auto id = invocation.request_id;
  auto outcome = co_await invoke_once(live, std::move(invocation));
  if (outcome.not_taken) co_return platform_error("Sandbox.Failure", id, "The environment has ended");
  co_return outcome;
}

awaitable<Outcome> Invoker::invoke_once(std::shared_ptr<Live> live, Invocation invocation) {
  auto admission = co_await admitted(live, live->spec->per_tenant ? invocation.tenant_id : "");
  if (admission.kind == Admission::Kind::throttled) {
    Outcome throttled{.kind = Outcome::Kind::throttled};
    throttled.throttle_reason = admission.reason;
    co_return throttled;
  }
  Outcome outcome;
  try {
    auto sandbox = std::move(admission.sandbox);
    if (!sandbox && admission.kind == Admission::Kind::warm) sandbox = co_await join(live, admission.id);
    if (!sandbox) sandbox = co_await launch(live, admission.id, false);
    outcome = co_await sandbox->invoke(std::move(invocation));
    live->with([](Environments& l) { ++l.settling; });
    const bool taken = !outcome.not_taken;
    sandbox->when_idle(
        [this, live, id = admission.id, provisioned = admission.provisioned, taken](bool usable) {
          live->with([](Environments& l) { --l.settling; });
          give_back(live, id, provisioned, usable && taken);
        });
  } catch (...) {
    give_back(live, admission.id, admission.provisioned, false);
    throw;
  }
  co_return outcome;
}

void Invoker::give_back(const std::shared_ptr<Live>& function, SandboxId id, bool provisioned, bool usable) {
  std::vector<std::shared_ptr<Sandbox>> ended;
  std::shared_ptr<Wakeup> waiting;
  function->with([&](Environments& live) {
    concurrency_.with([&](Concurrency& c) {
      if (provisioned)
        c.leave_provisioned(live.spec->arn, live.spec->version);
      else
        c.leave(live.spec->arn);
    });
    if (usable && live.pool.all().contains(id)) {  // a retired one ends what it still runs
      live.pool.release(id, clock_.now());
      ended = live.drop(live.retired ? live.pool.expire(kNever, keep_) : live.pool.surplus());
    } else if (auto gone = live.drop(id)) {
      ended.push_back(std::move(gone));
    }
    waiting = live.next_waiting();
  });
  close_all(ended);
  if (waiting) waiting->signal();
}

awaitable<void> Invoker::provision(std::shared_ptr<Function> function, int environments) {
  std::vector<std::shared_ptr<Sandbox>> ended;
  function->live_->with([&](Environments& live) {
    live.retry_after = {};
    live.retry_at = {};
    live.pool.provision(environments);
    ended = live.drop(live.pool.surplus());
  });
  close_all(ended);
  co_await top_up(function->live_);
}

// Starts what is missing, as fast as AWS allocates.
awaitable<void> Invoker::top_up(std::shared_ptr<Live> function) {
  for (;;) {
    Time next = kNever;
    std::vector<SandboxId> starting;
    function->with([&](Environments& live) {
      if (live.retired || clock_.now() < live.retry_at) return;
      starting = live.pool.to_start(clock_.now());
      if (live.pool.missing() > 0) next = live.pool.next_start(clock_.now());
    });
    for (const auto id : starting)
      asio::co_spawn(co_await asio::this_coro::executor, start_provisioned(function, id),
                     [](std::exception_ptr) {});
    if (next == kNever) co_return;
    co_await clock_.sleep(next - clock_.now());
  }
}

awaitable<void> Invoker::start_provisioned(std::shared_ptr<Live> function, SandboxId id) {
  bool initialised = false;
  try {
    const auto sandbox = co_await launch(function, id, true);
    initialised = co_await sandbox->warmed();
  } catch (const std::exception& e) {
    log_fault("provisioning " + function->spec->name, e.what());
  }
  std::vector<std::shared_ptr<Sandbox>> ended;
  function->with([&](Environments& live) {
    live.initialised(initialised, clock_.now());
    if (initialised && !live.retired) {
      live.pool.release(id, clock_.now());
      ended = live.drop(live.pool.surplus());
    } else if (auto gone = live.drop(id)) {
      ended.push_back(std::move(gone));
    }
  });
  close_all(ended);
}

ProvisionedView Invoker::provisioned(const Function& function) {
  return function.live_->with([](Environments& live) {
    return ProvisionedView{live.pool.wanted(), live.pool.allocated(), live.retry_after > Duration::zero()};
  });
}

void Invoker::retire(std::shared_ptr<Function> function) {
  std::vector<std::shared_ptr<Sandbox>> ended;
  function->live_->with([&](Environments& live) {
    live.retired = true;
    live.pool.provision(0);
    ended = live.drop(live.pool.expire(kNever, keep_));
  });
  close_all(ended);
}

std::vector<std::shared_ptr<Invoker::Live>> Invoker::known() {
  std::vector<std::shared_ptr<Live>> out;
  known_.with([&](Known& k) {
    for (const auto& weak : k.functions)
      if (auto live = weak.lock()) out.push_back(std::move(live));
  });
  return out;
}

awaitable<void> Invoker::reap() {
  for (;;) {
    co_await clock_.sleep(std::min(kReapEvery, keep_.idle));
    const Time now = clock_.now();
    for (const auto& function : known()) {
      std::vector<std::shared_ptr<Sandbox>> ended;
      const bool missing = function->with([&](Environments& live) {
        ended = live.drop(live.pool.expire(now, keep_));
        return live.pool.missing() > 0;
      });
      close_all(ended);
      if (!missing) continue;
      asio::co_spawn(co_await asio::this_coro::executor, top_up(function), [](std::exception_ptr) {});
    }
  }
}

std::vector<EnvironmentView> Invoker::environments() {
  std::vector<EnvironmentView> out;
  for (const auto& function : known())
    function->with([&](Environments& live) {
      for (const auto& [id, environment] : live.pool.all()) {
        const auto sandbox = live.sandboxes.find(id);
        out.push_back({live.spec, environment,
                       sandbox == live.sandboxes.end() ? 0 : sandbox->second->peak_memory_mb()});
      }
    });
  return out;
}

void Invoker::close() {
  known_.with([](Known& k) { k.closed = true; });
  for (const auto& function : known()) {
    // Let go of, too: one that is busy holds its function until it is idle, which may never come now.
    std::map<SandboxId, std::shared_ptr<Sandbox>> ended;
    function->with([&](Environments& live) {
      ended.swap(live.sandboxes);
      live.pool = Pool();
      live.retired = true;
    });
    for (const auto& [id, sandbox] : ended) sandbox->close();
  }
}
}  // namespace emu::runtime
