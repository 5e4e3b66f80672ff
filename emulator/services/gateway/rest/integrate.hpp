// What a REST API's integrations do with a request (spec-gateway 18): AWS_PROXY and AWS to functions, HTTP
// and HTTP_PROXY, MOCK; and how their results become the response. Used by serve.cpp.
#pragma once
#include "emulator/base/certificate.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/http/server.hpp"
#include "emulator/services/gateway/rest/call.hpp"
#include "runtime-api/function_urls.hpp"
#include "runtime-api/functions.hpp"

namespace emu::gateway::v1 {
// Something went wrong that a gateway response tells.
struct Failure {
  std::string_view type;  // "DEFAULT_5XX"
  int status = 0;         // 0: the type's own
  std::string why;        // for the log
};
using Integrated = std::variant<http::Response, Failure>;

struct Backends {
  Clock& clock;
  Ids& ids;
  runtime::Functions& functions;
  http::Handler services = {};  // requests to other services; none: there are none
  runtime::FunctionUrls* streaming =
      nullptr;  // functions whose responses are passed on; null: there are none
  // What stages show to backends, by id; set by whoever keeps the certificates.
  std::function<std::optional<KeyedCertificate>(const Scope&, const std::string&)> certificates = {};
};
awaitable<Integrated> integrate(const Backends& backends, Call& call);
// AWS_PROXY that streams; `event`: what the function gets.
awaitable<Integrated> integrate_stream(const Backends& backends, Call& call, std::string event);
// One of another service, by "path/…" or "action/…" (spec-gateway 18.5).
awaitable<Integrated> integrate_service(const Backends& backends, Call& call);

// The body that the request template makes, or that passes as it is. Pure.
struct Rendered {
  std::string body;
  Json overrides;  // $context.requestOverride: {"header": {…}, "path": {…}, "querystring": {…}}, or null
};
std::variant<Rendered, Failure> rendered(const Call& call);
// Where a request goes: the URI with {name} filled in, the mapped query behind it. Pure.
struct Outgoing {
  std::string uri;
  http::Request request;
};
std::variant<Outgoing, Failure> outgoing(const Call& call, bool proxy, const Json& overrides = {});

// An integration's response by its status, or a function's error message: the one whose selectionPattern
// matches, else the one without (spec-gateway 18.4). Null: none. Pure.
const Json* selected_response(const Json& integration, const std::string& text);
// An integration's answer, as what its response document makes of it. Pure.
struct Answered {
  int status = 200;
  http::Headers headers;
  std::string body;
};
Integrated map_response(const Call& call, const Json& document, const Answered& answered);
}  // namespace emu::gateway::v1
