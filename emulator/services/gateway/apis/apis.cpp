#include "emulator/services/gateway/apis/apis.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/apis/integrations.hpp"
#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/routes.hpp"
#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/apis/stages.hpp"

namespace emu::gateway {
namespace {
constexpr std::string_view kRouteSelection = "$request.method $request.path";
constexpr std::size_t kMostTags = 50;  // API reference

struct UpdateApiInput : ApiOptions {
  std::string apiId;
};
BOOST_DESCRIBE_STRUCT(UpdateApiInput, (),
                      (apiId, apiKeySelectionExpression, credentialsArn, disableSchemaValidation,
                       corsConfiguration, description, ipAddressType, name, routeKey,
                       routeSelectionExpression, target, version, disableExecuteApiEndpoint))
struct ListApisInput {
  std::optional<std::string> maxResults, nextToken;
};
BOOST_DESCRIBE_STRUCT(ListApisInput, (), (maxResults, nextToken))
struct ApiList {
  std::vector<Api> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(ApiList, (), (items, nextToken))

void check_cors(const Cors& cors) {
  const bool any =
      cors.allowOrigins && std::ranges::find(*cors.allowOrigins, "*") != cors.allowOrigins->end();
  if (cors.allowCredentials.value_or(false) && any)
    throw bad_request("allow-credentials is not supported for origin *");
  if (cors.maxAge && (*cors.maxAge < -1 || *cors.maxAge > 86400))
    throw bad_request("max-age must be between -1 and 86400");
}

// CreateApi with a target: a route to that function, and a $default stage that serves it (spec-gateway 27.1).
void quick_create(Gateway& gateway, ApiRecord& record, const ApiOptions& in) {
  const auto key = in.routeKey.value_or("$default");
  check_route_key(key);
  Integration integration{.apiGatewayManaged = true,
                          .connectionType = "INTERNET",
                          .integrationId = gateway.new_id(7),
                          .integrationMethod = "POST",
                          .integrationType = "AWS_PROXY",
                          .payloadFormatVersion = "2.0"};
  IntegrationOptions options;
  options.integrationUri = in.target;
  apply(std::move(options), integration);
  record.routes.push_back({.apiGatewayManaged = true,
                           .routeId = gateway.new_id(7),
                           .routeKey = key,
                           .target = "integrations/" + integration.integrationId});
  record.integrations.push_back(std::move(integration));
  add_default_stage(gateway, record);
}

// UpdateApi with target or routeKey changes what the quick create made.
void change_quick_create(ApiRecord& record, const ApiOptions& in) {
  if (!in.target && !in.routeKey) return;
  auto* route = find_by(record.routes, &Route::apiGatewayManaged, std::optional(true));
  auto* integration = find_by(record.integrations, &Integration::apiGatewayManaged, std::optional(true));
  if (!route || !integration)
    throw bad_request("Target and RouteKey can only be updated for an API made by a quick create");
  if (in.routeKey) {
    check_route_key(*in.routeKey);
    route->routeKey = *in.routeKey;
  }
  IntegrationOptions options;
  options.integrationUri = in.target;
  apply(std::move(options), *integration);
}

Result<Api> update(Gateway& gateway, Context& context, UpdateApiInput in) {
  const auto id = in.apiId;
  return change_api(gateway, context, id, std::move(in));
}

Result<Api> get(Gateway& gateway, Context& context, ApiInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  return shown_api(context, api->record.api);
}

Result<ApiList> list(Gateway& gateway, Context& context, ListApisInput in) {
  std::vector<Api> all;
  for (const auto& api : gateway.all(context.scope)) all.push_back(shown_api(context, api->record.api));
  auto part = page(std::move(all), in.maxResults, in.nextToken);
  return ApiList{std::move(part.items), std::move(part.nextToken)};
}

Result<Empty> remove_cors(Gateway& gateway, Context& context, ApiInput in) {
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Empty> {
    record.api.corsConfiguration.reset();
    return Empty{};
  });
}

constexpr Operation kRows[] = {
    rest<create_api>("CreateApi", "POST /v2/apis", 201).ignoring(kApiWithoutEffect),
    rest<get>("GetApi", "GET /v2/apis/{apiId}"),
    rest<list>("GetApis", "GET /v2/apis?maxResults&nextToken"),
    rest<update>("UpdateApi", "PATCH /v2/apis/{apiId}").ignoring(kApiWithoutEffect),
    rest<remove_api>("DeleteApi", "DELETE /v2/apis/{apiId}", 204),
    rest<remove_cors>("DeleteCorsConfiguration", "DELETE /v2/apis/{apiId}/cors", 204),
};
}  // namespace

std::span<const Operation> api_operations() { return kRows; }

// An address that works here, as appending a path does on AWS: the path form needs no name resolution.
Api shown_api(const Context& context, Api api) {
  api.apiEndpoint =
      fmt::format("http://{}/_aws/execute-api/{}",
                  context.host.empty() ? std::string_view("localhost:4566") : context.host, api.apiId);
  return api;
}

void apply(ApiOptions in, Api& into) {
  if (in.corsConfiguration) check_cors(*in.corsConfiguration);
  if (in.routeSelectionExpression && *in.routeSelectionExpression != kRouteSelection)
    throw bad_request(fmt::format("RouteSelectionExpression must be '{}' for HTTP APIs", kRouteSelection));
  if (in.name && (in.name->empty() || in.name->size() > 128)) throw bad_request("Invalid API name specified");
  if (in.name) into.name = std::move(*in.name);
  if (in.corsConfiguration) into.corsConfiguration = std::move(in.corsConfiguration);
  if (in.description) into.description = std::move(in.description);
  if (in.version) into.version = std::move(in.version);
  if (in.disableExecuteApiEndpoint) into.disableExecuteApiEndpoint = *in.disableExecuteApiEndpoint;
  if (in.ipAddressType) into.ipAddressType = std::move(*in.ipAddressType);
  if (in.tags && in.tags->size() > kMostTags)
    throw bad_request(fmt::format("The number of tags exceeds the limit of {}", kMostTags));
  if (in.tags) into.tags = std::move(*in.tags);
}

void reset(Api& api) {
  api = {.apiId = api.apiId,
         .apiKeySelectionExpression = api.apiKeySelectionExpression,
         .createdDate = api.createdDate,
         .ipAddressType = "ipv4",
         .name = api.name,
         .protocolType = api.protocolType,
         .routeSelectionExpression = api.routeSelectionExpression};
}

Api fresh_api(Gateway& gateway) {
  return {.apiId = gateway.new_id(10),
          .apiKeySelectionExpression = "$request.header.x-api-key",
          .createdDate = gateway.now(),
          .ipAddressType = "ipv4",
          .protocolType = "HTTP",
          .routeSelectionExpression = std::string(kRouteSelection)};
}

Result<Api> create_api(Gateway& gateway, Context& context, ApiOptions in) {
  if (!in.name) throw wire::Missing("name");
  if (!in.protocolType) throw wire::Missing("protocolType");
  if (*in.protocolType == "WEBSOCKET") return bad_request("emu does not serve WebSocket APIs yet");
  if (*in.protocolType != "HTTP")
    return bad_request("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]");
  if (in.routeKey && !in.target) return bad_request("RouteKey can only be specified with a target");
  ApiRecord record;
  record.api = fresh_api(gateway);
  if (in.target) quick_create(gateway, record, in);
  apply(std::move(in), record.api);
  auto api = shown_api(context, record.api);
  gateway.create(context.scope, std::move(record));
  return api;
}

Result<Api> change_api(Gateway& gateway, Context& context, const std::string& id, ApiOptions in,
                       Others others) {
  return gateway.change(context.scope, id, [&](ApiRecord& record) -> Result<Api> {
    if (others == Others::reset) reset(record.api);
    change_quick_create(record, in);
    apply(std::move(in), record.api);
    return shown_api(context, record.api);
  });
}

Result<Empty> remove_api(Gateway& gateway, Context& context, ApiInput in) {
  if (!gateway.remove(context.scope, in.apiId)) return gateway.no_such_api(context.scope, in.apiId);
  return Empty{};
}
}  // namespace emu::gateway
