#include <nlohmann/json.hpp>

#include "runtime-api/bootstrap_files.hpp"
#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
namespace {
void on_instances(FunctionSpec& spec, int slots) {
  spec.initialization_type = "lambda-managed-instances";
  spec.max_concurrency = slots;
  spec.memory_mb = 2048;
}

// Answers when as many invocations have come as the environment has slots. A slow one never does in time.
constexpr std::string_view kThreads = R"py(
import threading, time
SLOTS = int(os.environ['AWS_LAMBDA_MAX_CONCURRENCY'])
together = threading.Barrier(SLOTS)
def work():
    link = socket.create_connection((host, int(port)))
    stream = link.makefile('rb')
    def call(method, path, body=b''):
        link.sendall(f'{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body)
        status = int(stream.readline().split()[1])
        headers = {}
        while True:
            line = stream.readline().strip().decode()
            if not line: break
            name, value = line.split(':', 1)
            headers[name.lower()] = value.strip()
        return status, headers, stream.read(int(headers.get('content-length', 0)))
    while True:
        _, headers, event = call('GET', BASE + 'invocation/next')
        path = BASE + 'invocation/' + headers['lambda-runtime-aws-request-id'] + '/response'
        if event == b'"slow"':
            time.sleep(1.5)
            print('too late:', call('POST', path, b'1')[0], flush=True)
            continue
        if event == b'"die"': os._exit(3)
        if event == b'"together"':
            print('waits', flush=True)
            together.wait()
        reply = str(os.getpid()).encode()
        call('POST', path, reply)
        if event == b'"twice"': print('twice:', call('POST', path, reply)[0], flush=True)
for _ in range(SLOTS): threading.Thread(target=work).start()
)py";

std::vector<Outcome> all_of(std::vector<std::future<Outcome>>& futures) {
  std::vector<Outcome> out;
  for (auto& future : futures) {
    REQUIRE(future.wait_for(20s) == std::future_status::ready);
    out.push_back(future.get());
  }
  return out;
}

std::vector<Outcome> burst(ProcessWorld& w, const std::shared_ptr<Function>& f, int n,
                           const std::string& event) {
  std::vector<std::future<Outcome>> futures;
  for (int i = 0; i < n; ++i) futures.push_back(w.start(f, event));
  return all_of(futures);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }
}  // namespace

TEST_CASE("a process serves as many invocations at once as its environment has slots") {
  ProcessWorld w;
  const auto f = w.function("shared", std::string(kThreads), [](FunctionSpec& s) { on_instances(s, 4); });
  const auto all = burst(w, f, 4, "\"together\"");
  for (const auto& one : all) CHECK(one.payload == all.front().payload);  // the process's number
  REQUIRE(w.invoker->environments().size() == 1);
  CHECK(w.invoker->environments().front().environment.invocations == 4);
  const auto log = w.log("shared");
  CHECK(has(log, "\tVersion: $LATEST\n"));  // spec-lambda A.7
  CHECK(has(log, " ms\n"));
  CHECK(!has(log, "Billed Duration"));
}

TEST_CASE("an invocation that takes too long ends alone: its process goes on, and its answer is too late") {
  ProcessWorld w;
  const auto f = w.function("shared", std::string(kThreads), [](FunctionSpec& s) {
    on_instances(s, 2);
    s.timeout = 1s;
  });
  const auto pid = w.invoke(f).payload;
  auto slow = w.start(f, "\"slow\"");
  REQUIRE(slow.wait_for(20s) == std::future_status::ready);
  CHECK(slow.get().error_type == "Sandbox.Timedout");
  CHECK(w.invoke(f).payload == pid);
  for (int i = 0; i < 1000 && !has(w.log("shared"), "too late:"); ++i) ::usleep(10'000);
  CHECK(has(w.log("shared"), "too late: 410"));
  CHECK(w.invoke(f, "\"twice\"").payload == pid);
  for (int i = 0; i < 1000 && !has(w.log("shared"), "twice:"); ++i) ::usleep(10'000);
  CHECK(has(w.log("shared"), "twice: 400"));
}

TEST_CASE("the end of a shared process ends every invocation in it, and the next has a new environment") {
  ProcessWorld w;
  const auto f = w.function("shared", std::string(kThreads), [](FunctionSpec& s) {
    on_instances(s, 3);
    s.timeout = 20s;
  });
  const auto pid = w.invoke(f).payload;
  w.settle();
  std::vector<std::future<Outcome>> futures;
  futures.push_back(w.start(f, "\"together\""));
  // One that has not reached its process when that ends is given to another.
  for (int i = 0; i < 2000 && !has(w.log("shared"), "waits"); ++i) ::usleep(5000);
  futures.push_back(w.start(f, "\"die\""));
  for (const auto& one : all_of(futures)) CHECK_MESSAGE(has(one.payload, "exit status 3"), one.payload);
  const auto next = w.invoke(f);
  CHECK(next.kind == Outcome::Kind::ok);
  CHECK(next.payload != pid);
}

TEST_CASE("a worker that hung up while it waited gets no invocation, and its place is another's") {
  ProcessWorld w;
  const auto f = w.function("leaves", R"py(
import time
while True:
    id, event = next()
    for _ in range(3):
        early = socket.create_connection((host, int(port)))
        early.sendall(f'GET {BASE}invocation/next HTTP/1.1\r\nHost: x\r\n\r\n'.encode())
        time.sleep(0.05)
        early.close()
        time.sleep(0.05)
    respond(id, event)
)py",
                            [](FunctionSpec& s) { on_instances(s, 2); });
  for (const auto* event : {"1", "2", "3"}) CHECK(w.invoke(f, event).payload == event);
}

TEST_CASE("a thousand and more slots are no more connections than are needed") {
  ProcessWorld w;
  runtime::write_bootstraps(w.directory / "runtime");
  const auto f = w.function("wide", "#!/bin/sh\n", [](FunctionSpec& s) {
    on_instances(s, 1600);
    s.runtime = "nodejs22.x";
    s.handler = "index.handler";
    s.timeout = 10s;
  });
  std::ofstream(f->spec->task_root / "index.js")
      << "exports.handler = async () => require('fs').readdirSync('/proc/self/fd').length;";
  CHECK(std::stoi(w.invoke(f, "1").payload) < 100);
}

TEST_CASE("a shared environment whose initialisation fails says why to each, and is tried again") {
  ProcessWorld w;
  const auto f = w.function("broken", "sys.exit(7)", [](FunctionSpec& s) { on_instances(s, 4); });
  for (const auto& one : burst(w, f, 3, "1")) CHECK(has(one.payload, "exit status 7"));
}

TEST_CASE(
    "a Node function waits for several invocations at once, and each has its own request id in the log") {
  ProcessWorld w;
  runtime::write_bootstraps(w.directory / "runtime");
  const auto f = w.function("node", "#!/bin/sh\n", [](FunctionSpec& s) {
    on_instances(s, 3);
    s.runtime = "nodejs22.x";
    s.handler = "index.handler";
    s.timeout = 10s;
  });
  std::ofstream(f->spec->task_root / "index.js") << R"js(
let waiting = [];
exports.handler = async (event, context) => {
  await new Promise((go) => { waiting.push(go); if (waiting.length === 3) { waiting.forEach((w) => w()); waiting = []; } });
  console.log('mine', context.awsRequestId);
  return { pid: process.pid, same: awslambda.InvokeStore.getRequestId() === context.awsRequestId };
};
)js";
  for (const auto& one : burst(w, f, 3, "1")) CHECK(nlohmann::json::parse(one.payload)["same"] == true);
  CHECK(w.invoker->environments().size() == 1);
  const auto log = w.log("node");
  int said = 0;
  for (auto at = log.find("\tINFO\tmine "); at != log.npos; at = log.find("\tINFO\tmine ", at + 1)) {
    CHECK(log.substr(at - 36, 36) == log.substr(at + 11, 36));
    ++said;
  }
  CHECK(said == 3);
}

TEST_CASE("a Python function has a process for each invocation at a time") {
  ProcessWorld w;
  runtime::write_bootstraps(w.directory / "runtime");
  const auto f = w.function("python", "#!/bin/sh\n", [](FunctionSpec& s) {
    on_instances(s, 3);
    s.runtime = "python3.13";
    s.handler = "index.handler";
    s.timeout = 10s;
  });
  std::ofstream(f->spec->task_root / "index.py") << R"py(
import os, time
def handler(event, context):
    if event == 'die': os._exit(5)
    here = '/tmp/%d' % os.getpid()
    open(here, 'w').close()
    while len([n for n in os.listdir('/tmp') if n.isdigit()]) < 3: time.sleep(0.005)
    return os.getpid()
)py";
  std::set<std::string> processes;
  for (const auto& one : burst(w, f, 3, "1")) processes.insert(one.payload);
  CHECK(processes.size() == 3);
  CHECK(w.invoker->environments().size() == 1);
  CHECK(has(w.invoke(f, "\"die\"").payload, "exit status 5"));
}
}  // namespace emu::test
