#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("recursive loops are stopped unless a function says otherwise") {
  LambdaWorld world;
  world.create("f");
  const Json f{{"FunctionName", "f"}};
  CHECK(world.call_lambda("GetFunctionRecursionConfig", f) == Json{{"RecursiveLoop", "Terminate"}});
  world.call_lambda("PutFunctionRecursionConfig", {{"FunctionName", "f"}, {"RecursiveLoop", "Allow"}});
  CHECK(world.call_lambda("GetFunctionRecursionConfig", f) == Json{{"RecursiveLoop", "Allow"}});
  CHECK(
      world.refused("PutFunctionRecursionConfig", {{"FunctionName", "f"}, {"RecursiveLoop", "No"}}).message ==
      "1 validation error detected: Value 'No' at 'recursiveLoop' failed to satisfy constraint: Member must "
      "satisfy enum value set: [Terminate, Allow]");
  CHECK(world.refused("GetFunctionRecursionConfig", {{"FunctionName", "g"}}).http_status == 404);
}

TEST_CASE("the runtime's updates are managed by version") {
  LambdaWorld world;
  world.create("f");
  const Json f{{"FunctionName", "f"}};
  CHECK(world.call_lambda("GetRuntimeManagementConfig", f) ==
        Json{{"UpdateRuntimeOn", "Auto"},
             {"FunctionArn", "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST"}});
  CHECK(world.refused("PutRuntimeManagementConfig", {{"FunctionName", "f"}, {"UpdateRuntimeOn", "Manual"}})
            .http_status == 400);
  world.call_lambda("PutRuntimeManagementConfig",
                    {{"FunctionName", "f"},
                     {"UpdateRuntimeOn", "Manual"},
                     {"RuntimeVersionArn", "arn:aws:lambda:us-east-1::runtime:0"}});
  const auto got = world.call_lambda("GetRuntimeManagementConfig", f);
  CHECK(got["UpdateRuntimeOn"] == "Manual");
  CHECK(got["RuntimeVersionArn"] == "arn:aws:lambda:us-east-1::runtime:0");
}

TEST_CASE("there are no code signing configurations") {
  LambdaWorld world;
  world.create("f");
  CHECK(world.call_lambda("GetFunctionCodeSigningConfig", {{"FunctionName", "f"}}) ==
        Json{{"FunctionName", "f"}});
  const auto none = world.refused("GetCodeSigningConfig", {{"CodeSigningConfigArn", "x"}});
  CHECK(none.code == "CodeSigningConfigNotFoundException");
  CHECK(none.message == "The Lambda code signing configuration ARN can not be found.");
  CHECK(none.message_key == "Message");
  CHECK(world.refused("CreateCodeSigningConfig", {{"AllowedPublishers", Json::object()}}).http_status == 400);
}

TEST_CASE("a function's tag says how its cold starts are") {
  LambdaWorld world;
  world.echo("f");
  CHECK(world.refused("CreateFunction", LambdaWorld::function("f", {{"Tags", {{"emu:cold-start", "slow"}}}}))
            .message ==
        "emu knows no cold start slow: the tag emu:cold-start is real, modelled, modelled:PROFILE or "
        "fixed:MILLISECONDS.");
  world.create("f", {{"Tags", {{"emu:cold-start", "fixed:300"}}}});
  Time begun = world.clock.now();
  world.invoke("f");
  CHECK(world.clock.now() - begun == 300ms);
  const auto arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
  world.call_lambda("UntagResource", {{"Resource", arn}, {"TagKeys", {"emu:cold-start"}}});
  world.call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Timeout", 9}});
  begun = world.clock.now();
  world.invoke("f");
  CHECK(world.clock.now() == begun);
}

TEST_CASE("there are no capacity providers and no durable executions") {
  LambdaWorld world;
  world.create("f");
  CHECK(world.call_lambda("ListCapacityProviders") == Json{{"CapacityProviders", Json::array()}});
  CHECK(world.call_lambda("ListDurableExecutionsByFunction", {{"FunctionName", "f"}}) ==
        Json{{"DurableExecutions", Json::array()}});
  CHECK(world.refused("GetCapacityProvider", {{"CapacityProviderName", "p"}}).code ==
        "ResourceNotFoundException");
  CHECK(world
            .refused("CreateCapacityProvider", {{"CapacityProviderName", "p"},
                                                {"VpcConfig", Json::object()},
                                                {"PermissionsConfig", Json::object()}})
            .code == "InvalidParameterValueException");
  CHECK(world.refused("GetFunctionScalingConfig", {{"FunctionName", "f"}, {"Qualifier", "$LATEST"}}).code ==
        "InvalidParameterValueException");
  CHECK(world.refused("ListDurableExecutionsByFunction", {{"FunctionName", "g"}}).http_status == 404);
  CHECK(world.refused("GetDurableExecution", {{"DurableExecutionArn", "arn"}}).http_status == 404);
  CHECK(world.refused("SendDurableExecutionCallbackSuccess", {{"CallbackId", "c"}, {"Result", "x"}})
            .http_status == 404);
}
