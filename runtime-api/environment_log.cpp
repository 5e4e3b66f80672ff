#include "runtime-api/environment_log.hpp"

#include <algorithm>
#include <array>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/text.hpp"

namespace emu::runtime {
namespace {
constexpr std::array<std::string_view, 6> kLevels{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};

std::size_t rank(std::string_view level, std::size_t unknown) {
  for (std::size_t i = 0; i < kLevels.size(); ++i)
    if (same_text(level, kLevels[i])) return i;
  return same_text(level, "WARNING") ? 3 : same_text(level, "CRITICAL") ? 5 : unknown;
}

// "2026-01-01T…": AWS looks for RFC 3339 before it filters.
bool is_time(const std::string& text) { return text.size() >= 20 && text[4] == '-' && text[10] == 'T'; }

std::string event(Time now, std::string_view type, Record record) {
  return envelope(now, type, std::move(record));
}
std::vector<std::string> types_of(const Subscription& s) {
  std::vector<std::string> out;
  if (s.platform) out.emplace_back("platform");
  if (s.function) out.emplace_back("function");
  if (s.extensions) out.emplace_back("extension");
  return out;
}

std::string_view shown(Extension::State state) {
  switch (state) {
    case Extension::State::launched:
      return "Started";
    case Extension::State::registered:
      return "Registered";
    case Extension::State::ready:
    case Extension::State::running:
      return "Ready";
    case Extension::State::init_error:
      return "InitError";
    case Extension::State::exit_error:
      return "ExitError";
  }
  return {};
}
}  // namespace

bool below_level(std::string_view line, std::string_view least) {
  const auto begin = line.find_first_not_of(" \t");
  if (begin == line.npos || line[begin] != '{') return false;
  const auto said = bounded_parse(line);
  if (!said.is_object()) return false;
  const auto level = said.find("level"), time = said.find("timestamp");
  if (level == said.end() || !level->is_string() || time == said.end() || !time->is_string()) return false;
  if (!is_time(time->get_ref<const std::string&>())) return false;
  return rank(level->get_ref<const std::string&>(), kLevels.size()) < rank(least, 2);
}

EnvironmentLog::EnvironmentLog(std::shared_ptr<const FunctionSpec> spec, Clock& clock,
                               std::shared_ptr<LogStream> stream, ExtensionApi& subscribers,
                               std::string instance)
    : spec_(std::move(spec)),
      clock_(clock),
      stream_(std::move(stream)),
      framed_(stream_->beside()),
      subscribers_(subscribers),
      instance_(std::move(instance)),
      least_(spec_->system_log_level == "DEBUG"  ? Level::debug
             : spec_->system_log_level == "WARN" ? Level::warn
                                                 : Level::info) {
  stream_->on_output([this](std::string all) { return lines(std::move(all), Telemetry::Kind::function); });
}

std::shared_ptr<LogStream> EnvironmentLog::of_extension() {
  auto out = stream_->beside();
  out->on_output([this](std::string all) { return lines(std::move(all), Telemetry::Kind::extension); });
  return out;
}

// Tells the subscribers of each line; what remains is what the log shall have.
std::string EnvironmentLog::lines(std::string all, Telemetry::Kind kind) {
  const bool filtered = json() && kind == Telemetry::Kind::function;
  if (!filtered && !subscribers_.telemetry_wanted(kind)) return all;
  std::string kept;
  for (std::size_t at = 0; at < all.size();) {
    const auto end = std::min(all.find('\n', at), all.size() - 1) + 1;
    const auto line = std::string_view(all).substr(at, end - at);
    at = end;
    if (heard(line, kind)) kept += line;
  }
  return kept;
}

bool EnvironmentLog::heard(std::string_view said, Telemetry::Kind kind) {
  const bool function = kind == Telemetry::Kind::function;
  if (json() && function && below_level(said, spec_->log_level)) return false;
  if (!subscribers_.telemetry_wanted(kind)) return true;
  const auto* type = function ? "function" : "extension";
  Record record = said;
  if (auto document = json() ? bounded_parse<Record>(said) : Record(); document.is_object())
    record = std::move(document);
  subscribers_.tell({kind, type, event(clock_.now(), type, std::move(record))});
  return true;
}

void EnvironmentLog::records(std::string_view bytes) {
  for (auto& record : frames_.take(bytes)) {
    if (!record.ends_with('\n')) record += '\n';
    if (heard(record, Telemetry::Kind::function)) framed_->line(record);
  }
}

// `text` and `record` are made only if somebody wants them.
template <class Text, class Make>
void EnvironmentLog::say(std::string_view type, Level level, Text text, Make record) {
  const bool told = subscribers_.telemetry_wanted(Telemetry::Kind::platform);
  if (!json()) {
    // START goes with what follows it: a write less for each invocation. Who looks meanwhile sees it when the
    // environment's attendant comes by.
    if (const auto line = text(); type == "platform.start")
      stream_->hold(line);
    else if (!line.empty())
      stream_->line(line);
    if (!told) return;
  } else if (!told && level < least_) {
    return;
  }
  auto line = event(clock_.now(), type, record());
  if (json() && level >= least_) stream_->line(line + "\n");
  if (told) subscribers_.tell({Telemetry::Kind::platform, std::string(type), std::move(line)});
}

namespace {
std::string nothing() { return {}; }
}  // namespace

void EnvironmentLog::init_start(std::string_view phase) {
  say(
      "platform.initStart", Level::info,
      [&] { return phase == "init" ? init_start_line(*spec_) : std::string(); },
      [&] { return init_start_record(*spec_, phase, instance_); });
}

void EnvironmentLog::init_runtime_done(const PhaseEnd& end) {
  say("platform.initRuntimeDone", end.status == "success" ? Level::debug : Level::warn, nothing,
      [&] { return init_runtime_done_record(*spec_, end); });
}

void EnvironmentLog::init_report(const PhaseEnd& end, bool in_text) {
  const bool well = end.status == "success";
  say(
      "platform.initReport", well && !in_text ? Level::debug : Level::warn,
      [&] {
        return in_text ? init_report_line(end.took, end.phase, well ? "" : end.status, end.error_type)
                       : std::string();
      },
      [&] { return init_report_record(*spec_, end); });
}

void EnvironmentLog::restore_start() {
  say(
      "platform.restoreStart", Level::info, [&] { return restore_start_line(*spec_); },
      [&] { return restore_start_record(*spec_, instance_); });
}

void EnvironmentLog::restore_runtime_done(const PhaseEnd& end) {
  say("platform.restoreRuntimeDone", Level::debug, nothing, [&] { return restore_report_record(end, true); });
}

void EnvironmentLog::restore_report(const PhaseEnd& end) {
  const bool well = end.status == "success";
  say(
      "platform.restoreReport", well ? Level::info : Level::warn,
      [&] { return restore_report_line(end.took, well ? "" : end.status, end.error_type); },
      [&] { return restore_report_record(end, false); });
}

void EnvironmentLog::extension(const Extension& e) {
  const auto state = shown(e.state);
  say(
      "platform.extension", e.error_type.empty() ? Level::debug : Level::warn,
      [&] { return extension_line(e.name, state, e.events, e.error_type); },
      [&] { return extension_record(e.name, state, e.events, e.error_type); });
}

void EnvironmentLog::subscribed(const Subscription& s) {
  const bool logs = s.api == TelemetryApi::logs;
  const auto types = types_of(s);
  say(
      logs ? "platform.logsSubscription" : "platform.telemetrySubscription", Level::debug,
      [&] { return subscription_line(logs, s.extension, types); },
      [&] { return subscription_record(s.extension, types); });
}

void EnvironmentLog::start(std::string_view request_id, std::string_view trace_id, std::string_view tenant) {
  say(
      "platform.start", Level::info, [&] { return start_line(*spec_, request_id); },
      [&] { return start_record(*spec_, request_id, trace_id, tenant); });
}

void EnvironmentLog::runtime_done(const Report& report, std::size_t produced,
                                  const std::vector<Span>& spans) {
  say("platform.runtimeDone", report.status == "success" ? Level::debug : Level::warn, nothing,
      [&] { return runtime_done_record(report, produced, spans); });
}

void EnvironmentLog::timed_out(std::string_view request_id) {
  const auto line = timed_out_line(clock_.now(), request_id, spec_->timeout);
  say(
      "platform.fault", Level::warn, [&] { return std::string(line); },
      [&] { return Record(line.substr(0, line.size() - 2)); });
}

void EnvironmentLog::fault(std::string_view request_id, std::string_view text, std::string_view error_type) {
  const auto line = crash_line(request_id, text, error_type);
  say(
      "platform.fault", Level::warn, [&] { return std::string(line); },
      [&] { return Record(line.substr(0, line.size() - 1)); });
}

void EnvironmentLog::report(const Report& report, const std::vector<Span>& spans) {
  if (subscribers_.telemetry_wanted(Telemetry::Kind::platform))
    subscribers_.tell({Telemetry::Kind::platform, "platform.end",
                       event(clock_.now(), "platform.end", {{"requestId", report.request_id}})});
  say(
      "platform.report", report.status == "success" ? Level::info : Level::warn,
      [&] { return report_line(report); }, [&] { return report_record(report, spans); });
}
}  // namespace emu::runtime
