// Streamed responses of real processes, as their callers get them.
#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
namespace {
// begin(id): opens a streaming response; send(bytes): a chunk; finish(trailers): its end and the answer to
// it.
constexpr std::string_view kStreaming = R"py(
import time
link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
def begin(id):
    link.sendall((f'POST {BASE}invocation/{id}/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n'
        'Content-Type: text/event-stream\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n'
        'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n').encode())
def send(bytes):
    link.sendall(b'%x\r\n%s\r\n' % (len(bytes), bytes))
def finish(trailers=b''):
    link.sendall(b'0\r\n' + trailers + b'\r\n')
    return receive()
)py";

// Puts a file "seen-<piece>" where the function sees it, for each.
class Recorder final : public runtime::ResponseSink {
 public:
  explicit Recorder(fs::path seen) : seen_(std::move(seen)) {}
  void begin(std::string type) override { content_type = std::move(type); }
  awaitable<bool> write(std::string piece) override {
    std::ofstream(seen_ / ("seen-" + piece));
    state.with([&](auto& all) { all.push_back(std::move(piece)); });
    co_return true;
  }
  std::string all() {
    std::string out;
    state.with([&](auto& pieces) {
      for (const auto& piece : pieces) out += piece;
    });
    return out;
  }
  std::string content_type;
  Guarded<std::vector<std::string>> state;

 private:
  const fs::path seen_;  // the function's folder: there it learns what has come
};

struct Streamer : ProcessWorld {
  std::shared_ptr<Recorder> sink = std::make_shared<Recorder>(directory / "code/stream");
  std::shared_ptr<Function> streaming(const std::string& program,
                                      std::function<void(FunctionSpec&)> change = {}) {
    return function("stream", std::string(kStreaming) + program, std::move(change));
  }
  Outcome invoke(std::shared_ptr<Function> f, std::string payload = "{}") {
    auto answer = start(std::move(f), std::move(payload), true, sink);
    REQUIRE_MESSAGE(answer.wait_for(20s) == std::future_status::ready, "no answer");
    return answer.get();
  }
};
}  // namespace

TEST_CASE("a streamed response reaches its caller piece by piece, while it is written") {
  Streamer w;
  const auto f = w.streaming(R"py(
while True:
    id, event = next()
    begin(id)
    for i in range(5):
        send(b'%d' % i)
        while not os.path.exists(f'seen-{i}'): time.sleep(0.001)
    print('told', finish()[0], flush=True)
)py");
  const auto out = w.invoke(f);
  CHECK(out.kind == Outcome::Kind::ok);
  CHECK(out.streamed);
  CHECK(out.payload.empty());
  CHECK(out.log_tail.find("told 202") != std::string::npos);
  CHECK(w.sink->content_type == "text/event-stream");
  CHECK(w.sink->state.with([](auto& pieces) { return pieces.size(); }) == 5);
  CHECK(w.sink->all() == "01234");
}

TEST_CASE("a stream that fails on its way has its error from the trailers, and the environment stays") {
  Streamer w;
  const auto f = w.streaming(R"py(
while True:
    id, event = next()
    begin(id)
    send(b'half')
    finish(b'Lambda-Runtime-Function-Error-Type: Function.Broken\r\n'
           b'Lambda-Runtime-Function-Error-Body: eyJlcnJvclR5cGUiOiJFIn0=\r\n')
    print('pid', os.getpid(), flush=True)
)py");
  const auto out = w.invoke(f);
  CHECK(out.kind == Outcome::Kind::function_error);
  CHECK(out.streamed);
  CHECK(out.error_type == "Function.Broken");
  CHECK(out.payload == R"({"errorType":"E"})");
  CHECK(w.sink->all() == "half");
  w.invoke(f);
  const auto log = w.log("stream");
  CHECK(log.find("Init Duration") == log.rfind("Init Duration"));  // warm
}

TEST_CASE("a process that dies in the middle of its stream fails the invocation, and so does its time-out") {
  Streamer w;
  const auto f = w.streaming(R"py(
while True:
    id, event = next()
    begin(id)
    send(b'half')
    time.sleep(0.1)
    if event == b'"die"': os._exit(3)
    time.sleep(60)
)py",
                             [](FunctionSpec& spec) { spec.timeout = 1s; });
  const auto died = w.invoke(f, "\"die\"");
  CHECK(died.streamed);
  CHECK(died.kind == Outcome::Kind::function_error);
  CHECK(died.error_type == "Runtime.ExitError");
  CHECK(w.sink->all() == "half");
  const auto late = w.invoke(f);
  CHECK(late.streamed);
  CHECK(late.error_type == "Sandbox.Timedout");
}

TEST_CASE("a function that does not stream answers a caller who asked for a stream") {
  Streamer w;
  const auto out = w.invoke(w.streaming("id, event = next()\nrespond(id, b'7')\nnext()\n"));
  CHECK_FALSE(out.streamed);
  CHECK(out.payload == "7");
}
}  // namespace emu::test
