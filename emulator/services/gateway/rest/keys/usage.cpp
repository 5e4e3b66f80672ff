// GetUsage and UpdateUsage: what the keys of a usage plan have used of it (spec-gateway 15).
#include <fmt/format.h>

#include "emulator/base/text.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kPlan{"usagePlanId", Shape::text, true};
constexpr Member kGetUsage[] = {
    kPlan, {"keyId"}, {"startDate", Shape::text, true}, {"endDate", Shape::text, true}, kPosition, kLimit};
constexpr std::string_view kUsageWithoutEffect[] = {"limit", "position"};
constexpr Member kUpdateUsage[] = {kPlan, {"keyId", Shape::text, true}, kPatch};

std::chrono::sys_days day_of(const std::string& date) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (date.size() == 10 && std::sscanf(date.c_str(), "%4d-%2u-%2u", &year, &month, &day) == 3) {
    const std::chrono::year_month_day read{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (read.ok()) return read;
  }
  throw bad_request(fmt::format("Invalid date specified: {}", date));
}

Json values_of_days(RestApis& apis, const Usage::Key& key, const std::optional<Quota>& quota,
                    std::chrono::sys_days from, std::chrono::sys_days to) {
  Json out = Json::array();
  for (const auto& [used, left] : apis.usage.days(key, quota, from, to)) out.push_back({used, left});
  return out;
}

// Per key and day what was used and what remained of the quota; -1: there is none.
Result<Json> get_usage(RestApis& apis, Context& context, const Json& in) {
  static constexpr std::chrono::days kLongest(90);
  const auto id = text(in, "usagePlanId");
  const auto plan = apis.shelf.find(context.scope, "usageplans", id);
  if (!plan) return absent("Invalid Usage Plan ID specified");
  const auto from = day_of(text(in, "startDate")), to = day_of(text(in, "endDate"));
  if (to < from || to - from > kLongest) return bad_request("Usage can only be asked for up to 90 days");
  Json out{{"usagePlanId", id},
           {"startDate", in["startDate"]},
           {"endDate", in["endDate"]},
           {"values", Json::object()}};
  for (const auto& member : apis.shelf.all(context.scope, "usageplankeys")) {
    const auto key = text(member, "id");
    if (text(member, "usagePlanId") != id || (in.contains("keyId") && text(in, "keyId") != key)) continue;
    out["values"][key] = values_of_days(apis, {context.scope, id, key}, quota_of(*plan), from, to);
  }
  return out;
}

// The only thing that can be said: what remains of the quota until its period ends.
std::int64_t remaining_of(const Json& in) {
  std::optional<std::int64_t> out;
  for (const auto& operation : in.value("patchOperations", Json::array())) {
    const auto path = text(operation, "path"), op = text(operation, "op");
    if (path != "/remaining" || op != "replace")
      throw bad_request(fmt::format(
          "Invalid patch path  '{}' specified for op '{}'. Must be one of: [/remaining]", path, op));
    out = number_in<std::int64_t>(text(operation, "value"));
    constexpr std::int64_t kMost = 1'000'000'000'000'000;  // beyond what any quota counts
    if (!out || *out < 0 || *out > kMost)
      throw bad_request(
          fmt::format("Invalid value '{}' specified for path '/remaining'", text(operation, "value")));
  }
  if (!out) throw bad_request("Invalid patch operation specified. Must be one of: [replace]");
  return *out;
}

Result<Json> update_usage(RestApis& apis, Context& context, const Json& in) {
  const auto id = text(in, "usagePlanId"), key = text(in, "keyId");
  const auto plan = apis.shelf.find(context.scope, "usageplans", id);
  if (!plan) return absent("Invalid Usage Plan ID specified");
  if (!apis.shelf.find(context.scope, "usageplankeys", fmt::format("{}/{}", id, key)))
    return absent("Invalid Usage Plan Key identifier specified");
  const auto remaining = remaining_of(in);
  const auto quota = quota_of(*plan);
  if (!quota) return bad_request(fmt::format("Usage Plan {} has no quota", id));
  const auto now = apis.clock().now();
  apis.usage.grant({context.scope, id, key}, *quota, remaining, now);
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const auto date = iso8601(today).substr(0, 10);
  return Json{{"usagePlanId", id},
              {"startDate", date},
              {"endDate", date},
              {"values", {{key, values_of_days(apis, {context.scope, id, key}, quota, today, today)}}}};
}

#define EMU_PLAN "/usageplans/{usagePlanId}"
constexpr Operation kRows[] = {
    row<get_usage, kGetUsage>("GetUsage", "GET " EMU_PLAN "/usage?keyId&startDate&endDate&position&limit")
        .ignoring(kUsageWithoutEffect),
    row<update_usage, kUpdateUsage>("UpdateUsage", "PATCH " EMU_PLAN "/keys/{keyId}/usage"),
};
#undef EMU_PLAN
}  // namespace

std::span<const Operation> usage_rows() { return kRows; }
}  // namespace emu::gateway::v1
