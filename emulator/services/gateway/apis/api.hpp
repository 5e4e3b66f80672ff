// An HTTP API as it is kept on disk and as its operations show it: described structs spelled as API Gateway's
// JSON spells them (camelCase). One row of Space::apis holds everything of one API. On disk: members may be
// added as optional ones, never renamed.
#pragma once
#include <boost/describe.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace emu::gateway {
using Strings = std::vector<std::string>;
using StringMap = std::map<std::string, std::string>;

struct Cors {
  std::optional<bool> allowCredentials;
  std::optional<Strings> allowHeaders, allowMethods, allowOrigins, exposeHeaders;
  std::optional<int> maxAge;
};
BOOST_DESCRIBE_STRUCT(Cors, (),
                      (allowCredentials, allowHeaders, allowMethods, allowOrigins, exposeHeaders, maxAge))

// apiGatewayManaged, here and below: made by a quick create (CreateApi with a target).
struct Api {
  std::string apiEndpoint, apiId, apiKeySelectionExpression;
  std::optional<Cors> corsConfiguration;
  std::string createdDate;
  std::optional<std::string> description;
  bool disableExecuteApiEndpoint = false;
  std::string ipAddressType, name, protocolType, routeSelectionExpression;
  StringMap tags;
  std::optional<std::string> version;
};
BOOST_DESCRIBE_STRUCT(Api, (),
                      (apiEndpoint, apiId, apiKeySelectionExpression, corsConfiguration, createdDate,
                       description, disableExecuteApiEndpoint, ipAddressType, name, protocolType,
                       routeSelectionExpression, tags, version))

struct Route {
  std::optional<bool> apiGatewayManaged;
  bool apiKeyRequired = false;
  std::optional<Strings> authorizationScopes;
  std::string authorizationType = "NONE";
  std::optional<std::string> authorizerId;
  std::optional<std::string> operationName;
  std::string routeId, routeKey;
  std::optional<std::string> target;  // "integrations/{integrationId}"
};
BOOST_DESCRIBE_STRUCT(Route, (),
                      (apiGatewayManaged, apiKeyRequired, authorizationScopes, authorizationType,
                       authorizerId, operationName, routeId, routeKey, target))

struct JwtConfiguration {
  std::optional<Strings> audience;
  std::optional<std::string> issuer;
};
BOOST_DESCRIBE_STRUCT(JwtConfiguration, (), (audience, issuer))

struct Authorizer {
  std::optional<std::string> authorizerCredentialsArn;
  std::string authorizerId;
  std::optional<std::string> authorizerPayloadFormatVersion;
  std::optional<int> authorizerResultTtlInSeconds;
  std::string authorizerType;
  std::optional<std::string> authorizerUri;
  std::optional<bool> enableSimpleResponses;
  std::optional<Strings> identitySource;
  std::optional<std::string> identityValidationExpression;
  std::optional<JwtConfiguration> jwtConfiguration;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Authorizer, (),
                      (authorizerCredentialsArn, authorizerId, authorizerPayloadFormatVersion,
                       authorizerResultTtlInSeconds, authorizerType, authorizerUri, enableSimpleResponses,
                       identitySource, identityValidationExpression, jwtConfiguration, name))

// How much a route may take (spec-gateway 14); 0 and nothing: what stands above it.
struct RouteSettings {
  std::optional<bool> dataTraceEnabled, detailedMetricsEnabled;
  std::optional<std::string> loggingLevel;
  std::optional<int> throttlingBurstLimit;
  std::optional<double> throttlingRateLimit;
};
BOOST_DESCRIBE_STRUCT(RouteSettings, (),
                      (dataTraceEnabled, detailedMetricsEnabled, loggingLevel, throttlingBurstLimit,
                       throttlingRateLimit))

struct AccessLogSettings {
  std::optional<std::string> destinationArn, format;
};
BOOST_DESCRIBE_STRUCT(AccessLogSettings, (), (destinationArn, format))

struct TlsConfig {
  std::optional<std::string> serverNameToVerify;
};
BOOST_DESCRIBE_STRUCT(TlsConfig, (), (serverNameToVerify))
struct Integration {
  std::optional<bool> apiGatewayManaged;
  std::optional<std::string> connectionId;
  std::string connectionType;
  std::optional<std::string> credentialsArn, description;
  std::string integrationId, integrationMethod;
  std::optional<std::string> integrationSubtype;
  std::string integrationType, integrationUri, payloadFormatVersion;
  std::optional<StringMap> requestParameters;
  std::optional<std::map<std::string, StringMap>> responseParameters;  // by status
  int timeoutInMillis = 30000;
  std::optional<TlsConfig> tlsConfig;
};
BOOST_DESCRIBE_STRUCT(Integration, (),
                      (apiGatewayManaged, connectionId, connectionType, credentialsArn, description,
                       integrationId, integrationMethod, integrationSubtype, integrationType, integrationUri,
                       payloadFormatVersion, requestParameters, responseParameters, timeoutInMillis,
                       tlsConfig))

struct Stage {
  std::optional<AccessLogSettings> accessLogSettings;
  std::optional<bool> apiGatewayManaged;
  bool autoDeploy = false;
  std::string createdDate;
  std::optional<RouteSettings> defaultRouteSettings;
  std::optional<std::string> deploymentId, description, lastDeploymentStatusMessage;
  std::string lastUpdatedDate;
  std::optional<std::map<std::string, RouteSettings>> routeSettings;
  std::string stageName;
  StringMap stageVariables, tags;
};
BOOST_DESCRIBE_STRUCT(Stage, (),
                      (accessLogSettings, apiGatewayManaged, autoDeploy, createdDate, defaultRouteSettings,
                       deploymentId, description, lastDeploymentStatusMessage, lastUpdatedDate, routeSettings,
                       stageName, stageVariables, tags))

struct Deployment {
  bool autoDeployed = false;
  std::string createdDate, deploymentId, deploymentStatus;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(Deployment, (),
                      (autoDeployed, createdDate, deploymentId, deploymentStatus, description))

// A deployment with the routes and integrations it froze; an automatic one froze nothing, its stage serves
// the API as it is.
struct KeptDeployment {
  Deployment deployment;
  std::vector<Route> routes;
  std::vector<Integration> integrations;
  std::optional<std::vector<Authorizer>> authorizers;
};
BOOST_DESCRIBE_STRUCT(KeptDeployment, (), (deployment, routes, integrations, authorizers))

// Of bodies. HTTP APIs check none: it is kept and shown.
struct Model {
  std::optional<std::string> contentType, description;
  std::string modelId, name, schema;
};
BOOST_DESCRIBE_STRUCT(Model, (), (contentType, description, modelId, name, schema))

struct ApiRecord {
  Api api;
  std::vector<Route> routes;
  std::vector<Integration> integrations;
  std::vector<Stage> stages;
  std::vector<KeptDeployment> deployments;
  // Absent in records of before there were any.
  std::optional<std::vector<Authorizer>> authorizers;
  std::optional<std::vector<Model>> models;
};
BOOST_DESCRIBE_STRUCT(ApiRecord, (), (api, routes, integrations, stages, deployments, authorizers, models))
}  // namespace emu::gateway
