// What the user may switch in how function processes are kept: `emu up --freeze off` and the like. A plain
// value on its way from the command line to process_host.hpp.
#pragma once
#include <set>
#include <string>

namespace emu::runtime {
struct Switches {
  bool freeze = true;        // stop processes between invocations, as AWS does
  bool limit_memory = true;  // kill what holds more memory than its function has; else that is only measured
  bool limit_cpu = true;     // in proportion to memory, and memory by the kernel too; where that can be
  std::set<std::string> debug;  // functions that run under their inspector
  int boot_ahead = 0;           // interpreters of a kind that wait, booted, for a function to become
};
}  // namespace emu::runtime
