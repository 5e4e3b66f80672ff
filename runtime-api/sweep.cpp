#include "runtime-api/sweep.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>

#include "runtime-api/process_files.hpp"

namespace emu::runtime {
namespace {
// 0: not a process. Kernel threads and other users' processes have no environment we can read.
pid_t process_number(const char* name) {
  pid_t out = 0;
  const auto end = name + std::strlen(name);
  return std::from_chars(name, end, out).ptr == end ? out : 0;
}

bool has_variable(pid_t pid, std::string_view variable, std::string& buffer) {
  buffer.assign(1, '\0');  // so that one stands before the first variable, too
  if (!read_about(pid, "environ", buffer)) return false;
  for (auto at = buffer.find(variable); at != buffer.npos; at = buffer.find(variable, at + 1))
    if (buffer[at - 1] == '\0' &&
        (at + variable.size() == buffer.size() || buffer[at + variable.size()] == '\0'))
      return true;
  return false;
}

// A private /tmp (private_tmp.hpp) lies below folders that carry the marks' values.
bool has_mount(pid_t pid, std::string_view variable, std::uint64_t our_namespace, std::string& buffer) {
  const auto theirs = mount_namespace(fmt::to_string(pid));
  buffer.clear();
  if (theirs == 0 || theirs == our_namespace || !read_about(pid, "mountinfo", buffer)) return false;
  const auto folder = fmt::format("/{}/", variable.substr(variable.find('=') + 1));
  return buffer.find(folder) != buffer.npos;
}
}  // namespace

int kill_marked(std::string_view variable) {
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), &::closedir);
  if (!processes) return 0;
  int killed = 0;
  std::string buffer;
  const auto ours = mount_namespace("self");
  while (const dirent* entry = ::readdir(processes.get())) {
    const pid_t pid = process_number(entry->d_name);
    if (pid <= 1 || pid == ::getpid()) continue;
    // The descriptor before the look, so that the number cannot pass to another process in between.
    const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (process.number() < 0) continue;
    if (!has_variable(pid, variable, buffer) && !has_mount(pid, variable, ours, buffer)) continue;
    ++killed;
    ::syscall(SYS_pidfd_send_signal, process.number(), SIGKILL, nullptr, 0);
  }
  return killed;
}

bool sweep(std::string_view variable, std::chrono::milliseconds longest) {
  for (auto left = longest;; left -= std::chrono::milliseconds(2)) {
    if (kill_marked(variable) == 0) return true;
    if (left.count() <= 0) return false;
    ::poll(nullptr, 0, 2);  // what was killed needs a moment to be gone
  }
}
}  // namespace emu::runtime
