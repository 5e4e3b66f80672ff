// Beast's parser, filing what it finds straight in a Request instead of in containers of its own. Part of
// server.cpp. What follows the head of a chunked body as trailers is filed with the headers, as Beast does.
#pragma once
#include <boost/beast/http/basic_parser.hpp>

#include "emulator/http/message.hpp"

namespace emu::http {
// Of all headers together, in bytes: Node functions may send 80 KiB to us; AWS refuses above 16.
inline constexpr std::uint32_t kRequestHeaders = 64 * 1024;

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  Request request;
  std::size_t received = 0;  // bytes of the body

 private:
  std::size_t headers_ = 0;  // bytes: Beast's own limit is for what is not yet parsed
  using string_view = boost::beast::string_view;
  using error_code = boost::beast::error_code;
  void on_request_impl(boost::beast::http::verb, string_view method, string_view target, int version,
                       error_code&) override;
  void on_field_impl(boost::beast::http::field, string_view name, string_view value, error_code&) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override;
  std::size_t on_body_impl(string_view piece, error_code&) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code&) override;
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, string_view, int, error_code&) override {}
};
}  // namespace emu::http
