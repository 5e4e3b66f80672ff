#include <fstream>

#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json new_code(std::string_view name, Json more = Json::object()) {
  Json in{{"FunctionName", name}, {"ZipFile", base64_encode(LambdaWorld::zip("new"))}};
  in.update(more);
  return in;
}
}  // namespace

TEST_CASE("an update of the code is InProgress, then Successful, with a new revision each time") {
  LambdaWorld world;
  const auto made = world.create("f");
  const auto active = world.configuration("f");
  const auto updated = world.call_lambda("UpdateFunctionCode", new_code("f"));
  CHECK(updated["LastUpdateStatus"] == "InProgress");
  CHECK(updated["LastUpdateStatusReason"] == "The function is being created.");
  CHECK(updated["LastUpdateStatusReasonCode"] == "Creating");
  CHECK(updated["State"] == "Active");
  CHECK(updated["CodeSha256"] == base64_encode(sha256(LambdaWorld::zip("new"))));
  const auto after = world.configuration("f");
  CHECK(after["LastUpdateStatus"] == "Successful");
  CHECK(after["RevisionId"] != updated["RevisionId"]);
  CHECK(updated["RevisionId"] != active["RevisionId"]);
}

TEST_CASE("after an update the next invocation starts a new environment, and the old one ends") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  world.invoke("f");
  world.invoke("f");
  CHECK(world.launcher.launched() == 1);
  world.call_lambda("UpdateFunctionCode", new_code("f"));
  CHECK(world.launcher.closed() == 1);
  world.invoke("f");
  CHECK(world.launcher.launched() == 2);
  world.call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Timeout", 5}});
  world.invoke("f");
  CHECK(world.launcher.launched() == 3);
}

TEST_CASE("while an update is in progress another one is refused and the old code serves") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  const auto row = [&](std::string_view name) -> const Operation& {
    for (const auto& operation : world.lambda.operations())
      if (operation.name == name) return operation;
    throw std::out_of_range("no such operation");
  };
  auto both = [&]() -> awaitable<Result<Json>> {
    Json first{{"FunctionName", "f"}, {"Timeout", 5}}, invoke{{"FunctionName", "f"}, {"Payload", "1"}};
    auto begun =
        co_await row("UpdateFunctionConfiguration").call(world.lambda, world.context, std::move(first));
    REQUIRE(begun);
    Json second = new_code("f");
    auto refused = co_await row("UpdateFunctionCode").call(world.lambda, world.context, std::move(second));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message ==
          "The operation cannot be performed at this time. An update is in progress for resource: "
          "arn:aws:lambda:us-east-1:000000000000:function:f");
    CHECK(refused.error().http_status == 409);
    co_return co_await row("Invoke").call(world.lambda, world.context, std::move(invoke));
  };
  const auto served = world.run(both(), 1s);
  REQUIRE(served);
  CHECK((*served)["Payload"] == "1");
}

TEST_CASE("an invocation that began before an update ends with the code it began with") {
  LambdaWorld world;
  world.launcher.add("f", {.handler = [](auto&) { return runtime::Outcome{.payload = "\"old\""}; },
                           .service_time = [] { return Duration(2s); }});
  world.create("f");
  std::string answer;
  auto slow = [&]() -> awaitable<void> {
    runtime::Invocation invocation{.request_id = "1", .payload = "{}"};
    std::string arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    auto outcome = co_await world.lambda.invoke_function(std::move(arn), std::move(invocation));
    answer = outcome->payload;
  };
  world.start(slow());
  world.call_lambda("UpdateFunctionCode", new_code("f"));
  CHECK(world.launcher.closed() == 0);
  world.advance(3s);
  CHECK(answer == "\"old\"");
  CHECK(world.launcher.closed() == 1);
}

TEST_CASE("a dry run of a code update answers and changes nothing") {
  LambdaWorld world;
  world.create("f");
  const auto before = world.configuration("f");
  const auto dry = world.call_lambda("UpdateFunctionCode", new_code("f", {{"DryRun", true}}));
  CHECK(dry["CodeSha256"] == base64_encode(sha256(LambdaWorld::zip("new"))));
  CHECK(world.configuration("f") == before);
  CHECK_FALSE(world.code.read_zip(base64_encode(sha256(LambdaWorld::zip("new")))));
}

TEST_CASE("the revision that an update expects must be the latest") {
  LambdaWorld world;
  world.create("f");
  for (const auto& [operation, input] :
       std::map<std::string, Json>{{"UpdateFunctionCode", new_code("f")},
                                   {"UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Timeout", 9}}},
                                   {"PublishVersion", {{"FunctionName", "f"}}}}) {
    auto stale = input, fresh = input;
    stale["RevisionId"] = "stale";
    const auto error = world.refused(operation, stale);
    CHECK(error.code == "PreconditionFailedException");
    CHECK(error.http_status == 412);
    CHECK(error.message ==
          "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API "
          "to "
          "retrieve the latest Revision Id");
    fresh["RevisionId"] = world.configuration("f")["RevisionId"];
    world.call_lambda(operation, fresh);
  }
}

TEST_CASE("absent settings stay, empty ones are cleared") {
  LambdaWorld world;
  world.create("f", {{"Environment", {{"Variables", {{"KEY", "v"}}}}}, {"Description", "d"}});
  world.call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"MemorySize", 256}});
  auto now = world.configuration("f");
  CHECK(now["MemorySize"] == 256);
  CHECK(now["Environment"] == Json{{"Variables", {{"KEY", "v"}}}});
  CHECK(now["Description"] == "d");
  world.call_lambda("UpdateFunctionConfiguration",
                    {{"FunctionName", "f"}, {"Environment", Json::object()}, {"Layers", Json::array()}});
  now = world.configuration("f");
  CHECK_FALSE(now.contains("Environment"));
}

TEST_CASE("an image cannot replace a zip, and an unknown function cannot be updated") {
  LambdaWorld world;
  CHECK(world.refused("UpdateFunctionCode", new_code("f")).http_status == 404);
  CHECK(world.refused("UpdateFunctionConfiguration", {{"FunctionName", "f"}}).http_status == 404);
  world.create("f");
  CHECK(world.refused("UpdateFunctionCode", {{"FunctionName", "f"}, {"ImageUri", "i"}}).message ==
        "Please don't provide ImageUri when updating a function with packageType Zip.");
}

TEST_CASE("a function on a hot directory runs new code on the invocation after a change") {
  LambdaWorld world;
  const auto home = world.folder->path() / "project";
  std::filesystem::create_directories(home);
  std::ofstream(home / "index.js") << "exports.handler = async () => 1";
  world.echo("f");
  world.create("f", {{"Code", {{"S3Bucket", "hot-reload"}, {"S3Key", home}}}});
  world.invoke("f");
  world.invoke("f");
  CHECK(world.launcher.launched() == 1);
  std::ofstream(home / "index.js") << "exports.handler = async () => 22";
  world.invoke("f");
  CHECK(world.launcher.launched() == 2);
  CHECK(world.launcher.closed() == 1);
  world.invoke("f");
  CHECK(world.launcher.launched() == 2);
  world.call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Timeout", 7}});
  world.advance(1min);
  world.invoke("f");
  std::ofstream(home / "index.js") << "exports.handler = async () => 333";
  world.invoke("f");
  CHECK(world.launcher.launched() == 4);
}
