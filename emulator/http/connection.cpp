#include "emulator/http/connection.hpp"

namespace emu::http {
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {
// An alert (RFC 8446 5.1). TLS 1.3 hides what a record is, but only an alert is so short: 2 bytes, what it
// is, and a tag of 16 (5.2). A request's head fits in no such record.
bool is_alert(const unsigned char* head, std::size_t size) {
  static constexpr unsigned char kAlert = 21, kHidden = 23, kHiddenAlert = 2 + 1 + 16;
  if (size > 0 && head[0] == kAlert) return true;
  return size == 5 && head[0] == kHidden && head[3] == 0 && head[4] == kHiddenAlert;
}
}  // namespace

// What can be read is the end of the stream, or a next request: then it is not asked again. Under TLS the end
// is told by an alert.
void Connection::when_gone(std::function<void()> gone) {
  watched_ = true;
  const auto look = [self = shared_from_this(), gone = std::move(gone)](error_code failed) {
    if (failed || !self->watched_) return;
    unsigned char head[5];
    const auto size = self->wire.socket.receive(boost::asio::buffer(head), tcp::socket::message_peek, failed);
    if (failed == boost::asio::error::would_block) return self->when_gone(gone);  // nothing, after all
    if (failed || (self->wire.tls && is_alert(head, size))) gone();
  };
  wire.socket.async_wait(tcp::socket::wait_read, look);
}

void Connection::answered() {
  if (!std::exchange(watched_, false)) return;
  error_code ignored;
  wire.socket.cancel(ignored);
}

void Connection::tick(unsigned stalled, unsigned idle) {
  auto now = progress ? progress() : Progress{};
  now.writes = wire.writes;
  if (!(reading || writing) || now != last_) {
    last_ = now;
    ticks_ = 0;
    return;
  }
  const bool waits = reading && now.requests > 0 && !now.begun;
  if (++ticks_ < (waits ? idle : stalled)) return;
  error_code ignored;
  wire.socket.close(ignored);
}
}  // namespace emu::http
