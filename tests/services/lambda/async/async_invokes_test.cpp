#include "emulator/services/lambda/port.hpp"
#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
std::size_t stored_events(LambdaWorld& world) {
  std::size_t count = 0;
  world.disk.scan(storage::prefix(storage::Key(storage::Space::async_invokes)), [&](auto, auto) {
    ++count;
    return true;
  });
  return count;
}
}  // namespace

TEST_CASE("an accepted event is delivered once, under the id of its request") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  world.invoke_event("f", "id-1", "[1]");
  CHECK(world.calls == 1);
  CHECK(world.seen.request_id == "id-1");
  CHECK(world.seen.payload == "[1]");
  CHECK(world.seen.invoked_arn == "arn:aws:lambda:us-east-1:000000000000:function:f");
  world.advance(1h);
  CHECK(world.calls == 1);
  CHECK(stored_events(world) == 0);
}

TEST_CASE("a failing event is retried after one and then two minutes, and then dropped") {
  LambdaWorld world;
  world.failing("f");
  world.create("f");
  world.invoke_event("f", "id-1");
  CHECK(world.calls == 1);
  world.advance(59s);
  CHECK(world.calls == 1);
  world.advance(1s);
  CHECK(world.calls == 2);
  CHECK(world.seen.request_id == "id-1");
  world.advance(119s);
  CHECK(world.calls == 2);
  world.advance(1s);
  CHECK(world.calls == 3);
  CHECK(stored_events(world) == 0);
  world.advance(6h);
  CHECK(world.calls == 3);
}

TEST_CASE("a retry runs the code of its time") {
  LambdaWorld world;
  world.failing("f");
  world.create("f");
  world.invoke_event("f", "id-1");
  world.echo("f");
  world.call_lambda("UpdateFunctionCode",
                    {{"FunctionName", "f"}, {"ZipFile", base64_encode(LambdaWorld::zip("new"))}});
  world.advance(1min);
  CHECK(world.calls == 2);
  CHECK(stored_events(world) == 0);
}

TEST_CASE("throttled events are not attempts: they are retried until they are too old") {
  LambdaWorld world(1);  // one environment for the whole account
  world.echo("f");
  world.launcher.add("busy", {.handler = [](auto&) { return runtime::Outcome{.payload = "1"}; },
                              .service_time = [] { return Duration(100s); }});
  world.create("f");
  world.create("busy", {{"Timeout", 900}});
  world.invoke_event("busy", "busy-1");
  world.invoke_event("f", "id-1");
  CHECK(world.calls == 0);
  world.advance(99s);
  CHECK(world.calls == 0);
  CHECK(stored_events(world) == 2);
  world.advance(60s);  // backoff by then: 64 s
  CHECK(world.calls == 1);
  CHECK(stored_events(world) == 0);
}

TEST_CASE("an event that is throttled for six hours is dropped") {
  LambdaWorld world(0);
  world.echo("f");
  world.create("f");
  world.invoke_event("f", "id-1");
  world.advance(5h + 50min);
  CHECK(stored_events(world) == 1);
  world.advance(15min);
  CHECK(stored_events(world) == 0);
  CHECK(world.calls == 0);
}

TEST_CASE("events of a function whose concurrency is reserved to 0 are dropped at once") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  world.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}});
  world.invoke_event("f", "id-1");
  CHECK(stored_events(world) == 0);
  CHECK(world.calls == 0);
}

TEST_CASE("events of a function that was deleted are dropped") {
  LambdaWorld world;
  world.failing("f");
  world.create("f");
  world.invoke_event("f", "id-1");
  world.call_lambda("DeleteFunction", {{"FunctionName", "f"}});
  world.advance(1min);
  CHECK(stored_events(world) == 0);
  CHECK(world.calls == 1);
}

TEST_CASE("one function's backlog is bounded in flight and delays no other function") {
  LambdaWorld world;
  world.echo("quick");
  world.launcher.add("slow", {.handler = [](auto&) { return runtime::Outcome{.payload = "1"}; },
                              .service_time = [] { return Duration(1s); }});
  world.create("quick");
  world.create("slow");
  for (int i = 0; i < 100; ++i) world.invoke_event("slow", fmt::format("slow-{}", i));
  CHECK(world.launcher.launched() == 32);
  world.invoke_event("quick", "quick-1");
  CHECK(world.calls == 1);
  world.advance(5s);
  CHECK(stored_events(world) == 0);
  CHECK(world.launcher.launched() == 33);
}

TEST_CASE("accepted events survive a restart, and keep their count and their time") {
  LambdaWorld before;
  before.failing("f");
  before.create("f");
  before.invoke_event("f", "id-1", "[7]");
  before.advance(60s);
  CHECK(before.calls == 2);

  LambdaWorld after(before);
  after.failing("f");
  after.advance(119s);
  CHECK(after.calls == 0);
  after.advance(1s);
  CHECK(after.calls == 1);
  CHECK(after.seen.payload == "[7]");
  CHECK(after.seen.request_id == "id-1");
  CHECK(stored_events(after) == 0);
}

TEST_CASE("InvokeAsync accepts an event of at most 256 KB") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  CHECK(world.call_lambda("InvokeAsync", {{"FunctionName", "f"}, {"InvokeArgs", "[1]"}}) ==
        Json{{"Status", 202}});
  world.advance(0s);
  CHECK(world.calls == 1);
  CHECK(world.refused("InvokeAsync", {{"FunctionName", "f"}, {"InvokeArgs", "x"}}).code ==
        "InvalidRequestContentException");
  CHECK(world.refused("InvokeAsync", {{"FunctionName", "f"}, {"InvokeArgs", std::string(262'145, ' ')}})
            .http_status == 413);
  CHECK(world.refused("InvokeAsync", {{"FunctionName", "g"}, {"InvokeArgs", "1"}}).http_status == 404);
}

TEST_CASE("a delivery to a function is an event for it") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  lambda::FunctionTarget target(world.lambda);
  const auto deliver = [&](std::string arn) {
    Delivery delivery{.body = R"({"k":1})"};
    return world.run(target.deliver(std::move(arn), std::move(delivery)), 1s);
  };
  CHECK(deliver("arn:aws:lambda:us-east-1:000000000000:function:f"));
  world.advance(0s);
  CHECK(world.seen.payload == R"({"k":1})");
  CHECK(deliver("arn:aws:lambda:us-east-1:000000000000:function:g").error().http_status == 404);
}

namespace {
class FillingDisk final : public storage::Engine {
 public:
  bool full = false;
  std::optional<storage::Bytes> get(storage::BytesView key) const override { return disk_.get(key); }
  void write(const storage::Batch& batch) override {
    if (full) throw std::runtime_error("no space left");
    disk_.write(batch);
  }
  void scan(const storage::Range& range, const storage::Visit& visit) const override {
    disk_.scan(range, visit);
  }
  void scan_reverse(const storage::Range& range, const storage::Visit& visit) const override {
    disk_.scan_reverse(range, visit);
  }
  void erase(const storage::Range& range) override { disk_.erase(range); }

 private:
  storage::MemoryEngine disk_;
};
}  // namespace

TEST_CASE("events go on being delivered when the disk is full") {
  World world;
  FillingDisk disk;
  int attempts = 0;
  auto attempt = [&](Scope, lambda::AsyncInvoke) -> awaitable<Result<lambda::Ran>> {
    ++attempts;
    co_return lambda::Ran{};
  };
  const auto policy = [](const Scope&, const lambda::AsyncInvoke&) { return lambda::AsyncPolicy{}; };
  const Ports ports;
  lambda::AsyncInvokes events(
      disk, world.clock, world.loops, ports, policy, [](auto&, auto&) { return 1; }, attempt);
  for (int i = 0; i < 100; ++i)
    events.accept(world.context.scope, {.request_id = std::to_string(i), .function = "f"});
  disk.full = true;
  world.start(events.run());
  world.advance(1s);
  CHECK(attempts == 100);
  CHECK(events.waiting() == 0);
}

TEST_CASE("slow events are in flight up to the function's reserved concurrency, and no further") {
  LambdaWorld world;
  world.launcher.add("slow", {.handler = [](auto&) { return runtime::Outcome{.payload = "1"}; },
                              .service_time = [] { return Duration(500s); }});
  world.create("slow", {{"Timeout", 900}});
  world.call_lambda("PutFunctionConcurrency",
                    {{"FunctionName", "slow"}, {"ReservedConcurrentExecutions", 50}});
  for (int n = 0; n < 60; ++n) world.invoke_event("slow", "id-" + std::to_string(n));
  CHECK(world.lambda.async_invokes.waiting() == 28);
  world.advance(10s);
  CHECK(world.lambda.async_invokes.waiting() == 10);
  world.advance(400s);
  CHECK(world.lambda.async_invokes.waiting() == 10);
  world.advance(600s);
  CHECK(stored_events(world) == 0);
}

TEST_CASE("events do not take what other functions have reserved") {
  LambdaWorld world(150);
  world.launcher.add("slow", {.handler = [](auto&) { return runtime::Outcome{.payload = "1"}; },
                              .service_time = [] { return Duration(500s); }});
  world.create("slow", {{"Timeout", 900}});
  world.create("other");
  world.call_lambda("PutFunctionConcurrency",
                    {{"FunctionName", "other"}, {"ReservedConcurrentExecutions", 50}});
  for (int n = 0; n < 120; ++n) world.invoke_event("slow", "id-" + std::to_string(n));
  world.advance(10s);
  CHECK(world.lambda.async_invokes.waiting() == 120 - 64);
  world.advance(10s);
  CHECK(world.lambda.async_invokes.waiting() == 20);
  world.advance(30s);
  CHECK(world.lambda.async_invokes.waiting() == 20);
}
