#include "runtime-api/invoker.hpp"

#include <boost/asio/this_coro.hpp>
#include <deque>

namespace emu::runtime {
namespace {
// An environment that has answered asks for its next invocation a fraction of a millisecond later. Somebody
// who invokes in a loop must find it warm, as on AWS, where the way back takes longer than that; so a cold
// start or a throttle waits this long for it.
constexpr Duration kSettling = std::chrono::milliseconds(25);
constexpr Duration kReapEvery = std::chrono::seconds(15);

struct Environments {
  Pool pool;
  std::map<SandboxId, std::shared_ptr<Sandbox>> sandboxes;
  int settling = 0;  // have answered, but not yet asked for more
  std::deque<std::shared_ptr<Wakeup>> waiting;
  bool known = false, retired = false;

  Environments() = default;
  ~Environments() {  // their function is forgotten; an environment nobody can reach would live on
    for (const auto& [id, sandbox] : sandboxes) sandbox->close();
  }

  std::shared_ptr<Sandbox> drop(SandboxId id) {
    pool.lost(id);
    auto node = sandboxes.extract(id);
    return node ? std::move(node.mapped()) : nullptr;
  }
};
}  // namespace

struct Function::Live : Guarded<Environments> {};

struct Invoker::Admission {
  enum class Kind { warm, cold, throttled, settling } kind;
  SandboxId id = 0;
  std::shared_ptr<Sandbox> sandbox = nullptr;  // warm
  std::string_view reason = {};
};

Function::Function(FunctionSpec s)
    : spec(std::make_shared<const FunctionSpec>(std::move(s))), live_(std::make_shared<Live>()) {}

Invoker::Invoker(Clock& clock, Launcher& launcher, Guarded<Concurrency>& concurrency, Duration idle)
    : clock_(clock), launcher_(launcher), concurrency_(concurrency), idle_(idle) {}

Invoker::Admission Invoker::admit(const Function& function, bool& entered,
                                  const std::shared_ptr<Wakeup>& wakeup) {
  // The one nesting of locks here: a function's, then the account's.
  return function.live_->with([&](Environments& live) -> Admission {
    std::string_view reason;
    if (!entered) reason = concurrency_.with([&](Concurrency& c) { return c.enter(function.spec->arn); });
    entered = reason.empty();
    if (entered) {
      const auto placed = live.pool.place();
      if (const auto* warm = std::get_if<Warm>(&placed))
        return {Admission::Kind::warm, warm->id, live.sandboxes.at(warm->id)};
      if (!wakeup || live.settling == 0) return {Admission::Kind::cold, std::get<Cold>(placed).id};
    }
    if (!wakeup || live.settling == 0) return {Admission::Kind::throttled, 0, nullptr, reason};
    live.waiting.push_back(wakeup);
    return {Admission::Kind::settling};
  });
}

awaitable<Invoker::Admission> Invoker::admitted(const Function& function) {
  bool entered = false;
  std::optional<Time> patience;
  for (;;) {
    const Time now = clock_.now();
    if (!patience) patience = now + kSettling;
    std::shared_ptr<Wakeup> wakeup;
    const bool settling =
        now < *patience && function.live_->with([](auto& live) { return live.settling > 0; });
    if (settling) wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    auto admission = admit(function, entered, wakeup);
    if (admission.kind != Admission::Kind::settling) co_return admission;
    co_await clock_.wait(wakeup, *patience);
    function.live_->with([&](auto& live) { std::erase(live.waiting, wakeup); });
  }
}

awaitable<std::shared_ptr<Sandbox>> Invoker::launch(std::shared_ptr<Function> function, SandboxId id) {
  auto sandbox = co_await launcher_.launch(function->spec);
  const bool first = function->live_->with([&](auto& live) {
    live.sandboxes[id] = sandbox;
    return !std::exchange(live.known, true);
  });
  const bool closed = known_.with([&](Known& k) {
    if (first) {
      std::erase_if(k.functions, [](const auto& f) { return f.expired(); });
      k.functions.push_back(function->live_);
    }
    return k.closed;
  });
  if (closed) sandbox->close();  // it would outlive close()
  co_return sandbox;
}

awaitable<Outcome> Invoker::invoke(std::shared_ptr<Function> function, Invocation invocation) {
  auto admission = co_await admitted(*function);
  if (admission.kind == Admission::Kind::throttled) {
    Outcome throttled{.kind = Outcome::Kind::throttled};
    throttled.throttle_reason = admission.reason;
    co_return throttled;
  }
  Outcome outcome;
  try {
    auto sandbox = std::move(admission.sandbox);
    if (!sandbox) sandbox = co_await launch(function, admission.id);
    outcome = co_await sandbox->invoke(std::move(invocation));
    function->live_->with([](auto& live) { ++live.settling; });
    sandbox->when_idle([this, function, id = admission.id](bool usable) {
      function->live_->with([](auto& live) { --live.settling; });
      give_back(function, id, usable);
    });
  } catch (...) {
    give_back(function, admission.id, false);
    throw;
  }
  co_return outcome;
}

void Invoker::give_back(std::shared_ptr<Function> function, SandboxId id, bool usable) {
  std::shared_ptr<Sandbox> ended;
  std::shared_ptr<Wakeup> waiting;
  function->live_->with([&](auto& live) {
    concurrency_.with([&](Concurrency& c) { c.leave(function->spec->arn); });
    if (usable && !live.retired) {
      live.pool.release(id, clock_.now());
    } else {
      ended = live.drop(id);
    }
    if (live.waiting.empty()) return;
    waiting = std::move(live.waiting.front());
    live.waiting.pop_front();
  });
  if (ended) ended->close();
  if (waiting) waiting->signal();
}

void Invoker::retire(std::shared_ptr<Function> function) {
  std::vector<std::shared_ptr<Sandbox>> ended;
  function->live_->with([&](auto& live) {
    live.retired = true;
    for (const auto id : live.pool.expire(kNever, Duration::zero())) ended.push_back(live.drop(id));
  });
  for (const auto& sandbox : ended) sandbox->close();
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
    co_await clock_.sleep(std::min(kReapEvery, idle_));
    const Time now = clock_.now();
    for (const auto& function : known()) {
      std::vector<std::shared_ptr<Sandbox>> ended;
      function->with([&](auto& live) {
        for (const auto id : live.pool.expire(now, idle_)) ended.push_back(live.drop(id));
      });
      for (const auto& sandbox : ended) sandbox->close();
    }
  }
}

void Invoker::close() {
  known_.with([](Known& k) { k.closed = true; });
  for (const auto& function : known()) {
    // Let go of, too: one that is busy holds its function until it is idle, which may never come now.
    std::map<SandboxId, std::shared_ptr<Sandbox>> ended;
    function->with([&](auto& live) {
      ended.swap(live.sandboxes);
      live.pool = {};
      live.retired = true;
    });
    for (const auto& [id, sandbox] : ended) sandbox->close();
  }
}
}  // namespace emu::runtime
