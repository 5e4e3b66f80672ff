// Authorizers of HTTP APIs, as the resource rows make them, too.
#pragma once
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct AuthorizerOptions {
  std::string apiId;
  std::optional<std::string> authorizerCredentialsArn, authorizerPayloadFormatVersion;
  std::optional<int> authorizerResultTtlInSeconds;
  std::optional<std::string> authorizerType, authorizerUri;
  std::optional<bool> enableSimpleResponses;
  std::optional<Strings> identitySource;
  std::optional<std::string> identityValidationExpression;
  std::optional<JwtConfiguration> jwtConfiguration;
  std::optional<std::string> name;
};
BOOST_DESCRIBE_STRUCT(AuthorizerOptions, (),
                      (apiId, authorizerCredentialsArn, authorizerPayloadFormatVersion,
                       authorizerResultTtlInSeconds, authorizerType, authorizerUri, enableSimpleResponses,
                       identitySource, identityValidationExpression, jwtConfiguration, name))
struct AuthorizerInput {
  std::string apiId, authorizerId;
};
BOOST_DESCRIBE_STRUCT(AuthorizerInput, (), (apiId, authorizerId))
inline constexpr std::string_view kAuthorizerWithoutEffect[] = {"authorizerCredentialsArn",
                                                                "identityValidationExpression"};

// `into` with what was given; throws what refuses it.
void apply(AuthorizerOptions in, Authorizer& into);
Result<Authorizer> create_authorizer(Gateway& gateway, Context& context, AuthorizerOptions in);
Result<Authorizer> change_authorizer(Gateway& gateway, Context& context, const std::string& id,
                                     AuthorizerOptions in, Others others = Others::keep);
Result<Empty> remove_authorizer(Gateway& gateway, Context& context, AuthorizerInput in);
}  // namespace emu::gateway
