// One request to a server on this machine, blocking: for the command line, which asks the daemon.
#pragma once
#include <cstdint>
#include <optional>

#include "emulator/http/message.hpp"

namespace emu::http {
// Connects to 127.0.0.1, sends, waits for the whole reply. Nothing if nobody answers, or not in HTTP.
std::optional<Response> call(std::uint16_t port, const Request& request);
}  // namespace emu::http
