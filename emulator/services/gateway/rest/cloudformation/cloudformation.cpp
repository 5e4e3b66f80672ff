#include "emulator/services/gateway/rest/cloudformation/cloudformation.hpp"

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/gateway/rest/documents/documentation.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr std::string_view kUsersKeys[] = {"Body",           "RequestParameters",  "RequestTemplates",
                                           "RequestModels",  "ResponseParameters", "ResponseTemplates",
                                           "ResponseModels", "Variables",          "MethodSettings"};
constexpr std::string_view kNumbers[] = {"limit", "offset", "burstLimit", "rateLimit"};

std::string small(std::string name) {
  if (!name.empty()) name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  return name;
}

Json camel(const std::string& name, Json value) {
  if (name == "Schema" && value.is_structured()) return value.dump();
  if (name == "Tags" && value.is_array()) {
    Json tags = Json::object();
    for (const auto& tag : value) tags[tag.value("Key", "")] = tag.value("Value", Json(""));
    return tags;
  }
  if (std::ranges::find(kUsersKeys, name) != std::end(kUsersKeys)) return value;
  if (value.is_array())
    for (auto& each : value) each = camel({}, std::move(each));
  if (!value.is_object()) return value;
  Json out = Json::object();
  for (auto& [key, each] : value.items()) {
    auto renamed = small(key);
    Json made = camel(key, std::move(each));
    if (made.is_string() && std::ranges::find(kNumbers, renamed) != std::end(kNumbers)) {
      auto number = bounded_parse(made.get<std::string>());
      if (number.is_number()) made = std::move(number);
    }
    out[std::move(renamed)] = std::move(made);
  }
  return out;
}

// One kind of resource by its operations. `id`: the member of the answer that is the physical id.
struct Kind {
  std::string_view create, remove;
  std::string_view id;         // of the answer
  std::string_view id_member;  // of the input that removes it
  std::string_view attribute;  // Fn::GetAtt's name of the id; empty: none
  std::string_view plural;     // where it is kept: of an API's record or of the shelf
};
constexpr Kind kResource{"CreateResource", "DeleteResource", "id", "resourceId", "ResourceId", "resources"};
constexpr Kind kModel{"CreateModel", "DeleteModel", "name", "modelName", "", "models"};
constexpr Kind kValidator{"CreateRequestValidator", "DeleteRequestValidator", "id",
                          "requestValidatorId",     "RequestValidatorId",     "requestValidators"};
constexpr Kind kAuthorizer{"CreateAuthorizer", "DeleteAuthorizer", "id",
                           "authorizerId",     "AuthorizerId",     "authorizers"};
constexpr Kind kResponse{"PutGatewayResponse", "DeleteGatewayResponse", "responseType", "responseType", "Id",
                         "gatewayResponses"};
constexpr Kind kKey{"CreateApiKey", "DeleteApiKey", "id", "apiKey", "APIKeyId", "apikeys"};
constexpr Kind kPlan{"CreateUsagePlan", "DeleteUsagePlan", "id", "usagePlanId", "Id", "usageplans"};
constexpr Kind kCertificate{"GenerateClientCertificate", "DeleteClientCertificate", "clientCertificateId",
                            "clientCertificateId",       "ClientCertificateId",     "clientcertificates"};
constexpr Kind kDocumentationPart{"CreateDocumentationPart", "DeleteDocumentationPart", "id",
                                  "documentationPartId",     "DocumentationPartId",     "documentationParts"};
constexpr Kind kDocumentationVersion{
    "CreateDocumentationVersion", "DeleteDocumentationVersion", "version", "documentationVersion", "",
    "documentationVersions"};
constexpr Kind kVpcLink{"CreateVpcLink", "DeleteVpcLink", "id", "vpcLinkId", "VpcLinkId", "vpclinks"};
constexpr Kind kDomain{"CreateDomainName", "DeleteDomainName", "domainName", "domainName", "", "domainnames"};

Resource resource_of(const Kind& kind, const Json& made, const Json& in) {
  Resource out{text(made, kind.id), Json::object()};
  if (!kind.attribute.empty()) out.attributes[std::string(kind.attribute)] = out.physical_id;
  if (in.contains("restApiId")) out.attributes["RestApiId"] = in["restApiId"];
  for (const auto* name :
       {"RegionalDomainName", "RegionalHostedZoneId", "DistributionDomainName", "DistributionHostedZoneId"})
    if (made.contains(small(name))) out.attributes[name] = made[small(name)];
  return out;
}

template <const Kind& kKind>
awaitable<Result<Resource>> make(Service& service, Context& context, ResourceRequest request) {
  Json in = members_of(std::move(request.properties));
  const bool nameless = kKind.id == "name" || kKind.plural == "apikeys" || kKind.plural == "usageplans";
  if (nameless && !in.contains("name"))
    in["name"] = kKind.id == "name" ? request.logical_id : request.suggested_name;
  if (kKind.id == "name" && !in.contains("contentType")) in["contentType"] = "application/json";
  auto made = co_await perform(apis_of(service), context, kKind.create, in);
  if (!made) co_return std::move(made.error());
  co_return resource_of(kKind, *made, in);
}

// Inputs as the operation would read them: numbers and flags that a template wrote as text.
Json conformed(RestApis& apis, std::string_view operation, Json in) {
  const auto rows = apis.operations();
  const auto row = std::ranges::find(rows, operation, &Operation::name);
  for (const auto member : row->members()) row->coerce(in, member);
  return in;
}

void check_updated(std::string_view plural, Json& document) {
  if (plural == "authorizers") check_authorizer(document);
  if (plural == "gatewayResponses") check_gateway_response(document);
  if (plural == "usageplans") check_plan(document);
  if (plural == "models") check_model(document);
  if (plural == "documentationParts") check_documentation_part(document);
}

// What the properties say replaces what was said before; what the service gave stays.
template <const Kind& kKind>
awaitable<Result<Resource>> update(Service& service, Context& context, Resource old,
                                   ResourceRequest request) {
  auto& apis = apis_of(service);
  const Json in = conformed(apis, kKind.create, members_of(std::move(request.properties)));
  const auto change = [&](Json& document) -> Result<Json> {
    for (const auto& [name, value] : in.items())
      if (name != "restApiId" && name != "generateDistinctId" && name != kKind.id_member)
        document[name] = value;
    if (kKind.plural == "gatewayResponses") document["defaultResponse"] = false;
    check_updated(kKind.plural, document);
    return document;
  };
  const AwsError unknown = absent("Invalid identifier specified");
  Result<Json> done = unknown;
  if (in.contains("restApiId"))
    done = apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
      auto* found = part_of(record, {kKind.plural, old.physical_id});
      return found ? change(*found) : unknown;
    });
  else
    done = apis.shelf.change(context.scope, kKind.plural, old.physical_id, unknown, change);
  ++apis.key_changes;
  if (!done) co_return std::move(done.error());
  co_return old;
}

template <const Kind& kKind>
awaitable<Result<Done>> drop(Service& service, Context& context, Resource old) {
  auto& apis = apis_of(service);
  Json in{{std::string(kKind.id_member), old.physical_id}};
  if (old.attributes.contains("RestApiId")) in["restApiId"] = old.attributes["RestApiId"];
  if (kKind.plural == "usageplans") {  // its stages go with the stack
    auto freed = apis.shelf.change(context.scope, kKind.plural, old.physical_id, absent(""),
                                   [](Json& plan) -> Result<Json> {
                                     plan["apiStages"] = Json::array();
                                     return plan;
                                   });
    static_cast<void>(freed);  // absent: said below
  }
  auto done = co_await perform(apis, context, kKind.remove, std::move(in));
  if (!done) co_return std::move(done.error());
  co_return Done{};
}

Resource api_resource(const Json& api) {
  return {text(api, "id"), {{"RootResourceId", text(api, "rootResourceId")}, {"RestApiId", text(api, "id")}}};
}

// Body as text: CloudFormation has it as a document.
std::string document_of(const Json& body) { return body.is_string() ? body.get<std::string>() : body.dump(); }

Json import_of(const Json& id, std::string_view mode, const std::string& body, const Json& parameters) {
  Json out{{"restApiId", id}, {"mode", mode}, {"body", body}};
  take(out, parameters, {"basepath", "ignore", "endpointConfigurationTypes"});
  return out;
}

awaitable<Result<Resource>> make_api(Service& service, Context& context, ResourceRequest request) {
  Json in = members_of(std::move(request.properties));
  const auto body = in.contains("body") ? document_of(in["body"]) : "";
  in.erase("body");
  const Json parameters = object(in, "parameters");
  if (!in.contains("name")) in["name"] = request.suggested_name;
  if (in.contains("policy") && in["policy"].is_object()) in["policy"] = in["policy"].dump();
  if (in.contains("apiKeySourceType")) in["apiKeySource"] = in["apiKeySourceType"];
  auto made = co_await perform(apis_of(service), context, "CreateRestApi", std::move(in));
  if (!made) co_return std::move(made.error());
  if (!body.empty()) {
    auto put = co_await perform(apis_of(service), context, "PutRestApi",
                                import_of((*made)["id"], "merge", body, parameters));
    if (!put) co_return std::move(put.error());
  }
  co_return api_resource(*made);
}

awaitable<Result<Resource>> update_api(Service& service, Context& context, Resource old,
                                       ResourceRequest request) {
  Json in = members_of(std::move(request.properties));
  if (in.contains("policy") && in["policy"].is_object()) in["policy"] = in["policy"].dump();
  if (in.contains("apiKeySourceType")) in["apiKeySource"] = in["apiKeySourceType"];
  in = conformed(apis_of(service), "CreateRestApi", std::move(in));
  if (in.contains("body")) {
    const auto body = document_of(in["body"]);
    auto put = co_await perform(
        apis_of(service), context, "PutRestApi",
        import_of(old.physical_id, text(in, "mode", "overwrite"), body, object(in, "parameters")));
    if (!put) co_return std::move(put.error());
  }
  auto done = apis_of(service).change(context.scope, old.physical_id, [&](Json& record) -> Result<Json> {
    Json& api = record["api"];
    for (const auto* member : {"description", "binaryMediaTypes", "minimumCompressionSize", "policy", "tags"})
      api.erase(member);
    api["apiKeySource"] = "HEADER";
    api["disableExecuteApiEndpoint"] = false;
    take(api, in,
         {"name", "description", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource",
          "endpointConfiguration", "policy", "tags", "disableExecuteApiEndpoint"});
    return api;
  });
  if (!done) co_return std::move(done.error());
  co_return api_resource(*done);
}

awaitable<Result<Done>> drop_api(Service& service, Context& context, Resource old) {
  auto done = co_await perform(apis_of(service), context, "DeleteRestApi", {{"restApiId", old.physical_id}});
  if (!done) co_return std::move(done.error());
  co_return Done{};
}

awaitable<Result<Resource>> make_account(Service& service, Context& context, ResourceRequest request) {
  const auto role = request.properties.value("CloudWatchRoleArn", "");
  Json patch = Json::array({{{"op", "replace"}, {"path", "/cloudwatchRoleArn"}, {"value", role}}});
  auto done =
      co_await perform(apis_of(service), context, "UpdateAccount", {{"patchOperations", std::move(patch)}});
  if (!done) co_return std::move(done.error());
  co_return Resource{request.suggested_name, {{"Id", request.suggested_name}}};
}
awaitable<Result<Resource>> update_account(Service& service, Context& context, Resource old,
                                           ResourceRequest request) {
  auto done = co_await make_account(service, context, std::move(request));
  if (!done) co_return std::move(done.error());
  co_return old;
}
awaitable<Result<Done>> drop_account(Service&, Context&, Resource) { co_return Done{}; }  // as AWS: it stays

awaitable<Result<Resource>> make_plan_key(Service& service, Context& context, ResourceRequest request) {
  const Json in = members_of(std::move(request.properties));
  auto done = co_await perform(apis_of(service), context, "CreateUsagePlanKey", in);
  if (!done) co_return std::move(done.error());
  const auto id = fmt::format("{}:{}", text(in, "keyId"), text(in, "usagePlanId"));
  co_return Resource{id, {{"Id", id}}};
}
awaitable<Result<Resource>> keep(Service&, Context&, Resource old, ResourceRequest) { co_return old; }
awaitable<Result<Done>> drop_plan_key(Service& service, Context& context, Resource old) {
  const auto colon = old.physical_id.find(':');
  auto done = co_await perform(
      apis_of(service), context, "DeleteUsagePlanKey",
      {{"keyId", old.physical_id.substr(0, colon)}, {"usagePlanId", old.physical_id.substr(colon + 1)}});
  if (!done) co_return std::move(done.error());
  co_return Done{};
}

awaitable<Result<Resource>> make_mapping(Service& service, Context& context, ResourceRequest request) {
  const Json in = members_of(std::move(request.properties));
  auto made = co_await perform(apis_of(service), context, "CreateBasePathMapping", in);
  if (!made) co_return std::move(made.error());
  co_return Resource{fmt::format("{}|{}", text(in, "domainName"), text(*made, "basePath")), Json::object()};
}
awaitable<Result<Done>> drop_mapping(Service& service, Context& context, Resource old) {
  const auto bar = old.physical_id.find('|');
  auto done = co_await perform(
      apis_of(service), context, "DeleteBasePathMapping",
      {{"domainName", old.physical_id.substr(0, bar)}, {"basePath", old.physical_id.substr(bar + 1)}});
  if (!done) co_return std::move(done.error());
  co_return Done{};
}

using Names = const std::string_view[];
constexpr Names kApiProperties = {"ApiKeySourceType",
                                  "BinaryMediaTypes",
                                  "CloneFrom",
                                  "Description",
                                  "DisableExecuteApiEndpoint",
                                  "EndpointConfiguration",
                                  "Mode",
                                  "Name",
                                  "Parameters",
                                  "Tags"};
constexpr Names kApiIgnored = {"FailOnWarnings", "MinimumCompressionSize", "Policy"};
constexpr Names kResourceProperties = {"ParentId", "PathPart", "RestApiId"};
constexpr Names kMethodProperties = {
    "ApiKeyRequired",     "AuthorizationScopes", "AuthorizationType", "AuthorizerId",  "HttpMethod",
    "Integration",        "MethodResponses",     "OperationName",     "RequestModels", "RequestParameters",
    "RequestValidatorId", "ResourceId",          "RestApiId"};
constexpr Names kMethodFixed = {"HttpMethod", "ResourceId", "RestApiId"};
constexpr Names kDeploymentProperties = {"Description", "RestApiId", "StageDescription", "StageName"};
constexpr Names kDeploymentIgnored = {"DeploymentCanarySettings"};
constexpr Names kInApi = {"RestApiId"};
constexpr Names kStageProperties = {
    "AccessLogSetting", "ClientCertificateId", "DeploymentId", "Description", "DocumentationVersion",
    "MethodSettings",   "RestApiId",           "StageName",    "Tags",        "Variables"};
constexpr Names kStageIgnored = {"CacheClusterEnabled", "CacheClusterSize", "CanarySetting",
                                 "TracingEnabled"};
constexpr Names kStageFixed = {"RestApiId", "StageName"};
constexpr Names kModelProperties = {"ContentType", "Description", "Name", "RestApiId", "Schema"};
constexpr Names kModelFixed = {"ContentType", "Name", "RestApiId"};
constexpr Names kValidatorProperties = {"Name", "RestApiId", "ValidateRequestBody",
                                        "ValidateRequestParameters"};
constexpr Names kValidatorFixed = {"Name", "RestApiId"};
constexpr Names kAuthorizerProperties = {"AuthorizerResultTtlInSeconds",
                                         "AuthorizerUri",
                                         "IdentitySource",
                                         "IdentityValidationExpression",
                                         "Name",
                                         "ProviderARNs",
                                         "RestApiId",
                                         "Type"};
constexpr Names kAuthorizerIgnored = {"AuthType", "AuthorizerCredentials"};
constexpr Names kResponseProperties = {"ResponseParameters", "ResponseTemplates", "ResponseType", "RestApiId",
                                       "StatusCode"};
constexpr Names kResponseFixed = {"ResponseType", "RestApiId"};
constexpr Names kKeyProperties = {"CustomerId", "Description", "Enabled", "Name", "Tags", "Value"};
constexpr Names kKeyIgnored = {"GenerateDistinctId", "StageKeys"};
constexpr Names kKeyFixed = {"Name", "Value"};
constexpr Names kPlanProperties = {"ApiStages", "Description", "Quota", "Tags", "Throttle", "UsagePlanName"};
constexpr Names kPlanKeyProperties = {"KeyId", "KeyType", "UsagePlanId"};
constexpr Names kAccountProperties = {"CloudWatchRoleArn"};
constexpr Names kDomainProperties = {"DomainName", "EndpointConfiguration", "Tags"};
constexpr Names kDomainIgnored = {"CertificateArn", "MutualTlsAuthentication",
                                  "OwnershipVerificationCertificateArn", "RegionalCertificateArn",
                                  "SecurityPolicy"};
constexpr Names kDomainFixed = {"DomainName"};
constexpr Names kCertificateProperties = {"Description", "Tags"};
constexpr Names kDocumentationPartProperties = {"Location", "Properties", "RestApiId"};
constexpr Names kDocumentationPartFixed = {"Location", "RestApiId"};
constexpr Names kDocumentationVersionProperties = {"Description", "DocumentationVersion", "RestApiId"};
constexpr Names kDocumentationVersionFixed = {"DocumentationVersion", "RestApiId"};
constexpr Names kVpcLinkProperties = {"Description", "Name", "Tags", "TargetArns"};
constexpr Names kVpcLinkFixed = {"TargetArns"};
constexpr Names kMappingProperties = {"BasePath", "DomainName", "RestApiId", "Stage"};

constexpr ResourceType kTypes[] = {
    {"AWS::ApiGateway::RestApi", kApiProperties, kApiIgnored, {}, make_api, update_api, drop_api},
    {"AWS::ApiGateway::Resource",
     kResourceProperties,
     {},
     kResourceProperties,
     make<kResource>,
     keep,
     drop<kResource>},
    {"AWS::ApiGateway::Method", kMethodProperties, {}, kMethodFixed, make_method, update_method, drop_method},
    {"AWS::ApiGateway::Deployment", kDeploymentProperties, kDeploymentIgnored, kInApi, make_deployment,
     update_deployment, drop_deployment},
    {"AWS::ApiGateway::Stage", kStageProperties, kStageIgnored, kStageFixed, make_stage, update_stage,
     drop_stage},
    {"AWS::ApiGateway::Model", kModelProperties, {}, kModelFixed, make<kModel>, update<kModel>, drop<kModel>},
    {"AWS::ApiGateway::RequestValidator",
     kValidatorProperties,
     {},
     kValidatorFixed,
     make<kValidator>,
     update<kValidator>,
     drop<kValidator>},
    {"AWS::ApiGateway::Authorizer", kAuthorizerProperties, kAuthorizerIgnored, kInApi, make<kAuthorizer>,
     update<kAuthorizer>, drop<kAuthorizer>},
    {"AWS::ApiGateway::GatewayResponse",
     kResponseProperties,
     {},
     kResponseFixed,
     make<kResponse>,
     update<kResponse>,
     drop<kResponse>},
    {"AWS::ApiGateway::ApiKey", kKeyProperties, kKeyIgnored, kKeyFixed, make<kKey>, update<kKey>, drop<kKey>},
    {"AWS::ApiGateway::UsagePlan", kPlanProperties, {}, {}, make<kPlan>, update<kPlan>, drop<kPlan>},
    {"AWS::ApiGateway::UsagePlanKey",
     kPlanKeyProperties,
     {},
     kPlanKeyProperties,
     make_plan_key,
     keep,
     drop_plan_key},
    {"AWS::ApiGateway::Account", kAccountProperties, {}, {}, make_account, update_account, drop_account},
    {"AWS::ApiGateway::DomainName", kDomainProperties, kDomainIgnored, kDomainFixed, make<kDomain>,
     update<kDomain>, drop<kDomain>},
    {"AWS::ApiGateway::ClientCertificate",
     kCertificateProperties,
     {},
     {},
     make<kCertificate>,
     update<kCertificate>,
     drop<kCertificate>},
    {"AWS::ApiGateway::DocumentationPart",
     kDocumentationPartProperties,
     {},
     kDocumentationPartFixed,
     make<kDocumentationPart>,
     update<kDocumentationPart>,
     drop<kDocumentationPart>},
    {"AWS::ApiGateway::DocumentationVersion",
     kDocumentationVersionProperties,
     {},
     kDocumentationVersionFixed,
     make<kDocumentationVersion>,
     update<kDocumentationVersion>,
     drop<kDocumentationVersion>},
    {"AWS::ApiGateway::VpcLink",
     kVpcLinkProperties,
     {},
     kVpcLinkFixed,
     make<kVpcLink>,
     update<kVpcLink>,
     drop<kVpcLink>},
    {"AWS::ApiGateway::BasePathMapping",
     kMappingProperties,
     {},
     kMappingProperties,
     make_mapping,
     keep,
     drop_mapping},
};
}  // namespace

std::span<const ResourceType> cloudformation_rows() { return kTypes; }

Json members_of(Json properties) {
  Json out = camel({}, std::move(properties));
  if (out.contains("usagePlanName")) {
    out["name"] = out["usagePlanName"];
    out.erase("usagePlanName");
  }
  return out;
}

awaitable<Result<Json>> perform(RestApis& apis, Context& context, std::string_view operation, Json in) {
  for (const auto& row : apis.operations())
    if (row.name == operation) co_return co_await row.call(apis, context, std::move(in));
  co_return AwsError::internal("no such operation");
}
}  // namespace emu::gateway::v1
