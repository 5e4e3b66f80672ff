// emu up: the developer's daemon, in the foreground until Ctrl-C, or detached.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>

#include "emulator/base/code_pages.hpp"
#include "emulator/cli/project_watch.hpp"
#include "emulator/cli/start.hpp"
#include "emulator/cli/table.hpp"

namespace emu::cli {
namespace {
awaitable<void> until_stopped() {
  auto never = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  RealClock clock;
  co_await clock.wait(never, kNever);
}

// Deploys the project again whenever its file is saved.
awaitable<void> until_stopped(Daemon& daemon, const UpOptions& o, ProjectWatch& watch, std::string file) {
  for (;;) {
    co_await watch.saved(file);
    co_await deploy_again(o, daemon);
  }
}

// The directory of the project file. What is wrong with the project, start() says.
std::filesystem::path watched(const UpOptions& o) {
  try {
    const auto file = deploy::find_project(o.directory);
    return file ? file->parent_path() : o.directory;
  } catch (const Problems&) {
    return o.directory;
  }
}

// What a detached daemon ends its announcement with: it serves.
constexpr char kServes = '\0';

void announce(const Json& overview, const DaemonOptions& o, bool detached) {
  if (overview.value("project", std::string()).empty())
    fmt::print("no serverless.yml or cdk.out in {}: the bare daemon, for SDK clients\n", shown(o.directory));
  fmt::print("{}", table(overview));
  if (detached) {
    fmt::print("runs as process {}; emu down{} stops it\n", ::getpid(), port_option(overview));
    std::fputc(kServes, stdout);
  } else
    fmt::print("Ctrl-C stops it.\n");
  std::fflush(stdout);
}

// Output goes to the terminal until the daemon serves, then to a file.
void leave_terminal(const DaemonOptions& o) {
  const auto path = o.ephemeral ? std::filesystem::path("/dev/null") : data_directory(o) / "emu.log";
  const int log = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  std::fflush(stderr);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::close(log);
}

std::chrono::microseconds processor_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

// At the start, and whenever a second with next to nothing to do follows a busy one.
awaitable<void> give_back_when_idle() {
  constexpr std::chrono::seconds kLook(1);
  constexpr std::chrono::milliseconds kIdle(5);
  asio::steady_timer timer(co_await asio::this_coro::executor);
  give_back_code_pages();
  bool busy = false;
  for (auto before = processor_time();;) {
    timer.expires_after(kLook);
    co_await timer.async_wait(asio::use_awaitable);
    const auto now = processor_time();
    const bool idle = now - before < kIdle;
    if (busy && idle) give_back_code_pages();
    busy = !idle;
    before = now;
  }
}

int serve(const UpOptions& o) {
  ProjectWatch watch(watched(o));
  const int status = start(o, [&o, &watch](Daemon& daemon) -> awaitable<int> {
    const Json overview = co_await daemon.overview();
    announce(overview, o, o.detach);
    if (o.detach) leave_terminal(o);
    asio::co_spawn(co_await asio::this_coro::executor, give_back_when_idle(), asio::detached);
    if (const auto project = overview.value("project", std::string()); !project.empty())
      co_await until_stopped(daemon, o, watch, std::filesystem::path(project).filename());
    co_await until_stopped();
    co_return 0;
  });
  return status >= 128 ? 0 : status;  // a signal is how it is meant to end
}

// Prints what the daemon says until it serves, or has ended.
int until_announced(int pipe, pid_t child) {
  char buffer[4096];
  bool serves = false;
  for (ssize_t n = 0; !serves && (n = ::read(pipe, buffer, sizeof buffer)) > 0;) {
    serves = buffer[n - 1] == kServes;
    std::fwrite(buffer, 1, static_cast<std::size_t>(serves ? n - 1 : n), stdout);
  }
  if (serves) return 0;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int serve_detached(const UpOptions& o) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return 1;
  const pid_t child = ::fork();
  if (child < 0) return 1;
  if (child > 0) {
    ::close(ends[1]);
    return until_announced(ends[0], child);
  }
  ::close(ends[0]);
  ::setsid();
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(ends[1], STDOUT_FILENO);
  ::close(ends[1]);
  return serve(o);
}
}  // namespace

int up(const UpOptions& o) { return o.detach ? serve_detached(o) : serve(o); }
}  // namespace emu::cli
