// Stages and deployments. A stage with autoDeploy serves the API as it is; any other serves what its
// deployment froze.
#pragma once
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct StageOptions {
  std::string apiId;
  std::optional<AccessLogSettings> accessLogSettings;
  std::optional<Json> clientCertificateId;
  std::optional<RouteSettings> defaultRouteSettings;
  std::optional<std::map<std::string, RouteSettings>> routeSettings;
  std::optional<bool> autoDeploy;
  std::optional<std::string> deploymentId, description;
  std::string stageName;
  std::optional<StringMap> stageVariables, tags;
};
BOOST_DESCRIBE_STRUCT(StageOptions, (),
                      (apiId, accessLogSettings, clientCertificateId, defaultRouteSettings, routeSettings,
                       autoDeploy, deploymentId, description, stageName, stageVariables, tags))
inline constexpr std::string_view kStageWithoutEffect[] = {"clientCertificateId"};
struct StageInput {
  std::string apiId, stageName;
};
BOOST_DESCRIBE_STRUCT(StageInput, (), (apiId, stageName))

Result<Stage> create_stage(Gateway& gateway, Context& context, StageOptions in);
Result<Stage> change_stage(Gateway& gateway, Context& context, StageOptions in, Others others = Others::keep);
Result<Empty> remove_stage(Gateway& gateway, Context& context, StageInput in);

// The "$default" stage of a quick create, added to a record that is not published yet.
void add_default_stage(Gateway& gateway, ApiRecord& record);

struct DeploymentOptions {
  std::string apiId;
  std::optional<std::string> description, stageName;
};
BOOST_DESCRIBE_STRUCT(DeploymentOptions, (), (apiId, description, stageName))
struct DeploymentInput {
  std::string apiId, deploymentId;
};
BOOST_DESCRIBE_STRUCT(DeploymentInput, (), (apiId, deploymentId))
Result<Deployment> create_deployment(Gateway& gateway, Context& context, DeploymentOptions in);
Result<Empty> remove_deployment(Gateway& gateway, Context& context, DeploymentInput in);
// The record of an automatic deployment, which the stage then names.
void deploy_automatically(Gateway& gateway, ApiRecord& record, Stage& stage);
}  // namespace emu::gateway
