#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

TEST_CASE("a custom domain's Host and base path stand for an API and its stage") {
  RestWorld w;
  w.proxy("/orders/{id}", "GET");
  w.deploy();
  w.call(w.apis, "CreateDomainName", {{"domainName", "api.shop.example"}});
  w.call(
      w.apis, "CreateBasePathMapping",
      {{"domainName", "api.shop.example"}, {"basePath", "v1"}, {"restApiId", w.api_id}, {"stage", "prod"}});
  const auto get = [&](std::string host, std::string path) {
    http::Request r{"GET", std::move(path), {}, {}, "127.0.0.1"};
    r.headers.add("Host", std::move(host));
    REQUIRE(w.door.claims(r));
    return w.send(std::move(r));
  };
  CHECK(get("API.shop.example:4566", "/v1/orders/7").status == 200);
  CHECK(w.event()["path"] == "/v1/orders/7");
  CHECK(w.event()["resource"] == "/orders/{id}");
  CHECK(w.event()["pathParameters"] == Json{{"id", "7"}});
  CHECK(w.event()["requestContext"]["domainName"] == "API.shop.example:4566");
  CHECK(get("api.shop.example", "/v2/orders/7").status == 403);
  CHECK(get("api.shop.example", "/v1x/orders/7").status == 403);
  http::Request other{"GET", "/v1/orders/7", {}, {}, "127.0.0.1"};
  other.headers.add("Host", "other.example");
  CHECK_FALSE(w.door.claims(other));
  w.call(w.apis, "CreateBasePathMapping", {{"domainName", "api.shop.example"}, {"restApiId", w.api_id}});
  CHECK(get("api.shop.example", "/prod/orders/8").status == 200);
  w.call(w.apis, "DeleteDomainName", {{"domainName", "api.shop.example"}});
  http::Request gone{"GET", "/v1/orders/7", {}, {}, "127.0.0.1"};
  gone.headers.add("Host", "api.shop.example");
  CHECK_FALSE(w.door.claims(gone));
}

TEST_CASE("a name by which clients reach emu itself is no custom domain, not even one that was kept") {
  RestWorld w;
  for (const auto* name : {"localhost", "127.0.0.1", "sqs.us-east-1.localhost.localstack.cloud",
                           "dynamodb.us-east-1.amazonaws.com"}) {
    CHECK(w.fail(w.apis, "CreateDomainName", {{"domainName", name}})
              .message.starts_with("Invalid domain name specified"));
    w.apis.shelf.put({}, "domainnames", name, {{"domainName", name}});
  }
  w.apis.domains_changed();
  http::Request request{"GET", "/", {}, {}, "127.0.0.1"};
  request.headers.add("Host", "localhost:4566");
  CHECK_FALSE(w.door.claims(request));
}

TEST_CASE("a wildcard domain serves the names below it, a name of its own before it") {
  RestWorld w;
  w.proxy("/orders", "GET");
  w.deploy();
  const auto serve = [&](std::string domain, std::string stage) {
    w.call(w.apis, "CreateDomainName", {{"domainName", domain}});
    w.call(w.apis, "CreateBasePathMapping",
           {{"domainName", domain}, {"restApiId", w.api_id}, {"stage", std::move(stage)}});
  };
  serve("*.shop.example", "prod");
  w.deploy("own");
  serve("own.shop.example", "own");
  const auto stage = [&](std::string host) -> std::string {
    http::Request r{"GET", "/orders", {}, {}, "127.0.0.1"};
    r.headers.add("Host", std::move(host));
    if (!w.door.claims(r)) return "none";
    CHECK(w.send(std::move(r)).status == 200);
    return w.event()["requestContext"]["stage"];
  };
  CHECK(stage("a.shop.example:4566") == "prod");
  CHECK(stage("OWN.shop.example") == "own");
  CHECK(stage("shop.example") == "none");
  CHECK(stage("a.b.shop.example") == "none");
  serve("*.localhost", "prod");
  CHECK(stage("sqs.localhost") == "none");
}
}  // namespace emu
