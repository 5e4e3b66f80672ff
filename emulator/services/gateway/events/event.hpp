// The event a function is invoked with, from a request: payload formats 2.0 and 1.0 of HTTP APIs
// (spec-gateway 3, 4, 6, 7).
#pragma once
#include "emulator/http/message.hpp"
#include "emulator/services/gateway/events/event_rest.hpp"
#include "emulator/services/gateway/routing/live_api.hpp"

namespace emu::gateway {
// Who calls a function URL: what its event says in place of an API's account.
struct UrlCaller {
  std::string account;  // "anonymous" where nobody signs
};

struct EventSource {
  const LiveApi& api;
  const LiveStage& stage;
  const LiveRoute& route;
  const RouteTable::PathParameters& parameters;
  const http::Request& request;
  std::string_view path;      // decoded, with the stage unless it is $default
  std::string_view raw_path;  // the same, as sent
  std::string domain;         // the Host, or what it would be
  std::string_view request_id, trace_id;
  Time now;
  const UrlCaller* url = nullptr;  // of a function URL's request
  std::string authorizer = {};     // JSON of requestContext.authorizer; empty: none
  Identity identity = {};          // of payload format 1.0
};

std::string event_v2(const EventSource& source);
std::string event_v1(const EventSource& source);
// What a Lambda authorizer of an HTTP API is asked (spec-gateway 16.2), in either format.
std::string authorizer_event_v2(const EventSource& source, std::string_view arn, const Strings& identity);
std::string authorizer_event_v1(const EventSource& source, std::string_view arn, const Strings& identity);

// Whether a body of this Content-Type goes to the function as text; every other as base64 (spec-gateway 7).
bool is_text(std::string_view content_type);
}  // namespace emu::gateway
