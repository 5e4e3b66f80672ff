#include "runtime-api/response_stream.hpp"

#include "runtime-api/model_launcher.hpp"
#include "tests/support/world.hpp"

namespace emu::test {
namespace {
using runtime::FunctionSpec;
using runtime::Invocation;
using runtime::Outcome;
using runtime::ResponsePipe;
using runtime::ResponseSink;

awaitable<void> ten_pieces(VirtualClock& clock, Invocation, ResponseSink& sink) {
  sink.begin("text/plain");
  for (int i = 0; i < 10; ++i) {
    co_await clock.sleep(100ms);
    co_await sink.write(std::to_string(i));
  }
}

struct Streaming {
  World w;
  runtime::ModelLauncher launcher{w.clock};
  std::shared_ptr<ResponsePipe> pipe = std::make_shared<ResponsePipe>(w.clock);

  Streaming() {
    launcher.add("f",
                 {.handler = [](auto&) { return Outcome{}; },
                  .stream = [this](Invocation i,
                                   ResponseSink& sink) { return ten_pieces(w.clock, std::move(i), sink); }});
  }
  awaitable<Outcome> invoke(std::shared_ptr<ResponseSink> sink) {
    FunctionSpec spec;
    spec.name = "f";
    spec.timeout = 10s;
    auto sandbox = co_await launcher.launch(std::make_shared<const FunctionSpec>(std::move(spec)));
    Invocation invocation;
    invocation.sink = std::move(sink);
    co_return co_await sandbox->invoke(std::move(invocation));
  }
  awaitable<void> feed() {
    auto outcome = co_await invoke(pipe);
    pipe->end(std::move(outcome));
  }
};

// The times at which pieces came.
awaitable<std::vector<Time>> arrivals(VirtualClock& clock, std::shared_ptr<ResponsePipe> pipe,
                                      std::string& all) {
  std::vector<Time> out;
  co_await pipe->begun();
  for (auto piece = co_await pipe->read(); piece; piece = co_await pipe->read()) {
    all += *piece;
    out.push_back(clock.now());
  }
  co_return out;
}
awaitable<bool> flood(std::shared_ptr<ResponsePipe> pipe, int& written) {
  pipe->begin("");
  bool wanted = true;
  while (wanted && written < 100) {
    wanted = co_await pipe->write(std::string(64 * 1024, 'x'));
    ++written;
  }
  co_return wanted;
}
}  // namespace

TEST_CASE("a piece of a streamed response is read when it is written") {
  Streaming s;
  s.w.start(s.feed());
  std::string all;
  const auto begun = s.w.clock.now();
  const auto times = s.w.run(arrivals(s.w.clock, s.pipe, all), 10s);
  CHECK(all == "0123456789");
  REQUIRE(times.size() == 10);
  for (std::size_t i = 0; i < times.size(); ++i) CHECK(times[i] - begun == (i + 1) * 100ms);
  CHECK(s.pipe->content_type() == "text/plain");
  CHECK(s.pipe->outcome().streamed);
}

TEST_CASE("without a sink a streamed response is the payload") {
  Streaming s;
  const auto outcome = s.w.run(s.invoke(nullptr), 10s);
  CHECK(outcome.payload == "0123456789");
  CHECK(outcome.content_type == "text/plain");
  CHECK_FALSE(outcome.streamed);
}

TEST_CASE("a function is at most some pieces ahead of its reader, and learns that it left") {
  World w;
  auto pipe = std::make_shared<ResponsePipe>(w.clock);
  int written = 0;
  std::optional<bool> wanted;
  auto produce = [](auto task, std::optional<bool>& result) -> awaitable<void> {
    result = co_await std::move(task);
  };
  w.start(produce(flood(pipe, written), wanted));
  w.advance(1s);
  CHECK(written < 10);
  pipe->abandon();
  w.advance(1s);
  CHECK(wanted == false);
}

TEST_CASE("an outcome without a stream ends the wait for one") {
  World w;
  auto pipe = std::make_shared<ResponsePipe>(w.clock);
  pipe->end(Outcome{.payload = "1"});
  w.start(pipe->begun());
  CHECK_FALSE(pipe->streams());
  CHECK_FALSE(w.run(pipe->read()).has_value());
  CHECK(pipe->outcome().payload == "1");
}
}  // namespace emu::test
