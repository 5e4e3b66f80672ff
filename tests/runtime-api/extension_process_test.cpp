// Extensions as real processes, beside a real runtime: order, telemetry, failures, the end.
#include "emulator/base/json.hpp"
#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
namespace {
// register(name, events) -> identifier; event() -> the next one. The link and call() are the runtime
// client's.
constexpr std::string_view kExtensionClient = R"py(
import json, threading, time
EXT = '/2020-01-01/extension/'
def ext(method, path, body=b'', headers=''):
    return call(method, EXT + path, body, headers)
def register(name, events, more=''):
    global identifier
    status, headers, body = ext('POST', 'register', json.dumps({'events': events}).encode(), f'Lambda-Extension-Name: {name}\r\n{more}')
    identifier = f"Lambda-Extension-Identifier: {headers.get('lambda-extension-identifier')}\r\n"
    return status, body
def event():
    return json.loads(ext('GET', 'event/next', headers=identifier)[2])
NAME = os.path.basename(sys.argv[0])
)py";

constexpr std::string_view kRuntime = R"py(
print('runtime starts', flush=True)
while True:
    id, event = next()
    if event == b'"exit"': os._exit(3)
    if event == b'"sleep"':
        import time; time.sleep(30)
    print('working', flush=True)
    respond(id, b'1')
)py";

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
std::size_t at(std::string_view text, std::string_view part) {
  const auto found = text.find(part);
  REQUIRE_MESSAGE(found != text.npos, part << " in " << text);
  return found;
}

struct Extended : ProcessWorld {
  fs::path layer = directory / "layer";
  void extension(const std::string& name, const std::string& program) {
    fs::create_directories(layer / "extensions");
    std::ofstream(layer / "extensions" / name) << kRuntimeClient << kExtensionClient << program;
    fs::permissions(layer / "extensions" / name, fs::perms::owner_all);
  }
  std::shared_ptr<Function> make(std::function<void(FunctionSpec&)> change = {},
                                 std::string program = std::string(kRuntime)) {
    return function("f", program, [&](FunctionSpec& spec) {
      spec.layers = {layer};
      if (change) change(spec);
    });
  }
  // Until the log holds this; what is awaited has no event we could see.
  bool logged(std::string_view text) {
    for (int i = 0; i < 2000 && !has(log("f"), text); ++i) ::usleep(2000);
    return has(log("f"), text);
  }
};
}  // namespace

TEST_CASE("an external extension starts before the runtime, sees invocations, and is told of the end") {
  Extended w;
  w.extension("watch", R"py(
print('extension starts', flush=True)
status, body = register(NAME, ['INVOKE', 'SHUTDOWN'], 'Lambda-Extension-Accept-Feature: accountId\r\n')
print('registered', body.decode(), flush=True)
while True:
    e = event()
    print('extension got', e['eventType'], e.get('shutdownReason'), flush=True)
    if e['eventType'] == 'SHUTDOWN': sys.exit(0)
)py");
  const auto f = w.make();
  const auto out = w.invoke(f);
  CHECK(out.payload == "1");
  const auto log = w.log("f");
  CHECK(at(log, "extension starts") < at(log, "runtime starts"));
  CHECK(has(
      log,
      R"(registered {"functionName":"f","functionVersion":"$LATEST","handler":"x","accountId":"000000000000"})"));
  CHECK(at(log, "EXTENSION\tName: watch\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n") <
        at(log, "START RequestId"));
  CHECK(at(log, "extension got INVOKE") < at(log, "REPORT RequestId"));
  w.invoker->retire(f);
  CHECK(w.logged("extension got SHUTDOWN spindown"));
}

TEST_CASE("an extension that exits fails the invocation, and the next one begins anew") {
  Extended w;
  w.extension("weak", R"py(
register(NAME, ['INVOKE'])
event()
mark = os.environ.get('TMPDIR', '/tmp') + '/exited'
if not os.path.exists(mark):
    open(mark, 'w').close()
    sys.exit(7)
while True: event()
)py");
  const auto f = w.make();
  auto out = w.invoke(f, "\"sleep\"");
  CHECK(out.error_type == "Extension.Crash");
  CHECK(has(out.payload, "Error: exit status 7"));
  CHECK(has(out.log_tail, "Status: error\tError Type: Extension.Crash\t"));
  CHECK(w.invoke(f).payload == "1");
}

TEST_CASE("an extension that cannot be initialised fails the function") {
  Extended w;
  w.extension("bad", R"py(
register(NAME, ['INVOKE'])
print(ext('POST', 'init/error', b'{}', identifier + 'Lambda-Extension-Function-Error-Type: Extension.Config\r\n'), flush=True)
time.sleep(30)
)py");
  const auto out = w.invoke(w.make());
  CHECK(out.error_type == "Extension.InitError");
  CHECK_FALSE(has(w.log("f"), "runtime starts"));
}

TEST_CASE("an extension that never registers holds up the initialisation, and then the invocation") {
  Extended w;
  w.extension("silent", "time.sleep(60)\n");
  const auto out = w.invoke(w.make([](FunctionSpec& spec) { spec.timeout = 1s; }));
  CHECK(out.error_type == "Sandbox.Timedout");
  const auto log = w.log("f");
  CHECK(has(log, "Phase: init\tStatus: timeout\n"));
  CHECK_FALSE(has(log, "runtime starts"));
}

TEST_CASE("an extension that gave up a request for its next event gets the event by the one it sent then") {
  Extended w;
  w.extension("hasty", R"py(
register(NAME, ['INVOKE'])
first = socket.create_connection((host, int(port)))
first.sendall(f'GET {EXT}event/next HTTP/1.1\r\nHost: x\r\n{identifier}\r\n'.encode())
try:
    first.settimeout(0.3)
    first.recv(1)
except TimeoutError: first.close()
while True: print('hasty got', event()['eventType'], flush=True)
)py");
  const auto f = w.make({}, "import time\ntime.sleep(1)\n" + std::string(kRuntime));
  CHECK(w.invoke(f).payload == "1");
  CHECK(w.logged("hasty got INVOKE"));
  CHECK_FALSE(has(w.log("f"), "timed out"));
}

TEST_CASE("an extension that exits before it registers fails the initialisation") {
  Extended w;
  w.extension("crash", "sys.exit(0)\n");
  const auto out = w.invoke(w.make());
  CHECK(out.error_type == "Extension.Crash");
  CHECK(has(out.payload, "Error: exit code 0"));
}

TEST_CASE("telemetry is brought to an extension that listens, from the first event on") {
  Extended w;
  w.extension("telemetry", R"py(
import http.server
got = []
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        for e in json.loads(self.rfile.read(int(self.headers['content-length']))):
            got.append(e)
            print('TOLD', json.dumps(e), flush=True)
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(('', 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
register(NAME, ['INVOKE', 'SHUTDOWN'])
body = {'schemaVersion': '2022-12-13', 'types': ['platform', 'function'],
        'buffering': {'maxItems': 1000, 'maxBytes': 262144, 'timeoutMs': 25},
        'destination': {'protocol': 'HTTP', 'URI': f'http://sandbox.localdomain:{server.server_port}'}}
print('subscribed', call('PUT', '/2022-07-01/telemetry', json.dumps(body).encode(), identifier), flush=True)
while True:
    if event()['eventType'] == 'SHUTDOWN': break
    for i in range(1000):
        if any(e['type'] == 'platform.runtimeDone' for e in got): break
        time.sleep(0.002)
)py");
  const auto f = w.make();
  const auto out = w.invoke(f);
  CHECK(out.payload == "1");
  const auto log = w.log("f");
  CHECK(has(log, "subscribed (200"));
  CHECK(has(log, "TELEMETRY\tName: telemetry\tState: Subscribed\tTypes: [Platform, Function]\n"));
  for (const auto* type :
       {"platform.initStart", "platform.initRuntimeDone", "platform.initReport", "platform.extension",
        "platform.telemetrySubscription", "platform.start", "platform.runtimeDone"})
    CHECK_MESSAGE(has(log, "\"type\": \"" + std::string(type) + "\""), type);
  CHECK(has(log, R"("type": "function", "record": "working\n")"));
  CHECK(has(log, R"("status": "success", )"));
}

TEST_CASE("a runtime that dies is reset with its extensions, which are told of a failure") {
  Extended w;
  w.extension("witness", R"py(
register(NAME, ['SHUTDOWN'])
e = event()
print('told', e['eventType'], e['shutdownReason'], end='', flush=True)
)py");
  const auto f = w.make();
  CHECK(w.invoke(f, "\"exit\"").error_type == "Runtime.ExitError");
  CHECK(w.invoke(f).payload == "1");
  CHECK(has(w.log("f"), "told SHUTDOWN failure\n"));
}

TEST_CASE("a later layer's files cover an earlier one's in /opt") {
  Extended w;
  for (const auto* name : {"one", "two"}) {
    fs::create_directories(w.directory / name / "share");
    std::ofstream(w.directory / name / "share/both") << name;
    std::ofstream(w.directory / name / "share" / name) << name;
  }
  const auto f =
      w.function("layers", R"py(
opt = '/opt' if os.path.exists('/opt/share/both') else os.environ['LD_LIBRARY_PATH'].split(':')[-1][:-4]
while True:
    id, event = next()
    respond(id, ' '.join(open(f'{opt}/share/{name}').read() for name in ('one', 'two', 'both')).encode())
)py",
                 [&](FunctionSpec& spec) { spec.layers = {w.directory / "one", w.directory / "two"}; });
  CHECK(w.invoke(f).payload == "one two two");
}

TEST_CASE("what an extension prints is in the log of the invocation") {
  Extended w;
  w.extension("talks", R"py(
register(NAME, ['INVOKE'])
while True:
    print('got', event()['requestId'], flush=True)
)py");
  const auto f = w.make({}, "id, event = next()\nimport time; time.sleep(0.3)\nrespond(id, b'1')\nnext()\n");
  const auto out = w.invoke(f);
  CHECK(at(out.log_tail, "START RequestId: ") < at(out.log_tail, "got "));
  CHECK(at(out.log_tail, "got ") < at(out.log_tail, "END RequestId: "));
}

TEST_CASE("extensions hear of the end of the daemon, which does not wait a second for them") {
  Extended w;
  w.extension("listens", R"py(
register(NAME, ['SHUTDOWN'])
e = event()
print('the end:', e['eventType'], e['shutdownReason'], e['deadlineMs'] - time.time() * 1000 < 450, flush=True)
)py");
  w.extension("stays", R"py(
register(NAME, ['SHUTDOWN'])
event()
time.sleep(60)
)py");
  const auto f = w.make();
  w.invoke(f);
  const auto idle = [&] {
    return w.invoker->environments().front().environment.state == runtime::Environment::State::idle;
  };
  for (int i = 0; i < 1000 && !idle(); ++i) ::usleep(2000);
  const auto begun = w.clock.now();
  w.launcher->stop();
  w.invoker->close();
  std::promise<void> said;
  asio::co_spawn(w.loops.next(), w.launcher->farewell(), [&](std::exception_ptr) { said.set_value(); });
  said.get_future().get();
  CHECK(w.clock.now() - begun < 900ms);
  CHECK(has(w.log("f"), "the end: SHUTDOWN spindown True"));
}

TEST_CASE("an environment is not frozen while telemetry is on its way to a receiver in it") {
  Extended w;
  w.extension("slow", R"py(
import http.server
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers['content-length']))
        time.sleep(0.3)
        print('received', flush=True)
        self.send_response(200)
        self.send_header('content-length', '0')
        self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(('0.0.0.0', 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
register(NAME, ['INVOKE'])
body = {'schemaVersion': '2022-12-13', 'types': ['function'], 'buffering': {'timeoutMs': 25, 'maxItems': 1000, 'maxBytes': 262144},
        'destination': {'protocol': 'HTTP', 'URI': f'http://sandbox.localdomain:{server.server_port}/'}}
call('PUT', '/2022-07-01/telemetry', json.dumps(body).encode(), identifier)
while True: event()
)py");
  const auto f = w.make({}, R"py(
import time
while True:
    id, event = next()
    print('a line', flush=True)
    time.sleep(0.1)
    respond(id, b'1')
)py");
  w.invoke(f);
  CHECK(w.logged("received"));
}
}  // namespace emu::test
