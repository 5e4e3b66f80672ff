#include "emulator/http/connection.hpp"

namespace emu::http {
using boost::asio::ip::tcp;
using boost::system::error_code;

// What can be read is the end of the stream, or a next request: then it is not asked again. Under TLS the end
// is told by an alert.
void Connection::when_gone(std::function<void()> gone) {
  watched_ = true;
  const auto look = [self = shared_from_this(), gone = std::move(gone)](error_code failed) {
    if (failed || !self->watched_) return;
    char next = 0;
    self->wire.socket.receive(boost::asio::buffer(&next, 1), tcp::socket::message_peek, failed);
    static constexpr char kAlert = 21;  // RFC 8446 5.1
    if (failed || (self->wire.tls && next == kAlert)) gone();
  };
  wire.socket.async_wait(tcp::socket::wait_read, look);
}

void Connection::answered() {
  if (!std::exchange(watched_, false)) return;
  error_code ignored;
  wire.socket.cancel(ignored);
}

void Connection::tick(unsigned stalled, unsigned idle) {
  const auto now = reading && progress ? progress() : Progress{};
  if (!reading || now != last_) {
    last_ = now;
    ticks_ = 0;
    return;
  }
  const bool waits = now.requests > 0 && !now.begun;
  if (++ticks_ < (waits ? idle : stalled)) return;
  error_code ignored;
  wire.socket.close(ignored);
}
}  // namespace emu::http
