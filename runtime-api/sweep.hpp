// Finds processes by a variable in their environment and kills them: the only trace that is left of a child
// which forked twice, made its own session and was orphaned. Used by process_sandbox.cpp for one environment,
// and by the guard and at shutdown for all of a daemon's.
#pragma once
#include <chrono>
#include <string_view>

namespace emu::runtime {
// Variables every function process carries; their values are UUIDs.
inline constexpr std::string_view kDaemonMark = "_EMU_DAEMON=";
inline constexpr std::string_view kEnvironmentMark = "_EMU_ENVIRONMENT=";

// Kills every process but this one whose environment holds `variable` ("NAME=value"). How many there were.
int kill_marked(std::string_view variable);
// Repeatedly until none is left (a dying process may just have forked), or the time is over. Blocking.
bool sweep(std::string_view variable, std::chrono::milliseconds longest);
}  // namespace emu::runtime
