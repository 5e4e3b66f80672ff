#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
Json document() {
  return {{"swagger", "2.0"},
          {"info", {{"title", "orders"}, {"version", "1"}}},
          {"x-amazon-apigateway-binary-media-types", {"image/png"}},
          {"x-amazon-apigateway-request-validators",
           {{"all", {{"validateRequestBody", true}, {"validateRequestParameters", true}}}}},
          {"securityDefinitions",
           {{"key", {{"type", "apiKey"}, {"name", "x-api-key"}, {"in", "header"}}},
            {"sigv4",
             {{"type", "apiKey"},
              {"name", "Authorization"},
              {"in", "header"},
              {"x-amazon-apigateway-authtype", "awsSigv4"}}}}},
          {"definitions", {{"Order", {{"type", "object"}, {"required", {"name"}}}}}},
          {"x-amazon-apigateway-gateway-responses",
           {{"DEFAULT_4XX", {{"responseParameters", {{"gatewayresponse.header.X-Four", "'yes'"}}}}}}},
          {"paths",
           {{"/orders/{id}",
             {{"get",
               {{"operationId", "GetOrder"},
                {"x-amazon-apigateway-integration",
                 {{"type", "aws_proxy"}, {"httpMethod", "POST"}, {"uri", RestWorld::uri()}}}}},
              {"options",
               {{"responses", {{"200", {{"headers", {{"X-A", {{"type", "string"}}}}}}}}},
                {"x-amazon-apigateway-integration",
                 {{"type", "mock"},
                  {"requestTemplates", {{"application/json", "{statusCode:200}"}}},
                  {"responses",
                   {{"default",
                     {{"statusCode", 200},
                      {"responseParameters", {{"method.response.header.X-A", "'a'"}}}}}}}}}}}}},
            {"/orders",
             {{"post",
               {{"x-amazon-apigateway-request-validator", "all"},
                {"parameters",
                 Json::array({{{"in", "body"}, {"name", "b"}, {"schema", {{"$ref", "#/definitions/Order"}}}},
                              {{"in", "query"}, {"name", "q"}, {"required", true}}})},
                {"x-amazon-apigateway-integration",
                 {{"type", "aws_proxy"}, {"httpMethod", "POST"}, {"uri", RestWorld::uri()}}}}},
              {"delete",
               {{"security", Json::array({{{"sigv4", Json::array()}}})},
                {"x-amazon-apigateway-integration",
                 {{"type", "aws_proxy"}, {"httpMethod", "POST"}, {"uri", RestWorld::uri()}}}}}}},
            {"/{proxy+}",
             {{"x-amazon-apigateway-any-method",
               {{"security", Json::array({{{"key", Json::array()}}})},
                {"x-amazon-apigateway-integration",
                 {{"type", "aws_proxy"}, {"httpMethod", "POST"}, {"uri", RestWorld::uri()}}}}}}}}}};
}
}  // namespace

TEST_CASE("an OpenAPI document becomes an API that is served as it says") {
  RestWorld w;
  const auto api = w.call(w.apis, "ImportRestApi", {{"body", document().dump()}});
  CHECK(api["name"] == "orders");
  CHECK(api["binaryMediaTypes"] == Json::array({"image/png"}));
  w.api_id = api["id"];
  w.deploy();
  CHECK(w.send("GET", "/prod/orders/7").status == 200);
  CHECK(w.event()["requestContext"]["operationName"] == "GetOrder");
  CHECK(w.send("OPTIONS", "/prod/orders/7").headers.get("x-a") == "a");
  CHECK(w.send("POST", "/prod/orders", R"({"name":"a"})").body ==
        R"({"message": "Missing required request parameters: [q]"})");
  CHECK(w.send("POST", "/prod/orders?q=1", "{}").body == R"({"message": "Invalid request body"})");
  CHECK(w.send("POST", "/prod/orders?q=1", R"({"name":"a"})").status == 200);
  CHECK(w.send("DELETE", "/prod/orders").body == R"({"message":"Missing Authentication Token"})");
  const auto refused = w.send("GET", "/prod/else/where");
  CHECK(refused.body == R"({"message":"Forbidden"})");
  CHECK(refused.headers.get("x-four") == "yes");
}

TEST_CASE("a document put over an API replaces it, or is merged into it") {
  RestWorld w;
  w.proxy("/old", "GET");
  w.call(w.apis, "PutRestApi", {{"restApiId", w.api_id}, {"mode", "merge"}, {"body", document().dump()}});
  w.deploy();
  CHECK(w.send("GET", "/prod/old").status == 200);
  w.call(w.apis, "PutRestApi", {{"restApiId", w.api_id}, {"mode", "overwrite"}, {"body", document().dump()}});
  w.deploy();
  CHECK(w.send("GET", "/prod/old").status == 403);
  CHECK(w.send("GET", "/prod/orders/1").status == 200);
  for (const auto* body :
       {"", "[]", "swagger: '1.2'", R"({"openapi":"4.0"})", R"({"swagger":"2.0","paths":{"x":{}}})"})
    CHECK(w.fail(w.apis, "PutRestApi", {{"restApiId", w.api_id}, {"body", body}}).code ==
          "BadRequestException");
}

TEST_CASE("what is exported is the API that importing it makes") {
  RestWorld w;
  w.api_id = w.call(w.apis, "ImportRestApi", {{"body", document().dump()}})["id"];
  w.deploy();
  const auto exported = [&](const std::string& api, const char* type) {
    const auto made = w.call(w.apis, "GetExport",
                             {{"restApiId", api},
                              {"stageName", "prod"},
                              {"exportType", type},
                              {"parameters", {{"extensions", "apigateway"}}}});
    CHECK(made["contentType"] == "application/json");
    return Json::parse(made["body"].get<std::string>());
  };
  for (const auto* type : {"swagger", "oas30"}) {
    const auto first = exported(w.api_id, type);
    CHECK(first["paths"].size() == 3);
    CHECK(first["paths"]["/orders/{id}"]["get"]["operationId"] == "GetOrder");
    CHECK(first["paths"]["/{proxy+}"]["x-amazon-apigateway-any-method"]["security"] ==
          Json::array({{{"api_key", Json::array()}}}));
    const auto own = w.api_id;
    w.api_id = w.call(w.apis, "ImportRestApi", {{"body", first.dump()}})["id"];
    w.deploy();
    auto second = exported(w.api_id, type);
    CHECK(second["paths"] == first["paths"]);
    CHECK(second["x-amazon-apigateway-request-validators"] ==
          first["x-amazon-apigateway-request-validators"]);
    w.api_id = own;
  }
  const auto plain = w.call(w.apis, "GetExport",
                            {{"restApiId", w.api_id}, {"stageName", "prod"}, {"exportType", "swagger"}});
  CHECK(plain["body"].get<std::string>().find("amazon-apigateway-integration") == std::string::npos);
  CHECK(w.fail(w.apis, "GetExport",
               {{"restApiId", w.api_id},
                {"stageName", "prod"},
                {"exportType", "swagger"},
                {"accepts", "application/xml"}})
            .code == "BadRequestException");
}

TEST_CASE("a method is tried out as it is, not deployed and without a key") {
  RestWorld w;
  w.proxy("/orders/{id}", "POST", {{"apiKeyRequired", true}});
  w.answers(R"({"statusCode":201,"headers":{"X-A":"a"},"body":"made"})");
  const auto tried = w.call(w.apis, "TestInvokeMethod",
                            {{"restApiId", w.api_id},
                             {"resourceId", w.resource("/orders/{id}")},
                             {"httpMethod", "POST"},
                             {"pathWithQueryString", "/orders/7?a=b"},
                             {"headers", {{"Accept", "*/*"}}},
                             {"stageVariables", {{"v", "1"}}},
                             {"body", "{}"}});
  CHECK(tried["status"] == 201);
  CHECK(tried["body"] == "made");
  CHECK(tried["headers"]["X-A"] == "a");
  CHECK(tried["log"].get<std::string>().find("Successfully completed execution") != std::string::npos);
  CHECK(w.event()["pathParameters"] == Json{{"id", "7"}});
  CHECK(w.event()["queryStringParameters"] == Json{{"a", "b"}});
  CHECK(w.event()["stageVariables"] == Json{{"v", "1"}});
  CHECK(w.event()["requestContext"]["stage"] == "test-invoke-stage");
  w.answers("[]");
  const auto broken = w.call(w.apis, "TestInvokeMethod",
                             {{"restApiId", w.api_id},
                              {"resourceId", w.resource("/orders/{id}")},
                              {"httpMethod", "POST"},
                              {"pathWithQueryString", "/orders/7"}});
  CHECK(broken["status"] == 502);
  CHECK(broken["log"].get<std::string>().find("Malformed Lambda proxy response") != std::string::npos);
  CHECK(w.fail(w.apis, "TestInvokeMethod",
               {{"restApiId", w.api_id}, {"resourceId", w.root}, {"httpMethod", "GET"}})
            .message == "Invalid Method identifier specified");
}

TEST_CASE("a VPC link is kept and shown") {
  RestWorld w;
  const auto made =
      w.call(w.apis, "CreateVpcLink", {{"name", "l"}, {"targetArns", Json::array({"arn:aws:x"})}});
  CHECK(made["status"] == "AVAILABLE");
  CHECK(w.call(w.apis, "GetVpcLinks")["item"].size() == 1);
  w.call(w.apis, "DeleteVpcLink", {{"vpcLinkId", made["id"]}});
  CHECK(w.fail(w.apis, "GetVpcLink", {{"vpcLinkId", made["id"]}}).code == "NotFoundException");
}

TEST_CASE("an authorizer is tried out with the headers of a request") {
  RestWorld w;
  const auto id = w.call(w.apis, "CreateAuthorizer",
                         {{"restApiId", w.api_id},
                          {"name", "a"},
                          {"type", "TOKEN"},
                          {"authorizerUri", w.uri()},
                          {"identitySource", "method.request.header.Auth"}})["id"];
  const auto tried = [&](Json headers) {
    return w.call(w.apis, "TestInvokeAuthorizer",
                  {{"restApiId", w.api_id}, {"authorizerId", id}, {"headers", std::move(headers)}});
  };
  CHECK(tried(Json::object())["clientStatus"] == 401);
  CHECK(w.functions.events.empty());
  w.answers(R"({"principalId":"u","policyDocument":{"Statement":[]}})");
  const auto said = tried({{"Auth", "x"}});
  CHECK(said["clientStatus"] == 0);
  CHECK(said["principalId"] == "u");
  CHECK(said["policy"] == R"({"Statement":[]})");
  CHECK(w.event()["authorizationToken"] == "x");
  w.answers("{}");
  CHECK(tried({{"Auth", "x"}})["clientStatus"] == 500);
}

TEST_CASE("a document may be YAML, and is exported as YAML that imports again") {
  RestWorld w;
  const auto import = [&](const std::string& body) {
    w.api_id = w.call(w.apis, "ImportRestApi", {{"body", body}})["id"];
    w.deploy();
    return w.send("GET", "/prod/orders").status;
  };
  CHECK(import("swagger: '2.0'\ninfo: {title: orders, version: 1.5}\npaths:\n  /orders:\n    get:\n"
               "      responses: {200: {description: fine}}\n      x-amazon-apigateway-integration:\n"
               "        {type: aws_proxy, httpMethod: POST, uri: '" +
               RestWorld::uri() + "'}\n") == 200);
  CHECK(w.call(w.apis, "GetRestApi", {{"restApiId", w.api_id}})["version"] == "1.5");
  const auto made = w.call(w.apis, "GetExport",
                           {{"restApiId", w.api_id},
                            {"stageName", "prod"},
                            {"exportType", "oas30"},
                            {"extensions", "apigateway"},
                            {"accepts", "application/yaml"}});
  CHECK(made["contentType"] == "application/yaml");
  CHECK(import(made["body"]) == 200);
  CHECK(w.fail(w.apis, "ImportRestApi", {{"body", "swagger: '2.0'\n  info: [\n"}})
            .message.starts_with("Invalid OpenAPI input: line 2: "));
}

TEST_CASE("a document's base path is ignored, put before its paths, or split from the stage") {
  RestWorld w;
  const auto paths = [&](const Json& more, Json said) {
    said.update({{"info", {{"title", "t"}}}, {"paths", {{"/e", {{"get", Json::object()}}}}}});
    Json in{{"body", said.dump()}};
    in.update(more);
    const auto api = w.call(w.apis, "ImportRestApi", in)["id"];
    std::string out;
    for (const auto& each : w.call(w.apis, "GetResources", {{"restApiId", api}})["item"])
      if (each.contains("resourceMethods")) out = each["path"];
    return out;
  };
  const Json swagger{{"swagger", "2.0"}, {"basePath", "/a/b/c"}};
  CHECK(paths(Json::object(), swagger) == "/e");
  CHECK(paths({{"basepath", "prepend"}}, swagger) == "/a/b/c/e");
  CHECK(paths({{"basepath", "split"}}, swagger) == "/b/c/e");
  const Json openapi{
      {"openapi", "3.0.1"},
      {"servers", {{{"url", "https://x/{basePath}"}, {"variables", {{"basePath", {{"default", "a/b"}}}}}}}}};
  CHECK(paths({{"basepath", "prepend"}}, openapi) == "/a/b/e");
  CHECK(paths({{"basepath", "split"}}, openapi) == "/b/e");
  CHECK(w.fail(w.apis, "ImportRestApi", {{"body", swagger.dump()}, {"basepath", "other"}}).code ==
        "BadRequestException");
  const auto regional =
      w.call(w.apis, "ImportRestApi",
             {{"body", swagger.dump()}, {"endpointConfigurationTypes", "REGIONAL"}, {"name", "x"}});
  CHECK(regional["endpointConfiguration"]["types"] == Json::array({"REGIONAL"}));
}
}  // namespace emu
