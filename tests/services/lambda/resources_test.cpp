#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
class Stack {
 public:
  explicit Stack(LambdaWorld& world) : world_(world) {}
  const ResourceType& type(std::string_view name) const {
    for (const auto& row : world_.lambda.resource_types())
      if (row.type == name) return row;
    throw std::out_of_range(std::string(name));
  }
  Resource create(std::string_view name, Json properties, std::string suggested = "stack-Fn-abcdefghijkl") {
    auto made =
        world_.run(type(name).create(world_.lambda, world_.context, request(properties, suggested)), 1min);
    if (!made) FAIL(made.error().message);
    return *made;
  }
  Resource update(std::string_view name, Resource old, Json properties) {
    auto done =
        world_.run(type(name).update(world_.lambda, world_.context, old, request(properties, "")), 1min);
    if (!done) FAIL(done.error().message);
    return *done;
  }
  void remove(std::string_view name, Resource old) {
    CHECK(world_.run(type(name).remove(world_.lambda, world_.context, old), 1min));
  }

 private:
  static ResourceRequest request(Json properties, std::string suggested) {
    return {"Fn", "stack", std::move(suggested), std::move(properties)};
  }
  LambdaWorld& world_;
};

Json properties(Json more = Json::object()) {
  Json out{{"Code", {{"ZipFile", "exports.handler = async () => 1"}}},
           {"Role", "arn:aws:iam::000000000000:role/r"},
           {"Runtime", "nodejs20.x"},
           {"Handler", "index.handler"}};
  out.update(more);
  return out;
}
constexpr std::string_view kFunction = "AWS::Lambda::Function";
}  // namespace

TEST_CASE("a function of a template is active when it is there, under a name of its own") {
  LambdaWorld world;
  Stack stack(world);
  world.echo("stack-Fn-abcdefghijkl");
  const auto made =
      stack.create(kFunction, properties({{"MemorySize", "512"},
                                          {"TracingConfig", {{"Mode", "active"}}},
                                          {"Environment", {{"Variables", {{"PORT", 8080}, {"ON", true}}}}},
                                          {"Tags", {{{"Key", "k"}, {"Value", "v"}}}}}));
  CHECK(made.physical_id == "stack-Fn-abcdefghijkl");
  CHECK(made.attributes["Arn"] == "arn:aws:lambda:us-east-1:000000000000:function:stack-Fn-abcdefghijkl");
  const auto got = world.call_lambda("GetFunction", {{"FunctionName", made.physical_id}});
  CHECK(got["Configuration"]["State"] == "Active");
  CHECK(got["Configuration"]["MemorySize"] == 512);
  CHECK(got["Configuration"]["TracingConfig"]["Mode"] == "Active");
  CHECK(got["Configuration"]["Environment"]["Variables"] == Json{{"PORT", "8080"}, {"ON", "true"}});
  CHECK(got["Tags"] == Json{{"k", "v"}});
  CHECK(world.invoke(made.physical_id, "1")["Payload"] == "1");
}

TEST_CASE("a suggested name that is too long for Lambda keeps its random end") {
  LambdaWorld world;
  Stack stack(world);
  const auto made = stack.create(kFunction, properties(), std::string(80, 's') + "-abcdefghijkl");
  CHECK(made.physical_id == std::string(51, 's') + "-abcdefghijkl");
}

TEST_CASE("an update without a change leaves environments warm; one with a change does not") {
  LambdaWorld world;
  Stack stack(world);
  world.echo("f");
  auto made =
      stack.create(kFunction, properties({{"FunctionName", "f"}, {"Timeout", 9}, {"Description", "d"}}));
  world.invoke("f");
  made = stack.update(kFunction, made,
                      properties({{"FunctionName", "f"}, {"Timeout", 9}, {"Description", "d"}}));
  world.invoke("f");
  CHECK(world.launcher.launched() == 1);
  made = stack.update(kFunction, made,
                      properties({{"FunctionName", "f"},
                                  {"ReservedConcurrentExecutions", 3},
                                  {"Code", {{"ZipFile", "exports.handler = async () => 2"}}}}));
  CHECK(world.configuration("f")["Timeout"] == 3);  // what a template leaves out is the default
  CHECK(world.configuration("f")["Description"] == "");
  CHECK(world.configuration("f")["CodeSha256"] ==
        base64_encode(sha256(LambdaWorld::zip("exports.handler = async () => 2"))));
  CHECK(world.call_lambda("GetFunctionConcurrency",
                          {{"FunctionName", "f"}})["ReservedConcurrentExecutions"] == 3);
  world.invoke("f");
  CHECK(world.launcher.launched() == 2);
}

TEST_CASE("a function whose reservation is refused is not left behind") {
  LambdaWorld world;
  Stack stack(world);
  ResourceRequest request{"Fn", "stack", "n",
                          properties({{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 999}})};
  const auto refused =
      world.run(stack.type(kFunction).create(world.lambda, world.context, std::move(request)), 1min);
  CHECK_FALSE(refused);
  CHECK(world.call_lambda("ListFunctions")["Functions"].empty());
}

TEST_CASE("versions and permissions of a template come and go") {
  LambdaWorld world;
  Stack stack(world);
  const auto function = stack.create(kFunction, properties({{"FunctionName", "f"}}));
  const auto version = stack.create("AWS::Lambda::Version", {{"FunctionName", "f"}});
  CHECK(version.physical_id == "arn:aws:lambda:us-east-1:000000000000:function:f:1");
  CHECK(version.attributes["Version"] == "1");
  const auto permission =
      stack.create("AWS::Lambda::Permission", {{"FunctionName", function.attributes["Arn"]},
                                               {"Action", "lambda:InvokeFunction"},
                                               {"Principal", "apigateway.amazonaws.com"}});
  CHECK(world.call_lambda("GetPolicy", {{"FunctionName", "f"}})["Policy"].get<std::string>().contains(
      permission.physical_id));
  stack.remove("AWS::Lambda::Permission", permission);
  CHECK(world.refused("GetPolicy", {{"FunctionName", "f"}}).http_status == 404);
  stack.remove("AWS::Lambda::Version", version);
  CHECK(world.refused("GetFunction", {{"FunctionName", "f:1"}}).http_status == 404);
  stack.remove(kFunction, function);
  stack.remove(kFunction, function);  // gone already is gone
  stack.remove("AWS::Lambda::Permission", permission);
}

TEST_CASE("ZipFile of a template is source text, or the base64 of a prebuilt archive") {
  LambdaWorld world;
  Stack stack(world);
  stack.create(kFunction, properties({{"FunctionName", "text"}, {"Code", {{"ZipFile", "x = 1"}}}}));
  stack.create(kFunction, properties({{"FunctionName", "archive"},
                                      {"Code", {{"ZipFile", base64_encode(LambdaWorld::zip("x = 1"))}}}}));
  const auto sha = base64_encode(sha256(LambdaWorld::zip("x = 1")));
  CHECK(world.configuration("text")["CodeSha256"] == sha);
  CHECK(world.configuration("archive")["CodeSha256"] == sha);
}

TEST_CASE("a template's alias splits invocations by its weights and keeps environments provisioned") {
  LambdaWorld world;
  Stack stack(world);
  world.echo("f");
  const auto function = stack.create(kFunction, properties({{"FunctionName", "f"}}));
  const auto one = stack.create("AWS::Lambda::Version", {{"FunctionName", "f"}});
  const Json plain{{"FunctionName", "f"}, {"FunctionVersion", "1"}, {"Name", "live"}};
  Json provisioned = plain;
  provisioned["ProvisionedConcurrencyConfig"] = {{"ProvisionedConcurrentExecutions", "2"}};
  const auto alias = stack.create("AWS::Lambda::Alias", provisioned);
  CHECK(alias.physical_id == "arn:aws:lambda:us-east-1:000000000000:function:f:live");
  const Json asked{{"FunctionName", "f"}, {"Qualifier", "live"}};
  const auto there = world.call_lambda("GetProvisionedConcurrencyConfig", asked);
  CHECK(there["AllocatedProvisionedConcurrentExecutions"] == 2);
  CHECK(there["Status"] == "READY");  // a deployment waits for it
  stack.update(kFunction, function, properties({{"FunctionName", "f"}, {"Timeout", 9}}));
  stack.create("AWS::Lambda::Version", {{"FunctionName", "f"}, {"Description", "second"}});
  Json weighted = plain;
  weighted["RoutingConfig"] = {
      {"AdditionalVersionWeights", {{{"FunctionVersion", "2"}, {"FunctionWeight", 0.5}}}}};
  stack.update("AWS::Lambda::Alias", alias, weighted);
  CHECK(world.refused("GetProvisionedConcurrencyConfig", asked).http_status == 404);
  std::set<std::string> executed;
  for (int i = 0; i < 40; ++i) executed.insert(world.invoke("f:live")["ExecutedVersion"].get<std::string>());
  CHECK(executed == std::set<std::string>{"1", "2"});
  stack.remove("AWS::Lambda::Alias", alias);
  stack.remove("AWS::Lambda::Alias", alias);
  stack.remove("AWS::Lambda::Version", one);
}

TEST_CASE("a template's function URL is made, changed and removed") {
  LambdaWorld world;
  Stack stack(world);
  const auto function = stack.create(kFunction, properties({{"FunctionName", "f"}}));
  const Json open{{"TargetFunctionArn", function.attributes["Arn"]}, {"AuthType", "NONE"}};
  const auto url = stack.create("AWS::Lambda::Url", open);
  CHECK(url.physical_id == function.attributes["Arn"].get<std::string>());
  CHECK(url.attributes["FunctionUrl"].get<std::string>().contains(".lambda-url.us-east-1.localhost:4566/"));
  Json closed = open;
  closed["AuthType"] = "AWS_IAM";
  closed["InvokeMode"] = "RESPONSE_STREAM";
  CHECK(stack.update("AWS::Lambda::Url", url, closed).attributes["FunctionUrl"] ==
        url.attributes["FunctionUrl"]);
  CHECK(world.call_lambda("GetFunctionUrlConfig", {{"FunctionName", "f"}})["InvokeMode"] ==
        "RESPONSE_STREAM");
  stack.remove("AWS::Lambda::Url", url);
  CHECK(world.refused("GetFunctionUrlConfig", {{"FunctionName", "f"}}).http_status == 404);
}

TEST_CASE("a template's layer is a zip or a directory, and is shared by a permission") {
  LambdaWorld world;
  Stack stack(world);
  const Folder directory;
  const auto layer = stack.create(
      "AWS::Lambda::LayerVersion",
      {{"LayerName", "l"}, {"Content", {{"S3Bucket", "hot-reload"}, {"S3Key", directory.path().string()}}}});
  CHECK(layer.physical_id == "arn:aws:lambda:us-east-1:000000000000:layer:l:1");
  const auto permission =
      stack.create("AWS::Lambda::LayerVersionPermission", {{"LayerVersionArn", layer.physical_id},
                                                           {"Action", "lambda:GetLayerVersion"},
                                                           {"Principal", "111111111111"}});
  const Json asked{{"LayerName", "l"}, {"VersionNumber", 1}};
  CHECK(world.call_lambda("GetLayerVersionPolicy", asked)["Policy"].get<std::string>().contains(
      "111111111111"));
  world.echo("f");
  stack.create(kFunction, properties({{"FunctionName", "f"}, {"Layers", {layer.physical_id}}}));
  world.invoke("f");
  CHECK(world.invoker.environments()[0].spec->layers[0] == std::filesystem::canonical(directory.path()));
  stack.remove("AWS::Lambda::LayerVersionPermission", permission);
  stack.remove("AWS::Lambda::LayerVersion", layer);
  CHECK(world.refused("GetLayerVersion", asked).http_status == 404);
}

TEST_CASE("a template's recursive loop, runtime management, /tmp and SnapStart are the function's") {
  LambdaWorld world;
  Stack stack(world);
  const auto made = stack.create(
      kFunction, properties({{"FunctionName", "f"},
                             {"RecursiveLoop", "Allow"},
                             {"RuntimeManagementConfig", {{"UpdateRuntimeOn", "FunctionUpdate"}}},
                             {"EphemeralStorage", {{"Size", 1024}}},
                             {"SnapStart", {{"ApplyOn", "PublishedVersions"}}}}));
  const Json f{{"FunctionName", "f"}};
  CHECK(world.call_lambda("GetFunctionRecursionConfig", f)["RecursiveLoop"] == "Allow");
  CHECK(world.call_lambda("GetRuntimeManagementConfig", f)["UpdateRuntimeOn"] == "FunctionUpdate");
  world.echo("f");
  world.call_lambda("PublishVersion", f);
  world.invoke("f:1");
  world.invoke("f");
  for (const auto& environment : world.invoker.environments()) {
    CHECK(environment.spec->tmp_mb == 1024);
    CHECK(environment.spec->initialization_type ==
          (environment.spec->version == "1" ? "snap-start" : "on-demand"));
  }
  stack.update(kFunction, made, properties({{"FunctionName", "f"}}));
  CHECK(world.call_lambda("GetFunctionRecursionConfig", f)["RecursiveLoop"] == "Terminate");
  CHECK(world.call_lambda("GetRuntimeManagementConfig", f)["UpdateRuntimeOn"] == "Auto");
}
