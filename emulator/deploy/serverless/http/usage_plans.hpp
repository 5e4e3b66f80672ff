// provider.apiGateway.apiKeys and usagePlan (spec-iac 15.2): one plan and its keys, or several by name. Used
// by rest_api.cpp.
#pragma once
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
// `deployment`: the logical id of what makes the stage.
void add_plans(Service& service, const Section& settings, const std::string& stage,
               const std::string& deployment);
}  // namespace emu::deploy::serverless
