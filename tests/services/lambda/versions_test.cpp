#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("a published version keeps its code and settings while $LATEST moves on") {
  LambdaWorld world;
  world.echo("f");
  world.create("f", {{"Timeout", 5}});
  const auto one = world.call_lambda("PublishVersion", {{"FunctionName", "f"}, {"Description", "first"}});
  CHECK(one["Version"] == "1");
  CHECK(one["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f:1");
  CHECK(one["Description"] == "first");
  world.call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Timeout", 9}});
  const auto kept = world.call_lambda("GetFunctionConfiguration", {{"FunctionName", "f:1"}});
  CHECK(kept["Timeout"] == 5);
  CHECK(kept["State"] == "Active");
  CHECK(world.configuration("f")["Timeout"] == 9);
  CHECK(world.invoke("f:1")["ExecutedVersion"] == "1");
  CHECK(world.seen.invoked_arn == "arn:aws:lambda:us-east-1:000000000000:function:f:1");
  CHECK(world.invoke("f")["ExecutedVersion"] == "$LATEST");
}

TEST_CASE("publishing without a change gives the last version again; numbers are never reused") {
  LambdaWorld world;
  world.create("f");
  CHECK(world.call_lambda("PublishVersion", {{"FunctionName", "f"}})["Version"] == "1");
  CHECK(world.call_lambda("PublishVersion", {{"FunctionName", "f"}})["Version"] == "1");
  world.call_lambda("DeleteFunction", {{"FunctionName", "f"}, {"Qualifier", "1"}});
  CHECK(world.refused("GetFunction", {{"FunctionName", "f:1"}}).http_status == 404);
  CHECK(world.call_lambda("PublishVersion", {{"FunctionName", "f"}})["Version"] == "2");
  const auto listed = world.call_lambda("ListVersionsByFunction", {{"FunctionName", "f"}})["Versions"];
  REQUIRE(listed.size() == 2);
  CHECK(listed[0]["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST");
  CHECK(listed[1]["Version"] == "2");
}

TEST_CASE("CreateFunction and UpdateFunctionCode publish when asked to") {
  LambdaWorld world;
  CHECK(world.create("f", {{"Publish", true}})["Version"] == "1");
  const auto two = world.call_lambda(
      "UpdateFunctionCode",
      {{"FunctionName", "f"}, {"ZipFile", base64_encode(LambdaWorld::zip("new"))}, {"Publish", true}});
  CHECK(two["Version"] == "2");
  CHECK(world.call_lambda("ListFunctions", {{"FunctionVersion", "ALL"}})["Functions"].size() == 3);
}

TEST_CASE("a version is published only of the code it was asked for") {
  LambdaWorld world;
  world.create("f");
  const auto sha = base64_encode(sha256(LambdaWorld::zip()));
  CHECK(world.refused("PublishVersion", {{"FunctionName", "f"}, {"CodeSha256", "x"}}).message ==
        fmt::format(
            "CodeSHA256 (x) is different from current CodeSHA256 in $LATEST ({}). Please try again with the "
            "CodeSHA256 in $LATEST.",
            sha));
  CHECK(world.call_lambda("PublishVersion", {{"FunctionName", "f"}, {"CodeSha256", sha}})["Version"] == "1");
}
