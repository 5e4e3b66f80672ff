// A folder of files stands for the kernel's.
#include "runtime-api/control_groups.hpp"

#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
namespace {
using runtime::ControlGroups;

fs::path group_with(const Folder& folder, const std::string& controllers) {
  for (const auto* file : {"cgroup.procs", "cgroup.subtree_control"})
    std::ofstream(folder.path() / file) << "";
  std::ofstream(folder.path() / "cgroup.controllers") << controllers << "\n";
  return folder.path();
}
}  // namespace

TEST_CASE("a vCPU is for 1769 MB, and as much of one for less") {
  CHECK(runtime::cpu_quota(1769) == "100000 100000");
  CHECK(runtime::cpu_quota(128) == "7235 100000");
  CHECK(runtime::cpu_quota(10240) == "578858 100000");
  CHECK(runtime::cpu_quota(1) == "1000 100000");  // the least that the kernel takes
}

TEST_CASE("the daemon's own group is the line of version 2") {
  CHECK(ControlGroups::own_group("4:memory:/a\n0::/user.slice/x.scope\n", "/mnt") ==
        "/mnt/user.slice/x.scope");
  CHECK(ControlGroups::own_group("0::/", "/mnt") == "/mnt/");
  CHECK(!ControlGroups::own_group("4:memory:/a\n3:cpu:/\n", "/mnt"));
}

TEST_CASE("a group is divided by moving the daemon below it first") {
  const Folder folder;
  const auto group = group_with(folder, "cpuset cpu io memory pids");
  const auto found = ControlGroups::divide(group);
  CHECK(found.group == group);
  CHECK(contents(group / "emu-daemon" / "cgroup.procs") == std::to_string(::getpid()));
  CHECK(contents(group / "cgroup.subtree_control") == "+cpu +memory");
}

TEST_CASE("a group without cpu and memory, or of somebody else, is left alone") {
  const Folder folder;
  const auto group = group_with(folder, "memory pids cpuset");
  CHECK(ControlGroups::divide(group).why_not == "its control group has no cpu and memory to divide");
  CHECK(!fs::exists(group / "emu-daemon"));
  fs::remove(group / "cgroup.subtree_control");
  CHECK(ControlGroups::divide(group).why_not == "its control group is not the user's");
}

TEST_CASE("an environment has a group of its own, with less CPU only once it has initialised") {
  const Folder folder;
  ProcessWorld w([&](runtime::ProcessOptions& o) { o.control_group = folder.path(); });
  const auto f = w.function("grouped", R"py(
import time
time.sleep(0.5)
while True:
    id, event = next()
    respond(id, event)
)py",
                            [](FunctionSpec& spec) { spec.memory_mb = 1769; });
  auto answer = w.start(f, "1");
  for (int i = 0; i < 1000 && fs::is_empty(folder.path()); ++i) ::usleep(2000);
  std::vector<fs::path> groups;
  for (const auto& entry : fs::directory_iterator(folder.path())) groups.push_back(entry.path());
  REQUIRE(groups.size() == 1);
  CHECK(!fs::exists(groups[0] / "cpu.max"));  // it still initialises
  CHECK(answer.get().payload == "1");
  CHECK(contents(groups[0] / "cgroup.procs") == "0");
  CHECK(contents(groups[0] / "cpu.max") == "100000 100000");
  const auto memory = std::stoll(contents(groups[0] / "memory.max"));
  CHECK(memory == (w.launcher->tmp_limited() ? 1769 + 512 : 1769) * 1024LL * 1024);
}

TEST_CASE("what is said of this machine names how CPU and memory are limited") {
  const Folder folder;
  const ProcessWorld grouped([&](runtime::ProcessOptions& o) { o.control_group = folder.path(); });
  CHECK(grouped.launcher->isolation().find("cpu by control groups") != std::string::npos);
  const ProcessWorld off([&](runtime::ProcessOptions& o) {
    o.control_group = folder.path();
    o.switches.limit_cpu = false;
  });
  CHECK(off.launcher->isolation().find("cpu not limited (--cpu off)") != std::string::npos);
}
}  // namespace emu::test
