// VPC links: kept and shown; requests go to their integrations' URIs as plain HTTP (spec-gateway 18.6).
#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kCreate[] = {{"name", Shape::text, true},
                              {"description"},
                              {"targetArns", Shape::texts, true},
                              {"tags", Shape::text_map}};
constexpr Member kOne[] = {{"vpcLinkId", Shape::text, true}};
constexpr Member kUpdate[] = {{"vpcLinkId", Shape::text, true}, kPatch};
constexpr Patchable kPaths[] = {{"/name"}, {"/description"}};
constexpr std::string_view kKind = "vpclinks";

AwsError no_such_link() { return absent("Invalid Vpc Link identifier specified"); }

Result<Json> create_link(RestApis& apis, Context& context, const Json& in) {
  const auto id = apis.new_id(6);
  Json made{{"id", id}, {"status", "AVAILABLE"}, {"statusMessage", "Your vpc link is ready for use"}};
  take(made, in, {"name", "description", "targetArns", "tags"});
  if (texts(made, "targetArns").size() != 1)
    return bad_request("Invalid targetArns specified. A VPC link has exactly one target");
  apis.shelf.put(context.scope, kKind, id, made);
  return made;
}

Result<Json> get_link(RestApis& apis, Context& context, const Json& in) {
  auto found = apis.shelf.find(context.scope, kKind, text(in, "vpcLinkId"));
  if (!found) return no_such_link();
  return std::move(*found);
}

Result<Json> list_links(RestApis& apis, Context& context, const Json& in) {
  return page(apis.shelf.all(context.scope, kKind), in);
}

Result<Json> update_link(RestApis& apis, Context& context, const Json& in) {
  return apis.shelf.change(context.scope, kKind, text(in, "vpcLinkId"), no_such_link(),
                           [&](Json& link) -> Result<Json> {
                             apply_patch(link, kPaths, in.value("patchOperations", Json()));
                             return link;
                           });
}

Result<Json> remove_link(RestApis& apis, Context& context, const Json& in) {
  if (!apis.shelf.erase(context.scope, kKind, text(in, "vpcLinkId"))) return no_such_link();
  return Json::object();
}

constexpr Operation kRows[] = {
    row<create_link, kCreate>("CreateVpcLink", "POST /vpclinks", 202),
    row<get_link, kOne>("GetVpcLink", "GET /vpclinks/{vpcLinkId}"),
    row<list_links, kListed>("GetVpcLinks", "GET /vpclinks?position&limit"),
    row<update_link, kUpdate>("UpdateVpcLink", "PATCH /vpclinks/{vpcLinkId}"),
    row<remove_link, kOne>("DeleteVpcLink", "DELETE /vpclinks/{vpcLinkId}", 202),
};
}  // namespace

std::span<const Operation> vpc_link_rows() { return kRows; }
}  // namespace emu::gateway::v1
