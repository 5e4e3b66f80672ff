#include "emulator/services/lambda/layers/use.hpp"
#include "emulator/services/lambda/port.hpp"
#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct LayerWorld : LambdaWorld {
  Json publish(std::string_view name, std::string_view text = "exports.x = 1", Json more = Json::object()) {
    Json in{{"LayerName", name}, {"Content", {{"ZipFile", base64_encode(zip(text))}}}};
    in.update(more);
    return call_lambda("PublishLayerVersion", std::move(in));
  }
  std::string refuse_layers(std::vector<std::string> arns) {
    return refused("CreateFunction", function("f", {{"Layers", arns}})).message;
  }
};
const std::string kLayer = "arn:aws:lambda:us-east-1:000000000000:layer:l";
// A queue that exists and stays empty.
struct Queue final : QueueSource {
  Result<Settings> settings(std::string_view) override { return Settings{.visibility = 30s}; }
  awaitable<Result<Json>> receive(std::string, std::size_t, Duration, std::shared_ptr<Poll>) override {
    co_return Json::array();
  }
  Result<Outcomes> remove(std::string_view, std::span<const std::string>) override { return Outcomes{}; }
  Result<Outcomes> show_again(std::string_view, std::span<const std::string>, Duration) override {
    return Outcomes{};
  }
};
Json version(std::int64_t number) { return {{"LayerName", "l"}, {"VersionNumber", number}}; }
}  // namespace

TEST_CASE("a layer version is published, got by number and by ARN, listed and deleted") {
  LayerWorld world;
  const auto one = world.publish("l", "a", {{"Description", "d"}, {"CompatibleRuntimes", {"nodejs20.x"}}});
  CHECK(one["LayerArn"] == kLayer);
  CHECK(one["LayerVersionArn"] == kLayer + ":1");
  CHECK(one["Version"] == 1);
  CHECK(one["CreatedDate"] == "2026-01-01T00:00:00.000+0000");
  CHECK(one["Content"]["CodeSha256"] == base64_encode(sha256(LambdaWorld::zip("a"))));
  CHECK(world.call_lambda("GetLayerVersion", version(1)) == one);
  CHECK(world.call_lambda("GetLayerVersionByArn", {{"Arn", kLayer + ":1"}}) == one);
  world.publish("l", "b");
  world.publish("m");
  const auto layers = world.call_lambda("ListLayers")["Layers"];
  REQUIRE(layers.size() == 2);
  CHECK(layers[0]["LatestMatchingVersion"]["Version"] == 2);
  const auto node = world.call_lambda("ListLayers", {{"CompatibleRuntime", "nodejs20.x"}})["Layers"];
  REQUIRE(node.size() == 1);
  CHECK(node[0]["LatestMatchingVersion"]["Version"] == 1);
  const auto versions = world.call_lambda("ListLayerVersions", {{"LayerName", "l"}})["LayerVersions"];
  REQUIRE(versions.size() == 2);
  CHECK(versions[0]["Version"] == 2);
  world.call_lambda("DeleteLayerVersion", version(2));
  world.call_lambda("DeleteLayerVersion", version(2));
  CHECK(world.publish("l", "c")["Version"] == 3);
  CHECK(world.refused("GetLayerVersion", version(2)).message == "The resource you requested does not exist.");
  CHECK(world.refused("GetLayerVersion", version(0)).message == "Layer Version Cannot be less than 1.");
  CHECK(world.call_lambda("ListLayerVersions", {{"LayerName", "none"}})["LayerVersions"].empty());
}

TEST_CASE("a function has its layers unpacked, in their order, and keeps them when they are deleted") {
  LayerWorld world;
  world.echo("f");
  world.publish("l", "a");
  world.publish("m", "b");
  const std::string other = "arn:aws:lambda:us-east-1:000000000000:layer:m:1";
  const auto made = world.create("f", {{"Layers", {kLayer + ":1", other}}});
  REQUIRE(made["Layers"].size() == 2);
  CHECK(made["Layers"][0]["Arn"] == kLayer + ":1");
  CHECK(made["Layers"][0]["CodeSize"] == LambdaWorld::zip("a").size());
  world.call_lambda("DeleteLayerVersion", version(1));
  world.advance(1h);
  world.invoke("f");
  const auto environments = world.invoker.environments();
  REQUIRE(environments.size() == 1);
  const auto& layers = environments[0].spec->layers;
  REQUIRE(layers.size() == 2);
  CHECK(std::filesystem::exists(layers[0] / "index.js"));
  CHECK(std::filesystem::exists(layers[1] / "index.js"));
  const auto gone = layers[0];
  const auto cleared =
      world.call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Layers", Json::array()}});
  CHECK(!cleared.contains("Layers"));
  world.advance(1h);
  CHECK(!std::filesystem::exists(gone));  // nobody uses it any more
}

TEST_CASE("a change of a layer that is used in place reaches the next invocation") {
  LayerWorld world;
  world.echo("f");
  const auto root = world.folder->path() / "shared";
  std::filesystem::create_directories(root / "nodejs/node_modules/words");
  world.folder->write("shared/nodejs/node_modules/words/index.js", "1");
  world.call_lambda(
      "PublishLayerVersion",
      {{"LayerName", "l"}, {"Content", {{"S3Bucket", "hot-reload"}, {"S3Key", root.string()}}}});
  world.create("f", {{"Layers", {kLayer + ":1"}}});
  world.invoke("f");
  world.invoke("f");
  CHECK(world.launcher.launched() == 1);
  world.folder->write("shared/nodejs/node_modules/words/index.js", "22");
  world.invoke("f");
  CHECK(world.launcher.launched() == 2);
  world.folder->write("shared/other.txt", "1");
  world.invoke("f");
  world.invoke("f");
  CHECK(world.launcher.launched() == 3);
}

TEST_CASE("code and layers together have a limit when they are unpacked") {
  LayerWorld before;
  before.echo("f");
  before.publish("l", "a");
  before.create("f");
  // As if they had been so large: what is unpacked is measured anew after a restart.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(before.folder->path() / "code"))
    if (entry.path().filename() == "index.js") std::filesystem::resize_file(entry.path(), 132'000'000);
  LambdaWorld world(before);
  CHECK(world.refused("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Layers", {kLayer + ":1"}}})
            .message ==
        "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual "
        "size is 264000000 bytes.");
  CHECK_FALSE(world.configuration("f").contains("Layers"));
  CHECK(world.refused("CreateFunction", LambdaWorld::function("g", {{"Layers", {kLayer + ":1"}}})).code ==
        "InvalidParameterValueException");
  world.create(
      "h", {{"Layers", {kLayer + ":1"}}, {"Code", {{"ZipFile", base64_encode(LambdaWorld::zip("small"))}}}});
  CHECK(world
            .refused("UpdateFunctionCode",
                     {{"FunctionName", "h"}, {"ZipFile", base64_encode(LambdaWorld::zip())}})
            .code == "InvalidParameterValueException");
}

TEST_CASE("layers that a function cannot have are refused in AWS's words") {
  LayerWorld world;
  world.publish("l", "a");
  world.publish("l", "b");
  CHECK(world.refuse_layers({kLayer + ":3"}) == "Layer version " + kLayer + ":3 does not exist.");
  CHECK(world.refuse_layers(std::vector<std::string>(6, kLayer + ":1")) ==
        "Cannot reference more than 5 layers.");
  CHECK(world.refuse_layers({kLayer + ":1", kLayer + ":2"}) ==
        "Two different versions of the same layer are not allowed to be referenced in the same function. " +
            kLayer + ":1 and " + kLayer + ":2 are versions of the same layer.");
  CHECK(world.refuse_layers({"arn:aws:lambda:eu-west-1:000000000000:layer:l:1"}) ==
        "Layers are not in the same region as the function. Layers are expected to be in region us-east-1.");
  CHECK(world.refuse_layers({"l:1"}).starts_with(
      "1 validation error detected: Value '[l:1]' at 'layers' failed"));
}

TEST_CASE("a layer of another account needs that account's permission") {
  LayerWorld world;
  const auto owner = [&] { world.context.scope.account = "111111111111"; };
  owner();
  world.publish("l");
  const std::string arn = "arn:aws:lambda:us-east-1:111111111111:layer:l:1";
  const auto use = [&] {
    world.context.scope.account = std::string(kDefaultAccount);
    return world.attempt(world.lambda, "CreateFunction", LambdaWorld::function("f", {{"Layers", {arn}}}));
  };
  CHECK(use().error().code == "AccessDeniedException");
  owner();
  Json permission = version(1);
  permission.update({{"StatementId", "s"}, {"Action", "lambda:GetLayerVersion"}, {"Principal", "*"}});
  const auto added = world.call_lambda("AddLayerVersionPermission", permission);
  CHECK(Json::parse(added["Statement"].get<std::string>())["Resource"] == arn);
  CHECK(world.refused("AddLayerVersionPermission", permission).http_status == 409);
  CHECK(world.call_lambda("GetLayerVersionPolicy", version(1))["RevisionId"] == added["RevisionId"]);
  const auto used = use();
  CHECK(used);
  owner();
  Json remove = version(1);
  remove["StatementId"] = "s";
  Json stale = remove;
  stale["RevisionId"] = "x";
  CHECK(world.refused("RemoveLayerVersionPermission", stale).message.contains("GetLayerPolicy"));
  world.call_lambda("RemoveLayerVersionPermission", remove);
  CHECK(world.refused("GetLayerVersionPolicy", version(1)).message ==
        "No policy is associated with the given resource.");
  CHECK(world.refused("GetLayerVersionPolicy", version(7)).message ==
        "Layer version arn:aws:lambda:us-east-1:111111111111:layer:l:7 does not exist.");
}

TEST_CASE("layers and functions with layers are there after a restart") {
  LayerWorld world;
  const auto one = world.publish("l");
  world.create("f", {{"Layers", {kLayer + ":1"}}});
  LambdaWorld again(world);
  CHECK(again.call_lambda("GetLayerVersion", version(1)) == one);
  again.echo("f");
  again.invoke("f");
  CHECK(again.invoker.environments()[0].spec->layers.size() == 1);
  Report report;
  again.lambda.verify(report);
  CHECK(report.sound());
}

TEST_CASE("only its own account and region writes a layer, and others read what they may use") {
  LayerWorld world;
  world.publish("l");
  world.context.scope.account = "111111111111";
  Json one = version(1);
  one["LayerName"] = kLayer;
  const auto denied = [&](std::string_view operation, Json more = Json::object()) {
    Json in = one;
    in.update(more);
    const auto error = world.refused(operation, in);
    CAPTURE(operation);
    CHECK(error.code == "AccessDeniedException");
    CHECK(error.http_status == 403);
    return error.message;
  };
  const Json content{{"Content", {{"ZipFile", base64_encode(LambdaWorld::zip("x"))}}}};
  const Json statement{
      {"StatementId", "s"}, {"Action", "lambda:GetLayerVersion"}, {"Principal", "111111111111"}};
  const auto writes = [&] {
    denied("PublishLayerVersion", content);
    denied("AddLayerVersionPermission", statement);
    denied("RemoveLayerVersionPermission", {{"StatementId", "s"}});
    CHECK(denied("DeleteLayerVersion") ==
          "User: arn:aws:iam::111111111111:root is not authorized to perform: "
          "lambda:DeleteLayerVersion on resource: " +
              kLayer +
              ":1 because no resource-based policy allows the "
              "lambda:DeleteLayerVersion action");
  };
  writes();
  denied("GetLayerVersion");
  denied("GetLayerVersionByArn", {{"Arn", kLayer + ":1"}});
  denied("GetLayerVersionPolicy");
  denied("ListLayerVersions");
  world.context.scope = {};
  Json permission = version(1);
  permission.update(statement);
  world.call_lambda("AddLayerVersionPermission", permission);
  world.context.scope.account = "111111111111";
  CHECK(world.call_lambda("GetLayerVersion", one)["Version"] == 1);
  writes();
  world.context.scope = {.region = "eu-west-1"};
  denied("PublishLayerVersion", content);
  denied("DeleteLayerVersion");
}

TEST_CASE("the code of a layer that a request is about to use outlives the layer's deletion") {
  LayerWorld world;
  const auto one = world.publish("l", "a");
  const auto digest = one["Content"]["CodeSha256"].get<std::string>();
  std::optional<lambda::SettingsChange> change(std::in_place);
  change->Layers = {kLayer + ":1"};
  REQUIRE(!lambda::use_layers(world.lambda, world.context.scope, *change));
  world.call_lambda("DeleteLayerVersion", version(1));
  world.advance(10s);
  CHECK(world.code.read_zip(digest));
  change.reset();
  world.advance(2s);
  CHECK(!world.code.read_zip(digest));
}

TEST_CASE("a function with tenants has an environment for each, and wants to be told which") {
  LambdaWorld world;
  world.echo("f");
  const auto made = world.create("f", {{"TenancyConfig", {{"TenantIsolationMode", "PER_TENANT"}}}});
  CHECK(made["TenancyConfig"]["TenantIsolationMode"] == "PER_TENANT");
  CHECK(world.refused("Invoke", {{"FunctionName", "f"}, {"Payload", "{}"}}).code ==
        "InvalidParameterValueException");
  for (const auto* tenant : {"a", "b", "a"}) world.invoke("f", "{}", {{"TenantId", tenant}});
  CHECK(world.launcher.launched() == 2);
  CHECK(world.seen.tenant_id == "a");
}

TEST_CASE("an event keeps its tenant, and ways in without one are closed to a function with tenants") {
  LambdaWorld world;
  world.failing("f");
  world.create("f", {{"TenancyConfig", {{"TenantIsolationMode", "PER_TENANT"}}}});
  world.invoke("f", "{}", {{"InvocationType", "Event"}, {"TenantId", "a"}});
  world.advance(0s);
  CHECK(world.seen.tenant_id == "a");
  world.seen = {};
  world.advance(1min);
  CHECK(world.calls == 2);  // tried again
  CHECK(world.seen.tenant_id == "a");
  const auto closed = [](const AwsError& error) {
    return error.code == "InvalidParameterValueException" &&
           error.message ==
               "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your "
               "request and try again.";
  };
  CHECK(closed(world.refused("InvokeAsync", {{"FunctionName", "f"}, {"InvokeArgs", "{}"}})));
  const std::string arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
  runtime::Invocation invocation;
  CHECK(closed(world.run(world.lambda.invoke_function(arn, std::move(invocation))).error()));
  lambda::FunctionTarget target(world.lambda);
  Delivery delivery;
  CHECK(closed(world.run(target.deliver(arn, std::move(delivery))).error()));
  Queue queue;
  world.ports.serve("sqs", queue);
  CHECK(world
            .refused("CreateEventSourceMapping",
                     {{"FunctionName", "f"}, {"EventSourceArn", "arn:aws:sqs:us-east-1:000000000000:q"}})
            .message == "Event source mappings are not supported for functions with tenant isolation.");
}
