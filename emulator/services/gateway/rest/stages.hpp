// Stages, as deployments and CloudFormation make them, too.
#pragma once
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway::v1 {
// CreateDeployment with a stageName: makes the stage, or moves it to that deployment.
void deploy_to(RestApis& apis, Json& record, const std::string& name, const std::string& deployment,
               const Json& in);
// A stage put together elsewhere, as the operations would have kept it. Throws for what they refuse.
void check_stage(const Json& record, Json& stage);
// The methodSettings of CloudFormation's MethodSettings.
Json method_settings(const Json& list);
}  // namespace emu::gateway::v1
