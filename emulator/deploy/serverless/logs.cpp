#include "emulator/deploy/serverless/logs.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kLogsKeys[] = {{"httpApi"},
                             {"restApi"},
                             {"lambda", Support::not_yet},
                             {"websocket", Support::not_yet},
                             {"frameworkLambda", Support::no_effect, "there are no custom resources"}};
constexpr Key kHttpApiLogKeys[] = {{"format"}};
constexpr Key kRestApiLogKeys[] = {
    {"accessLogging"},
    {"format"},
    {"executionLogging", Support::no_effect, "executions are told of in the daemon's log"},
    {"level", Support::no_effect, "executions are told of in the daemon's log"},
    {"fullExecutionData", Support::no_effect, "executions are told of in the daemon's log"},
    {"role", Support::no_effect, "logs need no role"},
    {"roleManagedExternally", Support::no_effect, "logs need no role"}};
// What serverless writes where nobody says otherwise.
constexpr std::string_view kHttpApiFormat =
    R"({"requestId":"$context.requestId","ip":"$context.identity.sourceIp",)"
    R"("requestTime":"$context.requestTime","httpMethod":"$context.httpMethod",)"
    R"("routeKey":"$context.routeKey","status":"$context.status","protocol":"$context.protocol",)"
    R"("responseLength":"$context.responseLength"})";
constexpr std::string_view kRestApiFormat =
    "requestId: $context.requestId, ip: $context.identity.sourceIp, caller: $context.identity.caller, "
    "user: $context.identity.user, requestTime: $context.requestTime, httpMethod: $context.httpMethod, "
    "resourcePath: $context.resourcePath, status: $context.status, protocol: $context.protocol, "
    "responseLength: $context.responseLength";

Json add_group(Service& service, const std::string& id, const std::string& folder, std::string_view format,
               const Node* own_format, const Place& from) {
  Json properties{{"LogGroupName", folder + service.name + "-" + service.stage}};
  if (const Node* days = service.provider.find("logRetentionInDays"))
    properties["RetentionInDays"] = days->json();
  service.add(id, "AWS::Logs::LogGroup", properties, from);
  return {{"DestinationArn", get_att(id, "Arn")},
          {"Format", own_format ? Json(own_format->text()) : Json(format)}};
}

// What stands at provider.logs.KEY; null: nothing, or false.
const Node* log_settings(Service& service, std::string_view key) {
  const Node* logs = service.provider.find("logs");
  if (!logs || logs->is_null()) return nullptr;
  const Section section(*logs, "provider.logs", kLogsKeys, service.report);
  const Node* out = section.find(key);
  return out && (out->is_map() || section.flag(key)) ? out : nullptr;
}
}  // namespace

std::optional<Json> http_api_logs(Service& service) {
  static const Node kNone = Node::map();
  const Node* node = log_settings(service, "httpApi");
  if (!node) return std::nullopt;
  const Section settings(node->is_map() ? *node : kNone, "provider.logs.httpApi", kHttpApiLogKeys,
                         service.report);
  return add_group(service, "HttpApiLogGroup", "/aws/http-api/", kHttpApiFormat, settings.text("format"),
                   node->place);
}

std::optional<Json> rest_api_logs(Service& service) {
  static const Node kNone = Node::map();
  const Node* node = log_settings(service, "restApi");
  if (!node) return std::nullopt;
  const Section settings(node->is_map() ? *node : kNone, "provider.logs.restApi", kRestApiLogKeys,
                         service.report);
  if (settings.find("accessLogging") && !settings.flag("accessLogging")) return std::nullopt;
  return add_group(service, "ApiGatewayLogGroup", "/aws/api-gateway/", kRestApiFormat,
                   settings.text("format"), node->place);
}
}  // namespace emu::deploy::serverless
