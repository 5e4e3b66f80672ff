// What a function returned, as the response that a client gets (spec-gateway 8), and an HTTP API's own errors
// (spec-gateway 11). Pure.
#pragma once
#include <optional>

#include "emulator/http/message.hpp"

namespace emu::gateway {
http::Response answer_v2(std::string payload);
http::Response answer_v1(std::string payload);
// Of a REST API's AWS_PROXY integration; none: malformed. decode: whether isBase64Encoded is heeded here.
std::optional<http::Response> answer_rest(std::string_view payload, bool decode);
http::Response answer_url(std::string_view payload);  // of a function URL (spec-lambda D.4)
// The head of a streamed response: status, headers and cookies of its JSON prelude. None: it is malformed.
std::optional<http::Response> streamed_head(std::string_view prelude);

http::Response gateway_error(int status, std::string_view message);  // {"message":"…"}
inline http::Response internal_server_error() { return gateway_error(500, "Internal Server Error"); }
http::Response bad_gateway();  // of a function URL
inline http::Response not_found() { return gateway_error(404, "Not Found"); }
inline http::Response service_unavailable() { return gateway_error(503, "Service Unavailable"); }
}  // namespace emu::gateway
