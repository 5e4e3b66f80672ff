#include "emulator/services/gateway/apis/vpc_links.hpp"
#include "tests/services/gateway/fake_functions.hpp"

namespace emu {
using namespace test;

namespace {
constexpr auto kUri =
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:000000000000:function:orders/invocations";

Json lambda() {
  return {{"type", "aws_proxy"}, {"httpMethod", "POST"}, {"uri", kUri}, {"payloadFormatVersion", "2.0"}};
}

// What SAM makes of an HTTP API, and more.
Json document() {
  Json out{{"openapi", "3.0.1"}, {"info", {{"title", "shop"}, {"version", "7"}, {"description", "d"}}}};
  out["tags"] = {{{"name", "team"}, {"x-amazon-apigateway-tag-value", "red"}}};
  out["x-amazon-apigateway-cors"] = {{"allowOrigins", {"https://a.example"}}, {"maxAge", 60}};
  out["components"]["securitySchemes"] = {
      {"tokens",
       {{"type", "oauth2"},
        {"x-amazon-apigateway-authorizer",
         {{"type", "jwt"},
          {"identitySource", "$request.header.Authorization"},
          {"jwtConfiguration", {{"issuer", "http://127.0.0.1:1"}, {"audience", {"me"}}}}}}}},
      {"asks",
       {{"type", "apiKey"},
        {"name", "x"},
        {"in", "header"},
        {"x-amazon-apigateway-authorizer",
         {{"type", "request"},
          {"authorizerUri", kUri},
          {"authorizerPayloadFormatVersion", "2.0"},
          {"enableSimpleResponses", true},
          {"identitySource", "$request.header.x, $request.querystring.y"}}}}},
      {"signed", {{"type", "apiKey"}, {"x-amazon-apigateway-authtype", "awsSigv4"}}}};
  out["components"]["x-amazon-apigateway-integrations"]["shared"] = lambda();
  auto& paths = out["paths"];
  paths["/orders"]["post"] = {{"operationId", "PlaceOrder"}, {"x-amazon-apigateway-integration", lambda()}};
  paths["/orders/{id}"]["get"] = {{"security", {{{"tokens", {"read"}}}}},
                                  {"x-amazon-apigateway-integration",
                                   {{"$ref", "#/components/x-amazon-apigateway-integrations/shared"}}}};
  paths["/asked"]["x-amazon-apigateway-any-method"] = {{"security", {{{"asks", Json::array()}}}},
                                                       {"x-amazon-apigateway-integration", lambda()}};
  paths["/signed"]["get"] = {{"security", {{{"signed", Json::array()}}}},
                             {"x-amazon-apigateway-integration", lambda()}};
  paths["/out"]["get"]["x-amazon-apigateway-integration"] = {
      {"type", "http_proxy"},
      {"httpMethod", "GET"},
      {"uri", "https://backend.example/x"},
      {"requestParameters", {{"append:header.x-a", "b"}}},
      {"responseParameters", {{"404", {{"overwrite:statuscode", "200"}}}}}};
  paths["$default"]["x-amazon-apigateway-any-method"] = {{"isDefaultRoute", true},
                                                         {"x-amazon-apigateway-integration", lambda()}};
  return out;
}

struct ImportWorld : GatewayWorld {
  std::map<std::string, Json> routes() {
    std::map<std::string, Json> out;
    for (const auto& route : call(gateway, "GetRoutes", {{"apiId", api_id}})["items"])
      out[route["routeKey"]] = route;
    return out;
  }
};
}  // namespace

TEST_CASE("a document becomes an API with its routes, integrations, authorizers, tags and CORS") {
  ImportWorld w;
  const auto made = w.call(w.gateway, "ImportApi", {{"body", document().dump()}});
  w.api_id = made["apiId"];
  CHECK(made["name"] == "shop");
  CHECK(made["version"] == "7");
  CHECK(made["tags"] == Json{{"team", "red"}});
  CHECK(made["warnings"] == Json::array());
  CHECK(made["corsConfiguration"] == Json{{"allowOrigins", {"https://a.example"}}, {"maxAge", 60}});
  auto routes = w.routes();
  REQUIRE(routes.size() == 6);
  CHECK(routes["POST /orders"]["operationName"] == "PlaceOrder");
  CHECK(routes["POST /orders"]["authorizationType"] == "NONE");
  CHECK(routes["GET /orders/{id}"]["authorizationType"] == "JWT");
  CHECK(routes["GET /orders/{id}"]["authorizationScopes"] == Json::array({"read"}));
  CHECK(routes["ANY /asked"]["authorizationType"] == "CUSTOM");
  CHECK(routes["GET /signed"]["authorizationType"] == "AWS_IAM");
  CHECK(routes.contains("$default"));
  const auto target = routes["GET /out"]["target"].get<std::string>();
  const auto out = w.call(w.gateway, "GetIntegration",
                          {{"apiId", w.api_id}, {"integrationId", target.substr(target.find('/') + 1)}});
  CHECK(out["integrationType"] == "HTTP_PROXY");
  CHECK(out["requestParameters"] == Json{{"append:header.x-a", "b"}});
  CHECK(out["responseParameters"] == Json{{"404", {{"overwrite:statuscode", "200"}}}});
  w.call(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "$default"}, {"autoDeploy", true}});
  CHECK(w.send("POST", "/orders").status == 200);
  CHECK(w.functions.events.back()["routeKey"] == "POST /orders");
  CHECK(w.send("GET", "/orders/1").status == 401);
}

TEST_CASE("a document comes out as it went in, and what comes out goes in again") {
  ImportWorld w;
  w.api_id = w.call(w.gateway, "ImportApi", {{"body", document().dump()}})["apiId"];
  Json ask{{"apiId", w.api_id}, {"specification", "OAS30"}, {"outputType", "JSON"}};
  const auto text = w.call(w.gateway, "ExportApi", ask)["body"].get<std::string>();
  const auto out = Json::parse(text);
  CHECK(out["openapi"] == "3.0.1");
  CHECK(out["info"]["title"] == "shop");
  CHECK(out["paths"]["/orders/{id}"]["get"]["security"] == Json{{{"tokens", {"read"}}}});
  CHECK(out["paths"]["/orders/{id}"]["get"]["parameters"][0]["name"] == "id");
  CHECK(out["paths"]["/$default"]["x-amazon-apigateway-any-method"]["isDefaultRoute"] == true);
  CHECK(out["x-amazon-apigateway-cors"]["maxAge"] == 60);
  const auto before = w.routes();
  w.api_id = w.call(w.gateway, "ImportApi", {{"body", text}})["apiId"];
  const auto after = w.routes();
  REQUIRE(after.size() == before.size());
  for (const auto& [key, route] : before) {
    REQUIRE_MESSAGE(after.contains(key), key);
    CHECK(after.at(key)["authorizationType"] == route["authorizationType"]);
  }
  ask["includeExtensions"] = false;
  CHECK(w.call(w.gateway, "ExportApi", ask)["body"].get<std::string>().find(
            "x-amazon-apigateway-integration") == std::string::npos);
  ask["outputType"] = "YAML";
  CHECK(w.call(w.gateway, "ExportApi", ask)["body"].get<std::string>().find("\"openapi\": \"3.0.1\"\n") !=
        std::string::npos);
  ask["specification"] = "OAS20";
  CHECK(w.fail(w.gateway, "ExportApi", ask).code == "BadRequestException");
}

TEST_CASE("a second import replaces the routes and leaves the stages, which then serve it") {
  ImportWorld w;
  w.api_id = w.call(w.gateway, "ImportApi", {{"body", document().dump()}})["apiId"];
  w.call(w.gateway, "CreateStage", {{"apiId", w.api_id}, {"stageName", "$default"}, {"autoDeploy", true}});
  Json next{
      {"openapi", "3.0.0"}, {"info", {{"title", "shop"}, {"version", "8"}}}, {"servers", {{{"url", "/v1"}}}}};
  next["paths"]["/new"]["get"]["x-amazon-apigateway-integration"] = lambda();
  next["paths"]["/none"]["get"] = Json::object();
  const auto done =
      w.call(w.gateway, "ReimportApi", {{"apiId", w.api_id}, {"body", next.dump()}, {"basepath", "prepend"}});
  CHECK(done["warnings"].size() == 1);
  CHECK_FALSE(done.contains("corsConfiguration"));
  CHECK(w.send("GET", "/v1/new").status == 200);
  CHECK(w.send("POST", "/orders").status == 404);
  CHECK(
      w.fail(w.gateway, "ReimportApi", {{"apiId", w.api_id}, {"body", next.dump()}, {"failOnWarnings", true}})
          .code == "BadRequestException");
  CHECK(w.send("GET", "/v1/new").status == 200);
}

TEST_CASE("what is no such document is refused and changes nothing") {
  ImportWorld w;
  const auto before = w.call(w.gateway, "GetApis")["items"].size();
  auto looped = document();
  looped["paths"]["/orders"]["post"]["x-amazon-apigateway-integration"]["timeoutInMillis"] = "soon";
  auto clash = document();
  clash["paths"]["/$default"] = clash["paths"]["$default"];
  for (const auto& body :
       {std::string("{"), std::string("[]"), std::string("openapi: 3.0.1"), std::string(100'000, '['),
        Json{{"swagger", "2.0"}}.dump(), Json{{"openapi", "3.0.1"}}.dump(), looped.dump(), clash.dump(),
        Json{{"openapi", "3.0.1"}, {"info", 7}, {"paths", {{"/x", {{"get", "y"}}}}}}.dump()})
    CHECK_MESSAGE(!w.attempt(w.gateway, "ImportApi", {{"body", body}}), body.substr(0, 80));
  CHECK(w.call(w.gateway, "GetApis")["items"].size() == before);
}

TEST_CASE("models are kept by name and id, and a schema that is no JSON is refused") {
  GatewayWorld w;
  const Json model{
      {"apiId", w.api_id}, {"name", "Order"}, {"schema", "{}"}, {"contentType", "application/json"}};
  const auto made = w.call(w.gateway, "CreateModel", model);
  CHECK(w.fail(w.gateway, "CreateModel", model).code == "ConflictException");
  const Json at{{"apiId", w.api_id}, {"modelId", made["modelId"]}};
  Json change = at;
  change["description"] = "d";
  CHECK(w.call(w.gateway, "UpdateModel", change)["schema"] == "{}");
  CHECK(w.call(w.gateway, "GetModels", {{"apiId", w.api_id}})["items"].size() == 1);
  change["schema"] = "{";
  CHECK(w.fail(w.gateway, "UpdateModel", change).code == "BadRequestException");
  w.call(w.gateway, "DeleteModel", at);
  CHECK(w.fail(w.gateway, "GetModel", at).code == "NotFoundException");
}

TEST_CASE("a VPC link says where a private integration leads") {
  GatewayWorld w;
  const auto link = w.call(w.gateway, "CreateVpcLink",
                           {{"name", "inner"},
                            {"subnetIds", {"subnet-1"}},
                            {"tags", {{"emu:url", "http://127.0.0.1:8080/base"}}}});
  CHECK(link["vpcLinkStatus"] == "AVAILABLE");
  CHECK(link["vpcLinkVersion"] == "V2");
  const auto id = link["vpcLinkId"].get<std::string>();
  CHECK(gateway::behind(w.gateway, w.context.scope, id) == "http://127.0.0.1:8080/base");
  CHECK(w.call(w.gateway, "GetVpcLink", {{"vpcLinkId", id}})["createdDate"] == "2026-01-01T00:00:00Z");
  const auto arn = "arn:aws:apigateway:us-east-1::/vpclinks/" + id;
  w.call(w.gateway, "TagResource", {{"resourceArn", arn}, {"tags", {{"a", "b"}}}});
  CHECK(w.call(w.gateway, "GetTags", {{"resourceArn", arn}})["tags"].size() == 2);
  Json integration{
      {"apiId", w.api_id},
      {"integrationType", "HTTP_PROXY"},
      {"integrationMethod", "ANY"},
      {"connectionType", "VPC_LINK"},
      {"integrationUri", "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/lb/1/2"}};
  CHECK(w.fail(w.gateway, "CreateIntegration", integration).code == "BadRequestException");
  integration["connectionId"] = id;
  CHECK(w.call(w.gateway, "CreateIntegration", integration)["connectionId"] == id);
  CHECK(w.fail(w.gateway, "CreateVpcLink",
               {{"name", "x"}, {"subnetIds", {"s"}}, {"tags", {{"emu:url", "ftp://x"}}}})
            .code == "BadRequestException");
  for (const auto* url : {"http://127.0.0.1:8080?x=1", "ftp://x", "http://a b"})
    CHECK_MESSAGE(
        w.fail(w.gateway, "TagResource", {{"resourceArn", arn}, {"tags", {{"emu:url", url}}}}).code ==
            "BadRequestException",
        url);
  CHECK(gateway::behind(w.gateway, w.context.scope, id) == "http://127.0.0.1:8080/base");
  w.call(w.gateway, "DeleteVpcLink", {{"vpcLinkId", id}});
  CHECK(w.fail(w.gateway, "GetVpcLink", {{"vpcLinkId", id}}).message ==
        "Invalid VpcLink identifier specified");
}

TEST_CASE("a route whose guard is not defined is warned of, and what is passed over is said") {
  ImportWorld w;
  auto typo = document();
  typo["paths"]["/orders"]["post"]["security"] = {{{"tokns", {"read"}}}};
  typo["paths"]["/orders"]["trace"] = Json::object();
  typo["paths"]["/out"]["get"]["x-amazon-apigateway-integration"]["tlsConfig"] = {
      {"serverNameToVerify", "x"}};
  const auto warnings = w.call(w.gateway, "ImportApi", {{"body", typo.dump()}})["warnings"];
  CHECK(warnings.size() == 2);
  CHECK(warnings.dump().find("tokns: POST /orders") != std::string::npos);
  CHECK(w.fail(w.gateway, "ImportApi", {{"body", typo.dump()}, {"failOnWarnings", true}}).code ==
        "BadRequestException");
}

TEST_CASE("a document says that an API is closed at its own address, and says so when it comes out") {
  ImportWorld w;
  auto closed = document();
  closed["servers"] = {
      {{"url", "/"}, {"x-amazon-apigateway-endpoint-configuration", {{"disableExecuteApiEndpoint", true}}}}};
  const auto made = w.call(w.gateway, "ImportApi", {{"body", closed.dump()}});
  CHECK(made["disableExecuteApiEndpoint"] == true);
  const auto text =
      w.call(w.gateway, "ExportApi",
             {{"apiId", made["apiId"]}, {"specification", "OAS30"}, {"outputType", "JSON"}})["body"];
  CHECK(w.call(w.gateway, "ImportApi", {{"body", text}})["disableExecuteApiEndpoint"] == true);
}

TEST_CASE("what the operations refuse a document cannot say either") {
  ImportWorld w;
  const auto before = w.call(w.gateway, "GetApis")["items"].size();
  const auto refused = [&](auto change) {
    auto bad = document();
    change(bad);
    return w.fail(w.gateway, "ImportApi", {{"body", bad.dump()}}).code;
  };
  const auto integration = [](Json& d) -> Json& {
    return d["paths"]["/out"]["get"]["x-amazon-apigateway-integration"];
  };
  CHECK(refused([](Json& d) {
          d["x-amazon-apigateway-cors"] = {{"allowOrigins", {"*"}}, {"allowCredentials", true}};
        }) == "BadRequestException");
  CHECK(refused([](Json& d) { d["info"]["title"] = std::string(129, 'x'); }) == "BadRequestException");
  CHECK(refused([&](Json& d) { integration(d).erase("uri"); }) == "BadRequestException");
  CHECK(refused([&](Json& d) { integration(d).erase("httpMethod"); }) == "BadRequestException");
  CHECK(refused([&](Json& d) { integration(d)["timeoutInMillis"] = 4294967346; }) == "BadRequestException");
  CHECK(refused([&](Json& d) { integration(d)["requestParameters"] = {{"append:header.x", 7}}; }) ==
        "BadRequestException");
  CHECK(refused([](Json& d) { d["paths"]["/x"] = "y"; }) == "BadRequestException");
  CHECK(w.call(w.gateway, "GetApis")["items"].size() == before);
}

TEST_CASE("an integration behind a VPC link comes out and goes in again") {
  ImportWorld w;
  auto linked = document();
  auto& integration = linked["paths"]["/out"]["get"]["x-amazon-apigateway-integration"];
  integration["connectionType"] = "VPC_LINK";
  integration["connectionId"] = "abc123";
  integration["description"] = "inner";
  integration["tlsConfig"]["serverNameToVerify"] = "inner.example";
  CHECK(w.fail(w.gateway, "ImportApi", {{"body", linked.dump()}}).message ==
        "Invalid VpcLink identifier specified: abc123");
  const auto link =
      w.call(w.gateway, "CreateVpcLink", {{"name", "inner"}, {"subnetIds", {"subnet-1"}}})["vpcLinkId"];
  integration["connectionId"] = link;
  const auto api = w.call(w.gateway, "ImportApi", {{"body", linked.dump()}})["apiId"];
  const auto text = w.call(w.gateway, "ExportApi",
                           {{"apiId", api}, {"specification", "OAS30"}, {"outputType", "JSON"}})["body"];
  const auto again = w.call(w.gateway, "ImportApi", {{"body", text}})["apiId"];
  for (const auto& each : w.call(w.gateway, "GetIntegrations", {{"apiId", again}})["items"])
    if (each["integrationType"] == "HTTP_PROXY") {
      CHECK(each["connectionId"] == link);
      CHECK(each["tlsConfig"]["serverNameToVerify"] == "inner.example");
      CHECK(each["description"] == "inner");
    }
}
}  // namespace emu
