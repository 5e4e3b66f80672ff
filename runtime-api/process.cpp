#include "runtime-api/process.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <cerrno>
#include <charconv>
#include <csignal>

#include "runtime-api/process_files.hpp"

namespace emu::runtime {
namespace {
constexpr rlim_t kProcesses = 1024;                                    // spec-lambda 0
constexpr rlim_t kStack = 8 * 1024 * 1024, kLockedMemory = 64 * 1024;  // spec-lambda C.1

enum class Step : int { tmp, chdir, exec };
struct Failure {
  Step step;
  int error;
};

// What the child needs, as system calls take it. It may share the daemon's memory until it executes the
// program, so it changes nothing here.
struct Prepared {
  const Command& command;
  std::vector<char*> arguments, environment;
  int output, input, failure, framed;  // none of them 0 to 3; framed may be -1
  pid_t parent;
  sigset_t signals;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void fail(Step step, int error) noexcept {
  const Failure failure{step, error};
  [[maybe_unused]] const auto written = ::write(3, &failure, sizeof failure);
  ::_exit(127);
}

void set_limit(int what, rlim_t value, bool hard = true) noexcept {
  rlimit limit{};
  ::getrlimit(static_cast<__rlimit_resource>(what), &limit);
  limit.rlim_cur = std::min(value, limit.rlim_max);
  if (hard) limit.rlim_max = limit.rlim_cur;
  ::setrlimit(static_cast<__rlimit_resource>(what), &limit);
}

// Only async-signal-safe calls from here to exec.
[[noreturn]] void become(const Prepared& p) noexcept {
  ::setsid();
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < 32; ++number) ::sigaction(number, &standard, nullptr);
  ::dup2(p.input, 0);
  ::dup2(p.output, 1);
  ::dup2(p.output, 2);
  ::dup3(p.failure, 3, O_CLOEXEC);
  if (p.command.group >= 0) [[maybe_unused]]
    const auto entered = ::write(p.command.group, "0", 1);
  if (const int error = enter_tmp(p.command.tmp)) fail(Step::tmp, error);  // while its namespaces are open
  int first = kFramedLog;
  if (p.framed >= 0) {
    ::dup2(p.framed, first);
    ::fcntl(first++, F_SETFD, 0);  // it may have been this number already
  }
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) != 0)
    for (int number = first; number < 65536; ++number) ::close(number);
  set_limit(RLIMIT_NOFILE, static_cast<rlim_t>(p.command.open_files));
  set_limit(RLIMIT_STACK, kStack, false);
  set_limit(RLIMIT_MEMLOCK, kLockedMemory);
  if (p.command.few_processes) set_limit(RLIMIT_NPROC, kProcesses);
  set_limit(RLIMIT_CORE, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // after the namespaces, which clear it
  if (::getppid() != p.parent && ::getppid() != 0) ::_exit(127);
  if (::chdir(p.command.directory.c_str()) != 0) fail(Step::chdir, errno);
  ::pthread_sigmask(SIG_SETMASK, &p.signals, nullptr);
  ::execve(p.command.program.c_str(), p.arguments.data(), p.environment.data());
  fail(Step::exec, errno);
}

// vfork: no copy of the daemon's page tables, which would cost a millisecond per 100 MB.
[[gnu::noinline]] pid_t start(const Prepared& p) {
  const pid_t child = ::vfork();
  if (child == 0) become(p);
  return child;
}

// Away from where the child puts its own.
Descriptor above_standard(int number) {
  if (number < 0 || number > 3) return Descriptor(number);
  const Descriptor low(number);
  return Descriptor(::fcntl(number, F_DUPFD_CLOEXEC, 4));
}

struct Pipe {
  Descriptor read, write;
};
std::optional<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{above_standard(ends[0]), above_standard(ends[1])};
}

// A pair of sockets: to write into a pipe that nobody reads any more would be a signal to the daemon.
std::optional<Pipe> make_input() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return std::nullopt;
  return Pipe{above_standard(ends[0]), above_standard(ends[1])};
}

std::optional<Pipe> nothing_to_read() {
  auto null = above_standard(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (null.number() < 0) return std::nullopt;
  return Pipe{std::move(null), {}};
}

std::string_view text(Step step) {
  switch (step) {
    case Step::tmp:
      return kPrivateTmp;
    case Step::chdir:
      return "chdir";
    case Step::exec:
      return "exec";
  }
  return {};
}
}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Spawned spawn(const Command& command) {
  Spawned out;
  auto output = make_pipe(), failure = make_pipe();
  auto framed = command.framed_log ? make_pipe() : std::nullopt;
  auto input = command.told ? make_input() : nothing_to_read();
  if (!output || !failure || !input) return {.error = errno, .failed = "pipe"};
  ::fcntl(output->read.number(), F_SETFL, O_NONBLOCK);
  if (framed) ::fcntl(framed->read.number(), F_SETFL, O_NONBLOCK);
  Prepared prepared{command,
                    pointers(command.arguments),
                    pointers(command.environment),
                    output->write.number(),
                    input->read.number(),
                    failure->write.number(),
                    framed ? framed->write.number() : -1,
                    ::getpid(),
                    sigset_t{}};
  sigset_t all;
  sigfillset(&all);
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of ours may run in the child
  sigemptyset(&prepared.signals);
  out.pid = start(prepared);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (out.pid < 0) return {.error = error, .failed = "fork"};
  failure->write = Descriptor();
  Failure failed{};
  ssize_t told = 0;
  do {
    told = ::read(failure->read.number(), &failed, sizeof failed);  // its end closes when the program begins
  } while (told < 0 && errno == EINTR);
  if (told == sizeof failed) {
    while (::waitpid(out.pid, nullptr, 0) < 0 && errno == EINTR) continue;
    return {.error = failed.error, .failed = std::string(text(failed.step))};
  }
  out.ended = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, out.pid, 0)));
  if (out.ended.number() < 0) {  // no descriptors left: nobody would notice its end
    const int refused = errno;
    ::kill(-out.pid, SIGKILL);
    ::kill(out.pid, SIGKILL);
    while (::waitpid(out.pid, nullptr, 0) < 0 && errno == EINTR) continue;
    return {.error = refused, .failed = "pidfd"};
  }
  out.output = std::move(output->read);
  out.input = std::move(input->write);
  if (framed) out.framed = std::move(framed->read);
  return out;
}

Namespaces namespaces_of(pid_t pid, TmpMode mode) {
  if (mode == TmpMode::variable) return {};
  Namespaces out{.mounts = open_about(pid, "ns/mnt")};
  if (mode == TmpMode::user_namespace) out.user = open_about(pid, "ns/user");
  if (mode == TmpMode::user_namespace && out.user.number() < 0) return {};
  return out;
}

Process::Process(asio::any_io_executor loop, Spawned spawned, Events events)
    : alive_(Alive{spawned.pid}),
      pidfd_(loop, spawned.ended.release()),
      output_(loop, spawned.output.release()),
      framed_(loop),
      memory_(open_about(spawned.pid, "status")),
      events_(std::move(events)) {
  if (spawned.framed.number() >= 0 && events_.framed) framed_.assign(spawned.framed.release());
}

// Nobody watches any more: the loop is gone. The child has no parent to wait for it but us.
Process::~Process() {
  kill();
  alive_.with([](Alive& a) {
    if (!a.reaped) ::waitpid(a.pid, nullptr, 0);
    a.reaped = true;
  });
}

void Process::watch() {
  auto self = shared_from_this();
  auto keep = [self](std::exception_ptr) {};
  asio::co_spawn(output_.get_executor(), read(output_, events_.output), keep);
  if (framed_.is_open()) asio::co_spawn(framed_.get_executor(), read(framed_, events_.framed), keep);
  asio::co_spawn(pidfd_.get_executor(), wait(), keep);
}

awaitable<void> Process::read(Stream& from, const Reader& to) {
  auto self = shared_from_this();
  boost::system::error_code failed;
  while (from.is_open() && !failed) {
    co_await from.async_wait(Stream::wait_read, asio::redirect_error(asio::use_awaitable, failed));
    if (!failed) drain(from, to);
  }
}

void Process::drain() {
  drain(output_, events_.output);
  drain(framed_, events_.framed);
}

// A program that prints without end must not hold up its loop: a megabyte at a time.
void Process::drain(Stream& from, const Reader& to) {
  static thread_local std::array<char, 64 * 1024> buffer;
  for (int i = 0; i < 16 && from.is_open(); ++i) {
    const auto got = ::read(from.native_handle(), buffer.data(), buffer.size());
    if (got > 0) to({buffer.data(), static_cast<std::size_t>(got)});
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      boost::system::error_code ignored;
      from.close(ignored);
    }
  }
}

// Asio may wake us with an event of another descriptor that had this one's place in its reactor before: what
// has not ended is waited for again.
awaitable<void> Process::wait() {
  auto self = shared_from_this();
  boost::system::error_code failed;
  pollfd ended{pidfd_.native_handle(), POLLIN, 0};
  do
    co_await pidfd_.async_wait(asio::posix::stream_descriptor::wait_read,
                               asio::redirect_error(asio::use_awaitable, failed));
  while (!failed && ::poll(&ended, 1, 0) == 0);
  if (!failed) end();
}

// The group goes first, while the zombie still holds its number, so that nothing new can have taken it.
void Process::end() {
  kill();
  drain();
  boost::system::error_code ignored;
  output_.close(ignored);
  framed_.close(ignored);
  status_ = alive_.with([](Alive& a) {
    int status = 0;
    if (!a.reaped) ::waitpid(a.pid, &status, 0);
    a.reaped = true;
    return status;
  });
  pidfd_.close(ignored);
  memory_ = Descriptor();
  events_.ended();
}

void Process::kill() {
  alive_.with([](Alive& a) {
    if (a.reaped) return;
    ::kill(-a.pid, SIGKILL);
    ::kill(a.pid, SIGKILL);  // before it has made its group
  });
}

void Process::signal(int number) {
  alive_.with([&](Alive& a) {
    if (a.reaped) return;
    ::kill(-a.pid, number);
  });
}

void Process::freeze() {
  if (ended()) return;  // its number may be another's
  signal(SIGSTOP);
  const pid_t leader = alive_.with([](Alive& a) { return a.pid; });
  frozen_.clear();
  for (const pid_t pid : descendants(leader))
    if (::getpgid(pid) != leader && ::kill(pid, SIGSTOP) == 0) frozen_.push_back(pid);
}

void Process::thaw() {
  for (const pid_t pid : frozen_) ::kill(pid, SIGCONT);
  frozen_.clear();
  signal(SIGCONT);
}

int Process::memory_mb() const {
  return ended() ? 0 : tree_memory_mb(alive_.with([](const Alive& a) { return a.pid; }), own_memory);
}

int Process::apportioned_memory_mb() const {
  return ended() ? 0 : tree_memory_mb(alive_.with([](const Alive& a) { return a.pid; }), apportioned_memory);
}

int Process::peak_memory_mb() {
  std::array<char, 4096> text;
  const auto got = memory_.number() < 0 ? -1 : ::pread(memory_.number(), text.data(), text.size(), 0);
  if (got <= 0) return peak_memory_mb_;
  const std::string_view all(text.data(), static_cast<std::size_t>(got));
  const auto at = all.find("VmHWM:");
  if (at == all.npos) return peak_memory_mb_;  // a zombie
  const auto digits = all.find_first_of("0123456789", at);
  int kilobytes = 0;
  if (digits != all.npos) std::from_chars(all.data() + digits, all.data() + all.size(), kilobytes);
  return peak_memory_mb_ = (kilobytes + 1023) / 1024;
}
}  // namespace emu::runtime
