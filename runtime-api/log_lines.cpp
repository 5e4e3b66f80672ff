#include "runtime-api/log_lines.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>

#include "emulator/base/digest.hpp"
#include "emulator/base/json.hpp"
#include "runtime-api/platform_error.hpp"

namespace emu::runtime {
namespace {
double ms(Duration d) { return static_cast<double>(d.count()) / 1000.0; }
double rounded(Duration d) { return std::round(ms(d) * 100) / 100; }

// At least 1 ms, every started one counts, and since August 2025 a cold start counts too (spec-lambda B.5).
std::int64_t billed_ms(const Report& r) {
  const auto all = r.duration + r.init.value_or(Duration::zero());
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::milliseconds>(all).count());
}

using Record = nlohmann::ordered_json;
std::string platform(Time now, std::string_view type, Record record) {
  Record line{{"time", iso8601_ms(now)}, {"type", type}, {"record", std::move(record)}};
  return json_text(line) + "\n";
}
bool json(const FunctionSpec& spec) { return spec.log_format == "JSON"; }

// "python3.12" -> "python:3.12.v1"; AWS counts its builds there.
std::string runtime_version(std::string_view runtime) {
  const auto digits = runtime.find_first_of("0123456789.");
  if (digits == runtime.npos) return std::string(runtime) + ":v1";
  auto number = runtime.substr(digits);
  if (number.starts_with('.')) number.remove_prefix(1);
  if (number.ends_with(".x")) number.remove_suffix(2);
  auto family = runtime.substr(0, digits);
  return fmt::format("{}:{}.v1", family, number);
}
}  // namespace

std::string log_stream_name(const FunctionSpec& spec, Time now, std::string_view hex32) {
  const auto day = fmt::gmtime(static_cast<std::time_t>(epoch_ms(now) / 1000));
  // In a group of the user's choice several functions may meet, so the name says which (spec-lambda B.3).
  const bool own_group = spec.log_group.empty() || spec.log_group == "/aws/lambda/" + spec.name;
  return fmt::format("{:%Y/%m/%d}/{}[{}]{}", day, own_group ? "" : spec.name, spec.version, hex32);
}

std::string init_start_line(const FunctionSpec& spec, Time now) {
  const auto version = runtime_version(spec.runtime);
  const auto arn = fmt::format("arn:aws:lambda:{}::runtime:{}", spec.region, hex(sha256(version)));
  if (json(spec))
    return platform(now, "platform.initStart",
                    {{"initializationType", "on-demand"},
                     {"phase", "init"},
                     {"runtimeVersion", version},
                     {"runtimeVersionArn", arn},
                     {"functionName", spec.name},
                     {"functionVersion", spec.version}});
  return fmt::format("INIT_START Runtime Version: {}\tRuntime Version ARN: {}\n", version, arn);
}

std::string init_report_line(const FunctionSpec& spec, Time now, Duration took, std::string_view phase,
                             std::string_view status, std::string_view error_type) {
  if (json(spec)) {
    Record record{{"initializationType", "on-demand"},
                  {"phase", phase},
                  {"status", status},
                  {"metrics", {{"durationMs", rounded(took)}}}};
    if (!error_type.empty()) record["errorType"] = error_type;
    return platform(now, "platform.initReport", std::move(record));
  }
  auto line =
      fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: {}\tStatus: {}", ms(took), phase, status);
  if (!error_type.empty()) line += fmt::format("\tError Type: {}", error_type);
  return line + "\n";
}

std::string start_line(const FunctionSpec& spec, Time now, std::string_view request_id) {
  if (json(spec))
    return platform(now, "platform.start", {{"requestId", request_id}, {"version", spec.version}});
  return fmt::format("START RequestId: {} Version: {}\n", request_id, spec.version);
}

std::string timed_out_line(Time now, std::string_view request_id, Duration timeout) {
  return fmt::format("{} {} {}\n\n", iso8601_ms(now), request_id, timed_out_text(timeout));
}

std::string crash_line(std::string_view request_id, std::string_view text, std::string_view error_type) {
  return fmt::format("RequestId: {} Error: {}\n{}\n", request_id, text, error_type);
}

std::string report_line(const FunctionSpec& spec, Time now, const Report& r) {
  if (json(spec)) {
    Record metrics{{"durationMs", rounded(r.duration)},
                   {"billedDurationMs", billed_ms(r)},
                   {"memorySizeMB", r.memory_mb},
                   {"maxMemoryUsedMB", r.max_memory_mb}};
    if (r.init) metrics["initDurationMs"] = rounded(*r.init);
    Record record{{"requestId", r.request_id}, {"metrics", std::move(metrics)}, {"status", r.status}};
    if (!r.error_type.empty()) record["errorType"] = r.error_type;
    return platform(now, "platform.report", std::move(record));
  }
  auto line = fmt::format(
      "END RequestId: {0}\nREPORT RequestId: {0}\tDuration: {1:.2f} ms\tBilled Duration: {2} ms\t"
      "Memory Size: {3} MB\tMax Memory Used: {4} MB\t",
      r.request_id, ms(r.duration), billed_ms(r), r.memory_mb, r.max_memory_mb);
  if (r.init) line += fmt::format("Init Duration: {:.2f} ms\t", ms(*r.init));
  if (r.status != "success") line += fmt::format("Status: {}\t", r.status);
  if (r.status != "success" && !r.error_type.empty()) line += fmt::format("Error Type: {}\t", r.error_type);
  return line + "\n";
}
}  // namespace emu::runtime
