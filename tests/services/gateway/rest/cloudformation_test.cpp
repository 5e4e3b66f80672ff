#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
struct Stack : RestWorld {
  const ResourceType& type(std::string_view name) {
    for (const auto& each : apis.resource_types())
      if (each.type == name) return each;
    FAIL("no type " << name);
    return apis.resource_types().front();
  }
  Resource make(std::string_view name, Json properties) {
    for (const auto& [property, value] : properties.items()) {
      const auto& known = type(name);
      const bool listed = std::ranges::find(known.properties, property) != known.properties.end() ||
                          std::ranges::find(known.without_effect, property) != known.without_effect.end();
      CHECK_MESSAGE(listed, name << " " << property);
    }
    auto made =
        run(type(name).create(apis, context, {"Logical", "stack", "stack-Logical-1", std::move(properties)}));
    if (!made) FAIL(name << ": " << made.error().message);
    return std::move(*made);
  }
  Resource update(std::string_view name, Resource old, Json properties) {
    auto done = run(type(name).update(apis, context, std::move(old),
                                      {"Logical", "stack", "stack-Logical-1", std::move(properties)}));
    if (!done) FAIL(name << ": " << done.error().message);
    return std::move(*done);
  }
  void drop(std::string_view name, Resource old) {
    auto done = run(type(name).remove(apis, context, std::move(old)));
    if (!done) FAIL(name << ": " << done.error().message);
  }
};
}  // namespace

namespace {
// The second founding stack, as CDK writes it.
struct Orders : Stack {
  Resource api, orders, order, post, get, options, deployment, stage;
  Json stage_properties;

  Json proxied(const Resource& on, const char* verb, const char* authorization = "NONE") {
    return {{"AuthorizationType", authorization},
            {"HttpMethod", verb},
            {"ResourceId", on.physical_id},
            {"RestApiId", api.physical_id},
            {"Integration",
             {{"IntegrationHttpMethod", "POST"}, {"Type", "AWS_PROXY"}, {"Uri", RestWorld::uri()}}}};
  }
  Resource make_options() {
    const std::string origin = "method.response.header.Access-Control-Allow-Origin";
    return make("AWS::ApiGateway::Method",
                {{"AuthorizationType", "NONE"},
                 {"HttpMethod", "OPTIONS"},
                 {"ApiKeyRequired", "false"},
                 {"ResourceId", orders.physical_id},
                 {"RestApiId", api.physical_id},
                 {"Integration",
                  {{"Type", "MOCK"},
                   {"RequestTemplates", {{"application/json", "{ statusCode: 204 }"}}},
                   {"IntegrationResponses",
                    Json::array({{{"StatusCode", "204"}, {"ResponseParameters", {{origin, "'*'"}}}}})}}},
                 {"MethodResponses",
                  Json::array({{{"StatusCode", "204"}, {"ResponseParameters", {{origin, true}}}}})}});
  }
  Orders() {
    api = make("AWS::ApiGateway::RestApi", {{"Name", "OrderApi"}, {"Description", "orders"}});
    api_id = api.physical_id;
    const auto below = [&](const Json& parent, const char* part) {
      return make("AWS::ApiGateway::Resource",
                  {{"ParentId", parent}, {"PathPart", part}, {"RestApiId", api.physical_id}});
    };
    orders = below(api.attributes["RootResourceId"], "orders");
    order = below(orders.physical_id, "{id}");
    post = make("AWS::ApiGateway::Method", proxied(orders, "POST"));
    get = make("AWS::ApiGateway::Method", proxied(order, "GET"));
    options = make_options();
    deployment = make("AWS::ApiGateway::Deployment", {{"RestApiId", api.physical_id}, {"Description", "d"}});
    const Json settings{{"DataTraceEnabled", false},
                        {"HttpMethod", "*"},
                        {"ResourcePath", "/*"},
                        {"ThrottlingBurstLimit", 2},
                        {"ThrottlingRateLimit", "1000"}};
    stage_properties = {{"RestApiId", api.physical_id},
                        {"StageName", "prod"},
                        {"DeploymentId", deployment.physical_id},
                        {"MethodSettings", Json::array({settings})}};
    stage = make("AWS::ApiGateway::Stage", stage_properties);
    make("AWS::ApiGateway::Account", {{"CloudWatchRoleArn", "arn:aws:iam::000000000000:role/logs"}});
    answers(R"({"statusCode":201,"body":"{}"})");
  }
};
}  // namespace

TEST_CASE("the second founding stack is served and throttled") {
  Orders w;
  CHECK(w.stage.physical_id == "prod");
  CHECK(w.send("POST", "/prod/orders", "{}").status == 201);
  CHECK(w.send("GET", "/prod/orders/1").status == 201);
  CHECK(w.event()["pathParameters"] == Json{{"id", "1"}});
  const auto preflight = w.send("OPTIONS", "/prod/orders");
  CHECK(preflight.status == 204);
  CHECK(preflight.headers.get("access-control-allow-origin") == "*");
  CHECK(w.send("POST", "/prod/orders", "{}").status == 201);
  CHECK(w.send("POST", "/prod/orders", "{}").status == 429);
}

TEST_CASE("a changed stack is another deployment, made before the old one goes; then all of it goes") {
  Orders w;
  const auto changed = w.update("AWS::ApiGateway::Method", w.get, w.proxied(w.order, "GET", "AWS_IAM"));
  CHECK(changed.physical_id == w.get.physical_id);
  const auto next = w.make("AWS::ApiGateway::Deployment", {{"RestApiId", w.api_id}});
  w.stage_properties["DeploymentId"] = next.physical_id;
  w.update("AWS::ApiGateway::Stage", w.stage, w.stage_properties);
  w.drop("AWS::ApiGateway::Deployment", w.deployment);
  CHECK(w.send("GET", "/prod/orders/1").status == 403);

  w.drop("AWS::ApiGateway::Stage", w.stage);
  w.drop("AWS::ApiGateway::Deployment", next);
  for (const auto& method : {w.post, w.get, w.options}) w.drop("AWS::ApiGateway::Method", method);
  w.drop("AWS::ApiGateway::Resource", w.order);
  w.drop("AWS::ApiGateway::Resource", w.orders);
  w.drop("AWS::ApiGateway::RestApi", w.api);
  CHECK(w.fail(w.apis, "GetRestApi", {{"restApiId", w.api_id}}).code == "NotFoundException");
}

TEST_CASE("a deployment that moved a stage of others puts it back when it goes, and takes its own along") {
  Orders w;
  const auto stage = [&] {
    return w.call(w.apis, "GetStage", {{"restApiId", w.api_id}, {"stageName", "prod"}});
  };
  const auto of_other = [&](const char* name) {
    return w.make("AWS::ApiGateway::Deployment", {{"RestApiId", w.api_id}, {"StageName", name}});
  };
  const auto moved = of_other("prod");
  CHECK(stage()["deploymentId"] == moved.physical_id);
  w.drop("AWS::ApiGateway::Deployment", moved);  // a rollback, or the end of a stack with routes of this API
  CHECK(stage()["deploymentId"] == w.deployment.physical_id);
  CHECK(w.send("GET", "/prod/orders/1").status == 201);

  const auto second = of_other("prod"), third = of_other("prod");
  w.drop("AWS::ApiGateway::Deployment", second);
  w.drop("AWS::ApiGateway::Deployment", third);  // what it followed is gone
  CHECK(stage()["deploymentId"] == w.deployment.physical_id);

  const auto own = of_other("dev");
  w.drop("AWS::ApiGateway::Deployment", own);
  CHECK(w.fail(w.apis, "GetStage", {{"restApiId", w.api_id}, {"stageName", "dev"}}).code ==
        "NotFoundException");
}

TEST_CASE("keys, plans, models, validators, authorizers and gateway responses come from a template, too") {
  Stack w;
  w.proxy("/x", "GET");
  const auto deployment =
      w.make("AWS::ApiGateway::Deployment", {{"RestApiId", w.api_id}, {"StageName", "dev"}});
  const auto key = w.make("AWS::ApiGateway::ApiKey", {{"Name", "k"}, {"Enabled", true}});
  CHECK(key.attributes["APIKeyId"] == key.physical_id);
  const auto plan = w.make("AWS::ApiGateway::UsagePlan",
                           {{"UsagePlanName", "p"},
                            {"ApiStages", Json::array({{{"ApiId", w.api_id}, {"Stage", "dev"}}})},
                            {"Quota", {{"Limit", "10"}, {"Period", "DAY"}}},
                            {"Throttle", {{"BurstLimit", 2}, {"RateLimit", 1}}}});
  const auto member =
      w.make("AWS::ApiGateway::UsagePlanKey",
             {{"KeyId", key.physical_id}, {"KeyType", "API_KEY"}, {"UsagePlanId", plan.physical_id}});
  CHECK(member.physical_id == key.physical_id + ":" + plan.physical_id);
  const auto shown = w.call(w.apis, "GetUsagePlan", {{"usagePlanId", plan.physical_id}});
  CHECK(shown["name"] == "p");
  CHECK(shown["quota"] == Json{{"limit", 10}, {"period", "DAY"}});
  CHECK(shown["throttle"]["burstLimit"] == 2);
  const auto model = w.make("AWS::ApiGateway::Model", {{"RestApiId", w.api_id},
                                                       {"Name", "M"},
                                                       {"ContentType", "application/json"},
                                                       {"Schema", {{"type", "object"}}}});
  CHECK(w.call(w.apis, "GetModel", {{"restApiId", w.api_id}, {"modelName", "M"}})["schema"] ==
        R"({"type":"object"})");
  const auto validator =
      w.make("AWS::ApiGateway::RequestValidator", {{"RestApiId", w.api_id}, {"ValidateRequestBody", "true"}});
  CHECK(w.call(w.apis, "GetRequestValidator",
               {{"restApiId", w.api_id},
                {"requestValidatorId", validator.physical_id}})["validateRequestBody"] == true);
  w.make("AWS::ApiGateway::Authorizer", {{"RestApiId", w.api_id},
                                         {"Name", "a"},
                                         {"Type", "TOKEN"},
                                         {"AuthorizerUri", RestWorld::uri()},
                                         {"IdentitySource", "method.request.header.Auth"}});
  const auto response =
      w.make("AWS::ApiGateway::GatewayResponse",
             {{"RestApiId", w.api_id}, {"ResponseType", "THROTTLED"}, {"StatusCode", "420"}});
  w.update("AWS::ApiGateway::GatewayResponse", response,
           {{"RestApiId", w.api_id}, {"ResponseType", "THROTTLED"}, {"StatusCode", "421"}});
  CHECK(w.call(w.apis, "GetGatewayResponse",
               {{"restApiId", w.api_id}, {"responseType", "THROTTLED"}})["statusCode"] == "421");
  w.drop("AWS::ApiGateway::Model", model);
  w.drop("AWS::ApiGateway::UsagePlanKey", member);
  w.drop("AWS::ApiGateway::UsagePlan", plan);
  w.drop("AWS::ApiGateway::ApiKey", key);
  w.drop("AWS::ApiGateway::Deployment", deployment);
}

TEST_CASE("REST APIs, their stages and their keys are there after a restart") {
  RestWorld w;
  w.proxy("/x", "GET", {{"apiKeyRequired", true}});
  w.deploy();
  const auto key = w.call(w.apis, "CreateApiKey", {{"name", "k"}, {"enabled", true}});
  const std::string plan =
      w.call(w.apis, "CreateUsagePlan",
             {{"name", "p"}, {"apiStages", Json::array({{{"apiId", w.api_id}, {"stage", "prod"}}})}})["id"];
  w.call(w.apis, "CreateUsagePlanKey", {{"usagePlanId", plan}, {"keyId", key["id"]}, {"keyType", "API_KEY"}});
  gateway::v1::RestApis again{w.disk, w.clock, w.ids};
  again.load();
  gateway::Door door{w.http_apis, again, w.clock, w.ids, w.functions};
  auto r = w.request("GET", "/prod/x");
  CHECK(w.run(door.serve(r)).status == 403);
  r.headers.add("x-api-key", key["value"]);
  CHECK(w.run(door.serve(r)).status == 200);
}
}  // namespace emu
