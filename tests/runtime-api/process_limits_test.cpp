// What a process finds around it: limits, descriptors, a /opt it cannot write, and what a minimal machine
// lacks.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
namespace {
bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

constexpr std::string_view kEcho = R"py(
while True:
    id, event = next()
    respond(id, event)
)py";

// A root with programs, but without /opt and /etc/hosts. In a process of its own, of root.
bool enter_minimal_root(const fs::path& root) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return false;
  for (const auto* name : {"usr", "lib", "lib64", "bin", "proc", "dev", "sys"}) {
    std::error_code none;
    if (!fs::is_directory(fs::path("/") / name, none)) continue;
    fs::create_directories(root / name);
    if (::mount((fs::path("/") / name).c_str(), (root / name).c_str(), nullptr, MS_BIND | MS_REC, nullptr) !=
        0)
      return false;
  }
  fs::create_directories(root / "tmp");
  fs::create_directories(root / "etc");
  return ::chroot(root.c_str()) == 0 && ::chdir("/") == 0;
}
}  // namespace

TEST_CASE("a function has AWS's limits of files, stack and locked memory") {
  ProcessWorld w;
  const auto f = w.function("limits", R"py(
import json, resource
while True:
    id, event = next()
    limits = {n: resource.getrlimit(getattr(resource, 'RLIMIT_' + n)) for n in ('NOFILE', 'STACK', 'MEMLOCK', 'NPROC')}
    respond(id, json.dumps(limits).encode())
)py");
  const auto limits = nlohmann::json::parse(w.invoke(f).payload);
  CHECK(limits["NOFILE"] == nlohmann::json{1024, 1024});
  CHECK(limits["STACK"][0] == 8 * 1024 * 1024);
  CHECK(limits["MEMLOCK"][1] == 64 * 1024);
  const bool counted = w.launcher->tmp_mode() == runtime::TmpMode::user_namespace;  // on kernels that can
  if (!contains(w.launcher->isolation(), "processes not counted")) CHECK(counted);
  if (!contains(w.launcher->isolation(), "processes not counted")) CHECK(limits["NPROC"][1] == 1024);
}

TEST_CASE("a record of several lines that a custom runtime frames stays one, in order after its START") {
  ProcessWorld w;
  const auto f = w.function("framed", R"py(
import struct
log = int(os.environ['_LAMBDA_TELEMETRY_LOG_FD'])
while True:
    id, event = next()
    record = b'one\ntwo\r\n'
    os.write(log, struct.pack('>IIQ', 0xa55a0003, len(record), 0) + record)
    respond(id, event)
)py");
  const auto out = w.invoke(f, "1");
  CHECK(contains(out.log_tail, "START RequestId: "));
  CHECK(contains(out.log_tail, "\none\ntwo\r\nEND RequestId: "));
}

TEST_CASE("a function cannot change what its layers brought to /opt") {
  ProcessWorld w;
  const auto layer = w.directory / "layer";
  fs::create_directories(layer);
  std::ofstream(layer / "data") << "x";
  const auto f = w.function("writes", R"py(
while True:
    id, event = next()
    try:
        open('/opt/data', 'w').write('mine')
        respond(id, b'"written"')
    except OSError as e:
        respond(id, str(e.errno).encode())
)py",
                            [&](FunctionSpec& spec) { spec.layers = {layer}; });
  const auto said = w.invoke(f).payload;
  if (w.launcher->opt_protected()) CHECK(said == "30");  // EROFS
  if (w.launcher->opt_protected()) CHECK(contents(layer / "data") == "x");
  const bool told = contains(w.launcher->isolation(), "which functions can write");
  const bool shown = w.launcher->tmp_mode() != runtime::TmpMode::variable;
  CHECK(told == (shown && !w.launcher->opt_protected()));
}

TEST_CASE("a machine without /opt and /etc/hosts runs functions with layers nevertheless") {
  if (::geteuid() != 0) return;
  const Folder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    if (!enter_minimal_root(folder.path() / "root")) ::_exit(77);
    bool well = false;
    {
      ProcessWorld w;
      const auto layer = w.directory / "layer";
      fs::create_directories(layer / "bin");
      const auto f = w.function("f", std::string(kEcho), [&](FunctionSpec& spec) { spec.layers = {layer}; });
      well = w.invoke(f, "1").payload == "1";
    }
    ::_exit(well ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) return;  // no such mounts here
  CHECK(status == 0);
}

TEST_CASE(
    "restore hooks that take too long fail the invocation with AWS's error, and are not tried again in it") {
  ProcessWorld w([](runtime::ProcessOptions& o) { o.restore_limit = 300ms; });
  const auto f = w.function("snapped", R"py(
import time
print('restored', flush=True)
call('GET', BASE + 'restore/next')
time.sleep(60)
)py",
                            [](FunctionSpec& spec) { spec.initialization_type = "snap-start"; });
  const auto out = w.invoke(f);
  CHECK(out.error_type == "Runtime.RestoreHookUserTimeout");
  const auto log = w.log("snapped");
  CHECK(contains(log, "RESTORE_REPORT Restore Duration: "));
  CHECK(contains(log, "Status: timeout\tError Type: Runtime.RestoreHookUserTimeout\n"));
  CHECK(log.find("restored") == log.rfind("restored"));
}
}  // namespace emu::test
