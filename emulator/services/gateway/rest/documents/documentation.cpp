// Documentation parts and versions of REST APIs. A version keeps the parts as they were; a stage that names
// one exports them (spec-gateway 27.2).
#include "emulator/services/gateway/rest/documents/documentation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/gateway/openapi_document.hpp"
#include "emulator/services/gateway/rest/part.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr std::size_t kMostParts = 2000;  // of an API, quotas of API Gateway
constexpr Patchable kDocPartPaths[] = {{"/properties"}};
constexpr Patchable kDocVersionPaths[] = {{"/description"}};

constexpr Part kDocPart{"documentationParts", "documentationPartId",
                        "Invalid Documentation part identifier specified", kDocPartPaths,
                        check_documentation_part};
constexpr Part kDocVersion{"documentationVersions", "documentationVersion",
                           "Invalid Documentation version specified", kDocVersionPaths};

constexpr Member kLocation[] = {{"type", Shape::text, true}, {"path"}, {"method"}, {"statusCode"}, {"name"}};
constexpr Member kCreatePart[] = {
    kRestApiId, {"location", Shape::object, true, kLocation}, {"properties", Shape::text, true}};
constexpr Member kPartOne[] = {kRestApiId, {"documentationPartId", Shape::text, true}};
constexpr Member kPartPatch[] = {kRestApiId, {"documentationPartId", Shape::text, true}, kPatch};
constexpr Member kListParts[] = {kRestApiId, {"type"}, {"nameQuery"},     {"path"},
                                 kPosition,  kLimit,   {"locationStatus"}};
constexpr Member kImportParts[] = {
    kRestApiId, {"mode"}, {"failOnWarnings", Shape::flag}, {"body", Shape::text, true}};
constexpr Member kVersion{"documentationVersion", Shape::text, true};
constexpr Member kCreateVersion[] = {kRestApiId, kVersion, {"stageName"}, {"description"}};
constexpr Member kVersionOne[] = {kRestApiId, kVersion};
constexpr Member kVersionPatch[] = {kRestApiId, kVersion, kPatch};

// Which members a location of a type has, beside its type (API reference, DocumentationPartLocation).
struct Located {
  std::string_view type;
  bool path = false, method = false, status = false, name = false;
};
constexpr Located kTypes[] = {
    {.type = "API"},
    {.type = "AUTHORIZER", .name = true},
    {.type = "MODEL", .name = true},
    {.type = "RESOURCE", .path = true},
    {.type = "METHOD", .path = true, .method = true},
    {.type = "PATH_PARAMETER", .path = true, .method = true, .name = true},
    {.type = "QUERY_PARAMETER", .path = true, .method = true, .name = true},
    {.type = "REQUEST_HEADER", .path = true, .method = true, .name = true},
    {.type = "REQUEST_BODY", .path = true, .method = true},
    {.type = "RESPONSE", .path = true, .method = true, .status = true},
    {.type = "RESPONSE_HEADER", .path = true, .method = true, .status = true, .name = true},
    {.type = "RESPONSE_BODY", .path = true, .method = true, .status = true}};

// With the defaults of what was not said.
Json checked_location(const Json& given) {
  const auto type = text(given, "type");
  const auto* known = std::ranges::find(kTypes, type, &Located::type);
  if (known == std::end(kTypes)) throw bad_request(fmt::format("Invalid location type specified: {}", type));
  Json out{{"type", type}};
  const auto member = [&](const char* name, bool allowed, const char* otherwise) {
    const auto said = text(given, name);
    if (!said.empty() && !allowed)
      throw bad_request(fmt::format("Location field '{}' is not allowed for type '{}'", name, type));
    if (allowed && said.empty() && !otherwise)
      throw bad_request(fmt::format("Location field '{}' is required for type '{}'", name, type));
    if (allowed) out[name] = said.empty() ? otherwise : said;
  };
  member("path", known->path, "/");
  member("method", known->method, "*");
  member("statusCode", known->status, "*");
  member("name", known->name, nullptr);
  return out;
}

std::string told(const Json& location) {
  std::string out = fmt::format("type '{}'", text(location, "type"));
  for (const auto* member : {"path", "method", "statusCode", "name"})
    if (location.contains(member)) out += fmt::format(", {} '{}'", member, text(location, member));
  return out;
}

Json* part_at(Json& record, const Json& location) {
  if (auto* all = part_of(record, {kDocPart.plural}))
    for (auto& each : *all)
      if (each["location"] == location) return &each;
  return nullptr;
}

Json made_part(const Json& in, std::string id) {
  Json made{
      {"id", std::move(id)},
      {"location", checked_location(object(in, "location"))},
      {"properties", in.contains("properties") && in["properties"].is_structured() ? in["properties"].dump()
                                                                                   : text(in, "properties")}};
  check_documentation_part(made);
  return made;
}

void check_number_of_parts(std::size_t parts) {
  if (parts > kMostParts)
    throw bad_request("Maximum number of documentation parts for this API has been reached");
}

Result<Json> create_part(RestApis& apis, Context& context, const Json& in) {
  const auto made = made_part(in, apis.new_id(6));
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    if (part_at(record, made["location"]))
      return conflict(fmt::format("Documentation part already exists for the specified location: {}.",
                                  told(made["location"])));
    check_number_of_parts(object(record, "documentationParts").size() + 1);
    record["documentationParts"][text(made, "id")] = made;
    return made;
  });
}

Result<Json> list_documented(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  if (text(in, "locationStatus", "DOCUMENTED") != "DOCUMENTED")
    return bad_request("emu lists the locations that are DOCUMENTED only");
  std::vector<Json> all;
  for (auto& each : values_of(object(api->record, "documentationParts"))) {
    const auto& at = object(each, "location");
    const bool fits = (!in.contains("type") || text(at, "type") == text(in, "type")) &&
                      text(at, "path").starts_with(text(in, "path")) &&
                      text(at, "name").starts_with(text(in, "nameQuery"));
    if (fits) all.push_back(std::move(each));
  }
  return page(std::move(all), in);
}

Result<Json> import_parts(RestApis& apis, Context& context, const Json& in) {
  const auto document = read_openapi(text(in, "body"));
  const auto mode = text(in, "mode", "merge");
  if (mode != "merge" && mode != "overwrite")
    return bad_request("Invalid mode specified. Valid values are: [merge, overwrite]");
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto out = import_documentation(object(document, "x-amazon-apigateway-documentation"), record,
                                    mode == "merge", [&](std::size_t length) { return apis.new_id(length); });
    if (flag(in, "failOnWarnings") && !out["warnings"].empty())
      return bad_request(fmt::format("Warnings found during import: {}", out["warnings"].dump()));
    return out;
  });
}

Result<Json> create_version(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    const auto version = text(in, "documentationVersion"), stage = text(in, "stageName");
    if (part_of(record, {kDocVersion.plural, version}))
      return conflict("Documentation version already exists");
    if (!stage.empty() && !part_of(record, {"stages", stage}))
      return absent("Invalid stage identifier specified");
    Json made{{"version", version}, {"createdDate", apis.now()}};
    take(made, in, {"description"});
    record["documentationVersions"][version] = made;
    record["documentationSnapshots"][version] = values_of(object(record, "documentationParts"));
    if (!stage.empty()) record["stages"][stage]["documentationVersion"] = version;
    return made;
  });
}

Result<Json> remove_version(RestApis& apis, Context& context, const Json& in) {
  const auto version = text(in, "documentationVersion");
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    if (!part_of(record, {kDocVersion.plural, version})) return absent(std::string(kDocVersion.absent));
    record["documentationVersions"].erase(version);
    record["documentationSnapshots"].erase(version);
    if (auto* stages = part_of(record, {"stages"}))
      for (auto& stage : *stages)
        if (text(stage, "documentationVersion") == version) stage.erase("documentationVersion");
    return Json::object();
  });
}

constexpr wire::Binding kBody[] = {{wire::Where::request_body, "body"}};
#define EMU_PARTS "/restapis/{restApiId}/documentation/parts"
#define EMU_VERSIONS "/restapis/{restApiId}/documentation/versions"
constexpr Operation kRows[] = {
    row<create_part, kCreatePart>("CreateDocumentationPart", "POST " EMU_PARTS, 201),
    row<show_part<kDocPart>, kPartOne>("GetDocumentationPart", "GET " EMU_PARTS "/{documentationPartId}"),
    row<list_documented, kListParts>(
        "GetDocumentationParts", "GET " EMU_PARTS "?type&name=nameQuery&path&position&limit&locationStatus"),
    row<update_part<kDocPart>, kPartPatch>("UpdateDocumentationPart",
                                           "PATCH " EMU_PARTS "/{documentationPartId}"),
    row<remove_part<kDocPart>, kPartOne>("DeleteDocumentationPart",
                                         "DELETE " EMU_PARTS "/{documentationPartId}", 202),
    row<import_parts, kImportParts>("ImportDocumentationParts",
                                    "PUT " EMU_PARTS "?mode&failonwarnings=failOnWarnings", 200, kBody),
    row<create_version, kCreateVersion>("CreateDocumentationVersion", "POST " EMU_VERSIONS, 201),
    row<show_part<kDocVersion>, kVersionOne>("GetDocumentationVersion",
                                             "GET " EMU_VERSIONS "/{documentationVersion}"),
    row<list_parts<kDocVersion>, kListedInApi>("GetDocumentationVersions",
                                               "GET " EMU_VERSIONS "?position&limit"),
    row<update_part<kDocVersion>, kVersionPatch>("UpdateDocumentationVersion",
                                                 "PATCH " EMU_VERSIONS "/{documentationVersion}"),
    row<remove_version, kVersionOne>("DeleteDocumentationVersion",
                                     "DELETE " EMU_VERSIONS "/{documentationVersion}", 202),
};
#undef EMU_PARTS
#undef EMU_VERSIONS
}  // namespace

std::span<const Operation> documentation_rows() { return kRows; }

void check_documentation_part(Json& part) {
  const auto properties = bounded_parse(text(part, "properties"));
  if (!properties.is_object() || properties.empty())
    throw bad_request("Documentation part properties must be non-empty");
}

Json import_documentation(const Json& documentation, Json& record, bool merge,
                          const std::function<std::string(std::size_t)>& new_id) {
  Json out{{"ids", Json::array()}, {"warnings", Json::array()}};
  if (!merge) record["documentationParts"] = Json::object();
  const auto given = documentation.find("documentationParts");
  if (given == documentation.end() || !given->is_array()) return out;
  check_number_of_parts(given->size());
  std::map<Json, std::string> there;  // their ids by where they are
  for (const auto& part : object(record, "documentationParts"))
    there.emplace(part["location"], text(part, "id"));
  for (const auto& each : *given) {
    try {
      auto made = made_part(each.is_object() ? each : Json::object(), new_id(6));
      const auto [known, fresh] = there.try_emplace(made["location"], text(made, "id"));
      const auto id = known->second;
      made["id"] = id;
      out["ids"].push_back(id);
      record["documentationParts"][id] = std::move(made);
    } catch (const AwsError& refused) {
      out["warnings"].push_back(refused.message);
    }
  }
  check_number_of_parts(there.size());
  return out;
}

Json exported_documentation(const Json& record, const Json& stage) {
  const auto version = text(stage, "documentationVersion");
  const auto* parts = part_of(record, {"documentationSnapshots", version});
  const auto* described = part_of(record, {"documentationVersions", version});
  if (!parts || !described) return {};
  Json out{{"version", version}, {"documentationParts", Json::array()}};
  out["createdDate"] = iso8601(Time(std::chrono::seconds(number(*described, "createdDate", 0))));
  for (const auto& part : *parts)
    out["documentationParts"].push_back(
        {{"location", part["location"]}, {"properties", bounded_parse(text(part, "properties"))}});
  return out;
}
}  // namespace emu::gateway::v1
