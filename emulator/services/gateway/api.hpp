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
  std::string authorizationType = "NONE";
  std::optional<std::string> operationName;
  std::string routeId, routeKey;
  std::optional<std::string> target;  // "integrations/{integrationId}"
};
BOOST_DESCRIBE_STRUCT(Route, (),
                      (apiGatewayManaged, apiKeyRequired, authorizationType, operationName, routeId, routeKey,
                       target))

struct Integration {
  std::optional<bool> apiGatewayManaged;
  std::string connectionType;
  std::optional<std::string> credentialsArn, description;
  std::string integrationId, integrationMethod, integrationType, integrationUri, payloadFormatVersion;
  int timeoutInMillis = 30000;
};
BOOST_DESCRIBE_STRUCT(Integration, (),
                      (apiGatewayManaged, connectionType, credentialsArn, description, integrationId,
                       integrationMethod, integrationType, integrationUri, payloadFormatVersion,
                       timeoutInMillis))

struct Stage {
  std::optional<bool> apiGatewayManaged;
  bool autoDeploy = false;
  std::string createdDate;
  std::optional<std::string> deploymentId, description, lastDeploymentStatusMessage;
  std::string lastUpdatedDate, stageName;
  StringMap stageVariables, tags;
};
BOOST_DESCRIBE_STRUCT(Stage, (),
                      (apiGatewayManaged, autoDeploy, createdDate, deploymentId, description,
                       lastDeploymentStatusMessage, lastUpdatedDate, stageName, stageVariables, tags))

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
};
BOOST_DESCRIBE_STRUCT(KeptDeployment, (), (deployment, routes, integrations))

struct ApiRecord {
  Api api;
  std::vector<Route> routes;
  std::vector<Integration> integrations;
  std::vector<Stage> stages;
  std::vector<KeptDeployment> deployments;
};
BOOST_DESCRIBE_STRUCT(ApiRecord, (), (api, routes, integrations, stages, deployments))
}  // namespace emu::gateway
