#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Function "f" with version 1, whose cold start takes two seconds, and alias "live" of it.
struct Provisioned : LambdaWorld {
  explicit Provisioned(int concurrent = 1000) : LambdaWorld(concurrent) {
    launcher.add("f", {.handler = [](const runtime::Invocation&) { return runtime::Outcome{}; },
                       .cold_start = [] { return Duration(2s); }});
    create("f");
    call_lambda("PublishVersion", {{"FunctionName", "f"}});
    call_lambda("CreateAlias", {{"FunctionName", "f"}, {"Name", "live"}, {"FunctionVersion", "1"}});
  }
  static Json of(std::string_view qualifier, int environments) {
    return {
        {"FunctionName", "f"}, {"Qualifier", qualifier}, {"ProvisionedConcurrentExecutions", environments}};
  }
  Json put(std::string_view qualifier, int environments) {
    return call_lambda("PutProvisionedConcurrencyConfig", of(qualifier, environments));
  }
  AwsError refuse(std::string_view qualifier, int environments) {
    return refused("PutProvisionedConcurrencyConfig", of(qualifier, environments));
  }
  Json got(std::string_view qualifier) {
    return call_lambda("GetProvisionedConcurrencyConfig", {{"FunctionName", "f"}, {"Qualifier", qualifier}});
  }
};
}  // namespace

TEST_CASE("provisioned concurrency is in progress until its environments are initialised, and then ready") {
  Provisioned world;
  const auto put = world.put("1", 3);
  CHECK(put["Status"] == "IN_PROGRESS");
  CHECK(put["RequestedProvisionedConcurrentExecutions"] == 3);
  CHECK(put["AllocatedProvisionedConcurrentExecutions"] == 0);
  CHECK(put["LastModified"] == "2026-01-01T00:00:00+0000");
  CHECK(world.got("1")["Status"] == "IN_PROGRESS");
  world.advance(2s);
  const auto got = world.got("1");
  CHECK(got["Status"] == "READY");
  CHECK(got["AllocatedProvisionedConcurrentExecutions"] == 3);
  CHECK(got["AvailableProvisionedConcurrentExecutions"] == 3);
  CHECK(world.launcher.launched() == 3);
  const Time begun = world.clock.now();
  world.invoke("f:1");
  CHECK(world.clock.now() == begun);  // no cold start
  world.call_lambda("DeleteProvisionedConcurrencyConfig", {{"FunctionName", "f"}, {"Qualifier", "1"}});
  world.advance(0s);
  CHECK(world.launcher.closed() == 3);
  const auto none =
      world.refused("GetProvisionedConcurrencyConfig", {{"FunctionName", "f"}, {"Qualifier", "1"}});
  CHECK(none.code == "ProvisionedConcurrencyConfigNotFoundException");
  CHECK(none.message == "No Provisioned Concurrency Config found for this function");
}

TEST_CASE("moving an alias provisions the version that it points to now") {
  Provisioned world;
  world.call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Timeout", 9}});
  world.call_lambda("PublishVersion", {{"FunctionName", "f"}});
  world.put("live", 2);
  world.advance(2s);
  CHECK(world.got("live")["Status"] == "READY");
  world.call_lambda("UpdateAlias", {{"FunctionName", "f"}, {"Name", "live"}, {"FunctionVersion", "2"}});
  CHECK(world.got("live")["Status"] == "IN_PROGRESS");
  world.advance(2s);
  CHECK(world.got("live")["Status"] == "READY");
  CHECK(world.launcher.closed() == 2);
  world.call_lambda("UpdateAlias", {{"FunctionName", "f"},
                                    {"Name", "live"},
                                    {"RoutingConfig", {{"AdditionalVersionWeights", {{"1", 0.5}}}}}});
  world.advance(2s);
  CHECK(world.got("live")["AllocatedProvisionedConcurrentExecutions"] == 2);
  CHECK(world.launcher.launched() == 5);
}

TEST_CASE("a reserved and provisioned version works while $LATEST is throttled") {
  Provisioned world;
  world.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 1}});
  world.put("1", 1);
  world.advance(2s);
  world.invoke("f:1");
  const auto error = world.refused("Invoke", {{"FunctionName", "f"}, {"Payload", "{}"}});
  CHECK(error.extra["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded");
}

TEST_CASE("what cannot be provisioned is refused in AWS's words") {
  Provisioned world;
  CHECK(world.refuse("$LATEST", 1).message ==
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
  CHECK(world.refuse("7", 1).http_status == 404);
  CHECK(world.refuse("1", 0).code == "ValidationException");
  const auto much = world.refuse("1", 2000);
  CHECK(
      much.message ==
      "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000].");
  CHECK(much.extra.empty());
  CHECK(world.refuse("1", 950).message ==
        "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below "
        "its minimum value of [100].");
  world.put("live", 2);
  CHECK(world.refuse("1", 1).message == "Version is pointed by a Provisioned Concurrency alias");
  CHECK(world.refused("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 1}})
            .message ==
        " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned concurrency "
        "[2].");
  world.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 5}});
  CHECK(world.refuse("live", 6).message ==
        "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for "
        "function");
  world.call_lambda("DeleteProvisionedConcurrencyConfig", {{"FunctionName", "f"}, {"Qualifier", "live"}});
  world.put("1", 2);
  CHECK(world.refuse("live", 1).message ==
        "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version");
  CHECK(world.refuse("live", 1).http_status == 409);
}

TEST_CASE("an alias of $LATEST cannot have provisioned concurrency, nor one that has it move to $LATEST") {
  Provisioned world;
  const std::string text =
      "Provisioned Concurrency Configs cannot be applied to unpublished function versions.";
  world.call_lambda("CreateAlias",
                    {{"FunctionName", "f"}, {"Name", "newest"}, {"FunctionVersion", "$LATEST"}});
  CHECK(world.refuse("newest", 1).message == text);
  world.put("live", 1);
  const Json move{{"FunctionName", "f"}, {"Name", "live"}, {"FunctionVersion", "$LATEST"}};
  CHECK(world.refused("UpdateAlias", move).message == text);
  CHECK(world.got("live")["RequestedProvisionedConcurrentExecutions"] == 1);
  world.call_lambda("DeleteProvisionedConcurrencyConfig", {{"FunctionName", "f"}, {"Qualifier", "live"}});
  CHECK(world.call_lambda("UpdateAlias", move)["FunctionVersion"] == "$LATEST");
}

TEST_CASE("provisioned concurrency is listed, and provisioned again after a restart") {
  Provisioned world;
  world.put("live", 2);
  const auto listed = world.call_lambda("ListProvisionedConcurrencyConfigs", {{"FunctionName", "f"}});
  REQUIRE(listed["ProvisionedConcurrencyConfigs"].size() == 1);
  CHECK(listed["ProvisionedConcurrencyConfigs"][0]["FunctionArn"] ==
        "arn:aws:lambda:us-east-1:000000000000:function:f:live");
  LambdaWorld again(world);
  again.echo("f");
  const Json asked{{"FunctionName", "f"}, {"Qualifier", "live"}};
  again.advance(0s);
  CHECK(again.call_lambda("GetProvisionedConcurrencyConfig",
                          asked)["RequestedProvisionedConcurrentExecutions"] == 2);
}

TEST_CASE("code that cannot initialise makes its provisioned concurrency fail") {
  LambdaWorld world;
  world.create("g");
  world.call_lambda("PublishVersion", {{"FunctionName", "g"}});
  const Json asked{{"FunctionName", "g"}, {"Qualifier", "1"}};
  Json put = asked;
  put["ProvisionedConcurrentExecutions"] = 1;
  world.call_lambda("PutProvisionedConcurrencyConfig", put);
  world.advance(1s);
  const auto got = world.call_lambda("GetProvisionedConcurrencyConfig", asked);
  CHECK(got["Status"] == "FAILED");
  CHECK(got["StatusReason"] == "FUNCTION_ERROR_INIT_FAILURE");
  world.echo("g");  // whatever it was is mended: the same request tries again
  world.call_lambda("PutProvisionedConcurrencyConfig", put);
  world.advance(1s);
  CHECK(world.call_lambda("GetProvisionedConcurrencyConfig", asked)["Status"] == "READY");
}
