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

namespace {
struct Url {
  std::string host, port, target;
};
std::optional<Url> taken_apart(std::string_view url) {
  static constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  const auto slash = std::min(url.find_first_of("/?"), url.size());
  auto authority = url.substr(0, slash);
  auto target = std::string(url.substr(slash));
  if (!target.starts_with('/')) target.insert(0, 1, '/');
  const auto colon = authority.rfind(':');
  const bool port = colon != authority.npos && authority.find(']', colon) == authority.npos;
  auto host = port ? authority.substr(0, colon) : authority;
  const auto number = port ? authority.substr(colon + 1) : std::string_view("80");
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || target.find_first_of(" \r\n") != target.npos) return std::nullopt;
  return Url{std::string(host), std::string(number), std::move(target)};
}

Response from_beast(beast::http::response<beast::http::string_body> in) {
  Response out{static_cast<int>(in.result_int()), {}, std::move(in.body())};
  for (const auto& field : in) {
    const auto name = field.name_string(), value = field.value();
    out.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  return out;
}
}  // namespace

awaitable<Fetched> fetch(std::string url, Request request, Duration patience, std::uint64_t body_limit) {
  const auto to = taken_apart(url);
  if (!to) co_return Fetched{.why = "emu reaches http:// addresses only, not " + url};
  boost::system::error_code failed;
  const auto done = [&] { return boost::asio::redirect_error(boost::asio::use_awaitable, failed); };
  const auto ended = [&] {
    return Fetched{.late = failed == beast::error::timeout, .why = failed.message()};
  };
  const auto executor = co_await boost::asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto found = co_await resolver.async_resolve(to->host, to->port, done());
  if (failed) co_return ended();
  beast::tcp_stream stream(executor);
  stream.expires_after(patience);
  co_await stream.async_connect(found, done());
  if (failed) co_return ended();
  request.target = to->target;
  auto out = to_beast(request, to->port == "80" ? to->host : to->host + ":" + to->port);
  co_await beast::http::async_write(stream, out, done());
  if (failed) co_return ended();
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(body_limit);
  if (request.method == "HEAD") parser.skip(true);
  co_await beast::http::async_read(stream, buffer, parser, done());
  if (failed) co_return ended();
  co_return Fetched{from_beast(parser.release())};
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
  return from_beast(parser.release());
}
}  // namespace emu::http
