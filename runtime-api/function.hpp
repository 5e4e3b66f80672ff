// What is invoked, with what, and what came of it: the values that pass between a service that owns functions
// (lambda), those that invoke them (gateway, deliveries) and the machinery that runs them.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/clock.hpp"

namespace emu::runtime {
class ResponseSink;  // response_stream.hpp

// One version of a function's code and configuration, as an execution environment needs it.
struct FunctionSpec {
  std::string name;
  std::string version = "$LATEST";
  std::string arn;  // unqualified
  std::string account, region;
  std::string runtime;                        // "nodejs20.x", "python3.12", "provided.al2023"
  std::string handler;                        // "src/index.handler"
  std::filesystem::path task_root;            // the unpacked code
  std::vector<std::filesystem::path> layers;  // unpacked, in their listed order: /opt, where a later one wins
  std::map<std::string, std::string> environment;
  std::string log_group;  // "/aws/lambda/{name}"
  std::string log_format = "Text";
  std::string log_level, system_log_level;  // JSON format only; empty: INFO
  // Or "provisioned-concurrency", "snap-start", "lambda-managed-instances".
  std::string initialization_type = "on-demand";
  std::string tracing = "PassThrough";  // or "Active"
  Duration timeout = std::chrono::seconds(3);
  int memory_mb = 128;
  int tmp_mb = 512;
  Duration init_at_least{};     // of a modelled cold start: the initialisation lasts at least so long
  std::int64_t code_bytes = 0;  // of the package and its layers, for that model
  std::string architecture = "x86_64";
  bool per_tenant = false;  // an environment serves one tenant only (spec-lambda A.8)
  int max_concurrency = 1;  // invocations at a time in one environment (spec-lambda A.7)
  bool managed_instances() const { return initialization_type == "lambda-managed-instances"; }
};

struct Invocation {
  std::string request_id;
  std::string payload;           // the event, JSON bytes
  std::string invoked_arn;       // as invoked: unqualified stays unqualified
  std::string trace_id;          // X-Ray header value; empty: a new root is made
  std::string client_context;    // decoded JSON, or empty
  std::string cognito_identity;  // JSON, or empty
  std::string tenant_id;         // of functions with tenant isolation
  bool log_tail = false;         // the outcome is wanted with its log, so wait for REPORT
  // Takes a streamed response while it is written; null: it is collected and is the outcome's payload.
  std::shared_ptr<ResponseSink> sink = nullptr;
};

struct Outcome {
  enum class Kind { ok, function_error, throttled } kind = Kind::ok;
  std::string payload;     // the function's result, or its error document (spec-lambda A.5, C.6)
  std::string error_type;  // "Sandbox.Timedout", "Runtime.ExitError"…: telemetry and asynchronous retries
  std::string throttle_reason;  // "ReservedFunctionConcurrentInvocationLimitExceeded"
  std::string log_tail;         // last 4096 bytes of this invocation's log, if asked for
  std::string trace_id;         // as handed to the function
  std::string content_type = "application/json";
  // The response went into the invocation's sink. Then the payload is empty, or if the stream broke off, the
  // error document of that, with kind function_error.
  bool streamed = false;
  // The environment had ended before anything of the invocation happened in it: it may be placed elsewhere.
  bool not_taken = false;
};
}  // namespace emu::runtime
