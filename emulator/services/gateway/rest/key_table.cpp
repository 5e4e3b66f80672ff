#include "emulator/services/gateway/rest/key_table.hpp"

#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
Limit limit_of(const Json* throttle) {
  if (!throttle || !throttle->is_object()) return {};
  return {throttle->value("rateLimit", -1.0), throttle->value("burstLimit", -1.0)};
}

std::optional<Quota> quota_of(const Json& plan) {
  const auto* quota = part_of(plan, {"quota"});
  if (!quota) return std::nullopt;
  const auto period = text(*quota, "period");
  return Quota{quota->value("limit", std::int64_t{0}),
               period == "MONTH"  ? Quota::Period::month
               : period == "WEEK" ? Quota::Period::week
                                  : Quota::Period::day,
               quota->value("offset", 0)};
}

std::string name_of(std::string_view value, std::string_view api, std::string_view stage) {
  return fmt::format("{}\n{}/{}", value, api, stage);
}
}  // namespace

// Days begin at 00:00 UTC; weeks on Sunday, months on the first, each that many days later (spec-gateway 15).
Time period_start(const Quota& quota, Time now) {
  using namespace std::chrono;
  const auto today = floor<days>(now);
  if (quota.period == Quota::Period::day) return today;
  const days offset(quota.offset);
  if (quota.period == Quota::Period::week) {
    const auto shifted = today - offset;
    return shifted - days(weekday(shifted).c_encoding()) + offset;
  }
  const year_month_day shifted{today - offset};
  return sys_days{shifted.year() / shifted.month() / 1} + offset;
}

KeyTable::KeyTable(const Shelf& shelf, const Scope& scope) {
  std::map<std::string, Json> keys, plans;
  for (auto& key : shelf.all(scope, "apikeys")) keys.emplace(text(key, "id"), key);
  for (auto& plan : shelf.all(scope, "usageplans")) plans.emplace(text(plan, "id"), plan);
  for (const auto& member : shelf.all(scope, "usageplankeys")) {
    const auto key = keys.find(text(member, "id"));
    const auto plan = plans.find(text(member, "usagePlanId"));
    if (key == keys.end() || plan == plans.end() || !key->second.value("enabled", false)) continue;
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

bool Usage::admit(const Grant& grant, Time now) {
  return counts_.with([&](auto& counts) {
    auto& count = counts[{grant.plan, grant.key_id}];
    if (grant.quota) {
      const auto start = period_start(*grant.quota, now);
      if (count.start != start) {
        count.start = start;
        count.used = 0;
      }
      if (count.used >= grant.quota->limit) return false;
    }
    ++count.used;
    ++count.by_day[std::chrono::floor<std::chrono::days>(now)];
    return true;
  });
}

Usage::Count Usage::of(const std::string& plan, const std::string& key) const {
  return counts_.with([&](const auto& counts) {
    const auto it = counts.find({plan, key});
    return it == counts.end() ? Count{} : it->second;
  });
}
}  // namespace emu::gateway::v1
