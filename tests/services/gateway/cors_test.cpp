#include "tests/services/gateway/fake_functions.hpp"

namespace emu {
using namespace test;

namespace {
void configure(GatewayWorld& w, Json cors) {
  w.call(w.gateway, "UpdateApi", {{"apiId", w.api_id}, {"corsConfiguration", std::move(cors)}});
}
http::Request from(GatewayWorld& w, std::string method, std::string path, std::string origin) {
  auto r = w.request(std::move(method), std::move(path));
  r.headers.add("Origin", std::move(origin));
  return r;
}
http::Request preflight(GatewayWorld& w, std::string path, std::string origin) {
  auto r = from(w, "OPTIONS", std::move(path), std::move(origin));
  r.headers.add("Access-Control-Request-Method", "GET");
  return r;
}
}  // namespace

TEST_CASE("a preflight that no route takes is answered by the gateway") {
  GatewayWorld w{"GET /x"};
  configure(w, {{"allowOrigins", {"https://shop.example"}},
                {"allowMethods", {"GET", "POST"}},
                {"allowHeaders", {"content-type", "x-a"}},
                {"exposeHeaders", {"x-b"}},
                {"allowCredentials", true},
                {"maxAge", 300}});
  const auto response = w.send(preflight(w, "/x", "https://Shop.example"));
  CHECK(response.status == 204);
  CHECK(response.body.empty());
  CHECK(response.headers.get("access-control-allow-origin") == "https://Shop.example");
  CHECK(response.headers.get("access-control-allow-methods") == "GET,POST");
  CHECK(response.headers.get("access-control-allow-headers") == "content-type,x-a");
  CHECK(response.headers.get("access-control-allow-credentials") == "true");
  CHECK(response.headers.get("access-control-max-age") == "300");
  CHECK_FALSE(response.headers.find("access-control-expose-headers"));
  CHECK(w.functions.events.empty());
}

TEST_CASE("an origin that is not allowed gets 204 without headers") {
  GatewayWorld w{"GET /x"};
  configure(w, {{"allowOrigins", {"https://shop.example"}}});
  const auto response = w.send(preflight(w, "/x", "https://other.example"));
  CHECK(response.status == 204);
  CHECK_FALSE(response.headers.find("access-control-allow-origin"));
}

TEST_CASE("origins are allowed by scheme or all at once") {
  GatewayWorld w{"GET /x"};
  configure(w, {{"allowOrigins", {"https://*"}}});
  CHECK(w.send(from(w, "GET", "/x", "https://a.b")).headers.get("access-control-allow-origin") ==
        "https://a.b");
  CHECK_FALSE(w.send(from(w, "GET", "/x", "http://a.b")).headers.find("access-control-allow-origin"));
  configure(w, {{"allowOrigins", {"*"}}});
  CHECK(w.send(from(w, "GET", "/x", "http://a.b")).headers.get("access-control-allow-origin") == "*");
}

TEST_CASE("the gateway's word on access control replaces the function's") {
  GatewayWorld w{"GET /x"};
  w.answers(
      R"({"statusCode":200,"headers":{"Access-Control-Allow-Origin":"evil","access-control-allow-methods":"PUT","x":"y"}})");
  CHECK(w.send(from(w, "GET", "/x", "https://a.b")).headers.get("access-control-allow-origin") == "evil");
  configure(w, {{"allowOrigins", {"https://a.b"}}, {"exposeHeaders", {"x"}}, {"allowMethods", {"GET"}}});
  const auto response = w.send(from(w, "GET", "/x", "https://a.b"));
  CHECK(response.headers.get("access-control-allow-origin") == "https://a.b");
  CHECK(response.headers.get("access-control-expose-headers") == "x");
  CHECK(response.headers.get("x") == "y");
  CHECK_FALSE(response.headers.find("access-control-allow-methods"));
}

TEST_CASE("a preflight goes to a route that takes OPTIONS") {
  GatewayWorld w{"ANY /x"};
  configure(w, {{"allowOrigins", {"*"}}});
  w.answers(R"({"statusCode":418})");
  const auto response = w.send(preflight(w, "/x", "https://a.b"));
  CHECK(response.status == 418);
  CHECK(response.headers.get("access-control-allow-origin") == "*");
  CHECK(w.functions.events.size() == 1);
}

TEST_CASE("without a CORS configuration a preflight is not found") {
  GatewayWorld w{"GET /x"};
  CHECK(w.send(preflight(w, "/x", "https://a.b")).status == 404);
  configure(w, {{"allowOrigins", {"*"}}});
  CHECK(w.send(preflight(w, "/x", "https://a.b")).status == 204);
  w.call(w.gateway, "DeleteCorsConfiguration", {{"apiId", w.api_id}});
  CHECK(w.send(preflight(w, "/x", "https://a.b")).status == 404);
}

TEST_CASE("credentials are not allowed for every origin at once") {
  GatewayWorld w;
  const auto e = w.fail(
      w.gateway, "UpdateApi",
      {{"apiId", w.api_id}, {"corsConfiguration", {{"allowOrigins", {"*"}}, {"allowCredentials", true}}}});
  CHECK(e.code == "BadRequestException");
  CHECK(e.message == "allow-credentials is not supported for origin *");
}
}  // namespace emu
