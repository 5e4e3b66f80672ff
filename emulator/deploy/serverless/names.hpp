// The logical ids and names serverless gives what it compiles (spec-iac 3). Existing stacks are found again
// by them: they may not change.
#pragma once
#include <string>
#include <string_view>

#include "emulator/source/node.hpp"

namespace emu::deploy::serverless {
std::string normalized(std::string_view name);  // "my-fn_1" → "MyDashfnUnderscore1"
std::string route_logical_id(
    std::string_view route_key);  // "GET /a/{id}" → "HttpApiRouteGetAIdVar", "*" → …Default
std::string resource_name(
    std::string_view path);  // "orders/{id}" → "OrdersIdVar", in names of REST resources

inline Json ref_to(std::string_view id) { return {{"Ref", id}}; }
inline Json get_att(std::string_view id, std::string_view attribute) {
  return {{"Fn::GetAtt", Json::array({id, attribute})}};
}
inline Json join(std::string_view separator, Json parts) {
  return {{"Fn::Join", Json::array({separator, std::move(parts)})}};
}
}  // namespace emu::deploy::serverless
