#include "runtime-api/client/runtime.hpp"

#include <cxxabi.h>
#include <httplib.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <utility>

namespace aws::lambda_runtime {
namespace {
using namespace std::chrono_literals;

constexpr int kAttempts = 3;  // aws-lambda-cpp gives up on /next after as many
// A wait for the next invocation has no end on AWS; this is the longest that fits the poll() behind it.
constexpr auto kLongest = 480h;
const std::string kInvocation = "/2018-06-01/runtime/invocation/";

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out += '"';
}

// "std::runtime_error" for the exception being handled.
std::string current_exception_type() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (!type) return "Unknown";
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name{
      abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), &std::free};
  return status == 0 ? name.get() : type->name();
}

class RuntimeApi {
 public:
  explicit RuntimeApi(const std::string& address) : client_("http://" + address) {
    client_.set_keep_alive(true);
    // Header and body leave in two writes: without this the second waits for the peer's delayed ACK.
    client_.set_tcp_nodelay(true);
    client_.set_read_timeout(kLongest);
  }

  // The next invocation, or what went wrong.
  bool next(invocation_request& out) {
    auto reply = client_.Get(kInvocation + "next");
    if (!reply || reply->status != 200) {
      complain("no invocation received", reply);
      return false;
    }
    const auto header = [&](const char* name) { return reply->get_header_value(name); };
    out.payload = std::move(reply->body);
    out.request_id = header("Lambda-Runtime-Aws-Request-Id");
    out.xray_trace_id = header("Lambda-Runtime-Trace-Id");
    out.client_context = header("Lambda-Runtime-Client-Context");
    out.cognito_identity = header("Lambda-Runtime-Cognito-Identity");
    out.function_arn = header("Lambda-Runtime-Invoked-Function-Arn");
    const auto ms = std::strtoll(header("Lambda-Runtime-Deadline-Ms").c_str(), nullptr, 10);
    out.deadline = std::chrono::system_clock::time_point{std::chrono::milliseconds{ms}};
    return true;
  }

  // A reply that refuses the result (too large, too late) is the platform's to report: the process stays
  // usable.
  bool report(const std::string& request_id, const invocation_response& response) {
    const auto path = kInvocation + request_id + (response.is_success() ? "/response" : "/error");
    const auto reply = client_.Post(path, response.get_payload(), response.get_content_type());
    if (!reply || reply->status >= 300) complain("result not accepted", reply);
    return static_cast<bool>(reply);
  }

 private:
  static void complain(const char* what, const httplib::Result& reply) {
    if (reply) {
      std::fprintf(stderr, "Runtime API: %s: status %d %s\n", what, reply->status, reply->body.c_str());
    } else {
      std::fprintf(stderr, "Runtime API: %s: %s\n", what, httplib::to_string(reply.error()).c_str());
    }
  }

  httplib::Client client_;
};

invocation_response call(const handler_t& handler, const invocation_request& request) {
  try {
    return handler(request);
  } catch (const std::exception& error) {
    return invocation_response::failure(error.what(), current_exception_type());
  } catch (const abi::__forced_unwind&) {
    throw;  // a cancelled thread, not a failure
  } catch (...) {
    return invocation_response::failure("The handler threw an object that is no std::exception",
                                        current_exception_type());
  }
}
}  // namespace

std::chrono::milliseconds invocation_request::get_time_remaining() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::system_clock::now());
}

invocation_response::invocation_response(std::string payload, std::string content_type, bool success)
    : payload_(std::move(payload)), content_type_(std::move(content_type)), success_(success) {}

invocation_response invocation_response::success(const std::string& payload,
                                                 const std::string& content_type) {
  return {payload, content_type, true};
}

invocation_response invocation_response::failure(const std::string& error_message,
                                                 const std::string& error_type) {
  return {"{\"errorMessage\":" + quoted(error_message) + ",\"errorType\":" + quoted(error_type) +
              ",\"stackTrace\":[]}",
          "application/json", false};
}

void run_handler(const handler_t& handler) {
  const char* address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  if (!address) {
    std::fprintf(stderr, "AWS_LAMBDA_RUNTIME_API is not set: this program runs as a Lambda function\n");
    std::exit(1);
  }
  std::signal(SIGPIPE,
              SIG_IGN);  // a Runtime API that goes away is an error to report, not a signal to die of
  RuntimeApi api(address);
  for (int attempt = 0; attempt < kAttempts;) {
    invocation_request request;
    if (!api.next(request)) {
      ++attempt;
      continue;
    }
    attempt = 0;
    // Where the AWS SDK looks for it.
    if (request.xray_trace_id.empty()) {
      unsetenv("_X_AMZN_TRACE_ID");
    } else {
      setenv("_X_AMZN_TRACE_ID", request.xray_trace_id.c_str(), 1);
    }
    const auto response = call(handler, request);
    std::fflush(stdout);  // what it printed belongs to this invocation's log
    if (!api.report(request.request_id, response)) return;
  }
}
}  // namespace aws::lambda_runtime
