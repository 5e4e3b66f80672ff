// What the daemon itself has to say, one line per event on standard error. What functions print goes to their
// own logs (runtime-api/function_log.hpp).
#pragma once
#include <string_view>

namespace emu {
void log_info(std::string_view text);
void log_warning(std::string_view text);
// A fault of ours: what was being done, and what went wrong.
void log_fault(std::string_view doing, std::string_view what);
void log_caught(std::string_view doing);  // within a handler: the same, of what was caught
void quiet_logs();                        // keeps only faults; for `emu run` and tests
}  // namespace emu
