// httpApi events (spec-iac 1.4, 1.5, 15.1): one HttpApi with its $default stage, one integration and one
// permission per function, one route per event.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/deploy/serverless/elsewhere.hpp"
#include "emulator/deploy/serverless/function_keys.hpp"
#include "emulator/deploy/serverless/http/cors.hpp"
#include "emulator/deploy/serverless/http/http_authorizers.hpp"
#include "emulator/deploy/serverless/logs.hpp"
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kHttpApiKeys[] = {
    {"cors"},
    {"payload"},
    {"metrics"},
    {"name"},
    {"description"},
    {"disableDefaultEndpoint"},
    {"shouldStartNameWithService"},
    {"useProviderTags", Support::no_effect, "provider.tags always apply"},
    {"timeout", Support::no_effect, "the time-out of an HTTP API is always 30 seconds"},
    {"id"},
    {"authorizers"},
};
constexpr Key kEventKeysOfHttpApi[] = {
    {"method"}, {"path"}, {"authorizer"}, {"timeout", Support::no_effect, "the function's own counts"}};
constexpr std::string_view kMethods[] = {"ANY", "GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE"};
constexpr int kIntegrationTimeoutMs = 30'000;  // serverless writes it whatever the function's time-out

struct Route {
  std::string method, key;  // "ANY", "*" | "POST", "POST /orders"
  const Function* function;
  Place place;
  const Node* authorizer = nullptr;
};

std::optional<Route> route_of(Service& service, const Function& function, const Node& event) {
  std::string method, path;
  Place place = event.place;
  const Node* authorizer = nullptr;
  const std::string where = "functions." + function.key + " httpApi";
  if (event.is_map()) {
    const Section section(event, where, kEventKeysOfHttpApi, service.report);
    if (const Node* m = section.value("method")) method = m->as_text();
    authorizer = section.find("authorizer");
    const Node* p = section.value("path");
    if (!p) service.report.refuse(place, where + " has no path; write path: /things/{id}");
    if (!p) return std::nullopt;
    path = p->as_text();
    place = p->place;
  } else if (event.is_string()) {
    const auto space = event.text().find(' ');
    method = event.text().substr(0, space == std::string::npos ? 0 : space);
    path = event.text().substr(space == std::string::npos ? 0 : space + 1);
  } else {
    service.report.refuse(
        place, fmt::format("{} must be 'METHOD /path', '*' or a mapping, not {}", where, event.what()));
    return std::nullopt;
  }
  std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::toupper(c); });
  if (path == "*") {
    if (!method.empty() && method != "*" && method != "ANY")
      service.report.refuse(
          place,
          fmt::format("{}: path '*' takes every method; remove \"{}\", or write a path", where, method));
    return Route{"ANY", "*", &function, place, authorizer};
  }
  if (method == "*") method = "ANY";
  if (method.empty())
    service.report.refuse(
        place, fmt::format("{}: \"{}\" has no method; write 'GET {}' or '* {}'", where, path, path, path));
  else if (std::ranges::find(kMethods, method) == std::end(kMethods))
    service.report.refuse(
        place,
        fmt::format("{}: unknown method \"{}\"; known are GET, POST, PUT, PATCH, OPTIONS, HEAD, DELETE, ANY",
                    where, method));
  if (!path.starts_with('/')) path.insert(0, 1, '/');
  return Route{method, method + " " + path, &function, place, authorizer};
}

void read_event(Service& service, const Function& function, const Node& event, std::vector<Route>& routes) {
  if (event.is_string() || !event.is_map()) {
    service.report.refuse(
        event.place,
        fmt::format("an event of functions.{} must be a mapping such as httpApi: 'GET /', not {}",
                    function.key, event.what()));
    return;
  }
  const Section kinds(event, "functions." + function.key + ".events", kEventKeys, service.report);
  const Node* http_api = kinds.find("httpApi");
  if (!http_api) return;
  const auto route = route_of(service, function, *http_api);
  if (!route) return;
  const auto same = std::ranges::find(routes, route->key, &Route::key);
  if (same == routes.end()) {
    routes.push_back(*route);
  } else if (route->key == "*") {  // as serverless has it: the last one wins
    service.report.note(route->place, fmt::format("functions.{} takes the '*' route from functions.{}",
                                                  function.key, same->function->key));
    *same = *route;
  } else {
    service.report.refuse(
        route->place,
        fmt::format("the route '{}' of functions.{} is already given in line {}; remove one of them",
                    route->key, function.key, same->place.line));
  }
}

std::vector<Route> routes_of(Service& service) {
  std::vector<Route> routes;
  for (const auto& function : service.functions) {
    const Node* events = function.node.find("events");
    if (!events || events->is_null()) continue;
    if (!events->is_list())
      service.report.refuse(events->place, fmt::format("functions.{}.events must be a list, not {}",
                                                       function.key, events->what()));
    for (const auto& event : events->items) read_event(service, function, event, routes);
  }
  return routes;
}

// What `cors: true`, or a part of it, allows: every method that has a route.
Json default_cors(const std::vector<Route>& routes) {
  std::vector<std::string> methods{"OPTIONS"};
  const auto add = [&](std::string_view m) {
    if (std::ranges::find(methods, m) == methods.end()) methods.emplace_back(m);
  };
  for (const auto& route : routes)
    if (route.method != "ANY")
      add(route.method);
    else
      for (const auto m : kMethods)
        if (m != "ANY") add(m);
  return {{"AllowOrigins", Json::array({"*"})},
          {"AllowHeaders",
           {"Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token",
            "X-Amz-User-Agent", "X-Amzn-Trace-Id"}},
          {"AllowMethods", methods}};
}

void add_api(Service& service, const Section& settings, const std::vector<Route>& routes) {
  static const Node kNone = Node::map();
  const Place& from = service.provider.find("httpApi") ? settings.place() : routes[0].place;
  const std::string by_service = service.name + "-" + service.stage,
                    by_stage = service.stage + "-" + service.name;
  const Node* name = settings.value("name");
  Node& api = *service
                   .add("HttpApi", "AWS::ApiGatewayV2::Api",
                        {{"Name", name                                          ? name->as_text()
                                  : settings.flag("shouldStartNameWithService") ? by_service
                                                                                : by_stage},
                         {"ProtocolType", "HTTP"}},
                        from)
                   .find("Properties");
  if (const Node* description = settings.text("description")) api.set("Description", *description);
  if (const Node* off = settings.find("disableDefaultEndpoint"))
    api.set("DisableExecuteApiEndpoint", Node(settings.flag("disableDefaultEndpoint"), off->place));
  if (const auto cors = cors_configuration(settings.find("cors"), "provider.httpApi.cors",
                                           default_cors(routes), service.report))
    api.set("CorsConfiguration", Node(*cors, settings.find("cors")->place));
  Node& stage =
      *service
           .add("HttpApiStage", "AWS::ApiGatewayV2::Stage",
                {{"ApiId", ref_to("HttpApi")}, {"StageName", "$default"}, {"AutoDeploy", true}}, from)
           .find("Properties");
  // Without a place where nobody wrote it, so that nobody is told about it.
  const Node* metrics = settings.find("metrics");
  stage.set("DefaultRouteSettings",
            Node({{"DetailedMetricsEnabled", settings.flag("metrics")}}, metrics ? metrics->place : Place{}));
  if (const auto logs = http_api_logs(service))
    stage.set("AccessLogSettings", Node(*logs, service.provider.find("logs")->place));
  if (const Node* tags = service.provider.find("tags"); tags && tags->is_map()) {
    api.set("Tags", *tags);
    stage.set("Tags", *tags);
  }
  service.add_output("HttpApiId", "Id of the HTTP API", ref_to("HttpApi"), from);
  service.add_output("HttpApiUrl", "URL of the HTTP API",
                     join("", {"https://", ref_to("HttpApi"), ".execute-api.", ref_to("AWS::Region"), ".",
                               ref_to("AWS::URLSuffix")}),
                     from);
}

void add_route(Service& service, const Section& settings, const Route& route, const Node& payload) {
  const Function& function = *route.function;
  const std::string integration = "HttpApiIntegration" + function.logical_id;
  if (!service.resources.find(integration)) {
    service.add(
        function.logical_id + "LambdaPermissionHttpApi", "AWS::Lambda::Permission",
        {{"FunctionName", function.arn()},
         {"Action", "lambda:InvokeFunction"},
         {"Principal", "apigateway.amazonaws.com"},
         {"SourceArn", join("", {"arn:", ref_to("AWS::Partition"), ":execute-api:", ref_to("AWS::Region"),
                                 ":", ref_to("AWS::AccountId"), ":", ref_to("HttpApi"), "/*"})}},
        route.place);
    service
        .add(integration, "AWS::ApiGatewayV2::Integration",
             {{"ApiId", ref_to("HttpApi")},
              {"IntegrationType", "AWS_PROXY"},
              {"IntegrationUri", function.arn()},
              {"TimeoutInMillis", kIntegrationTimeoutMs}},
             route.place)
        .find("Properties")
        ->set("PayloadFormatVersion", payload);
  }
  Json properties{{"ApiId", ref_to("HttpApi")},
                  {"RouteKey", route.key == "*" ? "$default" : route.key},
                  {"Target", join("/", {"integrations", ref_to(integration)})}};
  properties.update(route_authorization(service, route.authorizer,
                                        "functions." + function.key + " httpApi.authorizer", settings));
  service.add(route_logical_id(route.key), "AWS::ApiGatewayV2::Route", properties, route.place)
      .set("DependsOn", Node(integration, route.place));
}
}  // namespace

void compile_http_api(Service& service) {
  static const Node kNone = Node::map();
  const Node* node = service.provider.find("httpApi");
  const Section settings(node ? *node : kNone, "provider.httpApi", kHttpApiKeys, service.report);
  const auto routes = routes_of(service);
  if (routes.empty()) return;
  const Node* id = settings.value("id");
  if (!id) {
    add_api(service, settings, routes);
    add_http_authorizers(service, settings);
  } else {
    for (const auto* ours : {"cors", "authorizers"})
      if (const Node* given = settings.find(ours))
        service.report.refuse(given->place,
                              fmt::format("{} cannot be set for an API that another stack made; "
                                          "remove it, or provider.httpApi.id",
                                          settings.path(ours)));
  }
  const Node* payload = settings.value("payload");
  Node version("2.0", payload ? payload->place : routes[0].place);
  if (payload && (payload->as_text() == "1.0" || payload->as_text() == "1"))
    version.scalar = "1.0";
  else if (payload && payload->as_text() != "2.0" && payload->as_text() != "2")
    service.report.refuse(
        payload->place,
        fmt::format("provider.httpApi.payload must be '1.0' or '2.0', not \"{}\"", payload->as_text()));
  for (const auto& route : routes) add_route(service, settings, route, version);
  if (id) stand_in(service.resources, {.ids = {{"HttpApi", *id}}});
}
}  // namespace emu::deploy::serverless
