#include "emulator/services/lambda/urls/urls.hpp"

#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct UrlWorld : LambdaWorld {
  lambda::UrlPort port{lambda};
  UrlWorld() {
    echo("f");
    create("f");
    call_lambda("PublishVersion", {{"FunctionName", "f"}});
    call_lambda("CreateAlias", {{"FunctionName", "f"}, {"Name", "live"}, {"FunctionVersion", "1"}});
  }
  Json url(std::string_view auth = "NONE", Json more = Json::object()) {
    Json in{{"FunctionName", "f"}, {"AuthType", auth}};
    in.update(more);
    return call_lambda("CreateFunctionUrlConfig", std::move(in));
  }
  runtime::FunctionUrl found(const Json& url) {
    const auto text = url["FunctionUrl"].get<std::string>();
    return port.find_url(std::string_view(text).substr(7, 32)).value();
  }
  void permit(std::string_view id, std::string_view action, Json more) {
    Json in{{"FunctionName", "f"}, {"StatementId", id}, {"Action", action}, {"Principal", "*"}};
    in.update(more);
    call_lambda("AddPermission", std::move(in));
  }
};
const Json kName{{"FunctionName", "f"}};
}  // namespace

TEST_CASE("a function URL is created, got, updated, listed and deleted") {
  UrlWorld world;
  const auto made = world.url("NONE", {{"Cors", {{"AllowOrigins", {"*"}}}}});
  CHECK(made["FunctionUrl"].get<std::string>().ends_with(".lambda-url.us-east-1.localhost:4566/"));
  CHECK(made["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f");
  CHECK(made["CreationTime"] == "2026-01-01T00:00:00.000000Z");
  CHECK(!made.contains("InvokeMode"));
  const auto got = world.call_lambda("GetFunctionUrlConfig", kName);
  CHECK(got["InvokeMode"] == "BUFFERED");
  CHECK(got["Cors"]["AllowOrigins"][0] == "*");
  const auto changed = world.call_lambda("UpdateFunctionUrlConfig", {{"FunctionName", "f"},
                                                                     {"AuthType", "AWS_IAM"},
                                                                     {"Cors", Json::object()},
                                                                     {"InvokeMode", "RESPONSE_STREAM"}});
  CHECK(changed["AuthType"] == "AWS_IAM");
  CHECK(changed["InvokeMode"] == "RESPONSE_STREAM");
  CHECK(!changed.contains("Cors"));
  CHECK(changed["FunctionUrl"] == made["FunctionUrl"]);
  const auto alias = world.url("NONE", {{"Qualifier", "live"}});
  CHECK(alias["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f:live");
  CHECK(world.call_lambda("ListFunctionUrlConfigs", kName)["FunctionUrlConfigs"].size() == 2);
  CHECK(world.found(made).streams);
  CHECK(world.found(alias).arn.ends_with(":live"));
  world.call_lambda("DeleteFunctionUrlConfig", kName);
  CHECK(!world.port.find_url(made["FunctionUrl"].get<std::string>().substr(7, 32)));
  CHECK(world.refused("GetFunctionUrlConfig", kName).message == "The resource you requested does not exist.");
}

TEST_CASE("what a function URL may not be is refused in AWS's words") {
  UrlWorld world;
  world.url();
  const auto twice = world.refused("CreateFunctionUrlConfig", {{"FunctionName", "f"}, {"AuthType", "NONE"}});
  CHECK(twice.http_status == 409);
  CHECK(
      twice.message ==
      "Failed to create function url config for [functionArn = "
      "arn:aws:lambda:us-east-1:000000000000:function:f]. Error message:  FunctionUrlConfig exists for this "
      "Lambda function");
  CHECK(world.refused("CreateFunctionUrlConfig", {{"FunctionName", "g"}, {"AuthType", "NONE"}}).message ==
        "Function does not exist");
  CHECK(world
            .refused("CreateFunctionUrlConfig",
                     {{"FunctionName", "f"}, {"AuthType", "NONE"}, {"Qualifier", "1"}})
            .message.ends_with(R"(regular expression pattern: ((?!^\d+$)^[0-9a-zA-Z-_]+$))"));
  CHECK(world.refused("CreateFunctionUrlConfig", {{"FunctionName", "f"}, {"AuthType", "ALL"}}).message ==
        "1 validation error detected: Value 'ALL' at 'authType' failed to satisfy constraint: Member must "
        "satisfy enum value set: [NONE, AWS_IAM]");
}

TEST_CASE("an open URL needs a statement for the URL and one for the invocation") {
  UrlWorld world;
  const auto url = world.found(world.url());
  CHECK(!world.port.may_call(url, ""));
  world.permit("a", "lambda:InvokeFunctionUrl", {{"FunctionUrlAuthType", "NONE"}});
  CHECK(!world.port.may_call(url, ""));
  world.permit("b", "lambda:InvokeFunction", {{"InvokedViaFunctionUrl", true}});
  CHECK(world.port.may_call(url, ""));
  CHECK(world.port.may_call(url, "111111111111"));
}

TEST_CASE("a URL for signed requests is for its account, and for others that the policy names") {
  UrlWorld world;
  const auto url = world.found(world.url("AWS_IAM"));
  CHECK(!world.port.may_call(url, ""));
  CHECK(world.port.may_call(url, "000000000000"));
  CHECK(!world.port.may_call(url, "111111111111"));
  world.permit("a", "lambda:InvokeFunctionUrl",
               {{"FunctionUrlAuthType", "AWS_IAM"}, {"Principal", "111111111111"}});
  world.permit("b", "lambda:InvokeFunction", {{"Principal", "111111111111"}});
  CHECK(world.port.may_call(url, "111111111111"));
  CHECK(!world.port.may_call(url, "222222222222"));
}

TEST_CASE("a function URL goes with its function and its alias, and is there after a restart") {
  UrlWorld world;
  const auto made = world.url("NONE", {{"Qualifier", "live"}});
  const auto id = made["FunctionUrl"].get<std::string>().substr(7, 32);
  LambdaWorld again(world);
  lambda::UrlPort port(again.lambda);
  CHECK(port.find_url(id));
  again.call_lambda("DeleteAlias", {{"FunctionName", "f"}, {"Name", "live"}});
  CHECK(!port.find_url(id));
}
