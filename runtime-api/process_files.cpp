#include "runtime-api/process_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>

namespace emu::runtime {
namespace {
constexpr std::size_t kMaxEnvironment = 2 * 1024 * 1024;  // what exec accepts

std::string about(pid_t pid, std::string_view name) {
  std::string out;
  read_about(pid, name, out);
  return out;
}

// Numbers between spaces, up to what is none.
std::vector<std::int64_t> numbers(std::string_view text) {
  std::vector<std::int64_t> out;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    while (at != end && *at == ' ') ++at;
    std::int64_t value = 0;
    const auto [stopped, failed] = std::from_chars(at, end, value);
    if (failed != std::errc{}) return out;
    out.push_back(value);
    at = stopped;
  }
}

// What each of its threads has started.
std::vector<pid_t> children(pid_t pid) {
  std::vector<pid_t> out;
  std::error_code gone;
  for (std::filesystem::directory_iterator at(fmt::format("/proc/{}/task", pid), gone), end;
       !gone && at != end; at.increment(gone))
    for (const auto child :
         numbers(about(pid, fmt::format("task/{}/children", at->path().filename().native()))))
      out.push_back(static_cast<pid_t>(child));
  return out;
}
}  // namespace

Descriptor open_about(pid_t pid, std::string_view name) {
  return Descriptor(::open(fmt::format("/proc/{}/{}", pid, name).c_str(), O_RDONLY | O_CLOEXEC));
}

bool read_about(pid_t pid, std::string_view name, std::string& to) {
  const auto file = open_about(pid, name);
  if (file.number() < 0) return false;
  char part[16384];
  for (;;) {
    const auto got = ::read(file.number(), part, sizeof part);
    if (got <= 0 || to.size() > kMaxEnvironment) return true;
    to.append(part, static_cast<std::size_t>(got));
  }
}

std::uint64_t mount_namespace(std::string_view process) {
  struct stat found{};
  return ::stat(fmt::format("/proc/{}/ns/mnt", process).c_str(), &found) == 0 ? found.st_ino : 0;
}

std::vector<pid_t> descendants(pid_t pid) {
  std::vector<pid_t> out;
  std::vector<pid_t> open{pid};
  while (!open.empty() && out.size() < 1024) {
    const pid_t parent = open.back();
    open.pop_back();
    for (const auto child : children(parent)) {
      out.push_back(child);
      open.push_back(child);
    }
  }
  return out;
}

std::int64_t own_memory(pid_t pid) {  // statm: size, resident, shared
  static const auto page = ::sysconf(_SC_PAGESIZE);
  const auto all = numbers(about(pid, "statm"));
  return all.size() > 2 ? (all[1] - all[2]) * page / 1024 : 0;
}

std::int64_t apportioned_memory(pid_t pid) {
  constexpr std::string_view kShare = "Pss_Anon:";
  const auto text = about(pid, "smaps_rollup");
  const auto at = text.find(kShare);
  if (at == text.npos) return own_memory(pid);  // an older kernel
  const auto kilobytes = numbers(std::string_view(text).substr(at + kShare.size()));
  return kilobytes.empty() ? 0 : kilobytes.front();
}

int tree_memory_mb(pid_t leader, std::int64_t (*measure)(pid_t)) {
  std::int64_t kilobytes = measure(leader);
  for (const pid_t pid : descendants(leader)) kilobytes += measure(pid);
  return static_cast<int>(kilobytes / 1024);
}
}  // namespace emu::runtime
