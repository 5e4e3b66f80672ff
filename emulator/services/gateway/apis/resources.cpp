// CloudFormation's AWS::ApiGatewayV2 types, through the operations of this folder. Their properties are
// spelled as the operations' members, but for the first letter. ApiId travels in the attributes: the parts of
// an API are found below it.
#include "emulator/base/bounded_json.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/apis/apis.hpp"
#include "emulator/services/gateway/apis/authorizers.hpp"
#include "emulator/services/gateway/apis/domains.hpp"
#include "emulator/services/gateway/apis/integrations.hpp"
#include "emulator/services/gateway/apis/models.hpp"
#include "emulator/services/gateway/apis/openapi/import.hpp"
#include "emulator/services/gateway/apis/routes.hpp"
#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/apis/stages.hpp"
#include "emulator/services/gateway/apis/vpc_links.hpp"

namespace emu::gateway {
namespace {
Json camel_case(Json pascal) {
  Json out = Json::object();
  for (auto& [name, value] : pascal.items()) {
    std::string key = name;
    key[0] = lower(key[0]);
    out[key] = std::move(value);
  }
  return out;
}

// The values of a map of text, which templates often write as numbers.
void make_text(Json& map) {
  if (!map.is_object()) return;
  for (auto& value : map)
    if (!value.is_string()) value = value.dump();
}

// Templates often write numbers and flags as text.
void make_numbers(Json& settings) {
  for (auto& [name, value] : settings.items()) {
    if (!value.is_string() || name == "loggingLevel") continue;
    auto read = bounded_parse(value.get<std::string>());
    if (read.is_number() || read.is_boolean()) value = std::move(read);
  }
}

// {"ResponseParameters": [{"Destination": …, "Source": …}]} as the API has it: {destination: source}.
Json mapping_of(Json written) {
  const auto list = written.find("ResponseParameters");
  if (list == written.end() || !list->is_array()) return written;
  Json out = Json::object();
  for (const auto& each : *list) out[each.value("Destination", "")] = each.value("Source", "");
  return out;
}

template <class Options>
Options options_of(ResourceRequest request) {
  Json input = camel_case(std::move(request.properties));
  for (const auto* document : {"body", "basePath", "failOnWarnings"}) input.erase(document);
  if (auto schema = input.find("schema"); schema != input.end() && !schema->is_string())
    *schema = schema->dump();
  for (const auto* name : {"stageVariables", "tags", "requestParameters"})
    if (input.contains(name)) make_text(input[name]);
  for (const auto* name :
       {"corsConfiguration", "jwtConfiguration", "accessLogSettings", "defaultRouteSettings"})
    if (auto part = input.find(name); part != input.end() && part->is_object()) {
      *part = camel_case(std::move(*part));
      if (name == std::string_view("defaultRouteSettings")) make_numbers(*part);
    }
  if (auto settings = input.find("routeSettings"); settings != input.end() && settings->is_object())
    for (auto& each : *settings) {
      each = camel_case(std::move(each));
      make_numbers(each);
    }
  if (auto each = input.find("domainNameConfigurations"); each != input.end() && each->is_array())
    for (auto& configuration : *each) configuration = camel_case(std::move(configuration));
  if (auto responses = input.find("responseParameters"); responses != input.end() && responses->is_object())
    for (auto& each : *responses) each = mapping_of(std::move(each));
  for (const auto name : wire::member_names<Options>())
    if (input.contains(name)) wire::coerce<Options>(input, name);
  return wire::decode(wire::Tag<Options>{}, input, "");
}

std::string api_of(const Resource& resource) { return resource.attributes.value("ApiId", ""); }

Result<Resource> resource(Result<Api> api) {
  if (!api) return std::move(api.error());
  return Resource{api->apiId, {{"ApiId", api->apiId}, {"ApiEndpoint", api->apiEndpoint}}};
}
Result<Resource> resource(Result<Route> route, const std::string& api_id) {
  if (!route) return std::move(route.error());
  return Resource{route->routeId, {{"RouteId", route->routeId}, {"ApiId", api_id}}};
}
Result<Resource> resource(Result<Integration> integration, const std::string& api_id) {
  if (!integration) return std::move(integration.error());
  return Resource{integration->integrationId,
                  {{"IntegrationId", integration->integrationId}, {"ApiId", api_id}}};
}
Result<Resource> resource(Result<Authorizer> authorizer, const std::string& api_id) {
  if (!authorizer) return std::move(authorizer.error());
  return Resource{authorizer->authorizerId, {{"AuthorizerId", authorizer->authorizerId}, {"ApiId", api_id}}};
}
Result<Resource> resource(Result<Stage> stage, const std::string& api_id) {
  if (!stage) return std::move(stage.error());
  return Resource{stage->stageName, {{"ApiId", api_id}}};
}
Result<Resource> resource(Result<Deployment> deployment, const std::string& api_id) {
  if (!deployment) return std::move(deployment.error());
  return Resource{deployment->deploymentId, {{"DeploymentId", deployment->deploymentId}, {"ApiId", api_id}}};
}
Result<Resource> resource(Result<Model> model, const std::string& api_id) {
  if (!model) return std::move(model.error());
  return Resource{model->modelId, {{"ModelId", model->modelId}, {"ApiId", api_id}}};
}
Result<Done> done(Result<Empty> result) {
  if (!result) return std::move(result.error());
  return Done{};
}

// The document of a template's Body, as it is imported; its other properties come over it.
std::optional<ImportOptions> document_of(const Json& properties) {
  const auto body = properties.find("Body");
  if (body == properties.end()) return std::nullopt;
  ImportOptions out;
  out.body = body->is_string() ? body->get<std::string>() : body->dump();
  if (const auto base = properties.find("BasePath"); base != properties.end() && base->is_string())
    out.basepath = *base;
  const auto fail = properties.find("FailOnWarnings");
  out.failOnWarnings = fail != properties.end() && (*fail == true || *fail == "true");
  return out;
}

Result<Resource> imported(Result<Imported> api) {
  if (!api) return std::move(api.error());
  return resource(Result<Api>(Api(std::move(*api))));
}

awaitable<Result<Resource>> make_api(Service& service, Context& context, ResourceRequest request) {
  const auto document = document_of(request.properties);
  auto in = options_of<ApiOptions>(std::move(request));
  if (document)
    co_return imported(import_with(static_cast<Gateway&>(service), context, *document, std::move(in)));
  co_return resource(create_api(static_cast<Gateway&>(service), context, std::move(in)));
}
awaitable<Result<Resource>> update_api(Service& service, Context& context, Resource old,
                                       ResourceRequest request) {
  auto& gateway = static_cast<Gateway&>(service);
  const auto document = document_of(request.properties);
  auto in = options_of<ApiOptions>(std::move(request));
  if (document)
    co_return imported(
        reimport_with(gateway, context, old.physical_id, *document, std::move(in), Others::reset));
  co_return resource(change_api(gateway, context, old.physical_id, std::move(in), Others::reset));
}
awaitable<Result<Done>> drop_api(Service& service, Context& context, Resource old) {
  co_return done(remove_api(static_cast<Gateway&>(service), context, {old.physical_id}));
}

// A part of an API, by the operation that makes, changes or removes it.
template <class Options, auto Create>
awaitable<Result<Resource>> make(Service& service, Context& context, ResourceRequest request) {
  auto in = options_of<Options>(std::move(request));
  const auto api_id = in.apiId;
  co_return resource(Create(static_cast<Gateway&>(service), context, std::move(in)), api_id);
}
template <class Options, auto Change>
awaitable<Result<Resource>> update(Service& service, Context& context, Resource old,
                                   ResourceRequest request) {
  auto in = options_of<Options>(std::move(request));
  const auto api_id = in.apiId;
  auto& gateway = static_cast<Gateway&>(service);
  co_return resource(Change(gateway, context, old.physical_id, std::move(in), Others::reset), api_id);
}
template <auto Remove>
awaitable<Result<Done>> drop(Service& service, Context& context, Resource old) {
  co_return done(Remove(static_cast<Gateway&>(service), context, {api_of(old), old.physical_id}));
}

awaitable<Result<Resource>> update_stage(Service& service, Context& context, Resource,
                                         ResourceRequest request) {
  auto in = options_of<StageOptions>(std::move(request));
  const auto api_id = in.apiId;
  auto& gateway = static_cast<Gateway&>(service);
  co_return resource(change_stage(gateway, context, std::move(in), Others::reset), api_id);
}
Result<Resource> resource(Result<DomainName> domain) {
  if (!domain) return std::move(domain.error());
  const auto& configuration = domain->domainNameConfigurations.front();
  return Resource{domain->domainName,
                  {{"DomainName", domain->domainName},
                   {"RegionalDomainName", configuration.apiGatewayDomainName.value_or("")},
                   {"RegionalHostedZoneId", configuration.hostedZoneId.value_or("")}}};
}
awaitable<Result<Resource>> make_domain(Service& service, Context& context, ResourceRequest request) {
  auto in = options_of<DomainNameOptions>(std::move(request));
  co_return resource(create_domain_name(static_cast<Gateway&>(service), context, std::move(in)));
}
awaitable<Result<Resource>> update_domain(Service& service, Context& context, Resource,
                                          ResourceRequest request) {
  auto in = options_of<DomainNameOptions>(std::move(request));
  if (!in.tags) in.tags.emplace();
  co_return resource(change_domain_name(static_cast<Gateway&>(service), context, std::move(in)));
}
awaitable<Result<Done>> drop_domain(Service& service, Context& context, Resource old) {
  co_return done(remove_domain_name(static_cast<Gateway&>(service), context, {old.physical_id}));
}

Result<Resource> resource(Result<ApiMapping> mapping, const std::string& domain) {
  if (!mapping) return std::move(mapping.error());
  return Resource{mapping->apiMappingId, {{"ApiMappingId", mapping->apiMappingId}, {"DomainName", domain}}};
}
awaitable<Result<Resource>> make_mapping(Service& service, Context& context, ResourceRequest request) {
  auto in = options_of<ApiMappingOptions>(std::move(request));
  const auto domain = in.domainName;
  co_return resource(create_api_mapping(static_cast<Gateway&>(service), context, std::move(in)), domain);
}
awaitable<Result<Resource>> update_mapping(Service& service, Context& context, Resource old,
                                           ResourceRequest request) {
  auto in = options_of<ApiMappingOptions>(std::move(request));
  const auto domain = in.domainName;
  if (!in.apiMappingKey) in.apiMappingKey = "";
  auto& gateway = static_cast<Gateway&>(service);
  co_return resource(change_api_mapping(gateway, context, old.physical_id, std::move(in)), domain);
}
awaitable<Result<Done>> drop_mapping(Service& service, Context& context, Resource old) {
  co_return done(remove_api_mapping(static_cast<Gateway&>(service), context,
                                    {old.physical_id, old.attributes.value("DomainName", "")}));
}

Result<Resource> resource(Result<VpcLink> link) {
  if (!link) return std::move(link.error());
  return Resource{link->vpcLinkId, {{"VpcLinkId", link->vpcLinkId}}};
}
awaitable<Result<Resource>> make_link(Service& service, Context& context, ResourceRequest request) {
  auto in = options_of<VpcLinkOptions>(std::move(request));
  co_return resource(create_vpc_link(static_cast<Gateway&>(service), context, std::move(in)));
}
awaitable<Result<Resource>> update_link(Service& service, Context& context, Resource old,
                                        ResourceRequest request) {
  auto in = options_of<VpcLinkOptions>(std::move(request));
  if (!in.tags) in.tags.emplace();
  co_return resource(
      change_vpc_link(static_cast<Gateway&>(service), context, old.physical_id, std::move(in)));
}
awaitable<Result<Done>> drop_link(Service& service, Context& context, Resource old) {
  co_return done(remove_vpc_link(static_cast<Gateway&>(service), context, {old.physical_id}));
}

// A deployment is what it froze; only its description could change, and nobody sees that.
awaitable<Result<Resource>> update_deployment(Service&, Context&, Resource old, ResourceRequest) {
  co_return old;
}

constexpr std::string_view kApi[] = {"BasePath",
                                     "Body",
                                     "CorsConfiguration",
                                     "Description",
                                     "DisableExecuteApiEndpoint",
                                     "FailOnWarnings",
                                     "Name",
                                     "ProtocolType",
                                     "RouteKey",
                                     "RouteSelectionExpression",
                                     "Tags",
                                     "Target",
                                     "Version"};
constexpr std::string_view kApiIgnored[] = {"ApiKeySelectionExpression", "CredentialsArn",
                                            "DisableSchemaValidation"};
constexpr std::string_view kApiFixed[] = {"ProtocolType"};
constexpr std::string_view kRoute[] = {
    "ApiId",    "ApiKeyRequired", "AuthorizationScopes", "AuthorizationType", "AuthorizerId",
    "RouteKey", "Target"};
constexpr std::string_view kRouteIgnored[] = {"ModelSelectionExpression", "OperationName", "RequestModels",
                                              "RequestParameters", "RouteResponseSelectionExpression"};
constexpr std::string_view kInApi[] = {"ApiId"};
constexpr std::string_view kIntegration[] = {"ApiId",
                                             "ConnectionId",
                                             "ConnectionType",
                                             "Description",
                                             "IntegrationMethod",
                                             "IntegrationSubtype",
                                             "IntegrationType",
                                             "IntegrationUri",
                                             "PayloadFormatVersion",
                                             "RequestParameters",
                                             "ResponseParameters",
                                             "TimeoutInMillis",
                                             "TlsConfig"};
constexpr std::string_view kIntegrationIgnored[] = {"ContentHandlingStrategy", "CredentialsArn",
                                                    "PassthroughBehavior", "RequestTemplates",
                                                    "TemplateSelectionExpression"};
constexpr std::string_view kStage[] = {
    "AccessLogSettings", "ApiId",         "AutoDeploy", "DefaultRouteSettings", "DeploymentId",
    "Description",       "RouteSettings", "StageName",  "StageVariables",       "Tags"};
constexpr std::string_view kStageIgnored[] = {"AccessPolicyId", "ClientCertificateId"};
constexpr std::string_view kStageFixed[] = {"ApiId", "StageName"};
constexpr std::string_view kDeployment[] = {"ApiId", "Description", "StageName"};
constexpr std::string_view kDeploymentFixed[] = {"ApiId", "StageName"};

constexpr std::string_view kAuthorizer[] = {"ApiId",
                                            "AuthorizerPayloadFormatVersion",
                                            "AuthorizerResultTtlInSeconds",
                                            "AuthorizerType",
                                            "AuthorizerUri",
                                            "EnableSimpleResponses",
                                            "IdentitySource",
                                            "JwtConfiguration",
                                            "Name"};
constexpr std::string_view kAuthorizerIgnored[] = {"AuthorizerCredentialsArn",
                                                   "IdentityValidationExpression"};

constexpr std::string_view kModel[] = {"ApiId", "ContentType", "Description", "Name", "Schema"};
constexpr std::string_view kVpcLink[] = {"Name", "SecurityGroupIds", "SubnetIds", "Tags"};
constexpr std::string_view kVpcLinkFixed[] = {"SecurityGroupIds", "SubnetIds"};
constexpr std::string_view kDomainName[] = {"DomainName", "DomainNameConfigurations", "Tags"};
constexpr std::string_view kDomainNameIgnored[] = {"MutualTlsAuthentication", "RoutingMode"};
constexpr std::string_view kMapping[] = {"ApiId", "ApiMappingKey", "DomainName", "Stage"};
constexpr std::string_view kInDomain[] = {"DomainName"};

constexpr ResourceType kTypes[] = {
    {"AWS::ApiGatewayV2::Model",
     kModel,
     {},
     kInApi,
     make<ModelOptions, create_model>,
     update<ModelOptions, change_model>,
     drop<remove_model>},
    {"AWS::ApiGatewayV2::VpcLink", kVpcLink, {}, kVpcLinkFixed, make_link, update_link, drop_link},
    {"AWS::ApiGatewayV2::DomainName", kDomainName, kDomainNameIgnored, kInDomain, make_domain, update_domain,
     drop_domain},
    {"AWS::ApiGatewayV2::ApiMapping", kMapping, {}, kInDomain, make_mapping, update_mapping, drop_mapping},
    {"AWS::ApiGatewayV2::Authorizer", kAuthorizer, kAuthorizerIgnored, kInApi,
     make<AuthorizerOptions, create_authorizer>, update<AuthorizerOptions, change_authorizer>,
     drop<remove_authorizer>},
    {"AWS::ApiGatewayV2::Api", kApi, kApiIgnored, kApiFixed, make_api, update_api, drop_api},
    {"AWS::ApiGatewayV2::Integration", kIntegration, kIntegrationIgnored, kInApi,
     make<IntegrationOptions, create_integration>, update<IntegrationOptions, change_integration>,
     drop<remove_integration>},
    {"AWS::ApiGatewayV2::Route", kRoute, kRouteIgnored, kInApi, make<RouteOptions, create_route>,
     update<RouteOptions, change_route>, drop<remove_route>},
    {"AWS::ApiGatewayV2::Stage", kStage, kStageIgnored, kStageFixed, make<StageOptions, create_stage>,
     update_stage, drop<remove_stage>},
    {"AWS::ApiGatewayV2::Deployment",
     kDeployment,
     {},
     kDeploymentFixed,
     make<DeploymentOptions, create_deployment>,
     update_deployment,
     drop<remove_deployment>},
};
}  // namespace

std::span<const ResourceType> resource_rows() { return kTypes; }
}  // namespace emu::gateway
