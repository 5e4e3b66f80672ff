// What the Runtime API answers, read straight into an invocation. Part of runtime.cpp.
#pragma once
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdlib>
#include <string>

#include "runtime-api/client/runtime.hpp"

namespace aws::lambda_runtime {
class ReplyParser final : public boost::beast::http::basic_parser<false> {
 public:
  unsigned status = 0;
  invocation_request invocation;  // of a refusal, the payload is what it says

 private:
  using string_view = boost::beast::string_view;
  using error_code = boost::beast::error_code;
  void on_response_impl(int code, string_view, int, error_code&) override {
    status = static_cast<unsigned>(code);
  }
  void on_field_impl(boost::beast::http::field, string_view name, string_view value, error_code&) override {
    static constexpr string_view kPrefix = "Lambda-Runtime-";
    if (!boost::beast::iequals(name.substr(0, kPrefix.size()), kPrefix)) return;
    const auto what = name.substr(kPrefix.size());
    const auto is = [&](string_view wanted) { return boost::beast::iequals(what, wanted); };
    if (is("Deadline-Ms")) {
      const auto ms = std::strtoll(std::string(value).c_str(), nullptr, 10);
      invocation.deadline = std::chrono::system_clock::time_point{std::chrono::milliseconds{ms}};
    } else if (auto* text = is("Aws-Request-Id")         ? &invocation.request_id
                            : is("Trace-Id")             ? &invocation.xray_trace_id
                            : is("Client-Context")       ? &invocation.client_context
                            : is("Cognito-Identity")     ? &invocation.cognito_identity
                            : is("Invoked-Function-Arn") ? &invocation.function_arn
                                                         : nullptr) {
      text->assign(value.data(), value.size());
    }
  }
  std::size_t on_body_impl(string_view piece, error_code&) override {
    invocation.payload.append(piece.data(), piece.size());
    return piece.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code& failed) override {
    return on_body_impl(piece, failed);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) invocation.payload.reserve(static_cast<std::size_t>(*length));
  }
  void on_request_impl(boost::beast::http::verb, string_view, string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}
};
}  // namespace aws::lambda_runtime
