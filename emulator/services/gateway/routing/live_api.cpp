#include "emulator/services/gateway/routing/live_api.hpp"

#include <algorithm>

namespace emu::gateway {
namespace {
const Integration* integration_of(const Route& route, const std::vector<Integration>& integrations) {
  static constexpr std::string_view kPrefix = "integrations/";
  if (!route.target || !route.target->starts_with(kPrefix)) return nullptr;
  const auto it =
      std::ranges::find(integrations, route.target->substr(kPrefix.size()), &Integration::integrationId);
  return it == integrations.end() ? nullptr : &*it;
}

// What a route may take: its own settings before the stage's; 0 says nothing (spec-gateway 14).
Limit limit_of(const Stage& stage, const std::string& key) {
  Limit out;
  const auto heed = [&](const std::optional<RouteSettings>& settings) {
    if (!settings) return;
    if (out.rate < 0 && settings->throttlingRateLimit.value_or(0) > 0)
      out.rate = *settings->throttlingRateLimit;
    if (out.burst < 0 && settings->throttlingBurstLimit.value_or(0) > 0)
      out.burst = *settings->throttlingBurstLimit;
  };
  if (stage.routeSettings)
    if (const auto own = stage.routeSettings->find(key); own != stage.routeSettings->end()) heed(own->second);
  heed(stage.defaultRouteSettings);
  return out;
}

void guard(LiveRoute& live, const Route& route, const std::optional<std::vector<Authorizer>>& authorizers) {
  live.authorization = route.authorizationType;
  live.scopes = route.authorizationScopes.value_or(Strings{});
  if (!authorizers || !route.authorizerId) return;
  const auto it = std::ranges::find(*authorizers, *route.authorizerId, &Authorizer::authorizerId);
  if (it != authorizers->end()) live.authorizer = *it;
}

// What a stage serves: the API as it is, or as a deployment froze it.
struct Served {
  const std::vector<Route>& routes;
  const std::vector<Integration>& integrations;
  const std::optional<std::vector<Authorizer>>& authorizers;
};

void add_routes(LiveStage& live_stage, const std::string& api_id, const Stage& stage, const Served& served) {
  for (const auto& route : served.routes) {
    auto key = RouteKey::parse(route.routeKey);
    if (!key) continue;
    live_stage.table.add(*key, live_stage.routes.size());
    LiveRoute live{std::move(*key), {}, false, {}};
    if (const auto* integration = integration_of(route, served.integrations)) {
      auto uri = with_variables(integration->integrationUri, live_stage.variables);
      if (integration->integrationType == "HTTP_PROXY") {
        live.http = *integration;
        live.http->integrationUri = std::move(uri);
      } else if (integration->integrationSubtype) {
        live.action = *integration;
      } else {
        live.function_arn = function_of(uri);
        if (integration->requestParameters || integration->responseParameters) live.mapped = *integration;
      }
      live.version_one = integration->payloadFormatVersion == "1.0";
      live.timeout = std::chrono::milliseconds(integration->timeoutInMillis);
    }
    guard(live, route, served.authorizers);
    live.limit = limit_of(stage, route.routeKey);
    live.bucket = api_id + "/" + live_stage.name + "/" + route.routeKey;
    live_stage.routes.push_back(std::move(live));
  }
}
}  // namespace

std::string with_variables(std::string text, const StringMap& variables) {
  static constexpr std::string_view kOpen = "${stageVariables.";
  for (auto at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at)) {
    const auto close = text.find('}', at);
    if (close == std::string::npos) break;
    const auto it = variables.find(text.substr(at + kOpen.size(), close - at - kOpen.size()));
    const std::string value = it == variables.end() ? "" : it->second;
    text.replace(at, close + 1 - at, value);
    at += value.size();
  }
  return text;
}

std::string function_of(std::string_view uri) {
  static constexpr std::string_view kFunctions = "/functions/", kInvocations = "/invocations",
                                    kStreaming = "/response-streaming-invocations";
  if (uri.starts_with("arn:") && uri.find(":lambda:path/") != uri.npos) {
    const auto from = uri.find(kFunctions);
    const bool streams = uri.ends_with(kStreaming);
    if (from == uri.npos || !(streams || uri.ends_with(kInvocations))) return {};
    uri = uri.substr(from + kFunctions.size());
    uri.remove_suffix(std::min(uri.size(), streams ? kStreaming.size() : kInvocations.size()));
  }
  const bool lambda = uri.starts_with("arn:") && uri.find(":lambda:") != uri.npos;
  return lambda && uri.find(":function:") != uri.npos ? std::string(uri) : std::string{};
}

LiveApi compile(const Scope& scope, ApiRecord record) {
  LiveApi out{scope, std::move(record), Throttles::account_bucket(scope), {}};
  for (const auto& stage : out.record.stages) {
    auto& live = out.stages[stage.stageName];
    live.name = stage.stageName;
    live.variables = stage.stageVariables;
    if (const auto& log = stage.accessLogSettings; log && log->destinationArn && log->format)
      live.access_log = AccessLog{*log->destinationArn, *log->format};
    if (stage.autoDeploy) {
      add_routes(live, out.record.api.apiId, stage,
                 {out.record.routes, out.record.integrations, out.record.authorizers});
      continue;
    }
    for (const auto& kept : out.record.deployments)
      if (stage.deploymentId && kept.deployment.deploymentId == *stage.deploymentId)
        add_routes(live, out.record.api.apiId, stage, {kept.routes, kept.integrations, kept.authorizers});
  }
  return out;
}
}  // namespace emu::gateway
