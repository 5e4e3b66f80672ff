// A response as it is sent. Part of server.cpp.
#pragma once
#include "emulator/http/message.hpp"

namespace emu::http {
// How the length of a body is told (RFC 9112 6).
enum class Framing { length, chunked, none };

// Appends the start line and the headers, up to the empty line. The headers that frame the message are ours
// alone; a header that would break the message apart is left out. `version`: 10 or 11, of the request.
void append_head(std::string& out, const Response& response, Framing framing, unsigned version,
                 bool keep_alive);
int sayable(int status);  // as it is, or 500
// Whether a response of this status has a body at all (RFC 9110 6.4.1).
bool has_body(int status);
}  // namespace emu::http
