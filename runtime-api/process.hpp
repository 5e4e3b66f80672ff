// A child process: started without copying the daemon, its output read and its end noticed on one loop,
// killed with its whole group. What a function is to the operating system; used by process_sandbox.cpp.
#pragma once
#include <sys/types.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <optional>

#include "emulator/base/guarded.hpp"
#include "emulator/base/loops.hpp"
#include "runtime-api/private_tmp.hpp"

namespace emu::runtime {
// A file descriptor with one owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

struct Command {
  std::string program;                   // a path, not searched for
  std::vector<std::string> arguments;    // from argv[0] on
  std::vector<std::string> environment;  // "NAME=value"
  std::string directory;
  TmpPlan tmp;
  bool told = false;           // its standard input comes from us: a socket, not /dev/null
  int open_files = 1024;       // spec-lambda 0
  bool framed_log = false;     // with a pipe for log records, of number kFramedLog
  int group = -1;              // a control group's list of processes, to enter it; -1: none
  bool few_processes = false;  // no more of them than on AWS: only where they are counted for it alone
};
inline constexpr int kFramedLog = 4;  // free from here on: 0 to 2 are standard, 3 tells of a failed start

// The namespaces of an environment's first process, for its later ones; empty where it has none of its own.
struct Namespaces {
  Descriptor user, mounts;
};
Namespaces namespaces_of(pid_t pid, TmpMode mode);

struct Spawned {
  pid_t pid = -1;
  Descriptor ended;   // a pidfd: readable when the process has ended
  Descriptor output;  // its standard output and error
  Descriptor input;   // to its standard input, if it is told something: a socket
  Descriptor framed;  // its log records, if asked for
  int error = 0;      // errno of what failed, and what it was: "exec", "chdir"
  std::string failed;
};
inline constexpr std::string_view kPrivateTmp = "private /tmp";  // a step that may fail for one child only
// Blocking, for about the time the program needs to load. The child ends with the thread that calls this, so
// call it from one that lives as long as the daemon. It leads a session and group of its own.
Spawned spawn(const Command& command);

class Process : public std::enable_shared_from_this<Process> {
 public:
  struct Events {
    std::function<void(std::string_view)> output;
    std::function<void()> ended;
    std::function<void(std::string_view)> framed = nullptr;
  };
  Process(asio::any_io_executor loop, Spawned spawned, Events events);
  ~Process();
  void watch();             // begins to read and to wait
  void drain();             // reads what has been written until now
  void kill();              // the process and its group; from any thread
  void signal(int number);  // the same, as long as it lives
  void freeze();            // stops it with its group and what it started outside of it; until thaw()
  void thaw();
  bool ended() const { return status_.has_value(); }
  int status() const { return *status_; }  // as waitpid() has it
  // The highest resident memory of the program until now, in MB: VmHWM in /proc. (What wait4 reports is no
  // use: it starts from the daemon's own.) Keeps the last value once the process has ended.
  int peak_memory_mb();
  // Held now, with all that it started, without what programs share. What a fork shares with its parent
  // until one of them writes counts twice in the first, which is quick, and once in the second.
  int memory_mb() const;
  int apportioned_memory_mb() const;

 private:
  using Stream = asio::posix::stream_descriptor;
  using Reader = std::function<void(std::string_view)>;
  awaitable<void> read(Stream& from, const Reader& to);
  static void drain(Stream& from, const Reader& to);
  awaitable<void> wait();
  void end();

  struct Alive {
    pid_t pid;
    bool reaped = false;
  };
  mutable Guarded<Alive> alive_;
  std::vector<pid_t> frozen_;  // outside of the group
  Stream pidfd_, output_, framed_;
  Descriptor memory_;  // /proc/<pid>/status
  const Events events_;
  std::optional<int> status_;
  int peak_memory_mb_ = 0;
};
}  // namespace emu::runtime
