// What the control plane keeps can always be served: values of the wrong type are refused when they come.
#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
Json replaced(const char* path, const char* value) {
  return Json::array({{{"op", "replace"}, {"path", path}, {"value", value}}});
}
}  // namespace

TEST_CASE("a usage plan's numbers are numbers") {
  RestWorld w;
  const auto refused = [&](Json plan) {
    plan["name"] = "p";
    return w.fail(w.apis, "CreateUsagePlan", plan).code;
  };
  CHECK(refused({{"throttle", {{"rateLimit", "fast"}}}}) == "SerializationException");
  CHECK(refused({{"throttle", {{"burstLimit", Json::array()}}}}) == "SerializationException");
  CHECK(refused({{"throttle", 5}}) == "SerializationException");
  CHECK(refused({{"quota", {{"limit", {{"a", 1}}}, {"period", "DAY"}}}}) == "SerializationException");
  CHECK(refused({{"quota", {{"limit", 1}, {"period", "YEAR"}}}}) == "BadRequestException");
  CHECK(refused({{"apiStages", "all"}}) == "SerializationException");
  CHECK(refused({{"apiStages", Json::array({1})}}) == "SerializationException");
  const auto made = w.call(w.apis, "CreateUsagePlan",
                           {{"name", "p"}, {"throttle", {{"rateLimit", "2.5"}, {"burstLimit", "3"}}}});
  CHECK(made["throttle"] == Json{{"rateLimit", 2.5}, {"burstLimit", 3}});
  CHECK(w.fail(w.apis, "UpdateUsagePlan",
               {{"usagePlanId", made["id"]}, {"patchOperations", replaced("/throttle/rateLimit", "nan")}})
            .code == "BadRequestException");
}

TEST_CASE("a response's status is one of HTTP, where it is declared and where it is mapped") {
  RestWorld w;
  w.method("/x", "GET");
  w.integration("/x", "GET", {{"type", "MOCK"}});
  Json at{{"restApiId", w.api_id}, {"resourceId", w.resource("/x")}, {"httpMethod", "GET"}};
  for (const auto* status : {"1000", "99", "600", "2xx", "-20", ""}) {
    at["statusCode"] = status;
    CHECK(w.fail(w.apis, "PutMethodResponse", at).code == "ValidationException");
    CHECK(w.fail(w.apis, "PutIntegrationResponse", at).code == "ValidationException");
  }
  CHECK(w.fail(w.apis, "PutGatewayResponse",
               {{"restApiId", w.api_id}, {"responseType", "THROTTLED"}, {"statusCode", "1000"}})
            .code == "ValidationException");
  w.mock("/y", "GET", "{statusCode:200}",
         {{"statusCode", "200"},
          {"responseTemplates", {{"application/json", "#set($context.responseOverride.status = 1000)"}}}});
  w.deploy();
  CHECK(w.send("GET", "/prod/y").status == 599);
}

TEST_CASE("timeouts, times to live and types of media are what they are said to be") {
  RestWorld w;
  const auto authorizer = [&](Json ttl) {
    return Json{{"restApiId", w.api_id},
                {"name", "a"},
                {"type", "TOKEN"},
                {"authorizerUri", w.uri()},
                {"authorizerResultTtlInSeconds", std::move(ttl)}};
  };
  CHECK(w.fail(w.apis, "CreateAuthorizer", authorizer("soon")).code == "SerializationException");
  CHECK(w.fail(w.apis, "CreateAuthorizer", authorizer(4000)).code == "BadRequestException");
  const auto made = w.call(w.apis, "CreateAuthorizer", authorizer("60"));
  CHECK(made["authorizerResultTtlInSeconds"] == 60);
  CHECK(w.fail(w.apis, "UpdateAuthorizer",
               {{"restApiId", w.api_id},
                {"authorizerId", made["id"]},
                {"patchOperations", replaced("/authorizerResultTtlInSeconds", "-1")}})
            .code == "BadRequestException");
  w.method("/x", "GET");
  Json put{
      {"restApiId", w.api_id}, {"resourceId", w.resource("/x")}, {"http_method", "GET"}, {"type", "MOCK"}};
  put["timeoutInMillis"] = "long";
  CHECK(w.fail(w.apis, "PutIntegration", put).code == "SerializationException");
  put["timeoutInMillis"] = 9e18;
  w.call(w.apis, "PutIntegration", put);
  CHECK(w.fail(w.apis, "CreateRestApi", {{"name", "n"}, {"binaryMediaTypes", {{"a", 1}}}}).code ==
        "SerializationException");
}

TEST_CASE("an OpenAPI document's values are read as the operations would") {
  RestWorld w;
  const auto imported = [&](Json extra) {
    Json document{{"swagger", "2.0"}, {"info", {{"title", "t"}}}, {"paths", Json::object()}};
    document.update(extra);
    return w.attempt(w.apis, "ImportRestApi", {{"body", document.dump()}});
  };
  const auto integration = [&](Json values) {
    return Json{{"paths", {{"/x", {{"get", {{"x-amazon-apigateway-integration", std::move(values)}}}}}}}};
  };
  CHECK_FALSE(imported({{"x-amazon-apigateway-binary-media-types", {{"a", 1}}}}));
  CHECK_FALSE(imported(integration({{"type", "mock"}, {"timeoutInMillis", "long"}})));
  CHECK_FALSE(
      imported(integration({{"type", "mock"}, {"responses", {{"default", {{"statusCode", 1000}}}}}})));
  CHECK_FALSE(imported(integration({{"type", "mock"}, {"requestTemplates", 7}})));
  CHECK_FALSE(imported({{"x-amazon-apigateway-gateway-responses", {{"THROTTLED", {{"statusCode", "x"}}}}}}));
  CHECK(imported(integration({{"type", "mock"}, {"timeoutInMillis", "1000"}})));
  CHECK_FALSE(w.attempt(w.apis, "ImportRestApi", {{"body", std::string(100'000, '[')}}));
}

TEST_CASE("a body nested too deeply fails the request, not the daemon") {
  RestWorld w;
  const auto validator = w.call(w.apis, "CreateRequestValidator",
                                {{"restApiId", w.api_id}, {"name", "v"}, {"validateRequestBody", true}});
  w.call(w.apis, "CreateModel",
         {{"restApiId", w.api_id}, {"name", "M"}, {"contentType", "application/json"}, {"schema", "{}"}});
  w.proxy("/x", "POST",
          {{"requestValidatorId", validator["id"]}, {"requestModels", {{"application/json", "M"}}}});
  w.deploy();
  auto deep = w.request("POST", "/prod/x", std::string(1 << 20, '['));
  CHECK(w.send(std::move(deep)).status == 400);
  w.answers(std::string(100'000, '[') + std::string(100'000, ']'));
  CHECK(w.send("POST", "/prod/x", "{}").status == 502);
}

TEST_CASE("a pattern of brackets without end, stored by an emu that took it, matches nothing") {
  RestWorld w;
  w.mock("/y", "GET", "{statusCode:200}", {{"statusCode", "200"}});
  const auto id = w.resource("/y");
  const auto changed =
      w.apis.change({"000000000000", "us-east-1"}, w.api_id, [&](Json& record) -> Result<Json> {
        auto& method = record["resources"][id]["resourceMethods"]["GET"];
        method["methodIntegration"]["integrationResponses"]["200"]["selectionPattern"] =
            std::string(100'000, '(');
        return record;
      });
  REQUIRE(changed);
  w.deploy();
  CHECK(w.send("GET", "/prod/y").status == 500);
}
}  // namespace emu
