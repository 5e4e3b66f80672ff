// A /tmp of its own for each environment (spec-lambda C.1): a directory, bound over /tmp in a mount namespace
// of the process where the system allows it. Used by process.cpp between fork and exec, where only system
// calls are allowed, so everything is prepared before.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace emu::runtime {
enum class TmpMode {
  mount_namespace,  // root
  user_namespace,   // others, where the kernel lets them
  variable,         // neither: TMPDIR and HOME say where, /tmp is the machine's
};
// Tries, in a child process. Once at start.
TmpMode detect_tmp_mode();
std::string_view text(TmpMode mode);

struct TmpPlan {
  TmpMode mode = TmpMode::variable;
  std::string own;                                         // the directory that becomes /tmp
  std::vector<std::pair<std::string, std::string>> binds;  // what lies below /tmp, to where `own` shows it
  std::string uid_map, gid_map;
  std::string seen_as() const { return mode == TmpMode::variable ? own : "/tmp"; }
};
// Makes `own` and the places in it for those of `needed` that lie below /tmp and must stay visible.
TmpPlan plan_tmp(TmpMode mode, const std::filesystem::path& own,
                 const std::vector<std::filesystem::path>& needed);
// In the child: 0, or errno. Async-signal-safe.
int enter_tmp(const TmpPlan& plan) noexcept;
}  // namespace emu::runtime
