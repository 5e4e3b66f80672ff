#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr const char* kArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
}

TEST_CASE("tags are added, replaced, listed and removed") {
  LambdaWorld world;
  world.create("f", {{"Tags", {{"a", "1"}, {"b", "2"}}}});
  world.call_lambda("TagResource", {{"Resource", kArn}, {"Tags", {{"b", "3"}, {"c", "4"}}}});
  CHECK(world.call_lambda("ListTags", {{"Resource", kArn}})["Tags"] ==
        Json{{"a", "1"}, {"b", "3"}, {"c", "4"}});
  world.call_lambda("UntagResource", {{"Resource", kArn}, {"TagKeys", {"a", "x"}}});
  CHECK(world.call_lambda("ListTags", {{"Resource", kArn}})["Tags"] == Json{{"b", "3"}, {"c", "4"}});
}

TEST_CASE("tag requests that AWS refuses") {
  LambdaWorld world;
  CHECK(world.refused("ListTags", {{"Resource", kArn}}).http_status == 404);
  world.create("f");
  const auto refused = [&](Json change) {
    Json in{{"Resource", kArn}, {"Tags", {{"a", "1"}}}};
    in.update(change);
    return world.refused("TagResource", in).message;
  };
  CHECK(refused({{"Resource", fmt::format("{}:1", kArn)}}) ==
        "Tags on function aliases and versions are not supported. Please specify a function ARN.");
  CHECK(refused({{"Resource", "f"}}).starts_with("1 validation error detected: Value 'f' at 'resource'"));
  CHECK(refused({{"Tags", Json::object()}}) == "An error occurred and the request cannot be processed.");
  Json many = Json::object();
  for (int i = 0; i < 51; ++i) many[std::to_string(i)] = "v";
  CHECK(refused({{"Tags", many}}) == "Number of tags exceeds resource tag limit.");
  CHECK(world.refused("UntagResource", {{"Resource", kArn}}).message ==
        "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not "
        "be null");
  CHECK(world.call_lambda("ListTags", {{"Resource", kArn}})["Tags"].empty());
}
