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
// `patience` is for all of it, finding the host included. A connection over TLS is kept for the next request
// of the same loop to the same place, for a few seconds.
struct TlsChoices {
  bool any_issuer = false;                 // dates and name are verified, who signed it is not
  std::string server_name = {};            // asked for and verified instead of the URL's host; empty: that
  std::string certificate = {}, key = {};  // PEM, shown to the server; empty: none
};
struct Fetched {
  std::optional<Response> response;
  bool late = false;  // nothing came in time
  std::string why;    // without a response
};
inline constexpr std::uint64_t kLargestAnswer = 10 * 1024 * 1024;
awaitable<Fetched> fetch(std::string url, Request request, Duration patience,
                         std::uint64_t body_limit = kLargestAnswer, TlsChoices tls = {});
}  // namespace emu::http
