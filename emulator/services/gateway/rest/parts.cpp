// The parts of a REST API that are alike: authorizers, models, request validators, gateway responses. One
// table says what each is called and which of it can be patched; part.hpp serves them all.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/gateway/patterns.hpp"
#include "emulator/services/gateway/responses/rest_error.hpp"
#include "emulator/services/gateway/rest/part.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/validation/schema.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Patchable kAuthorizerPaths[] = {{"/name"},
                                          {"/type"},
                                          {"/authType"},
                                          {"/authorizerUri"},
                                          {"/authorizerCredentials"},
                                          {"/identitySource"},
                                          {"/identityValidationExpression"},
                                          {"/authorizerResultTtlInSeconds", At::number},
                                          {"/providerARNs/*", At::set}};
constexpr Patchable kModelPaths[] = {{"/description"}, {"/schema"}};
constexpr Patchable kValidatorPaths[] = {
    {"/name"}, {"/validateRequestBody", At::flag}, {"/validateRequestParameters", At::flag}};
constexpr Patchable kResponsePaths[] = {{"/statusCode"}, {"/responseParameters/*"}, {"/responseTemplates/*"}};
constexpr Part kAuthorizer{"authorizers", "authorizerId", "Invalid Authorizer identifier specified",
                           kAuthorizerPaths, check_authorizer};
constexpr Part kModel{"models", "modelName", "Invalid Model Name specified", kModelPaths, check_model};
constexpr Part kValidator{"requestValidators", "requestValidatorId",
                          "Invalid Request Validator identifier specified", kValidatorPaths};
constexpr Part kResponse{"gatewayResponses", "responseType", "Invalid Gateway Response Type specified",
                         kResponsePaths};

constexpr Member kCreateAuthorizer[] = {kRestApiId,
                                        {"name", Shape::text, true},
                                        {"type", Shape::text, true},
                                        {"providerARNs", Shape::texts},
                                        {"authType"},
                                        {"authorizerUri"},
                                        {"authorizerCredentials"},
                                        {"identitySource"},
                                        {"identityValidationExpression"},
                                        {"authorizerResultTtlInSeconds", Shape::number}};
constexpr std::string_view kAuthorizerWithoutEffect[] = {"authType", "authorizerCredentials"};
constexpr Member kCreateModel[] = {
    kRestApiId, {"name", Shape::text, true}, {"description"}, {"schema"}, {"contentType", Shape::text, true}};
constexpr Member kCreateValidator[] = {
    kRestApiId, {"name"}, {"validateRequestBody", Shape::flag}, {"validateRequestParameters", Shape::flag}};
constexpr Member kPutResponse[] = {kRestApiId,
                                   {"responseType", Shape::text, true},
                                   {"statusCode"},
                                   {"responseParameters", Shape::text_map},
                                   {"responseTemplates", Shape::text_map}};
constexpr Member kAuthorizerOne[] = {kRestApiId, {"authorizerId", Shape::text, true}};
constexpr Member kAuthorizerPatch[] = {kRestApiId, {"authorizerId", Shape::text, true}, kPatch};
constexpr Member kModelOne[] = {kRestApiId, {"modelName", Shape::text, true}, {"flatten", Shape::flag}};
constexpr Member kModelPatch[] = {kRestApiId, {"modelName", Shape::text, true}, kPatch};
constexpr std::string_view kModelWithoutEffect[] = {"flatten"};
constexpr Member kValidatorOne[] = {kRestApiId, {"requestValidatorId", Shape::text, true}};
constexpr Member kValidatorPatch[] = {kRestApiId, {"requestValidatorId", Shape::text, true}, kPatch};
constexpr Member kResponseOne[] = {kRestApiId, {"responseType", Shape::text, true}};
constexpr Member kResponsePatch[] = {kRestApiId, {"responseType", Shape::text, true}, kPatch};

void check_ttl(const Json& in) {
  const auto ttl = number(in, "authorizerResultTtlInSeconds", 300);
  if (ttl < 0 || ttl > 3600) throw bad_request("Authorizer result TTL must be between 0 and 3600 seconds");
}

void check_kind(const Json& in) {
  const auto type = text(in, "type");
  if (type != "TOKEN" && type != "REQUEST" && type != "COGNITO_USER_POOLS")
    throw bad_request(
        "Invalid authorizer type specified. Valid values are: [TOKEN, REQUEST, COGNITO_USER_POOLS]");
  const auto ttl = number(in, "authorizerResultTtlInSeconds", 300);
  check_ttl(in);
  if (type != "COGNITO_USER_POOLS" && text(in, "authorizerUri").find(":lambda:path/") == std::string::npos)
    throw bad_request(
        "Invalid Authorizer URI: " + text(in, "authorizerUri") +
        ". Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.");
  if (type == "REQUEST" && text(in, "identitySource").empty() && ttl > 0)
    throw bad_request("Identity source is required for REQUEST authorizers with caching enabled");
  if (type == "COGNITO_USER_POOLS" && texts(in, "providerARNs").empty())
    throw bad_request("Provider ARNs are required for authorizers of type COGNITO_USER_POOLS");
  if (type != "REQUEST" && !text(in, "identitySource").starts_with("method.request.header."))
    throw bad_request("Identity source of a " + type + " authorizer must be a header");
}

Result<Json> create_authorizer(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    const auto id = apis.new_id(6);
    Json made{{"id", id}, {"authorizerResultTtlInSeconds", 300}, {"authType", "custom"}};
    if (in["type"] == "COGNITO_USER_POOLS") made["authType"] = "cognito_user_pools";
    if (in["type"] == "TOKEN" || in["type"] == "COGNITO_USER_POOLS")
      made["identitySource"] = "method.request.header.Authorization";
    take(made, in,
         {"name", "type", "providerARNs", "authType", "authorizerUri", "authorizerCredentials",
          "identitySource", "identityValidationExpression", "authorizerResultTtlInSeconds"});
    check_kind(made);
    check_authorizer(made);
    record["authorizers"][id] = made;
    return made;
  });
}

Result<Json> create_model(RestApis& apis, Context& context, const Json& in) {
  const auto name = text(in, "name");
  if (name.empty() || !std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c); }))
    return bad_request(fmt::format("Model name must be alphanumeric: {}", name));
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    if (part_of(record, {"models", name})) return conflict("Model name already exists for this REST API");
    Json made{{"id", apis.new_id(6)}};
    take(made, in, {"name", "description", "schema", "contentType"});
    check_model(made);
    record["models"][name] = made;
    return made;
  });
}

Result<Json> create_validator(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    const auto id = apis.new_id(6);
    Json made{{"id", id}, {"validateRequestBody", false}, {"validateRequestParameters", false}};
    take(made, in, {"name", "validateRequestBody", "validateRequestParameters"});
    record["requestValidators"][id] = made;
    return made;
  });
}

const GatewayResponseType& known_type(const Json& in) {
  const auto* type = gateway_response_type(text(in, "responseType"));
  if (!type) throw absent("Invalid Gateway Response Type specified");
  return *type;
}

Json built_in(const GatewayResponseType& type) {
  Json out{{"responseType", type.type},
           {"responseParameters", Json::object()},
           {"responseTemplates", {{"application/json", R"({"message":$context.error.messageString})"}}},
           {"defaultResponse", true}};
  if (!type.type.starts_with("DEFAULT_")) out["statusCode"] = std::to_string(type.status);
  return out;
}

Result<Json> put_response(RestApis& apis, Context& context, const Json& in) {
  const auto& type = known_type(in);
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    Json made = built_in(type);
    made["defaultResponse"] = false;
    take(made, in, {"statusCode", "responseParameters", "responseTemplates"});
    check_status(made);
    record["gatewayResponses"][std::string(type.type)] = made;
    return made;
  });
}

Result<Json> get_response(RestApis& apis, Context& context, const Json& in) {
  const auto& type = known_type(in);
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* found = part_of(api->record, {"gatewayResponses", type.type});
  return found ? *found : built_in(type);
}

Result<Json> list_responses(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  std::vector<Json> all;
  for (const auto& type : gateway_response_types()) {
    const auto* found = part_of(api->record, {"gatewayResponses", type.type});
    all.push_back(found ? *found : built_in(type));
  }
  return page(std::move(all), in);
}

Result<Json> update_response(RestApis& apis, Context& context, const Json& in) {
  const auto& type = known_type(in);
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* found = part_of(record, {"gatewayResponses", type.type});
    Json made = found ? *found : built_in(type);
    apply_patch(made, kResponsePaths, in.value("patchOperations", Json()));
    check_status(made);
    made["defaultResponse"] = false;
    record["gatewayResponses"][std::string(type.type)] = made;
    return made;
  });
}

#define EMU_API "/restapis/{restApiId}"
constexpr Operation kRows[] = {
    row<create_authorizer, kCreateAuthorizer>("CreateAuthorizer", "POST " EMU_API "/authorizers", 201)
        .ignoring(kAuthorizerWithoutEffect),
    row<show_part<kAuthorizer>, kAuthorizerOne>("GetAuthorizer",
                                                "GET " EMU_API "/authorizers/{authorizerId}"),
    row<list_parts<kAuthorizer>, kListedInApi>("GetAuthorizers",
                                               "GET " EMU_API "/authorizers?position&limit"),
    row<update_part<kAuthorizer>, kAuthorizerPatch>("UpdateAuthorizer",
                                                    "PATCH " EMU_API "/authorizers/{authorizerId}"),
    row<remove_part<kAuthorizer>, kAuthorizerOne>("DeleteAuthorizer",
                                                  "DELETE " EMU_API "/authorizers/{authorizerId}", 202),
    row<create_model, kCreateModel>("CreateModel", "POST " EMU_API "/models", 201),
    row<show_part<kModel>, kModelOne>("GetModel", "GET " EMU_API "/models/{modelName}?flatten")
        .ignoring(kModelWithoutEffect),
    row<list_parts<kModel>, kListedInApi>("GetModels", "GET " EMU_API "/models?position&limit"),
    row<update_part<kModel>, kModelPatch>("UpdateModel", "PATCH " EMU_API "/models/{modelName}"),
    row<remove_part<kModel>, kModelOne>("DeleteModel", "DELETE " EMU_API "/models/{modelName}", 202),
    row<create_validator, kCreateValidator>("CreateRequestValidator", "POST " EMU_API "/requestvalidators",
                                            201),
    row<show_part<kValidator>, kValidatorOne>("GetRequestValidator",
                                              "GET " EMU_API "/requestvalidators/{requestValidatorId}"),
    row<list_parts<kValidator>, kListedInApi>("GetRequestValidators",
                                              "GET " EMU_API "/requestvalidators?position&limit"),
    row<update_part<kValidator>, kValidatorPatch>("UpdateRequestValidator",
                                                  "PATCH " EMU_API "/requestvalidators/{requestValidatorId}"),
    row<remove_part<kValidator>, kValidatorOne>(
        "DeleteRequestValidator", "DELETE " EMU_API "/requestvalidators/{requestValidatorId}", 202),
    row<put_response, kPutResponse>("PutGatewayResponse", "PUT " EMU_API "/gatewayresponses/{responseType}",
                                    201),
    row<get_response, kResponseOne>("GetGatewayResponse", "GET " EMU_API "/gatewayresponses/{responseType}"),
    row<list_responses, kListedInApi>("GetGatewayResponses",
                                      "GET " EMU_API "/gatewayresponses?position&limit"),
    row<update_response, kResponsePatch>("UpdateGatewayResponse",
                                         "PATCH " EMU_API "/gatewayresponses/{responseType}"),
    row<remove_part<kResponse>, kResponseOne>("DeleteGatewayResponse",
                                              "DELETE " EMU_API "/gatewayresponses/{responseType}", 202),
};
#undef EMU_API
}  // namespace

std::span<const Operation> part_rows() { return kRows; }

void check_authorizer(Json& document) {
  reshape(document, kCreateAuthorizer);
  check_pattern(text(document, "identityValidationExpression"), "identity validation expression");
  check_ttl(document);
}

void check_model(Json& document) {
  reshape(document, kCreateModel);
  const auto schema = text(document, "schema");
  if (schema.empty()) return;
  const auto parsed = bounded_parse(schema);
  if (parsed.is_discarded())
    throw bad_request(
        "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema "
        "specified]");
  check_patterns(parsed);
}

void check_gateway_response(Json& document) {
  reshape(document, kPutResponse);
  check_status(document);
}
}  // namespace emu::gateway::v1
