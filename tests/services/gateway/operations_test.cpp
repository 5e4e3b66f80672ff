#include "tests/services/gateway/fake_functions.hpp"

namespace emu {
using namespace test;

namespace {
void check_refused(const AwsError& e, std::string_view code, int status, std::string_view message) {
  CHECK(e.code == code);
  CHECK(e.http_status == status);
  CHECK(e.message == message);
}
Json with(Json base, const Json& more) {
  base.update(more);
  return base;
}
}  // namespace

TEST_CASE("an API shows what AWS shows, at an address that works here") {
  GatewayWorld w;
  auto api = w.call(w.gateway, "CreateApi",
                    {{"name", "a"}, {"protocolType", "HTTP"}, {"description", "d"}, {"tags", {{"k", "v"}}}});
  const std::string id = api["apiId"];
  CHECK(id.size() == 10);
  CHECK(api == Json{{"apiId", id},
                    {"apiEndpoint", "http://localhost:4566/_aws/execute-api/" + id},
                    {"apiKeySelectionExpression", "$request.header.x-api-key"},
                    {"createdDate", "2026-01-01T00:00:00Z"},
                    {"description", "d"},
                    {"disableExecuteApiEndpoint", false},
                    {"ipAddressType", "ipv4"},
                    {"name", "a"},
                    {"protocolType", "HTTP"},
                    {"routeSelectionExpression", "$request.method $request.path"},
                    {"tags", {{"k", "v"}}}});
  CHECK(w.call(w.gateway, "GetApi", {{"apiId", id}}) == api);
}

TEST_CASE("a quick create makes the route, its integration and the stage that serves it") {
  GatewayWorld w;
  const auto api =
      w.call(w.gateway, "CreateApi", {{"name", "q"}, {"protocolType", "HTTP"}, {"target", kOrders}});
  w.api_id = api["apiId"];
  CHECK(w.send("PUT", "/anything/at/all").status == 200);
  const auto route = w.call(w.gateway, "GetRoutes", {{"apiId", w.api_id}})["items"][0];
  CHECK(route["routeKey"] == "$default");
  CHECK(route["apiGatewayManaged"] == true);
  const auto stage = w.call(w.gateway, "GetStage", {{"apiId", w.api_id}, {"stageName", "$default"}});
  CHECK(stage["autoDeploy"] == true);
  CHECK(stage["apiGatewayManaged"] == true);
  const std::string other = "arn:aws:lambda:us-east-1:000000000000:function:other";
  w.call(w.gateway, "UpdateApi", {{"apiId", w.api_id}, {"target", other}, {"routeKey", "GET /only"}});
  CHECK(w.send("GET", "/only").status == 200);
  CHECK(w.functions.arns.back() == other);
  CHECK(w.send("GET", "/else").status == 404);
}

TEST_CASE("what this gateway cannot serve is refused at creation") {
  GatewayWorld w;
  const auto api = [&](Json more) { return w.fail(w.gateway, "CreateApi", with({{"name", "a"}}, more)); };
  CHECK(api({{"protocolType", "WEBSOCKET"}}).code == "BadRequestException");
  CHECK(api({{"protocolType", "SMTP"}}).message ==
        "Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]");
  CHECK(api({{"protocolType", "HTTP"}, {"target", "https://example.com"}}).code == "BadRequestException");
  CHECK(api({{"protocolType", "HTTP"}, {"routeKey", "GET /x"}}).code == "BadRequestException");
  const auto integration = [&](Json more) {
    return w.fail(
        w.gateway, "CreateIntegration",
        with({{"apiId", w.api_id}, {"integrationType", "AWS_PROXY"}, {"integrationUri", kOrders}}, more));
  };
  for (const Json& more :
       {Json{{"integrationType", "HTTP_PROXY"}}, Json{{"integrationSubtype", "SQS-SendMessage"}},
        Json{{"connectionType", "VPC_LINK"}},
        Json{{"requestParameters", {{"overwrite:header.authorization", "x"}}}},
        Json{{"responseParameters", {{"200", {{"overwrite:path", "/x"}}}}}},
        Json{{"responseParameters", {{"99", {{"remove:header.x", "''"}}}}}},
        Json{{"payloadFormatVersion", "3.0"}}, Json{{"timeoutInMillis", 49}},
        Json{{"timeoutInMillis", 30001}}, Json{{"integrationUri", "arn:aws:sqs:x:y:z"}}})
    CHECK_MESSAGE(integration(more).code == "BadRequestException", more.dump());
  const auto route = [&](Json more) {
    return w.fail(w.gateway, "CreateRoute", with({{"apiId", w.api_id}, {"routeKey", "GET /x"}}, more));
  };
  CHECK(route({{"authorizationType", "JWT"}, {"authorizerId", "a"}}).code == "BadRequestException");
  CHECK(route({{"apiKeyRequired", true}}).code == "BadRequestException");
  CHECK(w.call(w.gateway, "GetRoutes", {{"apiId", w.api_id}})["items"].empty());
}

TEST_CASE("a route key is well formed and used once") {
  GatewayWorld w{"GET /x"};
  check_refused(w.fail(w.gateway, "CreateRoute", {{"apiId", w.api_id}, {"routeKey", "GET /x"}}),
                "ConflictException", 409, "Route with key GET /x already exists for this API");
  check_refused(
      w.fail(w.gateway, "CreateRoute", {{"apiId", w.api_id}, {"routeKey", "GETX"}}), "BadRequestException",
      400,
      "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> "
      "/<RESOURCE PATH>\" or \"$default\"");
  CHECK(w.fail(w.gateway, "CreateRoute",
               {{"apiId", w.api_id}, {"routeKey", "GET /y"}, {"target", "integrations/no"}})
            .code == "NotFoundException");
}

TEST_CASE("a route, an integration and a stage show their defaults") {
  GatewayWorld w{"GET /x"};
  const auto route = w.call(w.gateway, "GetRoutes", {{"apiId", w.api_id}})["items"][0];
  const auto integration = w.call(w.gateway, "GetIntegrations", {{"apiId", w.api_id}})["items"][0];
  CHECK(route == Json{{"apiKeyRequired", false},
                      {"authorizationType", "NONE"},
                      {"routeId", route["routeId"]},
                      {"routeKey", "GET /x"},
                      {"target", "integrations/" + integration["integrationId"].get<std::string>()}});
  CHECK(route["routeId"].get<std::string>().size() == 7);
  CHECK(integration == Json{{"connectionType", "INTERNET"},
                            {"integrationId", integration["integrationId"]},
                            {"integrationMethod", "POST"},
                            {"integrationType", "AWS_PROXY"},
                            {"integrationUri", kOrders},
                            {"payloadFormatVersion", "2.0"},
                            {"timeoutInMillis", 30000}});
  const auto stage = w.call(w.gateway, "GetStages", {{"apiId", w.api_id}})["items"][0];
  CHECK(stage == Json{{"autoDeploy", true},
                      {"createdDate", "2026-01-01T00:00:00Z"},
                      {"deploymentId", stage["deploymentId"]},
                      {"lastDeploymentStatusMessage", "Successfully deployed stage with deployment ID '" +
                                                          stage["deploymentId"].get<std::string>() + "'"},
                      {"lastUpdatedDate", "2026-01-01T00:00:00Z"},
                      {"stageName", "$default"},
                      {"stageVariables", Json::object()},
                      {"tags", Json::object()}});
  const auto deployment =
      w.call(w.gateway, "GetDeployment", {{"apiId", w.api_id}, {"deploymentId", stage["deploymentId"]}});
  CHECK(deployment["autoDeployed"] == true);
  CHECK(deployment["deploymentStatus"] == "DEPLOYED");
}

TEST_CASE("every part of an API that does not exist is not found") {
  GatewayWorld w;
  const Json input{{"apiId", "nosuchapi0"},
                   {"routeId", "r"},
                   {"integrationId", "i"},
                   {"stageName", "s"},
                   {"deploymentId", "d"},
                   {"routeKey", "GET /x"},
                   {"integrationType", "AWS_PROXY"},
                   {"integrationUri", kOrders},
                   {"resourceArn", "arn:aws:apigateway:us-east-1::/apis/nosuchapi0"},
                   {"tagKeys", {"k"}},
                   {"authorizerId", "a"},
                   {"authorizerType", "JWT"},
                   {"identitySource", {"$request.header.Authorization"}},
                   {"jwtConfiguration", {{"issuer", "https://issuer.example"}}},
                   {"name", "n"},
                   {"schema", "{}"},
                   {"modelId", "m"},
                   {"requestParameterKey", "k"},
                   {"body", "{}"},
                   {"specification", "OAS30"},
                   {"outputType", "JSON"}};
  for (const auto& row : w.gateway.operations()) {
    const auto members = row.members();
    const auto has = [&](std::string_view member) {
      return std::ranges::find(members, member) != members.end();
    };
    if (!(has("apiId") || has("resourceArn")) || has("domainName")) continue;  // not of one API
    auto without = input;
    // UpdateApi takes a routeKey for quick creates, a new stage no deployment of an API that is not there.
    if (row.name == "UpdateApi") without.erase("routeKey");
    check_refused(w.fail(w.gateway, row.name, without), "NotFoundException", 404,
                  "Invalid API identifier specified 000000000000:nosuchapi0");
  }
}

TEST_CASE("every part of an API that it does not have is not found") {
  GatewayWorld w;
  const Json input{{"apiId", w.api_id},
                   {"routeId", "r"},
                   {"integrationId", "i"},
                   {"stageName", "s"},
                   {"deploymentId", "d"}};
  struct Case {
    const char *kind, *message;
  };
  for (const Case& c : {Case{"Route", "Invalid Route identifier specified r"},
                        Case{"Integration", "Invalid Integration identifier specified i"},
                        Case{"Stage", "Invalid stage identifier specified"},
                        Case{"Deployment", "Invalid deployment identifier specified"}})
    for (const auto* verb : {"Get", "Delete", "Update"}) {
      auto given = input;
      if (std::string_view(c.kind) == "Stage") given.erase("deploymentId");
      check_refused(w.fail(w.gateway, std::string(verb) + c.kind, given), "NotFoundException", 404,
                    c.message);
    }
}

TEST_CASE("an integration in use is not deleted") {
  GatewayWorld w{"GET /x"};
  const auto id = w.call(w.gateway, "GetIntegrations", {{"apiId", w.api_id}})["items"][0]["integrationId"];
  CHECK(w.fail(w.gateway, "DeleteIntegration", {{"apiId", w.api_id}, {"integrationId", id}}).code ==
        "ConflictException");
  const auto route = w.call(w.gateway, "GetRoutes", {{"apiId", w.api_id}})["items"][0]["routeId"];
  w.call(w.gateway, "DeleteRoute", {{"apiId", w.api_id}, {"routeId", route}});
  w.call(w.gateway, "DeleteIntegration", {{"apiId", w.api_id}, {"integrationId", id}});
  CHECK(w.send("GET", "/x").status == 404);
}

TEST_CASE("a stage is created once, and its name and variables are checked") {
  GatewayWorld w;
  check_refused(w.fail(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "$default"}}),
                "ConflictException", 409, "Stage already exists");
  CHECK(w.fail(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "a b"}}).code ==
        "BadRequestException");
  CHECK(w.fail(w.gateway, "CreateStage",
               {{"apiId", w.api_id}, {"stageName", "s"}, {"stageVariables", {{"k", "a b"}}}})
            .code == "BadRequestException");
  CHECK(w.fail(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "s"}, {"deploymentId", "none"}})
            .code == "NotFoundException");
  CHECK(w.call(w.gateway, "GetStages", {{"apiId", w.api_id}})["items"].size() == 1);
}

TEST_CASE("a deployment in use is not deleted, and none is made for a stage that deploys itself") {
  GatewayWorld w;
  w.call(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "prod"}});
  const auto id =
      w.call(w.gateway, "CreateDeployment", {{"apiId", w.api_id}, {"stageName", "prod"}})["deploymentId"];
  check_refused(w.fail(w.gateway, "DeleteDeployment", {{"apiId", w.api_id}, {"deploymentId", id}}),
                "BadRequestException", 400,
                "Active stages pointing to this deployment must be moved or deleted");
  w.call(w.gateway, "UpdateDeployment", {{"apiId", w.api_id}, {"deploymentId", id}, {"description", "d"}});
  CHECK(w.call(w.gateway, "GetDeployment", {{"apiId", w.api_id}, {"deploymentId", id}})["description"] ==
        "d");
  w.call(w.gateway, "DeleteStage", {{"apiId", w.api_id}, {"stageName", "prod"}});
  w.call(w.gateway, "DeleteDeployment", {{"apiId", w.api_id}, {"deploymentId", id}});
  CHECK(w.fail(w.gateway, "CreateDeployment", {{"apiId", w.api_id}, {"stageName", "$default"}}).code ==
        "BadRequestException");
}

TEST_CASE("lists come page by page") {
  GatewayWorld w{"GET /a", "GET /b", "GET /c"};
  const auto first = w.call(w.gateway, "GetRoutes", {{"apiId", w.api_id}, {"maxResults", "2"}});
  CHECK(first["items"].size() == 2);
  const auto rest = w.call(w.gateway, "GetRoutes",
                           {{"apiId", w.api_id}, {"maxResults", "2"}, {"nextToken", first["nextToken"]}});
  CHECK(rest["items"][0]["routeKey"] == "GET /c");
  CHECK_FALSE(rest.contains("nextToken"));
  CHECK(w.fail(w.gateway, "GetRoutes", {{"apiId", w.api_id}, {"nextToken", "x"}}).code ==
        "BadRequestException");
  CHECK(w.fail(w.gateway, "GetRoutes", {{"apiId", w.api_id}, {"maxResults", "0"}}).code ==
        "BadRequestException");
}

TEST_CASE("an API is invisible from another region and another account") {
  GatewayWorld w;
  w.context.scope.region = "eu-west-1";
  CHECK(w.fail(w.gateway, "GetApi", {{"apiId", w.api_id}}).code == "NotFoundException");
  CHECK(w.call(w.gateway, "GetApis")["items"].empty());
  CHECK(w.fail(w.gateway, "DeleteApi", {{"apiId", w.api_id}}).code == "NotFoundException");
}

TEST_CASE("a refused change leaves the API as it was") {
  GatewayWorld w{"GET /x"};
  const auto route = w.call(w.gateway, "GetRoutes", {{"apiId", w.api_id}})["items"][0];
  CHECK(w.fail(w.gateway, "UpdateRoute",
               {{"apiId", w.api_id},
                {"routeId", route["routeId"]},
                {"routeKey", "GET /y"},
                {"target", "integrations/no"}})
            .code == "NotFoundException");
  CHECK(w.call(w.gateway, "GetRoute", {{"apiId", w.api_id}, {"routeId", route["routeId"]}}) == route);
}
}  // namespace emu
