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
// `behind`: where a private integration leads, with the path of the request.
Onward onward(const EventSource& source, const std::optional<std::string>& behind = {});
// "$request.header.x", "$request.querystring.y", "$request.path.z", "$request.body.a", "$context.w",
// "$stageVariables.v", a static text, or several as "${…}" within one; of an answer "$response.header.x" and
// "$response.body.y", too.
// `encoded`: what is done to each value of the request that goes in; null: nothing.
using Encoding = std::string (*)(std::string_view);
std::string mapped_value(const EventSource& source, const std::string& expression, Encoding encoded = nullptr,
                         const http::Response* answer = nullptr);
// Whether an expression is a text or of what mapped_value knows: AWS refuses others.
bool is_mapping_source(std::string_view expression);
// A backend's answer, mapped as the integration says for its status. Pure.
http::Response backwards(const EventSource& source, http::Response answer);

// Of a Lambda integration with mappings: the request that its event tells of. Pure.
struct Altered {
  http::Request request;
  std::string path, raw_path;
};
Altered altered(const EventSource& source, const StringMap& mappings);
// An answer as the mappings for its status say.
http::Response mapped_answer(const EventSource& source,
                             const std::optional<std::map<std::string, StringMap>>& by_status,
                             http::Response answer);

// The source outlives the coroutine.
awaitable<http::Response> proxied(const EventSource& source, std::optional<std::string> behind = {});
}  // namespace emu::gateway
