#include "runtime-api/invoker.hpp"

#include "runtime-api/model_launcher.hpp"
#include "tests/support/world.hpp"

namespace emu::test {
namespace {
using runtime::Function;
using runtime::Invocation;
using runtime::Outcome;

struct Functions {
  World w;
  runtime::ModelLauncher launcher{w.clock};
  Guarded<runtime::Concurrency> concurrency{10};
  runtime::Invoker invoker{w.clock, launcher, concurrency};

  std::shared_ptr<Function> add(const std::string& name, Duration cold = 500ms, Duration service = 100ms,
                                int slots = 1) {
    launcher.add(name, {[](const Invocation& i) { return Outcome{.payload = i.payload}; },
                        [cold] { return cold; }, [service] { return service; }});
    runtime::FunctionSpec spec{.name = name, .arn = "arn:" + name};
    spec.max_concurrency = slots;
    return std::make_shared<Function>(std::move(spec));
  }
  Outcome invoke(std::shared_ptr<Function> f, std::string payload = "1") {
    return w.run(invoker.invoke(std::move(f), Invocation{.request_id = "r", .payload = std::move(payload)}),
                 1h);
  }
  // Starts n invocations; their outcomes come as time passes.
  std::shared_ptr<std::vector<Outcome>> burst(std::shared_ptr<Function> f, int n) {
    auto out = std::make_shared<std::vector<Outcome>>();
    for (int i = 0; i < n; ++i) {
      auto one = [](Functions* self, std::shared_ptr<Function> f, auto out) -> awaitable<void> {
        Invocation invocation{.request_id = "r"};
        out->push_back(co_await self->invoker.invoke(std::move(f), std::move(invocation)));
      };
      w.start(one(this, f, out));
    }
    return out;
  }
};
int throttled(const std::vector<Outcome>& all) {
  return static_cast<int>(std::ranges::count(all, Outcome::Kind::throttled, &Outcome::kind));
}
}  // namespace

TEST_CASE("the first invocation starts an environment and later ones reuse it") {
  Functions f;
  const auto echo = f.add("echo");
  const Time begun = f.w.clock.now();
  CHECK(f.invoke(echo, "7").payload == "7");
  CHECK(f.w.clock.now() - begun == 600ms);
  f.invoke(echo);
  CHECK(f.w.clock.now() - begun == 700ms);
  CHECK(f.launcher.launched() == 1);
}

TEST_CASE("simultaneous invocations have an environment each, up to the account's limit") {
  Functions f;
  const auto out = f.burst(f.add("echo"), 15);
  CHECK(throttled(*out) == 5);
  CHECK(out->front().throttle_reason == "ConcurrentInvocationLimitExceeded");
  f.w.advance(600ms);
  CHECK(out->size() == 15);
  CHECK(f.launcher.launched() == 10);
  CHECK(throttled(*f.burst(f.add("other"), 10)) == 0);  // every place was given back
}

TEST_CASE("a reserved function is throttled at its reservation") {
  Functions f;
  f.concurrency.with([](auto& c) { c.reserve("arn:echo", 2); });
  const auto out = f.burst(f.add("echo"), 3);
  REQUIRE(out->size() == 1);
  CHECK(out->front().throttle_reason == "ReservedFunctionConcurrentInvocationLimitExceeded");
}

TEST_CASE("an environment unused for ten minutes is ended") {
  Functions f;
  f.w.start(f.invoker.reap());
  const auto echo = f.add("echo");
  f.invoke(echo);
  f.w.advance(9min);
  CHECK(f.launcher.closed() == 0);
  f.w.advance(2min);
  CHECK(f.launcher.closed() == 1);
  f.invoke(echo);
  CHECK(f.launcher.launched() == 2);
}

TEST_CASE("a retired function's idle environments end at once and busy ones after their invocation") {
  Functions f;
  const auto echo = f.add("echo");
  f.invoke(echo);
  const auto out = f.burst(echo, 2);
  f.w.advance(550ms);  // one warm and done, one still cold
  CHECK(out->size() == 1);
  f.invoker.retire(echo);
  CHECK(f.launcher.closed() == 1);
  f.w.advance(100ms);
  CHECK(out->size() == 2);
  CHECK(f.launcher.closed() == 2);
}

TEST_CASE("closing ends every environment of every function") {
  Functions f;
  const auto a = f.add("a"), b = f.add("b");
  f.burst(a, 3);
  f.burst(b, 2);
  f.w.advance(1s);
  f.invoker.close();
  CHECK(f.launcher.closed() == 5);
}

TEST_CASE("the environments of a function that is forgotten end with it") {
  Functions f;
  f.burst(f.add("a"), 3);
  f.w.advance(1s);
  CHECK(f.launcher.closed() == 3);
}

TEST_CASE("a modelled function times out and fails as a real one does") {
  Functions f;
  CHECK(
      f.invoke(f.add("slow", 0ms, 4s)).payload ==
      R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: r Error: Task timed out after 3.00 seconds"})");
  const auto none = std::make_shared<Function>(runtime::FunctionSpec{.name = "none", .arn = "arn:none"});
  CHECK(f.invoke(none).error_type == "Runtime.InvalidEntrypoint");
}

TEST_CASE("invocations share an environment up to its slots, also while it starts") {
  Functions f;
  f.concurrency.with([](auto& c) { c = runtime::Concurrency(100); });
  const auto echo = f.add("echo", 500ms, 100ms, 8);
  const Time begun = f.w.clock.now();
  const auto out = f.burst(echo, 20);
  CHECK(f.launcher.launched() == 3);
  f.w.advance(550ms);
  CHECK(out->empty());  // those that joined waited for the initialisation, too
  f.w.advance(50ms);
  CHECK(out->size() == 20);
  CHECK(f.w.clock.now() - begun == 600ms);
  const auto again = f.burst(echo, 24);
  CHECK(f.launcher.launched() == 3);
  f.w.advance(100ms);
  CHECK(again->size() == 24);
}

TEST_CASE("a retired environment with several slots ends after the last of its invocations") {
  Functions f;
  const auto echo = f.add("echo", 0ms, 100ms, 2);
  const auto first = f.burst(echo, 1);
  f.w.advance(60ms);
  const auto second = f.burst(echo, 1);
  f.invoker.retire(echo);
  f.w.advance(50ms);
  CHECK(first->size() == 1);
  CHECK(f.launcher.closed() == 0);
  f.w.advance(50ms);
  CHECK(second->size() == 1);
  CHECK(f.launcher.closed() == 1);
}

TEST_CASE("what an environment that was ending did not take is placed in another, and its place given back") {
  Functions f;
  int calls = 0;
  f.launcher.add("echo", {[&](const Invocation& i) {
                   Outcome out{.payload = i.payload};
                   out.not_taken = ++calls == 1;
                   return out;
                 }});
  runtime::FunctionSpec spec{.name = "echo", .arn = "arn:echo"};
  spec.initialization_type = "lambda-managed-instances";
  spec.max_concurrency = 4;
  const auto echo = std::make_shared<Function>(std::move(spec));
  CHECK(f.invoke(echo, "7").payload == "7");
  CHECK(calls == 2);
  CHECK(f.launcher.launched() == 2);
  CHECK(f.launcher.closed() == 1);
  CHECK(f.concurrency.with([](auto& c) { return c.in_use("arn:echo"); }) == 0);
}

TEST_CASE("several slots do not widen a reservation") {
  Functions f;
  f.concurrency.with([](auto& c) { c.reserve("arn:echo", 5); });
  CHECK(throttled(*f.burst(f.add("echo", 0ms, 100ms, 64), 8)) == 3);
  CHECK(f.launcher.launched() == 1);
}

TEST_CASE("a burst gets a thousand environments at once, and a hundred more each second") {
  Functions f;
  f.concurrency.with([](auto& c) { c = runtime::Concurrency(5000); });
  const auto echo = f.add("echo", 100ms, 10s);
  const auto out = f.burst(echo, 3000);
  CHECK(throttled(*out) == 2000);
  CHECK(f.launcher.launched() == 1000);
  f.w.advance(2s);
  CHECK(throttled(*f.burst(echo, 3000)) == 2800);
  CHECK(f.launcher.launched() == 1200);
}

TEST_CASE("a reservation is not exceeded by even one under ten times its load") {
  Functions f;
  f.concurrency.with([](auto& c) { c.reserve("arn:f", 7); });
  int running = 0, most = 0;
  f.launcher.add("f", {.handler =
                           [&](const Invocation&) {
                             --running;
                             return Outcome{};
                           },
                       .service_time =
                           [&] {
                             most = std::max(most, ++running);
                             return Duration(100ms);
                           }});
  const auto function = std::make_shared<Function>(runtime::FunctionSpec{.name = "f", .arn = "arn:f"});
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    refused += throttled(*f.burst(function, 7));
    f.w.advance(10ms);
  }
  f.w.advance(1s);
  CHECK(most == 7);
  CHECK(running == 0);
  CHECK(refused > 70);
}

TEST_CASE("provisioned environments are initialised ahead, serve first, and the rest spills over") {
  Functions f;
  const auto echo = f.add("echo", 500ms, 100ms);
  f.concurrency.with([](auto& c) { c.provision("arn:echo", "$LATEST", 2); });
  f.w.start(f.invoker.provision(echo, 2));
  CHECK(f.invoker.provisioned(*echo).allocated == 0);
  f.w.advance(500ms);
  CHECK(f.invoker.provisioned(*echo).allocated == 2);
  const auto out = f.burst(echo, 3);
  f.w.advance(100ms);
  CHECK(out->size() == 2);  // warm; the third is a cold start
  f.w.advance(500ms);
  CHECK(out->size() == 3);
  CHECK(f.launcher.launched() == 3);
  f.concurrency.with([](auto& c) { c.provision("arn:echo", "$LATEST", 0); });
  f.w.start(f.invoker.provision(echo, 0));
  CHECK(f.launcher.closed() == 2);
  CHECK(f.concurrency.with([](auto& c) { return c.in_use("arn:echo"); }) == 0);
}

TEST_CASE("a provisioned environment that cannot initialise is told as failed") {
  Functions f;
  const auto none = std::make_shared<Function>(runtime::FunctionSpec{.name = "none", .arn = "arn:none"});
  f.w.start(f.invoker.provision(none, 1));
  CHECK(f.invoker.provisioned(*none).failed);
  CHECK(f.invoker.provisioned(*none).allocated == 0);
}

TEST_CASE("a provisioned environment that could not initialise is tried again, ever more rarely") {
  Functions f;
  f.w.start(f.invoker.reap());
  const auto late = std::make_shared<Function>(runtime::FunctionSpec{.name = "late", .arn = "arn:late"});
  f.w.start(f.invoker.provision(late, 2));
  CHECK(f.launcher.launched() == 2);
  f.w.advance(16s);
  CHECK(f.launcher.launched() == 4);
  f.w.advance(1h);
  CHECK(f.launcher.launched() > 20);
  CHECK(f.launcher.launched() < 40);
  CHECK(f.invoker.provisioned(*late).failed);
  f.launcher.add("late", {.handler = [](const Invocation&) { return Outcome{}; }});
  f.w.advance(6min);
  CHECK(f.invoker.provisioned(*late).allocated == 2);
  CHECK(!f.invoker.provisioned(*late).failed);
}

TEST_CASE("environments of different tenants are different") {
  Functions f;
  f.launcher.add("f", {.handler = [](const Invocation& i) { return Outcome{.payload = i.tenant_id}; }});
  const auto function =
      std::make_shared<Function>(runtime::FunctionSpec{.name = "f", .arn = "arn:f", .per_tenant = true});
  for (const auto* tenant : {"a", "b", "a"}) {
    auto one = f.invoker.invoke(function, Invocation{.request_id = "r", .tenant_id = tenant});
    CHECK(f.w.run(std::move(one), 1s).payload == tenant);
  }
  CHECK(f.launcher.launched() == 2);
}

TEST_CASE("a modelled cold start lasts as long as it was drawn, and a slower one as long as it needs") {
  Functions f;
  runtime::ColdStarts cold;
  cold.set("arn:quick", runtime::ColdStartSetting::parse("fixed:300"));
  cold.set("arn:slow", runtime::ColdStartSetting::parse("fixed:300"));
  runtime::Invoker invoker(f.w.clock, f.launcher, f.concurrency, {}, cold);
  const auto took = [&](std::shared_ptr<Function> function) {
    const Time begun = f.w.clock.now();
    f.w.run(invoker.invoke(std::move(function), Invocation{.request_id = "r"}), 1h);
    return f.w.clock.now() - begun;
  };
  const auto quick = f.add("quick", 20ms, 100ms);
  CHECK(took(quick) == 400ms);
  CHECK(took(quick) == 100ms);
  CHECK(took(f.add("slow", 700ms, 100ms)) == 800ms);
  invoker.close();
}

TEST_CASE("environments are shown with their state, age and invocations") {
  Functions f;
  const auto echo = f.add("echo");
  f.invoke(echo);
  f.invoke(echo);
  const auto all = f.invoker.environments();
  REQUIRE(all.size() == 1);
  CHECK(all[0].spec->name == "echo");
  CHECK(all[0].environment.invocations == 2);
  CHECK(all[0].environment.state == runtime::Environment::State::idle);
  CHECK(f.w.clock.now() - all[0].environment.born == 700ms);
}

namespace {
// An environment that answers at once and settles when told to.
struct Slow final : runtime::Sandbox {
  awaitable<Outcome> invoke(Invocation) override { co_return Outcome{}; }
  void when_idle(std::function<void(bool)> t) override { then = std::move(t); }
  void close() override { closed = true; }
  std::function<void(bool)> then;
  bool closed = false;
};
struct SlowLauncher final : runtime::Launcher {
  awaitable<std::shared_ptr<runtime::Sandbox>> launch(std::shared_ptr<const runtime::FunctionSpec>) override {
    boxes.push_back(std::make_shared<Slow>());
    co_return boxes.back();
  }
  std::vector<std::shared_ptr<Slow>> boxes;
};
struct Settling {
  explicit Settling(int limit = 1) : concurrency(limit) {}
  ~Settling() { invoker.close(); }
  World w;
  SlowLauncher launcher;
  Guarded<runtime::Concurrency> concurrency;
  runtime::Invoker invoker{w.clock, launcher, concurrency};
  std::shared_ptr<Function> f =
      std::make_shared<Function>(runtime::FunctionSpec{.name = "f", .arn = "arn:f"});
  std::vector<Outcome> out;
  awaitable<void> one() {
    Invocation invocation;
    out.push_back(co_await invoker.invoke(f, std::move(invocation)));
  }
};
}  // namespace

TEST_CASE("who invokes again right after an answer waits for the environment instead of being throttled") {
  Settling s;
  s.w.start(s.one());
  s.w.start(s.one());
  CHECK(s.out.size() == 1);
  s.w.advance(5ms);
  CHECK(s.out.size() == 1);
  std::exchange(s.launcher.boxes[0]->then, nullptr)(true);
  s.w.advance(0ms);
  REQUIRE(s.out.size() == 2);
  CHECK(s.out[1].kind == Outcome::Kind::ok);
  CHECK(s.launcher.boxes.size() == 1);
}

TEST_CASE("an environment that stays busy after its answer counts as in flight") {
  Settling s;
  s.w.start(s.one());
  s.w.start(s.one());
  s.w.advance(1s);
  REQUIRE(s.out.size() == 2);
  CHECK(s.out[1].kind == Outcome::Kind::throttled);
}

TEST_CASE("who waits for a provisioned environment gets that, not a cold start beside it") {
  Settling s(10);
  s.concurrency.with([](auto& c) { c.provision("arn:f", "$LATEST", 1); });
  s.w.start(s.invoker.provision(s.f, 1));
  s.w.start(s.one());
  s.w.start(s.one());
  CHECK(s.out.size() == 1);
  std::exchange(s.launcher.boxes[0]->then, nullptr)(true);
  s.w.advance(1s);
  CHECK(s.out.size() == 2);
  CHECK(s.launcher.boxes.size() == 1);
  std::exchange(s.launcher.boxes[0]->then, nullptr)(true);
  CHECK(s.concurrency.with([](auto& c) { return c.in_use("arn:f"); }) == 1);  // what is provisioned
}

TEST_CASE("an environment that died after its answer is replaced") {
  Settling s;
  s.w.start(s.one());
  std::exchange(s.launcher.boxes[0]->then, nullptr)(false);
  CHECK(s.launcher.boxes[0]->closed);
  s.w.start(s.one());
  CHECK(s.out.size() == 2);
  CHECK(s.launcher.boxes.size() == 2);
}
}  // namespace emu::test
