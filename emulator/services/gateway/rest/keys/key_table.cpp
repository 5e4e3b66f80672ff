#include "emulator/services/gateway/rest/keys/key_table.hpp"

#include <algorithm>

#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
Limit limit_of(const Json* throttle) {
  if (!throttle || !throttle->is_object()) return {};
  return {real(*throttle, "rateLimit", -1), real(*throttle, "burstLimit", -1)};
}

std::string name_of(std::string_view value, std::string_view api, std::string_view stage) {
  return fmt::format("{}\n{}/{}", value, api, stage);
}
}  // namespace

std::optional<Quota> quota_of(const Json& plan) {
  const auto* quota = part_of(plan, {"quota"});
  if (!quota) return std::nullopt;
  const auto period = text(*quota, "period");
  return Quota{number(*quota, "limit", 0),
               period == "MONTH"  ? Quota::Period::month
               : period == "WEEK" ? Quota::Period::week
                                  : Quota::Period::day,
               static_cast<int>(std::clamp<std::int64_t>(number(*quota, "offset", 0), 0, 27))};
}

KeyTable::KeyTable(const Shelf& shelf, const Scope& scope) {
  std::map<std::string, Json> keys, plans;
  for (auto& key : shelf.all(scope, "apikeys")) keys.emplace(text(key, "id"), key);
  for (auto& plan : shelf.all(scope, "usageplans")) plans.emplace(text(plan, "id"), plan);
  for (const auto& member : shelf.all(scope, "usageplankeys")) {
    const auto key = keys.find(text(member, "id"));
    const auto plan = plans.find(text(member, "usagePlanId"));
    if (key == keys.end() || plan == plans.end() || !flag(key->second, "enabled")) continue;
    for (const auto& stage : plan->second["apiStages"]) {
      Grant grant{
          plan->first, key->first, quota_of(plan->second), limit_of(part_of(plan->second, {"throttle"})), {}};
      if (const auto* methods = part_of(stage, {"throttle"}))
        for (const auto& [name, throttle] : methods->items())
          grant.by_method.emplace(name, limit_of(&throttle));
      grants_.insert_or_assign(
          name_of(text(key->second, "value"), text(stage, "apiId"), text(stage, "stage")), std::move(grant));
    }
  }
}

const Grant* KeyTable::find(std::string_view value, std::string_view api, std::string_view stage) const {
  const auto it = grants_.find(name_of(value, api, stage));
  return it == grants_.end() ? nullptr : &it->second;
}
}  // namespace emu::gateway::v1
