// An HTTP/1.1 server: accepts on one address, spreads connections over the loops, reads a request, calls the
// handler, writes its response. Used for the daemon's one port and for each execution environment's Runtime
// API.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>

#include "emulator/base/loops.hpp"
#include "emulator/http/message.hpp"

namespace emu::http {
using Handler = std::function<awaitable<Response>(Request)>;
// Told the head of a request whose body broke off; may say what to answer, should the peer still listen.
using CutShort = std::function<std::optional<Response>(const Request& head)>;
// Told the head of each chunked request: whether its handler reads the body itself, while it arrives. Its
// size is then the handler's to limit.
using Streams = std::function<bool(const Request& head)>;

// What connections may take.
struct Limits {
  Duration stalled{};  // how long a request may come no further before its connection is closed; 0: for ever
  Duration idle{};     // how long a connection may wait for its next request; 0: for ever
  std::size_t connections = std::numeric_limits<std::size_t>::max();  // more are closed as they come
  // Counted together with those of every server that has a copy of these limits.
  std::shared_ptr<std::atomic<std::size_t>> taken = std::make_shared<std::atomic<std::size_t>>(0);
};

// Asked once, when the first client wants TLS. PEM; none: it is refused.
struct Certificate {
  std::string chain, key;
};
using Certificates = std::function<std::optional<Certificate>()>;

struct PortInUse : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CannotListen : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Server {
 public:
  // body_limit: largest request body in bytes; a larger one is answered 413.
  Server(Loops& loops, Handler handler, std::uint64_t body_limit);
  ~Server();                         // as stop()
  void on_cut_short(CutShort told);  // before listen
  void on_stream(Streams asked);     // before listen
  // An answer below 300 leaves together with that to the request behind it, if that one is here already and
  // begins with this: for peers that have asked for what may come late and need nothing else meanwhile. A
  // long answer does not wait. Before listen.
  void answer_together(std::string follower);
  void limit(Limits limits);                  // before listen
  void speak_tls(Certificates certificates);  // beside plain HTTP, on the same port; before listen
  // Binds and begins to accept; port 0 picks a free one. Returns the port. Throws PortInUse, or
  // CannotListen for what else the system refuses.
  std::uint16_t listen(const std::string& address, std::uint16_t port);
  bool try_listen(const std::string& address, std::uint16_t port);  // false where listen throws
  // As listen, with every connection served on this one loop.
  std::uint16_t listen_on(asio::any_io_executor loop, const std::string& address, std::uint16_t port);
  void stop();  // closes the listener and every connection; from any thread

 private:
  struct State;
  std::shared_ptr<State> state_;
};
}  // namespace emu::http
