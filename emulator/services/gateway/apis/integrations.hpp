// Integrations as others of this folder make them: CreateApi's quick create and the resource rows.
#pragma once
#include "emulator/api/context.hpp"
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct IntegrationOptions {
  std::string apiId;
  std::optional<std::string> connectionId, connectionType, credentialsArn, description, integrationMethod,
      integrationSubtype, integrationType, integrationUri, payloadFormatVersion;
  std::optional<StringMap> requestParameters;
  std::optional<std::map<std::string, StringMap>> responseParameters;
  std::optional<Json> contentHandlingStrategy, passthroughBehavior, requestTemplates,
      templateSelectionExpression;
  std::optional<TlsConfig> tlsConfig;
  std::optional<int> timeoutInMillis;
};
BOOST_DESCRIBE_STRUCT(IntegrationOptions, (),
                      (apiId, connectionId, connectionType, credentialsArn, description, integrationMethod,
                       integrationSubtype, integrationType, integrationUri, payloadFormatVersion,
                       requestParameters, contentHandlingStrategy, passthroughBehavior, requestTemplates,
                       responseParameters, templateSelectionExpression, tlsConfig, timeoutInMillis))
struct IntegrationInput {
  std::string apiId, integrationId;
};
BOOST_DESCRIBE_STRUCT(IntegrationInput, (), (apiId, integrationId))

Result<Integration> create_integration(Gateway& gateway, Context& context, IntegrationOptions in);
Result<Integration> change_integration(Gateway& gateway, Context& context, const std::string& id,
                                       IntegrationOptions in, Others others = Others::keep);
Result<Empty> remove_integration(Gateway& gateway, Context& context, IntegrationInput in);

// Throws if a member is absent that the others require.
void check_complete(const IntegrationOptions& in);
// Throws if an integration's VPC link is not there.
void check_link(Gateway& gateway, const Scope& scope, const Integration& integration);
// With what holds unless it is given.
Integration fresh_integration(std::string id);
// `into` with what was given; refuses what this gateway cannot do. Used also by a quick create.
void apply(IntegrationOptions in, Integration& into);
inline constexpr std::string_view kIntegrationWithoutEffect[] = {"contentHandlingStrategy", "credentialsArn",
                                                                 "passthroughBehavior", "requestTemplates",
                                                                 "templateSelectionExpression"};
}  // namespace emu::gateway
