#include "runtime-api/log_lines.hpp"

#include <fmt/chrono.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime-api/platform_error.hpp"

namespace emu::runtime {
namespace {
double ms(Duration d) { return static_cast<double>(d.count()) / 1000.0; }

void add_status(std::string& line, std::string_view status, std::string_view error_type) {
  if (!status.empty()) line += fmt::format("\tStatus: {}", status);
  if (!error_type.empty()) line += fmt::format("\tError Type: {}", error_type);
  line += '\n';
}

// "Root=1-x;Parent=y;Sampled=1" -> the value of a field.
std::string_view field(std::string_view trace, std::string_view name) {
  const auto at = trace.find(name);
  if (at == trace.npos) return {};
  const auto rest = trace.substr(at + name.size());
  return rest.substr(0, rest.find(';'));
}
}  // namespace

std::string log_stream_name(const FunctionSpec& spec, Time now, std::string_view hex32) {
  const auto day = fmt::gmtime(static_cast<std::time_t>(epoch_ms(now) / 1000));
  // In a group of the user's choice several functions may meet, so the name says which (spec-lambda B.3).
  const bool own_group = spec.log_group.empty() || spec.log_group == "/aws/lambda/" + spec.name;
  return fmt::format("{:%Y/%m/%d}/{}[{}]{}", day, own_group ? "" : spec.name, spec.version, hex32);
}

std::string init_start_line(const FunctionSpec& spec) {
  return fmt::format("INIT_START Runtime Version: {}\tRuntime Version ARN: {}\n", runtime_version(spec),
                     runtime_version_arn(spec));
}

std::string init_report_line(Duration took, std::string_view phase, std::string_view status,
                             std::string_view error_type) {
  auto line = fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: {}", ms(took), phase);
  add_status(line, status, error_type);
  return line;
}

std::string restore_start_line(const FunctionSpec& spec) {
  return fmt::format("RESTORE_START Runtime Version: {}\tRuntime Version ARN: {}\n", runtime_version(spec),
                     runtime_version_arn(spec));
}

std::string restore_report_line(Duration took, std::string_view status, std::string_view error_type) {
  auto line = fmt::format("RESTORE_REPORT Restore Duration: {:.2f} ms", ms(took));
  add_status(line, status, error_type);
  return line;
}

std::string extension_line(std::string_view name, std::string_view state,
                           const std::vector<std::string>& events, std::string_view error_type) {
  auto line =
      fmt::format("EXTENSION\tName: {}\tState: {}\tEvents: [{}]", name, state, fmt::join(events, ", "));
  add_status(line, {}, error_type);
  return line;
}

std::string subscription_line(bool logs, std::string_view name, const std::vector<std::string>& types) {
  std::vector<std::string> shown = types;
  for (auto& type : shown) type[0] = static_cast<char>(type[0] - 'a' + 'A');
  return fmt::format("{}\tName: {}\tState: Subscribed\tTypes: [{}]\n", logs ? "LOGS" : "TELEMETRY", name,
                     fmt::join(shown, ", "));
}

std::string start_line(const FunctionSpec& spec, std::string_view request_id) {
  const char between = spec.managed_instances() ? '\t' : ' ';  // spec-lambda A.7
  return fmt::format(FMT_COMPILE("START RequestId: {}{}Version: {}\n"), request_id, between, spec.version);
}

std::string timed_out_line(Time now, std::string_view request_id, Duration timeout) {
  return fmt::format("{} {} {}\n\n", iso8601_ms(now), request_id, timed_out_text(timeout));
}

std::string crash_line(std::string_view request_id, std::string_view text, std::string_view error_type) {
  return fmt::format("RequestId: {} Error: {}\n{}\n", request_id, text, error_type);
}

std::string report_line(const Report& r) {
  if (r.managed_instances)
    return fmt::format("END RequestId: {0}\nREPORT RequestId: {0}\tDuration: {1:.2f} ms\n", r.request_id,
                       ms(r.duration));
  auto line = fmt::format(
      FMT_COMPILE("END RequestId: {0}\nREPORT RequestId: {0}\tDuration: {1:.2f} ms\tBilled Duration: {2} ms\t"
                  "Memory Size: {3} MB\tMax Memory Used: {4} MB\t"),
      r.request_id, ms(r.duration), billed_ms(r), r.memory_mb, r.max_memory_mb);
  if (r.init) line += fmt::format("Init Duration: {:.2f} ms\t", ms(*r.init));
  if (r.restore)
    line += fmt::format("Restore Duration: {:.2f} ms\tBilled Restore Duration: {} ms\t", ms(*r.restore),
                        whole_ms(*r.restore));
  if (r.status != "success" && !r.reported) {
    line += fmt::format("Status: {}\t", r.status == "failure" ? "error" : r.status);
    if (!r.error_type.empty()) line += fmt::format("Error Type: {}\t", r.error_type);
  }
  line += '\n';
  if (r.tracing && field(r.trace_id, "Sampled=") == "1")
    line += fmt::format("XRAY TraceId: {}\tSegmentId: {}\tSampled: true\t\n", field(r.trace_id, "Root="),
                        field(r.trace_id, "Parent="));
  return line;
}
}  // namespace emu::runtime
