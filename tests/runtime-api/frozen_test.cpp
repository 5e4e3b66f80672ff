// What an environment may do between invocations, and with memory and /tmp: as real processes.
#include <sstream>

#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
namespace {
bool stopped(int pid) {
  const auto stat = contents(fs::path("/proc") / std::to_string(pid) / "stat");
  return !stat.empty() && stat.substr(stat.rfind(')')).starts_with(") T");
}
bool becomes_stopped(int pid) {
  for (int i = 0; i < 1000 && !stopped(pid); ++i) ::usleep(2000);
  return stopped(pid);
}
}  // namespace

TEST_CASE("an environment is frozen between invocations, with what it started, and thaws for the next") {
  ProcessWorld w;
  const auto f = w.function("idle", R"py(
import subprocess, threading
child, threads_child = subprocess.Popen(['sleep', '60'], start_new_session=True), None
begun = threading.Event()
def work():
    global threads_child
    threads_child = subprocess.Popen(['sleep', '60'], start_new_session=True)
    begun.set()
    threads_child.wait()
threading.Thread(target=work, daemon=True).start()
begun.wait()
while True:
    id, event = next()
    respond(id, f'{os.getpid()} {child.pid} {threads_child.pid}'.encode())
)py");
  const auto pids = w.invoke(f).payload;
  std::istringstream all(pids);
  int runtime = 0, child = 0, threads_child = 0;
  all >> runtime >> child >> threads_child;
  CHECK(becomes_stopped(runtime));
  CHECK(becomes_stopped(child));
  CHECK(becomes_stopped(threads_child));
  CHECK(w.invoke(f).payload == pids);
}

TEST_CASE("a function that holds more memory than it has is killed, as AWS kills it") {
  ProcessWorld w;
  const auto f = w.function("greedy", R"py(
import time
id, event = next()
held = b'x' * (200 * 1024 * 1024)
time.sleep(10)
)py",
                            [](FunctionSpec& spec) { spec.timeout = 8s; });
  const auto out = w.invoke(f);
  CHECK(out.error_type == "Runtime.ExitError");
  CHECK(out.payload.find("signal: killed") != std::string::npos);
  CHECK(out.log_tail.find("Max Memory Used: 128 MB") != std::string::npos);
}

TEST_CASE("what a function shares with a process it forked counts once against its memory") {
  ProcessWorld w;
  const auto f = w.function("forks", R"py(
import time
id, event = next()
held = b'x' * (80 * 1024 * 1024)
child = os.fork()
if child == 0:
    time.sleep(20)
    os._exit(0)
time.sleep(0.3)
respond(id, str(len(held)).encode())
next()
)py");
  const auto out = w.invoke(f);
  CHECK(out.payload == "83886080");
  CHECK(out.log_tail.find("was killed") == std::string::npos);
}

TEST_CASE("a runtime that exits while it waits is followed by one that nobody freezes as it starts") {
  ProcessWorld w;
  const auto f = w.function("leaves", R"py(
import time
id, event = next()
respond(id, str(os.getpid()).encode())
link.sendall(f'GET {BASE}invocation/next HTTP/1.1\r\nHost: x\r\n\r\n'.encode())
time.sleep(0.002)
os._exit(0)
)py");
  for (int i = 0; i < 10; ++i) {
    const auto out = w.invoke(f);
    if (out.kind == Outcome::Kind::ok) CHECK(ProcessWorld::gone(std::stoi(out.payload)));
  }
  CHECK(w.log("leaves").find("Status: timeout") == std::string::npos);
}

TEST_CASE("a modelled cold start lasts as long as it shall, and is reported so") {
  ProcessWorld w;
  const auto f = w.function("modelled", "id, event = next()\nrespond(id, b'1')\nnext()\n",
                            [](FunctionSpec& spec) { spec.init_at_least = 400ms; });
  const auto begun = w.clock.now();
  const auto out = w.invoke(f);
  CHECK(w.clock.now() - begun >= 400ms);
  CHECK(out.log_tail.find("Init Duration: 400.00 ms") != std::string::npos);
}

TEST_CASE("/tmp has the size that the function has, where mounts can be made") {
  ProcessWorld w;
  const auto f = w.function("full", R"py(
while True:
    id, event = next()
    try:
        with open('/tmp/big', 'wb') as out: out.write(b'x' * (3 * 1024 * 1024))
        respond(id, b'"fits"')
    except OSError as e:
        respond(id, str(e.errno).encode())
)py",
                            [](FunctionSpec& spec) { spec.tmp_mb = 2; });
  const auto said = w.invoke(f).payload;
  if (w.launcher->tmp_limited()) CHECK(said == "28");  // ENOSPC
}

TEST_CASE("an environment kept ready by provisioned concurrency has initialised before anybody invokes it") {
  ProcessWorld w;
  auto f = w.function("ready", "while True:\n    id, event = next()\n    respond(id, b'1')\n",
                      [](FunctionSpec& spec) { spec.initialization_type = "provisioned-concurrency"; });
  auto warm = [](runtime::Launcher& launcher,
                 std::shared_ptr<const FunctionSpec> spec) -> awaitable<std::string> {
    auto sandbox = co_await launcher.launch(std::move(spec));
    const bool well = co_await sandbox->warmed();
    Invocation invocation{.request_id = "one", .log_tail = true};
    auto out = co_await sandbox->invoke(std::move(invocation));
    sandbox->close();
    co_return (well ? "warm " : "cold ") + out.payload + out.log_tail;
  };
  auto done = std::make_shared<std::promise<std::string>>();
  asio::co_spawn(w.loops.next(), warm(*w.launcher, f->spec),
                 [done](std::exception_ptr, std::string text) { done->set_value(std::move(text)); });
  const auto text = done->get_future().get();
  CHECK(text.starts_with("warm 1"));
  CHECK(text.find("REPORT RequestId: one") != std::string::npos);
  CHECK(text.find("\tInit Duration") == std::string::npos);
  CHECK(text.find("INIT_REPORT Init Duration: ") != std::string::npos);
}
}  // namespace emu::test
