// One request to a server on this machine: blocking for the command line, which asks the daemon; waiting on
// its loop for who brings something to a function's process.
#pragma once
#include <cstdint>
#include <optional>

#include "emulator/base/clock.hpp"

#include "emulator/http/message.hpp"

namespace emu::http {
// Connects to 127.0.0.1, sends, waits for the whole reply. Nothing if nobody answers, or not in HTTP.
std::optional<Response> call(std::uint16_t port, const Request& request);
inline constexpr int kNobody = -1;  // there: nothing was sent
// Connects to an address, sends, and gives the status of the reply; 0 if there is none within `patience`.
awaitable<int> send(std::string address, std::uint16_t port, const Request& request, Duration patience);

// A request to anybody who speaks HTTP, for integrations and for the keys of an issuer. `url`:
// "http://host:port/path?query", or https:// with a certificate that the system trusts. Follows no redirects.
// `patience` is for all of it, finding the host included.
struct Fetched {
  std::optional<Response> response;
  bool late = false;  // nothing came in time
  std::string why;    // without a response
};
awaitable<Fetched> fetch(std::string url, Request request, Duration patience,
                         std::uint64_t body_limit = 10 * 1024 * 1024);
}  // namespace emu::http
