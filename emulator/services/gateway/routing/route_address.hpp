// A route of either kind of API with what is needed to call it, for the overview of what is deployed.
#pragma once
#include <string>

namespace emu::gateway {
struct RouteAddress {
  std::string method, path;  // path: below the API's own address, stage included
  std::string api_id, api_name, stage, function_arn;
};
}  // namespace emu::gateway
