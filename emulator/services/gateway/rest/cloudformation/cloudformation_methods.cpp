#include "emulator/services/gateway/rest/cloudformation/cloudformation.hpp"
#include "emulator/services/gateway/rest/domains/certificates.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/rest/stages.hpp"

namespace emu::gateway::v1 {
namespace {
Json address_of(const Json& in) {
  return {{"restApiId", text(in, "restApiId")},
          {"resourceId", text(in, "resourceId")},
          {"httpMethod", text(in, "httpMethod")}};
}

Json list_of(const Json& in, const char* member) {
  const auto it = in.find(member);
  return it == in.end() || !it->is_array() ? Json::array() : *it;
}

Json with(Json address, const Json& more) {
  address.update(more);
  return address;
}

awaitable<Result<Done>> put_integration(RestApis& apis, Context& context, const Json& address,
                                        Json integration) {
  auto responses = list_of(integration, "integrationResponses");
  integration.erase("integrationResponses");
  Json put = with(address, integration);
  put["http_method"] = address["httpMethod"];
  put.erase("httpMethod");
  auto done = co_await perform(apis, context, "PutIntegration", std::move(put));
  if (!done) co_return std::move(done.error());
  for (const auto& response : responses) {
    auto said = co_await perform(apis, context, "PutIntegrationResponse", with(address, response));
    if (!said) co_return std::move(said.error());
  }
  co_return Done{};
}

awaitable<Result<Resource>> put_all(RestApis& apis, Context& context, Json in) {
  const auto address = address_of(in);
  const auto responses = list_of(in, "methodResponses");
  const auto integration = in.value("integration", Json());
  in.erase("methodResponses");
  in.erase("integration");
  auto done = co_await perform(apis, context, "PutMethod", in);
  if (!done) co_return std::move(done.error());
  for (const auto& response : responses) {
    auto said = co_await perform(apis, context, "PutMethodResponse", with(address, response));
    if (!said) co_return std::move(said.error());
  }
  if (!integration.is_null()) {
    auto put = co_await put_integration(apis, context, address, integration);
    if (!put) co_return std::move(put.error());
  }
  Json attributes{{"RestApiId", address["restApiId"]},
                  {"ResourceId", address["resourceId"]},
                  {"HttpMethod", address["httpMethod"]}};
  const auto id = fmt::format("{}|{}|{}", text(address, "restApiId"), text(address, "resourceId"),
                              text(address, "httpMethod"));
  co_return Resource{id, std::move(attributes)};
}

Json address_of(const Resource& old) {
  return {{"restApiId", old.attributes.value("RestApiId", "")},
          {"resourceId", old.attributes.value("ResourceId", "")},
          {"httpMethod", old.attributes.value("HttpMethod", "")}};
}

// The stage that a deployment's StageDescription describes, or a Stage's own properties.
Result<Json> describe_stage(RestApis& apis, const Scope& scope, const std::string& api,
                            const std::string& name, const Json& in) {
  return apis.change(scope, api, [&](Json& record) -> Result<Json> {
    auto* stage = part_of(record, {"stages", name});
    if (!stage) return absent("Invalid stage identifier specified");
    for (const auto* member : {"description", "variables", "tags", "accessLogSettings",
                               "documentationVersion", "clientCertificateId"})
      stage->erase(member);
    take(*stage, in,
         {"description", "variables", "tags", "deploymentId", "tracingEnabled", "documentationVersion",
          "clientCertificateId"});
    if (const auto* log = part_of(in, {"accessLogSetting"})) (*stage)["accessLogSettings"] = *log;
    (*stage)["methodSettings"] = method_settings(list_of(in, "methodSettings"));
    (*stage)["lastUpdatedDate"] = apis.now();
    check_stage(record, *stage);
    const auto certificate = text(*stage, "clientCertificateId");
    if (!certificate.empty() && !client_certificate(apis.shelf, scope, certificate))
      return bad_request("Invalid client certificate id specified");
    return *stage;
  });
}

std::optional<Json> stage_of(RestApis& apis, const Scope& scope, const Json& in) {
  const auto api = apis.find(scope, text(in, "restApiId"));
  const auto* found = api ? part_of(api->record, {"stages", text(in, "stageName")}) : nullptr;
  return found ? std::optional(*found) : std::nullopt;
}

// What a stage shows when this deployment goes: what it showed before or, where that is gone, the newest of
// the others.
std::string deployment_behind(const Json& record, const Resource& old) {
  auto before = old.attributes.value("StageBefore", "");
  if (part_of(record, {"deployments", before})) return before;
  const Json* newest = nullptr;
  for (const auto& each : object(record, "deployments"))
    if (text(each, "id") != old.physical_id && (!newest || age_of(*newest) < age_of(each))) newest = &each;
  return newest ? text(*newest, "id") : std::string();
}

// A stage that shows this deployment, which is to go: it is another stack's, perhaps.
Result<Json> leave_stage(RestApis& apis, const Scope& scope, const Resource& old) {
  return apis.change(scope, old.attributes.value("RestApiId", ""), [&](Json& record) -> Result<Json> {
    const auto name = old.attributes.value("StageName", "");
    const bool came_with_it = !old.attributes.contains("StageBefore");
    const auto other = came_with_it ? std::string() : deployment_behind(record, old);
    if (other.empty()) {
      record["stages"].erase(name);
    } else {
      record["stages"][name]["deploymentId"] = other;
      record["stages"][name]["lastUpdatedDate"] = apis.now();
    }
    return Json::object();
  });
}

Resource stage_resource(const Json& in) {
  return {text(in, "stageName"), {{"RestApiId", text(in, "restApiId")}}};
}

// methodSettings keep their own spelling until method_settings() reads them.
Json stage_members(const Json& properties) {
  Json in = members_of(properties);
  if (properties.contains("MethodSettings")) in["methodSettings"] = properties["MethodSettings"];
  return in;
}
}  // namespace

awaitable<Result<Resource>> make_method(Service& service, Context& context, ResourceRequest request) {
  return put_all(apis_of(service), context, members_of(std::move(request.properties)));
}

awaitable<Result<Resource>> update_method(Service& service, Context& context, Resource old,
                                          ResourceRequest request) {
  Json in = members_of(std::move(request.properties));
  auto gone = co_await perform(apis_of(service), context, "DeleteMethod", address_of(old));
  if (!gone) co_return std::move(gone.error());
  co_return co_await put_all(apis_of(service), context, std::move(in));
}

awaitable<Result<Done>> drop_method(Service& service, Context& context, Resource old) {
  auto gone = co_await perform(apis_of(service), context, "DeleteMethod", address_of(old));
  if (!gone) co_return std::move(gone.error());
  co_return Done{};
}

awaitable<Result<Resource>> make_deployment(Service& service, Context& context, ResourceRequest request) {
  auto& apis = apis_of(service);
  const Json& properties = request.properties;
  Json stage = stage_members(object(properties, "StageDescription"));
  Json in{{"restApiId", text(properties, "RestApiId")}};
  for (const auto& [from, to] : {std::pair{"Description", "description"}, {"StageName", "stageName"}})
    if (properties.contains(from)) in[to] = properties[from];
  take(in, stage, {"variables"});
  if (stage.contains("description")) in["stageDescription"] = stage["description"];
  const auto before = stage_of(apis, context.scope, in);
  auto made = co_await perform(apis, context, "CreateDeployment", in);
  if (!made) co_return std::move(made.error());
  const auto id = text(*made, "id");
  if (properties.contains("StageDescription") && in.contains("stageName")) {
    stage["deploymentId"] = id;
    auto described = describe_stage(apis, context.scope, text(in, "restApiId"), text(in, "stageName"), stage);
    if (!described) co_return std::move(described.error());
  }
  Json attributes{{"DeploymentId", id}, {"RestApiId", in["restApiId"]}, {"StageName", text(in, "stageName")}};
  if (before) attributes["StageBefore"] = text(*before, "deploymentId");
  co_return Resource{id, std::move(attributes)};
}

// A deployment is what it froze; only its description could change, and nobody sees that.
awaitable<Result<Resource>> update_deployment(Service&, Context&, Resource old, ResourceRequest) {
  co_return old;
}

// The stage that came with it goes with it, unless it has moved on; one that was there before goes back to
// where it was.
awaitable<Result<Done>> drop_deployment(Service& service, Context& context, Resource old) {
  auto& apis = apis_of(service);
  const auto api_id = old.attributes.value("RestApiId", ""), stage = old.attributes.value("StageName", "");
  if (const auto api = apis.find(context.scope, api_id); api && !stage.empty()) {
    const auto* found = part_of(api->record, {"stages", stage});
    if (found && text(*found, "deploymentId") == old.physical_id) {
      auto left = leave_stage(apis, context.scope, old);
      if (!left) co_return std::move(left.error());
    }
  }
  auto gone = co_await perform(apis, context, "DeleteDeployment",
                               {{"restApiId", api_id}, {"deploymentId", old.physical_id}});
  if (!gone) co_return std::move(gone.error());
  co_return Done{};
}

awaitable<Result<Resource>> make_stage(Service& service, Context& context, ResourceRequest request) {
  auto& apis = apis_of(service);
  const Json in = stage_members(request.properties);
  Json create = in;
  for (const auto* member : {"methodSettings", "accessLogSetting", "clientCertificateId"})
    create.erase(member);
  auto made = co_await perform(apis, context, "CreateStage", std::move(create));
  if (!made) co_return std::move(made.error());
  auto described = describe_stage(apis, context.scope, text(in, "restApiId"), text(in, "stageName"), in);
  if (!described) co_return std::move(described.error());
  co_return stage_resource(in);
}

awaitable<Result<Resource>> update_stage(Service& service, Context& context, Resource,
                                         ResourceRequest request) {
  const Json in = stage_members(request.properties);
  auto described =
      describe_stage(apis_of(service), context.scope, text(in, "restApiId"), text(in, "stageName"), in);
  if (!described) co_return std::move(described.error());
  co_return stage_resource(in);
}

awaitable<Result<Done>> drop_stage(Service& service, Context& context, Resource old) {
  auto gone = co_await perform(
      apis_of(service), context, "DeleteStage",
      {{"restApiId", old.attributes.value("RestApiId", "")}, {"stageName", old.physical_id}});
  if (!gone) co_return std::move(gone.error());
  co_return Done{};
}
}  // namespace emu::gateway::v1
