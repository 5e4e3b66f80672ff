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
       {"", "[]", "swagger: '2.0'", R"({"openapi":"4.0"})", R"({"swagger":"2.0","paths":{"x":{}}})"})
    CHECK(w.fail(w.apis, "PutRestApi", {{"restApiId", w.api_id}, {"body", body}}).code ==
          "BadRequestException");
}
}  // namespace emu
