// Routes as others of this folder make them: CreateApi's quick create and the resource rows.
#pragma once
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct RouteOptions {
  std::string apiId;
  std::optional<bool> apiKeyRequired;
  std::optional<Strings> authorizationScopes;
  std::optional<std::string> authorizationType, authorizerId, operationName, routeKey, target;
  std::optional<Json> modelSelectionExpression, requestModels, requestParameters,
      routeResponseSelectionExpression;
};
BOOST_DESCRIBE_STRUCT(RouteOptions, (),
                      (apiId, apiKeyRequired, authorizationScopes, authorizationType, authorizerId,
                       operationName, routeKey, target, modelSelectionExpression, requestModels,
                       requestParameters, routeResponseSelectionExpression))
struct RouteInput {
  std::string apiId, routeId;
};
BOOST_DESCRIBE_STRUCT(RouteInput, (), (apiId, routeId))

Result<Route> create_route(Gateway& gateway, Context& context, RouteOptions in);
Result<Route> change_route(Gateway& gateway, Context& context, const std::string& id, RouteOptions in,
                           Others others = Others::keep);
Result<Empty> remove_route(Gateway& gateway, Context& context, RouteInput in);
// Adds a route to a record that is being made or changed; throws what refuses it.
Route add_route(ApiRecord& record, const RouteOptions& in, std::string id);
// Throws BadRequestException for what is no route key.
void check_route_key(const std::string& key);

// Members that concern WebSocket APIs only.
inline constexpr std::string_view kRouteWithoutEffect[] = {
    "modelSelectionExpression", "requestModels", "requestParameters", "routeResponseSelectionExpression",
    "operationName"};
}  // namespace emu::gateway
