// Who may call a method of a REST API: Lambda authorizers, user pools and signatures
// (spec-gateway 16.3-16.5).
#include <fmt/format.h>

#include <algorithm>

#include "emulator/api/auth.hpp"
#include "emulator/services/gateway/authorizers/policy.hpp"
#include "emulator/services/gateway/authorizers/user_pools.hpp"
#include "emulator/services/gateway/patterns.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/rest/serve.hpp"
#include "emulator/services/gateway/routing/live_api.hpp"

namespace emu::gateway::v1 {
namespace {
std::string method_arn(const Call& call) {
  return fmt::format("arn:aws:execute-api:{}:{}:{}/{}/{}/{}", call.api->scope.region, call.api->scope.account,
                     call.api->id, call.stage->name, call.request.method,
                     std::string_view(call.path).substr(std::min<std::size_t>(1, call.path.size())));
}

// The values an authorizer goes by: "method.request.header.A, method.request.querystring.b". None: one is
// missing.
std::optional<std::vector<std::string>> identity_of(const Call& call, const std::string& sources) {
  std::vector<std::string> out;
  for (auto rest = std::string_view(sources); !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    auto source = rest.substr(0, comma);
    rest.remove_prefix(std::min(rest.size(), comma + 1));
    while (source.starts_with(' ')) source.remove_prefix(1);
    while (source.ends_with(' ')) source.remove_suffix(1);
    if (source.empty()) continue;
    auto value = mapped(call, std::string(source));
    if (!value || value->empty()) return std::nullopt;
    out.push_back(std::move(*value));
  }
  return out;
}

bool valid_token(const std::string& expression, const std::string& token) {
  return expression.empty() || matches_whole(expression, token);
}

// requestContext.authorizer: the context's values as texts. None: it has something that AWS does not take.
std::optional<Json> authorizer_of(const Json& answer, Duration took) {
  if (!answer.contains("principalId") || !answer["principalId"].is_string()) return std::nullopt;
  Json out{{"principalId", answer["principalId"]},
           {"integrationLatency", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}};
  const auto context = answer.find("context");
  if (context == answer.end() || context->is_null()) return out;
  if (!context->is_object()) return std::nullopt;
  for (const auto& [name, value] : context->items()) {
    if (value.is_structured()) return std::nullopt;
    out[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return out;
}
}  // namespace

awaitable<RestPlane::Refused> RestPlane::authorize(Call& call) {
  const auto& type = call.method->authorization;
  if (type == "NONE") co_return std::nullopt;
  if (type == "AWS_IAM") co_return take_signer(call);
  if (type == "CUSTOM" && call.method->authorizer.is_object()) co_return co_await ask_function(call);
  if (type == "COGNITO_USER_POOLS" && call.method->authorizer.is_object())
    co_return co_await check_token(call);
  co_return gateway_response(call, "UNAUTHORIZED");
}

// Any well-formed signature is taken, as everywhere in emu.
RestPlane::Refused RestPlane::take_signer(Call& call) {
  const auto by = signed_by(call.request);
  if (by.access_key.empty()) return gateway_response(call, "MISSING_AUTHENTICATION_TOKEN");
  const auto account = account_of(by.access_key);
  call.identity.access_key = call.identity.caller = call.identity.user = by.access_key;
  call.identity.account = account;
  call.identity.user_arn = fmt::format("arn:aws:iam::{}:root", account);
  return std::nullopt;
}

awaitable<RestPlane::Refused> RestPlane::check_token(Call& call) {
  const auto& method = *call.method;
  const auto given = mapped(call, text(method.authorizer, "identitySource"));
  const auto parts = given ? take_apart(bearer(*given)) : std::nullopt;
  if (!parts) co_return gateway_response(call, "UNAUTHORIZED");
  const auto issuer = text(parts->claims, "iss");
  const auto pools = texts(method.authorizer, "providerARNs");
  // With scopes a method wants an access token, without them an identity token.
  const auto use = text(parts->claims, "token_use");
  const bool fits = use.empty() || (use == "access") == !method.scopes.empty();
  const auto audience = text(parts->claims, "aud", text(parts->claims, "client_id"));
  if (!fits || !is_pool(issuer, pools) ||
      !valid_token(text(method.authorizer, "identityValidationExpression"), audience))
    co_return gateway_response(call, "UNAUTHORIZED");
  const auto keys = co_await authorizers_.keys_of(issuer);
  if (keys.is_null()) co_return gateway_response(call, "UNAUTHORIZED");
  const auto checked = gateway::check_token(*parts, {issuer, {}, method.scopes}, keys, call.now);
  if (const auto* refusal = std::get_if<JwtRefusal>(&checked)) {
    const bool expired = refusal->description == "the token has expired";
    co_return gateway_response(call, "UNAUTHORIZED", 0, expired ? "The incoming token has expired" : "");
  }
  call.authorizer = {{"claims", pool_claims(parts->claims)}};
  co_return std::nullopt;
}

awaitable<RestPlane::Refused> RestPlane::ask_function(Call& call) {
  const Json& authorizer = call.method->authorizer;
  const auto identity = identity_of(call, text(authorizer, "identitySource"));
  const bool token = text(authorizer, "type") == "TOKEN";
  const bool valid =
      identity &&
      (!token || (identity->size() == 1 &&
                  valid_token(text(authorizer, "identityValidationExpression"), identity->front())));
  if (!valid) co_return gateway_response(call, "UNAUTHORIZED");
  const auto arn = method_arn(call);
  Authorizers::Question question;
  question.function_arn =
      function_of(with_variables(text(authorizer, "authorizerUri"), call.stage->variables));
  question.trace_id = call.trace_id;
  question.ttl = std::chrono::seconds(
      std::clamp<std::int64_t>(number(authorizer, "authorizerResultTtlInSeconds", 300), 0, 3600));
  if (!identity->empty()) {
    question.cache_key = fmt::format("{}/{}/{}/{}", apis_.flushes.load(), call.api->id, call.stage->name,
                                     text(authorizer, "id"));
    for (const auto& value : *identity) question.cache_key += "\n" + value;
  }
  if (token)
    question.event =
        json_text(Json{{"type", "TOKEN"}, {"methodArn", arn}, {"authorizationToken", identity->front()}});
  else
    question.event = event_rest_authorizer(call.event({}), arn);
  auto answer = co_await authorizers_.ask(std::move(question));
  if (answer.unauthorized) co_return gateway_response(call, "UNAUTHORIZED");
  if (!answer.document.is_object()) co_return gateway_response(call, "AUTHORIZER_FAILURE");
  auto context = authorizer_of(answer.document, answer.took);
  if (!context || !answer.document.contains("policyDocument"))
    co_return gateway_response(call, "AUTHORIZER_CONFIGURATION_ERROR");
  switch (judge(answer.document["policyDocument"], arn)) {
    case Verdict::denied:
      co_return gateway_response(call, "ACCESS_DENIED", 0,
                                 "User is not authorized to access this resource with an explicit deny");
    case Verdict::not_allowed:
      co_return gateway_response(call, "ACCESS_DENIED");
    case Verdict::allowed:
      break;
  }
  call.authorizer = std::move(*context);
  call.usage_key = text(answer.document, "usageIdentifierKey");
  co_return std::nullopt;
}
}  // namespace emu::gateway::v1
