#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
Json patch(std::initializer_list<std::pair<const char*, const char*>> values) {
  Json out = Json::array();
  for (const auto& [path, value] : values)
    out.push_back({{"op", "replace"}, {"path", path}, {"value", value}});
  return out;
}
}  // namespace

TEST_CASE("at rate 1000 and burst 500, three thousand a second for ten seconds are let in as 500 + 1000 t") {
  RestWorld w;
  w.proxy("/orders", "POST");
  w.deploy();
  w.call(w.apis, "UpdateStage",
         {{"restApiId", w.api_id},
          {"stageName", "prod"},
          {"patchOperations",
           patch({{"/*/*/throttling/rateLimit", "1000"}, {"/*/*/throttling/burstLimit", "500"}})}});
  int admitted = 0, refused = 0;
  for (int ms = 0; ms <= 10'000; ++ms) {
    for (int i = 0; i < 3; ++i) {
      const auto response = w.send("POST", "/prod/orders");
      if (response.status == 200) ++admitted;
      if (response.status == 429) {
        ++refused;
        REQUIRE(response.body == R"({"message":"Too Many Requests"})");
        REQUIRE(response.headers.get("x-amzn-ErrorType") == "TooManyRequestsException");
      }
    }
    if (ms > 0 && ms % 1000 == 0) CHECK(admitted == 500 + ms);
    w.advance(1ms);
  }
  CHECK(admitted + refused == 30'003);
}

TEST_CASE("a wildcard setting gives each method tokens of its own, a method's own setting goes before it") {
  RestWorld w;
  w.proxy("/a", "GET");
  w.proxy("/b", "GET");
  w.deploy();
  w.call(w.apis, "UpdateStage",
         {{"restApiId", w.api_id},
          {"stageName", "prod"},
          {"patchOperations", patch({{"/*/*/throttling/rateLimit", "1"},
                                     {"/*/*/throttling/burstLimit", "2"},
                                     {"/~1b/GET/throttling/rateLimit", "1"},
                                     {"/~1b/GET/throttling/burstLimit", "3"}})}});
  const auto let_in = [&](const char* path) {
    int in = 0;
    for (int i = 0; i < 5; ++i) in += w.send("GET", path).status == 200;
    return in;
  };
  CHECK(let_in("/prod/a") == 2);
  CHECK(let_in("/prod/b") == 3);
  w.advance(1s);
  CHECK(let_in("/prod/a") == 1);
}

TEST_CASE("all APIs of an account and region share one bucket, whatever their stages allow") {
  RestWorld w;
  w.proxy("/a", "GET");
  w.deploy();
  w.http_apis.throttles.account = {2, 5};
  const auto http = w.call(w.http_apis, "CreateApi",
                           {{"name", "h"}, {"protocolType", "HTTP"}, {"target", kOrders}})["apiId"];
  const auto ask_http = [&] {
    return w.send({"GET", "/_aws/execute-api/" + http.get<std::string>() + "/$default/x", {}, {}, "1.2.3.4"});
  };
  for (int i = 0; i < 3; ++i) CHECK(w.send("GET", "/prod/a").status == 200);
  for (int i = 0; i < 2; ++i) CHECK(ask_http().status == 200);
  const auto rest = w.send("GET", "/prod/a");
  CHECK(rest.status == 429);
  CHECK(rest.body == R"({"message":"Too Many Requests"})");
  CHECK(rest.headers.get("x-amzn-ErrorType") == "TooManyRequestsException");
  CHECK(ask_http().status == 429);
  CHECK(ask_http().body == R"({"message":"Too Many Requests"})");
  w.advance(1s);
  CHECK(w.send("GET", "/prod/a").status == 200);
  CHECK(ask_http().status == 200);
  CHECK(ask_http().status == 429);
}

TEST_CASE("an account's bucket is ten thousand a second, five thousand at once, and GetAccount says so") {
  RestWorld w;
  w.proxy("/a", "GET");
  w.deploy();
  CHECK(w.call(w.apis, "GetAccount")["throttleSettings"] ==
        Json{{"burstLimit", 5000}, {"rateLimit", 10000.0}});
  int in = 0;
  for (int i = 0; i < 6000; ++i) in += w.send("GET", "/prod/a").status == 200;
  CHECK(in == 5000);
}

TEST_CASE("an API key is asked for, throttled and counted as its usage plan says") {
  RestWorld w;
  w.proxy("/x", "GET", {{"apiKeyRequired", true}});
  w.deploy();
  const auto key = w.call(w.apis, "CreateApiKey", {{"name", "k"}, {"enabled", true}});
  const std::string value = key["value"];
  const auto get = [&](std::string given) {
    auto r = w.request("GET", "/prod/x");
    if (!given.empty()) r.headers.add("X-API-Key", given);
    return w.send(std::move(r));
  };
  CHECK(get("").status == 403);
  CHECK(get(value).body == R"({"message":"Forbidden"})");
  const std::string plan = w.call(w.apis, "CreateUsagePlan",
                                  {{"name", "p"},
                                   {"apiStages", Json::array({{{"apiId", w.api_id}, {"stage", "prod"}}})},
                                   {"throttle", {{"rateLimit", 1.0}, {"burstLimit", 2}}},
                                   {"quota", {{"limit", 3}, {"period", "DAY"}}}})["id"];
  w.call(w.apis, "CreateUsagePlanKey", {{"usagePlanId", plan}, {"keyId", key["id"]}, {"keyType", "API_KEY"}});
  CHECK(get(value).status == 200);
  CHECK(w.event()["requestContext"]["identity"]["apiKey"] == value);
  CHECK(w.event()["requestContext"]["identity"]["apiKeyId"] == key["id"]);
  CHECK(get(value).status == 200);
  CHECK(get(value).headers.get("x-amzn-ErrorType") == "TooManyRequestsException");
  w.advance(5s);
  CHECK(get(value).status == 200);
  const auto over = get(value);
  CHECK(over.status == 429);
  CHECK(over.body == R"({"message":"Limit Exceeded"})");
  CHECK(over.headers.get("x-amzn-ErrorType") == "LimitExceededException");
  w.advance(24h);
  CHECK(get(value).status == 200);
  w.call(w.apis, "UpdateApiKey",
         {{"apiKey", key["id"]}, {"patchOperations", patch({{"/enabled", "false"}})}});
  CHECK(get(value).status == 403);
}
}  // namespace emu
