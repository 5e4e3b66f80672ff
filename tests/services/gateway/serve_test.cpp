#include "tests/services/gateway/fake_functions.hpp"

namespace emu {
using namespace test;

namespace {
void check_error(const http::Response& response, int status, std::string_view message) {
  CHECK(response.status == status);
  CHECK(response.body == R"({"message":")" + std::string(message) + "\"}");
  CHECK(response.headers.get("content-type") == "application/json");
  CHECK(response.headers.find("apigw-requestid"));
}
}  // namespace

TEST_CASE("a request is answered by its route's function, with a request id") {
  GatewayWorld w{"POST /orders"};
  w.answers(
      R"({"statusCode":201,"headers":{"Content-Type":"application/json"},"body":"{\"status\":\"PENDING\"}"})");
  auto r = w.request("POST", "/orders", "{}");
  r.headers.add("content-type", "application/json");
  const auto response = w.send(std::move(r));
  CHECK(response.status == 201);
  CHECK(response.body == R"({"status":"PENDING"})");
  CHECK(response.headers.get("apigw-requestid").size() == 16);
  CHECK(response.headers.get("apigw-requestid").ends_with("="));
  CHECK(w.functions.arns == std::vector<std::string>{kOrders});
}

TEST_CASE("what no route takes is 404, and no function is invoked") {
  GatewayWorld w{"POST /orders"};
  check_error(w.send("GET", "/orders"), 404, "Not Found");
  check_error(w.send("POST", "/other"), 404, "Not Found");
  CHECK(w.functions.events.empty());
}

TEST_CASE("an API that does not exist, and one without a $default stage") {
  GatewayWorld w{"GET /x"};
  http::Request r{"GET", "/_aws/execute-api/nosuchapi0/x", {}, {}, "127.0.0.1"};
  CHECK(w.send(r).status == 404);
  CHECK(w.send(r).body ==
        R"({"message":"The API id 'nosuchapi0' does not correspond to a deployed API Gateway API"})");
  w.call(w.gateway, "DeleteStage", {{"apiId", w.api_id}, {"stageName", "$default"}});
  check_error(w.send("GET", "/x"), 404, "Not Found");
}

TEST_CASE("the legacy path spells out a stage, which must exist") {
  GatewayWorld w{"GET /x"};
  w.call(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "dev"}, {"autoDeploy", true}});
  const auto send = [&](std::string stage) {
    return w
        .send(http::Request{"GET", "/restapis/" + w.api_id + "/" + stage + "/_user_request_/x", {}, {}, ""})
        .status;
  };
  CHECK(send("dev") == 200);
  CHECK(send("$default") == 200);
  CHECK(send("prod") == 404);
}

TEST_CASE("a function that fails is a 500, whatever its error says") {
  GatewayWorld w{"GET /x"};
  w.functions.outcome = runtime::Outcome{.kind = runtime::Outcome::Kind::function_error,
                                         .payload = R"({"errorMessage":"x","statusCode":200})"};
  check_error(w.send("GET", "/x"), 500, "Internal Server Error");
}

TEST_CASE("a throttled function is a 503, an unknown one a 500, an event too large for Lambda a 413") {
  GatewayWorld w{"GET /x"};
  w.functions.outcome =
      runtime::Outcome{.kind = runtime::Outcome::Kind::throttled, .throttle_reason = "Limit"};
  check_error(w.send("GET", "/x"), 503, "Service Unavailable");
  w.functions.outcome = AwsError{"ResourceNotFoundException", "Function not found", 404};
  check_error(w.send("GET", "/x"), 500, "Internal Server Error");
  w.functions.outcome = AwsError{"RequestTooLargeException", "too large", 413};
  check_error(w.send("GET", "/x"), 413, "Request Entity Too Large");
}

TEST_CASE("a route without an integration is a 500") {
  GatewayWorld w;
  w.call(w.gateway, "CreateRoute", {{"apiId", w.api_id}, {"routeKey", "GET /x"}});
  check_error(w.send("GET", "/x"), 500, "Internal Server Error");
}

TEST_CASE("after the integration's time-out the answer is 503, and the function runs to its end") {
  GatewayWorld w{"GET /x"};
  const auto id = w.call(w.gateway, "GetIntegrations", {{"apiId", w.api_id}})["items"][0]["integrationId"];
  w.call(w.gateway, "UpdateIntegration",
         {{"apiId", w.api_id}, {"integrationId", id}, {"timeoutInMillis", 100}});
  w.functions.takes = 300ms;
  const auto begin = w.clock.now();
  check_error(w.send(w.request("GET", "/x"), 1s), 503, "Service Unavailable");
  CHECK(w.clock.now() - begin == 100ms);
  CHECK(w.functions.finished == 0);
  w.advance(300ms);
  CHECK(w.functions.finished == 1);
}

TEST_CASE("an answer just in time is the function's") {
  GatewayWorld w{"GET /x"};
  w.functions.takes = 29s;
  CHECK(w.send(w.request("GET", "/x"), 60s).status == 200);
}

TEST_CASE("bodies over 10 MB and headers over 10240 bytes are refused") {
  GatewayWorld w{"POST /x"};
  check_error(w.send("POST", "/x", std::string(10 * 1024 * 1024 + 1, 'x')), 413, "Request Entity Too Large");
  auto r = w.request("POST", "/x");
  r.headers.add("x", std::string(10240, 'x'));
  check_error(w.send(std::move(r)), 431, "Request Header Fields Too Large");
  CHECK(w.functions.events.empty());
}

TEST_CASE("a disabled endpoint is not found") {
  GatewayWorld w{"GET /x"};
  w.call(w.gateway, "UpdateApi", {{"apiId", w.api_id}, {"disableExecuteApiEndpoint", true}});
  check_error(w.send("GET", "/x"), 404, "Not Found");
}

TEST_CASE("a stage without autoDeploy serves what its deployment froze") {
  GatewayWorld w{"GET /old"};
  w.call(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "prod"}});
  CHECK(w.send("GET", "/prod/old").status == 404);
  const auto deployment = w.call(w.gateway, "CreateDeployment", {{"apiId", w.api_id}, {"stageName", "prod"}});
  CHECK(w.send("GET", "/prod/old").status == 200);
  const auto routes = w.call(w.gateway, "GetRoutes", {{"apiId", w.api_id}})["items"];
  w.call(w.gateway, "UpdateRoute",
         {{"apiId", w.api_id}, {"routeId", routes[0]["routeId"]}, {"routeKey", "GET /new"}});
  CHECK(w.send("GET", "/prod/old").status == 200);
  CHECK(w.send("GET", "/prod/new").status == 404);
  CHECK(w.send("GET", "/new").status == 200);
  CHECK(w.send("GET", "/old").status == 404);
}

TEST_CASE("a stage variable can name the function") {
  GatewayWorld w{"GET /x"};
  const auto id = w.call(w.gateway, "GetIntegrations", {{"apiId", w.api_id}})["items"][0]["integrationId"];
  w.call(w.gateway, "UpdateIntegration",
         {{"apiId", w.api_id},
          {"integrationId", id},
          {"integrationUri",
           "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
           "arn:aws:lambda:us-east-1:000000000000:function:${stageVariables.fn}/invocations"}});
  w.call(w.gateway, "CreateStage",
         {{"apiId", w.api_id},
          {"stageName", "dev"},
          {"autoDeploy", true},
          {"stageVariables", {{"fn", "orders:live"}}}});
  CHECK(w.send("GET", "/dev/x").status == 200);
  CHECK(w.functions.arns.back() == "arn:aws:lambda:us-east-1:000000000000:function:orders:live");
}

TEST_CASE("APIs and their stages serve again after a restart") {
  GatewayWorld w{"GET /x"};
  gateway::Gateway again(w.disk, w.clock, w.ids, w.functions, w.rest_apis);
  again.load();
  CHECK(w.run(again.serve(w.request("GET", "/x"))).status == 200);
  w.call(w.gateway, "DeleteApi", {{"apiId", w.api_id}});
  gateway::Gateway third(w.disk, w.clock, w.ids, w.functions, w.rest_apis);
  third.load();
  CHECK(w.run(third.serve(w.request("GET", "/x"))).status == 404);
}

TEST_CASE("every route is listed with where to call it") {
  GatewayWorld w{"POST /orders", "$default"};
  w.call(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "dev"}, {"autoDeploy", true}});
  const auto routes = w.gateway.routes(w.context.scope);
  REQUIRE(routes.size() == 4);
  CHECK(routes[0].method == "POST");
  CHECK(routes[0].path == "/orders");
  CHECK(routes[0].api_id == w.api_id);
  CHECK(routes[0].api_name == "shop");
  CHECK(routes[0].stage == "$default");
  CHECK(routes[0].function_arn == kOrders);
  CHECK(routes[1].method == "ANY");
  CHECK(routes[1].path == "/*");
  CHECK(routes[2].path == "/dev/orders");
  CHECK(w.gateway.routes({"111111111111", "us-east-1"}).empty());
}

TEST_CASE(
    "a function's integration maps parameters of the request into its event, and of the answer by status") {
  GatewayWorld w;
  const auto integration =
      w.call(w.gateway, "CreateIntegration",
             {{"apiId", w.api_id},
              {"integrationType", "AWS_PROXY"},
              {"integrationUri", kOrders},
              {"payloadFormatVersion", "2.0"},
              {"requestParameters",
               {{"append:header.x-user", "$request.querystring.user"},
                {"remove:header.x-secret", "''"},
                {"overwrite:querystring.page", "1"},
                {"overwrite:path", "/inner/${request.path.id}"}}},
              {"responseParameters",
               {{"404", {{"overwrite:statuscode", "410"}, {"append:header.x-was", "$context.routeKey"}}}}}});
  w.call(w.gateway, "CreateRoute",
         {{"apiId", w.api_id},
          {"routeKey", "GET /orders/{id}"},
          {"target", "integrations/" + integration["integrationId"].get<std::string>()}});
  auto request = w.request("GET", "/orders/7?user=me&page=9");
  request.headers.add("X-Secret", "s");
  CHECK(w.send(request).status == 200);
  const auto& event = w.functions.events.back();
  CHECK(event["headers"]["x-user"] == "me");
  CHECK_FALSE(event["headers"].contains("x-secret"));
  CHECK(event["rawQueryString"] == "user=me&page=1");
  CHECK(event["rawPath"] == "/inner/7");
  CHECK(event["routeKey"] == "GET /orders/{id}");
  w.answers(R"({"statusCode":404})");
  const auto gone = w.send("GET", "/orders/7");
  CHECK(gone.status == 410);
  CHECK(gone.headers.get("x-was") == "GET /orders/{id}");
  w.answers(R"({"statusCode":500})");
  CHECK(w.send("GET", "/orders/7").status == 500);
}
}  // namespace emu
