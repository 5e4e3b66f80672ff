// Real processes for a test: a directory of its own, real time, two loops, a launcher and an invoker.
// Functions are small Python programs that speak the Runtime API over a bare socket.
#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <thread>

#include "runtime-api/invoker.hpp"
#include "runtime-api/process_launcher.hpp"
#include "runtime-api/response_stream.hpp"
#include "tests/support/folder.hpp"

namespace emu::test {
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using runtime::Function;
using runtime::FunctionSpec;
using runtime::Invocation;
using runtime::Outcome;

// call(method, path, body, headers) -> status, headers, body; next() -> id, event; respond(id, body).
inline constexpr std::string_view kRuntimeClient = R"py(#!/usr/bin/python3 -SE
import os, signal, socket, sys
host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
link = socket.create_connection((host, int(port)))
stream = link.makefile('rb')
BASE = '/2018-06-01/runtime/'
def receive():
    status = int(stream.readline().split()[1])
    headers = {}
    while True:
        line = stream.readline().strip().decode()
        if not line: break
        name, value = line.split(':', 1)
        headers[name.lower()] = value.strip()
    return status, headers, stream.read(int(headers.get('content-length', 0)))
def call(method, path, body=b'', headers=''):
    link.sendall(f'{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {len(body)}\r\n\r\n'.encode() + body)
    return receive()
def next():
    status, headers, body = call('GET', BASE + 'invocation/next')
    return headers['lambda-runtime-aws-request-id'], body
def respond(id, body, verb='response', headers=''):
    return call('POST', BASE + f'invocation/{id}/{verb}', body, headers)
)py";

class ProcessWorld {
 public:
  explicit ProcessWorld(runtime::Switches switches)
      : ProcessWorld([&](runtime::ProcessOptions& o) { o.switches = std::move(switches); }) {}
  explicit ProcessWorld(std::function<void(runtime::ProcessOptions&)> change = {}) {
    logs.emplace(directory / "logs", clock);
    runtime::ProcessOptions options{.run_dir = directory / "run",
                                    .runtime_dir = directory / "runtime",
                                    .endpoint_url = "http://127.0.0.1:4566",
                                    .logs = *logs};
    if (change) change(options);
    launcher.emplace(loops, clock, ids, std::move(options));
    invoker.emplace(clock, *launcher, concurrency);
    thread = std::jthread([this] { loops.run(); });
  }
  ~ProcessWorld() {
    invoker->close();
    loops.stop();
    thread.join();
    launcher->close();
  }

  // A custom runtime: the client above and then `program`; or, if it begins with #!, just that.
  std::shared_ptr<Function> function(const std::string& name, const std::string& program,
                                     std::function<void(FunctionSpec&)> change = {}) {
    const auto root = directory / "code" / name;
    fs::create_directories(root);
    std::ofstream(root / "bootstrap") << (program.starts_with("#!") ? "" : kRuntimeClient) << program;
    fs::permissions(root / "bootstrap", fs::perms::owner_all);
    FunctionSpec spec{.name = name, .runtime = "provided.al2023", .handler = "x", .task_root = root};
    spec.arn = "arn:aws:lambda:us-east-1:000000000000:function:" + name;
    spec.account = "000000000000";
    spec.region = "us-east-1";
    spec.timeout = 5s;
    if (change) change(spec);
    return std::make_shared<Function>(std::move(spec));
  }

  std::future<Outcome> start(std::shared_ptr<Function> f, std::string payload = "{}", bool log_tail = true,
                             std::shared_ptr<runtime::ResponseSink> sink = nullptr) {
    auto done = std::make_shared<std::promise<Outcome>>();
    Invocation invocation{.request_id = ids.uuid(), .payload = std::move(payload), .log_tail = log_tail};
    invocation.sink = std::move(sink);
    asio::co_spawn(loops.next(), invoker->invoke(std::move(f), std::move(invocation)),
                   [done](std::exception_ptr failed, Outcome outcome) {
                     if (failed) {
                       done->set_exception(failed);
                     } else {
                       done->set_value(std::move(outcome));
                     }
                   });
    return done->get_future();
  }
  Outcome invoke(std::shared_ptr<Function> f, std::string payload = "{}") {
    auto answer = start(std::move(f), std::move(payload));
    REQUIRE_MESSAGE(answer.wait_for(20s) == std::future_status::ready, "no answer");
    return answer.get();
  }
  std::string log(const std::string& function) {
    return contents(logs->path("000000000000", "us-east-1", function));
  }
  // Until every environment waits for work: an invocation that comes before may get another one, as on AWS.
  void settle() {
    const auto busy = [](const runtime::EnvironmentView& view) {
      return view.environment.state != runtime::Environment::State::idle;
    };
    for (int i = 0; i < 5000 && std::ranges::any_of(invoker->environments(), busy); ++i) ::usleep(2000);
  }
  static bool alive(int pid) {  // a zombie, whose new parent is in no hurry, is dead
    std::ifstream in(fs::path("/proc") / std::to_string(pid) / "stat");
    std::string stat;
    std::getline(in, stat);  // which fails if it goes at this moment
    return !stat.empty() && stat.substr(stat.rfind(')')).substr(0, 3) != ") Z";
  }
  // Until a process is gone that somebody else kills; what is awaited has no event we could see.
  static bool gone(int pid) {
    for (int i = 0; i < 1500 && alive(pid); ++i) ::usleep(2000);
    return !alive(pid);
  }

  Folder folder;
  const fs::path directory = folder.path();
  RealClock clock;
  Loops loops{2, 4};
  Ids ids;
  std::optional<runtime::FunctionLogs> logs;
  std::optional<runtime::ProcessLauncher> launcher;
  Guarded<runtime::Concurrency> concurrency;
  std::optional<runtime::Invoker> invoker;
  std::jthread thread;
};
}  // namespace emu::test
