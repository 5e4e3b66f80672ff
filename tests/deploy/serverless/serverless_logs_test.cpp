#include <doctest/doctest.h>

#include "emulator/deploy/serverless/serverless_yml.hpp"
#include "emulator/source/source.hpp"

using namespace emu;

namespace {
// Of a service of one function with these lines.
Json resources(std::string_view provider, std::string_view function) {
  const auto yaml = fmt::format(
      "service: shop\nprovider:\n  name: aws\n  runtime: nodejs20.x\n{}functions:\n  a:\n    handler: "
      "h.run\n{}",
      provider, function);
  return deploy::compile_serverless(parse_yaml(yaml, "serverless.yml"), {.directory = "/project"})
      .stack_template.find("Resources")
      ->json();
}
}  // namespace

TEST_CASE("provider.logs gives either kind of API an access log, in a group of its own") {
  const auto http =
      resources("  logs: {httpApi: true}\n  logRetentionInDays: 7\n", "    events: [{httpApi: 'GET /x'}]\n");
  const auto& stage = http["HttpApiStage"]["Properties"]["AccessLogSettings"];
  CHECK(stage["DestinationArn"] == Json{{"Fn::GetAtt", {"HttpApiLogGroup", "Arn"}}});
  CHECK(stage["Format"].get<std::string>().starts_with("{\"requestId\":\"$context.requestId\""));
  CHECK(http["HttpApiLogGroup"]["Properties"]["RetentionInDays"] == 7);
  CHECK(
      http["HttpApiLogGroup"]["Properties"]["LogGroupName"].get<std::string>().starts_with("/aws/http-api/"));
  const auto rest =
      resources("  logs: {restApi: {format: '$context.status'}}\n", "    events: [{http: 'GET x'}]\n");
  CHECK(rest.contains("ApiGatewayLogGroup"));
  for (const auto& [id, resource] : rest.items())
    if (resource["Type"] == "AWS::ApiGateway::Deployment")
      CHECK(resource["Properties"]["StageDescription"]["AccessLogSetting"] ==
            Json{{"DestinationArn", {{"Fn::GetAtt", {"ApiGatewayLogGroup", "Arn"}}}},
                 {"Format", "$context.status"}});
  const auto off = resources("  logs: {restApi: {accessLogging: false}, httpApi: false}\n",
                             "    events: [{http: 'GET x'}, {httpApi: 'GET /x'}]\n");
  CHECK_FALSE(off.contains("ApiGatewayLogGroup"));
  CHECK_FALSE(off.contains("HttpApiLogGroup"));
}
