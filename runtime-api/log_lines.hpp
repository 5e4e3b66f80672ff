// The platform's lines in a function's log, in text or JSON (spec-lambda B.3, B.4). Pure; used by
// process_sandbox.cpp.
#pragma once
#include "runtime-api/function.hpp"

namespace emu::runtime {
struct Report {
  std::string request_id;
  Duration duration{};
  std::optional<Duration> init;  // of a cold start; not of one hidden in the invocation
  int memory_mb = 128, max_memory_mb = 0;
  std::string status = "success";  // error: the process failed; timeout
  std::string error_type;
};

std::string log_stream_name(const FunctionSpec& spec, Time now, std::string_view hex32);
std::string init_start_line(const FunctionSpec& spec, Time now);
// phase "init", or "invoke" for an initialisation inside an invocation; status "error" or "timeout".
std::string init_report_line(const FunctionSpec& spec, Time now, Duration took, std::string_view phase,
                             std::string_view status, std::string_view error_type);
std::string start_line(const FunctionSpec& spec, Time now, std::string_view request_id);
std::string timed_out_line(Time now, std::string_view request_id, Duration timeout);
std::string crash_line(std::string_view request_id, std::string_view text, std::string_view error_type);
// END and REPORT.
std::string report_line(const FunctionSpec& spec, Time now, const Report& report);
}  // namespace emu::runtime
