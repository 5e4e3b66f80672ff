// APIs as the resource rows make them.
#pragma once
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct ApiOptions {
  std::optional<Json> apiKeySelectionExpression, credentialsArn, disableSchemaValidation;
  std::optional<Cors> corsConfiguration;
  std::optional<std::string> description, ipAddressType, name, protocolType, routeKey,
      routeSelectionExpression, target, version;
  std::optional<bool> disableExecuteApiEndpoint;
  std::optional<StringMap> tags;
};
BOOST_DESCRIBE_STRUCT(ApiOptions, (),
                      (apiKeySelectionExpression, credentialsArn, disableSchemaValidation, corsConfiguration,
                       description, ipAddressType, name, protocolType, routeKey, routeSelectionExpression,
                       target, version, disableExecuteApiEndpoint, tags))
inline constexpr std::string_view kApiWithoutEffect[] = {"apiKeySelectionExpression", "credentialsArn",
                                                         "disableSchemaValidation", "ipAddressType"};
struct ApiInput {
  std::string apiId;
};
BOOST_DESCRIBE_STRUCT(ApiInput, (), (apiId))

// `into` with what was given; throws what refuses it.
void apply(ApiOptions in, Api& into);
// What a template does not say is as for a new API.
void reset(Api& api);
// As its operations show it: with an address that works here.
Api shown_api(const Context& context, Api api);
Api fresh_api(Gateway& gateway);  // with what holds unless it is given
Result<Api> create_api(Gateway& gateway, Context& context, ApiOptions in);
Result<Api> change_api(Gateway& gateway, Context& context, const std::string& id, ApiOptions in,
                       Others others = Others::keep);
Result<Empty> remove_api(Gateway& gateway, Context& context, ApiInput in);
}  // namespace emu::gateway
