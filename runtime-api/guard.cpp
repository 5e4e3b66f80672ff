#include "runtime-api/guard.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "emulator/base/log.hpp"
#include "runtime-api/sweep.hpp"

namespace emu::runtime {
namespace {
[[noreturn]] void stand_guard(int pipe, const std::string& mark) {
  ::setsid();
  ::prctl(PR_SET_NAME, "emu-guard");
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(number, SIG_IGN);
  ::dup2(pipe, 0);
  // Also our standard output: who reads the daemon's must see its end.
  if (::syscall(SYS_close_range, 1U, ~0U, 0U) != 0)
    for (int number = 1; number < 65536; ++number) ::close(number);
  char said = 0;
  ssize_t got = 0;
  do {
    got = ::read(0, &said, 1);
  } while (got < 0 && errno == EINTR);
  const auto variable = std::string(kDaemonMark) + mark;
  const std::chrono::milliseconds longest = std::chrono::seconds(3);
  sweep(variable, longest);
  if (got == 0) {  // killed, perhaps between a fork and its exec, when the child does not carry the mark yet
    ::usleep(50'000);
    sweep(variable, longest);
  }
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

Guard::~Guard() {
  if (pipe_ >= 0) {
    const char bye = 'q';
    [[maybe_unused]] const auto written = ::write(pipe_, &bye, 1);
    ::close(pipe_);
  }
  while (pid_ > 0 && ::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}
}  // namespace emu::runtime
