// One connection of server.cpp: its socket, plain or under TLS, who watches it for its peer's end, and how
// far it has come with a request. Used on the connection's loop only.
#pragma once
#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <memory>

#include "emulator/http/message.hpp"

namespace emu::http {
// A stream to read and write HTTP by, as Beast wants one.
class Wire {
 public:
  using tcp = boost::asio::ip::tcp;
  using Tls = boost::asio::ssl::stream<tcp::socket&>;
  using executor_type = tcp::socket::executor_type;
  explicit Wire(tcp::socket s) : socket(std::move(s)) {}
  executor_type get_executor() { return socket.get_executor(); }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    const auto begin = [this](auto handler, const Buffers& buffers) {
      if (tls)
        tls->async_read_some(buffers, std::move(handler));
      else
        socket.async_read_some(buffers, std::move(handler));
    };
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(begin, token,
                                                                                            into);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    ++writes;  // what was to be written before is
    const auto begin = [this](auto handler, const Buffers& buffers) {
      if (tls)
        tls->async_write_some(buffers, std::move(handler));
      else
        socket.async_write_some(buffers, std::move(handler));
    };
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(begin, token,
                                                                                            from);
  }
  // What the socket takes without waiting, in bytes.
  template <class Buffers>
  std::size_t try_write(const Buffers& from, boost::system::error_code& failed) {
    if (tls) return 0;
    ++writes;
    if (!socket.non_blocking()) socket.non_blocking(true, failed);
    const auto sent = failed ? 0 : socket.write_some(from, failed);
    if (failed == boost::asio::error::would_block) failed = {};
    return sent;
  }
  tcp::socket socket;
  std::unique_ptr<Tls> tls;  // null: plain
  std::size_t writes = 0;
};

// How far a request and its answer have come.
struct Progress {
  bool begun = false;        // a byte of it is there
  std::size_t requests = 0;  // answered before it
  std::size_t body = 0;      // bytes of its body
  std::size_t writes = 0;    // of its answer, that were begun
  bool operator==(const Progress&) const = default;
};

class Connection final : public Peer, public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(Wire::tcp::socket s) : wire(std::move(s)) {}
  void when_gone(std::function<void()> gone) override;
  void answered();  // the peer is watched no longer
  // One tick: closes what has come no further for so many of them while it was the peer's turn. `idle`: of
  // those that wait for a next request.
  void tick(unsigned stalled, unsigned idle);

  Wire wire;
  std::string held;                    // answers that leave with the next one
  bool reading = true;                 // a request is to come from the peer
  bool writing = false;                // an answer is to be taken by the peer
  std::function<Progress()> progress;  // while there is somebody to ask

 private:
  bool watched_ = false;
  Progress last_;
  unsigned ticks_ = 0;
};
}  // namespace emu::http
