#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Function "f" with versions 1 and 2.
struct Versions : LambdaWorld {
  Versions() {
    echo("f");
    create("f");
    call_lambda("PublishVersion", {{"FunctionName", "f"}});
    call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"Timeout", 9}});
    call_lambda("PublishVersion", {{"FunctionName", "f"}});
  }
  static Json alias(std::string_view name, std::string_view version, Json more = Json::object()) {
    Json in{{"FunctionName", "f"}, {"Name", name}, {"FunctionVersion", version}};
    in.update(more);
    return in;
  }
  static Json weights(Json of) { return {{"RoutingConfig", {{"AdditionalVersionWeights", std::move(of)}}}}; }
};
constexpr auto kArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
}  // namespace

TEST_CASE("an alias is created, got, listed, moved and deleted") {
  Versions world;
  const auto made = world.call_lambda("CreateAlias", Versions::alias("live", "1", {{"Description", "d"}}));
  CHECK(made["AliasArn"] == fmt::format("{}:live", kArn));
  CHECK(made["FunctionVersion"] == "1");
  CHECK(made["Description"] == "d");
  CHECK(!made.contains("RoutingConfig"));
  CHECK(world.call_lambda("GetAlias", {{"FunctionName", "f"}, {"Name", "live"}}) == made);
  const auto moved = world.call_lambda("UpdateAlias", Versions::alias("live", "2"));
  CHECK(moved["FunctionVersion"] == "2");
  CHECK(moved["Description"] == "d");
  CHECK(moved["RevisionId"] != made["RevisionId"]);
  world.call_lambda("CreateAlias", Versions::alias("old", "1"));
  CHECK(world.call_lambda("ListAliases", {{"FunctionName", "f"}})["Aliases"].size() == 2);
  CHECK(
      world.call_lambda("ListAliases", {{"FunctionName", "f"}, {"FunctionVersion", "1"}})["Aliases"].size() ==
      1);
  world.call_lambda("DeleteAlias", {{"FunctionName", "f"}, {"Name", "old"}});
  world.call_lambda("DeleteAlias", {{"FunctionName", "f"}, {"Name", "old"}});  // it is gone either way
  CHECK(world.refused("GetAlias", {{"FunctionName", "f"}, {"Name", "old"}}).message ==
        fmt::format("Cannot find alias arn: {}:old", kArn));
  CHECK(world.refused("UpdateAlias", {{"FunctionName", "f"}, {"Name", "old"}}).message ==
        fmt::format("Alias not found: {}:old", kArn));
}

TEST_CASE("an invocation through an alias runs its version, and operations show the alias in the ARN") {
  Versions world;
  world.call_lambda("CreateAlias", Versions::alias("live", "1"));
  CHECK(world.invoke("f:live")["ExecutedVersion"] == "1");
  CHECK(world.seen.invoked_arn == fmt::format("{}:live", kArn));
  const auto shown = world.configuration("f:live");
  CHECK(shown["FunctionArn"] == fmt::format("{}:live", kArn));
  CHECK(shown["Version"] == "1");
  world.call_lambda("UpdateAlias", Versions::alias("live", "$LATEST"));
  CHECK(world.invoke("f:live")["ExecutedVersion"] == "$LATEST");
}

TEST_CASE("a weighted alias draws the version of each invocation") {
  Versions world;
  const auto made =
      world.call_lambda("CreateAlias", Versions::alias("live", "1", Versions::weights({{"2", 0.25}})));
  CHECK(made["RoutingConfig"]["AdditionalVersionWeights"]["2"] == 0.25);
  int second = 0;
  for (int i = 0; i < 1000; ++i) second += world.invoke("f:live")["ExecutedVersion"] == "2" ? 1 : 0;
  CHECK(second > 200);
  CHECK(second < 300);
  const auto all = world.call_lambda(
      "UpdateAlias", {{"FunctionName", "f"}, {"Name", "live"}, {"RoutingConfig", Json::object()}});
  CHECK(!all.contains("RoutingConfig"));
  for (int i = 0; i < 20; ++i) CHECK(world.invoke("f:live")["ExecutedVersion"] == "1");
}

TEST_CASE("what an alias may not be is refused in AWS's words") {
  Versions world;
  const auto refused = [&](Json in) { return world.refused("CreateAlias", std::move(in)); };
  world.call_lambda("CreateAlias", Versions::alias("live", "1"));
  CHECK(refused(Versions::alias("live", "2")).message == fmt::format("Alias already exists: {}:live", kArn));
  CHECK(refused(Versions::alias("live", "2")).http_status == 409);
  CHECK(refused(Versions::alias("12", "1")).message ==
        "1 validation error detected: Value '12' at 'name' failed to satisfy constraint: Member must satisfy "
        "regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)");
  CHECK(refused(Versions::alias("a", "7")).message == fmt::format("Function not found: {}:7", kArn));
  CHECK(refused(Versions::alias("a", "1", Versions::weights({{"2", 0.1}, {"$LATEST", 0.1}}))).message ==
        "Number of items in AdditionalVersionWeights cannot be greater than 1");
  CHECK(
      refused(Versions::alias("a", "1", Versions::weights({{"2", 2.0}}))).message ==
      "1 validation error detected: Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to "
      "satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to "
      "1.0, Member must have value greater than or equal to 0.0, Member must not be null]");
  CHECK(refused(Versions::alias("a", "1", Versions::weights({{"1", 0.5}}))).message ==
        "Invalid function version 1. Function version 1 is already included in routing configuration.");
  const auto latest = refused(Versions::alias("a", "$LATEST", Versions::weights({{"1", 0.5}})));
  CHECK(latest.message == "$LATEST is not supported for an alias pointing to more than 1 version");
  CHECK(latest.extra.empty());
  const auto stale = world.refused(
      "UpdateAlias", {{"FunctionName", "f"}, {"Name", "live"}, {"Description", "x"}, {"RevisionId", "x"}});
  CHECK(stale.http_status == 412);
}

TEST_CASE("a version that an alias points to is kept, and an alias ends with its function") {
  Versions world;
  world.call_lambda("CreateAlias", Versions::alias("live", "1"));
  CHECK(world.refused("DeleteFunction", {{"FunctionName", "f"}, {"Qualifier", "1"}}).http_status == 409);
  CHECK(world.refused("DeleteFunction", {{"FunctionName", "f"}, {"Qualifier", "live"}}).message ==
        "Deletion of aliases is not currently supported.");
  world.call_lambda("DeleteFunction", {{"FunctionName", "f"}});
  world.create("f");
  CHECK(world.refused("GetAlias", {{"FunctionName", "f"}, {"Name", "live"}}).http_status == 404);
}

TEST_CASE("an alias has a policy of its own, which goes with it") {
  Versions world;
  world.call_lambda("CreateAlias", Versions::alias("live", "1"));
  world.call_lambda("AddPermission", {{"FunctionName", "f"},
                                      {"Qualifier", "live"},
                                      {"StatementId", "s"},
                                      {"Action", "lambda:InvokeFunction"},
                                      {"Principal", "*"}});
  CHECK(world.refused("GetPolicy", {{"FunctionName", "f"}}).http_status == 404);
  const auto policy =
      Json::parse(world.call_lambda("GetPolicy", {{"FunctionName", "f:live"}})["Policy"].get<std::string>());
  CHECK(policy["Statement"][0]["Resource"] == fmt::format("{}:live", kArn));
  world.call_lambda("DeleteAlias", {{"FunctionName", "f"}, {"Name", "live"}});
  world.call_lambda("CreateAlias", Versions::alias("live", "1"));
  CHECK(world.refused("GetPolicy", {{"FunctionName", "f:live"}}).http_status == 404);
}

TEST_CASE("aliases are there after a restart") {
  Versions world;
  const auto made =
      world.call_lambda("CreateAlias", Versions::alias("live", "1", Versions::weights({{"2", 0.5}})));
  LambdaWorld again(world);
  CHECK(again.call_lambda("GetAlias", {{"FunctionName", "f"}, {"Name", "live"}}) == made);
}
