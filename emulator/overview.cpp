#include "emulator/overview.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace emu {
namespace {
std::string name_of(std::string_view function_arn) {
  return std::string(function_arn.substr(function_arn.rfind(':') + 1));
}

Json shown(const gateway::RouteAddress& route, const Home& home, std::string_view base) {
  return {{"method", route.method},
          {"url", fmt::format("http://localhost:{}{}{}", home.port, base, route.path)},
          {"function", name_of(route.function_arn)}};
}

Json routes(App& app, const Home& home, const Scope& scope) {
  const auto all = app.gateway().routes(scope);
  const auto front = app.front_api();
  Json out = Json::array();
  for (const auto& route : all) {
    const bool at_root = route.api_id == front && route.stage == "$default";
    const auto base =
        at_root ? std::string() : fmt::format("/_aws/execute-api/{}/{}", route.api_id, route.stage);
    out.push_back(shown(route, home, base));
  }
  // A REST API's paths begin with the stage wherever they are.
  for (const auto& route : app.rest_apis().routes(scope))
    out.push_back(
        shown(route, home, route.api_id == front ? "" : fmt::format("/_aws/execute-api/{}", route.api_id)));
  return out;
}

awaitable<Json> list(App& app, std::string service, std::string operation, std::string member,
                     Context context) {
  auto listed = co_await app.call(service, operation, context, Json::object());
  if (!listed) co_return Json::array();
  co_return listed->value(member, Json::array());
}
}  // namespace

awaitable<Json> overview(App& app, Home home) {
  Context context;
  context.scope.region = home.region;
  context.host = fmt::format("localhost:{}", home.port);
  Json functions = Json::array();
  const Json listed = co_await list(app, "lambda", "ListFunctions", "Functions", context);
  for (const auto& f : listed)
    functions.push_back({{"name", f["FunctionName"]}, {"runtime", f.value("Runtime", "")}});
  Json tables = co_await list(app, "dynamodb", "ListTables", "TableNames", context);
  Json queues = co_await list(app, "sqs", "ListQueues", "QueueUrls", context);
  co_return Json{{"process", ::getpid()},
                 {"endpoint", fmt::format("http://127.0.0.1:{}", home.port)},
                 {"region", home.region},
                 {"data", home.data},
                 {"logs", home.logs},
                 {"project", home.project},
                 {"stack", home.stack},
                 {"isolation", home.isolation},
                 {"front_api", app.front_api()},
                 {"api_address", home.api_address},
                 {"routes", routes(app, home, context.scope)},
                 {"functions", std::move(functions)},
                 {"tables", std::move(tables)},
                 {"queues", std::move(queues)}};
}
}  // namespace emu
