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

TEST_CASE("a pattern that cannot be matched in bounded time, or that Java reads otherwise, is none") {
  const std::string deep = std::string(400, '(') + std::string(400, ')');
  for (const std::string& pattern : {std::string("(?:(?=(?:(?=.*b).)*c).)*d"),
                                     std::string("a(?!b)"),
                                     std::string("(?:a?){30000}"),
                                     std::string("(?:(?:a{100}){100}){100}"),
                                     std::string("(?:a{20}|b{20}){60}"),
                                     deep,
                                     std::string("a++b"),
                                     std::string("a**"),
                                     std::string("a???"),
                                     std::string("a{2}{2}"),
                                     std::string("\\Qa.b\\E"),
                                     std::string("\\Aa\\z"),
                                     std::string("\\h+"),
                                     std::string("[\\p]"),
                                     std::string("\\p{Alpha}"),
                                     std::string("^(?=a(?!b))a"),
                                     std::string("^(?=a)a|(?=b)b"),
                                     std::string("[[:alpha:"),
                                     std::string("a{"),
                                     std::string("\\")}) {
    CAPTURE(pattern);
    CHECK_FALSE(compiled_pattern(pattern));
    CHECK_FALSE(finding_pattern(pattern));
    CHECK_FALSE(replacing_pattern(pattern, 10));
  }
  CHECK(matches_whole("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "0b5eb2a2-13d8-4a3c-8f0d-5a1a6a4b7c2e"));
  CHECK(matches_whole("[a-z]{1,1024}", std::string(1024, 'a')));
  CHECK(matches_whole("^(?!2\\d\\d).*", "404"));
  CHECK_FALSE(matches_whole("^(?!2\\d\\d).*", "204"));
  CHECK(std::regex_match("Secret42", *finding_pattern("^(?=.*[A-Z])(?=.*\\d).{8,}$")));
  CHECK_FALSE(std::regex_match("secret42", *finding_pattern("^(?=.*[A-Z])(?=.*\\d).{8,}$")));
  CHECK(matches_whole("[[:alpha:])+]+\\u0041\\.", "x)+A."));
}

TEST_CASE("what a pattern replaces is found in the order it says while that is cheap") {
  CHECK(std::regex_replace("<a><b>", *replacing_pattern("<.*?>", 6), "") == "");
  CHECK(std::regex_replace("ab", *replacing_pattern("a|ab", 2), "x") == "xb");
  const auto dear = replacing_pattern("(a+)+b", 1000);
  REQUIRE(dear);
  CHECK(std::regex_replace(std::string(1000, 'a') + "b", *dear, "x") == "x");
  CHECK_FALSE(replacing_pattern("(a+)+[a-z]+b", kLongestSubject));
  std::string optional, either;
  for (int i = 0; i < 40; ++i) {
    optional += "a?";
    either += "(a|a)";
  }
  for (const auto& pattern : {optional + std::string(40, 'a'), either + "b"}) {
    const auto found = replacing_pattern(pattern, 60);
    REQUIRE(found);
    CHECK(std::regex_replace(std::string(60, 'a'), *found, "x").size() <= 60);
  }
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
  const auto model = [&](const Json& pattern) -> Json {
    return {{"restApiId", w.api_id},
            {"name", "M"},
            {"contentType", "application/json"},
            {"schema", Json{{"properties", {{"pattern", {{"pattern", pattern}}}}}}.dump()}};
  };
  CHECK(w.fail(w.apis, "CreateModel", model("^(.)\\1$")).code == "BadRequestException");
  w.call(w.apis, "CreateModel", model("^.$"));
  CHECK(w.fail(w.apis, "UpdateModel",
               {{"restApiId", w.api_id},
                {"modelName", "M"},
                {"patchOperations",
                 Json::array({{{"op", "replace"}, {"path", "/schema"}, {"value", model("a++")["schema"]}}})}})
            .code == "BadRequestException");
  CHECK(w.fail(w.apis, "ImportRestApi",
               {{"body",
                 R"({"swagger":"2.0","info":{"title":"t"},"paths":{},"definitions":{"M":{"pattern":"("}}})"}})
            .code == "BadRequestException");
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
