// http events as resources (spec-iac 3, 15.2): one REST API with its resources, a method and a permission per
// event, preflights, keys, and the deployment that makes the stage.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/deploy/serverless/elsewhere.hpp"
#include "emulator/deploy/serverless/http/http_integrations.hpp"
#include "emulator/deploy/serverless/http/usage_plans.hpp"
#include "emulator/deploy/serverless/logs.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kKeys[] = {{"apiKeys"},
                         {"usagePlan"},
                         {"binaryMediaTypes"},
                         {"description"},
                         {"shouldStartNameWithService"},
                         {"disableDefaultEndpoint"},
                         {"apiKeySourceType"},
                         {"minimumCompressionSize", Support::no_effect, "nothing is compressed"},
                         {"metrics", Support::no_effect, "there are no metrics"},
                         {"restApiId"},
                         {"restApiRootResourceId"},
                         {"restApiResources"},
                         {"websocketApiId", Support::not_yet},
                         {"request"},
                         {"resourcePolicy", Support::no_effect, "policies of resources are not enforced"},
                         {"endpoint", Support::no_effect, "there is no TLS policy"},
                         {"stage"},
                         {"timeoutInMillis"}};
constexpr Key kResourceKeys[] = {{"path"}, {"resourceId"}};

const Json kApi = ref_to("ApiGatewayRestApi");

std::string stage_of(const Service& service, const Section& settings) {
  const Node* stage = settings.value("stage");
  return stage ? stage->as_text() : service.stage;
}

Json root_of() { return get_att("ApiGatewayRestApi", "RootResourceId"); }
std::string resource_id(const std::string& path) { return "ApiGatewayResource" + resource_name(path); }
Json resource_ref(const std::string& path) { return path.empty() ? root_of() : ref_to(resource_id(path)); }
std::string method_id(const std::string& path, const std::string& method) {
  auto verb = method.substr(0, 1);
  for (const char c : method.substr(1))
    verb += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return "ApiGatewayMethod" + resource_name(path) + verb;
}

Json invocation_uri(const Json& function_arn, bool streams = false) {
  return join("", {"arn:", ref_to("AWS::Partition"), ":apigateway:", ref_to("AWS::Region"),
                   streams ? ":lambda:path/2021-11-15/functions/" : ":lambda:path/2015-03-31/functions/",
                   function_arn, streams ? "/response-streaming-invocations" : "/invocations"});
}

// provider.apiGateway.restApiId and its like name an API that another stack made: what would refer to ours
// refers to that.
Elsewhere made_elsewhere(Service& service, const Section& settings) {
  Elsewhere out;
  const Node *id = settings.value("restApiId"), *root = settings.value("restApiRootResourceId"),
             *resources = settings.find("restApiResources");
  const auto refuse_without = [&](const Node& place, std::string_view key, std::string_view what) {
    service.report.refuse(place.place, fmt::format("{} is missing; {}", settings.path(key), what));
  };
  if (!id) {
    for (const Node* without : {root, resources})
      if (without) refuse_without(*without, "restApiId", "name the API that has this resource");
    return out;
  }
  out.ids.emplace("ApiGatewayRestApi", *id);
  if (root)
    out.root = *root;
  else
    refuse_without(*id, "restApiRootResourceId", "write the id of the API's resource \"/\"");
  if (!resources) return out;
  // {"/users": id}, or a list of {path, resourceId}
  const auto take = [&](std::string path, const Node& resource) {
    while (path.starts_with('/')) path.erase(0, 1);
    while (path.ends_with('/')) path.pop_back();
    out.ids.emplace(resource_id(path), resource);
  };
  for (const auto& member : resources->members) take(member.key, member.value);
  for (const auto& item : resources->items) {
    const Section part(item, settings.path("restApiResources"), kResourceKeys, service.report);
    const Node *path = part.text("path"), *resource = part.value("resourceId");
    if (path && resource) take(path->text(), *resource);
  }
  return out;
}

void add_api(Service& service, const Section& settings, const Place& from) {
  const Node* named = service.provider.find("apiName");
  const bool by_service = settings.flag("shouldStartNameWithService");
  const auto name = named        ? named->as_text()
                    : by_service ? service.name + "-" + service.stage
                                 : service.stage + "-" + service.name;
  const Node* type = service.provider.find("endpointType");
  std::string kind = type ? type->as_text() : "EDGE";
  std::ranges::transform(kind, kind.begin(), [](unsigned char c) { return std::toupper(c); });
  Node& api = *service
                   .add("ApiGatewayRestApi", "AWS::ApiGateway::RestApi",
                        {{"Name", name}, {"EndpointConfiguration", {{"Types", {kind}}}}}, from)
                   .find("Properties");
  for (const auto& [key, property] : {std::pair{"description", "Description"},
                                      {"binaryMediaTypes", "BinaryMediaTypes"},
                                      {"apiKeySourceType", "ApiKeySourceType"}})
    if (const Node* value = settings.find(key)) api.set(property, *value);
  if (const Node* off = settings.find("disableDefaultEndpoint")) api.set("DisableExecuteApiEndpoint", *off);
  if (const Node* tags = service.provider.find("tags"); tags && tags->is_map())
    api.set("Tags", Node(tags_list(*tags), tags->place));
}

// The resource of a path and those above it, but for those of an API that is there already.
void add_resources(Service& service, const std::string& path, const Place& from, const Elsewhere& elsewhere) {
  if (path.empty() || service.resources.find(resource_id(path)) || elsewhere.ids.contains(resource_id(path)))
    return;
  const auto slash = path.rfind('/');
  const auto parent = slash == std::string::npos ? std::string() : path.substr(0, slash);
  add_resources(service, parent, from, elsewhere);
  service.add(resource_id(path), "AWS::ApiGateway::Resource",
              {{"ParentId", resource_ref(parent)},
               {"PathPart", path.substr(slash == std::string::npos ? 0 : slash + 1)},
               {"RestApiId", kApi}},
              from);
}

Json permission_of(const Json& function_arn) {
  return {{"FunctionName", function_arn},
          {"Action", "lambda:InvokeFunction"},
          {"Principal", "apigateway.amazonaws.com"},
          {"SourceArn", join("", {"arn:", ref_to("AWS::Partition"), ":execute-api:", ref_to("AWS::Region"),
                                  ":", ref_to("AWS::AccountId"), ":", kApi, "/*/*"})}};
}

bool is_pool(const Json& authorizer) {
  const auto type = authorizer.value("type", "");
  const auto arn = authorizer.find("arn");
  return type == "COGNITO_USER_POOLS" || type == "cognito_user_pools" ||
         (arn != authorizer.end() && arn->is_string() &&
          arn->get<std::string>().starts_with("arn:aws:cognito-idp:"));
}

std::string add_authorizer(Service& service, const HttpEvent& event) {
  const auto& given = event.authorizer;
  const auto name = given["name"].get<std::string>();
  const auto id = normalized(name) + "ApiGatewayAuthorizer";
  if (service.resources.find(id)) return id;
  const auto type = given.value("type", "TOKEN");
  Json properties{{"Name", name},
                  {"RestApiId", kApi},
                  {"AuthorizerResultTtlInSeconds", given.value("ttl", Json(300))},
                  {"IdentitySource", given.value("identitySource", "method.request.header.Authorization")}};
  if (given.contains("expression")) properties["IdentityValidationExpression"] = given["expression"];
  if (is_pool(given)) {
    properties["Type"] = "COGNITO_USER_POOLS";
    properties["ProviderARNs"] = Json::array({given["arn"]});
  } else {
    properties["Type"] = type == "request" || type == "REQUEST" ? "REQUEST" : "TOKEN";
    properties["AuthorizerUri"] = invocation_uri(given["arn"]);
  }
  service.add(id, "AWS::ApiGateway::Authorizer", properties, event.place);
  if (!is_pool(given) && !given.contains("managedExternally"))
    service.add(normalized(name) + "LambdaPermissionApiGateway", "AWS::Lambda::Permission",
                permission_of(given["arn"]), event.place);
  return id;
}

void add_method(Service& service, const HttpEvent& event) {
  const Function& function = *event.function;
  Json properties{{"HttpMethod", event.method},
                  {"RequestParameters", event.parameters},
                  {"ResourceId", resource_ref(event.path)},
                  {"RestApiId", kApi},
                  {"ApiKeyRequired", event.needs_key},
                  {"AuthorizationType", "NONE"},
                  {"Integration", integration_of(event, invocation_uri(function.arn(), event.streams))},
                  {"MethodResponses", method_responses(event)}};
  if (!event.operation.empty()) properties["OperationName"] = event.operation;
  if (event.authorizer == "aws_iam") properties["AuthorizationType"] = "AWS_IAM";
  if (event.authorizer.is_object()) {
    properties["AuthorizationType"] = is_pool(event.authorizer) ? "COGNITO_USER_POOLS" : "CUSTOM";
    properties["AuthorizerId"] =
        event.authorizer.contains("id") ? event.authorizer["id"] : ref_to(add_authorizer(service, event));
    if (event.authorizer.contains("scopes")) properties["AuthorizationScopes"] = event.authorizer["scopes"];
  }
  const auto id = method_id(event.path, event.method);
  add_validation(service, event, id, properties);
  service.add(id, "AWS::ApiGateway::Method", properties, event.place);
  service.add(function.logical_id + "LambdaPermissionApiGateway", "AWS::Lambda::Permission",
              permission_of(function.arn()), event.place);
}

// One MOCK per path answers preflights for all of its methods that ask for it.
void add_preflight(Service& service, const std::string& path, const std::vector<HttpEvent>& events) {
  const HttpEvent* first = nullptr;
  std::string methods = "OPTIONS";
  for (const auto& event : events) {
    if (event.path != path || !event.cors) continue;
    if (!first) first = &event;
    for (const std::string_view each : {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"})
      if ((event.method == "ANY" || event.method == each) && methods.find(each) == methods.npos)
        methods += "," + std::string(each);
  }
  const auto id = method_id(path, "OPTIONS");
  if (!first || service.resources.find(id)) return;
  const auto quoted = [](const std::string& text) { return "'" + text + "'"; };
  const std::string prefix = "method.response.header.";
  Json values{{prefix + "Access-Control-Allow-Origin", quoted(first->cors->value("origin", "*"))},
              {prefix + "Access-Control-Allow-Headers", quoted(first->cors->value("headers", ""))},
              {prefix + "Access-Control-Allow-Methods", quoted(methods)}};
  if (first->cors->contains("credentials"))
    values[prefix + "Access-Control-Allow-Credentials"] = quoted("true");
  if (first->cors->contains("maxAge"))
    values[prefix + "Access-Control-Max-Age"] = quoted((*first->cors)["maxAge"]);
  if (first->cors->contains("cacheControl"))
    values[prefix + "Cache-Control"] = quoted((*first->cors)["cacheControl"]);
  Json declared = Json::object();
  for (const auto& [name, value] : values.items()) declared[name] = true;
  service.add(
      id, "AWS::ApiGateway::Method",
      {{"AuthorizationType", "NONE"},
       {"HttpMethod", "OPTIONS"},
       {"MethodResponses",
        Json::array(
            {{{"StatusCode", "200"}, {"ResponseParameters", declared}, {"ResponseModels", Json::object()}}})},
       {"RequestParameters", Json::object()},
       {"Integration",
        {{"Type", "MOCK"},
         {"RequestTemplates", {{"application/json", "{statusCode:200}"}}},
         {"ContentHandling", "CONVERT_TO_TEXT"},
         {"IntegrationResponses", Json::array({{{"StatusCode", "200"},
                                                {"ResponseParameters", values},
                                                {"ResponseTemplates", {{"application/json", ""}}}}})}}},
       {"ResourceId", resource_ref(path)},
       {"RestApiId", kApi}},
      first->place);
}

// serverless names a deployment by the time; here by what it deploys, so that only a change makes another.
std::string add_deployment(Service& service, const std::string& stage,
                           const std::vector<std::string>& methods, const Place& from) {
  Json properties{{"RestApiId", kApi}, {"StageName", stage}};
  if (const auto logs = rest_api_logs(service)) properties["StageDescription"]["AccessLogSetting"] = *logs;
  std::string all;
  for (const auto& [id, resource] : service.resources.members)
    if (id.starts_with("ApiGateway") || id.ends_with("ApiGatewayAuthorizer"))
      all += id + resource.json().dump();
  if (properties.contains("StageDescription")) all += properties["StageDescription"].dump();
  const auto id = "ApiGatewayDeployment" + hex(sha256(all)).substr(0, 13);
  service.add(id, "AWS::ApiGateway::Deployment", properties, from)
      .set("DependsOn", Node(Json(methods), from));
  return id;
}
}  // namespace

void compile_rest_api(Service& service) {
  static const Node kNone = Node::map();
  const Node* node = service.provider.find("apiGateway");
  const Section settings(node && node->is_map() ? *node : kNone, "provider.apiGateway", kKeys,
                         service.report);
  auto events = http_events(service);
  if (events.empty()) return;
  if (const auto longest = settings.number("timeoutInMillis"))
    for (auto& event : events)
      if (!event.timeout_ms) event.timeout_ms = longest->json();
  const auto& from = events.front().place;
  const auto elsewhere = made_elsewhere(service, settings);
  if (elsewhere.ids.empty()) add_api(service, settings, from);
  std::vector<std::string> methods;
  for (const auto& event : events) {
    add_resources(service, event.path, event.place, elsewhere);
    add_method(service, event);
    methods.push_back(method_id(event.path, event.method));
  }
  for (const auto& event : events) {
    add_preflight(service, event.path, events);
    const auto id = method_id(event.path, "OPTIONS");
    if (service.resources.find(id) && std::ranges::find(methods, id) == methods.end()) methods.push_back(id);
  }
  const auto stage = stage_of(service, settings);
  const auto deployment = add_deployment(service, stage, methods, from);
  add_plans(service, settings, stage, deployment);
  service.add_output("ServiceEndpoint", "URL of the service endpoint",
                     join("", {"https://", kApi, ".execute-api.", ref_to("AWS::Region"), ".",
                               ref_to("AWS::URLSuffix"), "/" + stage}),
                     from);
  if (elsewhere.ids.empty()) return;
  for (auto* part : {&service.resources, &service.outputs}) stand_in(*part, elsewhere);
}
}  // namespace emu::deploy::serverless
