// The platform's events as the Telemetry API and JSON logs have them (spec-lambda B.2, B.4): an envelope of
// time, type and record. Pure; used by environment_log.cpp.
#pragma once
#include <nlohmann/json.hpp>

#include "runtime-api/function.hpp"

namespace emu::runtime {
using Record = nlohmann::ordered_json;

// One invocation, when it is over.
struct Report {
  std::string request_id;
  Duration duration{};
  std::optional<Duration> init;     // of a cold start; not of one hidden in the invocation
  std::optional<Duration> restore;  // SnapStart's
  int memory_mb = 128, max_memory_mb = 0;
  std::string status = "success";  // error: reported by the runtime; failure: it died; timeout
  std::string error_type;
  bool reported = false;  // by the runtime, as a function's own error: a text log does not repeat it
  std::string trace_id, tenant_id;
  bool tracing = false;            // the function's own setting is Active
  bool managed_instances = false;  // one of several at a time: memory and price are the instance's
};
// At least 1 ms, every started one counts, and since August 2025 a cold start counts too (spec-lambda B.5).
std::int64_t billed_ms(const Report& report);
std::int64_t whole_ms(Duration d);

// "python3.12" -> "python:3.12.v1"; AWS counts its builds there.
std::string runtime_version(const FunctionSpec& spec);
std::string runtime_version_arn(const FunctionSpec& spec);

std::string envelope(Time now, std::string_view type, Record record);

// Of an initialisation ("init") or a restoration ("restore"): what begins, what the runtime has done, the
// end.
struct PhaseEnd {
  std::string_view phase;  // "init", or "invoke" inside an invocation
  std::string_view status;
  std::string error_type;
  Duration took{};
};
Record init_start_record(const FunctionSpec& spec, std::string_view phase, std::string_view instance);
Record init_runtime_done_record(const FunctionSpec& spec, const PhaseEnd& end);
Record init_report_record(const FunctionSpec& spec, const PhaseEnd& end);
Record restore_start_record(const FunctionSpec& spec, std::string_view instance);
Record restore_report_record(const PhaseEnd& end, bool runtime_only);

Record start_record(const FunctionSpec& spec, std::string_view request_id, std::string_view trace_id,
                    std::string_view tenant);
struct Span {
  std::string_view name;
  Time begun;
  Duration took;
};
Record runtime_done_record(const Report& report, std::size_t produced, const std::vector<Span>& spans);
Record report_record(const Report& report, const std::vector<Span>& spans);
Record extension_record(std::string_view name, std::string_view state, const std::vector<std::string>& events,
                        std::string_view error_type);
Record subscription_record(std::string_view name, const std::vector<std::string>& types);
}  // namespace emu::runtime
