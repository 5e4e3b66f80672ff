#include "tests/runtime-api/process_world.hpp"

#include <nlohmann/json.hpp>

namespace emu::test {
namespace {
constexpr std::string_view kEcho = R"py(
while True:
    id, event = next()
    respond(id, event)
)py";
std::string error_type(const Outcome& o) { return nlohmann::json::parse(o.payload).at("errorType"); }
std::string error_message(const Outcome& o) {
  const std::string text = nlohmann::json::parse(o.payload).at("errorMessage");
  return text.substr(text.find("Error: "));
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }
int count(const std::string& text, std::string_view part) {
  int n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}
}  // namespace

TEST_CASE("a function answers, and its process serves the next invocation too") {
  ProcessWorld w;
  const auto f = w.function("echo", std::string(kEcho));
  CHECK(w.invoke(f, R"({"a":1})").payload == R"({"a":1})");
  const auto second = w.invoke(f, "\"again\"");
  CHECK(second.kind == Outcome::Kind::ok);
  CHECK(second.payload == "\"again\"");
  CHECK(second.trace_id.starts_with("Root=1-"));
  const auto log = w.log("echo");
  CHECK(count(log, "INIT_START Runtime Version: provided:al2023.v1\t") == 1);
  CHECK(count(log, "START RequestId: ") == 2);
  CHECK(count(log, "\tInit Duration: ") == 1);
  CHECK(count(log, "Memory Size: 128 MB\tMax Memory Used: ") == 2);
  CHECK(log.ends_with("\t\n"));
  CHECK(has(second.log_tail, "START RequestId: "));
  CHECK(has(second.log_tail, "REPORT RequestId: "));
  CHECK(!has(second.log_tail, "Init Duration"));
}

TEST_CASE(
    "an exit status, a silent exit and a signal each have their payload, and the next invocation works") {
  ProcessWorld w;
  const auto f = w.function("fragile", R"py(
while True:
    id, event = next()
    if event == b'1': os._exit(1)
    if event == b'0': os._exit(0)
    if event == b'9': os.kill(os.getpid(), signal.SIGKILL)
    if event == b'11': os.kill(os.getpid(), signal.SIGSEGV)
    respond(id, event)
)py");
  const auto text = [&](const std::string& event) {
    const auto out = w.invoke(f, event);
    CHECK(out.kind == Outcome::Kind::function_error);
    CHECK(error_type(out) == "Runtime.ExitError");
    w.settle();
    return error_message(out);
  };
  CHECK(text("1") == "Error: Runtime exited with error: exit status 1");
  CHECK(text("0") == "Error: Runtime exited without providing a reason");
  CHECK(text("9") == "Error: Runtime exited with error: signal: killed");
  CHECK(text("11") == "Error: Runtime exited with error: signal: segmentation fault");
  CHECK(w.invoke(f, "7").payload == "7");
  const auto log = w.log("fragile");
  CHECK(has(log, "Error: Runtime exited with error: exit status 1\nRuntime.ExitError\nEND RequestId: "));
  CHECK(has(log, "\tStatus: error\tError Type: Runtime.ExitError\t\n"));
  CHECK(count(log, "\tInit Duration: ") == 1);  // initialised again inside the invocation
}

// It says what it has started before it is invoked: how long that takes is the machine's affair.
TEST_CASE("a function that takes too long is killed with everything it started, and keeps its /tmp") {
  ProcessWorld w;
  const auto f = w.function("slow", R"py(
import time
pids_file = os.environ['TMPDIR'] + '/pids'
def start():
    for hide in (False, True):
        ours, theirs = os.pipe()
        if os.fork() == 0:
            if hide:
                os.setsid()
                if os.fork() != 0: os._exit(0)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.write(theirs, str(os.getpid()).encode())
            while True: time.sleep(100)
        yield os.read(ours, 20).decode()
if not os.path.exists(pids_file): open(pids_file, 'w').write(' '.join(start()))
while True:
    id, event = next()
    if event == b'"hang"': time.sleep(100)
    respond(id, open(pids_file).read().encode())
)py",
                            [](FunctionSpec& s) { s.timeout = 1s; });
  const auto started = w.invoke(f, "\"see\"").payload;
  const auto out = w.invoke(f, "\"hang\"");
  CHECK(error_type(out) == "Sandbox.Timedout");
  CHECK(error_message(out) == "Error: Task timed out after 1.00 seconds");
  CHECK(has(out.log_tail, " Task timed out after 1.00 seconds\n\nEND RequestId: "));
  CHECK(has(out.log_tail, "Duration: 1000.00 ms\tBilled Duration: "));
  CHECK(has(out.log_tail, "Status: timeout\t\n"));
  int in_group = 0, hidden = 0;
  REQUIRE(std::sscanf(started.c_str(), "%d %d", &in_group, &hidden) == 2);
  CHECK(w.gone(in_group));
  CHECK(w.gone(hidden));
  // The runtime starts again within the second that the function has; a starved machine may need another try.
  Outcome again;
  for (int i = 0; i < 20 && again.payload != started; ++i) {
    w.settle();
    again = w.invoke(f, "\"see\"");
    if (again.payload != started) CHECK(error_type(again) == "Sandbox.Timedout");
  }
  CHECK(again.payload == started);
}

TEST_CASE("an error of the initialisation is the answer after a second try, word for word") {
  ProcessWorld w;
  const auto f = w.function("unready", R"py(
print('loading', flush=True)
call('POST', BASE + 'init/error', b'{"errorType":"Runtime.ImportModuleError","errorMessage":"no x"}',
     'Lambda-Runtime-Function-Error-Type: Runtime.ImportModuleError\r\n')
os._exit(1)
)py");
  const auto out = w.invoke(f);
  CHECK(out.kind == Outcome::Kind::function_error);
  CHECK(out.payload == R"({"errorType":"Runtime.ImportModuleError","errorMessage":"no x"})");
  CHECK(out.error_type == "Runtime.ImportModuleError");
  const auto log = w.log("unready");
  CHECK(count(log, "loading\n") == 2);
  CHECK(has(log, "\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\n"));
  CHECK(has(log, "\tPhase: invoke\tStatus: error\tError Type: Runtime.ImportModuleError\nSTART RequestId: "));
}

TEST_CASE("a process that exits before it is ready fails the invocation") {
  ProcessWorld w;
  const auto out = w.invoke(w.function("exits", "#!/bin/sh\necho bye\nexit 3\n"));
  CHECK(error_message(out) == "Error: Runtime exited with error: exit status 3");
  const auto log = w.log("exits");
  CHECK(has(log, "bye\nINIT_REPORT Init Duration: "));
  CHECK(has(log, "\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError\nSTART RequestId: "));
}

TEST_CASE("no bootstrap, and one that cannot be executed, are invalid entrypoints") {
  ProcessWorld w;
  const auto f = w.function("none", "#!/bin/sh\n");
  fs::remove(f->spec->task_root / "bootstrap");
  auto out = w.invoke(f);
  CHECK(error_type(out) == "Runtime.InvalidEntrypoint");
  CHECK(error_message(out) ==
        "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
  const auto g = w.function("plain", "#!/bin/sh\n");
  fs::permissions(g->spec->task_root / "bootstrap", fs::perms::owner_read);
  out = w.invoke(g);
  CHECK(error_type(out) == "Runtime.InvalidEntrypoint");
  CHECK(error_message(out) == "Error: fork/exec /var/task/bootstrap: permission denied");
}

TEST_CASE("a handler that names an executable runs where there is no bootstrap") {
  ProcessWorld w;
  const auto f = w.function("named", std::string(kEcho), [](FunctionSpec& s) { s.handler = "bin/hello"; });
  fs::create_directories(f->spec->task_root / "bin");
  fs::rename(f->spec->task_root / "bootstrap", f->spec->task_root / "bin/hello");
  CHECK(w.invoke(f, "5").payload == "5");
}

TEST_CASE("the Runtime API speaks as AWS's does") {
  ProcessWorld w;
  const auto f = w.function("speaks", R"py(
import json
status, headers, body = call('GET', BASE + 'invocation/next')
id = headers['lambda-runtime-aws-request-id']
told = [call('GET', BASE + 'invocation/next')[1]['lambda-runtime-aws-request-id'] == id,
        headers['content-type'], headers['lambda-runtime-deadline-ms'], headers['lambda-runtime-trace-id'],
        call('GET', '/ping')[2].decode()]
for method, path in (('POST', BASE + 'invocation/other/response'), ('POST', BASE + 'init/error'),
                     ('POST', '/2020-01-01/extension/register'), ('PUT', '/2022-07-01/telemetry'),
                     ('PUT', '/2020-08-15/logs'), ('GET', BASE + 'restore/next'), ('GET', '/other')):
    status, _, body = call(method, path, b'{}')
    told.append([status, json.loads(body)['errorType']])
told.append(respond(id, json.dumps(told).encode()))
print([part.decode() if isinstance(part, bytes) else part for part in (told[-1][0], told[-1][2])], flush=True)
print(respond(id, b'2')[0], flush=True)
next()
)py");
  const auto out = w.invoke(f);
  const auto told = nlohmann::json::parse(out.payload);
  CHECK(told[0] == true);
  CHECK(told[1] == "application/json");
  const auto left = std::stoll(told[2].get<std::string>()) - epoch_ms(w.clock.now());
  CHECK(left > 0);
  CHECK(left <= 5000);
  CHECK(told[3] == out.trace_id);
  CHECK(told[4] == "pong");
  const auto refused = nlohmann::json::parse(R"([[400,"InvalidRequestID"],[403,"InvalidStateTransition"],
      [403,"Extension.InvalidExtensionName"],[403,"Extension.MissingExtensionIdentifier"],
      [403,"Extension.MissingExtensionIdentifier"],
      [403,"InvalidStateTransition"],[404,"NotFound"]])");
  for (std::size_t i = 0; i < refused.size(); ++i) CHECK(told[5 + i] == refused[i]);
  CHECK(has(out.log_tail, R"([202, '{"status":"OK"}\n'])"));
  CHECK(has(out.log_tail, "\n403\nEND"));
}

TEST_CASE("a response beyond the limit is refused to the runtime, told to the caller, and harms nothing") {
  ProcessWorld w;
  const auto f = w.function("large", R"py(
refused = b'none'
while True:
    id, event = next()
    if event == b'0': respond(id, refused)
    elif event == b'1': respond(id, b'x' * 6291556)
    else:
        status, headers, body = respond(id, b'x' * 6291557)
        refused = str(status).encode() + body
)py");
  CHECK(w.invoke(f, "1").payload.size() == 6291556);
  const auto out = w.invoke(f, "2");
  CHECK(out.payload == R"({"errorType":"Function.ResponseSizeTooLarge","errorMessage":)"
                       R"("Response payload size exceeded maximum allowed payload size (6291556 bytes)."})");
  const auto told = w.invoke(f, "0").payload;
  CHECK(told.starts_with("413{"));
  CHECK(has(told, "RequestEntityTooLarge"));
  CHECK(count(w.log("large"), "INIT_START") == 1);
}

TEST_CASE("a streamed response is collected, and an error in its trailers is the function's") {
  ProcessWorld w;
  const auto f = w.function("stream", R"py(
while True:
    id, event = next()
    head = f'POST {BASE}invocation/{id}/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n' \
           'Lambda-Runtime-Function-Response-Mode: streaming\r\n' \
           'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n'
    link.sendall(head.encode() + b'3\r\nabc\r\n')
    link.sendall(b'2\r\nde\r\n0\r\n')
    if event == b'"fail"':
        link.sendall(b'Lambda-Runtime-Function-Error-Type: Function.Broken\r\n'
                     b'Lambda-Runtime-Function-Error-Body: eyJlcnJvclR5cGUiOiJFIn0=\r\n')
    link.sendall(b'\r\n')
    receive()
)py");
  CHECK(w.invoke(f, "{}").payload == "abcde");
  const auto out = w.invoke(f, "\"fail\"");
  CHECK(out.kind == Outcome::Kind::function_error);
  CHECK(out.payload == R"({"errorType":"E"})");
  CHECK(out.error_type == "Function.Broken");
}

TEST_CASE("a response that breaks off is truncated, for the runtime and for the caller") {
  ProcessWorld w;
  const auto f = w.function("cut", R"py(
id, event = next()
link.sendall(f'POST {BASE}invocation/{id}/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab'.encode())
link.shutdown(socket.SHUT_WR)
status, headers, body = receive()
print('told', status, body.decode(), flush=True)
os._exit(1)
)py");
  const auto out = w.invoke(f);
  CHECK(error_type(out) == "Runtime.TruncatedResponse");
  CHECK(has(out.log_tail, "told 400 "));
  CHECK(has(out.log_tail, "TruncatedHTTPRequest"));
}

TEST_CASE("what a function does after its answer still belongs to the invocation") {
  ProcessWorld w;
  const auto f = w.function("tail", R"py(
import time
while True:
    id, event = next()
    respond(id, b'1')
    time.sleep(0.05)
    print('afterwards', flush=True)
    if event == b'"exit"': os._exit(4)
)py");
  const auto out = w.invoke(f);
  CHECK(has(out.log_tail, "afterwards\nEND RequestId"));
  // An exit after the answer leaves the answer; the environment is given up.
  CHECK(w.invoke(f, "\"exit\"").payload == "1");
  CHECK(w.invoke(f).payload == "1");
  CHECK(count(w.log("tail"), "INIT_START") == 2);
}

TEST_CASE("the process sees the variables that AWS sets, and the customer's where they may be set") {
  ProcessWorld w;
  const auto f =
      w.function("variables", R"py(
import json
while True:
    id, event = next()
    respond(id, json.dumps({**os.environ, 'cwd': os.getcwd()}).encode())
)py",
                 [](FunctionSpec& s) {
                   s.account = "123456789012";
                   s.environment = {{"TABLE", "orders"}, {"TZ", ":Europe/Paris"}, {"AWS_REGION", "mine"}};
                 });
  const auto e = nlohmann::json::parse(w.invoke(f).payload);
  const auto root = f->spec->task_root.string();
  CHECK(e["TABLE"] == "orders");
  CHECK(e["TZ"] == ":Europe/Paris");
  CHECK(e["AWS_REGION"] == "us-east-1");
  CHECK(e["AWS_ACCESS_KEY_ID"] == "123456789012");
  CHECK(e["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566");
  CHECK(e["AWS_LAMBDA_FUNCTION_NAME"] == "variables");
  CHECK(e["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128");
  CHECK(e["LAMBDA_TASK_ROOT"] == root);
  CHECK(e["cwd"] == root);
  CHECK(!e.contains("AWS_EXECUTION_ENV"));
  CHECK(has(e["AWS_LAMBDA_LOG_STREAM_NAME"], "[$LATEST]"));
}

TEST_CASE("each environment has a /tmp of its own") {
  ProcessWorld w;
  const auto f = w.function("scratch", R"py(
tmp = os.environ['TMPDIR']
while True:
    id, event = next()
    found = os.path.exists(tmp + '/mine')
    open(tmp + '/mine', 'w').write('x')
    respond(id, (tmp + (' again' if found else ' new')).encode())
)py");
  const auto first = w.invoke(f).payload;
  CHECK(first.ends_with(" new"));
  CHECK(w.invoke(f).payload.ends_with(" again"));
  if (w.launcher->tmp_mode() != runtime::TmpMode::variable) {
    CHECK(first == "/tmp new");
    CHECK(!fs::exists("/tmp/mine"));
  }
  w.invoker->retire(f);
  const auto g = std::make_shared<Function>(*f->spec);
  CHECK(w.invoke(g).payload.ends_with(" new"));
}

TEST_CASE("simultaneous invocations run in environments of their own and never mix within a line") {
  ProcessWorld w;
  const auto f = w.function("many", R"py(
while True:
    id, event = next()
    print(event.decode() * 2000, flush=True)
    respond(id, event)
)py");
  std::vector<std::future<Outcome>> answers;
  for (int i = 0; i < 10; ++i) answers.push_back(w.start(f, std::to_string(i)));
  for (int i = 0; i < 10; ++i) CHECK(answers[i].get().payload == std::to_string(i));
  const auto log = w.log("many");
  for (int i = 0; i < 10; ++i) {
    std::string line = "\n";
    for (int n = 0; n < 2000; ++n) line += std::to_string(i);
    CHECK(count(log, line + "\n") == 1);
  }
}

TEST_CASE("a function may invoke others while every place to start one is taken") {
  ProcessWorld w;
  const auto inner = w.function("inner", std::string(kEcho));
  // Each outer function waits in its own initialisation until an inner one has been started and has answered.
  const auto outer = w.function("outer", R"py(
import time
while not os.path.exists(os.environ['FLAG']): time.sleep(0.01)
while True:
    id, event = next()
    respond(id, event)
)py",
                                [&](FunctionSpec& s) { s.environment["FLAG"] = s.task_root / "flag"; });
  std::vector<std::future<Outcome>> answers;
  for (int i = 0; i < 12; ++i) answers.push_back(w.start(outer, std::to_string(i)));
  CHECK(w.invoke(inner, "1").payload == "1");
  std::ofstream(outer->spec->task_root / "flag") << "x";
  for (int i = 0; i < 12; ++i) CHECK(answers[i].get().payload == std::to_string(i));
}

TEST_CASE("what leaves its group and clears its environment is killed too, where /tmp is its own") {
  ProcessWorld w;
  if (w.launcher->tmp_mode() == runtime::TmpMode::variable) return;
  const auto f = w.function("nameless", R"py(
import subprocess
id, event = next()
hidden = subprocess.Popen(['/usr/bin/env', '-i', 'sleep', '1000'], start_new_session=True)
respond(id, str(hidden.pid).encode())
next()
)py");
  const int pid = std::stoi(w.invoke(f).payload);
  CHECK(w.alive(pid));
  w.invoker->retire(f);
  CHECK(w.gone(pid));
}

TEST_CASE("closing ends functions that do not want to end, within a second") {
  int pid = 0;
  std::chrono::steady_clock::time_point begun;
  {
    ProcessWorld w;
    const auto f = w.function("stubborn", R"py(
import time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
id, event = next()
ours, theirs = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(theirs, str(os.getpid()).encode())
        while True: time.sleep(100)
    os._exit(0)
respond(id, os.read(ours, 20))
next()
time.sleep(100)
)py");
    pid = std::stoi(w.invoke(f).payload);
    CHECK(w.alive(pid));
    begun = std::chrono::steady_clock::now();
  }
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
  CHECK(ProcessWorld::gone(pid));
}
}  // namespace emu::test
