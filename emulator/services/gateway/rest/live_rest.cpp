#include "emulator/services/gateway/rest/live_rest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/routing/live_api.hpp"

namespace emu::gateway::v1 {
namespace {
using Kind = LiveMethod::Kind;
constexpr std::int64_t kLongestTimeout = 24 * 3600 * 1000;  // milliseconds; quotas raise AWS's 29 s

Kind kind_of(const std::string& type) {
  static const std::map<std::string, Kind, std::less<>> kinds{{"AWS_PROXY", Kind::aws_proxy},
                                                              {"AWS", Kind::aws},
                                                              {"HTTP_PROXY", Kind::http_proxy},
                                                              {"HTTP", Kind::http},
                                                              {"MOCK", Kind::mock}};
  const auto it = kinds.find(type);
  return it == kinds.end() ? Kind::none : it->second;
}

// "/orders/{id}" is "~1orders~1{id}" in the keys of methodSettings.
std::string setting_path(std::string_view path) {
  std::string out;
  for (const char c : path) out += c == '/' ? std::string("~1") : std::string(1, c);
  return out;
}

// The most particular setting of a method that says anything of this member.
double setting(const Json& settings, const std::string& path, const std::string& method, const char* member) {
  if (!settings.is_object()) return -1;
  const auto own = setting_path(path);
  for (const auto& key : {own + "/" + method, own + "/*", "*/" + method, std::string("*/*")})
    if (const auto it = settings.find(key);
        it != settings.end() && it->contains(member) && (*it)[member].is_number())
      return (*it)[member].get<double>();
  return -1;
}

// "method.request.header.x": true … as "header.x", by kind and name as AWS tells what is missing
// (spec-gateway 17).
std::vector<std::string> required_of(const Json& parameters) {
  static constexpr std::string_view kPrefix = "method.request.";
  std::vector<std::string> out;
  if (!parameters.is_object()) return out;
  for (const auto& [name, required] : parameters.items())
    if (required == true && name.starts_with(kPrefix)) out.push_back(name.substr(kPrefix.size()));
  std::ranges::sort(out);
  return out;
}

struct Compiler {
  const Json& api;
  const Json& stage;
  const Json& snapshot;
  LiveRestStage& out;

  void add(const Json& resource) {
    LiveResource live{text(resource, "id"), text(resource, "path"), {}};
    for (const auto& [name, method] : object(resource, "resourceMethods").items())
      live.methods.emplace(name, compiled(live.path, name, method));
    out.tree.add(live.path, out.resources.size());
    out.resources.push_back(std::move(live));
  }

  LiveMethod compiled(const std::string& path, const std::string& name, const Json& method) {
    LiveMethod live;
    live.operation_name = text(method, "operationName");
    live.authorization = text(method, "authorizationType", "NONE");
    if (const auto* authorizer = part_of(snapshot, {"authorizers", text(method, "authorizerId")}))
      live.authorizer = *authorizer;
    live.scopes = texts(method, "authorizationScopes");
    live.api_key_required = flag(method, "apiKeyRequired");
    if (const auto* validator =
            part_of(snapshot, {"requestValidators", text(method, "requestValidatorId")})) {
      live.validates_body = flag(*validator, "validateRequestBody");
      live.validates_parameters = flag(*validator, "validateRequestParameters");
    }
    if (method.contains("requestParameters")) live.required = required_of(method["requestParameters"]);
    for (const auto& [type, model] : object(method, "requestModels").items())
      if (model.is_string() && out.schemas.contains(model.get<std::string>()))
        live.schemas.emplace(type, out.schemas[model.get<std::string>()]);
    const Json& settings = object(stage, "methodSettings");
    live.limit = {setting(settings, path, name, "throttlingRateLimit"),
                  setting(settings, path, name, "throttlingBurstLimit")};
    live.bucket = fmt::format("{}/{}/{} {}", text(api, "id"), out.name, name, path);
    if (const auto* integration = part_of(method, {"methodIntegration"})) integrate(live, *integration);
    return live;
  }

  void integrate(LiveMethod& live, const Json& integration) {
    live.integration = integration;
    live.kind = kind_of(text(integration, "type"));
    live.uri = with_variables(text(integration, "uri"), out.variables);
    if (live.kind == Kind::aws_proxy || live.kind == Kind::aws) live.function_arn = function_of(live.uri);
    live.streams = text(integration, "responseTransferMode") == "STREAM";
    live.timeout = std::chrono::milliseconds(
        std::clamp<std::int64_t>(number(integration, "timeoutInMillis", 29'000), 1, kLongestTimeout));
  }
};

std::shared_ptr<const LiveRestStage> compiled_stage(const Json& record, const Json& stage) {
  auto out = std::make_shared<LiveRestStage>();
  out->name = text(stage, "stageName");
  out->deployment_id = text(stage, "deploymentId");
  out->compiled_from = stage;
  out->access_log = access_log_of(part_of(stage, {"accessLogSettings"}));
  out->gateway_responses = Json::object();
  out->schemas = Json::object();
  for (const auto& [name, value] : object(stage, "variables").items())
    if (value.is_string()) out->variables[name] = value;
  const auto* snapshot = part_of(record, {"deployments", out->deployment_id, "snapshot"});
  if (!snapshot) return out;
  if (const auto* responses = part_of(*snapshot, {"gatewayResponses"})) out->gateway_responses = *responses;
  if (const auto* models = part_of(*snapshot, {"models"}))
    for (const auto& [name, model] : models->items()) {
      auto schema = bounded_parse(text(model, "schema"));
      if (!schema.is_discarded()) out->schemas[name] = std::move(schema);
    }
  Compiler compiler{record["api"], stage, *snapshot, *out};
  if (const auto* resources = part_of(*snapshot, {"resources"}))
    for (const auto& resource : *resources) compiler.add(resource);
  return out;
}
}  // namespace

const LiveMethod* LiveResource::method(std::string_view name) const {
  auto it = methods.find(name);
  if (it == methods.end()) it = methods.find("ANY");
  return it == methods.end() ? nullptr : &it->second;
}

std::shared_ptr<const LiveRestApi> compile_rest(const Scope& scope, Json record,
                                                std::shared_ptr<const LiveRestApi> before) {
  auto out = std::make_shared<LiveRestApi>();
  out->scope = scope;
  const Json& api = record["api"];
  out->id = text(api, "id");
  out->closed = flag(api, "disableExecuteApiEndpoint");
  out->account_bucket = Throttles::account_bucket(scope);
  out->key_source = text(api, "apiKeySource", "HEADER");
  out->binary_types = texts(api, "binaryMediaTypes");
  if (const auto* stages = part_of(record, {"stages"}))
    for (const auto& [name, stage] : stages->items()) {
      const auto known = before ? before->stages.find(name) : decltype(before->stages.find(name)){};
      const bool same = before && known != before->stages.end() && known->second->compiled_from == stage;
      out->stages[name] = same ? known->second : compiled_stage(record, stage);
    }
  out->record = std::move(record);
  return out;
}

const Json* part_of(const Json& record, std::initializer_list<std::string_view> path) {
  const Json* at = &record;
  for (const auto step : path) {
    if (!at->is_object()) return nullptr;
    const auto it = at->find(step);
    if (it == at->end() || it->is_null()) return nullptr;
    at = &*it;
  }
  return at;
}

Json* part_of(Json& record, std::initializer_list<std::string_view> path) {
  return const_cast<Json*>(part_of(std::as_const(record), path));
}

std::vector<Json> values_of(const Json& map) {
  std::vector<Json> out;
  if (map.is_object())
    for (const auto& each : map) out.push_back(each);
  return out;
}
}  // namespace emu::gateway::v1
