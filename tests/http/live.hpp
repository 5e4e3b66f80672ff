// A server with real sockets on a free port, and what talks to it in raw bytes.
#pragma once
#include <doctest/doctest.h>
#include <httplib.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "emulator/http/server.hpp"

namespace emu::test {
struct Live {
  explicit Live(http::Handler handler, http::Limits limits = {}, http::Certificates certificates = {})
      : server(loops, std::move(handler), 1000) {
    server.limit(limits);
    if (certificates) server.speak_tls(std::move(certificates));
    port = server.listen("127.0.0.1", 0);
    thread = std::jthread([this] { loops.run(); });
  }
  ~Live() {
    server.stop();
    loops.stop();
  }
  Loops loops{2, 0};
  http::Server server;
  std::uint16_t port = 0;
  std::jthread thread;
  httplib::Client client() { return httplib::Client("127.0.0.1", port); }
};

inline awaitable<http::Response> echo(http::Request request) {
  co_return http::text_response(201, request.method + " " + request.target + " " + request.body);
}

// A connection whose both ends are in the test's hand.
struct Talk {
  using tcp = boost::asio::ip::tcp;
  explicit Talk(std::uint16_t port) { socket.connect({boost::asio::ip::address_v4::loopback(), port}); }
  void say(const std::string& bytes) { boost::asio::write(socket, boost::asio::buffer(bytes)); }
  // Up to and including this.
  std::string hear_until(const std::string& end) {
    boost::system::error_code ended;
    const auto size = boost::asio::read_until(socket, boost::asio::dynamic_buffer(heard), end, ended);
    const auto out = heard.substr(0, ended ? heard.size() : size);
    heard.erase(0, out.size());
    return out;
  }
  std::string hear_all() {  // until the server closes
    boost::system::error_code ended;
    boost::asio::read(socket, boost::asio::dynamic_buffer(heard), ended);
    return std::exchange(heard, {});
  }
  boost::asio::io_context io;
  tcp::socket socket{io};
  std::string heard;
};

// Sends these bytes and gives what comes back until the server closes.
inline std::string converse(std::uint16_t port, const std::string& bytes) {
  Talk talk(port);
  talk.say(bytes);
  talk.socket.shutdown(Talk::tcp::socket::shutdown_send);
  return talk.hear_all();
}
}  // namespace emu::test
