#include "emulator/services/gateway/apis/authorizers.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"

namespace emu::gateway {
namespace {
struct UpdateAuthorizerInput : AuthorizerOptions {
  std::string authorizerId;
};
BOOST_DESCRIBE_STRUCT(UpdateAuthorizerInput, (),
                      (apiId, authorizerCredentialsArn, authorizerId, authorizerPayloadFormatVersion,
                       authorizerResultTtlInSeconds, authorizerType, authorizerUri, enableSimpleResponses,
                       identitySource, identityValidationExpression, jwtConfiguration, name))
struct AuthorizerList {
  std::vector<Authorizer> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(AuthorizerList, (), (items, nextToken))

AwsError no_such_authorizer() { return absent("Invalid Authorizer identifier specified"); }

void check_jwt(const Authorizer& authorizer) {
  if (!authorizer.jwtConfiguration || !authorizer.jwtConfiguration->issuer)
    throw bad_request("JwtConfiguration with an issuer is required for authorizer type JWT");
  if (authorizer.identitySource->size() != 1)
    throw bad_request("A JWT authorizer has exactly one identity source");
}

void check_request(const Authorizer& authorizer) {
  if (!authorizer.authorizerUri || function_of(*authorizer.authorizerUri).empty())
    throw bad_request(fmt::format("Invalid Authorizer URI: {}", authorizer.authorizerUri.value_or("")));
  if (!authorizer.authorizerPayloadFormatVersion)
    throw bad_request("AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer");
  const auto& version = *authorizer.authorizerPayloadFormatVersion;
  if (version != "1.0" && version != "2.0")
    throw bad_request("AuthorizerPayloadFormatVersion must be 1.0 or 2.0");
  if (authorizer.enableSimpleResponses.value_or(false) && version != "2.0")
    throw bad_request("EnableSimpleResponses is only supported for AuthorizerPayloadFormatVersion 2.0");
  const auto ttl = authorizer.authorizerResultTtlInSeconds.value_or(0);
  if (ttl < 0 || ttl > 3600) throw bad_request("AuthorizerResultTtlInSeconds must be between 0 and 3600");
  if (ttl > 0 && authorizer.identitySource->empty())
    throw bad_request("IdentitySource is required when caching is enabled");
}

// spec-gateway 16.1, 16.2
void check(const Authorizer& authorizer) {
  if (authorizer.authorizerType == "JWT") return check_jwt(authorizer);
  if (authorizer.authorizerType != "REQUEST")
    throw bad_request("Invalid authorizer type specified. Must be one of [REQUEST, JWT]");
  check_request(authorizer);
}

std::vector<Authorizer>& all_of(ApiRecord& record) {
  if (!record.authorizers) record.authorizers.emplace();
  return *record.authorizers;
}

Result<Authorizer> update(Gateway& gateway, Context& context, UpdateAuthorizerInput in) {
  const auto id = in.authorizerId;
  return change_authorizer(gateway, context, id, std::move(in));
}

Result<Authorizer> get(Gateway& gateway, Context& context, AuthorizerInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  if (!api->record.authorizers) return no_such_authorizer();
  return copy_of(find_by(*api->record.authorizers, &Authorizer::authorizerId, in.authorizerId),
                 no_such_authorizer());
}

Result<AuthorizerList> list(Gateway& gateway, Context& context, ListInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  auto part = page(api->record.authorizers.value_or(std::vector<Authorizer>{}), in.maxResults, in.nextToken);
  return AuthorizerList{std::move(part.items), std::move(part.nextToken)};
}

constexpr Operation kRows[] = {
    rest<create_authorizer>("CreateAuthorizer", "POST /v2/apis/{apiId}/authorizers", 201)
        .ignoring(kAuthorizerWithoutEffect),
    rest<get>("GetAuthorizer", "GET /v2/apis/{apiId}/authorizers/{authorizerId}"),
    rest<list>("GetAuthorizers", "GET /v2/apis/{apiId}/authorizers?maxResults&nextToken"),
    rest<update>("UpdateAuthorizer", "PATCH /v2/apis/{apiId}/authorizers/{authorizerId}")
        .ignoring(kAuthorizerWithoutEffect),
    rest<remove_authorizer>("DeleteAuthorizer", "DELETE /v2/apis/{apiId}/authorizers/{authorizerId}", 204),
};
}  // namespace

std::span<const Operation> authorizer_operations() { return kRows; }

void apply(AuthorizerOptions in, Authorizer& into) {
  if (in.authorizerCredentialsArn) into.authorizerCredentialsArn = std::move(in.authorizerCredentialsArn);
  if (in.authorizerPayloadFormatVersion)
    into.authorizerPayloadFormatVersion = std::move(in.authorizerPayloadFormatVersion);
  if (in.authorizerResultTtlInSeconds) into.authorizerResultTtlInSeconds = in.authorizerResultTtlInSeconds;
  if (in.authorizerType) into.authorizerType = std::move(*in.authorizerType);
  if (in.authorizerUri) into.authorizerUri = std::move(in.authorizerUri);
  if (in.enableSimpleResponses) into.enableSimpleResponses = in.enableSimpleResponses;
  if (in.identitySource) into.identitySource = std::move(in.identitySource);
  if (in.identityValidationExpression)
    into.identityValidationExpression = std::move(in.identityValidationExpression);
  if (in.jwtConfiguration) into.jwtConfiguration = std::move(in.jwtConfiguration);
  if (in.name) into.name = std::move(*in.name);
  if (!into.identitySource) into.identitySource = Strings{};
  check(into);
}

Result<Authorizer> create_authorizer(Gateway& gateway, Context& context, AuthorizerOptions in) {
  if (!in.name) throw wire::Missing("name");
  if (!in.authorizerType) throw wire::Missing("authorizerType");
  const auto api_id = in.apiId;
  Authorizer made{.authorizerId = gateway.new_id(6)};
  apply(std::move(in), made);
  return gateway.change(context.scope, api_id, [&](ApiRecord& record) -> Result<Authorizer> {
    if (find_by(all_of(record), &Authorizer::name, made.name))
      return bad_request(fmt::format("Authorizer with name {} already exists for this API", made.name));
    all_of(record).push_back(made);
    return made;
  });
}

Result<Authorizer> change_authorizer(Gateway& gateway, Context& context, const std::string& id,
                                     AuthorizerOptions in, Others others) {
  return gateway.change(context.scope, std::string(in.apiId), [&](ApiRecord& record) -> Result<Authorizer> {
    auto* found = find_by(all_of(record), &Authorizer::authorizerId, id);
    if (!found) return no_such_authorizer();
    if (others == Others::reset)
      *found = {.authorizerId = id, .authorizerType = found->authorizerType, .name = found->name};
    apply(std::move(in), *found);
    return *found;
  });
}

Result<Empty> remove_authorizer(Gateway& gateway, Context& context, AuthorizerInput in) {
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Empty> {
    if (!find_by(all_of(record), &Authorizer::authorizerId, in.authorizerId)) return no_such_authorizer();
    for (const auto& route : record.routes)
      if (route.authorizerId == in.authorizerId)
        return conflict(fmt::format("Cannot delete Authorizer '{}', it is referenced by Route '{}'",
                                    in.authorizerId, route.routeId));
    std::erase_if(all_of(record), [&](const Authorizer& a) { return a.authorizerId == in.authorizerId; });
    return Empty{};
  });
}
}  // namespace emu::gateway
