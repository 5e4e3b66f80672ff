// A tiny process beside the daemon that outlives it for a moment: when the daemon is gone, even by SIGKILL,
// it kills what functions have left behind and removes their files. Made before the first thread.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>

namespace emu::runtime {
class Guard {
 public:
  // mark: the value of _EMU_DAEMON in every function's environment (ProcessOptions::mark).
  explicit Guard(std::string mark);
  ~Guard();  // a clean end: one last look, and the guard leaves; it may go on removing files for a while
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  // A directory that only this daemon uses, to be removed when it has ended, however it ends.
  void remove_at_end(const std::filesystem::path& directory);
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};
}  // namespace emu::runtime
