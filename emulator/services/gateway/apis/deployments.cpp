#include <fmt/format.h>

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/apis/stages.hpp"

namespace emu::gateway {
namespace {
struct UpdateDeploymentInput {
  std::string apiId, deploymentId;
  std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(UpdateDeploymentInput, (), (apiId, deploymentId, description))
struct DeploymentList {
  std::vector<Deployment> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(DeploymentList, (), (items, nextToken))

AwsError no_such_deployment() { return absent("Invalid deployment identifier specified"); }

template <class Kept>
auto* find_deployment(Kept& all, std::string_view id) {
  const auto it = std::ranges::find(
      all, id, [](const KeptDeployment& d) -> const std::string& { return d.deployment.deploymentId; });
  return it == all.end() ? nullptr : &*it;
}

Result<Deployment> get(Gateway& gateway, Context& context, DeploymentInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  const auto* found = find_deployment(api->record.deployments, in.deploymentId);
  if (!found) return no_such_deployment();
  return found->deployment;
}

Result<DeploymentList> list(Gateway& gateway, Context& context, ListInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  std::vector<Deployment> all;
  for (const auto& kept : api->record.deployments) all.push_back(kept.deployment);
  auto part = page(std::move(all), in.maxResults, in.nextToken);
  return DeploymentList{std::move(part.items), std::move(part.nextToken)};
}

Result<Deployment> update(Gateway& gateway, Context& context, UpdateDeploymentInput in) {
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Deployment> {
    auto* found = find_deployment(record.deployments, in.deploymentId);
    if (!found) return no_such_deployment();
    if (in.description) found->deployment.description = in.description;
    return found->deployment;
  });
}

constexpr Operation kRows[] = {
    rest<create_deployment>("CreateDeployment", "POST /v2/apis/{apiId}/deployments", 201),
    rest<get>("GetDeployment", "GET /v2/apis/{apiId}/deployments/{deploymentId}"),
    rest<list>("GetDeployments", "GET /v2/apis/{apiId}/deployments?maxResults&nextToken"),
    rest<update>("UpdateDeployment", "PATCH /v2/apis/{apiId}/deployments/{deploymentId}"),
    rest<remove_deployment>("DeleteDeployment", "DELETE /v2/apis/{apiId}/deployments/{deploymentId}", 204),
};
}  // namespace

std::span<const Operation> deployment_operations() { return kRows; }

Result<Deployment> create_deployment(Gateway& gateway, Context& context, DeploymentOptions in) {
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Deployment> {
    Stage* stage = nullptr;
    if (in.stageName) {
      stage = find_by(record.stages, &Stage::stageName, *in.stageName);
      if (!stage) return absent("Invalid stage identifier specified");
      if (stage->autoDeploy)
        return bad_request("Cannot create a deployment for a stage with auto deploy enabled");
    }
    Deployment made{false, gateway.now(), gateway.new_id(6), "DEPLOYED", in.description};
    record.deployments.push_back({made, record.routes, record.integrations, record.authorizers});
    if (stage) {
      stage->deploymentId = made.deploymentId;
      stage->lastUpdatedDate = made.createdDate;
    }
    return made;
  });
}

Result<Empty> remove_deployment(Gateway& gateway, Context& context, DeploymentInput in) {
  const auto& id = in.deploymentId;
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Empty> {
    if (!find_deployment(record.deployments, id)) return no_such_deployment();
    for (const auto& stage : record.stages)
      if (stage.deploymentId == id)
        return bad_request("Active stages pointing to this deployment must be moved or deleted");
    std::erase_if(record.deployments,
                  [&](const KeptDeployment& d) { return d.deployment.deploymentId == id; });
    return Empty{};
  });
}

void deploy_automatically(Gateway& gateway, ApiRecord& record, Stage& stage) {
  Deployment made{true, gateway.now(), gateway.new_id(6), "DEPLOYED",
                  "Automatic deployment triggered by changes to the Api configuration"};
  stage.deploymentId = made.deploymentId;
  stage.lastDeploymentStatusMessage =
      fmt::format("Successfully deployed stage with deployment ID '{}'", made.deploymentId);
  record.deployments.push_back({std::move(made), {}, {}, {}});
}
}  // namespace emu::gateway
