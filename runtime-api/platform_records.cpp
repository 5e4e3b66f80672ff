#include "runtime-api/platform_records.hpp"

#include <fmt/format.h>

#include <cmath>

#include "emulator/base/digest.hpp"
#include "emulator/base/json.hpp"

namespace emu::runtime {
namespace {
double rounded(Duration d) { return std::round(static_cast<double>(d.count()) / 10) / 100; }

Record end_record(const PhaseEnd& end) {
  Record out{{"status", end.status}};
  if (!end.error_type.empty()) out["errorType"] = end.error_type;
  return out;
}

Record tracing(std::string_view trace_id) {
  Record out{{"type", "X-Amzn-Trace-Id"}, {"value", trace_id}};
  const auto at = trace_id.find("Parent=");
  if (at != trace_id.npos) out["spanId"] = trace_id.substr(at + 7, trace_id.find(';', at) - at - 7);
  return out;
}

void add_spans(Record& out, const std::vector<Span>& spans) {
  if (spans.empty()) return;
  auto& all = out["spans"] = Record::array();
  for (const auto& span : spans)
    all.push_back(
        {{"name", span.name}, {"start", iso8601_ms(span.begun)}, {"durationMs", rounded(span.took)}});
}

// What the ends of an invocation have in common.
Record outcome(const Report& r) {
  Record out{{"requestId", r.request_id}, {"status", r.status}};
  if (!r.error_type.empty()) out["errorType"] = r.error_type;
  if (!r.trace_id.empty()) out["tracing"] = tracing(r.trace_id);
  if (!r.tenant_id.empty()) out["tenantId"] = r.tenant_id;
  return out;
}
}  // namespace

std::int64_t whole_ms(Duration d) {
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::milliseconds>(d).count());
}

std::int64_t billed_ms(const Report& r) { return whole_ms(r.duration + r.init.value_or(Duration::zero())); }

std::string runtime_version(const FunctionSpec& spec) {
  const std::string_view runtime = spec.runtime;
  const auto digits = runtime.find_first_of("0123456789.");
  if (digits == runtime.npos) return fmt::format("{}:v1", runtime);
  auto number = runtime.substr(digits);
  if (number.starts_with('.')) number.remove_prefix(1);
  if (number.ends_with(".x")) number.remove_suffix(2);
  return fmt::format("{}:{}.v1", runtime.substr(0, digits), number);
}

std::string runtime_version_arn(const FunctionSpec& spec) {
  return fmt::format("arn:aws:lambda:{}::runtime:{}", spec.region, hex(sha256(runtime_version(spec))));
}

std::string envelope(Time now, std::string_view type, Record record) {
  return json_text(Record{{"time", iso8601_ms(now)}, {"type", type}, {"record", std::move(record)}});
}

Record init_start_record(const FunctionSpec& spec, std::string_view phase, std::string_view instance) {
  return {{"initializationType", spec.initialization_type},
          {"phase", phase},
          {"runtimeVersion", runtime_version(spec)},
          {"runtimeVersionArn", runtime_version_arn(spec)},
          {"functionName", spec.name},
          {"functionArn", spec.arn},
          {"functionVersion", spec.version},
          {"instanceId", instance},
          {"instanceMaxMemory", static_cast<std::int64_t>(spec.memory_mb) * 1024 * 1024}};
}

Record init_runtime_done_record(const FunctionSpec& spec, const PhaseEnd& end) {
  Record out{{"initializationType", spec.initialization_type}, {"phase", end.phase}};
  out.update(end_record(end));
  return out;
}

Record init_report_record(const FunctionSpec& spec, const PhaseEnd& end) {
  auto out = init_runtime_done_record(spec, end);
  out["metrics"] = {{"durationMs", rounded(end.took)}};
  return out;
}

Record restore_start_record(const FunctionSpec& spec, std::string_view instance) {
  return {{"runtimeVersion", runtime_version(spec)},
          {"runtimeVersionArn", runtime_version_arn(spec)},
          {"functionName", spec.name},
          {"functionVersion", spec.version},
          {"instanceId", instance},
          {"instanceMaxMemory", static_cast<std::int64_t>(spec.memory_mb) * 1024 * 1024}};
}

Record restore_report_record(const PhaseEnd& end, bool runtime_only) {
  auto out = end_record(end);
  if (!runtime_only) out["metrics"] = {{"durationMs", rounded(end.took)}};
  return out;
}

Record start_record(const FunctionSpec& spec, std::string_view request_id, std::string_view trace_id,
                    std::string_view tenant) {
  Record out{{"requestId", request_id}, {"version", spec.version}};
  if (!trace_id.empty()) out["tracing"] = tracing(trace_id);
  if (!tenant.empty()) out["tenantId"] = tenant;
  return out;
}

Record runtime_done_record(const Report& r, std::size_t produced, const std::vector<Span>& spans) {
  auto out = outcome(r);
  out["metrics"] = {{"durationMs", rounded(r.duration)}, {"producedBytes", produced}};
  add_spans(out, spans);
  return out;
}

Record report_record(const Report& r, const std::vector<Span>& spans) {
  auto out = outcome(r);
  if (r.managed_instances) {
    out["metrics"] = {{"durationMs", rounded(r.duration)}};
    add_spans(out, spans);
    return out;
  }
  auto& metrics = out["metrics"] = {{"durationMs", rounded(r.duration)},
                                    {"billedDurationMs", billed_ms(r)},
                                    {"memorySizeMB", r.memory_mb},
                                    {"maxMemoryUsedMB", r.max_memory_mb}};
  if (r.init) metrics["initDurationMs"] = rounded(*r.init);
  if (r.restore) {
    metrics["restoreDurationMs"] = rounded(*r.restore);
    metrics["billedRestoreDurationMs"] = whole_ms(*r.restore);
  }
  add_spans(out, spans);
  return out;
}

Record extension_record(std::string_view name, std::string_view state, const std::vector<std::string>& events,
                        std::string_view error_type) {
  Record out{{"name", name}, {"state", state}, {"events", events}};
  if (!error_type.empty()) out["errorType"] = error_type;
  return out;
}

Record subscription_record(std::string_view name, const std::vector<std::string>& types) {
  return {{"name", name}, {"state", "Subscribed"}, {"types", types}};
}
}  // namespace emu::runtime
