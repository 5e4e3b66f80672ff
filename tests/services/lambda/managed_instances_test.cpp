#include "emulator/services/lambda/managed_instances.hpp"

#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json capacity(Json asked = Json::object()) {
  asked["CapacityProviderArn"] = "arn:aws:lambda:us-east-1:000000000000:capacity-provider:mine";
  return {{"LambdaManagedInstancesCapacityProviderConfig", std::move(asked)}};
}
Json managed(Json asked, Json more = Json::object()) {
  Json out{{"Runtime", "nodejs22.x"}, {"MemorySize", 2048}, {"CapacityProviderConfig", std::move(asked)}};
  out.update(more);
  return out;
}
}  // namespace

TEST_CASE("a function with a capacity provider takes several invocations in one environment") {
  LambdaWorld world;
  world.launcher.add("f",
                     {.handler = [](const runtime::Invocation&) { return runtime::Outcome{.payload = "1"}; },
                      .service_time = [] { return Duration(100ms); }});
  const auto asked = capacity({{"PerExecutionEnvironmentMaxConcurrency", 8}});
  CHECK(world.create("f", managed(asked))["CapacityProviderConfig"] == asked);
  const Json invocation{{"FunctionName", "f"}, {"Payload", "{}"}, {"InvocationType", "Event"}};
  for (int i = 0; i < 8; ++i) world.call_lambda("Invoke", invocation);
  world.advance(50ms);
  CHECK(world.launcher.launched() == 1);
  world.call_lambda("Invoke", invocation);
  world.advance(10ms);
  CHECK(world.launcher.launched() == 2);
}

TEST_CASE("a function keeps its capacity provider over a restart, and a change of it counts") {
  LambdaWorld world;
  world.create("f", managed(capacity()));
  world.advance(1s);
  const auto more = capacity({{"PerExecutionEnvironmentMaxConcurrency", 5}});
  world.call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"CapacityProviderConfig", more}});
  world.advance(1s);
  LambdaWorld after(world);
  CHECK(after.configuration("f")["CapacityProviderConfig"] == more);
}

TEST_CASE("a function with a capacity provider may have more memory than others, also later") {
  LambdaWorld world;
  world.create("f", managed(capacity()));
  world.create("plain");
  world.advance(1s);
  CHECK(world.call_lambda("UpdateFunctionConfiguration",
                          {{"FunctionName", "f"}, {"MemorySize", 16384}})["MemorySize"] == 16384);
  world.advance(1s);
  CHECK(world.refused("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"MemorySize", 32769}}).code ==
        "ValidationException");
  CHECK(world.refused("UpdateFunctionConfiguration", {{"FunctionName", "plain"}, {"MemorySize", 10241}})
            .message.contains("less than or equal to 10240"));
}

TEST_CASE("what does not go with a capacity provider is refused") {
  LambdaWorld world;
  const auto refused = [&](Json more) {
    return world.refused("CreateFunction", LambdaWorld::function("f", managed(capacity(), std::move(more))))
        .code;
  };
  CHECK(refused({{"Runtime", "python3.12"}}) == "InvalidParameterValueException");
  CHECK(refused({{"MemorySize", 1024}}) == "InvalidParameterValueException");
  CHECK(refused({{"MemorySize", 40000}}) == "ValidationException");
  CHECK(refused({{"SnapStart", {{"ApplyOn", "PublishedVersions"}}}}) == "InvalidParameterValueException");
  CHECK(refused({{"TenancyConfig", {{"TenantIsolationMode", "PER_TENANT"}}}}) ==
        "InvalidParameterValueException");
  CHECK(refused({{"CapacityProviderConfig", capacity({{"PerExecutionEnvironmentMaxConcurrency", 1601}})}}) ==
        "ValidationException");
  CHECK(refused({{"CapacityProviderConfig", capacity({{"ExecutionEnvironmentMemoryGiBPerVCpu", 1.5}})}}) ==
        "ValidationException");
  const Json other{{"LambdaManagedInstancesCapacityProviderConfig", {{"CapacityProviderArn", "mine"}}}};
  CHECK(refused({{"CapacityProviderConfig", other}}) == "ValidationException");
  world.create("plain");
  world.advance(1s);
  CHECK(world
            .refused("UpdateFunctionConfiguration",
                     {{"FunctionName", "plain"}, {"CapacityProviderConfig", capacity()}})
            .code == "InvalidParameterValueException");
}

TEST_CASE("a capacity provider's concurrency follows runtime and memory, unless it is said") {
  lambda::Settings settings;
  CHECK(lambda::max_concurrency(settings) == 1);
  settings.managed_instances.emplace();
  settings.runtime = "nodejs22.x";
  settings.memory_mb = 4096;
  CHECK(lambda::max_concurrency(settings) == 128);  // two vCPUs
  settings.runtime = "python3.13";
  settings.managed_instances->ExecutionEnvironmentMemoryGiBPerVCpu = 4;
  CHECK(lambda::max_concurrency(settings) == 16);
  settings.managed_instances->PerExecutionEnvironmentMaxConcurrency = 3;
  CHECK(lambda::max_concurrency(settings) == 3);
}
