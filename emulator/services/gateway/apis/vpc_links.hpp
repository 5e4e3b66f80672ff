// VPC links of API Gateway v2. There are no private networks here: what lies behind a link is plain HTTP at
// an address of this machine, which the link's tag emu:url says (spec-gateway 18.6).
#pragma once
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
inline constexpr std::string_view kVpcLinkKind = "v2vpclinks";  // on the shelf
inline constexpr std::string_view kBehindTag = "emu:url";

struct VpcLink {
  std::string createdDate, name;
  Strings securityGroupIds, subnetIds;
  StringMap tags;
  std::string vpcLinkId, vpcLinkStatus, vpcLinkStatusMessage, vpcLinkVersion;
};
BOOST_DESCRIBE_STRUCT(VpcLink, (),
                      (createdDate, name, securityGroupIds, subnetIds, tags, vpcLinkId, vpcLinkStatus,
                       vpcLinkStatusMessage, vpcLinkVersion))
struct VpcLinkOptions {
  std::optional<std::string> name;
  std::optional<Strings> securityGroupIds, subnetIds;
  std::optional<StringMap> tags;
};
BOOST_DESCRIBE_STRUCT(VpcLinkOptions, (), (name, securityGroupIds, subnetIds, tags))
struct VpcLinkInput {
  std::string vpcLinkId;
};
BOOST_DESCRIBE_STRUCT(VpcLinkInput, (), (vpcLinkId))

Result<VpcLink> create_vpc_link(Gateway& gateway, Context& context, VpcLinkOptions in);
Result<VpcLink> change_vpc_link(Gateway& gateway, Context& context, const std::string& id, VpcLinkOptions in);
Result<Empty> remove_vpc_link(Gateway& gateway, Context& context, VpcLinkInput in);
// Throws for tags that say an address which is none.
void check_behind(const StringMap& tags);
// Where requests through a link go: "http://127.0.0.1:8080". None: the link does not say, or is not there.
std::optional<std::string> behind(Gateway& gateway, const Scope& scope, const std::string& vpc_link_id);
}  // namespace emu::gateway
