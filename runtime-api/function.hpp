// What is invoked, with what, and what came of it: the values that pass between a service that owns functions
// (lambda), those that invoke them (gateway, deliveries) and the machinery that runs them.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "emulator/base/clock.hpp"

namespace emu::runtime {
// One version of a function's code and configuration, as an execution environment needs it.
struct FunctionSpec {
  std::string name;
  std::string version = "$LATEST";
  std::string arn;  // unqualified
  std::string account, region;
  std::string runtime;              // "nodejs20.x", "python3.12", "provided.al2023"
  std::string handler;              // "src/index.handler"
  std::filesystem::path task_root;  // the unpacked code
  std::map<std::string, std::string> environment;
  std::string log_group;  // "/aws/lambda/{name}"
  std::string log_format = "Text";
  std::string log_level;  // application level, JSON format only
  Duration timeout = std::chrono::seconds(3);
  int memory_mb = 128;
};

struct Invocation {
  std::string request_id;
  std::string payload;         // the event, JSON bytes
  std::string invoked_arn;     // as invoked: unqualified stays unqualified
  std::string trace_id;        // X-Ray header value; empty: a new root is made
  std::string client_context;  // decoded JSON, or empty
  bool log_tail = false;       // the outcome is wanted with its log, so wait for REPORT
};

struct Outcome {
  enum class Kind { ok, function_error, throttled } kind = Kind::ok;
  std::string payload;     // the function's result, or its error document (spec-lambda A.5, C.6)
  std::string error_type;  // "Sandbox.Timedout", "Runtime.ExitError"…: telemetry and asynchronous retries
  std::string throttle_reason;  // "ReservedFunctionConcurrentInvocationLimitExceeded"
  std::string log_tail;         // last 4096 bytes of this invocation's log, if asked for
  std::string trace_id;         // as handed to the function
  std::string content_type = "application/json";
};
}  // namespace emu::runtime
