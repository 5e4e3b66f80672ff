// Usage plans and the keys in them (spec-gateway 15).
#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kPlan{"usagePlanId", Shape::text, true}, kKey{"keyId", Shape::text, true};
constexpr Member kThrottle[] = {{"burstLimit", Shape::number}, {"rateLimit", Shape::real}};
constexpr Member kQuota[] = {{"limit", Shape::number}, {"offset", Shape::number}, {"period"}};
constexpr Member kApiStage[] = {{"apiId"}, {"stage"}, {"throttle", Shape::object_map, false, kThrottle}};
constexpr Member kCreate[] = {{"name", Shape::text, true},
                              {"description"},
                              {"apiStages", Shape::objects, false, kApiStage},
                              {"throttle", Shape::object, false, kThrottle},
                              {"quota", Shape::object, false, kQuota},
                              {"tags", Shape::text_map}};
constexpr Member kOne[] = {kPlan};
constexpr Member kList[] = {kPosition, kLimit, {"keyId"}};
constexpr Member kUpdate[] = {kPlan, kPatch};
constexpr Member kCreateKey[] = {kPlan, kKey, {"keyType", Shape::text, true}};
constexpr Member kOneKey[] = {kPlan, kKey};
constexpr Member kListKeys[] = {kPlan, kPosition, kLimit, {"nameQuery"}};
constexpr Patchable kPaths[] = {{"/name"},
                                {"/description"},
                                {"/productCode"},
                                {"/throttle", At::removal},
                                {"/throttle/burstLimit", At::number},
                                {"/throttle/rateLimit", At::real},
                                {"/quota", At::removal},
                                {"/quota/limit", At::number},
                                {"/quota/offset", At::number},
                                {"/quota/period"}};
constexpr std::string_view kKind = "usageplans", kMembers = "usageplankeys";

AwsError no_such_plan() { return absent("Invalid Usage Plan ID specified"); }

void check_stage(RestApis& apis, const Scope& scope, const Json& stage) {
  const auto api_id = text(stage, "apiId"), name = text(stage, "stage");
  if (api_id.empty() || name.empty()) throw bad_request("Invalid API Stage specified");
  const auto api = apis.find(scope, api_id);
  if (!api)
    throw absent(
        fmt::format("Invalid API Stage {{api: {}, stage: {}}} specified for usageplan", api_id, name));
  if (!part_of(api->record, {"stages", name}))
    throw absent(
        fmt::format("Invalid API Stage {{api: {}, stage: {}}} specified for usageplan", api_id, name));
}

void check(const Json& plan) {
  const auto* quota = part_of(plan, {"quota"});
  if (!quota) return;
  const auto period = text(*quota, "period");
  if (period != "DAY" && period != "WEEK" && period != "MONTH")
    throw bad_request("Quota period must be one of: [DAY, WEEK, MONTH]");
  const auto longest = period == "DAY" ? 0 : period == "WEEK" ? 6 : 27;
  const auto offset = number(*quota, "offset", 0);
  if (offset < 0 || offset > longest)
    throw bad_request("Usage Plan quota offset is out of range for its period");
  if (number(*quota, "limit", 0) < 1) throw bad_request("Usage Plan quota limit must be greater than zero");
}

Result<Json> create(RestApis& apis, Context& context, const Json& in) {
  const auto id = apis.new_id(6);
  Json made{{"id", id}, {"apiStages", Json::array()}, {"createdDate", apis.now()}};
  take(made, in, {"name", "description", "apiStages", "throttle", "quota", "tags"});
  for (const auto& stage : made["apiStages"]) check_stage(apis, context.scope, stage);
  check(made);
  apis.shelf.put(context.scope, kKind, id, made);
  ++apis.key_changes;
  return made;
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  auto found = apis.shelf.find(context.scope, kKind, text(in, "usagePlanId"));
  if (!found) return no_such_plan();
  return std::move(*found);
}

Result<Json> list(RestApis& apis, Context& context, const Json& in) {
  std::vector<Json> all;
  const auto key = text(in, "keyId");
  for (auto& plan : apis.shelf.all(context.scope, kKind))
    if (key.empty() || apis.shelf.find(context.scope, kMembers, fmt::format("{}/{}", text(plan, "id"), key)))
      all.push_back(std::move(plan));
  return page(std::move(all), in);
}

// "/apiStages" with value "{api}:{stage}", and "/apiStages/{api}:{stage}/throttle/{path}/{METHOD}/…".
bool change_stages(RestApis& apis, const Scope& scope, Json& plan, const Json& operation) {
  const auto parts = path_parts(text(operation, "path"));
  if (parts[0] != "apiStages") return false;
  const auto op = text(operation, "op");
  const auto named = parts.size() > 1 ? parts[1] : text(operation, "value");
  const auto colon = named.find(':');
  const Json stage{{"apiId", named.substr(0, colon)},
                   {"stage", colon == named.npos ? "" : named.substr(colon + 1)}};
  Json& all = plan["apiStages"];
  const auto at = std::ranges::find_if(all, [&](const Json& each) {
    return each["apiId"] == stage["apiId"] && each["stage"] == stage["stage"];
  });
  if (parts.size() == 1) {
    if (op == "remove" && at == all.end())
      throw absent(fmt::format("Invalid API Stage {{api: {}, stage: {}}} specified for usageplan {}",
                               text(stage, "apiId"), text(stage, "stage"), text(plan, "id")));
    if (op == "remove") {
      all.erase(at);
    } else if (at == all.end()) {
      check_stage(apis, scope, stage);
      all.push_back(stage);
    }
    return true;
  }
  if (at == all.end() || parts.size() < 3 || parts[2] != "throttle")
    throw bad_request("Invalid API Stage specified");
  if (parts.size() == 3 && op == "remove") {
    at->erase("throttle");
  } else if (parts.size() == 6 && op != "remove") {
    const Patchable row[] = {{"/burstLimit", At::number}, {"/rateLimit", At::real}};
    Json renamed = operation;
    renamed["path"] = "/" + parts[5];
    apply_patch((*at)["throttle"][parts[3] + "/" + parts[4]], row, Json::array({renamed}));
  } else {
    throw bad_request(fmt::format("Invalid patch path: {}", text(operation, "path")));
  }
  return true;
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  auto out = apis.shelf.change(context.scope, kKind, text(in, "usagePlanId"), no_such_plan(),
                               [&](Json& plan) -> Result<Json> {
                                 for (const auto& operation : in.value("patchOperations", Json::array()))
                                   if (!change_stages(apis, context.scope, plan, operation))
                                     apply_patch(plan, kPaths, Json::array({operation}));
                                 check(plan);
                                 return plan;
                               });
  ++apis.key_changes;
  return out;
}

Result<Json> remove(RestApis& apis, Context& context, const Json& in) {
  const auto id = text(in, "usagePlanId");
  const auto plan = apis.shelf.find(context.scope, kKind, id);
  if (!plan) return no_such_plan();
  if (!(*plan)["apiStages"].empty())
    return bad_request(
        fmt::format("Cannot delete Usage Plan {} because there are API Stages associated with it", id));
  apis.shelf.erase(context.scope, kKind, id);
  apis.usage.forget(context.scope, id);
  for (const auto& member : apis.shelf.all(context.scope, kMembers))
    if (text(member, "usagePlanId") == id)
      apis.shelf.erase(context.scope, kMembers, fmt::format("{}/{}", id, text(member, "id")));
  ++apis.key_changes;
  return Json::object();
}

Json shown(Json member) {
  member.erase("usagePlanId");
  member.erase("createdDate");
  return member;
}

Result<Json> get_key(RestApis& apis, Context& context, const Json& in) {
  const auto plan = text(in, "usagePlanId");
  if (!apis.shelf.find(context.scope, kKind, plan)) return no_such_plan();
  auto found = apis.shelf.find(context.scope, kMembers, fmt::format("{}/{}", plan, text(in, "keyId")));
  if (!found) return absent("Invalid Usage Plan Key identifier specified");
  return shown(std::move(*found));
}

Result<Json> list_keys(RestApis& apis, Context& context, const Json& in) {
  const auto plan = text(in, "usagePlanId");
  if (!apis.shelf.find(context.scope, kKind, plan)) return no_such_plan();
  std::vector<Json> all;
  for (auto& member : apis.shelf.all(context.scope, kMembers))
    if (text(member, "usagePlanId") == plan && text(member, "name").starts_with(text(in, "nameQuery")))
      all.push_back(shown(std::move(member)));
  return page(std::move(all), in);
}

Result<Json> remove_key(RestApis& apis, Context& context, const Json& in) {
  const auto name = fmt::format("{}/{}", text(in, "usagePlanId"), text(in, "keyId"));
  if (!apis.shelf.erase(context.scope, kMembers, name))
    return absent("Invalid Usage Plan Key identifier specified");
  apis.usage.forget({context.scope, text(in, "usagePlanId"), text(in, "keyId")});
  ++apis.key_changes;
  return Json::object();
}

#define EMU_PLAN "/usageplans/{usagePlanId}"
constexpr Operation kRows[] = {
    row<create, kCreate>("CreateUsagePlan", "POST /usageplans", 201),
    row<get, kOne>("GetUsagePlan", "GET " EMU_PLAN),
    row<list, kList>("GetUsagePlans", "GET /usageplans?position&limit&keyId"),
    row<update, kUpdate>("UpdateUsagePlan", "PATCH " EMU_PLAN),
    row<remove, kOne>("DeleteUsagePlan", "DELETE " EMU_PLAN, 202),
    row<create_plan_key, kCreateKey>("CreateUsagePlanKey", "POST " EMU_PLAN "/keys", 201),
    row<get_key, kOneKey>("GetUsagePlanKey", "GET " EMU_PLAN "/keys/{keyId}"),
    row<list_keys, kListKeys>("GetUsagePlanKeys", "GET " EMU_PLAN "/keys?position&limit&name=nameQuery"),
    row<remove_key, kOneKey>("DeleteUsagePlanKey", "DELETE " EMU_PLAN "/keys/{keyId}", 202),
};
#undef EMU_PLAN
}  // namespace

std::span<const Operation> plan_rows() { return kRows; }

Result<Json> create_plan_key(RestApis& apis, Context& context, const Json& in) {
  const auto plan = text(in, "usagePlanId"), id = text(in, "keyId");
  if (!apis.shelf.find(context.scope, kKind, plan)) return no_such_plan();
  if (text(in, "keyType") != "API_KEY")
    return bad_request("Invalid key type specified. Valid values are: [API_KEY]");
  const auto key = apis.shelf.find(context.scope, "apikeys", id);
  if (!key) return absent("Invalid API Key identifier specified");
  const auto name = fmt::format("{}/{}", plan, id);
  if (apis.shelf.find(context.scope, kMembers, name))
    return conflict(fmt::format("Usage Plan {} already has API Key {}", plan, id));
  Json made{{"id", id}, {"type", "API_KEY"}, {"usagePlanId", plan}, {"createdDate", apis.now()}};
  take(made, *key, {"name", "value"});
  apis.shelf.put(context.scope, kMembers, name, made);
  ++apis.key_changes;
  return shown(std::move(made));
}

void check_plan(Json& document) {
  reshape(document, kCreate);
  check(document);
}
}  // namespace emu::gateway::v1
