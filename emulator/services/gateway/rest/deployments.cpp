// Deployments: what an API was when one was made, and the stage that a deployment may make or move with it
// (spec-gateway 21).
#include <algorithm>

#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/rest/stages.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kDeployment{"deploymentId", Shape::text, true};
constexpr Member kCanary[] = {{"percentTraffic", Shape::real},
                              {"stageVariableOverrides", Shape::text_map},
                              {"useStageCache", Shape::flag}};
constexpr Member kCreate[] = {kRestApiId,
                              {"stageName"},
                              {"stageDescription"},
                              {"description"},
                              {"cacheClusterEnabled", Shape::flag},
                              {"cacheClusterSize"},
                              {"variables", Shape::text_map},
                              {"canarySettings", Shape::object, false, kCanary},
                              {"tracingEnabled", Shape::flag}};
constexpr std::string_view kWithoutEffect[] = {"cacheClusterEnabled", "cacheClusterSize", "canarySettings",
                                               "tracingEnabled"};
constexpr Member kGet[] = {kRestApiId, kDeployment, {"embed", Shape::texts}};
constexpr Member kUpdate[] = {kRestApiId, kDeployment, kPatch};
constexpr Member kDelete[] = {kRestApiId, kDeployment};
constexpr Patchable kPaths[] = {{"/description"}};
constexpr std::string_view kFrozen[] = {"resources", "authorizers", "models", "requestValidators",
                                        "gatewayResponses"};

AwsError no_such_deployment() { return absent("Invalid Deployment identifier specified"); }

Json shown(Json kept) {
  kept.erase("snapshot");
  return kept;
}

Json summary(const Json& kept) {
  Json out = Json::object();
  const auto* resources = part_of(kept, {"snapshot", "resources"});
  if (!resources) return out;
  for (const auto& resource : *resources)
    for (const auto& [name, method] : resource.value("resourceMethods", Json::object()).items())
      out[text(resource, "path")][name] = {{"authorizationType", text(method, "authorizationType", "NONE")},
                                           {"apiKeyRequired", flag(method, "apiKeyRequired")}};
  return out;
}

// Throws for what AWS does not deploy.
void check_deployable(const Json& record) {
  bool any = false;
  for (const auto& resource : record["resources"])
    for (const auto& method : values_of(resource.value("resourceMethods", Json::object()))) {
      any = true;
      if (!method.contains("methodIntegration")) throw bad_request("No integration defined for method");
    }
  if (!any) throw bad_request("The REST API doesn't contain any methods");
}

Result<Json> create(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    check_deployable(record);
    const auto id = apis.new_id(6);
    Json made{{"id", id}, {"createdDate", apis.now()}};
    take(made, in, {"description"});
    for (const auto part : kFrozen)
      if (record.contains(part)) made["snapshot"][std::string(part)] = record[std::string(part)];
    record["deployments"][id] = made;
    if (const auto name = text(in, "stageName"); !name.empty()) deploy_to(apis, record, name, id, in);
    return shown(std::move(made));
  });
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* found = part_of(api->record, {"deployments", text(in, "deploymentId")});
  if (!found) return no_such_deployment();
  Json out = shown(*found);
  if (in.contains("embed") && std::ranges::find(in["embed"], "apisummary") != in["embed"].end())
    out["apiSummary"] = summary(*found);
  return out;
}

Result<Json> list(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  std::vector<Json> all;
  for (auto& each : values_of(api->record.value("deployments", Json::object())))
    all.push_back(shown(std::move(each)));
  std::ranges::sort(all, std::greater{}, age_of);
  return page(std::move(all), in);
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* found = part_of(record, {"deployments", text(in, "deploymentId")});
    if (!found) return no_such_deployment();
    apply_patch(*found, kPaths, in.value("patchOperations", Json()));
    return shown(*found);
  });
}

Result<Json> remove(RestApis& apis, Context& context, const Json& in) {
  const auto id = text(in, "deploymentId");
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    if (!part_of(record, {"deployments", id})) return no_such_deployment();
    for (const auto& stage : values_of(record.value("stages", Json::object())))
      if (text(stage, "deploymentId") == id)
        return bad_request("Active stages pointing to this deployment must be moved or deleted");
    record["deployments"].erase(id);
    return Json::object();
  });
}

#define EMU_DEPLOYMENT "/restapis/{restApiId}/deployments/{deploymentId}"
constexpr Operation kRows[] = {
    row<create, kCreate>("CreateDeployment", "POST /restapis/{restApiId}/deployments", 201)
        .ignoring(kWithoutEffect),
    row<get, kGet>("GetDeployment", "GET " EMU_DEPLOYMENT "?embed"),
    row<list, kListedInApi>("GetDeployments", "GET /restapis/{restApiId}/deployments?position&limit"),
    row<update, kUpdate>("UpdateDeployment", "PATCH " EMU_DEPLOYMENT),
    row<remove, kDelete>("DeleteDeployment", "DELETE " EMU_DEPLOYMENT, 202),
};
#undef EMU_DEPLOYMENT
}  // namespace

std::span<const Operation> deployment_rows() { return kRows; }
}  // namespace emu::gateway::v1
