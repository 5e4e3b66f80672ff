// REST integrations and HTTP API authorizers of serverless.yml, against what osls makes of them.
#include <doctest/doctest.h>

#include "emulator/deploy/serverless_yml.hpp"
#include "emulator/deploy/source.hpp"
#include "tests/deploy/golden.hpp"

using namespace emu;
using test::refused;

namespace {
Json compiled_resources(const std::string& text) {
  auto compiled =
      deploy::compile_serverless(deploy::parse_yaml(text, "serverless.yml"), {.directory = "/project"});
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
  CHECK(problem("httpApi: {path: /p, method: get, authorizer: none}") ==
        "serverless.yml:7: provider.httpApi.authorizers has no \"none\"");
  CHECK(problem("httpApi: {path: /p, method: get, authorizer: {scopes: [a]}}") ==
        "serverless.yml:7: functions.f httpApi.authorizer names no authorizer; write its name, or type: "
        "aws_iam");
}
