// A function that fails in the way its event names, to see what a caller gets: {"mode": "throw"}.
// Modes: fail, throw, throw_int, exit (with "status"), segfault, abort, sleep ("ms"), oversize; otherwise it
// describes the invocation.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "runtime-api/client/runtime.hpp"

using aws::lambda_runtime::invocation_request;
using aws::lambda_runtime::invocation_response;
using nlohmann::json;

namespace {
invocation_response ok(const json& value) {
  return invocation_response::success(value.dump(), "application/json");
}

invocation_response describe(const invocation_request& request) {
  const char* trace = std::getenv("_X_AMZN_TRACE_ID");
  return ok({{"request_id", request.request_id},
             {"function_arn", request.function_arn},
             {"trace_id", request.xray_trace_id},
             {"trace_variable", trace ? trace : ""},
             {"client_context", request.client_context},
             {"cognito_identity", request.cognito_identity},
             {"remaining_ms", request.get_time_remaining().count()}});
}

// Each of these takes the event; most never return.
const std::map<std::string, invocation_response (*)(const json&)> kModes = {
    {"fail", [](const json&) { return invocation_response::failure("said \"no\"\n", "OrderRejected"); }},
    {"throw", [](const json&) -> invocation_response { throw std::out_of_range("no such order"); }},
    {"throw_int", [](const json&) -> invocation_response { throw 7; }},
    {"exit", [](const json& event) -> invocation_response { std::exit(event.value("status", 0)); }},
    {"segfault",
     [](const json&) {
       std::raise(SIGSEGV);
       return ok(nullptr);
     }},
    {"abort", [](const json&) -> invocation_response { std::abort(); }},
    {"sleep",
     [](const json& event) {
       std::this_thread::sleep_for(std::chrono::milliseconds{event.value("ms", 1000)});
       return ok("awake");
     }},
    {"oversize", [](const json&) { return ok(std::string(7'000'000, 'x')); }},  // 6,291,556 bytes are allowed
};
}  // namespace

int main() {
  aws::lambda_runtime::run_handler([](const invocation_request& request) {
    const auto event = json::parse(request.payload);
    std::printf("event %s\n", request.payload.c_str());
    const auto mode = kModes.find(event.is_object() ? event.value("mode", "") : "");
    return mode == kModes.end() ? describe(request) : mode->second(event);
  });
}
