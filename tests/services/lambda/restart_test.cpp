#include <fstream>

#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("functions, versions, policies, tags and reservations survive a restart") {
  LambdaWorld before;
  before.create(
      "f", {{"Environment", {{"Variables", {{"KEY", "v"}}}}}, {"Tags", {{"a", "1"}}}, {"Publish", true}});
  before.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}});
  before.call_lambda(
      "AddPermission",
      {{"FunctionName", "f"}, {"StatementId", "s"}, {"Action", "lambda:InvokeFunction"}, {"Principal", "*"}});
  before.create("gone");
  before.call_lambda("DeleteFunction", {{"FunctionName", "gone"}});

  LambdaWorld after(before);
  after.echo("f");
  for (const auto operation : {"GetFunction", "GetPolicy", "ListVersionsByFunction"})
    CHECK(after.call_lambda(operation, {{"FunctionName", "f"}}) ==
          before.call_lambda(operation, {{"FunctionName", "f"}}));
  CHECK(after.call_lambda("ListFunctions")["Functions"].size() == 1);
  CHECK(after.refused("Invoke", {{"FunctionName", "f"}, {"Payload", "{}"}}).http_status == 429);
  after.call_lambda("DeleteFunctionConcurrency", {{"FunctionName", "f"}});
  CHECK(after.invoke("f:1", "[1]")["Payload"] == "[1]");
  CHECK(after.code.read_zip(base64_encode(sha256(LambdaWorld::zip()))));
}

TEST_CASE("a function on a hot directory is watched again after a restart") {
  LambdaWorld before;
  const auto home = before.folder->path() / "project";
  std::filesystem::create_directories(home);
  std::ofstream(home / "index.js") << "1";
  before.create("f", {{"Code", {{"S3Bucket", "hot-reload"}, {"S3Key", home}}}});

  LambdaWorld after(before);
  after.echo("f");
  after.invoke("f");
  std::ofstream(home / "index.js") << "22";
  after.invoke("f");
  CHECK(after.launcher.launched() == 2);
}

TEST_CASE("a creation that a stop interrupted is complete after the restart") {
  LambdaWorld before;
  before.echo("f");
  storage::Batch early;
  auto interrupted = [&]() -> awaitable<Result<Json>> {
    for (const auto& row : before.lambda.operations()) {
      if (row.name != "CreateFunction") continue;
      auto in = LambdaWorld::function("f");
      auto made = co_await row.call(before.lambda, before.context, std::move(in));
      before.disk.scan({}, [&](storage::BytesView key, storage::BytesView value) {
        early.changes.push_back({storage::Bytes(key), storage::Bytes(value)});
        return true;
      });
      co_return made;
    }
    co_return AwsError::internal("");
  };
  REQUIRE(before.run(interrupted()));
  before.disk.write(early);  // as if nothing after the acknowledgement had happened
  LambdaWorld after(before);
  after.echo("f");
  CHECK(after.configuration("f")["State"] == "Active");
  CHECK(after.invoke("f", "1")["Payload"] == "1");
}

TEST_CASE("a function whose code has vanished fails its invocations and can be deleted") {
  LambdaWorld before;
  const auto home = before.folder->path() / "project";
  std::filesystem::create_directories(home);
  before.create("f", {{"Code", {{"S3Bucket", "hot-reload"}, {"S3Key", home}}}});
  std::filesystem::remove_all(home);
  LambdaWorld after(before);
  CHECK(after.invoke("f")["FunctionError"] == "Unhandled");
  after.call_lambda("DeleteFunction", {{"FunctionName", "f"}});
}
