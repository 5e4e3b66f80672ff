#include "emulator/services/gateway/gateway.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/routing/address.hpp"

namespace emu::gateway {
Gateway::Gateway(storage::Engine& disk, Clock& clock, Ids& ids, runtime::Functions& functions,
                 v1::RestApis& rest, http::Handler services)
    : authorizers(clock, ids, functions),
      clock_(clock),
      ids_(ids),
      functions_(functions),
      rest_(rest),
      services_(std::move(services)),
      writer_(disk, storage::Space::apis),
      apis_(std::make_shared<const Apis>()) {}

std::span<const std::string_view> Gateway::not_served() const {
  static constexpr std::string_view kRows[] = {
      "WebSocket APIs: CreateApi refuses them, and there is no connections API.",
      "AWS service integrations other than those with SQS: refused until their services are there.",
      "Mutual TLS of custom domains: kept and returned, without effect."};
  return kRows;
}

std::span<const Operation> Gateway::operations() const {
  static const auto rows =
      joined({api_operations(), route_operations(), integration_operations(), stage_operations(),
              deployment_operations(), authorizer_operations(), tag_operations(), domain_operations(),
              model_operations(), vpc_link_operations(), import_operations()});
  return rows;
}

std::span<const ResourceType> Gateway::resource_types() const { return resource_rows(); }

void Gateway::verify(Report& report) {
  writer_.with([&](Records<ApiRecord>& records) { records.verify(report, "HTTP API"); });
}

void Gateway::load() {
  auto all = std::make_shared<Apis>();
  writer_.with([&](const Records<ApiRecord>& records) {
    records.each([&](const Scope& scope, const std::string& id, ApiRecord record) {
      (*all)[id] = std::make_shared<const LiveApi>(compile(scope, std::move(record)));
    });
  });
  apis_.with([&](auto& current) { current = std::move(all); });
}

std::shared_ptr<const Gateway::Apis> Gateway::apis() const {
  return apis_.with([](const auto& current) { return current; });
}

Gateway::Current Gateway::find(const Scope& scope, std::string_view api_id) const {
  const auto all = apis();
  const auto it = all->find(api_id);
  return it == all->end() || it->second->scope != scope ? nullptr : it->second;
}

std::vector<Gateway::Current> Gateway::all(const Scope& scope) const {
  std::vector<Current> out;
  for (const auto& [id, api] : *apis())
    if (api->scope == scope) out.push_back(api);
  std::ranges::sort(
      out, {}, [](const Current& a) { return std::tie(a->record.api.createdDate, a->record.api.apiId); });
  return out;
}

void Gateway::swap_in(std::string api_id, Current api) {
  // Copied outside the lock: only whoever holds writer_ replaces it.
  auto next = std::make_shared<Apis>(*apis());
  if (api)
    (*next)[std::move(api_id)] = std::move(api);
  else
    next->erase(api_id);
  apis_.with([&](auto& current) { current = std::move(next); });
}

void Gateway::publish(Records<ApiRecord>& records, const Scope& scope, ApiRecord record) {
  const auto id = record.api.apiId;
  auto live = std::make_shared<const LiveApi>(compile(scope, std::move(record)));
  records.put(scope, id, live->record);
  swap_in(id, std::move(live));
}

void Gateway::create(const Scope& scope, ApiRecord record) {
  writer_.with([&](Records<ApiRecord>& records) { publish(records, scope, std::move(record)); });
}

bool Gateway::remove(const Scope& scope, const std::string& api_id) {
  return writer_.with([&](Records<ApiRecord>& records) {
    if (!find(scope, api_id)) return false;
    records.erase(scope, api_id);
    swap_in(api_id, nullptr);
    return true;
  });
}

AwsError Gateway::no_such_api(const Scope& scope, std::string_view api_id) {
  return {"NotFoundException", fmt::format("Invalid API identifier specified {}:{}", scope.account, api_id),
          404};
}

std::string Gateway::now() const { return iso8601(clock_.now()); }

std::vector<RouteAddress> Gateway::routes(const Scope& scope) const {
  std::vector<RouteAddress> out;
  for (const auto& api : all(scope))
    for (const auto& [name, stage] : api->stages)
      for (const auto& route : stage.routes) {
        const auto& key = route.key;
        const bool any = key.path.empty();  // $default
        out.push_back({any ? "ANY" : key.method,
                       (name == "$default" ? "" : "/" + name) + (any ? "/*" : key.path),
                       api->record.api.apiId, api->record.api.name, name, route.function_arn});
      }
  return out;
}
}  // namespace emu::gateway
