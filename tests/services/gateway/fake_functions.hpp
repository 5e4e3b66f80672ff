// Functions that a test scripts, a World with a gateway over them, and an API in it.
#pragma once
#include "emulator/services/gateway/gateway.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "tests/support/world.hpp"

namespace emu::test {
struct FakeFunctions final : runtime::Functions {
  Result<runtime::Outcome> outcome = runtime::Outcome{.payload = R"({"statusCode":200})"};
  Duration takes{};
  Clock& clock;
  std::vector<std::string> arns;
  std::vector<Json> events;
  int finished = 0;

  explicit FakeFunctions(Clock& clock) : clock(clock) {}
  awaitable<Result<runtime::Outcome>> invoke_function(std::string arn,
                                                      runtime::Invocation invocation) override {
    arns.push_back(std::move(arn));
    events.push_back(Json::parse(invocation.payload));
    if (takes > Duration{}) co_await clock.sleep(takes);
    ++finished;
    co_return outcome;
  }
};

inline constexpr auto kOrders = "arn:aws:lambda:us-east-1:000000000000:function:orders";

struct GatewayWorld : World {
  FakeFunctions functions{clock};
  gateway::v1::RestApis rest_apis{disk, clock, ids};
  gateway::Gateway gateway{disk, clock, ids, functions, rest_apis};
  std::string api_id;

  // An API with these routes, all to the one function, and a $default stage.
  explicit GatewayWorld(std::initializer_list<const char*> routes = {}, std::string payload_format = "2.0") {
    api_id = call(gateway, "CreateApi", {{"name", "shop"}, {"protocolType", "HTTP"}})["apiId"];
    const auto integration = call(gateway, "CreateIntegration",
                                  {{"apiId", api_id},
                                   {"integrationType", "AWS_PROXY"},
                                   {"integrationUri", kOrders},
                                   {"payloadFormatVersion", payload_format}})["integrationId"];
    for (const auto* key : routes)
      call(gateway, "CreateRoute",
           {{"apiId", api_id},
            {"routeKey", key},
            {"target", "integrations/" + integration.get<std::string>()}});
    call(gateway, "CreateStage", {{"apiId", api_id}, {"stageName", "$default"}, {"autoDeploy", true}});
  }

  http::Request request(std::string method, std::string path, std::string body = {}) {
    http::Request out{
        std::move(method), "/_aws/execute-api/" + api_id + path, {}, std::move(body), "203.0.113.7"};
    out.headers.add("Host", "localhost:4566");
    return out;
  }
  http::Response send(http::Request r, Duration longest = 0s) {
    return run(gateway.serve(std::move(r)), longest);
  }
  http::Response send(std::string method, std::string path, std::string body = {}) {
    return send(request(std::move(method), std::move(path), std::move(body)));
  }
  void answers(std::string payload) { functions.outcome = runtime::Outcome{.payload = std::move(payload)}; }
};
}  // namespace emu::test
