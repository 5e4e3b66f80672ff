#include "emulator/http/client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace emu::http {
namespace beast = boost::beast;
using boost::asio::ip::tcp;

namespace {
beast::http::request<beast::http::string_body> to_beast(const Request& request, const std::string& host) {
  beast::http::request<beast::http::string_body> out;
  out.method_string(request.method);
  out.target(request.target);
  out.set(beast::http::field::host, host);
  for (const auto& header : request.headers) out.set(header.name, header.value);
  out.body() = request.body;
  out.keep_alive(false);
  out.prepare_payload();
  return out;
}
}  // namespace

awaitable<int> send(std::string address, std::uint16_t port, const Request& request, Duration patience) {
  boost::system::error_code failed;
  const auto ip = boost::asio::ip::make_address(address, failed);
  if (failed) co_return kNobody;
  const auto done = [&] { return boost::asio::redirect_error(boost::asio::use_awaitable, failed); };
  beast::tcp_stream stream(co_await boost::asio::this_coro::executor);
  stream.expires_after(patience);
  co_await stream.async_connect(tcp::endpoint(ip, port), done());
  if (failed) co_return kNobody;
  auto out = to_beast(request, address + ":" + std::to_string(port));
  co_await beast::http::async_write(stream, out, done());
  if (failed) co_return 0;
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> reply;
  co_await beast::http::async_read(stream, buffer, reply, done());
  co_return failed ? 0 : static_cast<int>(reply.result_int());
}

std::optional<Response> call(std::uint16_t port, const Request& request) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code failed;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, failed);
  if (failed) return std::nullopt;
  auto out = to_beast(request, "127.0.0.1:" + std::to_string(port));
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
