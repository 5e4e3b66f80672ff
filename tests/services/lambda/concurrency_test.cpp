#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json put(std::string_view name, int reserved) {
  return {{"FunctionName", name}, {"ReservedConcurrentExecutions", reserved}};
}
}  // namespace

TEST_CASE("reserved concurrency is put, got and deleted") {
  LambdaWorld world;
  world.create("f");
  CHECK(world.call_lambda("GetFunctionConcurrency", {{"FunctionName", "f"}}) == Json::object());
  CHECK(world.call_lambda("PutFunctionConcurrency", put("f", 5)) ==
        Json{{"ReservedConcurrentExecutions", 5}});
  CHECK(world.call_lambda("GetFunctionConcurrency", {{"FunctionName", "f"}}) ==
        Json{{"ReservedConcurrentExecutions", 5}});
  world.call_lambda("DeleteFunctionConcurrency", {{"FunctionName", "f"}});
  CHECK(world.call_lambda("GetFunctionConcurrency", {{"FunctionName", "f"}}) == Json::object());
}

TEST_CASE("a reservation caps the function, and deleting it lifts the cap") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  world.call_lambda("PutFunctionConcurrency", put("f", 0));
  CHECK(world.refused("Invoke", {{"FunctionName", "f"}, {"Payload", "{}"}}).http_status == 429);
  world.call_lambda("DeleteFunctionConcurrency", {{"FunctionName", "f"}});
  world.invoke("f");
  world.call_lambda("PutFunctionConcurrency", put("f", 0));
  world.call_lambda("DeleteFunction", {{"FunctionName", "f"}});
  world.create("f");
  world.invoke("f");  // the reservation went with the function
}

TEST_CASE("a hundred executions of the account stay unreserved") {
  LambdaWorld world;
  world.create("f");
  world.create("g");
  const auto error = world.refused("PutFunctionConcurrency", put("f", 901));
  CHECK(error.code == "InvalidParameterValueException");
  CHECK(error.extra.empty());
  CHECK(error.message ==
        "Specified ReservedConcurrentExecutions for function decreases account's "
        "UnreservedConcurrentExecution below "
        "its minimum value of [100].");
  world.call_lambda("PutFunctionConcurrency", put("f", 900));
  world.call_lambda("PutFunctionConcurrency", put("f", 800));
  world.call_lambda("PutFunctionConcurrency", put("g", 100));
  CHECK(world.refused("PutFunctionConcurrency", put("g", 101)).http_status == 400);
}

TEST_CASE("concurrency belongs to a whole, existing function") {
  LambdaWorld world;
  CHECK(world.refused("PutFunctionConcurrency", put("f", 1)).message ==
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST");
  CHECK(world.refused("PutFunctionConcurrency", put("f:1", 1)).message ==
        "This operation is permitted on Lambda functions only. Aliases and versions do not support this "
        "operation. "
        "Please specify either a function name or an unqualified function ARN.");
  CHECK(world.refused("PutFunctionConcurrency", put("f", -1)).message ==
        "1 validation error detected: Value '-1' at 'reservedConcurrentExecutions' failed to satisfy "
        "constraint: "
        "Member must have value greater than or equal to 0");
}
