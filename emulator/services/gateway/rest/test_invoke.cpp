// TestInvokeMethod and TestInvokeAuthorizer: run a method of an API as it is
// now, not deployed, past throttles, keys and authorizers, or ask an authorizer
// of it, and tell what happened (spec-gateway 27.2).
#include <fmt/format.h>

#include "emulator/services/gateway/authorizers/authorizers.hpp"
#include "emulator/services/gateway/responses/rest_error.hpp"
#include "emulator/services/gateway/rest/integrate.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/rest/serve.hpp"
#include "emulator/services/gateway/routing/live_api.hpp"
#include "runtime-api/trace_id.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr auto kStage = "test-invoke-stage";
constexpr Member kInvoke[] = {kRestApiId,
                              {"resourceId", Shape::text, true},
                              {"httpMethod", Shape::text, true},
                              {"pathWithQueryString"},
                              {"body"},
                              {"headers", Shape::text_map},
                              {"multiValueHeaders", Shape::any},
                              {"clientCertificateId"},
                              {"stageVariables", Shape::text_map}};
constexpr std::string_view kWithoutEffect[] = {"clientCertificateId"};

// The API as a stage of its own would serve it.
std::shared_ptr<const LiveRestApi> as_it_is(const LiveRestApi& api, const Json& variables) {
  Json record{{"api", api.record["api"]}};
  Json& snapshot = record["deployments"]["test"]["snapshot"];
  take(snapshot, api.record, {"resources", "authorizers", "models", "requestValidators", "gatewayResponses"});
  record["stages"][kStage] = {{"stageName", kStage}, {"deploymentId", "test"}, {"variables", variables}};
  return compile_rest(api.scope, std::move(record), nullptr);
}

void fill(RestApis& apis, Call& call, const std::string& verb, const Json& in) {
  call.request = {verb,
                  text(in, "pathWithQueryString", call.resource->path),
                  {},
                  text(in, "body"),
                  "test-invoke-source-ip"};
  if (!call.request.target.starts_with('/')) call.request.target.insert(0, 1, '/');
  for (const auto& [name, value] : object(in, "headers").items())
    call.request.headers.add(name, value.get<std::string>());
  for (const auto& [name, values] : object(in, "multiValueHeaders").items())
    for (const auto& value : texts(Json{{"of", values}}, "of")) call.request.headers.add(name, value);
  call.path = call.raw_path = std::string(call.request.path());
  if (auto match = call.stage->tree.find(call.path)) call.parameters = std::move(match->parameters);
  call.request_id = apis.ids().uuid();
  call.extended_id = apis.ids().text(15, Ids::kAlnum) + "=";
  call.now = apis.clock().now();
  call.trace_id = runtime::new_trace(apis.ids(), call.now);
  call.domain = "testPrefix.testDomainName";
}

Call call_of(RestApis& apis, std::shared_ptr<const LiveRestApi> api, const Json& in) {
  Call call;
  call.stage = api->stages.at(kStage);
  call.api = std::move(api);
  for (const auto& resource : call.stage->resources)
    if (resource.id == text(in, "resourceId")) call.resource = &resource;
  if (!call.resource) throw absent("Invalid Resource identifier specified");
  const auto verb = text(in, "httpMethod");
  call.method = call.resource->method(verb);
  if (!call.method) throw absent("Invalid Method identifier specified");
  fill(apis, call, verb, in);
  return call;
}

// As the console shows it (line for line what AWS writes, spec-gateway 27.2).
std::string log_of(const Call& call, const http::Response& response, Time now) {
  std::string out = fmt::format("Execution log for request {}\n", call.request_id);
  const auto line = [&](std::string_view said) { out += fmt::format("{} : {}\n", iso8601(now), said); };
  line("Starting execution for request: " + call.request_id);
  line(fmt::format("HTTP Method: {}, Resource Path: {}", call.request.method, call.path));
  line("Method request path: " + json_text(Json(std::map(call.parameters.begin(), call.parameters.end()))));
  line(fmt::format("Method request query string: {{{}}}", call.request.query()));
  line("Method request body before transformations: " + call.request.body);
  if (!call.method->uri.empty()) line("Sending request to " + call.method->uri);
  if (!call.integration.error.empty())
    line("Execution failed due to configuration error: " + call.integration.error);
  line("Method response body after transformations: " + response.body);
  line(call.integration.error.empty() ? "Successfully completed execution" : "Execution failed");
  line(fmt::format("Method completed with status: {}", response.status));
  return out;
}

awaitable<Result<Json>> test_invoke(RestApis& apis, Context& context, Json in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) co_return apis.no_such_api();
  if (!apis.backends) co_return AwsError::internal("no functions");
  auto call = call_of(apis, as_it_is(*api, object(in, "stageVariables")), in);
  auto integrated = co_await integrate(*apis.backends, call);
  http::Response response;
  if (auto* done = std::get_if<http::Response>(&integrated)) {
    response = std::move(*done);
  } else {
    const auto& failure = std::get<Failure>(integrated);
    call.integration.error = failure.why.empty() ? std::string(failure.type) : failure.why;
    response = gateway_response(call, failure.type, failure.status);
  }
  const auto now = apis.clock().now();
  Json out{{"status", response.status},
           {"body", response.body},
           {"headers", Json::object()},
           {"multiValueHeaders", Json::object()},
           {"log", log_of(call, response, now)},
           {"latency", std::chrono::duration_cast<std::chrono::milliseconds>(now - call.now).count()}};
  for (const auto& header : response.headers) {
    out["headers"][header.name] = header.value;
    out["multiValueHeaders"][header.name].push_back(header.value);
  }
  co_return out;
}

constexpr Member kAsk[] = {kRestApiId,
                           {"authorizerId", Shape::text, true},
                           {"headers", Shape::text_map},
                           {"multiValueHeaders", Shape::any},
                           {"pathWithQueryString"},
                           {"body"},
                           {"stageVariables", Shape::text_map},
                           {"additionalContext", Shape::any}};
constexpr std::string_view kAskWithoutEffect[] = {"additionalContext"};

// A request to nowhere in particular, for an authorizer to look at.
Call call_to_authorize(RestApis& apis, const LiveRestApi& api, const Json& in) {
  static const LiveResource kNowhere = [] {
    LiveResource out{"", "/", {}};
    out.methods["GET"] = {};
    return out;
  }();
  Call call;
  call.api = as_it_is(api, object(in, "stageVariables"));
  call.stage = call.api->stages.at(kStage);
  call.resource = &kNowhere;
  call.method = kNowhere.method("GET");
  fill(apis, call, "GET", in);
  return call;
}

// None: one of the values that the authorizer goes by is missing.
std::optional<Authorizers::Question> question_of(const Call& call, const Json& authorizer) {
  Authorizers::Question out;
  std::string token;
  const auto sources = text(authorizer, "identitySource");
  for (std::size_t from = 0; from < sources.size();) {
    const auto comma = std::min(sources.find(',', from), sources.size());
    auto source = sources.substr(from, comma - from);
    std::erase(source, ' ');
    from = comma + 1;
    const auto value = mapped(call, source);
    if (!value || value->empty()) return std::nullopt;
    token = *value;
  }
  const auto arn = fmt::format("arn:aws:execute-api:{}:{}:{}/{}/GET/", call.api->scope.region,
                               call.api->scope.account, call.api->id, kStage);
  out.function_arn = function_of(with_variables(text(authorizer, "authorizerUri"), call.stage->variables));
  out.trace_id = call.trace_id;
  if (text(authorizer, "type") == "TOKEN")
    out.event = json_text(Json{{"type", "TOKEN"}, {"methodArn", arn}, {"authorizationToken", token}});
  else
    out.event = event_rest_authorizer(call.event({}), arn);
  return out;
}

awaitable<Result<Json>> test_authorizer(RestApis& apis, Context& context, Json in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) co_return apis.no_such_api();
  const auto* authorizer = part_of(api->record, {"authorizers", text(in, "authorizerId")});
  if (!authorizer) co_return absent("Invalid Authorizer identifier specified");
  if (text(*authorizer, "type") == "COGNITO_USER_POOLS")
    co_return bad_request(
        "emu tries out authorizers that are functions; send "
        "the token to a method instead");
  const auto call = call_to_authorize(apis, *api, in);
  auto question = question_of(call, *authorizer);
  Json out{{"clientStatus", 401}, {"log", "Unauthorized request: " + call.request_id}, {"latency", 0}};
  if (!question || !apis.authorizers) co_return out;
  const auto answer = co_await apis.authorizers->ask(std::move(*question));
  out["latency"] = std::chrono::duration_cast<std::chrono::milliseconds>(answer.took).count();
  if (answer.unauthorized) co_return out;
  const bool valid = answer.document.is_object() && answer.document.contains("policyDocument") &&
                     answer.document.contains("principalId");
  out["clientStatus"] = valid ? 0 : 500;  // 0: the authorizer did its work, whatever it said
  out["log"] = fmt::format("Execution log for request {}\n{}\n", call.request_id,
                           valid ? "Successfully completed authorizer execution"
                                 : "Execution failed due to an invalid authorizer response");
  if (!valid) co_return out;
  out["principalId"] = text(answer.document, "principalId");
  out["policy"] = json_text(answer.document["policyDocument"]);
  co_return out;
}

constexpr Operation kRows[] = {
    row<test_authorizer, kAsk>("TestInvokeAuthorizer",
                               "POST /restapis/{restApiId}/authorizers/{authorizerId}")
        .ignoring(kAskWithoutEffect),
    row<test_invoke, kInvoke>("TestInvokeMethod",
                              "POST "
                              "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}")
        .ignoring(kWithoutEffect),
};
}  // namespace

std::span<const Operation> test_invoke_rows() { return kRows; }
}  // namespace emu::gateway::v1
