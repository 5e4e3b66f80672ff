#include "runtime-api/client/runtime.hpp"

#include <cxxabi.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <memory>
#include <utility>

#include "runtime-api/client/reply_parser.hpp"

namespace aws::lambda_runtime {
namespace {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
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

// One connection, and on it no limit of time: a wait for the next invocation has no end on AWS. A response is
// followed at once by the request for the next invocation, so that an invocation costs one exchange, not two.
class RuntimeApi {
 public:
  explicit RuntimeApi(const std::string& address)
      : address_(address), next_("GET " + kInvocation + "next HTTP/1.1\r\nHost: " + address + "\r\n\r\n") {}

  // The next invocation, or what went wrong.
  bool next(invocation_request& out) {
    ReplyParser reply;
    if (!asked_) send({asio::buffer(next_)});
    asked_ = false;
    if (!receive(reply) || reply.status != 200) {
      complain("no invocation received", reply);
      return false;
    }
    out = std::move(reply.invocation);
    return true;
  }

  // A reply that refuses the result (too large, too late) is the platform's to report: the process stays
  // usable.
  bool report(const std::string& request_id, const invocation_response& response) {
    const auto& body = response.get_payload();
    const auto head = "POST " + kInvocation + request_id + (response.is_success() ? "/response" : "/error") +
                      " HTTP/1.1\r\nHost: " + address_ + "\r\nContent-Type: " + response.get_content_type() +
                      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    ReplyParser reply;
    asked_ = send({asio::buffer(head), asio::buffer(body), asio::buffer(next_)});
    const bool sent = asked_;
    if (!receive(reply) || reply.status >= 300) complain("result not accepted", reply);
    return sent;  // what became of it may not be known: the next request has a connection of its own
  }

 private:
  // False: why is in failed_, and the next request has a connection of its own.
  bool send(std::initializer_list<asio::const_buffer> pieces) {
    failed_ = {};
    if (!socket_.is_open()) connect();
    if (!failed_) asio::write(socket_, pieces, failed_);
    return !failed_;
  }

  bool receive(ReplyParser& reply) {
    reply.body_limit(boost::none);
    if (!failed_) http::read(socket_, buffer_, reply, failed_);
    if (failed_ || !reply.keep_alive()) {
      boost::system::error_code ignored;
      socket_.close(ignored);
      buffer_.clear();
      asked_ = false;
    }
    return !failed_;
  }

  void connect() {
    const auto colon = address_.rfind(':');
    const auto port = colon == address_.npos ? "80" : address_.substr(colon + 1);
    const auto found = tcp::resolver(context_).resolve(address_.substr(0, colon), port, failed_);
    if (!failed_) asio::connect(socket_, found, failed_);
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }

  void complain(const char* what, const ReplyParser& reply) const {
    if (failed_) {
      std::fprintf(stderr, "Runtime API: %s: %s\n", what, failed_.message().c_str());
    } else {
      std::fprintf(stderr, "Runtime API: %s: status %u %s\n", what, reply.status,
                   reply.invocation.payload.c_str());
    }
  }

  const std::string address_, next_;
  asio::io_context context_;
  tcp::socket socket_{context_};
  boost::beast::flat_buffer buffer_;
  boost::system::error_code failed_;
  bool asked_ = false;  // for the next invocation
};

// Where the AWS SDK looks for it. In two places for good, in turn, so that who has just read one may go on:
// setenv would keep every value it was ever given.
void tell_trace_id(const std::string& id) {
  static constexpr const char* kName = "_X_AMZN_TRACE_ID";
  static std::array<std::array<char, 512>, 2> variables;
  static std::size_t turn = 0;
  const auto text = std::string(kName) + "=" + id;
  if (id.empty()) {
    unsetenv(kName);
  } else if (text.size() >= variables[0].size()) {
    setenv(kName, id.c_str(), 1);
  } else {
    auto& variable = variables[turn++ % variables.size()];
    std::memcpy(variable.data(), text.c_str(), text.size() + 1);
    putenv(variable.data());
  }
}

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
    tell_trace_id(request.xray_trace_id);
    const auto response = call(handler, request);
    std::fflush(stdout);  // what it printed belongs to this invocation's log
    if (!api.report(request.request_id, response)) return;
  }
}
}  // namespace aws::lambda_runtime
