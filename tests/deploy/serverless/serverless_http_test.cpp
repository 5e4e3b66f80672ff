// REST integrations and HTTP API authorizers of serverless.yml, against what osls makes of them.
#include <doctest/doctest.h>

#include "emulator/deploy/serverless/serverless_yml.hpp"
#include "emulator/source/source.hpp"
#include "tests/deploy/golden.hpp"

using namespace emu;
using test::refused;

namespace {
Json compiled_resources(const std::string& text) {
  auto compiled = deploy::compile_serverless(parse_yaml(text, "serverless.yml"), {.directory = "/project"});
  return compiled.stack_template.find("Resources")->json();
}
std::string one_event(const std::string& event) {
  return "service: s\nprovider: {name: aws, runtime: nodejs20.x}\nfunctions:\n  f:\n    handler: a.h\n    "
         "events:\n"
         "      - " +
         event + "\n";
}
}  // namespace

TEST_CASE("REST integrations, schemas and HTTP API authorizers compile as osls compiles them") {
  auto made = compiled_resources(test::golden("http/serverless.yml"));
  const auto expected = Json::parse(test::golden("http/expected.json"));
  for (const auto& [id, resource] : expected.items()) {
    INFO(id);
    REQUIRE(made.contains(id));
    Json properties = made[id]["Properties"];
    if (properties.contains("Integration") && properties["Integration"]["Type"] == "AWS") {
      Json& templates = properties["Integration"]["RequestTemplates"];
      for (const auto* usual : {"application/json", "application/x-www-form-urlencoded"})
        CHECK(templates.erase(usual) == 1);
      if (templates.empty()) properties["Integration"].erase("RequestTemplates");
    }
    CHECK(made[id]["Type"] == resource["Type"]);
    CHECK(properties == resource["Properties"]);
  }
}

TEST_CASE("a parameter may hand on something else, and authorizers exist without a route that names them") {
  const auto made = compiled_resources(
      one_event(
          "http: {path: p, method: get, integration: lambda, request: {parameters: {headers: {x: {required: "
          "true, mappedValue: context.requestId}}}}}") +
      "      - httpApi: 'GET /q'\n");
  const auto& method = made["ApiGatewayMethodPGet"]["Properties"];
  CHECK(method["RequestParameters"] == Json{{"method.request.header.x", true}});
  CHECK(method["Integration"]["RequestParameters"] ==
        Json{{"integration.request.header.x", "context.requestId"}});
  auto text = one_event("httpApi: 'GET /q'");
  text.replace(text.find("provider: {name: aws, runtime: nodejs20.x}"), 42,
               "provider: {name: aws, runtime: nodejs20.x, httpApi: {authorizers: {own: {identitySource: "
               "$request.header.a, issuerUrl: https://i.example, audience: b}}}}");
  CHECK(compiled_resources(text).contains("HttpApiAuthorizerOwn"));
}

TEST_CASE("stages, time-outs and authorizers from elsewhere compile as osls compiles them") {
  const auto made = compiled_resources(test::golden("http/keys.yml"));
  const auto expected = Json::parse(test::golden("http/keys_expected.json"));
  for (const auto& [id, resource] : expected.items()) {
    INFO(id);
    Json properties;
    for (const auto& [name, each] : made.items())
      if (name == id || (id == "Deployment" && each["Type"] == resource["Type"]))
        properties = each["Properties"];
    CHECK(properties == resource["Properties"]);
  }
}

TEST_CASE("what an http or httpApi event cannot mean is told with its line") {
  const auto problem = [](const std::string& event, const std::string& more = "") {
    return refused([&] { compiled_resources(one_event(event) + more); });
  };
  CHECK(problem("http: {path: p, method: get, integration: soap}") ==
        "serverless.yml:7: functions.f http.integration must be lambda-proxy, lambda, http, http-proxy or "
        "mock, not "
        "\"soap\"");
  CHECK(problem("http: {path: p, method: get, integration: http}") ==
        "serverless.yml:7: functions.f http.request.uri is missing; write where the backend is");
  CHECK(problem("http: {path: p, method: get, request: {schemas: {application/json: none}}}") ==
        "serverless.yml:7: provider.apiGateway.request.schemas has no \"none\"");
  CHECK(problem("http: {path: p, method: get, integration: lambda, request: {passThrough: false}}") ==
        "serverless.yml:7: functions.f http.request.passThrough must be text, not a boolean");
  CHECK(problem("http: {path: p, method: get, integration: lambda, request: {template: text}}") ==
        "serverless.yml:7: functions.f http.request.template must be a mapping, not \"text\"");
  CHECK(problem("http: {path: p, method: get, request: {parameters: {headers: {x: 1}}}}") ==
        "serverless.yml:7: functions.f http.request.parameters.headers.x must be true, false or a mapping, "
        "not a "
        "number");
  CHECK(problem("httpApi: {path: /p, method: get, authorizer: none}") ==
        "serverless.yml:7: provider.httpApi.authorizers has no \"none\"");
  CHECK(problem("httpApi: {path: /p, method: get, authorizer: {scopes: [a]}}") ==
        "serverless.yml:7: functions.f httpApi.authorizer names no authorizer; write its name, or type: "
        "aws_iam");
}

namespace {
Json with_provider(const std::string& event, const std::string& more) {
  auto text = one_event(event);
  const std::string end = "runtime: nodejs20.x}";
  text.replace(text.find(end), end.size(), "runtime: nodejs20.x, " + more + "}");
  return compiled_resources(text);
}
}  // namespace

TEST_CASE("an http event may stream, and its backend may lie behind a VPC link") {
  const auto streams =
      compiled_resources(one_event("http: {path: p, method: get, response: {transferMode: STREAM}}"));
  const auto& integration = streams["ApiGatewayMethodPGet"]["Properties"]["Integration"];
  CHECK(integration["ResponseTransferMode"] == "STREAM");
  CHECK(integration["Uri"].dump().find(":lambda:path/2021-11-15/functions/") != std::string::npos);
  CHECK(integration["Uri"].dump().find("/response-streaming-invocations") != std::string::npos);
  const auto linked = compiled_resources(one_event(
      "http: {path: p, method: get, integration: http-proxy, connectionType: vpc-link, connectionId: abc, "
      "request: {uri: 'http://inner/'}}"));
  CHECK(linked["ApiGatewayMethodPGet"]["Properties"]["Integration"]["ConnectionType"] == "VPC_LINK");
  CHECK(linked["ApiGatewayMethodPGet"]["Properties"]["Integration"]["ConnectionId"] == "abc");
  const auto problem = [](const std::string& event) {
    return refused([&] { compiled_resources(one_event(event)); });
  };
  CHECK(problem("http: {path: p, method: get, integration: lambda, response: {transferMode: STREAM}}") ==
        "serverless.yml:7: functions.f http.response.transferMode: only proxy integrations stream");
  CHECK(problem("http: {path: p, method: get, connectionType: vpc-link}") ==
        "serverless.yml:7: functions.f http.connectionId is missing; name the VPC link");
}

TEST_CASE("a service may add its routes to a REST API that another stack made") {
  const auto made = with_provider("http: {path: users/list/all, method: get}",
                                  "apiGateway: {restApiId: {'Fn::ImportValue': api}, restApiRootResourceId: "
                                  "rrr, restApiResources: {/users: uuu}}");
  CHECK_FALSE(made.contains("ApiGatewayRestApi"));
  CHECK_FALSE(made.contains("ApiGatewayResourceUsers"));
  CHECK(made["ApiGatewayResourceUsersList"]["Properties"]["ParentId"] == "uuu");
  CHECK(made["ApiGatewayResourceUsersListAll"]["Properties"]["RestApiId"] ==
        Json{{"Fn::ImportValue", "api"}});
  CHECK(made.dump().find("\"Ref\":\"ApiGatewayRestApi\"") == std::string::npos);
  const auto root =
      with_provider("http: {path: /, method: get}", "apiGateway: {restApiId: a, restApiRootResourceId: r}");
  CHECK(root["ApiGatewayMethodGet"]["Properties"]["ResourceId"] == "r");
  CHECK(refused([] { with_provider("http: {path: p, method: get}", "apiGateway: {restApiId: a}"); }) ==
        "serverless.yml:2: provider.apiGateway.restApiRootResourceId is missing; write the id of the API's "
        "resource "
        "\"/\"");
  CHECK(refused([] {
          with_provider("http: {path: p, method: get}", "apiGateway: {restApiResources: {/a: b}}");
        }) ==
        "serverless.yml:2: provider.apiGateway.restApiId is missing; name the API that has this resource");
}

TEST_CASE("a service may add its routes to an HTTP API that another stack made") {
  const auto made = with_provider("httpApi: 'GET /a'", "httpApi: {id: abc}");
  CHECK_FALSE(made.contains("HttpApi"));
  CHECK_FALSE(made.contains("HttpApiStage"));
  CHECK(made["HttpApiRouteGetA"]["Properties"]["ApiId"] == "abc");
  CHECK(refused([] { with_provider("httpApi: 'GET /a'", "httpApi: {id: abc, cors: true}"); }) ==
        "serverless.yml:2: provider.httpApi.cors cannot be set for an API that another stack made; remove "
        "it, or "
        "provider.httpApi.id");
}

TEST_CASE("several usage plans have their names, and keys below them") {
  const auto made = with_provider("http: {path: p, method: get, private: true}",
                                  "apiGateway: {apiKeys: [{free: [one, {name: two}]}, {paid: [three]}], "
                                  "usagePlan: [{free: {quota: {limit: 5, "
                                  "period: DAY}}}, {paid: {throttle: {rateLimit: 9}}}]}");
  CHECK(made["ApiGatewayUsagePlanFree"]["Properties"]["Quota"] == Json{{"Limit", 5}, {"Period", "DAY"}});
  CHECK(made["ApiGatewayUsagePlanFree"]["Properties"]["UsagePlanName"] == "s-free-dev");
  CHECK(made["ApiGatewayUsagePlanPaid"]["Properties"]["Description"] ==
        "Usage plan \"paid\" for s dev stage");
  CHECK(made["ApiGatewayApiKeyFree2"]["Properties"]["Name"] == "two");
  CHECK(made["ApiGatewayUsagePlanKeyPaid1"]["Properties"]["KeyId"] == Json{{"Ref", "ApiGatewayApiKeyPaid1"}});
  CHECK(refused([] {
          with_provider("http: {path: p, method: get}",
                        "apiGateway: {apiKeys: [{other: [one]}], usagePlan: [{free: {quota: {limit: 5}}}]}");
        }) ==
        "serverless.yml:2: provider.apiGateway.apiKeys.other must be the keys of a usage plan of that name");
}
