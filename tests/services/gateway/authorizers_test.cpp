#include "emulator/services/gateway/authorizers/jwt.hpp"
#include "emulator/services/gateway/authorizers/policy.hpp"
#include "emulator/services/gateway/authorizers/user_pools.hpp"
#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;
using namespace gateway;

namespace {
// Issued by https://issuer.example for the audience "shop", subject u1, scope "read write", until 2027.
constexpr auto kToken =
    "eyJhbGciOiAiUlMyNTYiLCAia2lkIjogImsxIn0."
    "eyJpc3MiOiAiaHR0cHM6Ly9pc3N1ZXIuZXhhbXBsZSIsICJhdWQiOiAic2hvcCIsICJleHAiOiAxNzk4NzYxNjAwLCAic3ViIjogInUx"
    "IiwgInNjb3BlIjogInJlYWQgd3JpdGUiLCAiZ3JvdXBzIjogWyJhIiwgImIiXSwgIm4iOiAxfQ."
    "Z3DhSNK8Um0Uie3PBK2UW81L0jC0dK02X6Z-XKd1ffn_4VjA_LFz5oB6imiMgrlXQTKxBYpt4Gp8blIG9-yYcgMZ4I71f8lR_wpQy-"
    "enTBLaS7xIlPipcpHfX59ZeF5w3do-HZhEA3uxRPeOnCubJCIfM2QZJ4twuCC1VHO_n7T2ZWHXWQnGgV_x0P1lxz9yhr_"
    "xYa7DYDFOGz3gbFCEjYU3Xe4NXNU3A7VHFfN80LAPhnilB3ppy6m1kEMu1CJvVbsuwmQ6u3uQqbzvsxvZarNF4ECAGA17-"
    "806VoEKf1nzw0uU-sFJ7X7DoKHIAbydkmktmw_HuLUTtMkWUIpqrQ";
const Json kKeys{
    {"keys",
     Json::array({{{"kty", "RSA"},
                   {"kid", "k1"},
                   {"e", "AQAB"},
                   {"n",
                    "yZ1unmPkwrB3HD7_1GTurXrULYReKWJrI53LPRNruensEbWJ2P-Dlve__CgJD_6K-"
                    "mxvrUV2OmpY7PEP9CoLwd3A0ryIyKdEevfV2OnIAqZvBIP9SVaoudJuCMS3MBeHa7DXwwRFip9Al853KDrwhVmI7"
                    "2KxubFRsoj3tDa_PAYXRjSeGnk-vnw4O4jN3WVS5X4SvGizA3TV0afO5vxM1NyJWc4Xi6ESna-"
                    "pAkqfqHOGdpm9Zrj2AsegevO8WOtZ96pIGcBwfDrYRGoDiA3wCBxAnlNdYXDuRTwDuZzVPimxC5ZQNiQczZg81TZ"
                    "tPFxHLUJzMvO25GrnEjAXjbc44Q"}}})}};
const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

std::string refused(JwtRules rules, Time now = kNow, std::string token = kToken) {
  const auto checked = check_token(*take_apart(token), rules, kKeys, now);
  const auto* refusal = std::get_if<JwtRefusal>(&checked);
  return refusal ? refusal->description : "";
}
const JwtRules kRules{"https://issuer.example", {"shop"}};

Json policy(const char* effect, std::string resource) {
  return {
      {"principalId", "u"},
      {"policyDocument",
       {{"Statement",
         Json::array({{{"Effect", effect}, {"Action", "execute-api:Invoke"}, {"Resource", resource}}})}}}};
}
}  // namespace

TEST_CASE("a token is good if its issuer signed it, for this audience, for now") {
  CHECK(refused(kRules).empty());
  CHECK(refused({"https://other.example", {"shop"}}) == "the token has an invalid issuer");
  CHECK(refused({"https://issuer.example", {"bank"}}) == "the token does not have a valid audience");
  CHECK(refused(kRules, kNow + 24h * 400) == "the token has expired");
  CHECK(refused({"https://issuer.example", {"shop"}, {"admin"}}) == "the token does not have a valid scope");
  CHECK(refused({"https://issuer.example", {"shop"}, {"admin", "write"}}).empty());
  std::string forged = kToken;
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'a' ? 'b' : 'a';
  CHECK(refused(kRules, kNow, forged) == "signature verification failed");
  CHECK_FALSE(take_apart("a.b"));
  CHECK_FALSE(take_apart("a.b.c"));
  CHECK(bearer("bearer x") == "x");
  CHECK(claims_as_text(take_apart(kToken)->claims)["groups"] == "[a b]");
  CHECK(claims_as_text(take_apart(kToken)->claims)["n"] == "1");
}

TEST_CASE("a policy allows what a statement covers, and a denial goes before") {
  const auto arn = "arn:aws:execute-api:us-east-1:000000000000:abc/prod/GET/orders/1";
  CHECK(judge(policy("Allow", "*")["policyDocument"], arn) == Verdict::allowed);
  CHECK(judge(policy("Allow", "arn:aws:execute-api:*:*:abc/*/GET/orders/?")["policyDocument"], arn) ==
        Verdict::allowed);
  CHECK(judge(policy("Allow", "arn:aws:execute-api:*:*:abc/*/POST/*")["policyDocument"], arn) ==
        Verdict::not_allowed);
  auto both = policy("Allow", "*")["policyDocument"];
  both["Statement"].push_back(policy("Deny", "*/orders/*")["policyDocument"]["Statement"][0]);
  CHECK(judge(both, arn) == Verdict::denied);
  CHECK(judge(Json(), arn) == Verdict::not_allowed);
}

namespace {
struct GuardedWorld : GatewayWorld {
  explicit GuardedWorld(Json authorizer) : GatewayWorld{"GET /x"} {
    authorizer["apiId"] = api_id;
    authorizer["name"] = "a";
    const auto made = call(gateway, "CreateAuthorizer", authorizer);
    const auto route = call(gateway, "GetRoutes", {{"apiId", api_id}})["items"][0];
    call(gateway, "UpdateRoute",
         {{"apiId", api_id},
          {"routeId", route["routeId"]},
          {"authorizationType", authorizer["authorizerType"] == "JWT" ? "JWT" : "CUSTOM"},
          {"authorizerId", made["authorizerId"]}});
  }
  http::Response get(std::string token = {}) {
    auto r = request("GET", "/x?a=1");
    if (!token.empty()) r.headers.add("Authorization", token);
    return send(std::move(r));
  }
};
Json asked(bool simple, int ttl = 0) {
  return {{"authorizerType", "REQUEST"},
          {"authorizerUri", RestWorld::uri("arn:aws:lambda:us-east-1:000000000000:function:auth")},
          {"authorizerPayloadFormatVersion", "2.0"},
          {"enableSimpleResponses", simple},
          {"identitySource", {"$request.header.Authorization"}},
          {"authorizerResultTtlInSeconds", ttl}};
}
}  // namespace

TEST_CASE("a function authorizes the requests of a route, and its context reaches the other") {
  GuardedWorld w(asked(true));
  CHECK(w.get().status == 401);
  CHECK(w.functions.events.empty());
  w.answers(R"({"isAuthorized":true,"context":{"user":"u1","n":1},"statusCode":200})");
  CHECK(w.get("secret").status == 200);
  REQUIRE(w.functions.events.size() == 2);
  const auto& question = w.functions.events[0];
  CHECK(question["type"] == "REQUEST");
  CHECK(question["version"] == "2.0");
  CHECK(question["identitySource"] == Json::array({"secret"}));
  CHECK(question["routeArn"] == "arn:aws:execute-api:us-east-1:000000000000:" + w.api_id + "/$default/GET/x");
  CHECK(question["routeKey"] == "GET /x");
  CHECK_FALSE(question.contains("body"));
  CHECK(w.functions.events[1]["requestContext"]["authorizer"] ==
        Json{{"lambda", {{"user", "u1"}, {"n", 1}}}});
  w.answers(R"({"isAuthorized":false})");
  CHECK(w.get("secret").body == R"({"message":"Forbidden"})");
  w.answers("[]");
  CHECK(w.get("secret").status == 500);
}

TEST_CASE("what a function said is kept as long as its authorizer says") {
  GuardedWorld w(asked(true, 60));
  w.answers(R"({"isAuthorized":true,"statusCode":200})");
  CHECK(w.get("a").status == 200);
  CHECK(w.get("a").status == 200);
  CHECK(w.functions.events.size() == 3);
  CHECK(w.get("b").status == 200);
  CHECK(w.functions.events.size() == 5);
  w.advance(61s);
  CHECK(w.get("a").status == 200);
  CHECK(w.functions.events.size() == 7);
}

TEST_CASE("a route with tokens asks for one, and for none of an issuer that cannot be reached") {
  GuardedWorld w({{"authorizerType", "JWT"},
                  {"identitySource", {"$request.header.Authorization"}},
                  {"jwtConfiguration", {{"issuer", "https://issuer.example"}, {"audience", {"shop"}}}}});
  const auto missing = w.get();
  CHECK(missing.status == 401);
  CHECK(missing.body == R"({"message":"Unauthorized"})");
  CHECK(missing.headers.get("www-authenticate") == "Bearer");
  const auto malformed = w.get("Bearer nonsense");
  CHECK(malformed.status == 401);
  CHECK(malformed.headers.get("www-authenticate").find("error=\"invalid_token\"") != std::string_view::npos);
  CHECK(w.functions.events.empty());
}

TEST_CASE("a signed request passes a route with IAM, an unsigned one does not") {
  GatewayWorld w{"GET /x"};
  const auto route = w.call(w.gateway, "GetRoutes", {{"apiId", w.api_id}})["items"][0]["routeId"];
  w.call(w.gateway, "UpdateRoute",
         {{"apiId", w.api_id}, {"routeId", route}, {"authorizationType", "AWS_IAM"}});
  CHECK(w.send("GET", "/x").status == 403);
  auto r = w.request("GET", "/x");
  r.headers.add("Authorization",
                "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/execute-api/aws4_request, "
                "SignedHeaders=host, Signature=0");
  CHECK(w.send(std::move(r)).status == 200);
  CHECK(w.functions.events[0]["requestContext"]["authorizer"]["iam"]["accountId"] == "123456789012");
}

TEST_CASE("a route's throttle answers 429, and the stage's default stands behind it") {
  GatewayWorld w{"GET /x", "GET /y"};
  w.call(w.gateway, "UpdateStage",
         {{"apiId", w.api_id},
          {"stageName", "$default"},
          {"defaultRouteSettings", {{"throttlingRateLimit", 1.0}, {"throttlingBurstLimit", 2}}},
          {"routeSettings", {{"GET /y", {{"throttlingBurstLimit", 3}}}}}});
  int x = 0, y = 0;
  for (int i = 0; i < 5; ++i) {
    const auto response = w.send("GET", "/x");
    x += response.status == 200;
    if (response.status != 200) CHECK(response.body == R"({"message":"Too Many Requests"})");
    y += w.send("GET", "/y").status == 200;
  }
  CHECK(x == 2);
  CHECK(y == 3);
}

TEST_CASE("a token is checked with the keys of a file where its issuer cannot be reached") {
  GuardedWorld w({{"authorizerType", "JWT"},
                  {"identitySource", {"$request.header.Authorization"}},
                  {"jwtConfiguration", {{"issuer", "https://issuer.example"}, {"audience", {"shop"}}}}});
  w.gateway.authorizers.local_keys = kKeys;
  CHECK(w.get(std::string("Bearer ") + kToken).status == 200);
  CHECK(w.functions.events.back()["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "u1");
  w.advance(24h * 400);
  CHECK(w.get(kToken).status == 401);
}

TEST_CASE("a user pool's tokens are those of AWS's issuer for it, or of one on this machine") {
  const std::vector<std::string> pools{"arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_a1"};
  CHECK(is_pool("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1", pools));
  CHECK(is_pool("http://localhost:9229/eu-west-1_a1", pools));
  CHECK_FALSE(is_pool("http://localhost:9229/eu-west-1_b", pools));
  CHECK_FALSE(is_pool("http://localhost.example.com/eu-west-1_a1", pools));
  CHECK_FALSE(is_pool("https://example.com/eu-west-1_a1", pools));
  CHECK_FALSE(is_pool("", pools));
  CHECK(pool_claims({{"sub", "u"}, {"cognito:groups", {"a", "b"}}, {"exp", 1531447909}, {"auth_time", 5}}) ==
        Json{{"sub", "u"},
             {"cognito:groups", "a,b"},
             {"exp", "Fri Jul 13 02:11:49 UTC 2018"},
             {"auth_time", "5"}});
}

namespace {
struct GuardedRest : RestWorld {
  explicit GuardedRest(Json authorizer) {
    authorizer["restApiId"] = api_id;
    authorizer["name"] = "a";
    authorizer["authorizerUri"] = uri("arn:aws:lambda:us-east-1:000000000000:function:auth");
    const auto made = call(apis, "CreateAuthorizer", authorizer);
    proxy("/orders/{id}", "GET", {{"authorizationType", "CUSTOM"}, {"authorizerId", made["id"]}});
    deploy();
  }
  http::Response get(std::string token = {}) {
    auto r = request("GET", "/prod/orders/1");
    if (!token.empty()) r.headers.add("Authorization", token);
    return send(std::move(r));
  }
};
}  // namespace

TEST_CASE("a token authorizer of a REST API is asked with the token and the method's ARN") {
  GuardedRest w({{"type", "TOKEN"},
                 {"identityValidationExpression", "Bearer .*"},
                 {"authorizerResultTtlInSeconds", 0}});
  CHECK(w.get().status == 401);
  CHECK(w.get("other").status == 401);
  CHECK(w.functions.events.empty());
  w.functions.outcome = runtime::Outcome{.kind = runtime::Outcome::Kind::function_error,
                                         .payload = R"({"errorMessage":"Unauthorized"})"};
  CHECK(w.get("Bearer x").body == R"({"message":"Unauthorized"})");
  CHECK(w.event() ==
        Json{{"type", "TOKEN"},
             {"authorizationToken", "Bearer x"},
             {"methodArn", "arn:aws:execute-api:us-east-1:000000000000:" + w.api_id + "/prod/GET/orders/1"}});
  w.functions.outcome =
      runtime::Outcome{.kind = runtime::Outcome::Kind::function_error, .payload = R"({"errorMessage":"no"})"};
  const auto failed = w.get("Bearer x");
  CHECK(failed.status == 500);
  CHECK(failed.body == R"({"message":null})");
  CHECK(failed.headers.get("x-amzn-ErrorType") == "AuthorizerConfigurationException");
  w.answers(json_text(policy("Deny", "*")));
  CHECK(w.get("Bearer x").body ==
        R"({"Message":"User is not authorized to access this resource with an explicit deny"})");
  w.answers(json_text(policy("Allow", "*/POST/*")));
  CHECK(w.get("Bearer x").body == R"({"Message":"User is not authorized to access this resource"})");
}

TEST_CASE("a REST authorizer's answer is kept, and its context reaches the function as texts") {
  GuardedRest w({{"type", "REQUEST"}, {"identitySource", "method.request.header.Authorization"}});
  auto allowed = policy("Allow", "*");
  allowed["context"] = {{"n", 1}, {"b", true}};
  // One script answers both functions: the second takes only what a proxy response has.
  w.answers(json_text(allowed));
  CHECK(w.get("x").status == 502);
  REQUIRE(w.functions.events.size() == 2);
  CHECK(w.functions.events[0]["type"] == "REQUEST");
  CHECK(w.functions.events[0]["resource"] == "/orders/{id}");
  CHECK_FALSE(w.functions.events[0].contains("body"));
  const auto& seen = w.functions.events[1]["requestContext"]["authorizer"];
  CHECK(seen["principalId"] == "u");
  CHECK(seen["n"] == "1");
  CHECK(seen["b"] == "true");
  w.answers(R"({"statusCode":200})");
  CHECK(w.get("x").status == 200);
  CHECK(w.functions.events.size() == 3);
}
}  // namespace emu
