#include "runtime-api/private_tmp.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace emu::runtime {
namespace fs = std::filesystem;
namespace {
int write_file(const char* path, std::string_view text) noexcept {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  const auto written = ::write(file, text.data(), text.size());
  const int failed = written == static_cast<ssize_t>(text.size()) ? 0 : errno;
  ::close(file);
  return failed;
}

// The same user inside as outside, so that files keep their owner.
int enter_user_namespace(const TmpPlan& plan) noexcept {
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return errno;
  if (const int failed = write_file("/proc/self/setgroups", "deny"); failed != 0 && failed != ENOENT)
    return failed;
  if (const int failed = write_file("/proc/self/uid_map", plan.uid_map)) return failed;
  return write_file("/proc/self/gid_map", plan.gid_map);
}

// Whether a child that goes there finds `it` so.
template <class Found>
bool in_child(const TmpPlan& plan, Found found) {
  const pid_t child = ::vfork();
  if (child == 0) ::_exit(enter_tmp(plan) == 0 && found() ? 0 : 1);
  int status = 1;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return child > 0 && status == 0;
}

bool works(TmpMode mode, const fs::path& directory, const char* size = "") {
  auto plan = plan_tmp(mode, directory, {});
  plan.size = size;
  return in_child(plan, [] { return true; });
}
}  // namespace

TmpMode detect_tmp_mode() {
  std::error_code ignored;
  const auto probe = fs::temp_directory_path(ignored) / fmt::format("emu-probe-{}", ::getpid());
  TmpMode found = TmpMode::variable;
  if (::geteuid() == 0 && works(TmpMode::mount_namespace, probe)) {
    found = TmpMode::mount_namespace;
  } else if (works(TmpMode::user_namespace, probe)) {
    found = TmpMode::user_namespace;
  }
  fs::remove_all(probe, ignored);
  return found;
}

bool can_limit_tmp(TmpMode mode) {
  if (mode == TmpMode::variable) return false;
  std::error_code ignored;
  const auto probe = fs::temp_directory_path(ignored) / fmt::format("emu-probe-{}", ::getpid());
  const bool can = works(mode, probe, "size=1m,mode=1777");
  fs::remove_all(probe, ignored);
  return can;
}

bool can_protect_opt(TmpMode mode) {
  std::error_code ignored;
  if (mode == TmpMode::variable || !fs::is_directory("/opt", ignored)) return false;
  const auto probe = fs::temp_directory_path(ignored) / fmt::format("emu-probe-{}", ::getpid());
  auto plan = plan_tmp(mode, probe, {});
  plan.opt = plan.own;
  const bool can = in_child(plan, [] {
    struct statfs found{};
    return ::statfs("/opt", &found) == 0 && (found.f_flags & ST_RDONLY) != 0;
  });
  fs::remove_all(probe, ignored);
  return can;
}

// RLIMIT_NPROC counts the processes of a user: of all environments together, and of whoever started the
// daemon. Since Linux 5.14 it counts those of one user namespace.
bool counts_processes_apart() {
  utsname machine{};
  int major = 0, minor = 0;
  return ::uname(&machine) == 0 && std::sscanf(machine.release, "%d.%d", &major, &minor) == 2 &&
         std::pair(major, minor) >= std::pair(5, 14);
}

std::string_view text(TmpMode mode) {
  switch (mode) {
    case TmpMode::mount_namespace:
      return "own /tmp by mount namespace";
    case TmpMode::user_namespace:
      return "own /tmp by user and mount namespace";
    case TmpMode::variable:
      return "own directory by TMPDIR; /tmp itself is shared";
  }
  return {};
}

TmpPlan plan_tmp(TmpMode mode, const fs::path& own, const std::vector<fs::path>& needed) {
  std::error_code ignored;
  fs::create_directories(own, ignored);
  fs::permissions(own, fs::perms::all | fs::perms::sticky_bit, ignored);
  TmpPlan plan{.mode = mode, .own = own.string()};
  plan.uid_map = fmt::format("{0} {0} 1", ::geteuid());
  plan.gid_map = fmt::format("{0} {0} 1", ::getegid());
  if (mode == TmpMode::variable) return plan;
  const auto tmp = fs::canonical("/tmp", ignored);
  std::vector<fs::path> below;
  for (const auto& path : needed) {
    const auto real = fs::canonical(path, ignored);
    if (ignored) continue;
    if (real == tmp) return TmpPlan{.mode = TmpMode::variable, .own = own.string()};  // it would hide itself
    if (real.native().starts_with(tmp.native() + "/")) below.push_back(real);
  }
  std::ranges::sort(below);  // a folder before what it contains
  for (const auto& path : below) {
    const auto covers = [&](const auto& bind) { return (path.native() + "/").starts_with(bind.first + "/"); };
    if (std::ranges::any_of(plan.binds, covers)) continue;
    const auto place = own / path.lexically_relative(tmp);
    fs::create_directories(place, ignored);
    plan.binds.emplace_back(path.string(), place.string());
    for (auto at = place; at != own && at.has_relative_path(); at = at.parent_path())
      plan.places.push_back(at.string());
  }
  std::ranges::sort(plan.places);  // a folder before what it contains
  return plan;
}

namespace {
int enter_existing(const TmpPlan& plan) noexcept {
  if (plan.user >= 0 && ::setns(plan.user, CLONE_NEWUSER) != 0) return errno;
  return ::setns(plan.mounts, CLONE_NEWNS) == 0 ? 0 : errno;
}

// An empty file system over `own`, with the folders in it that the binds need.
int limit_size(const TmpPlan& plan) noexcept {
  if (::mount("tmpfs", plan.own.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, plan.size.c_str()) != 0) return errno;
  for (const auto& place : plan.places)
    if (::mkdir(place.c_str(), 0755) != 0 && errno != EEXIST) return errno;
  return 0;
}

// A user namespace may not take away what the mount forbids already, so that is said again.
void make_read_only(const char* path) noexcept {
  constexpr unsigned long kForbidden = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  struct statfs found{};
  if (::statfs(path, &found) != 0) return;
  const auto flags = static_cast<unsigned long>(found.f_flags) & kForbidden;  // spelled as mount() does
  ::mount(nullptr, path, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY | flags, nullptr);
}

int bind(const std::string& from, const char* to) noexcept {
  return ::mount(from.c_str(), to, nullptr, MS_BIND | MS_REC, nullptr) == 0 ? 0 : errno;
}
}  // namespace

int enter_tmp(const TmpPlan& plan) noexcept {
  if (plan.mode == TmpMode::variable) return 0;
  if (plan.mounts >= 0) return enter_existing(plan);
  if (plan.mode == TmpMode::user_namespace) {
    if (const int failed = enter_user_namespace(plan)) return failed;
  } else if (::unshare(CLONE_NEWNS) != 0) {
    return errno;
  }
  // Private first: otherwise the daemon, and the whole machine, would see our mounts.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return errno;
  if (!plan.opt.empty()) {  // before /tmp hides where it lies
    if (const int failed = bind(plan.opt, "/opt")) return failed;
    make_read_only("/opt");
  }
  if (!plan.hosts.empty())
    if (const int failed = bind(plan.hosts, "/etc/hosts")) return failed;
  if (!plan.size.empty())
    if (const int failed = limit_size(plan)) return failed;
  for (const auto& [from, to] : plan.binds)
    if (const int failed = bind(from, to.c_str())) return failed;
  return bind(plan.own, "/tmp");
}
}  // namespace emu::runtime
