#include "emulator/http/client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace emu::http {
namespace beast = boost::beast;
using boost::asio::ip::tcp;

std::optional<Response> call(std::uint16_t port, const Request& request) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code failed;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, failed);
  if (failed) return std::nullopt;
  beast::http::request<beast::http::string_body> out;
  out.method_string(request.method);
  out.target(request.target);
  out.set(beast::http::field::host, "127.0.0.1:" + std::to_string(port));
  for (const auto& header : request.headers) out.set(header.name, header.value);
  out.body() = request.body;
  out.keep_alive(false);
  out.prepare_payload();
  beast::http::write(socket, out, failed);
  if (failed) return std::nullopt;
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(boost::none);
  beast::http::read(socket, buffer, parser, failed);
  if (failed) return std::nullopt;
  Response reply{static_cast<int>(parser.get().result_int()), {}, std::move(parser.get().body())};
  for (const auto& field : parser.get()) {
    const auto name = field.name_string(), value = field.value();
    reply.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  return reply;
}
}  // namespace emu::http
