#include <algorithm>

#include "emulator/base/text.hpp"
#include "emulator/services/gateway/apis/openapi/openapi.hpp"
#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/routing/route_table.hpp"

namespace emu::gateway {
namespace {
template <class T>
void put(Json& into, const char* name, const std::optional<T>& value) {
  if (value) into[name] = *value;
}

Json written(const Integration& from) {
  Json out{{"type", lower(from.integrationType)},
           {"httpMethod", from.integrationMethod},
           {"payloadFormatVersion", from.payloadFormatVersion},
           {"connectionType", from.connectionType},
           {"timeoutInMillis", from.timeoutInMillis}};
  if (!from.integrationUri.empty()) out["uri"] = from.integrationUri;
  put(out, "connectionId", from.connectionId);
  put(out, "credentials", from.credentialsArn);
  put(out, "description", from.description);
  put(out, "integrationSubtype", from.integrationSubtype);
  put(out, "requestParameters", from.requestParameters);
  put(out, "responseParameters", from.responseParameters);
  if (from.tlsConfig) put(out["tlsConfig"], "serverNameToVerify", from.tlsConfig->serverNameToVerify);
  return out;
}

Json written(const Authorizer& from) {
  Json extension{{"type", lower(from.authorizerType)}};
  std::string sources;
  for (const auto& source : from.identitySource.value_or(Strings{}))
    sources += (sources.empty() ? "" : ",") + source;
  extension["identitySource"] = sources;
  put(extension, "authorizerUri", from.authorizerUri);
  put(extension, "authorizerPayloadFormatVersion", from.authorizerPayloadFormatVersion);
  put(extension, "authorizerResultTtlInSeconds", from.authorizerResultTtlInSeconds);
  put(extension, "enableSimpleResponses", from.enableSimpleResponses);
  if (from.jwtConfiguration) {
    put(extension["jwtConfiguration"], "audience", from.jwtConfiguration->audience);
    put(extension["jwtConfiguration"], "issuer", from.jwtConfiguration->issuer);
  }
  if (from.authorizerType == "JWT")
    return {{"type", "oauth2"}, {"flows", Json::object()}, {"x-amazon-apigateway-authorizer", extension}};
  return {{"type", "apiKey"},
          {"name", "Authorization"},
          {"in", "header"},
          {"x-amazon-apigateway-authorizer", extension}};
}

Json written(const Cors& from) {
  Json out = Json::object();
  put(out, "allowCredentials", from.allowCredentials);
  put(out, "allowHeaders", from.allowHeaders);
  put(out, "allowMethods", from.allowMethods);
  put(out, "allowOrigins", from.allowOrigins);
  put(out, "exposeHeaders", from.exposeHeaders);
  put(out, "maxAge", from.maxAge);
  return out;
}

// "{name}" and "{name+}" of a path.
Json parameters_of(std::string_view path) {
  Json out = Json::array();
  for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
    auto name = path.substr(open + 1, path.find('}', open) - open - 1);
    if (name.ends_with('+')) name.remove_suffix(1);
    out.push_back({{"name", name},
                   {"in", "path"},
                   {"description", "Generated path parameter for " + std::string(name)},
                   {"required", true},
                   {"schema", {{"type", "string"}}}});
  }
  return out;
}
}  // namespace

Json export_openapi(const Api& api, const std::vector<Route>& routes,
                    const std::vector<Integration>& integrations, const std::vector<Authorizer>& authorizers,
                    const ExportOptions& options) {
  Json out{{"openapi", "3.0.1"},
           {"info", {{"title", api.name}, {"version", api.version.value_or(api.createdDate)}}},
           {"paths", Json::object()}};
  put(out["info"], "description", api.description);
  const auto stage = options.stage.empty() || options.stage == "$default" ? "" : "/" + options.stage;
  out["servers"] = {{{"url", api.apiEndpoint + stage}}};
  if (api.disableExecuteApiEndpoint && options.extensions)
    out["servers"][0]["x-amazon-apigateway-endpoint-configuration"] = {{"disableExecuteApiEndpoint", true}};
  for (const auto& route : routes) {
    const auto space = route.routeKey.find(' ');
    const bool any_path = space == route.routeKey.npos;  // "$default"
    const auto path = any_path ? "/$default" : route.routeKey.substr(space + 1);
    const auto method = any_path ? "ANY" : route.routeKey.substr(0, space);
    Json operation{{"responses", {{"default", {{"description", "Default response for " + route.routeKey}}}}}};
    if (any_path) operation["isDefaultRoute"] = true;
    put(operation, "operationId", route.operationName);
    if (auto parameters = parameters_of(path); !parameters.empty()) operation["parameters"] = parameters;
    const auto* authorizer = find_by(authorizers, &Authorizer::authorizerId, route.authorizerId.value_or(""));
    if (route.authorizationType == "AWS_IAM") operation["security"] = {{{"sigv4", Json::array()}}};
    if (authorizer)
      operation["security"] = {{{authorizer->name, route.authorizationScopes.value_or(Strings{})}}};
    const auto id = route.target.value_or("");
    const auto* integration = find_by(integrations, &Integration::integrationId, id.substr(id.find('/') + 1));
    if (integration && options.extensions)
      operation["x-amazon-apigateway-integration"] = written(*integration);
    out["paths"][path][method == "ANY" ? "x-amazon-apigateway-any-method" : lower(method)] =
        std::move(operation);
  }
  if (!options.extensions) return out;
  if (std::ranges::find(routes, "AWS_IAM", &Route::authorizationType) != routes.end())
    out["components"]["securitySchemes"]["sigv4"] = {{"type", "apiKey"},
                                                     {"name", "Authorization"},
                                                     {"in", "header"},
                                                     {"x-amazon-apigateway-authtype", "awsSigv4"}};
  for (const auto& each : authorizers) out["components"]["securitySchemes"][each.name] = written(each);
  if (api.corsConfiguration) out["x-amazon-apigateway-cors"] = written(*api.corsConfiguration);
  out["x-amazon-apigateway-importexport-version"] = "1.0";
  return out;
}
}  // namespace emu::gateway
