// What each environment sees as its own (spec-lambda C.1): /tmp, of the size that the function has; its
// layers as /opt; a name for itself in /etc/hosts. By a mount namespace where the system allows it, which the
// first process of an environment makes and the later ones enter. Used by process.cpp between fork and exec,
// where only system calls are allowed, so everything is prepared before.
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
  std::string size;                 // of /tmp, as tmpfs takes it: "size=512m,mode=1777"; empty: no limit
  std::vector<std::string> places;  // folders in `own` that the binds need, should it begin empty
  std::string opt, hosts;           // shown as /opt and /etc/hosts; empty: the machine's
  int user = -1, mounts = -1;       // namespaces to enter instead of making them; -1: none
  std::string seen_as() const { return mode == TmpMode::variable ? own : "/tmp"; }
};
// Makes `own` and the places in it for those of `needed` that lie below /tmp and must stay visible.
TmpPlan plan_tmp(TmpMode mode, const std::filesystem::path& own,
                 const std::vector<std::filesystem::path>& needed);
// Whether a /tmp may be limited in size, in this mode. Tries, as detect_tmp_mode() does.
bool can_limit_tmp(TmpMode mode);
// Whether /opt can be shown read-only, and whether this kernel counts the processes of each user namespace,
// so that an environment may have a limit of its own.
bool can_protect_opt(TmpMode mode);
bool counts_processes_apart();
// In the child: 0, or errno. Async-signal-safe.
int enter_tmp(const TmpPlan& plan) noexcept;
}  // namespace emu::runtime
