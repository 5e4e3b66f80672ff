// A tiny process beside the daemon that outlives it for a moment: when the daemon is gone, even by SIGKILL,
// it kills what functions have left behind. main() makes one before it starts any thread.
#pragma once
#include <sys/types.h>

#include <string>

namespace emu::runtime {
class Guard {
 public:
  // mark: the value of _EMU_DAEMON in every function's environment (ProcessOptions::mark).
  explicit Guard(std::string mark);
  ~Guard();  // a clean end: one last look, and the guard leaves
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};
}  // namespace emu::runtime
