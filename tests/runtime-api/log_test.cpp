#include <doctest/doctest.h>

#include "emulator/base/json.hpp"
#include "emulator/base/virtual_clock.hpp"
#include "runtime-api/environment_log.hpp"
#include "tests/support/folder.hpp"

namespace emu::runtime {
namespace {
using namespace std::chrono_literals;
const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2} + 3h + 4ms};
FunctionSpec spec() {
  return {.name = "f", .account = "000000000000", .region = "eu-west-1", .runtime = "python3.12"};
}

struct Log {
  std::string text() const { return test::contents(logs.path("000000000000", "eu-west-1", "f")); }
  VirtualClock clock{kNow};
  test::Folder directory;
  FunctionLogs logs{directory.path(), clock};
  std::shared_ptr<LogStream> stream = logs.open(spec(), "0123456789abcdef0123456789abcdef");
};
}  // namespace

TEST_CASE("an unfinished line waits for its end, or for the platform's next line") {
  Log log;
  log.stream->output("one\ntw");
  CHECK(log.text() == "one\n");
  log.stream->output("o\nthr");
  CHECK(log.text() == "one\ntwo\n");
  log.stream->line("END\n");
  CHECK(log.text() == "one\ntwo\nthr\nEND\n");
}

TEST_CASE("a record folded with carriage returns is unfolded") {
  Log log;
  log.stream->output("Error\r  at x\r  at y\nwindows\r\n");
  CHECK(log.text() == "Error\n  at x\n  at y\nwindows\n");
}

TEST_CASE("a very long line is split at 256 KB and not held in memory") {
  Log log;
  for (int i = 0; i < 10; ++i) log.stream->output(std::string(64 * 1024, 'x'));
  log.stream->finish_line();
  const auto text = log.text();
  CHECK(text.size() == 640 * 1024 + 3);
  CHECK(text.find('\n') == 256 * 1024);
}

TEST_CASE("a held line goes with the next one, or when it is flushed") {
  Log log;
  log.stream->hold("START\n");
  CHECK(log.text().empty());
  log.stream->output("said\n");
  CHECK(log.text() == "START\nsaid\n");
  log.stream->hold("START\n");
  log.stream->flush();
  CHECK(log.text() == "START\nsaid\nSTART\n");
  CHECK(log.stream->tail() == "START\nsaid\nSTART\n");
}

TEST_CASE("the tail is the last four kilobytes of one invocation") {
  Log log;
  log.stream->line("before\n");
  log.stream->begin_tail();
  log.stream->line("START\n");
  CHECK(log.stream->tail() == "START\n");
  for (int i = 0; i < 1000; ++i) log.stream->output("0123456789012345678\n");
  log.stream->line("REPORT\n");
  CHECK(log.stream->tail().size() == 4096);
  CHECK(log.stream->tail().ends_with("REPORT\n"));
}

TEST_CASE("a log is found by region and function, below its account if that is not the default one") {
  Log log;
  CHECK(log.logs.path("000000000000", "us-east-1", "f") == log.directory / "us-east-1/f.log");
  CHECK(log.logs.path("123456789012", "us-east-1", "f") == log.directory / "123456789012/us-east-1/f.log");
  CHECK(log.stream->name == "2026/01/02/[$LATEST]0123456789abcdef0123456789abcdef");
}

TEST_CASE("platform lines are as CloudWatch shows them") {
  CHECK(start_line(spec(), "id") == "START RequestId: id Version: $LATEST\n");
  CHECK(
      init_start_line(spec()).starts_with("INIT_START Runtime Version: python:3.12.v1\tRuntime Version ARN: "
                                          "arn:aws:lambda:eu-west-1::runtime:"));
  Report r{.request_id = "id", .duration = 860us, .init = 100770us, .memory_mb = 256, .max_memory_mb = 36};
  CHECK(report_line(r) ==
        "END RequestId: id\nREPORT RequestId: id\tDuration: 0.86 ms\tBilled Duration: 102 ms\t"
        "Memory Size: 256 MB\tMax Memory Used: 36 MB\tInit Duration: 100.77 ms\t\n");
  r = {.request_id = "id", .duration = 1ms, .status = "error", .error_type = "Runtime.ExitError"};
  CHECK(
      report_line(r).ends_with("\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\t"
                               "Status: error\tError Type: Runtime.ExitError\t\n"));
  CHECK(timed_out_line(kNow, "id", 3s) ==
        "2026-01-02T03:00:00.004Z id Task timed out after 3.00 seconds\n\n");
  CHECK(init_report_line(206720us, "init", "error", "Runtime.ExitError") ==
        "INIT_REPORT Init Duration: 206.72 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError\n");
}

TEST_CASE("a failure is told in REPORT, but not the error that the runtime reported itself") {
  Report r{.request_id = "id", .status = "failure", .error_type = "Runtime.ExitError"};
  CHECK(report_line(r).ends_with("Status: error\tError Type: Runtime.ExitError\t\n"));
  r.status = "error";
  r.reported = true;
  CHECK(report_line(r).ends_with("Max Memory Used: 0 MB\t\n"));
}

TEST_CASE("a restored environment reports its restoration, a sampled trace its segment") {
  Report r{.request_id = "id", .restore = 650120us};
  r.tracing = true;
  r.trace_id = "Root=1-5e;Parent=4f;Sampled=1";
  CHECK(
      report_line(r).ends_with("Restore Duration: 650.12 ms\tBilled Restore Duration: 651 ms\t\n"
                               "XRAY TraceId: 1-5e\tSegmentId: 4f\tSampled: true\t\n"));
  CHECK(restore_report_line(650120us, "", "") == "RESTORE_REPORT Restore Duration: 650.12 ms\n");
}

TEST_CASE("extensions and their subscriptions have lines of their own") {
  CHECK(extension_line("e", "Ready", {"INVOKE", "SHUTDOWN"}, "") ==
        "EXTENSION\tName: e\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n");
  CHECK(subscription_line(false, "e", {"platform", "function"}) ==
        "TELEMETRY\tName: e\tState: Subscribed\tTypes: [Platform, Function]\n");
}

TEST_CASE("the platform's events are records in an envelope") {
  const auto start = Json::parse(
      envelope(kNow, "platform.start", start_record(spec(), "id", "Root=1;Parent=ab;Sampled=1", "blue")));
  CHECK(start["type"] == "platform.start");
  CHECK(start["time"] == "2026-01-02T03:00:00.004Z");
  CHECK(start["record"]["requestId"] == "id");
  CHECK(start["record"]["tenantId"] == "blue");
  CHECK(start["record"]["tracing"]["spanId"] == "ab");
  const Record report = report_record({.request_id = "id", .duration = 1500us, .init = 1ms}, {});
  CHECK(report["metrics"]["billedDurationMs"] == 3);
  CHECK(report["metrics"]["initDurationMs"] == 1.0);
  CHECK(report["status"] == "success");
  const Record done = runtime_done_record({.request_id = "id", .status = "error", .error_type = "Runtime.X"},
                                          5, {{"responseLatency", kNow, 2ms}});
  CHECK(done["metrics"]["producedBytes"] == 5);
  CHECK(done["errorType"] == "Runtime.X");
  CHECK(done["spans"][0]["durationMs"] == 2.0);
}

TEST_CASE("a line that a function logs as JSON is dropped below its level, if it says level and time") {
  const std::string debug = R"({"timestamp":"2026-01-02T03:00:00.004Z","level":"DEBUG","message":"m"})";
  CHECK(below_level(debug, "INFO"));
  CHECK(below_level(debug, ""));  // INFO
  CHECK_FALSE(below_level(debug, "DEBUG"));
  CHECK_FALSE(below_level(R"({"level":"DEBUG","message":"m"})", "INFO"));
  CHECK_FALSE(below_level(R"({"timestamp":"now","level":"DEBUG"})", "INFO"));
  CHECK_FALSE(below_level("DEBUG plain", "INFO"));
}
}  // namespace emu::runtime
