// API keys (spec-gateway 15): CreateApiKey, GetApiKey, GetApiKeys, UpdateApiKey, DeleteApiKey.
#include <fmt/format.h>

#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kId{"apiKey", Shape::text, true};
constexpr Member kCreate[] = {
    {"name"},  {"description"},           {"enabled", Shape::flag}, {"generateDistinctId", Shape::flag},
    {"value"}, {"stageKeys", Shape::any}, {"customerId"},           {"tags", Shape::text_map}};
constexpr std::string_view kWithoutEffect[] = {"generateDistinctId", "stageKeys"};
constexpr Member kGet[] = {kId, {"includeValue", Shape::flag}};
constexpr Member kList[] = {kPosition, kLimit, {"nameQuery"}, {"customerId"}, {"includeValues", Shape::flag}};
constexpr Member kUpdate[] = {kId, kPatch};
constexpr Member kOne[] = {kId};
constexpr Patchable kPaths[] = {{"/name"}, {"/description"}, {"/enabled", At::flag}, {"/customerId"}};
constexpr std::string_view kKind = "apikeys";

AwsError no_such_key() { return absent("Invalid API Key identifier specified"); }

Json shown(Json key, bool with_value) {
  if (!with_value) key.erase("value");
  return key;
}

Result<Json> create(RestApis& apis, Context& context, const Json& in) {
  const auto id = apis.new_id(10);
  Json made{{"id", id},
            {"value", apis.new_key()},
            {"enabled", false},
            {"createdDate", apis.now()},
            {"lastUpdatedDate", apis.now()},
            {"stageKeys", Json::array()}};
  take(made, in, {"name", "description", "enabled", "value", "customerId", "tags"});
  const auto value = text(made, "value");
  if (value.size() < 20) return bad_request("API Key value should be at least 20 characters");
  if (value.size() > 128) return bad_request("API Key value exceeds maximum size of 128 characters");
  for (const auto& other : apis.shelf.all(context.scope, kKind))
    if (text(other, "value") == value) return conflict("API Key already exists");
  apis.shelf.put(context.scope, kKind, id, made);
  ++apis.key_changes;
  return made;
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  auto found = apis.shelf.find(context.scope, kKind, text(in, "apiKey"));
  if (!found) return no_such_key();
  return shown(std::move(*found), flag(in, "includeValue"));
}

Result<Json> list(RestApis& apis, Context& context, const Json& in) {
  std::vector<Json> all;
  for (auto& key : apis.shelf.all(context.scope, kKind)) {
    if (!text(key, "name").starts_with(text(in, "nameQuery"))) continue;
    if (in.contains("customerId") && text(key, "customerId") != text(in, "customerId")) continue;
    all.push_back(shown(std::move(key), flag(in, "includeValues")));
  }
  return page(std::move(all), in);
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  ++apis.key_changes;
  return apis.shelf.change(context.scope, kKind, text(in, "apiKey"), no_such_key(),
                           [&](Json& key) -> Result<Json> {
                             apply_patch(key, kPaths, in.value("patchOperations", Json()));
                             key["lastUpdatedDate"] = apis.now();
                             return shown(key, false);
                           });
}

Result<Json> remove(RestApis& apis, Context& context, const Json& in) {
  const auto id = text(in, "apiKey");
  if (!apis.shelf.erase(context.scope, kKind, id)) return no_such_key();
  for (const auto& member : apis.shelf.all(context.scope, "usageplankeys"))
    if (text(member, "id") == id) {
      const auto plan = text(member, "usagePlanId");
      apis.shelf.erase(context.scope, "usageplankeys", fmt::format("{}/{}", plan, id));
      apis.usage.forget({context.scope, plan, id});
    }
  ++apis.key_changes;
  return Json::object();
}

constexpr Operation kRows[] = {
    row<create, kCreate>("CreateApiKey", "POST /apikeys", 201).ignoring(kWithoutEffect),
    row<get, kGet>("GetApiKey", "GET /apikeys/{apiKey}?includeValue"),
    row<list, kList>("GetApiKeys", "GET /apikeys?position&limit&name=nameQuery&customerId&includeValues"),
    row<update, kUpdate>("UpdateApiKey", "PATCH /apikeys/{apiKey}"),
    row<remove, kOne>("DeleteApiKey", "DELETE /apikeys/{apiKey}", 202),
};
}  // namespace

std::span<const Operation> key_rows() { return kRows; }
}  // namespace emu::gateway::v1
