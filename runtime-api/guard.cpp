#include "runtime-api/guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "emulator/base/log.hpp"
#include "runtime-api/process.hpp"
#include "runtime-api/sweep.hpp"

namespace emu::runtime {
namespace {
// What remains of a clean end's second; functions may have left more files than can be removed in it.
constexpr int kPatienceMs = 300;

// What the daemon says: paths, each with a NUL behind it; an empty one is the end. False: it was killed.
bool hear_out(int pipe, std::vector<std::string>& directories) {
  std::string path;
  for (char said = 0;;) {
    const auto got = ::read(pipe, &said, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    if (said != '\0') {
      path += said;
      continue;
    }
    if (path.empty()) return true;
    directories.push_back(std::exchange(path, {}));
  }
}

// Again and again: a daemon that just ends may still be removing, or writing, in the same place.
void remove(const std::string& directory) {
  std::error_code failed;
  for (int tries = 0; tries < 100 && std::filesystem::exists(directory, failed); ++tries) {
    std::filesystem::remove_all(directory, failed);
    if (failed) ::usleep(10'000);
  }
}

[[noreturn]] void stand_guard(int pipe, const std::string& mark) {
  ::setsid();
  ::prctl(PR_SET_NAME, "emu-guard");
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(number, SIG_IGN);
  ::dup2(pipe, 0);
  // Also our standard output: who reads the daemon's must see its end.
  if (::syscall(SYS_close_range, 1U, ~0U, 0U) != 0)
    for (int number = 1; number < 65536; ++number) ::close(number);
  std::vector<std::string> directories;
  const bool clean = hear_out(0, directories);
  const auto variable = std::string(kDaemonMark) + mark;
  const std::chrono::milliseconds longest = std::chrono::seconds(3);
  sweep(variable, longest);
  if (!clean) {  // killed, perhaps between a fork and its exec, when the child does not carry the mark yet
    ::usleep(50'000);
    sweep(variable, longest);
  }
  for (const auto& directory : directories) remove(directory);
  ::_exit(0);
}
}  // namespace

Guard::Guard(std::string mark) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) == 0) {
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[1]);
      stand_guard(ends[0], mark);
    }
    ::close(ends[0]);
    pipe_ = ends[1];
  }
  if (pid_ < 0)
    log_warning("cannot start the guard process; a killed daemon may leave function processes behind");
}

void Guard::remove_at_end(const std::filesystem::path& directory) {
  const auto path = std::filesystem::absolute(directory).lexically_normal().string();
  if (pipe_ >= 0) [[maybe_unused]]
    const auto written = ::write(pipe_, path.c_str(), path.size() + 1);
}

Guard::~Guard() {
  if (pid_ < 0) return;
  const char bye = '\0';
  [[maybe_unused]] const auto written = ::write(pipe_, &bye, 1);
  ::close(pipe_);
  const Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  pollfd end{ended.number(), POLLIN, 0};
  while (::poll(&end, 1, kPatienceMs) < 0 && errno == EINTR) continue;
  ::waitpid(pid_, nullptr, WNOHANG);
}
}  // namespace emu::runtime
