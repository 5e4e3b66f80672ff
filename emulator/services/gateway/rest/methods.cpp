// Methods and the responses they declare: Put, Get, Update, Delete of Method and MethodResponse.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kResource{"resourceId", Shape::text, true}, kMethod{"httpMethod", Shape::text, true},
    kStatus{"statusCode", Shape::text, true};
constexpr Member kPut[] = {kRestApiId,
                           kResource,
                           kMethod,
                           {"authorizationType", Shape::text, true},
                           {"authorizerId"},
                           {"apiKeyRequired", Shape::flag},
                           {"operationName"},
                           {"requestParameters", Shape::flag_map},
                           {"requestModels", Shape::text_map},
                           {"requestValidatorId"},
                           {"authorizationScopes", Shape::texts}};
constexpr Member kOne[] = {kRestApiId, kResource, kMethod};
constexpr Member kPatchOne[] = {kRestApiId, kResource, kMethod, kPatch};
constexpr Member kPutResponse[] = {kRestApiId,
                                   kResource,
                                   kMethod,
                                   kStatus,
                                   {"responseParameters", Shape::flag_map},
                                   {"responseModels", Shape::text_map}};
constexpr Member kResponse[] = {kRestApiId, kResource, kMethod, kStatus};
constexpr Member kPatchResponse[] = {kRestApiId, kResource, kMethod, kStatus, kPatch};
constexpr Patchable kPaths[] = {{"/authorizationType"},
                                {"/authorizerId"},
                                {"/apiKeyRequired", At::flag},
                                {"/operationName"},
                                {"/requestValidatorId"},
                                {"/authorizationScopes/*", At::set},
                                {"/requestParameters/*", At::flag},
                                {"/requestModels/*"}};
constexpr Patchable kResponsePaths[] = {{"/responseParameters/*", At::flag}, {"/responseModels/*"}};
constexpr std::string_view kVerbs[] = {"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};

AwsError no_such_method() { return absent("Invalid Method identifier specified"); }
AwsError no_such_response() { return absent("Invalid Response status code specified"); }

template <class Record>
auto* method_of(Record& record, const Json& in) {
  if (!part_of(record, {"resources", text(in, "resourceId")}))
    throw absent("Invalid Resource identifier specified");
  return part_of(record, {"resources", text(in, "resourceId"), "resourceMethods", text(in, "httpMethod")});
}

void check(const Json& record, const Json& method) {
  const auto type = text(method, "authorizationType");
  static constexpr std::string_view kTypes[] = {"NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"};
  if (std::ranges::find(kTypes, type) == std::end(kTypes))
    throw bad_request("Invalid authorization type specified");
  const auto authorizer = text(method, "authorizerId");
  const bool needs = type == "CUSTOM" || type == "COGNITO_USER_POOLS";
  if (needs && !part_of(record, {"authorizers", authorizer}))
    throw bad_request(
        "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
        "COGNITO_USER_POOLS requires a valid authorizer.");
  const auto validator = text(method, "requestValidatorId");
  if (!validator.empty() && !part_of(record, {"requestValidators", validator}))
    throw bad_request("Invalid Request Validator identifier specified");
  for (const auto& [type_of_body, model] : method.value("requestModels", Json::object()).items())
    if (!part_of(record, {"models", model.get<std::string>()}))
      throw bad_request(fmt::format("Invalid model identifier specified: {}", model.get<std::string>()));
  for (const auto& [name, required] : method.value("requestParameters", Json::object()).items())
    if (!name.starts_with("method.request.header.") && !name.starts_with("method.request.path.") &&
        !name.starts_with("method.request.querystring."))
      throw bad_request(
          fmt::format("Invalid mapping expression specified: Validation Result: warnings : [], errors : "
                      "[Invalid mapping expression specified: {}]",
                      name));
}

Result<Json> put(RestApis& apis, Context& context, const Json& in) {
  const auto verb = text(in, "httpMethod");
  if (std::ranges::find(kVerbs, verb) == std::end(kVerbs))
    return bad_request(
        "Invalid HttpMethod specified. Valid values are: [ANY, DELETE, GET, HEAD, OPTIONS, PATCH, POST, "
        "PUT]");
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    if (method_of(record, in)) return conflict("Method already exists for this resource");
    Json made{{"httpMethod", verb}, {"apiKeyRequired", false}};
    take(made, in,
         {"authorizationType", "authorizerId", "apiKeyRequired", "operationName", "requestParameters",
          "requestModels", "requestValidatorId", "authorizationScopes"});
    check(record, made);
    record["resources"][text(in, "resourceId")]["resourceMethods"][verb] = made;
    return made;
  });
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* found = method_of(api->record, in);
  if (!found) return no_such_method();
  return *found;
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* found = method_of(record, in);
    if (!found) return no_such_method();
    apply_patch(*found, kPaths, in.value("patchOperations", Json()));
    check(record, *found);
    return *found;
  });
}

Result<Json> remove(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    if (!method_of(record, in)) return no_such_method();
    record["resources"][text(in, "resourceId")]["resourceMethods"].erase(text(in, "httpMethod"));
    return Json::object();
  });
}

Result<Json> put_response(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* method = method_of(record, in);
    if (!method) return no_such_method();
    check_status(in);
    Json& all = (*method)["methodResponses"];
    if (all.contains(text(in, "statusCode"))) return conflict("Response already exists for this resource");
    Json made = Json::object();
    take(made, in, {"statusCode", "responseParameters", "responseModels"});
    all[text(in, "statusCode")] = made;
    return made;
  });
}

Result<Json> get_response(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* method = method_of(api->record, in);
  if (!method) return no_such_method();
  const auto* found = part_of(*method, {"methodResponses", text(in, "statusCode")});
  if (!found) return no_such_response();
  return *found;
}

Result<Json> update_response(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* method = method_of(record, in);
    if (!method) return no_such_method();
    auto* found = part_of(*method, {"methodResponses", text(in, "statusCode")});
    if (!found) return no_such_response();
    apply_patch(*found, kResponsePaths, in.value("patchOperations", Json()));
    return *found;
  });
}

Result<Json> remove_response(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* method = method_of(record, in);
    if (!method) return no_such_method();
    if (!part_of(*method, {"methodResponses", text(in, "statusCode")})) return no_such_response();
    (*method)["methodResponses"].erase(text(in, "statusCode"));
    return Json::object();
  });
}

#define EMU_METHOD "/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}"
#define EMU_RESPONSE EMU_METHOD "/responses/{statusCode}"
constexpr Operation kRows[] = {
    row<put, kPut>("PutMethod", "PUT " EMU_METHOD, 201),
    row<get, kOne>("GetMethod", "GET " EMU_METHOD),
    row<update, kPatchOne>("UpdateMethod", "PATCH " EMU_METHOD),
    row<remove, kOne>("DeleteMethod", "DELETE " EMU_METHOD, 204),
    row<put_response, kPutResponse>("PutMethodResponse", "PUT " EMU_RESPONSE, 201),
    row<get_response, kResponse>("GetMethodResponse", "GET " EMU_RESPONSE),
    row<update_response, kPatchResponse>("UpdateMethodResponse", "PATCH " EMU_RESPONSE, 201),
    row<remove_response, kResponse>("DeleteMethodResponse", "DELETE " EMU_RESPONSE, 204),
};
#undef EMU_RESPONSE
#undef EMU_METHOD
}  // namespace

std::span<const Operation> method_rows() { return kRows; }

void check_method(Json& document) {
  reshape(document, kPut);
  if (auto* responses = part_of(document, {"methodResponses"}))
    for (auto& response : *responses) {
      reshape(response, kPutResponse);
      check_status(response);
    }
  if (auto* integration = part_of(document, {"methodIntegration"})) check_integration(*integration);
}
}  // namespace emu::gateway::v1
