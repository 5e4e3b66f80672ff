#include "emulator/services/gateway/urls/urls.hpp"

#include <fmt/format.h>

#include "emulator/api/auth.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/events/event.hpp"
#include "emulator/services/gateway/responses/answer.hpp"
#include "emulator/services/gateway/responses/cors.hpp"
#include "emulator/services/gateway/urls/url_answer.hpp"
#include "runtime-api/trace_id.hpp"

namespace emu::gateway {
namespace {
constexpr std::string_view kHostLabel = ".lambda-url.";
constexpr std::string_view kPathForm = "/_aws/lambda-url/";
constexpr std::size_t kMaxBody = 6'291'456;  // the payload limit of a synchronous invocation

// The id in the Host or the path, and the path below it as it was sent.
struct UrlAddress {
  std::string id;
  std::string_view path;
};
UrlAddress address_of_url(const http::Request& request) {
  const auto path = request.path();
  if (path.starts_with(kPathForm)) {
    const auto end = std::min(path.find('/', kPathForm.size()), path.size());
    return {lower(path.substr(kPathForm.size(), end - kPathForm.size())),
            end == path.size() ? std::string_view("/") : path.substr(end)};
  }
  const auto host = request.headers.get("Host");
  return {lower(host.substr(0, host.find(kHostLabel))), path.starts_with('/') ? path : std::string_view("/")};
}

http::Response denied(Json body) {
  auto out = http::json_response(403, json_text(body));
  out.headers.add("x-amzn-ErrorType", "AccessDeniedException");
  return out;
}

http::Response refused(const AwsError& error) {
  if (error.http_status == 413) return gateway_error(413, "Request Entity Too Large");
  if (error.http_status >= 500) return bad_gateway();
  Json body = error.extra;
  body[std::string(error.message_key)] = error.message;
  auto out = http::json_response(error.http_status, json_text(body));
  out.headers.add("x-amzn-ErrorType", error.code);
  return out;
}

Cors cors_of(const runtime::FunctionUrl::Cors& from) {
  Cors out;
  out.allowCredentials = from.credentials;
  out.allowHeaders = from.headers;
  out.allowMethods = from.methods;
  out.allowOrigins = from.origins;
  out.exposeHeaders = from.exposed;
  out.maxAge = from.max_age;
  return out;
}

// JSON of the event's authorizer.
std::string authorizer_of(const http::Request& request, std::string_view account) {
  const auto key = signed_by(request).access_key;
  return json_text(Json{{"iam",
                         {{"accessKey", key},
                          {"accountId", account},
                          {"callerId", key},
                          {"cognitoIdentity", nullptr},
                          {"principalOrgId", nullptr},
                          {"userArn", fmt::format("arn:aws:iam::{}:root", account)},
                          {"userId", key}}}});
}
}  // namespace

bool Urls::claims(const http::Request& request) {
  return request.path().starts_with(kPathForm) ||
         request.headers.get("Host").find(kHostLabel) != std::string_view::npos;
}

awaitable<http::Response> Urls::serve(http::Request request) {
  const auto address = address_of_url(request);
  const auto url = functions_.find_url(address.id);
  if (!url) co_return denied({{"Message", nullptr}});
  const auto cors = url->cors ? std::optional(cors_of(*url->cors)) : std::nullopt;
  if (cors && is_preflight(request)) {
    http::Response out{200, {}, {}};
    add_cors(*cors, request, out);
    co_return out;
  }
  auto response = co_await answer(*url, request, address.path);
  if (cors) add_cors(*cors, request, response);
  co_return response;
}

awaitable<http::Response> Urls::answer(const runtime::FunctionUrl& url, const http::Request& request,
                                       std::string_view path) {
  const auto by = signed_by(request);
  const auto account = by.access_key.empty() ? std::string() : account_of(by.access_key);
  if (!functions_.may_call(url, account))
    co_return denied({{"Message",
                       "Forbidden. For troubleshooting Function URL authorization issues, see: "
                       "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}});
  if (request.body.size() > kMaxBody) co_return gateway_error(413, "Request Entity Too Large");
  auto call = invocation(url, request, path, account);
  auto request_id = call.request_id, trace = call.trace_id;
  auto pipe = co_await functions_.call_url(url, std::move(call));
  if (!pipe) co_return refused(pipe.error());
  auto response = url.streams ? co_await streamed_answer(*pipe) : co_await buffered_answer(*pipe);
  response.headers.add("x-amzn-RequestId", std::move(request_id));
  response.headers.add("X-Amzn-Trace-Id", std::move(trace));
  co_return response;
}

runtime::Invocation Urls::invocation(const runtime::FunctionUrl& url, const http::Request& request,
                                     std::string_view path, std::string_view account) {
  const auto now = clock_.now();
  const auto given = request.headers.get("X-Amzn-Trace-Id");
  runtime::Invocation out;
  out.request_id = ids_.uuid();
  out.trace_id = given.find("Root=") != given.npos ? std::string(given) : runtime::new_trace(ids_, now);
  out.invoked_arn = url.arn;
  // What an API with one route, $default, would make of it.
  LiveApi api;
  api.scope.account = url.account;
  api.record.api.apiId = url.id;
  LiveStage stage;
  stage.name = "$default";
  LiveRoute route;
  route.key.text = "$default";
  const RouteTable::PathParameters none;
  const UrlCaller caller{url.iam ? std::string(account) : "anonymous"};
  const auto host = request.headers.get("Host");
  const bool by_host = host.find(kHostLabel) != host.npos;
  const auto decoded = http::percent_decode(path);
  const auto domain = by_host ? std::string(host) : fmt::format("{}.lambda-url.localhost", url.id);
  out.payload =
      event_v2({api, stage, route, none, request, decoded, path, domain, out.request_id, out.trace_id, now,
                &caller, url.iam ? authorizer_of(request, account) : std::string()});
  return out;
}
}  // namespace emu::gateway
