#include "runtime-api/boot_ahead.hpp"

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

std::shared_ptr<Function> managed(ProcessWorld& w, const std::string& runtime, const std::string& file,
                                  std::string_view code, std::map<std::string, std::string> variables = {}) {
  runtime::write_bootstraps(w.directory / "runtime");
  auto f = w.function("managed", "#!/bin/sh\n", [&](FunctionSpec& s) {
    s.runtime = runtime;
    s.handler = "index.handler";
    s.timeout = 10s;
    s.environment = std::move(variables);
  });
  std::ofstream(f->spec->task_root / file) << code;
  return f;
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
  CHECK(w.invoke(managed(w, runtime, file, code, {{"FIRST", "1"}})).kind == Outcome::Kind::ok);
  REQUIRE(kind_when_waiting(w).waiting == 1);
  const auto f = managed(w, runtime, file, code, {{"SECOND", "2"}});
  auto out = nlohmann::json::parse(w.invoke(f).payload);
  const auto kind = kind_when_waiting(w);
  CHECK(kind.runtime == runtime);
  CHECK(kind.memory_mb == 128);
  CHECK(kind.taken == 1);
  CHECK(out["directory"] == f->spec->task_root.string());
  CHECK(out["function"] == "managed");
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
  CHECK_FALSE(fits({.runtime = "provided.al2023"}, {.runtime = "provided.al2023"}));
}

TEST_CASE("code that brings libraries has an interpreter that looks for them from its start") {
  Folder folder;
  fs::create_directories(folder.path() / "lib");
  auto spec = node("b");
  spec.task_root = fs::relative(folder.path(), fs::current_path());
  auto like = spec;
  CHECK(fits(like, spec));
  like.task_root = "/srv/code";
  CHECK_FALSE(fits(like, spec));
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
