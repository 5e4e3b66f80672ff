// Custom domain names and API mappings of API Gateway v2, as the resource rows make them, too. They are the
// documents of rest/domains.hpp, seen as this API shows them.
#pragma once
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct DomainNameConfiguration {
  std::optional<std::string> apiGatewayDomainName, certificateArn, certificateName, certificateUploadDate,
      domainNameStatus, domainNameStatusMessage, endpointType, hostedZoneId, ipAddressType,
      ownershipVerificationCertificateArn, securityPolicy;
};
BOOST_DESCRIBE_STRUCT(DomainNameConfiguration, (),
                      (apiGatewayDomainName, certificateArn, certificateName, certificateUploadDate,
                       domainNameStatus, domainNameStatusMessage, endpointType, hostedZoneId, ipAddressType,
                       ownershipVerificationCertificateArn, securityPolicy))
struct DomainName {
  std::string apiMappingSelectionExpression, domainName;
  std::vector<DomainNameConfiguration> domainNameConfigurations;
  StringMap tags;
};
BOOST_DESCRIBE_STRUCT(DomainName, (),
                      (apiMappingSelectionExpression, domainName, domainNameConfigurations, tags))
struct DomainNameOptions {
  std::string domainName;
  std::optional<std::vector<DomainNameConfiguration>> domainNameConfigurations;
  std::optional<Json> mutualTlsAuthentication, routingMode;
  std::optional<StringMap> tags;
};
BOOST_DESCRIBE_STRUCT(DomainNameOptions, (),
                      (domainName, domainNameConfigurations, mutualTlsAuthentication, routingMode, tags))
inline constexpr std::string_view kDomainNameWithoutEffect[] = {"mutualTlsAuthentication", "routingMode"};
struct DomainNameInput {
  std::string domainName;
};
BOOST_DESCRIBE_STRUCT(DomainNameInput, (), (domainName))

struct ApiMapping {
  std::string apiId, apiMappingId, apiMappingKey, stage;
};
BOOST_DESCRIBE_STRUCT(ApiMapping, (), (apiId, apiMappingId, apiMappingKey, stage))
struct ApiMappingOptions {
  std::optional<std::string> apiId, apiMappingKey;
  std::string domainName;
  std::optional<std::string> stage;
};
BOOST_DESCRIBE_STRUCT(ApiMappingOptions, (), (apiId, apiMappingKey, domainName, stage))
struct ApiMappingInput {
  std::string apiMappingId, domainName;
};
BOOST_DESCRIBE_STRUCT(ApiMappingInput, (), (apiMappingId, domainName))

Result<DomainName> create_domain_name(Gateway& gateway, Context& context, DomainNameOptions in);
Result<DomainName> change_domain_name(Gateway& gateway, Context& context, DomainNameOptions in);
Result<Empty> remove_domain_name(Gateway& gateway, Context& context, DomainNameInput in);
Result<ApiMapping> create_api_mapping(Gateway& gateway, Context& context, ApiMappingOptions in);
Result<ApiMapping> change_api_mapping(Gateway& gateway, Context& context, const std::string& id,
                                      ApiMappingOptions in);
Result<Empty> remove_api_mapping(Gateway& gateway, Context& context, ApiMappingInput in);
}  // namespace emu::gateway
