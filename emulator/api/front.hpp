// DynamoDB's HTTP front (spec-dynamodb A1, steps 1-5 of A2, A7, A8): what it answers before any operation is
// looked up, and what it puts on every reply. Used by dispatch.cpp for services with checksums().
#pragma once
#include <optional>

#include "emulator/api/auth.hpp"
#include "emulator/base/clock.hpp"
#include "emulator/http/message.hpp"

namespace emu::front {
// Whether a request that no operation claims is DynamoDB's nevertheless: by its signature or its host, or as
// a browser's question whether it may send one.
bool addressed(const http::Request& request, const Signed& by);
// The reply to a request that gets no further. Otherwise the body is unpacked, if it was compressed.
std::optional<http::Response> turn_away(http::Request& request, std::string_view region);
bool has_document(const http::Request& request);  // an empty body is none, unless an operation is named
std::string health(std::string_view region);
// Last: the checksum is that of the body as it is sent.
void finish(const http::Request& request, Time now, http::Response& response);
}  // namespace emu::front
