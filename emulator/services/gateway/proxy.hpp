// HTTP_PROXY integrations of HTTP APIs (spec-gateway 18.3): the request as it goes on to a backend, mapped,
// and what the backend says.
#pragma once
#include "emulator/services/gateway/events/event.hpp"

namespace emu::gateway {
// Pure: the request to send, and where to.
struct Onward {
  std::string uri;
  http::Request request;
};
Onward onward(const EventSource& source);
// "$request.header.x", "$request.querystring.y", "$request.path.z", "$request.body.a", "$context.w",
// "$stageVariables.v", a static text, or several as "${…}" within one.
// `encoded`: what is done to each value of the request that goes in; null: nothing.
using Encoding = std::string (*)(std::string_view);
std::string mapped_value(const EventSource& source, const std::string& expression,
                         Encoding encoded = nullptr);
// A backend's answer, mapped as the integration says for its status. Pure.
http::Response backwards(const EventSource& source, http::Response answer);

// The source outlives the coroutine.
awaitable<http::Response> proxied(const EventSource& source);
}  // namespace emu::gateway
