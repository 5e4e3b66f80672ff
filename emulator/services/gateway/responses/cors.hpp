// What an HTTP API with a CORS configuration does by itself (spec-gateway 13.1).
#pragma once
#include "emulator/http/message.hpp"
#include "emulator/services/gateway/apis/api.hpp"

namespace emu::gateway {
// A preflight that no route takes is answered 204 by the gateway, without a function.
bool is_preflight(const http::Request& request);
// Adds what the configuration says for this request, in place of whatever the function said of access
// control.
void add_cors(const Cors& cors, const http::Request& request, http::Response& response);
}  // namespace emu::gateway
