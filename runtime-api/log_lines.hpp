// The platform's lines in a function's log as text (spec-lambda B.3); as JSON they are
// platform_records.hpp's. Pure; used by environment_log.cpp.
#pragma once
#include "runtime-api/platform_records.hpp"

namespace emu::runtime {
std::string log_stream_name(const FunctionSpec& spec, Time now, std::string_view hex32);
std::string init_start_line(const FunctionSpec& spec);
// phase "init", or "invoke" for an initialisation inside an invocation; status "error", "timeout", or empty.
std::string init_report_line(Duration took, std::string_view phase, std::string_view status,
                             std::string_view error_type);
std::string restore_start_line(const FunctionSpec& spec);
std::string restore_report_line(Duration took, std::string_view status, std::string_view error_type);
std::string extension_line(std::string_view name, std::string_view state,
                           const std::vector<std::string>& events, std::string_view error_type);
std::string subscription_line(bool logs, std::string_view name, const std::vector<std::string>& types);
std::string start_line(const FunctionSpec& spec, std::string_view request_id);
std::string timed_out_line(Time now, std::string_view request_id, Duration timeout);
std::string crash_line(std::string_view request_id, std::string_view text, std::string_view error_type);
// END and REPORT; and of a sampled trace, its line.
std::string report_line(const Report& report);
}  // namespace emu::runtime
