#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json permission(std::string_view id, Json more = Json::object()) {
  Json in{{"FunctionName", "f"},
          {"StatementId", id},
          {"Action", "lambda:InvokeFunction"},
          {"Principal", "apigateway.amazonaws.com"}};
  in.update(more);
  return in;
}
}  // namespace

TEST_CASE("a permission becomes a statement of the function's policy") {
  LambdaWorld world;
  world.create("f");
  const auto added = world.call_lambda(
      "AddPermission", permission("s", {{"SourceArn", "arn:aws:execute-api:us-east-1:000000000000:api/*"},
                                        {"SourceAccount", "000000000000"}}));
  const Json statement{{"Sid", "s"},
                       {"Effect", "Allow"},
                       {"Principal", {{"Service", "apigateway.amazonaws.com"}}},
                       {"Action", "lambda:InvokeFunction"},
                       {"Resource", "arn:aws:lambda:us-east-1:000000000000:function:f"},
                       {"Condition",
                        {{"ArnLike", {{"AWS:SourceArn", "arn:aws:execute-api:us-east-1:000000000000:api/*"}}},
                         {"StringEquals", {{"AWS:SourceAccount", "000000000000"}}}}}};
  CHECK(Json::parse(added["Statement"].get<std::string>()) == statement);
  const auto policy = world.call_lambda("GetPolicy", {{"FunctionName", "f"}});
  CHECK(Json::parse(policy["Policy"].get<std::string>()) ==
        Json{{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", Json::array({statement})}});
  CHECK_FALSE(policy["RevisionId"].get<std::string>().empty());
}

TEST_CASE("principals: everybody, an account, a role, a service; others are invalid") {
  LambdaWorld world;
  world.create("f");
  const std::pair<std::string, Json> rows[] = {
      {"*", "*"},
      {"111111111111", {{"AWS", "arn:aws:iam::111111111111:root"}}},
      {"arn:aws:iam::111111111111:role/r", {{"AWS", "arn:aws:iam::111111111111:role/r"}}},
      {"s3.amazonaws.com", {{"Service", "s3.amazonaws.com"}}}};
  int id = 0;
  for (const auto& [text, principal] : rows) {
    const auto added =
        world.call_lambda("AddPermission", permission(fmt::format("s{}", ++id), {{"Principal", text}}));
    CHECK(Json::parse(added["Statement"].get<std::string>())["Principal"] == principal);
  }
  CHECK(world.refused("AddPermission", permission("x", {{"Principal", "nobody"}})).message ==
        "The provided principal was invalid. Please check the principal and try again.");
}

TEST_CASE("policies belong to a qualifier and go with their last statement") {
  LambdaWorld world;
  world.create("f", {{"Publish", true}});
  world.call_lambda("AddPermission", permission("s", {{"Qualifier", "1"}}));
  CHECK(world.refused("GetPolicy", {{"FunctionName", "f"}}).message ==
        "The resource you requested does not exist.");
  CHECK(world.call_lambda("GetPolicy", {{"FunctionName", "f:1"}})["Policy"].get<std::string>().contains(
      "function:f:1"));
  world.call_lambda("RemovePermission", {{"FunctionName", "f"}, {"StatementId", "s"}, {"Qualifier", "1"}});
  CHECK(world.refused("GetPolicy", {{"FunctionName", "f:1"}}).http_status == 404);
}

TEST_CASE("permissions that AWS refuses") {
  LambdaWorld world;
  CHECK(world.refused("RemovePermission", {{"FunctionName", "f"}, {"StatementId", "s"}}).message ==
        "No policy found for: arn:aws:lambda:us-east-1:000000000000:function:f");
  CHECK(world.refused("AddPermission", permission("s")).http_status == 404);
  world.create("f");
  CHECK(world.refused("RemovePermission", {{"FunctionName", "f"}, {"StatementId", "s"}}).message ==
        "No policy is associated with the given resource.");
  world.call_lambda("AddPermission", permission("s"));
  const auto twice = world.refused("AddPermission", permission("s"));
  CHECK(twice.http_status == 409);
  CHECK(twice.message ==
        "The statement id (s) provided already exists. Please provide a new statement id, or remove the "
        "existing "
        "statement.");
  CHECK(world.refused("RemovePermission", {{"FunctionName", "f"}, {"StatementId", "t"}}).message ==
        "Statement t is not found in resource policy.");
  CHECK(world.refused("AddPermission", permission("t", {{"Qualifier", "$LATEST"}})).message ==
        "We currently do not support adding policies for $LATEST.");
  CHECK(world.refused("AddPermission", permission("t", {{"RevisionId", "stale"}})).message ==
        "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve "
        "the latest "
        "Revision Id");
  CHECK(world.refused("AddPermission", permission("a b", {{"Action", "s3:Get"}}))
            .message.starts_with("2 validation errors detected: Value 'a b' at 'statementId'"));
  for (int i = 0; i < 100; ++i) {
    Json in = permission(fmt::format("long{}", i), {{"SourceArn", "arn:aws:s3:::" + std::string(250, 'b')}});
    const auto result = world.attempt(world.lambda, "AddPermission", in);
    if (result) continue;
    CHECK(result.error().code == "PolicyLengthExceededException");
    return;
  }
  FAIL("a policy of any length is accepted");
}
