#include "runtime-api/control_groups.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "runtime-api/process_files.hpp"

namespace emu::runtime {
namespace fs = std::filesystem;
namespace {
constexpr const char* kMount = "/sys/fs/cgroup";
constexpr long kVersion2 = 0x63677270;  // CGROUP2_SUPER_MAGIC
constexpr std::string_view kPrefix = "emu-", kDaemons = "emu-daemon";
constexpr std::int64_t kPeriod = 100'000,
                       kLeastQuota = 1'000;     // microseconds; the kernel's standard and minimum
constexpr std::int64_t kMemoryOfOneCpu = 1769;  // MB, spec-lambda 0

bool put(const fs::path& file, std::string_view text) {
  const Descriptor to(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  return to.number() >= 0 &&
         ::write(to.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string all_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool names(const std::string& controllers, std::string_view wanted) {
  const auto padded = fmt::format(" {} ", controllers.substr(0, controllers.find('\n')));
  return padded.find(fmt::format(" {} ", wanted)) != std::string::npos;
}
}  // namespace

std::string cpu_quota(int memory_mb) {
  return fmt::format("{} {}", std::max(kLeastQuota, memory_mb * kPeriod / kMemoryOfOneCpu), kPeriod);
}

std::optional<fs::path> ControlGroups::own_group(std::string_view self, const fs::path& mount) {
  constexpr std::string_view kUnified = "0::/";
  for (std::size_t at = 0; at < self.size();) {
    const auto end = std::min(self.find('\n', at), self.size());
    const auto line = self.substr(at, end - at);
    if (line.starts_with(kUnified)) return mount / line.substr(kUnified.size());
    at = end + 1;
  }
  return std::nullopt;
}

ControlGroups::Found ControlGroups::find() {
  struct statfs mounted{};
  const auto own = own_group(all_of("/proc/self/cgroup"), kMount);
  if (::statfs(kMount, &mounted) != 0 || mounted.f_type != kVersion2 || !own)
    return {std::nullopt, "no control groups of version 2"};
  return divide(*own);
}

// No process may be in a group whose controllers are given to those below it, so the daemon moves into one of
// them.
ControlGroups::Found ControlGroups::divide(const fs::path& group) {
  for (const auto* file : {"cgroup.procs", "cgroup.subtree_control"})
    if (::access((group / file).c_str(), W_OK) != 0)
      return {std::nullopt, "its control group is not the user's"};
  const auto controllers = all_of(group / "cgroup.controllers");
  if (!names(controllers, "cpu") || !names(controllers, "memory"))
    return {std::nullopt, "its control group has no cpu and memory to divide"};
  const auto own = group / kDaemons;
  std::error_code failed;
  fs::create_directory(own, failed);
  const auto pid = fmt::to_string(::getpid());
  for (const pid_t beside : descendants(::getpid()))
    put(own / "cgroup.procs", fmt::to_string(beside));  // the guard
  if (failed || !put(own / "cgroup.procs", pid)) return {std::nullopt, "its control group cannot be divided"};
  if (put(group / "cgroup.subtree_control", "+cpu +memory")) return {group, ""};
  put(group / "cgroup.procs", pid);
  fs::remove(own, failed);
  return {std::nullopt, "others are in its control group"};
}

fs::path ControlGroups::of(const std::string& environment) const {
  return group_ / fmt::format("{}{}", kPrefix, environment);
}

Descriptor ControlGroups::entrance(const std::string& environment, std::int64_t memory_bytes) const {
  const auto own = of(environment);
  std::error_code failed;
  if (fs::create_directory(own, failed) && memory_bytes > 0)
    put(own / "memory.max", fmt::format("{}", memory_bytes));
  if (failed) return Descriptor();
  return Descriptor(::open((own / "cgroup.procs").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

void ControlGroups::limit_cpu(const std::string& environment, int memory_mb) const {
  put(of(environment) / "cpu.max", cpu_quota(memory_mb));
}

void ControlGroups::remove(const std::string& environment) const { ::rmdir(of(environment).c_str()); }

void ControlGroups::clear() const {
  std::error_code gone;
  for (fs::directory_iterator at(group_, gone), end; !gone && at != end; at.increment(gone)) {
    const auto name = at->path().filename().string();
    if (name.starts_with(kPrefix) && name != kDaemons) ::rmdir(at->path().c_str());
  }
}
}  // namespace emu::runtime
