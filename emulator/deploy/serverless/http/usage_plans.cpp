#include "emulator/deploy/serverless/http/usage_plans.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emu::deploy::serverless {
namespace {
constexpr Key kPlanKeys[] = {{"quota"}, {"throttle"}};
constexpr Key kQuotaKeys[] = {{"limit"}, {"offset"}, {"period"}};
constexpr Key kThrottleKeys[] = {{"burstLimit"}, {"rateLimit"}};
constexpr Key kKeyKeys[] = {{"name"}, {"value"}, {"description"}, {"enabled"}, {"customerId"}};

// With several plans each has its name, and its keys stand below that.
struct Plan {
  std::string name;  // empty: the only one
  const Node* settings = nullptr;
  std::vector<const Node*> keys;
  Place place;
  std::string id(std::string_view what, std::size_t number = 0) const {
    auto out = fmt::format("ApiGateway{}{}", what, name);
    const auto at = out.size() - name.size();
    if (!name.empty()) out[at] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[at])));
    return number == 0 ? out : out + std::to_string(number);
  }
};

// "name", or {name, value, …}
Json key_properties(Service& service, const Node& key, const std::string& path) {
  Json out{{"Enabled", true}};
  if (!key.is_map()) {
    out["Name"] = key.as_text();
    return out;
  }
  const Section section(key, path, kKeyKeys, service.report);
  for (const auto& [from, to] : {std::pair{"name", "Name"},
                                 {"value", "Value"},
                                 {"description", "Description"},
                                 {"customerId", "CustomerId"}})
    if (const Node* value = section.value(from)) out[to] = value->json();
  if (section.find("enabled")) out["Enabled"] = section.flag("enabled");
  return out;
}

void limit_plan(Service& service, const Node& plan, const std::string& path, Json& properties) {
  const Section section(plan, path, kPlanKeys, service.report);
  if (const Node* quota = section.map("quota")) {
    const Section part(*quota, section.path("quota"), kQuotaKeys, service.report);
    for (const auto& [key, to] : {std::pair{"limit", "Limit"}, {"offset", "Offset"}})
      if (const auto value = part.number(key)) properties["Quota"][to] = value->json();
    if (const Node* period = part.text("period")) properties["Quota"]["Period"] = period->text();
  }
  if (const Node* throttle = section.map("throttle")) {
    const Section part(*throttle, section.path("throttle"), kThrottleKeys, service.report);
    for (const auto& [key, to] : {std::pair{"burstLimit", "BurstLimit"}, {"rateLimit", "RateLimit"}})
      if (const auto value = part.number(key)) properties["Throttle"][to] = value->json();
  }
}

// take(name, value) for each {name: value} of a list.
template <class F>
void each_named(Service& service, const Node& list, const std::string& path, F take) {
  for (const auto& item : list.items)
    if (item.is_map() && item.members.size() == 1)
      take(item.members[0].key, item.members[0].value);
    else
      service.report.refuse(item.place, fmt::format("each of {} is a plan's name and what it has", path));
}

std::vector<Plan> plans_of(Service& service, const Section& settings) {
  const Node *keys = settings.list("apiKeys"), *given = settings.find("usagePlan");
  std::vector<Plan> out;
  if (!given || !given->is_list()) {
    given = settings.map("usagePlan");
    if (!given && (!keys || keys->items.empty())) return out;
    out.push_back({.settings = given, .place = given ? given->place : keys->place});
    if (keys)
      for (const auto& key : keys->items) out[0].keys.push_back(&key);
    return out;
  }
  each_named(service, *given, settings.path("usagePlan"), [&](const std::string& name, const Node& plan) {
    out.push_back({.name = name, .settings = &plan, .place = plan.place});
  });
  if (!keys) return out;
  each_named(service, *keys, settings.path("apiKeys"), [&](const std::string& name, const Node& list) {
    const auto plan = std::ranges::find(out, name, &Plan::name);
    if (plan == out.end() || !list.is_list()) {
      service.report.refuse(list.place, fmt::format("{}.{} must be the keys of a usage plan of that name",
                                                    settings.path("apiKeys"), name));
      return;
    }
    for (const auto& key : list.items) plan->keys.push_back(&key);
  });
  return out;
}
}  // namespace

void add_plans(Service& service, const Section& settings, const std::string& stage,
               const std::string& deployment) {
  for (const auto& plan : plans_of(service, settings)) {
    const auto title = plan.name.empty() ? std::string() : fmt::format(" \"{}\"", plan.name);
    Json properties{
        {"ApiStages", Json::array({{{"ApiId", ref_to("ApiGatewayRestApi")}, {"Stage", stage}}})},
        {"Description", fmt::format("Usage plan{} for {} {} stage", title, service.name, service.stage)},
        {"UsagePlanName",
         fmt::format("{}-{}{}{}", service.name, plan.name, plan.name.empty() ? "" : "-", service.stage)}};
    if (plan.settings) limit_plan(service, *plan.settings, settings.path("usagePlan"), properties);
    for (std::size_t i = 0; i < plan.keys.size(); ++i)
      service
          .add(plan.id("ApiKey", i + 1), "AWS::ApiGateway::ApiKey",
               key_properties(service, *plan.keys[i], settings.path("apiKeys")), plan.keys[i]->place)
          .set("DependsOn", Node(deployment, plan.keys[i]->place));
    service.add(plan.id("UsagePlan"), "AWS::ApiGateway::UsagePlan", properties, plan.place)
        .set("DependsOn", Node(deployment, plan.place));
    for (std::size_t i = 1; i <= plan.keys.size(); ++i)
      service.add(plan.id("UsagePlanKey", i), "AWS::ApiGateway::UsagePlanKey",
                  {{"KeyId", ref_to(plan.id("ApiKey", i))},
                   {"KeyType", "API_KEY"},
                   {"UsagePlanId", ref_to(plan.id("UsagePlan"))}},
                  plan.place);
  }
}
}  // namespace emu::deploy::serverless
