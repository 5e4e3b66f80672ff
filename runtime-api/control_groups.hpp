// Control groups of version 2 for environments: memory by the kernel, and CPU in proportion to memory as on
// AWS (spec-lambda 0: a vCPU for 1769 MB). Only where the daemon's own group is its to divide: alone in one
// that was delegated to its user. Used by process_host.cpp; a test gives it a folder of files.
#pragma once
#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include "runtime-api/process.hpp"

namespace emu::runtime {
class ControlGroups {
 public:
  // The group this process is in, made ready to be divided; or why it cannot be.
  struct Found {
    std::optional<std::filesystem::path> group;
    std::string why_not;
  };
  static Found find();
  static Found divide(const std::filesystem::path& group);
  // "0::/user.slice/…" of /proc/self/cgroup, below the mount; none: no version 2.
  static std::optional<std::filesystem::path> own_group(std::string_view self,
                                                        const std::filesystem::path& mount);

  explicit ControlGroups(std::filesystem::path group) : group_(std::move(group)) {}
  ~ControlGroups() { clear(); }
  ControlGroups(const ControlGroups&) = delete;
  ControlGroups& operator=(const ControlGroups&) = delete;

  // Where a process writes "0" to enter the environment's group; made with this limit of memory (0: none) if
  // it is not there. Invalid where it cannot be. From any thread.
  Descriptor entrance(const std::string& environment, std::int64_t memory_bytes) const;
  // From now on; an initialisation has all it can get, as on AWS.
  void limit_cpu(const std::string& environment, int memory_mb) const;
  void remove(const std::string& environment) const;  // its processes have ended
  void clear() const;                                 // all of them

 private:
  std::filesystem::path of(const std::string& environment) const;
  const std::filesystem::path group_;
};

// "72354 1000000" for 128 MB: microseconds of each period.
std::string cpu_quota(int memory_mb);
}  // namespace emu::runtime
