#include "emulator/services/gateway/apis/vpc_links.hpp"

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway {
namespace {
struct UpdateVpcLinkInput {
  std::optional<std::string> name;
  std::string vpcLinkId;
};
BOOST_DESCRIBE_STRUCT(UpdateVpcLinkInput, (), (name, vpcLinkId))
struct ListVpcLinksInput {
  std::optional<std::string> maxResults, nextToken;
};
BOOST_DESCRIBE_STRUCT(ListVpcLinksInput, (), (maxResults, nextToken))
struct VpcLinkList {
  std::vector<VpcLink> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(VpcLinkList, (), (items, nextToken))

AwsError no_such_link() { return absent("Invalid VpcLink identifier specified"); }

// The shelf keeps dates as numbers, to sort by.
VpcLink link_of(Json document) {
  document["createdDate"] = iso8601(time_at(document.value("createdDate", 0.0)));
  return wire::decode(wire::Tag<VpcLink>{}, document, "");
}

Result<VpcLink> get(Gateway& gateway, Context& context, VpcLinkInput in) {
  const auto found = gateway.rest().shelf.find(context.scope, kVpcLinkKind, in.vpcLinkId);
  if (!found) return no_such_link();
  return link_of(*found);
}

Result<VpcLinkList> list(Gateway& gateway, Context& context, ListVpcLinksInput in) {
  std::vector<VpcLink> all;
  for (const auto& each : gateway.rest().shelf.all(context.scope, kVpcLinkKind)) all.push_back(link_of(each));
  auto part = page(std::move(all), in.maxResults, in.nextToken);
  return VpcLinkList{std::move(part.items), std::move(part.nextToken)};
}

Result<VpcLink> update(Gateway& gateway, Context& context, UpdateVpcLinkInput in) {
  return change_vpc_link(gateway, context, in.vpcLinkId, {.name = std::move(in.name)});
}

constexpr Operation kRows[] = {
    rest<create_vpc_link>("CreateVpcLink", "POST /v2/vpclinks", 201),
    rest<get>("GetVpcLink", "GET /v2/vpclinks/{vpcLinkId}"),
    rest<list>("GetVpcLinks", "GET /v2/vpclinks?maxResults&nextToken"),
    rest<update>("UpdateVpcLink", "PATCH /v2/vpclinks/{vpcLinkId}"),
    rest<remove_vpc_link>("DeleteVpcLink", "DELETE /v2/vpclinks/{vpcLinkId}", 202),
};
}  // namespace

std::span<const Operation> vpc_link_operations() { return kRows; }

void check_behind(const StringMap& tags) {
  const auto tag = tags.find(std::string(kBehindTag));
  if (tag == tags.end()) return;
  const auto& url = tag->second;
  const bool http = url.starts_with("http://") || url.starts_with("https://");
  if (!http || url.find_first_of("?# ") != url.npos)
    throw bad_request(
        "The tag emu:url of a VPC link is an http:// or https:// address with a path at most, not " + url);
}

Result<VpcLink> create_vpc_link(Gateway& gateway, Context& context, VpcLinkOptions in) {
  if (!in.name) throw wire::Missing("name");
  if (!in.subnetIds) throw wire::Missing("subnetIds");
  check_behind(in.tags.value_or(StringMap{}));
  VpcLink made{.createdDate = gateway.now(),
               .name = std::move(*in.name),
               .securityGroupIds = in.securityGroupIds.value_or(Strings{}),
               .subnetIds = std::move(*in.subnetIds),
               .tags = in.tags.value_or(StringMap{}),
               .vpcLinkId = gateway.new_id(6),
               .vpcLinkStatus = "AVAILABLE",
               .vpcLinkStatusMessage = "VPC link is ready to route traffic",
               .vpcLinkVersion = "V2"};
  auto document = wire::encode(made);
  document["createdDate"] = gateway.rest().now();
  document["id"] = made.vpcLinkId;
  gateway.rest().shelf.put(context.scope, kVpcLinkKind, made.vpcLinkId, std::move(document));
  return made;
}

Result<VpcLink> change_vpc_link(Gateway& gateway, Context& context, const std::string& id,
                                VpcLinkOptions in) {
  if (in.tags) check_behind(*in.tags);
  auto changed = gateway.rest().shelf.change(context.scope, kVpcLinkKind, id, no_such_link(),
                                             [&](Json& document) -> Result<Json> {
                                               if (in.name) document["name"] = *in.name;
                                               if (in.tags) document["tags"] = *in.tags;
                                               return document;
                                             });
  if (!changed) return std::move(changed.error());
  return link_of(*changed);
}

Result<Empty> remove_vpc_link(Gateway& gateway, Context& context, VpcLinkInput in) {
  if (!gateway.rest().shelf.erase(context.scope, kVpcLinkKind, in.vpcLinkId)) return no_such_link();
  return Empty{};
}

std::optional<std::string> behind(Gateway& gateway, const Scope& scope, const std::string& vpc_link_id) {
  const auto found = gateway.rest().shelf.find(scope, kVpcLinkKind, vpc_link_id);
  if (!found) return std::nullopt;
  const auto tags = link_of(*found).tags;
  const auto url = tags.find(std::string(kBehindTag));
  return url == tags.end() ? std::nullopt : std::optional(url->second);
}
}  // namespace emu::gateway
