#include "emulator/services/gateway/apis/stages.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"

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
  if (in.accessLogSettings) {
    check_access_log(in.accessLogSettings->destinationArn.value_or(""),
                     in.accessLogSettings->format.value_or(""));
    into.accessLogSettings = std::move(in.accessLogSettings);
  }
  if (in.defaultRouteSettings) into.defaultRouteSettings = std::move(in.defaultRouteSettings);
  if (in.routeSettings) {
    for (const auto& [key, settings] : *in.routeSettings)
      if (std::ranges::find(record.routes, key, &Route::routeKey) == record.routes.end())
        throw absent(fmt::format("Unable to find Route by key {} within the provided RouteSettings", key));
    into.routeSettings = std::move(in.routeSettings);
  }
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

struct RouteSettingsInput {
  std::string apiId, routeKey, stageName;
};
BOOST_DESCRIBE_STRUCT(RouteSettingsInput, (), (apiId, routeKey, stageName))

// edit(Stage&) returns a Result<Empty>.
template <class F>
Result<Empty> change(Gateway& gateway, Context& context, const std::string& api, const std::string& name,
                     F edit) {
  return gateway.change(context.scope, api, [&](ApiRecord& record) -> Result<Empty> {
    auto* found = find_by(record.stages, &Stage::stageName, name);
    if (!found) return no_such_stage();
    return edit(*found);
  });
}

Result<Empty> remove_route_settings(Gateway& gateway, Context& context, RouteSettingsInput in) {
  return change(gateway, context, in.apiId, in.stageName, [&](Stage& stage) -> Result<Empty> {
    if (!stage.routeSettings || stage.routeSettings->erase(in.routeKey) == 0)
      return absent("Invalid Route Settings identifier specified");
    return Empty{};
  });
}

Result<Empty> remove_access_log(Gateway& gateway, Context& context, StageInput in) {
  return change(gateway, context, in.apiId, in.stageName, [](Stage& stage) -> Result<Empty> {
    stage.accessLogSettings.reset();
    return Empty{};
  });
}

Result<Empty> reset_authorizers(Gateway& gateway, Context& context, StageInput in) {
  auto found = get(gateway, context, in);
  if (!found) return std::move(found.error());
  gateway.forget_answers(in.apiId, in.stageName);
  return Empty{};
}

constexpr Operation kRows[] = {
    rest<reset_authorizers>("ResetAuthorizersCache",
                            "DELETE /v2/apis/{apiId}/stages/{stageName}/cache/authorizers", 204),
    rest<remove_route_settings>("DeleteRouteSettings",
                                "DELETE /v2/apis/{apiId}/stages/{stageName}/routesettings/{routeKey}", 204),
    rest<remove_access_log>("DeleteAccessLogSettings",
                            "DELETE /v2/apis/{apiId}/stages/{stageName}/accesslogsettings", 204),
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
      found->accessLogSettings.reset();
      found->defaultRouteSettings.reset();
      found->routeSettings.reset();
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
