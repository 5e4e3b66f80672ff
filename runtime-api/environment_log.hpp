// What is said about one environment: every event of the platform and every line of its processes goes into
// the function's log, as text or JSON and as far as its levels let it (spec-lambda B.3, B.4), and to the
// extensions that subscribed to telemetry (B.2). Used by process_sandbox.cpp on the environment's loop.
#pragma once
#include "runtime-api/extensions/api.hpp"
#include "runtime-api/function_log.hpp"
#include "runtime-api/log_frames.hpp"
#include "runtime-api/log_lines.hpp"

namespace emu::runtime {
class EnvironmentLog {
 public:
  EnvironmentLog(std::shared_ptr<const FunctionSpec> spec, Clock& clock, std::shared_ptr<LogStream> stream,
                 ExtensionApi& subscribers, std::string instance);

  const std::string& stream_name() const { return stream_->name; }
  void note(std::string_view line) { stream_->line(line); }  // emu's own
  void output(std::string_view bytes) { stream_->output(bytes); }
  void records(std::string_view bytes);  // of the runtime's framed log
  std::shared_ptr<LogStream> of_extension();
  void finish_line() { stream_->finish_line(); }
  void flush() { stream_->flush(); }
  std::string tail() const { return stream_->tail(); }
  void begin_tail() { stream_->begin_tail(); }

  void init_start(std::string_view phase);
  void init_runtime_done(const PhaseEnd& end);
  void init_report(const PhaseEnd& end, bool in_text);
  void restore_start();
  void restore_runtime_done(const PhaseEnd& end);
  void restore_report(const PhaseEnd& end);
  void extension(const Extension& extension);
  void subscribed(const Subscription& subscription);
  void start(std::string_view request_id, std::string_view trace_id, std::string_view tenant);
  void runtime_done(const Report& report, std::size_t produced, const std::vector<Span>& spans);
  void timed_out(std::string_view request_id);
  void fault(std::string_view request_id, std::string_view text, std::string_view error_type);
  void report(const Report& report, const std::vector<Span>& spans);

 private:
  enum class Level { debug, info, warn };
  template <class Text, class Make>
  void say(std::string_view type, Level level, Text text, Make record);
  std::string lines(std::string all, Telemetry::Kind kind);
  bool heard(std::string_view record, Telemetry::Kind kind);  // false: the log shall not have it
  bool json() const { return spec_->log_format == "JSON"; }

  const std::shared_ptr<const FunctionSpec> spec_;
  Clock& clock_;
  const std::shared_ptr<LogStream> stream_, framed_;
  LogFrames frames_;
  ExtensionApi& subscribers_;
  const std::string instance_;
  const Level least_;  // of the platform's lines in a JSON log
};

// Whether a line that a function logged as JSON is below the level its log is set to: only if it says its own
// level and time (spec-lambda B.4).
bool below_level(std::string_view line, std::string_view least);
}  // namespace emu::runtime
