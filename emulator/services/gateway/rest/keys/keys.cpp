// API keys (spec-gateway 15): ImportApiKeys, CreateApiKey, GetApiKey,
// GetApiKeys, UpdateApiKey, DeleteApiKey.
#include <fmt/format.h>

#include <algorithm>
#include <map>
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

std::optional<AwsError> misfit(const Json& key) {
  const auto value = text(key, "value");
  if (value.size() < 20) return bad_request("API Key value should be at least 20 characters");
  if (value.size() > 128) return bad_request("API Key value exceeds maximum size of 128 characters");
  return std::nullopt;
}

// The keys there are, by value.
std::map<std::string, Json> keys_by_value(const RestApis& apis, const Scope& scope) {
  std::map<std::string, Json> out;
  for (auto& key : apis.shelf.all(scope, kKind)) {
    auto value = text(key, "value");
    out.emplace(std::move(value), std::move(key));
  }
  return out;
}

Result<Json> create(RestApis& apis, Context& context, const Json& in) {
  Json made = fresh_key(apis, in);
  if (auto wrong = misfit(made)) return std::move(*wrong);
  if (keys_by_value(apis, context.scope).contains(text(made, "value")))
    return conflict("API Key already exists");
  apis.shelf.put(context.scope, kKind, text(made, "id"), made);
  ++apis.key_changes;
  return made;
}

// Whatever their case and order; Name and key must be there, others are ignored (API Gateway's API key file
// format).
constexpr std::string_view kColumns[] = {"name", "key", "description", "enabled", "usageplanids"};
constexpr std::size_t kMostKeys = 10'000;  // of an account and region, quotas of API Gateway
constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kMostFile = 6 * 1024 * 1024;  // bytes

std::vector<std::string_view> columns_of(const CsvRow& header) {
  std::vector<std::string_view> out;
  for (const auto& written : header) {
    const auto* known = std::ranges::find_if(kColumns, [&](auto name) { return same_text(name, written); });
    out.push_back(known == std::end(kColumns) ? std::string_view() : *known);
  }
  for (const auto* needed : {"name", "key"})
    if (std::ranges::find(out, needed) == out.end())
      throw bad_request(fmt::format("Missing header in API key file: {}", needed));
  return out;
}

// What a row says of a key.
struct KeyRow {
  Json said = {{"enabled", true}};
  std::vector<std::string> plans = {};
};
KeyRow read_row(const std::vector<std::string_view>& columns, const CsvRow& row) {
  KeyRow out;
  for (std::size_t i = 0; i < std::min(row.size(), columns.size()); ++i) {
    if (row[i].empty()) continue;
    if (columns[i] == "enabled") out.said["enabled"] = same_text(row[i], "true");
    if (columns[i] == "name" || columns[i] == "description") out.said[std::string(columns[i])] = row[i];
    if (columns[i] == "key") out.said["value"] = row[i];
    std::string_view list = row[i];
    if (list.size() > 1 && list.starts_with('\'') && list.ends_with('\''))
      list = list.substr(1, list.size() - 2);
    if (columns[i] == "usageplanids")
      for (auto& plan : parse_csv(list)) out.plans.insert(out.plans.end(), plan.begin(), plan.end());
  }
  return out;
}

// A file's rows as they become keys. The latest of a value counts, whether the former is of the file or was
// there before; it keeps its id.
class KeyFile {
 public:
  KeyFile(RestApis& apis, const Scope& scope)
      : apis_(apis), scope_(scope), known_(keys_by_value(apis, scope)) {}

  Json out{{"ids", Json::array()}, {"warnings", Json::array()}};

  // A row that cannot be is warned of and left out.
  void take_row(const std::vector<std::string_view>& columns, const CsvRow& row) {
    ++row_;
    if (row.size() > columns.size()) return warn("more values than the header names");
    auto [said, plans] = read_row(columns, row);
    Json key = fresh_key(apis_, said);
    if (const auto wrong = misfit(key)) return warn(wrong->message);
    if (text(key, "name").size() > kLongestName) return warn("API Key name exceeds 1024 characters");
    const auto value = text(key, "value");
    const auto before = known_.find(value);
    if (before != known_.end())
      take(key, before->second, {"id", "createdDate", "stageKeys", "tags", "customerId"});
    if (taken_.insert(value).second) out["ids"].push_back(key["id"]);
    for (const auto& plan : plans) {
      if (apis_.shelf.find(scope_, "usageplans", plan))
        members_.insert({plan, value});
      else
        warn(fmt::format("Invalid Usage Plan ID specified: {}", plan));
    }
    known_.insert_or_assign(value, std::move(key));
  }

  void keep(Context& context) {
    if (known_.size() > kMostKeys) throw bad_request("The limit of API keys has been reached");
    for (const auto& value : taken_)
      apis_.shelf.put(context.scope, kKind, text(known_[value], "id"), known_[value]);
    for (const auto& [plan, value] : members_)  // a key that is in it stays
      static_cast<void>(create_plan_key(
          apis_, context,
          {{"usagePlanId", plan}, {"keyId", text(known_[value], "id")}, {"keyType", "API_KEY"}}));
    ++apis_.key_changes;
  }

 private:
  void warn(std::string_view why) { out["warnings"].push_back(fmt::format("Row {}: {}", row_, why)); }

  RestApis& apis_;
  const Scope& scope_;
  std::map<std::string, Json> known_;
  std::set<std::string> taken_;                            // values that the file has
  std::set<std::pair<std::string, std::string>> members_;  // plan and value
  std::size_t row_ = 0;
};

// With failOnWarnings nothing is imported where there are any.
Result<Json> import_keys(RestApis& apis, Context& context, const Json& in) {
  if (text(in, "format") != "csv") return bad_request("Invalid format specified. Valid values are: [csv]");
  const auto body = text(in, "body");
  if (body.size() > kMostFile) return bad_request("The API key file is too large");
  const auto rows = parse_csv(body);
  if (rows.empty()) return bad_request("The API key file has no header");
  if (rows.size() > kMostKeys) return bad_request("The API key file has too many rows");
  const auto columns = columns_of(rows.front());
  KeyFile file(apis, context.scope);
  for (std::size_t i = 1; i < rows.size(); ++i) file.take_row(columns, rows[i]);
  if (flag(in, "failOnWarnings") && !file.out["warnings"].empty())
    return bad_request(fmt::format("API keys were not imported: {}", json_text(file.out["warnings"])));
  file.keep(context);
  return std::move(file.out);
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
