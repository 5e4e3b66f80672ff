#include "emulator/services/gateway/live_api.hpp"

#include <algorithm>

namespace emu::gateway {
namespace {
// "${stageVariables.name}" becomes the stage's value of it; an unknown one, nothing.
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

const Integration* integration_of(const Route& route, const std::vector<Integration>& integrations) {
  static constexpr std::string_view kPrefix = "integrations/";
  if (!route.target || !route.target->starts_with(kPrefix)) return nullptr;
  const auto it =
      std::ranges::find(integrations, route.target->substr(kPrefix.size()), &Integration::integrationId);
  return it == integrations.end() ? nullptr : &*it;
}

void add_routes(LiveStage& stage, const std::vector<Route>& routes,
                const std::vector<Integration>& integrations) {
  for (const auto& route : routes) {
    auto key = RouteKey::parse(route.routeKey);
    if (!key) continue;
    stage.table.add(*key, stage.routes.size());
    LiveRoute live{std::move(*key), {}, false, {}};
    if (const auto* integration = integration_of(route, integrations)) {
      live.function_arn = function_of(with_variables(integration->integrationUri, stage.variables));
      live.version_one = integration->payloadFormatVersion == "1.0";
      live.timeout = std::chrono::milliseconds(integration->timeoutInMillis);
    }
    stage.routes.push_back(std::move(live));
  }
}
}  // namespace

std::string function_of(std::string_view uri) {
  static constexpr std::string_view kFunctions = "/functions/", kInvocations = "/invocations";
  if (uri.starts_with("arn:") && uri.find(":lambda:path/") != uri.npos) {
    const auto from = uri.find(kFunctions);
    if (from == uri.npos || !uri.ends_with(kInvocations)) return {};
    uri = uri.substr(from + kFunctions.size());
    uri.remove_suffix(std::min(uri.size(), kInvocations.size()));
  }
  const bool lambda = uri.starts_with("arn:") && uri.find(":lambda:") != uri.npos;
  return lambda && uri.find(":function:") != uri.npos ? std::string(uri) : std::string{};
}

LiveApi compile(const Scope& scope, ApiRecord record) {
  LiveApi out{scope, std::move(record), {}};
  for (const auto& stage : out.record.stages) {
    auto& live = out.stages[stage.stageName];
    live.name = stage.stageName;
    live.variables = stage.stageVariables;
    if (stage.autoDeploy) {
      add_routes(live, out.record.routes, out.record.integrations);
      continue;
    }
    for (const auto& kept : out.record.deployments)
      if (stage.deploymentId && kept.deployment.deploymentId == *stage.deploymentId)
        add_routes(live, kept.routes, kept.integrations);
  }
  return out;
}
}  // namespace emu::gateway
