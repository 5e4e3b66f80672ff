#include "runtime-api/platform_error.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "runtime-api/trace_id.hpp"

namespace emu::runtime {
TEST_CASE("platform errors carry the request id, when there is one") {
  CHECK(platform_error("Runtime.ExitError", "id", "text").payload ==
        R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: id Error: text"})");
  CHECK(platform_error("Runtime.ExitError", "", "text").payload ==
        R"({"errorType":"Runtime.ExitError","errorMessage":"Error: text"})");
}

TEST_CASE("signals have Go's names") {
  CHECK(exit_text(SIGABRT) == "Runtime exited with error: signal: aborted");
  CHECK(exit_text(SIGTERM) == "Runtime exited with error: signal: terminated");
  CHECK(exit_text(129 << 8) == "Runtime exited with error: exit status 129");
}

TEST_CASE("a runtime may claim only well-formed error types") {
  CHECK(valid_error_type("Runtime.ImportModuleError") == "Runtime.ImportModuleError");
  CHECK(valid_error_type("Function.Broken") == "Function.Broken");
  CHECK(valid_error_type("Function.broken") == "Function.Unknown");
  CHECK(valid_error_type("Function.A1") == "Function.Unknown");
  CHECK(valid_error_type("TypeError") == "Runtime.Unknown");
  CHECK(valid_error_type("Runtime.x") == "Runtime.Unknown");
  CHECK(valid_error_type("") == "Runtime.Unknown");
}

TEST_CASE("a trace is continued with a parent of our own") {
  Ids ids(1);
  const Time now{std::chrono::seconds(0x5e000000)};
  const auto fresh = continue_trace("", ids, now);
  CHECK(fresh.starts_with("Root=1-5e000000-"));
  CHECK(fresh.size() ==
        std::string("Root=1-5e000000-").size() + 24 + std::string(";Parent=;Sampled=0").size() + 16);
  const auto next = continue_trace("Root=1-a-b;Parent=c;Sampled=1;Lineage=1:a87bd80c:0", ids, now);
  CHECK(next.starts_with("Root=1-a-b;Parent="));
  CHECK(next.ends_with(";Sampled=1;Lineage=1:a87bd80c:0"));
  CHECK(next.find("Parent=c;") == next.npos);
}
}  // namespace emu::runtime
