#include "tests/services/gateway/fake_functions.hpp"

namespace emu {
using namespace test;

namespace {
struct ResourceWorld : GatewayWorld {
  const ResourceType& type(std::string_view name) {
    for (const auto& type : gateway.resource_types())
      if (type.type == name) return type;
    FAIL("no type " << name);
    return gateway.resource_types().front();
  }
  Resource make(std::string_view name, Json properties) {
    auto made =
        run(type(name).create(gateway, context, {"Logical", "stack", "suggested", std::move(properties)}));
    if (!made) FAIL(made.error().message);
    return std::move(*made);
  }
  Resource update(std::string_view name, Resource old, Json properties) {
    auto done = run(type(name).update(gateway, context, std::move(old),
                                      {"Logical", "stack", "suggested", std::move(properties)}));
    if (!done) FAIL(done.error().message);
    return std::move(*done);
  }
};
}  // namespace

TEST_CASE("a template's API, integration, route and stage serve requests, and go in the reverse order") {
  ResourceWorld w;
  const auto api = w.make("AWS::ApiGatewayV2::Api", {{"Name", "dev-orders"}, {"ProtocolType", "HTTP"}});
  CHECK(api.attributes["ApiId"] == api.physical_id);
  CHECK(api.attributes["ApiEndpoint"] == "http://localhost:4566/_aws/execute-api/" + api.physical_id);
  const auto stage =
      w.make("AWS::ApiGatewayV2::Stage", {{"ApiId", api.physical_id},
                                          {"StageName", "$default"},
                                          {"AutoDeploy", "true"},
                                          {"StageVariables", {{"n", 1}}},
                                          {"DefaultRouteSettings", {{"DetailedMetricsEnabled", false}}}});
  CHECK(stage.physical_id == "$default");
  const auto integration = w.make("AWS::ApiGatewayV2::Integration", {{"ApiId", api.physical_id},
                                                                     {"IntegrationType", "AWS_PROXY"},
                                                                     {"IntegrationUri", kOrders},
                                                                     {"PayloadFormatVersion", "2.0"},
                                                                     {"TimeoutInMillis", "30000"}});
  CHECK(integration.attributes["IntegrationId"] == integration.physical_id);
  const auto route =
      w.make("AWS::ApiGatewayV2::Route", {{"ApiId", api.physical_id},
                                          {"RouteKey", "POST /orders"},
                                          {"Target", "integrations/" + integration.physical_id}});
  CHECK(route.attributes["RouteId"] == route.physical_id);
  w.api_id = api.physical_id;
  CHECK(w.send("POST", "/orders").status == 200);
  CHECK(w.functions.events.back()["stageVariables"] == Json{{"n", "1"}});

  CHECK(w.update("AWS::ApiGatewayV2::Route", route,
                 {{"ApiId", api.physical_id},
                  {"RouteKey", "PUT /orders"},
                  {"Target", "integrations/" + integration.physical_id}})
            .physical_id == route.physical_id);
  CHECK(w.send("POST", "/orders").status == 404);
  CHECK(w.send("PUT", "/orders").status == 200);

  REQUIRE(w.run(w.type("AWS::ApiGatewayV2::Route").remove(w.gateway, w.context, route)));
  REQUIRE(w.run(w.type("AWS::ApiGatewayV2::Integration").remove(w.gateway, w.context, integration)));
  REQUIRE(w.run(w.type("AWS::ApiGatewayV2::Stage").remove(w.gateway, w.context, stage)));
  REQUIRE(w.run(w.type("AWS::ApiGatewayV2::Api").remove(w.gateway, w.context, api)));
  CHECK(w.fail(w.gateway, "GetApi", {{"apiId", api.physical_id}}).code == "NotFoundException");
}

TEST_CASE("a property that a template drops goes back to its default") {
  ResourceWorld w;
  const auto api =
      w.make("AWS::ApiGatewayV2::Api", {{"Name", "a"},
                                        {"ProtocolType", "HTTP"},
                                        {"Description", "d"},
                                        {"CorsConfiguration", {{"AllowOrigins", {"*"}}, {"MaxAge", "5"}}}});
  auto shown = w.call(w.gateway, "GetApi", {{"apiId", api.physical_id}});
  CHECK(shown["corsConfiguration"] == Json{{"allowOrigins", {"*"}}, {"maxAge", 5}});
  w.update("AWS::ApiGatewayV2::Api", api, {{"Name", "b"}, {"ProtocolType", "HTTP"}});
  shown = w.call(w.gateway, "GetApi", {{"apiId", api.physical_id}});
  CHECK(shown["name"] == "b");
  CHECK_FALSE(shown.contains("description"));
  CHECK_FALSE(shown.contains("corsConfiguration"));

  Json properties{{"ApiId", api.physical_id},
                  {"IntegrationType", "AWS_PROXY"},
                  {"IntegrationUri", kOrders},
                  {"PayloadFormatVersion", "2.0"},
                  {"TimeoutInMillis", 100}};
  const auto integration = w.make("AWS::ApiGatewayV2::Integration", properties);
  properties.erase("TimeoutInMillis");
  w.update("AWS::ApiGatewayV2::Integration", integration, properties);
  CHECK(w.call(w.gateway, "GetIntegration",
               {{"apiId", api.physical_id}, {"integrationId", integration.physical_id}})["timeoutInMillis"] ==
        30000);
}

TEST_CASE("a template's deployment freezes the API for its stage") {
  ResourceWorld w;
  const auto deployment = w.make("AWS::ApiGatewayV2::Deployment", {{"ApiId", w.api_id}});
  const auto stage =
      w.make("AWS::ApiGatewayV2::Stage",
             {{"ApiId", w.api_id}, {"StageName", "prod"}, {"DeploymentId", deployment.physical_id}});
  CHECK(w.call(w.gateway, "GetStage", {{"apiId", w.api_id}, {"stageName", "prod"}})["deploymentId"] ==
        deployment.physical_id);
  REQUIRE(w.run(w.type("AWS::ApiGatewayV2::Stage").remove(w.gateway, w.context, stage)));
  REQUIRE(w.run(w.type("AWS::ApiGatewayV2::Deployment").remove(w.gateway, w.context, deployment)));
}

TEST_CASE("every property of a type is spelled as an operation's member") {
  ResourceWorld w;
  for (const auto& type : w.gateway.resource_types()) {
    const auto kind = std::string(type.type.substr(type.type.rfind(':') + 1));
    for (const auto& row : w.gateway.operations()) {
      if (row.name != "Create" + kind) continue;
      const auto members = row.members();
      static constexpr std::string_view kOfImport[] = {"BasePath", "Body", "FailOnWarnings"};
      for (const auto property : type.properties) {
        if (kind == "Api" && std::ranges::find(kOfImport, property) != std::end(kOfImport)) continue;
        std::string member(property);
        member[0] = static_cast<char>(std::tolower(member[0]));
        CHECK_MESSAGE(std::ranges::find(members, member) != members.end(), type.type << "." << property);
      }
    }
  }
}

TEST_CASE("a template's Body becomes the API, its properties come over it, and an update imports it again") {
  ResourceWorld w;
  const auto body = [](std::string path) {
    Json out{{"openapi", "3.0.1"}, {"info", {{"title", "from the document"}, {"version", "1"}}}};
    out["paths"][path]["get"]["x-amazon-apigateway-integration"] = {
        {"type", "aws_proxy"}, {"httpMethod", "POST"}, {"uri", kOrders}, {"payloadFormatVersion", "2.0"}};
    return out;
  };
  auto api = w.make("AWS::ApiGatewayV2::Api", {{"Body", body("/a")}, {"Description", "of the template"}});
  w.make("AWS::ApiGatewayV2::Stage",
         {{"ApiId", api.physical_id}, {"StageName", "$default"}, {"AutoDeploy", true}});
  w.api_id = api.physical_id;
  CHECK(w.call(w.gateway, "GetApi", {{"apiId", w.api_id}})["name"] == "from the document");
  CHECK(w.call(w.gateway, "GetApi", {{"apiId", w.api_id}})["description"] == "of the template");
  CHECK(w.send("GET", "/a").status == 200);
  w.update("AWS::ApiGatewayV2::Api", api, {{"Body", body("/b").dump()}});
  CHECK(w.send("GET", "/a").status == 404);
  CHECK(w.send("GET", "/b").status == 200);
}

TEST_CASE("a template's domain, mapping, VPC link and model are made, changed and taken away") {
  ResourceWorld w;
  auto domain =
      w.make("AWS::ApiGatewayV2::DomainName",
             {{"DomainName", "api.shop.example"},
              {"DomainNameConfigurations", {{{"CertificateArn", "arn:c"}, {"EndpointType", "REGIONAL"}}}}});
  CHECK(domain.physical_id == "api.shop.example");
  CHECK(domain.attributes["RegionalDomainName"].get<std::string>().starts_with("d-"));
  auto mapping = w.make("AWS::ApiGatewayV2::ApiMapping", {{"ApiId", w.api_id},
                                                          {"DomainName", "api.shop.example"},
                                                          {"Stage", "$default"},
                                                          {"ApiMappingKey", "v1/orders"}});
  CHECK(w.rest_apis.is_domain("api.shop.example"));
  mapping = w.update("AWS::ApiGatewayV2::ApiMapping", mapping,
                     {{"ApiId", w.api_id}, {"DomainName", "api.shop.example"}, {"Stage", "$default"}});
  CHECK(w.call(w.gateway, "GetApiMappings",
               {{"domainName", "api.shop.example"}})["items"][0]["apiMappingKey"] == "");
  auto link = w.make("AWS::ApiGatewayV2::VpcLink", {{"Name", "inner"}, {"SubnetIds", {"subnet-1"}}});
  auto model = w.make("AWS::ApiGatewayV2::Model",
                      {{"ApiId", w.api_id}, {"Name", "Order"}, {"Schema", {{"type", "object"}}}});
  const std::pair<const char*, Resource> made[] = {{"AWS::ApiGatewayV2::ApiMapping", mapping},
                                                   {"AWS::ApiGatewayV2::DomainName", domain},
                                                   {"AWS::ApiGatewayV2::VpcLink", link},
                                                   {"AWS::ApiGatewayV2::Model", model}};
  for (const auto& [type, resource] : made)
    CHECK_MESSAGE(!!w.run(w.type(type).remove(w.gateway, w.context, resource)), type);
  CHECK_FALSE(w.rest_apis.is_domain("api.shop.example"));
}

TEST_CASE(
    "a template's API that is refused leaves none behind, and an update forgets what is no longer said") {
  ResourceWorld w;
  const Json body{{"openapi", "3.0.1"}, {"info", {{"title", "shop"}, {"version", "1"}}}};
  const auto count = [&] { return w.call(w.gateway, "GetApis")["items"].size(); };
  const auto before = count();
  const Json cors{{"AllowOrigins", {"*"}}, {"AllowCredentials", true}};
  CHECK_THROWS_AS(
      w.run(w.type("AWS::ApiGatewayV2::Api")
                .create(w.gateway, w.context,
                        {"Logical", "stack", "suggested", {{"Body", body}, {"CorsConfiguration", cors}}})),
      AwsError);
  CHECK(count() == before);
  auto api = w.make("AWS::ApiGatewayV2::Api",
                    {{"Body", body}, {"DisableExecuteApiEndpoint", true}, {"Tags", {{"a", "b"}}}});
  w.update("AWS::ApiGatewayV2::Api", api, {{"Body", body}});
  const auto now = w.call(w.gateway, "GetApi", {{"apiId", api.physical_id}});
  CHECK(now["disableExecuteApiEndpoint"] == false);
  CHECK(now["tags"] == Json::object());
}
}  // namespace emu
