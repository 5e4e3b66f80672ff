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
