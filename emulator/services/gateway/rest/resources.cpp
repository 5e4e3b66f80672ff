// CreateResource, GetResource, GetResources, UpdateResource, DeleteResource: the tree of paths.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kResource{"resourceId", Shape::text, true};
constexpr Member kEmbed{"embed", Shape::texts};
constexpr Member kCreate[] = {kRestApiId, {"parentId", Shape::text, true}, {"pathPart", Shape::text, true}};
constexpr Member kGet[] = {kRestApiId, kResource, kEmbed};
constexpr Member kList[] = {kRestApiId, kPosition, kLimit, kEmbed};
constexpr Member kUpdate[] = {kRestApiId, kResource, kPatch};
constexpr Member kDelete[] = {kRestApiId, kResource};
constexpr Patchable kPaths[] = {{"/pathPart"}, {"/parentId"}};

AwsError no_such_resource() { return absent("Invalid Resource identifier specified"); }

bool is_variable(const std::string& part) { return part.starts_with('{') && part.ends_with('}'); }

// spec-gateway 10.3
void check_part(const std::string& part) {
  const auto allowed = [](std::string_view text, std::string_view marks) {
    return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
      return std::isalnum(c) || marks.find(static_cast<char>(c)) != marks.npos;
    });
  };
  auto name = std::string_view(part);
  const bool variable = is_variable(part);
  if (variable) {
    name = name.substr(1, name.size() - 2);
    if (name.ends_with('+')) name.remove_suffix(1);
  }
  if (!allowed(name, variable ? "._-" : "._-:,"))
    throw bad_request(
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at "
        "the "
        "beginning and the end.");
}

void check_siblings(const Json& record, const std::string& parent, const std::string& part,
                    const std::string& self) {
  for (const auto& [id, other] : record["resources"].items()) {
    if (id == self || text(other, "parentId") != parent) continue;
    const auto theirs = text(other, "pathPart");
    if (theirs == part)
      throw conflict("Another resource with the same parent already has this name: " + part);
    if (is_variable(theirs) && is_variable(part) && theirs.ends_with("+}") == part.ends_with("+}"))
      throw bad_request("A sibling (" + theirs +
                        ") of this resource already has a variable path part -- only one is allowed");
  }
}

std::string path_below(const Json& parent, const std::string& part) {
  const auto path = text(parent, "path");
  return (path == "/" ? "" : path) + "/" + part;
}

void renew_paths(Json& record, const std::string& id) {
  Json& resource = record["resources"][id];
  resource["path"] = path_below(record["resources"][text(resource, "parentId")], text(resource, "pathPart"));
  for (const auto& [other, each] : record["resources"].items())
    if (text(each, "parentId") == id) renew_paths(record, other);
}

bool embeds(const Json& in) {
  return in.contains("embed") && std::ranges::find(in["embed"], "methods") != in["embed"].end();
}

// Without embed=methods only the names of the methods are told.
Json shown(Json resource, bool methods) {
  if (!methods && resource.contains("resourceMethods"))
    for (auto& method : resource["resourceMethods"]) method = Json::object();
  return resource;
}

Result<Json> create(RestApis& apis, Context& context, const Json& in) {
  const auto part = text(in, "pathPart"), parent_id = text(in, "parentId");
  check_part(part);
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    const auto* parent = part_of(record, {"resources", parent_id});
    if (!parent) return no_such_resource();
    if (text(*parent, "path").ends_with("+}"))
      return bad_request("Cannot create a child of a resource with a greedy path variable.");
    check_siblings(record, parent_id, part, {});
    const auto id = apis.new_id(6);
    Json made{{"id", id}, {"parentId", parent_id}, {"pathPart", part}, {"path", path_below(*parent, part)}};
    record["resources"][id] = made;
    return made;
  });
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* found = part_of(api->record, {"resources", text(in, "resourceId")});
  if (!found) return no_such_resource();
  return shown(*found, true);
}

Result<Json> list(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  std::vector<Json> all;
  for (auto& each : values_of(api->record["resources"])) all.push_back(shown(std::move(each), embeds(in)));
  return page(std::move(all), in);
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  const auto id = text(in, "resourceId");
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* found = part_of(record, {"resources", id});
    if (!found) return no_such_resource();
    if (!found->contains("parentId")) return bad_request("The root resource cannot be updated.");
    apply_patch(*found, kPaths, in.value("patchOperations", Json()));
    const auto part = text(*found, "pathPart"), parent = text(*found, "parentId");
    check_part(part);
    for (auto at = parent; !at.empty(); at = text(*part_of(record, {"resources", at}), "parentId")) {
      if (!part_of(record, {"resources", at})) return no_such_resource();
      if (at == id) return bad_request("A resource cannot be its own parent.");
    }
    check_siblings(record, parent, part, id);
    renew_paths(record, id);
    return record["resources"][id];
  });
}

void erase_below(Json& record, const std::string& id) {
  std::vector<std::string> children;
  for (const auto& [other, each] : record["resources"].items())
    if (text(each, "parentId") == id) children.push_back(other);
  for (const auto& child : children) erase_below(record, child);
  record["resources"].erase(id);
}

Result<Json> remove(RestApis& apis, Context& context, const Json& in) {
  const auto id = text(in, "resourceId");
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    const auto* found = part_of(record, {"resources", id});
    if (!found) return no_such_resource();
    if (!found->contains("parentId")) return bad_request("Root resource cannot be deleted.");
    erase_below(record, id);
    return Json::object();
  });
}

#define EMU_RESOURCE "/restapis/{restApiId}/resources/{resourceId}"
constexpr Operation kRows[] = {
    row<create, kCreate>("CreateResource", "POST /restapis/{restApiId}/resources/{parentId}", 201),
    row<get, kGet>("GetResource", "GET " EMU_RESOURCE "?embed"),
    row<list, kList>("GetResources", "GET /restapis/{restApiId}/resources?position&limit&embed"),
    row<update, kUpdate>("UpdateResource", "PATCH " EMU_RESOURCE),
    row<remove, kDelete>("DeleteResource", "DELETE " EMU_RESOURCE, 202),
};
#undef EMU_RESOURCE
}  // namespace

std::span<const Operation> resource_rows() { return kRows; }
}  // namespace emu::gateway::v1
