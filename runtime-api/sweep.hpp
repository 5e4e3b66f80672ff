// Finds what functions have left behind and kills it: by a variable in its environment, the only trace that
// is left of a child which forked twice, made its own session and was orphaned; or, if it has cleared its
// environment too, by the /tmp that was mounted for it. Used by process_sandbox.cpp for one environment, and
// by the guard and at shutdown for all of a daemon's.
#pragma once
#include <chrono>
#include <string_view>

namespace emu::runtime {
// Variables every function process carries; their values are UUIDs.
inline constexpr std::string_view kDaemonMark = "_EMU_DAEMON=";
inline constexpr std::string_view kEnvironmentMark = "_EMU_ENVIRONMENT=";

// Kills every process but this one whose environment holds `variable` ("NAME=value"), or that lives in a
// mount namespace of its own into which something from a folder named `value` is mounted. How many there
// were.
int kill_marked(std::string_view variable);
// Repeatedly until none is left (a dying process may just have forked), or the time is over. Blocking.
bool sweep(std::string_view variable, std::chrono::milliseconds longest);
}  // namespace emu::runtime
