#include "runtime-api/client/runtime.hpp"

#include <cxxabi.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace aws::lambda_runtime {
namespace {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Request = http::request<http::string_body>;
using Reply = http::response<http::string_body>;

constexpr int kAttempts = 3;  // aws-lambda-cpp gives up on /next after as many
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

// One connection, and on it one request at a time, without a limit: a wait for the next invocation has no end
// on AWS.
class RuntimeApi {
 public:
  explicit RuntimeApi(std::string address) : address_(std::move(address)), socket_(context_) {}

  // The next invocation, or what went wrong.
  bool next(invocation_request& out) {
    auto reply = exchange({http::verb::get, kInvocation + "next", 11});
    if (!reply || reply->result() != http::status::ok) {
      complain("no invocation received", reply);
      return false;
    }
    const auto header = [&](const char* name) { return std::string((*reply)[name]); };
    out.payload = std::move(reply->body());
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
    const auto* kind = response.is_success() ? "/response" : "/error";
    Request request{http::verb::post, kInvocation + request_id + kind, 11, response.get_payload()};
    request.set(http::field::content_type, response.get_content_type());
    const auto reply = exchange(std::move(request));
    if (!reply || reply->result_int() >= 300) complain("result not accepted", reply);
    return reply.has_value();
  }

 private:
  // None: why not is in failed_, and the next request has a connection of its own.
  std::optional<Reply> exchange(Request request) {
    request.set(http::field::host, address_);
    request.prepare_payload();
    http::response_parser<http::string_body> reply;
    reply.body_limit(boost::none);
    failed_ = {};
    if (!socket_.is_open()) connect();
    if (!failed_) http::write(socket_, request, failed_);
    if (!failed_) http::read(socket_, buffer_, reply, failed_);
    if (failed_ || !reply.keep_alive()) {
      boost::system::error_code ignored;
      socket_.close(ignored);
      buffer_.clear();
    }
    if (failed_) return std::nullopt;
    return reply.release();
  }

  void connect() {
    const auto colon = address_.rfind(':');
    const auto port = colon == address_.npos ? "80" : address_.substr(colon + 1);
    const auto found = tcp::resolver(context_).resolve(address_.substr(0, colon), port, failed_);
    if (!failed_) asio::connect(socket_, found, failed_);
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }

  void complain(const char* what, const std::optional<Reply>& reply) const {
    if (reply) {
      std::fprintf(stderr, "Runtime API: %s: status %u %s\n", what, reply->result_int(),
                   reply->body().c_str());
    } else {
      std::fprintf(stderr, "Runtime API: %s: %s\n", what, failed_.message().c_str());
    }
  }

  const std::string address_;
  asio::io_context context_;
  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  boost::system::error_code failed_;
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
