// API keys (spec-gateway 15): ImportApiKeys, CreateApiKey, GetApiKey,
// GetApiKeys, UpdateApiKey, DeleteApiKey.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "emulator/base/text.hpp"
#include "emulator/services/gateway/rest/keys/csv.hpp"
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
constexpr Member kImport[] = {
    {"body", Shape::text, true}, {"format", Shape::text, true}, {"failOnWarnings", Shape::flag}};
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

// A key that is not kept yet.
Json fresh_key(RestApis& apis, const Json& in) {
  Json made{{"id", apis.new_id(10)},     {"value", apis.new_key()},       {"enabled", false},
            {"createdDate", apis.now()}, {"lastUpdatedDate", apis.now()}, {"stageKeys", Json::array()}};
  take(made, in, {"name", "description", "enabled", "value", "customerId", "tags"});
  return made;
}

using Values = std::set<std::string, std::less<>>;
Values values_of_keys(const RestApis& apis, const Scope& scope) {
  Values out;
  for (const auto& key : apis.shelf.all(scope, kKind)) out.insert(text(key, "value"));
  return out;
}

std::optional<AwsError> misfit(const Values& taken, const Json& key) {
  const auto value = text(key, "value");
  if (value.size() < 20) return bad_request("API Key value should be at least 20 characters");
  if (value.size() > 128) return bad_request("API Key value exceeds maximum size of 128 characters");
  if (taken.contains(value)) return conflict("API Key already exists");
  return std::nullopt;
}

Result<Json> create(RestApis& apis, Context& context, const Json& in) {
  Json made = fresh_key(apis, in);
  if (auto wrong = misfit(values_of_keys(apis, context.scope), made)) return std::move(*wrong);
  apis.shelf.put(context.scope, kKind, text(made, "id"), made);
  ++apis.key_changes;
  return made;
}

// Whatever their case and order; Name and key must be there (API Gateway's API
// key file format).
constexpr std::string_view kColumns[] = {"name", "key", "description", "enabled", "usageplanids"};
constexpr std::size_t kMostImported = 10'000;  // keys of an account and region, quotas of API Gateway

std::vector<std::string_view> columns_of(const CsvRow& header) {
  std::vector<std::string_view> out;
  for (const auto& written : header) {
    const auto* known = std::ranges::find_if(kColumns, [&](auto name) { return same_text(name, written); });
    if (known == std::end(kColumns))
      throw bad_request(fmt::format("Invalid header in API key file: {}", written));
    out.push_back(*known);
  }
  for (const auto* needed : {"name", "key"})
    if (std::ranges::find(out, needed) == out.end())
      throw bad_request(fmt::format("Missing header in API key file: {}", needed));
  return out;
}

struct ImportedKey {
  Json key;
  std::vector<std::string> plans;
};
ImportedKey read_row(RestApis& apis, const std::vector<std::string_view>& columns, const CsvRow& row) {
  Json in = Json::object();
  ImportedKey out;
  for (std::size_t i = 0; i < std::min(row.size(), columns.size()); ++i) {
    if (row[i].empty()) continue;
    if (columns[i] == "enabled") in["enabled"] = same_text(row[i], "true");
    if (columns[i] == "name" || columns[i] == "description") in[std::string(columns[i])] = row[i];
    if (columns[i] == "key") in["value"] = row[i];
    if (columns[i] == "usageplanids")
      for (auto& plan : parse_csv(row[i])) out.plans.insert(out.plans.end(), plan.begin(), plan.end());
  }
  out.key = fresh_key(apis, in);
  return out;
}

// A row that cannot be is warned of and left out; with failOnWarnings nothing
// is imported then.
Result<Json> import_keys(RestApis& apis, Context& context, const Json& in) {
  if (text(in, "format") != "csv") return bad_request("Invalid format specified. Valid values are: [csv]");
  const auto rows = parse_csv(text(in, "body"));
  if (rows.empty()) return bad_request("The API key file has no header");
  if (rows.size() > kMostImported) return bad_request("The API key file has too many rows");
  const auto columns = columns_of(rows.front());
  auto taken = values_of_keys(apis, context.scope);
  std::vector<ImportedKey> made;
  Json out{{"ids", Json::array()}, {"warnings", Json::array()}};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    auto each = read_row(apis, columns, rows[i]);
    const auto warn = [&](std::string_view why) {
      out["warnings"].push_back(fmt::format("Row {}: {}", i, why));
    };
    if (const auto wrong = misfit(taken, each.key)) {
      warn(wrong->message);
      continue;
    }
    for (const auto& plan : each.plans)
      if (!apis.shelf.find(context.scope, "usageplans", plan))
        warn(fmt::format("Invalid Usage Plan ID specified: {}", plan));
    taken.insert(text(each.key, "value"));
    out["ids"].push_back(each.key["id"]);
    made.push_back(std::move(each));
  }
  if (flag(in, "failOnWarnings") && !out["warnings"].empty())
    return bad_request(fmt::format("API keys were not imported: {}", out["warnings"].dump()));
  for (auto& each : made) {
    apis.shelf.put(context.scope, kKind, text(each.key, "id"), each.key);
    for (const auto& plan : each.plans)  // a plan that is not there was warned of
      static_cast<void>(create_plan_key(
          apis, context, {{"usagePlanId", plan}, {"keyId", each.key["id"]}, {"keyType", "API_KEY"}}));
  }
  ++apis.key_changes;
  return out;
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

constexpr wire::Binding kFile[] = {{wire::Where::request_body, "body"}};
constexpr Operation kRows[] = {
    row<import_keys, kImport>("ImportApiKeys",
                              "POST /apikeys?mode==import&format&failonwarnings=failOnWarnings", 201, kFile),
    row<create, kCreate>("CreateApiKey", "POST /apikeys", 201).ignoring(kWithoutEffect),
    row<get, kGet>("GetApiKey", "GET /apikeys/{apiKey}?includeValue"),
    row<list, kList>("GetApiKeys", "GET /apikeys?position&limit&name=nameQuery&customerId&includeValues"),
    row<update, kUpdate>("UpdateApiKey", "PATCH /apikeys/{apiKey}"),
    row<remove, kOne>("DeleteApiKey", "DELETE /apikeys/{apiKey}", 202),
};
}  // namespace

std::span<const Operation> key_rows() { return kRows; }
}  // namespace emu::gateway::v1
