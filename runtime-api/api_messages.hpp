// What the Runtime API and its runtimes say to each other, as HTTP messages (spec-lambda A.1, A.2): the
// bodies of errors, an event, what was posted as an answer. Used by api_server.cpp and the extensions' side.
#pragma once
#include "emulator/http/message.hpp"
#include "runtime-api/mailbox.hpp"

namespace emu::runtime {
inline constexpr std::string_view kErrorType = "Lambda-Runtime-Function-Error-Type";
inline constexpr std::string_view kResponseMode = "Lambda-Runtime-Function-Response-Mode";

http::Response error_body(int status, std::string_view type, std::string_view message);
inline http::Response refused(const Mailbox::Refusal& r) { return error_body(r.status, r.type, r.message); }
http::Response accepted();
http::Response event(const Delivery& delivery);

Outcome reported_error(http::Request&& request);
Outcome reported_response(http::Request&& request);
// Of a stream that broke off: the error in its trailers (spec-lambda A.4).
std::optional<Outcome> error_in_trailers(const http::Headers& trailers);
}  // namespace emu::runtime
