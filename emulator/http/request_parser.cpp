#include "emulator/http/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

namespace emu::http {
namespace {
std::string text(boost::beast::string_view v) { return {v.data(), v.size()}; }
constexpr std::uint64_t kReserved = 1024 * 1024;  // at most: a length is only what a peer says
}  // namespace

void RequestParser::on_request_impl(boost::beast::http::verb, string_view method, string_view target,
                                    int version, error_code&) {
  request.method = text(method);
  request.target = text(target);
  request.version = version == 10 ? "HTTP/1.0" : "HTTP/1.1";
  request.headers.reserve(16);
}

void RequestParser::on_field_impl(boost::beast::http::field, string_view name, string_view value,
                                  error_code& failed) {
  headers_ += name.size() + value.size();
  if (headers_ > kRequestHeaders) {
    failed = boost::beast::http::error::header_limit;
    return;
  }
  request.headers.add(text(name), text(value));
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  if (length) request.body.reserve(static_cast<std::size_t>(std::min(*length, kReserved)));
}

std::size_t RequestParser::on_body_impl(string_view piece, error_code&) {
  request.body.append(piece.data(), piece.size());
  received += piece.size();
  return piece.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view piece, error_code& failed) {
  return on_body_impl(piece, failed);
}
}  // namespace emu::http
