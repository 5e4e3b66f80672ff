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
}  // namespace emu::http
