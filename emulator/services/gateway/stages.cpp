#include "emulator/services/gateway/stages.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/operations.hpp"
#include "emulator/services/gateway/rows.hpp"

namespace emu::gateway {
namespace {
struct UpdateStageInput : StageOptions {};
BOOST_DESCRIBE_STRUCT(UpdateStageInput, (),
                      (apiId, accessLogSettings, clientCertificateId, defaultRouteSettings, routeSettings,
                       autoDeploy, deploymentId, description, stageName, stageVariables))
struct StageList {
  std::vector<Stage> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(StageList, (), (items, nextToken))

AwsError no_such_stage() { return absent("Invalid stage identifier specified"); }

void check_name(const std::string& name) {
  const bool plain =
      std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
  if (name != "$default" && (name.empty() || name.size() > 128 || !plain))
    throw bad_request("Stage name only allows a-zA-Z0-9_- or $default");
}

// At most 100 variables, names of 64 characters, values of 512 (spec-gateway 21).
void check_variables(const StringMap& variables) {
  static constexpr std::string_view kMarks = "-._~:/?#&=,";
  if (variables.size() > 100) throw bad_request("Maximum number of stage variables is 100");
  for (const auto& [name, value] : variables) {
    const bool plain = std::ranges::all_of(value, [](unsigned char c) {
      return std::isalnum(c) || kMarks.find(static_cast<char>(c)) != kMarks.npos;
    });
    if (name.size() > 64 || value.size() > 512 || !plain)
      throw bad_request(fmt::format("Invalid stage variable {}: values match [A-Za-z0-9-._~:/?#&=,]+", name));
  }
}

void apply(Gateway& gateway, ApiRecord& record, StageOptions in, Stage& into) {
  if (in.stageVariables) check_variables(*in.stageVariables);
  if (in.deploymentId && in.autoDeploy.value_or(into.autoDeploy))
    throw bad_request("Cannot specify deploymentId for a stage with auto deploy enabled");
  if (in.deploymentId && std::ranges::none_of(record.deployments, [&](const KeptDeployment& d) {
        return d.deployment.deploymentId == *in.deploymentId;
      }))
    throw absent("Invalid deployment identifier specified");
  if (in.deploymentId) into.deploymentId = std::move(in.deploymentId);
  if (in.description) into.description = std::move(in.description);
  if (in.stageVariables) into.stageVariables = std::move(*in.stageVariables);
  if (in.tags) into.tags = std::move(*in.tags);
  into.lastUpdatedDate = gateway.now();
  const bool begins = in.autoDeploy.value_or(false) && !into.autoDeploy;
  if (in.autoDeploy) into.autoDeploy = *in.autoDeploy;
  if (begins) deploy_automatically(gateway, record, into);
}

Result<Stage> update(Gateway& gateway, Context& context, UpdateStageInput in) {
  return change_stage(gateway, context, std::move(in));
}

Result<Stage> get(Gateway& gateway, Context& context, StageInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  return copy_of(find_by(api->record.stages, &Stage::stageName, in.stageName), no_such_stage());
}

Result<StageList> list(Gateway& gateway, Context& context, ListInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  auto part = page(api->record.stages, in.maxResults, in.nextToken);
  return StageList{std::move(part.items), std::move(part.nextToken)};
}

constexpr Operation kRows[] = {
    rest<create_stage>("CreateStage", "POST /v2/apis/{apiId}/stages", 201).ignoring(kStageWithoutEffect),
    rest<get>("GetStage", "GET /v2/apis/{apiId}/stages/{stageName}"),
    rest<list>("GetStages", "GET /v2/apis/{apiId}/stages?maxResults&nextToken"),
    rest<update>("UpdateStage", "PATCH /v2/apis/{apiId}/stages/{stageName}").ignoring(kStageWithoutEffect),
    rest<remove_stage>("DeleteStage", "DELETE /v2/apis/{apiId}/stages/{stageName}", 204),
};
}  // namespace

std::span<const Operation> stage_operations() { return kRows; }

Result<Stage> create_stage(Gateway& gateway, Context& context, StageOptions in) {
  check_name(in.stageName);
  return gateway.change(context.scope, std::string(in.apiId), [&](ApiRecord& record) -> Result<Stage> {
    if (find_by(record.stages, &Stage::stageName, in.stageName)) return conflict("Stage already exists");
    Stage made{.createdDate = gateway.now(), .stageName = in.stageName};
    apply(gateway, record, std::move(in), made);
    record.stages.push_back(made);
    return made;
  });
}

Result<Stage> change_stage(Gateway& gateway, Context& context, StageOptions in, Others others) {
  return gateway.change(context.scope, std::string(in.apiId), [&](ApiRecord& record) -> Result<Stage> {
    auto* found = find_by(record.stages, &Stage::stageName, in.stageName);
    if (!found) return no_such_stage();
    if (others == Others::reset) {
      found->description.reset();
      found->stageVariables.clear();
      found->tags.clear();
      if (!in.autoDeploy) in.autoDeploy = false;
    }
    apply(gateway, record, std::move(in), *found);
    return *found;
  });
}

Result<Empty> remove_stage(Gateway& gateway, Context& context, StageInput in) {
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Empty> {
    if (std::erase_if(record.stages, [&](const Stage& s) { return s.stageName == in.stageName; }) == 0)
      return no_such_stage();
    return Empty{};
  });
}

void add_default_stage(Gateway& gateway, ApiRecord& record) {
  Stage made{.apiGatewayManaged = true, .createdDate = gateway.now(), .stageName = "$default"};
  StageOptions options;
  options.autoDeploy = true;
  apply(gateway, record, std::move(options), made);
  record.stages.push_back(std::move(made));
}
}  // namespace emu::gateway
