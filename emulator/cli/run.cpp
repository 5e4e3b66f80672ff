// emu run [DIR] -- COMMAND: the CI use. A daemon of its own, the project deployed, COMMAND with the
// environment of its clients, and its exit status.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>

#include "emulator/cli/start.hpp"
#include "emulator/cli/table.hpp"

extern char** environ;

namespace emu::cli {
namespace {
// The child's environment: ours, with the client settings over it.
std::vector<std::string> child_environment(const Json& overview) {
  const auto settings = client_environment(overview);
  std::vector<std::string> out;
  for (char** e = environ; *e; ++e) {
    const std::string_view entry(*e);
    const auto name = entry.substr(0, entry.find('='));
    const bool replaced = std::ranges::any_of(settings, [&](const auto& s) { return s.first == name; }) ||
                          std::ranges::find(kMisleading, name) != std::end(kMisleading);
    if (!replaced) out.emplace_back(entry);
  }
  for (const auto& [name, value] : settings) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

int spawn(std::vector<std::string> command, const Json& overview, pid_t& pid) {
  auto environment = child_environment(overview);
  const auto argv = pointers(command), envp = pointers(environment);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);  // the daemon's sockets are not the command's
  const int failed = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), envp.data());
  ::posix_spawn_file_actions_destroy(&actions);
  return failed;
}
}  // namespace

int run(const RunOptions& o) {
  if (o.command.empty()) {
    fmt::print(stderr, "emu: no command to run; write it behind --: emu run [DIR] -- COMMAND …\n");
    return 2;
  }
  DaemonOptions daemon = o;
  daemon.ephemeral = !o.data;
  return start(daemon, [&o](Daemon& d) -> awaitable<int> {
    const Json overview = co_await d.overview();
    if (overview.value("project", std::string()).empty())
      fmt::print(stderr, "emu: note: no serverless.yml or cdk.out in {}: nothing is deployed\n",
                 shown(o.directory));
    pid_t pid = 0;
    if (const int failed = spawn(o.command, overview, pid); failed != 0) {
      fmt::print(stderr, "emu: cannot run {}: {}\n", o.command[0], std::strerror(failed));
      co_return failed == ENOENT ? 127 : 126;  // as a shell says it
    }
    co_return co_await d.wait_for(pid);
  });
}
}  // namespace emu::cli
