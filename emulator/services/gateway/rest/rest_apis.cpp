#include "emulator/services/gateway/rest/rest_apis.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cmath>

#include "emulator/base/log.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
RestApis::RestApis(storage::Engine& disk, Clock& clock, Ids& ids)
    : shelf(disk),
      usage(disk),
      clock_(clock),
      ids_(ids),
      writer_(disk, storage::Space::rest_apis),
      apis_(std::make_shared<const Apis>()),
      domains_(std::make_shared<const DomainNames>()) {
  usage.belongs = [this](const Usage::Key& key) {
    return shelf.find(key.scope, "usageplankeys", key.plan + "/" + key.key).has_value();
  };
}

std::span<const std::string_view> RestApis::not_served() const {
  static constexpr std::string_view kRows[] = {
      "Mapping templates: #define, #macro, #parse, #include and methods beyond texts, maps and lists.",
      "AWS integrations with services that are not in this table.",
      "SDKs: GetSdkTypes lists none, and GetSdk refuses each.",
      "Patterns that only Java's engine matches, and those that may take it long: refused when stored.",
      "Mutual TLS of custom domains: kept and returned, without effect."};
  return kRows;
}

std::span<const Operation> RestApis::operations() const {
  static const auto rows =
      joined({api_rows(), resource_rows(), method_rows(), integration_rows(), deployment_rows(), stage_rows(),
              part_rows(), key_rows(), plan_rows(), usage_rows(), account_rows(), domain_rows(), tag_rows(),
              export_rows(), test_invoke_rows(), vpc_link_rows(), documentation_rows(), model_template_rows(),
              certificate_rows()});
  return rows;
}

std::span<const ResourceType> RestApis::resource_types() const { return cloudformation_rows(); }

void RestApis::verify(Report& report) {
  writer_.with([&](Records<Json>& records) { records.verify(report, "REST API"); });
  shelf.verify(report);
  usage.verify(report);
}

void RestApis::load() {
  auto all = std::make_shared<Apis>();
  writer_.with([&](const Records<Json>& records) {
    records.each([&](const Scope& scope, const std::string& id, Json record) {
      (*all)[id] = compile_rest(scope, std::move(record), nullptr);
    });
  });
  apis_.with([&](auto& current) { current = std::move(all); });
  shelf.load();
  usage.load();
  domains_changed();
}

awaitable<void> RestApis::run() {
  static constexpr Duration kGathers = std::chrono::seconds(1);
  const auto executor = co_await asio::this_coro::executor;
  for (;;) {
    const auto changed = std::make_shared<Wakeup>(executor);
    usage.when_changed(changed);
    co_await clock_.wait(changed, kNever);
    co_await clock_.sleep(kGathers);
    try {
      usage.save();
    } catch (const std::exception& e) {  // a full disk, say: what could not be kept is kept the next time
      log_fault("keeping the usage of API keys", e.what());
    }
  }
}

std::shared_ptr<const RestApis::Apis> RestApis::apis() const {
  return apis_.with([](const auto& current) { return current; });
}

RestApis::Current RestApis::serving(std::string_view api_id) const {
  const auto all = apis();
  const auto it = all->find(api_id);
  return it == all->end() ? nullptr : it->second;
}

RestApis::Current RestApis::find(const Scope& scope, std::string_view api_id) const {
  auto api = serving(api_id);
  return api && api->scope == scope ? api : nullptr;
}

std::vector<RestApis::Current> RestApis::all(const Scope& scope) const {
  std::vector<Current> out;
  for (const auto& [id, api] : *apis())
    if (api->scope == scope) out.push_back(api);
  std::ranges::sort(out, {}, [](const Current& a) { return age_of(a->record["api"]); });
  return out;
}

void RestApis::swap_in(const std::string& api_id, Current api) {
  // Copied outside the lock: only whoever holds writer_ replaces it.
  auto next = std::make_shared<Apis>(*apis());
  if (api)
    (*next)[api_id] = std::move(api);
  else
    next->erase(api_id);
  apis_.with([&](auto& current) { current = std::move(next); });
}

void RestApis::publish(Records<Json>& records, const Scope& scope, Json record) {
  const auto id = text(record["api"], "id");
  auto live = compile_rest(scope, std::move(record), serving(id));
  records.put(scope, id, live->record);
  swap_in(id, std::move(live));
}

void RestApis::create(const Scope& scope, Json record) {
  writer_.with([&](Records<Json>& records) { publish(records, scope, std::move(record)); });
}

bool RestApis::remove(const Scope& scope, const std::string& api_id) {
  return writer_.with([&](Records<Json>& records) {
    if (!find(scope, api_id)) return false;
    records.erase(scope, api_id);
    swap_in(api_id, nullptr);
    return true;
  });
}

std::shared_ptr<const DomainNames> RestApis::domains() const {
  return domains_.with([](const auto& current) { return current; });
}

void RestApis::domains_changed() {
  domains_.with([&](auto& current) {  // read under the lock, so that no older table replaces a newer
    current = std::make_shared<const DomainNames>(shelf);
    any_domains_ = !current->empty();
  });
}

std::vector<RouteAddress> RestApis::routes(const Scope& scope) const {
  std::vector<RouteAddress> out;
  for (const auto& api : all(scope))
    for (const auto& [name, stage] : api->stages)
      for (const auto& resource : stage->resources)
        for (const auto& [verb, method] : resource.methods)
          if (!method.function_arn.empty())
            out.push_back({verb, fmt::format("/{}{}", name, resource.path), api->id,
                           text(api->record["api"], "name"), name, method.function_arn});
  return out;
}

double RestApis::now() const { return std::floor(epoch_seconds(clock_.now())); }
}  // namespace emu::gateway::v1
