#include "emulator/services/gateway/patterns.hpp"

#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;
using namespace gateway;

TEST_CASE("no pattern takes exponential time") {
  const std::string many(9'000, 'a');
  for (const auto* pattern : {"(a+)+b", "(a|a)*b", "([a-z]+)*\\d", "(.*)*x", ".*.*.*.*.*.*b"}) {
    CHECK_FALSE(matches_whole(pattern, many));
    const auto anywhere = finding_pattern(pattern);
    REQUIRE(anywhere);
    CHECK_FALSE(std::regex_match(many, *anywhere));
  }
  CHECK(matches_whole("(a+)+", many));
  CHECK(matches_whole("(?i)not found.*", "Not Found: 7"));
  CHECK(matches_whole("(?is)not.found.*", "Not\nFound: 7"));
  CHECK_FALSE(matches_whole("(?s)a[.]b", "a\nb"));
  CHECK(std::regex_match("order 42!", *finding_pattern("[0-9]+")));
  CHECK(std::regex_match("42", *finding_pattern("^[0-9]+$")));
  CHECK_FALSE(std::regex_match("order 42", *finding_pattern("^[0-9]+$")));
  CHECK(std::regex_match("an ORDER", *finding_pattern("(?i)order")));
  CHECK_FALSE(finding_pattern("a)(b"));
}

TEST_CASE("what a pattern replaces is found in the order it says while that is cheap") {
  CHECK(std::regex_replace("<a><b>", *replacing_pattern("<.*?>", 6), "") == "");
  CHECK(std::regex_replace("ab", *replacing_pattern("a|ab", 2), "x") == "xb");
  const auto dear = replacing_pattern("(a+)+b", 1000);
  REQUIRE(dear);
  CHECK(std::regex_replace(std::string(1000, 'a') + "b", *dear, "x") == "x");
  CHECK_FALSE(replacing_pattern("(a+)+[a-z]+b", kLongestSubject));
}

TEST_CASE("a pattern that can match nothing is refused when it is stored") {
  RestWorld w;
  w.mock("/x", "GET", "{statusCode:200}", {{"statusCode", "200"}});
  const auto response = [&](std::string pattern) {
    return w.fail(w.apis, "PutIntegrationResponse",
                  {{"restApiId", w.api_id},
                   {"resourceId", w.resource("/x")},
                   {"httpMethod", "GET"},
                   {"statusCode", "200"},
                   {"selectionPattern", std::move(pattern)}});
  };
  CHECK(response(std::string(1001, 'a')).code == "BadRequestException");
  CHECK(response("(unclosed").message == "Invalid selection pattern specified: (unclosed");
  CHECK(response("(a)\\1").code == "BadRequestException");
  Json authorizer{{"restApiId", w.api_id},
                  {"name", "a"},
                  {"type", "TOKEN"},
                  {"authorizerUri", w.uri()},
                  {"identityValidationExpression", std::string(1001, 'a')}};
  CHECK(w.fail(w.apis, "CreateAuthorizer", authorizer).code == "BadRequestException");
  authorizer["identityValidationExpression"] = "Bearer .*";
  const auto id = w.call(w.apis, "CreateAuthorizer", authorizer)["id"];
  CHECK(
      w.fail(
           w.apis, "UpdateAuthorizer",
           {{"restApiId", w.api_id},
            {"authorizerId", id},
            {"patchOperations",
             Json::array({{{"op", "replace"}, {"path", "/identityValidationExpression"}, {"value", "[a"}}})}})
          .code == "BadRequestException");
}
}  // namespace emu
