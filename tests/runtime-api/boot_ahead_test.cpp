#include "runtime-api/boot_ahead.hpp"

#include <fmt/format.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "runtime-api/bootstrap_files.hpp"
#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
using runtime::BootAhead;
using runtime::fits;
namespace {
FunctionSpec node(std::string name) {
  return {.name = std::move(name), .runtime = "nodejs20.x", .task_root = "/srv/code", .memory_mb = 256};
}

BootAhead::Booted waiting(const FunctionSpec& like, const std::string& program = "/bin/cat") {
  return {
      .like = std::make_shared<const FunctionSpec>(like),
      .place = {},
      .process = runtime::spawn(
          {.program = program, .arguments = {program}, .environment = {}, .directory = "/", .told = true})};
}

// Outside of /tmp, as code is: below it each environment sees only its own.
class CodeFolder {
 public:
  explicit CodeFolder(const std::string& name)
      : path(fs::path(EMU_SOURCE_DIR) / "build" / fmt::format("{}-{}", name, ::getpid())) {
    fs::create_directories(path);
  }
  ~CodeFolder() { fs::remove_all(path); }
  const fs::path path;
};

std::shared_ptr<Function> managed(ProcessWorld& w, const FunctionSpec& like, const std::string& file,
                                  std::string_view code) {
  runtime::write_bootstraps(w.directory / "runtime");
  std::ofstream(like.task_root / file) << code;
  return w.function(like.name, "#!/bin/sh\n", [&](FunctionSpec& s) {
    s.runtime = like.runtime;
    s.task_root = like.task_root;
    s.environment = like.environment;
    s.handler = "index.handler";
    s.timeout = 20s;
  });
}

// What is awaited happens in the background, some time after a cold start.
BootAhead::Kind kind_when_waiting(ProcessWorld& w) {
  for (int i = 0; i < 5000; ++i) {
    for (const auto& kind : w.launcher->booted_ahead())
      if (kind.waiting > 0) return kind;
    ::usleep(2000);
  }
  return {};
}

// Two functions of one kind: the second becomes what waits since the first.
nlohmann::json second(ProcessWorld& w, const std::string& runtime, const std::string& file,
                      std::string_view code) {
  const CodeFolder one("one"), other("other");
  const FunctionSpec of_one{
      .name = "one", .runtime = runtime, .task_root = one.path, .environment = {{"FIRST", "1"}}};
  CHECK(w.invoke(managed(w, of_one, file, code)).kind == Outcome::Kind::ok);
  REQUIRE(kind_when_waiting(w).waiting == 1);
  const FunctionSpec of_other{
      .name = "other", .runtime = runtime, .task_root = other.path, .environment = {{"SECOND", "2"}}};
  auto out = nlohmann::json::parse(w.invoke(managed(w, of_other, file, code)).payload);
  const auto kind = kind_when_waiting(w);
  CHECK(kind.runtime == runtime);
  CHECK(kind.memory_mb == 128);
  CHECK(kind.taken == 1);
  CHECK(out["directory"] == other.path.string());
  CHECK(out["function"] == "other");
  CHECK(out["first"] == nullptr);
  CHECK(out["second"] == "2");
  CHECK(out["arguments"] == 0);
  CHECK(out["input"] == "");
  return out;
}
}  // namespace

TEST_CASE("an interpreter becomes only what it would have been from its start") {
  const auto like = node("a");
  auto spec = node("b");
  spec.environment["TABLE"] = "orders";
  CHECK(fits(like, spec));
  const auto differs = [&](const std::function<void(FunctionSpec&)>& change) {
    auto other = spec;
    change(other);
    return !fits(like, other);
  };
  CHECK(differs([](auto& s) { s.memory_mb = 512; }));
  CHECK(differs([](auto& s) { s.tmp_mb = 1024; }));
  CHECK(differs([](auto& s) { s.runtime = "nodejs22.x"; }));
  CHECK(differs([](auto& s) { s.layers = {"/srv/layer"}; }));
  CHECK(differs([](auto& s) { s.task_root = "/tmp/code"; }));
  for (const auto* name :
       {"NODE_OPTIONS", "LD_PRELOAD", "PYTHONHASHSEED", "LANG", "TZ", "AWS_LAMBDA_EXEC_WRAPPER"})
    CHECK_MESSAGE(differs([&](auto& s) { s.environment[name] = "x"; }), name);
  const FunctionSpec native{.runtime = "provided.al2023"};
  CHECK_FALSE(fits(native, native));
}

TEST_CASE("code that brings libraries has an interpreter that looks for them from its start") {
  const CodeFolder one("one"), other("other");
  auto like = node("a"), spec = node("b");
  like.task_root = one.path;
  spec.task_root = other.path;
  CHECK(fits(like, spec));
  fs::create_directories(other.path / "lib");
  CHECK_FALSE(fits(like, spec));
  CHECK_FALSE(fits(spec, like));
  like.task_root = spec.task_root;
  CHECK(fits(like, spec));
}

TEST_CASE("as many wait of a kind as were asked for, and the oldest of many kinds ends") {
  BootAhead ahead(1);
  CHECK(ahead.claim(node("a")));
  CHECK_FALSE(ahead.claim(node("a")));  // one is on its way
  CHECK(ahead.put(waiting(node("a"))).empty());
  CHECK_FALSE(ahead.claim(node("b")));
  for (int memory = 512; memory < 517; ++memory) {
    auto other = node("c");
    other.memory_mb = memory;
    REQUIRE(ahead.claim(other));
    for (const auto& surplus : ahead.put(waiting(other))) {
      CHECK(memory >= 515);
      end(surplus);
    }
  }
  CHECK_FALSE(ahead.take(node("a")));
  CHECK(ahead.kinds().size() == 4);
  for (const auto& rest : ahead.give_up()) end(rest);
}

TEST_CASE("an interpreter that died while it waited is given to nobody") {
  BootAhead ahead(1);
  REQUIRE(ahead.claim(node("a")));
  auto dead = waiting(node("a"), "/bin/true");
  ProcessWorld::gone(dead.process.pid);
  const auto ended = ahead.put(std::move(dead));
  REQUIRE(ended.size() == 1);
  end(ended.front());
  CHECK_FALSE(ahead.take(node("a")));
  CHECK(ahead.claim(node("a")));
}

TEST_CASE("an interpreter that dies before it is told is replaced by another in its place") {
  ProcessWorld w;
  runtime::write_bootstraps(w.directory / "runtime");
  runtime::ProcessHost host(w.loops, w.clock, w.ids,
                            {.run_dir = w.directory / "run2",
                             .runtime_dir = w.directory / "runtime",
                             .endpoint_url = "",
                             .logs = *w.logs,
                             .mark = "x",
                             .switches = {.boot_ahead = 1}});
  auto spec = node("a");
  spec.task_root = w.directory;
  host.boot_ahead(std::make_shared<const FunctionSpec>(spec));
  auto booted = host.booted(spec);
  REQUIRE(booted);
  const auto first = booted->process.pid;
  ::kill(first, SIGKILL);
  ProcessWorld::gone(first);
  const auto started = host.start(spec, booted->place, booted->process);
  CHECK(started.error_type.empty());
  CHECK(started.process.pid != first);
  end(started.process);
}

TEST_CASE("a Node booted ahead is the function it becomes, in all that the function can see") {
  ProcessWorld w({.boot_ahead = 1});
  const auto out = second(w, "nodejs20.x", "index.js", R"js(
exports.handler = async () => ({
  directory: process.cwd(), function: process.env.AWS_LAMBDA_FUNCTION_NAME, first: process.env.FIRST ?? null,
  second: process.env.SECOND, arguments: process.argv.length - 2, input: require('fs').readFileSync(0, 'utf8'),
  tmp: require('fs').readdirSync('/tmp').includes('mine'), own: require('fs').writeFileSync('/tmp/mine', '') ?? 1,
});
)js");
  CHECK(out["tmp"] == false);
}

TEST_CASE("a Python booted ahead is the function it becomes, in all that the function can see") {
  ProcessWorld w({.boot_ahead = 1});
  second(w, "python3.11", "index.py", R"py(
import os, sys
def handler(event, context):
    return {'directory': os.getcwd(), 'function': context.function_name, 'first': os.environ.get('FIRST'),
            'second': os.environ.get('SECOND'), 'arguments': len(sys.argv) - 1, 'input': sys.stdin.read()}
)py");
}

TEST_CASE("without being asked no interpreter is started ahead") {
  BootAhead none(0);
  CHECK_FALSE(none.claim(node("a")));
  CHECK_FALSE(none.take(node("a")));
}
}  // namespace emu::test
