#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("a created function is answered as Pending and then Active") {
  LambdaWorld world;
  const auto made = world.create("f", {{"Description", "d"}, {"Timeout", 10}, {"MemorySize", 512}});
  CHECK(made["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f");
  CHECK(made["State"] == "Pending");
  CHECK(made["StateReason"] == "The function is being created.");
  CHECK(made["StateReasonCode"] == "Creating");
  CHECK_FALSE(made.contains("LastUpdateStatus"));
  CHECK_FALSE(made.contains("Environment"));
  CHECK(made["LastModified"] == "2026-01-01T00:00:00.000+0000");
  CHECK(made["CodeSha256"] == base64_encode(sha256(LambdaWorld::zip())));
  CHECK(made["CodeSize"] == LambdaWorld::zip().size());
  CHECK(made["Version"] == "$LATEST");
  CHECK(made["PackageType"] == "Zip");
  CHECK(made["Architectures"] == Json{"x86_64"});
  CHECK(made["EphemeralStorage"]["Size"] == 512);
  CHECK(made["LoggingConfig"] == Json{{"LogFormat", "Text"}, {"LogGroup", "/aws/lambda/f"}});
  CHECK(made["SnapStart"] == Json{{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}});
  CHECK(made["TracingConfig"]["Mode"] == "PassThrough");
  CHECK(made["Timeout"] == 10);
  CHECK(made["MemorySize"] == 512);

  const auto active = world.configuration("f");
  CHECK(active["State"] == "Active");
  CHECK(active["LastUpdateStatus"] == "Successful");
  CHECK_FALSE(active.contains("StateReason"));
  CHECK(active["RevisionId"] != made["RevisionId"]);
}

TEST_CASE("a function cannot be invoked while it is Pending") {
  LambdaWorld world;
  world.echo("f");
  auto both = [&]() -> awaitable<Result<Json>> {
    Result<Json> result = Json();
    for (const auto& row : world.lambda.operations()) {
      auto create = LambdaWorld::function("f");
      if (row.name == "CreateFunction")
        result = co_await row.call(world.lambda, world.context, std::move(create));
    }
    for (const auto& row : world.lambda.operations()) {
      Json invoke{{"FunctionName", "f"}, {"Payload", "{}"}};
      if (row.name == "Invoke") result = co_await row.call(world.lambda, world.context, std::move(invoke));
    }
    co_return result;
  };
  const auto result = world.run(both());
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "ResourceConflictException");
  CHECK(result.error().http_status == 409);
  CHECK(result.error().message ==
        "The operation cannot be performed at this time. The function is currently in the following state: "
        "Pending");
}

TEST_CASE("GetFunction tells where its code can be fetched, its tags and its concurrency") {
  LambdaWorld world;
  world.create("f", {{"Tags", {{"a", "1"}}}});
  world.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 7}});
  const auto got = world.call_lambda("GetFunction", {{"FunctionName", "f"}});
  CHECK(got["Configuration"]["State"] == "Active");
  CHECK(got["Code"]["RepositoryType"] == "S3");
  CHECK(got["Code"]["Location"] ==
        "http://localhost:4566/_emu/code/" + http::percent_encode(base64_encode(sha256(LambdaWorld::zip()))));
  CHECK(got["Tags"] == Json{{"a", "1"}});
  CHECK(got["Concurrency"]["ReservedConcurrentExecutions"] == 7);
}

TEST_CASE("the ARN that is answered is qualified only if the request was") {
  LambdaWorld world;
  world.create("f");
  CHECK(world.configuration("f")["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f");
  const auto qualified =
      world.call_lambda("GetFunctionConfiguration", {{"FunctionName", "f"}, {"Qualifier", "$LATEST"}});
  CHECK(qualified["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST");
}

TEST_CASE("an unknown function or version is not found, named as it was asked for") {
  LambdaWorld world;
  const auto error = world.refused("GetFunction", {{"FunctionName", "f"}});
  CHECK(error.code == "ResourceNotFoundException");
  CHECK(error.http_status == 404);
  CHECK(error.message_key == "Message");
  CHECK(error.extra["Type"] == "User");
  CHECK(error.message == "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f");
  world.create("f");
  CHECK(world.refused("GetFunction", {{"FunctionName", "f"}, {"Qualifier", "$latest"}}).message ==
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:$latest");
}

TEST_CASE("a second function of the same name is refused") {
  LambdaWorld world;
  world.create("f");
  const auto error = world.refused("CreateFunction", LambdaWorld::function("f"));
  CHECK(error.code == "ResourceConflictException");
  CHECK(error.http_status == 409);
  CHECK(error.message == "Function already exist: f");
}

TEST_CASE("functions of other accounts and regions are invisible") {
  LambdaWorld world;
  world.create("f");
  world.context.scope.region = "eu-west-1";
  CHECK(world.refused("GetFunction", {{"FunctionName", "f"}}).http_status == 404);
  CHECK(world.call_lambda("ListFunctions")["Functions"].empty());
  world.create("f");
  CHECK(world.configuration("f")["FunctionArn"] == "arn:aws:lambda:eu-west-1:000000000000:function:f");
}

namespace {
struct Refusal {
  Json change;
  std::string_view code, message;
};
void check_refusals(LambdaWorld& world, const std::vector<Refusal>& rows) {
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const auto error = world.refused("CreateFunction", LambdaWorld::function("f", row.change));
    CHECK(error.code == row.code);
    CHECK(error.message == row.message);
    CHECK(error.http_status == 400);
  }
  CHECK(world.call_lambda("ListFunctions")["Functions"].empty());
}
}  // namespace

TEST_CASE("settings that AWS refuses are refused in its words, and create nothing") {
  LambdaWorld world;
  check_refusals(
      world,
      {
          {{{"Role", "r1"}},
           "ValidationException",
           "1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member must "
           "satisfy "
           "regular "
           R"(expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+)"},
          {{{"Runtime", "python3.7"}},
           "InvalidParameterValueException",
           "The runtime parameter of python3.7 is no longer supported for creating or updating AWS Lambda "
           "functions. We "
           "recommend you use a supported runtime while creating or updating functions."},
          {{{"Timeout", 901}},
           "ValidationException",
           "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must "
           "have "
           "value "
           "less than or equal to 900"},
          {{{"MemorySize", 127}, {"Timeout", 0}},
           "ValidationException",
           "2 validation errors detected: Value '0' at 'timeout' failed to satisfy constraint: Member must "
           "have "
           "value "
           "greater than or equal to 1; Value '127' at 'memorySize' failed to satisfy constraint: Member "
           "must "
           "have value "
           "greater than or equal to 128"},
          {{{"Architectures", {"x86_64", "arm64"}}},
           "ValidationException",
           "1 validation error detected: Value '[x86_64, arm64]' at 'architectures' failed to satisfy "
           "constraint: Member "
           "must have length less than or equal to 1"},
          {{{"TracingConfig", {{"Mode", "active"}}}},
           "ValidationException",
           "1 validation error detected: Value 'active' at 'tracingConfig.mode' failed to satisfy "
           "constraint: "
           "Member must "
           "satisfy enum value set: [Active, PassThrough]"},
          {{{"Runtime", nullptr}},
           "InvalidParameterValueException",
           "Runtime and Handler are mandatory parameters for functions created with deployment packages."},
      });
}

TEST_CASE("code, layers, variables and tags that cannot be are refused, and create nothing") {
  LambdaWorld world;
  Json large = Json::object(), many = Json::object();
  large["KEY"] = std::string(4096, 'v');
  for (int i = 0; i < 51; ++i) many[std::to_string(i)] = "v";
  const auto measured =
      world.refused("CreateFunction", LambdaWorld::function("f", {{"Environment", {{"Variables", large}}}}));
  CHECK(
      measured.message.starts_with("Lambda was unable to configure your environment variables because the "
                                   "environment variables you have provided "
                                   "exceeded the 4KB limit. String measured: {\"KEY\":\"vvv"));
  check_refusals(
      world,
      {
          {{{"Code", {{"ZipFile", base64_encode("not a zip")}}}},
           "InvalidParameterValueException",
           "Could not unzip uploaded file. Please check your file, then try to upload again."},
          {{{"Code", {{"S3Bucket", "bucket"}, {"S3Key", "key"}}}},
           "InvalidParameterValueException",
           "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified "
           "bucket "
           "does not "
           "exist"},
          {{{"PackageType", "Image"}, {"Code", {{"ImageUri", "i"}}}},
           "InvalidParameterValueException",
           "emu runs no container images: deploy the function as a zip (PackageType Zip)."},
          {{{"Layers", {"arn:aws:lambda:us-east-1:000000000000:layer:l:1"}}},
           "InvalidParameterValueException",
           "Layer version arn:aws:lambda:us-east-1:000000000000:layer:l:1 does not exist."},
          {{{"Layers", {"1", "2", "3", "4", "5", "6"}}},
           "InvalidParameterValueException",
           "Cannot reference more than 5 layers."},
          {{{"Environment", {{"Variables", {{"AWS_REGION", "x"}, {"_HANDLER", "y"}}}}}},
           "InvalidParameterValueException",
           "Lambda was unable to configure your environment variables because the environment variables you "
           "have "
           "provided "
           "contains reserved keys that are currently not supported for modification. Reserved keys used in "
           "this "
           "request: "
           "AWS_REGION, _HANDLER"},
          {{{"Tags", many}}, "InvalidParameterValueException", "Number of tags exceeds resource tag limit."},
      });
}

TEST_CASE("runtimes: hosted ones are taken, known ones refused clearly, others as AWS does") {
  LambdaWorld world;
  int count = 0;
  for (const auto runtime : {"nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.9",
                             "python3.14", "provided.al2", "provided.al2023"})
    world.create(fmt::format("f-{}", std::string_view(runtime).substr(0, 6)) + std::to_string(++count),
                 {{"Runtime", runtime}});
  const auto java = world.refused("CreateFunction", LambdaWorld::function("j", {{"Runtime", "java21"}}));
  CHECK(java.code == "InvalidParameterValueException");
  CHECK(java.message.starts_with("emu cannot host the runtime java21. It hosts nodejs18.x,"));
  const auto unknown = world.refused("CreateFunction", LambdaWorld::function("j", {{"Runtime", "cobol1"}}));
  CHECK(unknown.message.starts_with(
      "Value cobol1 at 'runtime' failed to satisfy constraint: Member must satisfy "
      "enum value set: [nodejs20.x, python3.14, provided.al2023,"));
  CHECK(unknown.message.ends_with("java8.al2] or be a valid ARN"));
}

TEST_CASE("functions are listed in pages, without their state") {
  LambdaWorld world;
  for (const auto name : {"a", "b", "c"}) world.create(name);
  const auto first = world.call_lambda("ListFunctions", {{"MaxItems", 2}});
  REQUIRE(first["Functions"].size() == 2);
  CHECK(first["Functions"][0]["FunctionName"] == "a");
  CHECK_FALSE(first["Functions"][0].contains("State"));
  CHECK_FALSE(first["Functions"][0].contains("LastUpdateStatus"));
  CHECK_FALSE(first["Functions"][0].contains("RuntimeVersionConfig"));
  const auto second = world.call_lambda("ListFunctions", {{"MaxItems", 2}, {"Marker", first["NextMarker"]}});
  CHECK(second["Functions"].size() == 1);
  CHECK_FALSE(second.contains("NextMarker"));
  CHECK(world.refused("ListFunctions", {{"MaxItems", 0}}).code == "ValidationException");
}

TEST_CASE("a deleted function is gone, its environments end, and its name is free") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  world.invoke("f");
  CHECK(world.launcher.closed() == 0);
  world.call_lambda("DeleteFunction", {{"FunctionName", "f"}});
  CHECK(world.launcher.closed() == 1);
  CHECK(world.refused("Invoke", {{"FunctionName", "f"}, {"Payload", "{}"}}).http_status == 404);
  const auto again = world.refused("DeleteFunction", {{"FunctionName", "f:1"}});
  CHECK(again.message == "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f");
  const auto sha = base64_encode(sha256(LambdaWorld::zip()));
  CHECK(world.code.read_zip(sha));  // invocations may still be running
  world.advance(3s);
  CHECK_FALSE(world.code.read_zip(sha));
  world.create("f");
  world.invoke("f");
}

TEST_CASE("$LATEST and aliases cannot be deleted by DeleteFunction") {
  LambdaWorld world;
  world.create("f");
  CHECK(world.refused("DeleteFunction", {{"FunctionName", "f"}, {"Qualifier", "$LATEST"}}).message ==
        "$LATEST version cannot be deleted without deleting the function.");
  CHECK(world.refused("DeleteFunction", {{"FunctionName", "f:live"}}).message ==
        "Deletion of aliases is not currently supported.");
  world.call_lambda("DeleteFunction", {{"FunctionName", "f:7"}});  // AWS: 204
}

TEST_CASE("account settings count what there is") {
  LambdaWorld world;
  world.create("f");
  world.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 10}});
  const auto settings = world.call_lambda("GetAccountSettings");
  CHECK(settings["AccountLimit"]["ConcurrentExecutions"] == 1000);
  CHECK(settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 990);
  CHECK(settings["AccountLimit"]["TotalCodeSize"] == 80530636800);
  CHECK(settings["AccountUsage"]["FunctionCount"] == 1);
  CHECK(settings["AccountUsage"]["TotalCodeSize"] == LambdaWorld::zip().size());
}

TEST_CASE("code that a request has stored stays while the last function with it goes") {
  LambdaWorld world;
  world.create("f");
  const auto digest = base64_encode(sha256(LambdaWorld::zip()));
  std::optional location(world.code.store_zip(LambdaWorld::zip()));
  REQUIRE(*location);
  world.call_lambda("DeleteFunction", {{"FunctionName", "f"}});
  world.advance(10s);
  CHECK(world.code.read_zip(digest));
  location.reset();
  world.advance(2s);
  CHECK_FALSE(world.code.read_zip(digest));
}
