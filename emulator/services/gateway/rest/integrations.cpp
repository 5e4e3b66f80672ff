// Integrations of methods and the responses they map to: Put, Get, Update, Delete.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/gateway/actions/service_request.hpp"
#include "emulator/services/gateway/patterns.hpp"
#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kResource{"resourceId", Shape::text, true}, kMethod{"http_method", Shape::text, true},
    kStatus{"statusCode", Shape::text, true};
constexpr Member kTls[] = {{"insecureSkipVerification", Shape::flag}};
// The body's httpMethod is what SDKs call integrationHttpMethod; the method's own is in the path.
constexpr Member kPut[] = {kRestApiId,
                           kResource,
                           kMethod,
                           {"type", Shape::text, true},
                           {"httpMethod"},
                           {"integrationHttpMethod"},
                           {"uri"},
                           {"connectionType"},
                           {"connectionId"},
                           {"credentials"},
                           {"requestParameters", Shape::text_map},
                           {"requestTemplates", Shape::text_map},
                           {"passthroughBehavior"},
                           {"cacheNamespace"},
                           {"cacheKeyParameters", Shape::texts},
                           {"contentHandling"},
                           {"timeoutInMillis", Shape::number},
                           {"tlsConfig", Shape::object, false, kTls},
                           {"integrationTarget"},
                           {"responseTransferMode"}};
constexpr std::string_view kWithoutEffect[] = {"cacheKeyParameters", "cacheNamespace", "contentHandling",
                                               "credentials", "integrationTarget"};
constexpr std::string_view kResponseWithoutEffect[] = {"contentHandling"};
constexpr Member kOne[] = {kRestApiId, kResource, {"httpMethod", Shape::text, true}};
constexpr Member kPatchOne[] = {kRestApiId, kResource, {"httpMethod", Shape::text, true}, kPatch};
constexpr Member kPutResponse[] = {kRestApiId,
                                   kResource,
                                   {"httpMethod", Shape::text, true},
                                   kStatus,
                                   {"selectionPattern"},
                                   {"responseParameters", Shape::text_map},
                                   {"responseTemplates", Shape::sparse_map},
                                   {"contentHandling"}};
constexpr Member kResponse[] = {kRestApiId, kResource, {"httpMethod", Shape::text, true}, kStatus};
constexpr Member kPatchResponse[] = {
    kRestApiId, kResource, {"httpMethod", Shape::text, true}, kStatus, kPatch};
constexpr Patchable kPaths[] = {{"/type"},
                                {"/httpMethod"},
                                {"/uri"},
                                {"/credentials"},
                                {"/passthroughBehavior"},
                                {"/contentHandling"},
                                {"/connectionType"},
                                {"/connectionId"},
                                {"/cacheNamespace"},
                                {"/cacheKeyParameters/*", At::set},
                                {"/timeoutInMillis", At::number},
                                {"/responseTransferMode"},
                                {"/requestParameters/*"},
                                {"/requestTemplates/*"},
                                {"/tlsConfig/insecureSkipVerification", At::flag}};
constexpr Patchable kResponsePaths[] = {
    {"/selectionPattern"}, {"/contentHandling"}, {"/responseParameters/*"}, {"/responseTemplates/*"}};

AwsError no_such_integration() { return absent("Invalid Integration identifier specified"); }
AwsError no_such_response() { return absent("Invalid Response status code specified"); }

template <class Record>
auto* method_of(Record& record, const Json& in) {
  if (!part_of(record, {"resources", text(in, "resourceId")}))
    throw absent("Invalid Resource identifier specified");
  auto* found = part_of(record, {"resources", text(in, "resourceId"), "resourceMethods",
                                 text(in, in.contains("http_method") ? "http_method" : "httpMethod")});
  if (!found) throw absent("Invalid Method identifier specified");
  return found;
}

void check_response(const Json& response) {
  check_status(response);
  check_pattern(text(response, "selectionPattern"), "selection pattern");
}

// A link of either kind; one that a stage's variable names is not known yet.
void check_link(RestApis& apis, const Scope& scope, const Json& integration) {
  if (text(integration, "connectionType") != "VPC_LINK") return;
  const auto id = text(integration, "connectionId");
  if (id.find("${") != id.npos || apis.shelf.find(scope, "vpclinks", id) ||
      apis.shelf.find(scope, "v2vpclinks", id))
    return;
  throw bad_request(fmt::format("Invalid Vpc Link identifier specified: {}", id));
}

// A function whose response is passed on while it comes.
bool streams(const Json& integration) {
  static constexpr std::string_view kPath = "/response-streaming-invocations";
  const bool by_uri = text(integration, "uri").ends_with(kPath);
  const auto mode = text(integration, "responseTransferMode", "BUFFERED");
  if (mode != "BUFFERED" && mode != "STREAM")
    throw bad_request("Invalid responseTransferMode specified. Valid values are: [BUFFERED, STREAM]");
  if (mode == "STREAM" && text(integration, "type") != "AWS_PROXY")
    throw bad_request("emu streams responses of AWS_PROXY integrations only");
  if ((mode == "STREAM") != by_uri)
    throw bad_request(
        "The responseTransferMode STREAM and the URI path response-streaming-invocations belong together");
  return by_uri;
}

// A service that emu has not.
void refuse_unserved(const Json& integration) {
  if (streams(integration)) return;
  const auto target = service_target(text(integration, "uri"));
  if (!target || !text(integration, "type").starts_with("AWS")) return;
  if (auto why = unserved(*target); !why.empty()) throw bad_request(std::move(why));
}

void check(const Json& integration) {
  const auto type = text(integration, "type"), uri = text(integration, "uri");
  static constexpr std::string_view kTypes[] = {"HTTP", "AWS", "MOCK", "HTTP_PROXY", "AWS_PROXY"};
  if (std::ranges::find(kTypes, type) == std::end(kTypes))
    throw bad_request(
        "Invalid integration type specified. Valid values are: [HTTP, AWS, MOCK, HTTP_PROXY, AWS_PROXY]");
  if (type != "MOCK" && text(integration, "httpMethod").empty())
    throw bad_request("Enumeration value for HttpMethod must be non-empty");
  const bool aws = type.starts_with("AWS");
  if (aws && (!uri.starts_with("arn:") || uri.find(':', 4) == uri.npos))
    throw bad_request("Invalid ARN specified in the request");
  if (aws && uri.find(":path/") == uri.npos && uri.find(":action/") == uri.npos)
    throw bad_request("AWS ARN for integration must contain path or action");
  refuse_unserved(integration);
  if (type == "AWS_PROXY" && uri.find(":lambda:path/") == uri.npos && uri.find(":firehose:") == uri.npos)
    throw bad_request(
        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream "
        "invocations.");
  if (type.starts_with("HTTP") && !uri.starts_with("http://") && !uri.starts_with("https://") &&
      uri.find("${") == uri.npos)
    throw bad_request("Invalid HTTP endpoint specified for URI");
  const auto passthrough = text(integration, "passthroughBehavior");
  if (passthrough != "WHEN_NO_MATCH" && passthrough != "WHEN_NO_TEMPLATES" && passthrough != "NEVER")
    throw bad_request(
        "Invalid passthroughBehavior specified. Valid values are: [WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER]");
  // Quotas raise AWS's 29 s; what is above is let through here (spec-gateway 12.1).
  if (number(integration, "timeoutInMillis", 29'000) < 50)
    throw bad_request("Timeout should be between 50 ms and 29000 ms");
}

Result<Json> put(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* method = method_of(record, in);
    Json made{{"passthroughBehavior", "WHEN_NO_MATCH"},
              {"timeoutInMillis", 29'000},
              {"cacheNamespace", text(in, "resourceId")},
              {"cacheKeyParameters", Json::array()}};
    take(made, in,
         {"type", "httpMethod", "uri", "connectionType", "connectionId", "credentials", "requestParameters",
          "requestTemplates", "passthroughBehavior", "cacheNamespace", "cacheKeyParameters",
          "contentHandling", "timeoutInMillis", "tlsConfig", "responseTransferMode"});
    if (in.contains("integrationHttpMethod")) made["httpMethod"] = in["integrationHttpMethod"];
    check(made);
    check_link(apis, context.scope, made);
    // A new integration keeps the responses that the old one had, as AWS does.
    if (const auto* old = part_of(*method, {"methodIntegration", "integrationResponses"}))
      made["integrationResponses"] = *old;
    (*method)["methodIntegration"] = made;
    return made;
  });
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* found = part_of(*method_of(api->record, in), {"methodIntegration"});
  if (!found) return no_such_integration();
  return *found;
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* found = part_of(*method_of(record, in), {"methodIntegration"});
    if (!found) return no_such_integration();
    apply_patch(*found, kPaths, in.value("patchOperations", Json()));
    check(*found);
    check_link(apis, context.scope, *found);
    return *found;
  });
}

Result<Json> remove(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* method = method_of(record, in);
    if (method->erase("methodIntegration") == 0) return no_such_integration();
    return Json::object();
  });
}

Result<Json> put_response(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* method = method_of(record, in);
    auto* integration = part_of(*method, {"methodIntegration"});
    if (!integration) return no_such_integration();
    const auto status = text(in, "statusCode");
    check_response(in);
    if (!part_of(*method, {"methodResponses", status}))
      return absent("Invalid Response status code specified");
    Json made = Json::object();
    take(made, in,
         {"statusCode", "selectionPattern", "responseParameters", "responseTemplates", "contentHandling"});
    (*integration)["integrationResponses"][status] = made;
    return made;
  });
}

Result<Json> get_response(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* found = part_of(*method_of(api->record, in),
                              {"methodIntegration", "integrationResponses", text(in, "statusCode")});
  if (!found) return no_such_response();
  return *found;
}

Result<Json> update_response(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* found = part_of(*method_of(record, in),
                          {"methodIntegration", "integrationResponses", text(in, "statusCode")});
    if (!found) return no_such_response();
    apply_patch(*found, kResponsePaths, in.value("patchOperations", Json()));
    check_response(*found);
    return *found;
  });
}

Result<Json> remove_response(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* all = part_of(*method_of(record, in), {"methodIntegration", "integrationResponses"});
    if (!all || all->erase(text(in, "statusCode")) == 0) return no_such_response();
    return Json::object();
  });
}

#define EMU_RESOURCE "/restapis/{restApiId}/resources/{resourceId}"
#define EMU_INTEGRATION EMU_RESOURCE "/methods/{httpMethod}/integration"
#define EMU_RESPONSE EMU_INTEGRATION "/responses/{statusCode}"
constexpr Operation kRows[] = {
    row<put, kPut>("PutIntegration", "PUT " EMU_RESOURCE "/methods/{http_method}/integration", 201)
        .ignoring(kWithoutEffect),
    row<get, kOne>("GetIntegration", "GET " EMU_INTEGRATION),
    row<update, kPatchOne>("UpdateIntegration", "PATCH " EMU_INTEGRATION),
    row<remove, kOne>("DeleteIntegration", "DELETE " EMU_INTEGRATION, 204),
    row<put_response, kPutResponse>("PutIntegrationResponse", "PUT " EMU_RESPONSE, 201)
        .ignoring(kResponseWithoutEffect),
    row<get_response, kResponse>("GetIntegrationResponse", "GET " EMU_RESPONSE),
    row<update_response, kPatchResponse>("UpdateIntegrationResponse", "PATCH " EMU_RESPONSE),
    row<remove_response, kResponse>("DeleteIntegrationResponse", "DELETE " EMU_RESPONSE, 204),
};
#undef EMU_RESPONSE
#undef EMU_INTEGRATION
#undef EMU_RESOURCE
}  // namespace

std::span<const Operation> integration_rows() { return kRows; }

void check_integration(Json& document) {
  reshape(document, kPut);
  refuse_unserved(document);
  if (number(document, "timeoutInMillis", 29'000) < 50)
    throw bad_request("Timeout should be between 50 ms and 29000 ms");
  if (auto* responses = part_of(document, {"integrationResponses"}))
    for (auto& response : *responses) {
      reshape(response, kPutResponse);
      check_response(response);
    }
}
}  // namespace emu::gateway::v1
