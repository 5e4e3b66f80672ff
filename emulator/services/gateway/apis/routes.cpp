#include "emulator/services/gateway/apis/routes.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"

namespace emu::gateway {
namespace {
struct UpdateRouteInput : RouteOptions {
  std::string routeId;
};
BOOST_DESCRIBE_STRUCT(UpdateRouteInput, (),
                      (apiId, apiKeyRequired, authorizationScopes, authorizationType, authorizerId,
                       operationName, routeId, routeKey, target, modelSelectionExpression, requestModels,
                       requestParameters, routeResponseSelectionExpression))
struct RequestParameterInput {
  std::string apiId, requestParameterKey, routeId;
};
BOOST_DESCRIBE_STRUCT(RequestParameterInput, (), (apiId, requestParameterKey, routeId))
struct RouteList {
  std::vector<Route> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(RouteList, (), (items, nextToken))

AwsError no_such_route(std::string_view id) {
  return absent(fmt::format("Invalid Route identifier specified {}", id));
}

// A route is guarded as it says, or refused (spec-gateway 16).
void check_authorization(const ApiRecord& record, const Route& route) {
  const auto& type = route.authorizationType;
  if (type != "NONE" && type != "AWS_IAM" && type != "JWT" && type != "CUSTOM")
    throw bad_request("Invalid authorization type specified. Must be one of [NONE, AWS_IAM, CUSTOM, JWT]");
  if (type != "JWT" && route.authorizationScopes && !route.authorizationScopes->empty())
    throw bad_request("AuthorizationScopes can only be specified for JWT authorizers");
  if (type == "NONE" || type == "AWS_IAM") return;
  static const std::vector<Authorizer> kNone;
  const auto* authorizer = find_by(record.authorizers ? *record.authorizers : kNone,
                                   &Authorizer::authorizerId, route.authorizerId.value_or(""));
  if (!authorizer) throw bad_request("Invalid authorizer id specified");
  if ((authorizer->authorizerType == "JWT") != (type == "JWT"))
    throw bad_request("The authorizer's type does not match the route's authorization type");
}

void apply(const ApiRecord& record, const RouteOptions& in, Route& into) {
  if (in.apiKeyRequired.value_or(false)) throw bad_request("API keys are not supported for HTTP APIs");
  if (in.routeKey && *in.routeKey != into.routeKey) {
    check_route_key(*in.routeKey);
    if (std::ranges::find(record.routes, *in.routeKey, &Route::routeKey) != record.routes.end())
      throw conflict(fmt::format("Route with key {} already exists for this API", *in.routeKey));
  }
  if (in.target) {
    static constexpr std::string_view kPrefix = "integrations/";
    const std::string_view target = *in.target;
    const auto id = target.substr(std::min(target.size(), kPrefix.size()));
    if (!target.starts_with(kPrefix) ||
        std::ranges::find(record.integrations, id, &Integration::integrationId) == record.integrations.end())
      throw absent(fmt::format("Invalid Integration identifier specified {}", id.empty() ? target : id));
    into.target = in.target;
  }
  if (in.routeKey) into.routeKey = *in.routeKey;
  if (in.operationName) into.operationName = in.operationName;
  if (in.authorizationType) into.authorizationType = *in.authorizationType;
  if (in.authorizerId) into.authorizerId = in.authorizerId;
  if (in.authorizationScopes) into.authorizationScopes = in.authorizationScopes;
  if (into.authorizationType == "NONE" || into.authorizationType == "AWS_IAM") into.authorizerId.reset();
  check_authorization(record, into);
}

Result<Route> update(Gateway& gateway, Context& context, UpdateRouteInput in) {
  const auto id = in.routeId;
  return change_route(gateway, context, id, std::move(in));
}

Result<Route> get(Gateway& gateway, Context& context, RouteInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  return copy_of(find_by(api->record.routes, &Route::routeId, in.routeId), no_such_route(in.routeId));
}

Result<RouteList> list(Gateway& gateway, Context& context, ListInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  auto part = page(api->record.routes, in.maxResults, in.nextToken);
  return RouteList{std::move(part.items), std::move(part.nextToken)};
}

// Only routes of WebSocket APIs have request parameters.
Result<Empty> remove_request_parameter(Gateway& gateway, Context& context, RequestParameterInput in) {
  auto found = get(gateway, context, {in.apiId, in.routeId});
  if (!found) return std::move(found.error());
  return absent(fmt::format("Invalid request parameter key specified {}", in.requestParameterKey));
}

constexpr Operation kRows[] = {
    rest<remove_request_parameter>(
        "DeleteRouteRequestParameter",
        "DELETE /v2/apis/{apiId}/routes/{routeId}/requestparameters/{requestParameterKey}", 204),
    rest<create_route>("CreateRoute", "POST /v2/apis/{apiId}/routes", 201).ignoring(kRouteWithoutEffect),
    rest<get>("GetRoute", "GET /v2/apis/{apiId}/routes/{routeId}"),
    rest<list>("GetRoutes", "GET /v2/apis/{apiId}/routes?maxResults&nextToken"),
    rest<update>("UpdateRoute", "PATCH /v2/apis/{apiId}/routes/{routeId}").ignoring(kRouteWithoutEffect),
    rest<remove_route>("DeleteRoute", "DELETE /v2/apis/{apiId}/routes/{routeId}", 204),
};
}  // namespace

std::span<const Operation> route_operations() { return kRows; }

void check_route_key(const std::string& key) {
  if (!RouteKey::parse(key))
    throw bad_request(
        "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP "
        "METHOD> "
        "/<RESOURCE PATH>\" or \"$default\"");
}

Route add_route(ApiRecord& record, const RouteOptions& in, std::string id) {
  Route made{.routeId = std::move(id)};
  apply(record, in, made);
  record.routes.push_back(made);
  return made;
}

Result<Route> create_route(Gateway& gateway, Context& context, RouteOptions in) {
  if (!in.routeKey) throw wire::Missing("routeKey");
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Route> {
    return add_route(record, in, gateway.new_id(7));
  });
}

Result<Route> change_route(Gateway& gateway, Context& context, const std::string& id, RouteOptions in,
                           Others others) {
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Route> {
    auto* found = find_by(record.routes, &Route::routeId, id);
    if (!found) return no_such_route(id);
    if (others == Others::reset)
      *found = {.apiGatewayManaged = found->apiGatewayManaged, .routeId = id, .routeKey = found->routeKey};
    apply(record, in, *found);
    return *found;
  });
}

Result<Empty> remove_route(Gateway& gateway, Context& context, RouteInput in) {
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Empty> {
    if (std::erase_if(record.routes, [&](const Route& r) { return r.routeId == in.routeId; }) == 0)
      return no_such_route(in.routeId);
    return Empty{};
  });
}
}  // namespace emu::gateway
