#include <fmt/format.h>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/log.hpp"
#include "emulator/services/gateway/actions/subtypes.hpp"
#include "emulator/services/gateway/apis/vpc_links.hpp"
#include "emulator/services/gateway/events/event.hpp"
#include "emulator/services/gateway/events/event_parts.hpp"
#include "emulator/services/gateway/gateway.hpp"
#include "emulator/services/gateway/invoke.hpp"
#include "emulator/services/gateway/limits.hpp"
#include "emulator/services/gateway/proxy.hpp"
#include "emulator/services/gateway/responses/answer.hpp"
#include "emulator/services/gateway/responses/cors.hpp"
#include "emulator/services/gateway/routing/address.hpp"

namespace emu::gateway {
namespace {
// The first segment names the stage, else the stage is $default. Takes a spelt-out "/$default" off the path:
// that stage never shows in it.
struct Staged {
  const LiveStage* stage = nullptr;
  std::string_view path;  // below the stage
};
Staged stage_of(const LiveApi& api, Address& address) {
  const auto segment_end = [](std::string_view path) { return std::min(path.find('/', 1), path.size()); };
  const auto below = [](std::string_view path, std::size_t end) {
    return end == path.size() ? std::string_view("/") : path.substr(end);
  };
  const auto end = segment_end(address.path);
  const auto first = std::string_view(address.path).substr(1, end - 1);
  if (address.default_stage) {
    const auto mapped = api.stages.find("$default");
    return mapped == api.stages.end() ? Staged{} : Staged{&mapped->second, address.path};
  }
  if (first == "$default" && !address.by_host) {
    address.path = std::string(below(address.path, end));
    address.raw_path = std::string(below(address.raw_path, segment_end(address.raw_path)));
  } else if (const auto named = api.stages.find(first); named != api.stages.end() && first != "$default") {
    return {&named->second, below(address.path, end)};
  } else if (address.stage_is_explicit) {
    return {};
  }
  const auto fallback = api.stages.find("$default");
  return fallback == api.stages.end() ? Staged{} : Staged{&fallback->second, address.path};
}

// In the integration's format, of the request as its mappings make it.
std::string event_of(const EventSource& source) {
  const auto write = [](const EventSource& of) { return of.route.version_one ? event_v1(of) : event_v2(of); };
  const auto& mapped = source.route.mapped;
  if (!mapped || !mapped->requestParameters) return write(source);
  const auto other = altered(source, *mapped->requestParameters);
  const EventSource changed{source.api, source.stage,   source.route,      source.parameters, other.request,
                            other.path, other.raw_path, source.domain,     source.request_id, source.trace_id,
                            source.now, source.url,     source.authorizer, source.identity};
  return write(changed);
}

// $context as access logs of HTTP APIs have it (spec-gateway 22), before anything is known of the route.
Json context_of(const LiveApi& api, const LiveStage& stage, const Address& address,
                const http::Request& request, const std::string& request_id, Time now) {
  const auto domain = domain_of(api.record.api.apiId, address, request);
  return {{"accountId", api.scope.account},
          {"apiId", api.record.api.apiId},
          {"domainName", domain},
          {"domainPrefix", domain.substr(0, domain.find('.'))},
          {"extendedRequestId", request_id},
          {"httpMethod", request.method},
          {"identity", {{"sourceIp", request.client_ip}, {"userAgent", request.headers.get("user-agent")}}},
          {"path", address.path},
          {"protocol", request.version},
          {"requestId", request_id},
          {"requestTime", log_time(now)},
          {"requestTimeEpoch", std::to_string(epoch_ms(now))},
          {"stage", stage.name}};
}

// Who authorized it: claims, a function's context, a signer.
void add_authorizer(Json& context, const EventSource& source) {
  auto told = bounded_parse(source.authorizer);
  if (!told.is_object()) return;
  for (const auto* kind : {"jwt", "lambda"})
    if (told.contains(kind)) told = Json(told[kind]);
  if (const auto signer = told.find("iam"); signer != told.end() && signer->is_object()) {
    Json& identity = context["identity"];
    for (const auto& [from, to] : {std::pair{"accessKey", "caller"},
                                   {"accountId", "accountId"},
                                   {"userArn", "userArn"},
                                   {"userId", "user"}})
      if (signer->contains(from)) identity[to] = (*signer)[from];
    return;
  }
  context["authorizer"] = std::move(told);
}

// What the gateway itself answered, and an authorizer's reason for it.
void add_error(Json& context, const http::Response& response) {
  const auto body = bounded_parse(response.body);
  if (body.is_object() && body.contains("message") && body["message"].is_string()) {
    context["error"]["message"] = body["message"];
    context["error"]["messageString"] = json_text(body["message"]);
  }
  static constexpr std::string_view kWhy = "error_description=\"";
  const auto challenge = response.headers.get("www-authenticate");
  if (const auto at = challenge.find(kWhy); at != challenge.npos) {
    const auto why = challenge.substr(at + kWhy.size());
    context["authorizer"]["error"] = why.substr(0, why.find('"'));
  }
}

http::Response response_to(Result<runtime::Outcome> outcome, const LiveRoute& route) {
  if (!outcome) {
    if (outcome.error().http_status == 413) return gateway_error(413, "Request Entity Too Large");
    log_warning(fmt::format("{}: {} could not be invoked: {}", route.key.text, route.function_arn,
                            outcome.error().message));
    return internal_server_error();
  }
  switch (outcome->kind) {
    case runtime::Outcome::Kind::throttled:
      log_warning(fmt::format("{}: {} was throttled: {}", route.key.text, route.function_arn,
                              outcome->throttle_reason));
      return service_unavailable();
    case runtime::Outcome::Kind::function_error:  // decided by the flag, never by the payload
                                                  // (spec-gateway 8.1)
      return internal_server_error();
    case runtime::Outcome::Kind::ok:
      break;
  }
  return route.version_one ? answer_v1(std::move(outcome->payload)) : answer_v2(std::move(outcome->payload));
}
}  // namespace

// Of a private integration whose URI names a load balancer or a service: what stands for it here.
std::optional<std::string> Gateway::behind_link(const EventSource& source) {
  const auto& integration = *source.route.http;
  if (integration.connectionType != "VPC_LINK" || !integration.integrationUri.starts_with("arn:"))
    return std::nullopt;
  const auto id = integration.connectionId.value_or("");
  auto url = behind(*this, source.api.scope, id);
  if (!url)
    log_warning(
        fmt::format("{}: the VPC link {} leads nowhere: its tag {} is to say an address of this machine",
                    source.route.key.text, id, kBehindTag));
  return url;
}

awaitable<http::Response> Gateway::serve(http::Request request) {
  auto address = address_of(request);
  return serve(std::move(address), std::move(request));
}

awaitable<http::Response> Gateway::serve(std::optional<Address> address, http::Request request) {
  auto request_id = ids_.text(15, Ids::kAlnum) + "=";
  const auto all = apis();
  const auto it = address ? all->find(address->api_id) : all->end();
  if (it == all->end())
    co_return gateway_error(404,
                            fmt::format("The API id '{}' does not correspond to a deployed API Gateway API",
                                        address ? address->api_id : ""));
  const Current api = it->second;
  const auto& cors = api->record.api.corsConfiguration;
  // Kept for the CORS headers of the response; the request itself moves on into the invocation.
  std::optional<http::Request> asked;
  if (cors) asked.emplace(http::Request{request.method, request.target, request.headers, {}, {}});
  Trail trail;
  const auto began = clock_.now();
  const auto received = request.body.size();
  auto response = co_await answer(api, std::move(*address), std::move(request), request_id, trail);
  if (cors) add_cors(*cors, *asked, response);
  if (trail.context.is_object()) {
    const auto now = clock_.now();
    if (!trail.integration.took) add_error(trail.context, response);
    complete_context(trail.context, received, response, trail.integration, now - began);
    access_logs.write(*trail.stage->access_log, trail.stage->name, trail.context, now);
  }
  response.headers.add("apigw-requestid", std::move(request_id));
  co_return response;
}

awaitable<http::Response> Gateway::answer(Current api, Address address, http::Request request,
                                          std::string request_id, Trail& trail) {
  if (api->record.api.disableExecuteApiEndpoint && !address.base) co_return not_found();
  if (request.body.size() > kMaxBody) co_return gateway_error(413, "Request Entity Too Large");
  if (headers_too_large(request)) co_return gateway_error(431, "Request Header Fields Too Large");
  const auto staged = stage_of(*api, address);
  if (!staged.stage) co_return not_found();
  trail.stage = staged.stage;
  if (access_logs.sink && staged.stage->access_log)
    trail.context = context_of(*api, *staged.stage, address, request, request_id, clock_.now());
  auto match = staged.stage->table.find(request.method, staged.path);
  const bool has_cors = api->record.api.corsConfiguration.has_value();
  if (!match) co_return has_cors&& is_preflight(request) ? http::Response{204, {}, {}} : not_found();
  co_return co_await invoke(std::move(api), *staged.stage, std::move(*match), std::move(address),
                            std::move(request), std::move(request_id), trail);
}

awaitable<http::Response> Gateway::invoke(Current api, const LiveStage& stage, RouteTable::Match match,
                                          Address address, http::Request request, std::string request_id,
                                          Trail& trail) {
  const auto& route = stage.routes[match.route];
  const bool logs = trail.context.is_object();
  if (logs) trail.context["routeKey"] = route.key.text;
  const auto now = clock_.now();
  if (!throttles.take(route.bucket, route.limit, now) ||
      !throttles.take(api->account_bucket, throttles.account, now))
    co_return gateway_error(429, "Too Many Requests");
  const auto trace = trace_of(request, now, ids_);
  EventSource source{*api,
                     stage,
                     route,
                     match.parameters,
                     request,
                     address.path,
                     address.raw_path,
                     domain_of(api->record.api.apiId, address, request),
                     request_id,
                     trace,
                     now};
  if (route.authorization != "NONE") {
    auto refused = co_await authorize(source);
    if (refused) co_return std::move(*refused);
  }
  if (logs) add_authorizer(trail.context, source);
  const auto began = clock_.now();
  if (route.http || (route.action && services_)) {
    auto response = route.http ? co_await proxied(source, behind_link(source))
                               : co_await acted(clock_, services_, source);
    trail.integration.took = clock_.now() - began;
    trail.integration.status = trail.integration.call_status = response.status;
    co_return response;
  }
  if (route.function_arn.empty()) co_return internal_server_error();
  if (!request.body.empty() && !is_text(request.headers.get("content-type")) &&
      !warned_of_base64_.exchange(true))
    log_warning(fmt::format("{}: the body was handed over base64-encoded, as AWS does for content-type '{}'",
                            route.key.text, request.headers.get("content-type")));
  co_return co_await call_function(source, trail);
}

awaitable<http::Response> Gateway::call_function(const EventSource& source, Trail& trail) {
  const auto& route = source.route;
  const auto began = clock_.now();
  auto event = event_of(source);
  auto invoked = co_await invoke_in_time(clock_, functions_, ids_, route.function_arn, std::move(event),
                                         std::string(source.trace_id), route.timeout);
  auto& told = trail.integration;
  told.took = clock_.now() - began;
  told.request_id = invoked.request_id;
  if (invoked.late) {
    told.error = "Endpoint request timed out";
    co_return service_unavailable();
  }
  const bool ran = invoked.outcome && invoked.outcome->kind != runtime::Outcome::Kind::throttled;
  const bool failed = ran && invoked.outcome->kind == runtime::Outcome::Kind::function_error;
  told.call_status = ran ? 200 : invoked.outcome ? 429 : invoked.outcome.error().http_status;
  if (!invoked.outcome) told.error = invoked.outcome.error().message;
  if (invoked.outcome && !ran) told.error = invoked.outcome->throttle_reason;
  const auto said = failed ? invoked.outcome->payload : std::string();
  auto response = response_to(std::move(invoked.outcome), route);
  if (failed) told.error = said;
  if (!ran || failed) co_return response;
  told.status = response.status;
  if (!route.mapped) co_return response;
  co_return mapped_answer(source, route.mapped->responseParameters, std::move(response));
}
}  // namespace emu::gateway
