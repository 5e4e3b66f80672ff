#include "emulator/services/gateway/rest/stages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/gateway/rest/domains/certificates.hpp"
#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kStage{"stageName", Shape::text, true};
constexpr Member kCanary[] = {{"percentTraffic", Shape::real},
                              {"deploymentId"},
                              {"stageVariableOverrides", Shape::text_map},
                              {"useStageCache", Shape::flag}};
constexpr Member kCreate[] = {kRestApiId,
                              kStage,
                              {"deploymentId", Shape::text, true},
                              {"description"},
                              {"cacheClusterEnabled", Shape::flag},
                              {"cacheClusterSize"},
                              {"variables", Shape::text_map},
                              {"documentationVersion"},
                              {"canarySettings", Shape::object, false, kCanary},
                              {"tracingEnabled", Shape::flag},
                              {"tags", Shape::text_map}};
constexpr std::string_view kWithoutEffect[] = {"cacheClusterEnabled", "cacheClusterSize", "canarySettings",
                                               "tracingEnabled"};
constexpr Member kOne[] = {kRestApiId, kStage};
constexpr Member kList[] = {kRestApiId, {"deploymentId"}};
constexpr Member kUpdate[] = {kRestApiId, kStage, kPatch};
constexpr Patchable kPaths[] = {{"/deploymentId"},
                                {"/description"},
                                {"/cacheClusterEnabled", At::flag},
                                {"/cacheClusterSize"},
                                {"/clientCertificateId"},
                                {"/documentationVersion"},
                                {"/tracingEnabled", At::flag},
                                {"/accessLogSettings", At::removal},
                                {"/accessLogSettings/destinationArn"},
                                {"/accessLogSettings/format"},
                                {"/canarySettings", At::removal},
                                {"/canarySettings/percentTraffic", At::real},
                                {"/canarySettings/deploymentId"},
                                {"/canarySettings/useStageCache", At::flag},
                                {"/canarySettings/stageVariableOverrides/*"},
                                {"/variables/*"},
                                {"/webAclArn"}};
// "/{path}/{METHOD}/throttling/burstLimit" and its like: what a method's setting is called there.
struct Setting {
  std::string_view group, name, member;
  At what;
};
constexpr Setting kSettings[] = {
    {"metrics", "enabled", "metricsEnabled", At::flag},
    {"logging", "dataTrace", "dataTraceEnabled", At::flag},
    {"logging", "loglevel", "loggingLevel", At::text},
    {"throttling", "burstLimit", "throttlingBurstLimit", At::number},
    {"throttling", "rateLimit", "throttlingRateLimit", At::real},
    {"caching", "ttlInSeconds", "cacheTtlInSeconds", At::number},
    {"caching", "enabled", "cachingEnabled", At::flag},
    {"caching", "dataEncrypted", "cacheDataEncrypted", At::flag},
    {"caching", "requireAuthorizationForCacheControl", "requireAuthorizationForCacheControl", At::flag},
    {"caching", "unauthorizedCacheControlHeaderStrategy", "unauthorizedCacheControlHeaderStrategy", At::text},
};

AwsError no_such_stage() { return absent("Invalid stage identifier specified"); }

// Of a setting that nobody made before (spec-gateway 14).
Json default_setting() {
  return {{"metricsEnabled", false},
          {"dataTraceEnabled", false},
          {"throttlingBurstLimit", 5000},
          {"throttlingRateLimit", 10000.0},
          {"cachingEnabled", false},
          {"cacheTtlInSeconds", 300},
          {"cacheDataEncrypted", false},
          {"requireAuthorizationForCacheControl", true},
          {"unauthorizedCacheControlHeaderStrategy", "SUCCEED_WITH_RESPONSE_HEADER"}};
}

std::string escaped(std::string_view path) {
  std::string out;
  for (const char c : path) out += c == '/' ? std::string("~1") : std::string(1, c);
  return out;
}

// True if the operation was one of a method's settings, and is done.
bool change_setting(Json& stage, const Json& operation) {
  const auto parts = path_parts(text(operation, "path"));
  const bool whole = parts.size() == 2 && text(operation, "op") == "remove" &&
                     stage.contains("methodSettings") &&
                     stage["methodSettings"].contains(escaped(parts[0]) + "/" + parts[1]);
  if (whole) {
    stage["methodSettings"].erase(escaped(parts[0]) + "/" + parts[1]);
    return true;
  }
  if (parts.size() != 4) return false;
  const auto* const known = std::ranges::find_if(
      kSettings, [&](const Setting& s) { return s.group == parts[2] && s.name == parts[3]; });
  if (known == std::end(kSettings)) {
    if (parts[0] == "canarySettings" || parts[0] == "accessLogSettings") return false;
    std::string all;
    for (const auto& s : kSettings) all += fmt::format("{}/{}/{}", all.empty() ? "" : ", ", s.group, s.name);
    throw bad_request(
        fmt::format("Invalid method setting path: {}. Must be one of: [{}]", text(operation, "path"), all));
  }
  Json& setting = stage["methodSettings"][escaped(parts[0]) + "/" + parts[1]];
  if (setting.is_null()) setting = default_setting();
  const std::string member(known->member), path = "/" + member;
  const Patchable row[] = {{path, known->what}};
  Json renamed = operation;
  renamed["path"] = path;
  apply_patch(setting, row, Json::array({renamed}));
  if (!setting.contains(member)) setting[member] = default_setting().value(member, Json());
  return true;
}

// At most 100 variables, names of 64 characters, values of 512 (spec-gateway 21).
void check(const Json& record, const Json& stage) {
  static constexpr std::string_view kMarks = "-._~:/?#&=,";
  const auto name = text(stage, "stageName");
  const bool plain =
      std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
  if (name.empty() || name.size() > 128 || !plain) throw bad_request("Stage name only allows a-zA-Z0-9_-");
  if (!part_of(record, {"deployments", text(stage, "deploymentId")}))
    throw bad_request("Deployment id does not exist");
  if (const auto version = text(stage, "documentationVersion");
      !version.empty() && !part_of(record, {"documentationVersions", version}))
    throw absent("Invalid Documentation version specified");
  const Json& log = object(stage, "accessLogSettings");
  check_access_log(text(log, "destinationArn"), text(log, "format"));
  const Json& variables = object(stage, "variables");
  if (variables.size() > 100) throw bad_request("Maximum number of stage variables is 100");
  for (const auto& [key, value] : variables.items()) {
    const auto given = text(variables, key);
    const bool allowed = std::ranges::all_of(given, [](unsigned char c) {
      return std::isalnum(c) || kMarks.find(static_cast<char>(c)) != kMarks.npos;
    });
    if (key.size() > 64 || given.size() > 512 || !allowed)
      throw bad_request(fmt::format(
          "Invalid stage variable value: {}. Please use values with alphanumeric characters and the "
          "symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
          given));
  }
}

void check_certificate(RestApis& apis, const Scope& scope, const Json& stage) {
  const auto id = text(stage, "clientCertificateId");
  if (!id.empty() && !client_certificate(apis.shelf, scope, id))
    throw bad_request("Invalid client certificate id specified");
}

Json fresh(RestApis& apis, const std::string& name, const std::string& deployment) {
  return {{"stageName", name},
          {"deploymentId", deployment},
          {"createdDate", apis.now()},
          {"lastUpdatedDate", apis.now()},
          {"cacheClusterEnabled", false},
          {"cacheClusterStatus", "NOT_AVAILABLE"},
          {"methodSettings", Json::object()},
          {"tracingEnabled", false}};
}

Result<Json> create(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    const auto name = text(in, "stageName");
    if (part_of(record, {"stages", name})) return conflict("Stage already exists");
    Json made = fresh(apis, name, text(in, "deploymentId"));
    take(made, in,
         {"description", "cacheClusterEnabled", "cacheClusterSize", "variables", "documentationVersion",
          "canarySettings", "tracingEnabled", "tags"});
    check(record, made);
    record["stages"][name] = made;
    return made;
  });
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* found = part_of(api->record, {"stages", text(in, "stageName")});
  if (!found) return no_such_stage();
  return *found;
}

Result<Json> list(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  Json out{{"item", Json::array()}};
  for (auto& each : values_of(api->record.value("stages", Json::object())))
    if (!in.contains("deploymentId") || each["deploymentId"] == in["deploymentId"])
      out["item"].push_back(std::move(each));
  return out;
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* found = part_of(record, {"stages", text(in, "stageName")});
    if (!found) return no_such_stage();
    for (const auto& operation : in.value("patchOperations", Json::array()))
      if (!change_setting(*found, operation)) apply_patch(*found, kPaths, Json::array({operation}));
    (*found)["lastUpdatedDate"] = apis.now();
    check(record, *found);
    check_certificate(apis, context.scope, *found);
    return *found;
  });
}

Result<Json> remove(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    if (!part_of(record, {"stages", text(in, "stageName")})) return no_such_stage();
    record["stages"].erase(text(in, "stageName"));
    return Json::object();
  });
}

// There is no cache of responses to flush; a stage must exist nevertheless.
Result<Json> flush(RestApis& apis, Context& context, const Json& in) {
  auto found = get(apis, context, in);
  if (!found) return found;
  return Json::object();
}

Result<Json> flush_authorizers(RestApis& apis, Context& context, const Json& in) {
  auto found = get(apis, context, in);
  if (!found) return found;
  ++apis.flushes;
  return Json::object();
}

#define EMU_STAGE "/restapis/{restApiId}/stages/{stageName}"
constexpr Operation kRows[] = {
    row<create, kCreate>("CreateStage", "POST /restapis/{restApiId}/stages", 201).ignoring(kWithoutEffect),
    row<get, kOne>("GetStage", "GET " EMU_STAGE),
    row<list, kList>("GetStages", "GET /restapis/{restApiId}/stages?deploymentId"),
    row<update, kUpdate>("UpdateStage", "PATCH " EMU_STAGE),
    row<remove, kOne>("DeleteStage", "DELETE " EMU_STAGE, 202),
    row<flush, kOne>("FlushStageCache", "DELETE " EMU_STAGE "/cache/data", 202),
    row<flush_authorizers, kOne>("FlushStageAuthorizersCache", "DELETE " EMU_STAGE "/cache/authorizers", 202),
};
#undef EMU_STAGE
}  // namespace

std::span<const Operation> stage_rows() { return kRows; }

void deploy_to(RestApis& apis, Json& record, const std::string& name, const std::string& deployment,
               const Json& in) {
  auto* found = part_of(record, {"stages", name});
  Json stage = found ? *found : fresh(apis, name, deployment);
  stage["deploymentId"] = deployment;
  stage["lastUpdatedDate"] = apis.now();
  take(stage, in,
       {"variables", "tracingEnabled", "cacheClusterEnabled", "cacheClusterSize", "canarySettings"});
  if (in.contains("stageDescription")) stage["description"] = in["stageDescription"];
  check(record, stage);
  record["stages"][name] = std::move(stage);
}

void check_stage(const Json& record, Json& stage) {
  reshape(stage, kCreate);
  check(record, stage);
}

Json method_settings(const Json& list) {
  Json out = Json::object();
  if (!list.is_array()) return out;
  for (const auto& each : list) {
    auto path = text(each, "ResourcePath", "/*");
    if (path == "/*") path = "*";
    Json setting = default_setting();
    for (const auto& known : kSettings) {
      auto name = std::string(known.member);
      name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
      if (const auto* given = part_of(each, {name})) setting[std::string(known.member)] = *given;
      const Member shape[] = {{known.member, known.what == At::flag     ? Shape::flag
                                             : known.what == At::number ? Shape::number
                                             : known.what == At::real   ? Shape::real
                                                                        : Shape::text}};
      reshape(setting, shape);
    }
    out[escaped(path) + "/" + text(each, "HttpMethod", "*")] = std::move(setting);
  }
  return out;
}
}  // namespace emu::gateway::v1
