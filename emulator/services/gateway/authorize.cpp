// Who may call a route of an HTTP API: tokens, functions, signatures (spec-gateway 16.1, 16.2, 16.5).
#include <fmt/format.h>

#include "emulator/api/auth.hpp"
#include "emulator/services/gateway/authorizers/policy.hpp"
#include "emulator/services/gateway/events/event.hpp"
#include "emulator/services/gateway/gateway.hpp"
#include "emulator/services/gateway/responses/answer.hpp"

namespace emu::gateway {
namespace {
http::Response unauthorized() { return gateway_error(401, "Unauthorized"); }
http::Response forbidden() { return gateway_error(403, "Forbidden"); }

std::optional<std::string> under(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? std::optional(std::string(text.substr(prefix.size()))) : std::nullopt;
}

// "$request.header.Auth", "$request.querystring.a", "$context.routeKey", "$stageVariables.x". None: absent.
std::optional<std::string> identity_of(const EventSource& from, const std::string& source) {
  if (const auto name = under(source, "$request.header.")) {
    const auto value = from.request.headers.find(*name);
    return value && !value->empty() ? std::optional(std::string(*value)) : std::nullopt;
  }
  if (const auto name = under(source, "$request.querystring.")) {
    for (auto& [key, value] : http::parse_query(from.request.query()))
      if (key == *name && !value.empty()) return std::move(value);
    return std::nullopt;
  }
  if (const auto name = under(source, "$stageVariables.")) {
    const auto it = from.stage.variables.find(*name);
    return it == from.stage.variables.end() ? std::nullopt : std::optional(it->second);
  }
  if (source == "$context.routeKey") return from.route.key.text;
  if (source == "$context.path") return std::string(from.path);
  if (source == "$context.httpMethod") return from.request.method;
  if (source == "$context.identity.sourceIp") return from.request.client_ip;
  return std::nullopt;
}

std::string route_arn(const EventSource& source) {
  auto path = source.path;
  if (source.stage.name != "$default")
    path.remove_prefix(std::min(path.size(), source.stage.name.size() + 1));
  return fmt::format("arn:aws:execute-api:{}:{}:{}/{}/{}{}", source.api.scope.region,
                     source.api.scope.account, source.api.record.api.apiId, source.stage.name,
                     source.request.method, path);
}

// requestContext.authorizer, as either format has it.
std::string in_event(const LiveRoute& route, const char* kind, Json document) {
  return json_text(route.version_one ? std::move(document) : Json{{kind, std::move(document)}});
}

http::Response challenged(const JwtRefusal& refusal, const Strings& scopes) {
  auto out = refusal.forbidden ? forbidden() : unauthorized();
  std::string wanted;
  for (const auto& scope : scopes) wanted += (wanted.empty() ? "" : " ") + scope;
  out.headers.add("www-authenticate", fmt::format("Bearer scope=\"{}\" error=\"{}\" error_description=\"{}\"",
                                                  wanted, refusal.error, refusal.description));
  return out;
}

// Whether an authorizer function lets the request pass; none: its answer has neither shape.
std::optional<bool> lets_pass(const Json& answer, bool simple, std::string_view arn) {
  if (simple) {
    const auto said = answer.find("isAuthorized");
    return said != answer.end() && said->is_boolean() ? std::optional(said->get<bool>()) : std::nullopt;
  }
  if (!answer.contains("policyDocument") || !answer.contains("principalId")) return std::nullopt;
  return judge(answer["policyDocument"], arn) == Verdict::allowed;
}
}  // namespace

awaitable<std::optional<http::Response>> Gateway::authorize(EventSource& source) {
  const auto& route = source.route;
  if (route.authorization == "JWT" && route.authorizer) co_return co_await check_token(source);
  if (route.authorization == "CUSTOM" && route.authorizer) co_return co_await ask_function(source);
  if (route.authorization != "AWS_IAM") co_return internal_server_error();
  // Any well-formed signature is taken, as everywhere in emu.
  const auto by = signed_by(source.request);
  if (by.access_key.empty()) co_return forbidden();
  const auto account = account_of(by.access_key);
  const auto arn = fmt::format("arn:aws:iam::{}:root", account);
  if (route.version_one)
    source.identity = {by.access_key, account, by.access_key, by.access_key, arn, {}, {}};
  else
    source.authorizer = json_text(Json{{"iam",
                                        {{"accessKey", by.access_key},
                                         {"accountId", account},
                                         {"callerId", by.access_key},
                                         {"cognitoIdentity", nullptr},
                                         {"principalOrgId", nullptr},
                                         {"userArn", arn},
                                         {"userId", by.access_key}}}});
  co_return std::nullopt;
}

awaitable<std::optional<http::Response>> Gateway::check_token(EventSource& source) {
  const auto& authorizer = *source.route.authorizer;
  const auto sources = authorizer.identitySource.value_or(Strings{});
  const auto given = sources.empty() ? std::nullopt : identity_of(source, sources.front());
  if (!given) {
    auto out = unauthorized();
    out.headers.add("www-authenticate", "Bearer");
    co_return out;
  }
  const auto parts = take_apart(bearer(*given));
  if (!parts) co_return challenged({"invalid_token", "the token is malformed"}, {});
  const auto configuration = authorizer.jwtConfiguration.value_or(JwtConfiguration{});
  const JwtRules rules{configuration.issuer.value_or(""), configuration.audience.value_or(Strings{}),
                       source.route.scopes};
  const auto keys = co_await authorizers.keys_of(rules.issuer);
  if (keys.is_null()) co_return challenged({"invalid_token", "the issuer's keys cannot be read"}, {});
  const auto checked = gateway::check_token(*parts, rules, keys, source.now);
  if (const auto* refusal = std::get_if<JwtRefusal>(&checked))
    co_return challenged(*refusal, source.route.scopes);
  const auto& claims = std::get<Jwt>(checked).claims;
  const Json scopes = source.route.scopes.empty() ? Json() : Json(source.route.scopes);
  source.authorizer = in_event(source.route, "jwt", {{"claims", claims_as_text(claims)}, {"scopes", scopes}});
  co_return std::nullopt;
}

awaitable<std::optional<http::Response>> Gateway::ask_function(EventSource& source) {
  const auto& authorizer = *source.route.authorizer;
  const auto& api_id = source.api.record.api.apiId;
  Strings identity;
  for (const auto& each : authorizer.identitySource.value_or(Strings{})) {
    auto value = identity_of(source, each);
    if (!value) co_return unauthorized();
    identity.push_back(std::move(*value));
  }
  const auto arn = route_arn(source);
  const bool simple = authorizer.enableSimpleResponses.value_or(false);
  Authorizers::Question question;
  question.function_arn =
      function_of(with_variables(authorizer.authorizerUri.value_or(""), source.stage.variables));
  question.event = authorizer.authorizerPayloadFormatVersion == "2.0"
                       ? authorizer_event_v2(source, arn, identity)
                       : authorizer_event_v1(source, arn, identity);
  question.trace_id = source.trace_id;
  question.ttl = std::chrono::seconds(authorizer.authorizerResultTtlInSeconds.value_or(0));
  if (!identity.empty()) {
    question.cache_key = fmt::format("{}/{}/{}", api_id, source.stage.name, authorizer.authorizerId);
    for (const auto& value : identity) question.cache_key += "\n" + value;
  }
  const auto answer = co_await authorizers.ask(std::move(question));
  if (answer.unauthorized) co_return unauthorized();
  if (!answer.document.is_object()) co_return internal_server_error();
  const auto passes = lets_pass(answer.document, simple, arn);
  if (!passes) co_return internal_server_error();
  if (!*passes) co_return forbidden();
  Json context = answer.document.value("context", Json::object());
  if (!context.is_object()) co_return internal_server_error();
  if (!simple && source.route.version_one) context["principalId"] = answer.document["principalId"];
  source.authorizer = in_event(source.route, "lambda", std::move(context));
  co_return std::nullopt;
}
}  // namespace emu::gateway
