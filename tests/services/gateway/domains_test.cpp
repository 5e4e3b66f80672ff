#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
// A domain that an HTTP API and a REST API share.
struct DomainWorld : RestWorld {
  std::string http_id;

  DomainWorld() {
    proxy("/items/{id}", "GET");
    deploy("prod");
    http_id = call(http_apis, "CreateApi",
                   {{"name", "orders"}, {"protocolType", "HTTP"}, {"target", kOrders}})["apiId"];
    call(http_apis, "CreateStage", {{"apiId", http_id}, {"stageName", "dev"}, {"autoDeploy", true}});
    call(http_apis, "CreateDomainName",
         {{"domainName", "api.shop.example"},
          {"domainNameConfigurations", {{{"certificateArn", "arn:aws:acm:us-east-1:0:certificate/c"}}}},
          {"tags", {{"a", "b"}}}});
  }
  std::string map(std::string key, std::string api, std::string stage) {
    return call(http_apis, "CreateApiMapping",
                {{"domainName", "api.shop.example"},
                 {"apiMappingKey", key},
                 {"apiId", api},
                 {"stage", stage}})["apiMappingId"];
  }
  int get(std::string path) {
    http::Request r{"GET", std::move(path), {}, {}, "127.0.0.1"};
    r.headers.add("Host", "api.shop.example:4566");
    return send(std::move(r)).status;
  }
};
}  // namespace

TEST_CASE("keys of several levels name an API each, the longest first, whichever kind it is") {
  DomainWorld w;
  w.map("", w.http_id, "$default");
  w.map("v1", w.http_id, "dev");
  w.map("v1/shop", w.api_id, "prod");
  CHECK(w.get("/orders/7?x=1") == 200);
  CHECK(w.event()["rawPath"] == "/orders/7");
  CHECK(w.event()["requestContext"]["stage"] == "$default");
  CHECK(w.event()["requestContext"]["domainName"] == "api.shop.example:4566");
  CHECK(w.get("/dev/orders") == 200);  // the mapping says the stage, not the path
  CHECK(w.event()["rawPath"] == "/dev/orders");
  CHECK(w.event()["requestContext"]["stage"] == "$default");
  CHECK(w.get("/v1/orders") == 200);
  CHECK(w.event()["requestContext"]["stage"] == "dev");
  CHECK(w.event()["rawPath"] == "/dev/orders");
  CHECK(w.get("/v1/shop/items/3") == 200);
  CHECK(w.event()["resource"] == "/items/{id}");
  CHECK(w.event()["path"] == "/v1/shop/items/3");
}

TEST_CASE("a domain serves an API whose own address is closed") {
  DomainWorld w;
  w.map("", w.http_id, "$default");
  w.map("rest", w.api_id, "prod");
  w.call(w.http_apis, "UpdateApi", {{"apiId", w.http_id}, {"disableExecuteApiEndpoint", true}});
  w.call(w.apis, "UpdateRestApi",
         {{"restApiId", w.api_id},
          {"patchOperations",
           {{{"op", "replace"}, {"path", "/disableExecuteApiEndpoint"}, {"value", "true"}}}}});
  CHECK(w.send("GET", "/prod/items/3").status == 403);
  CHECK(w.get("/x") == 200);
  CHECK(w.get("/rest/items/3") == 200);
}

TEST_CASE("a domain and its mappings are the same in both control planes") {
  DomainWorld w;
  const auto id = w.map("v1", w.api_id, "prod");
  const auto shown = w.call(w.http_apis, "GetDomainName", {{"domainName", "api.shop.example"}});
  const auto& configuration = shown["domainNameConfigurations"][0];
  CHECK(shown["apiMappingSelectionExpression"] == "$request.basepath");
  CHECK(shown["tags"] == Json{{"a", "b"}});
  CHECK(configuration["endpointType"] == "REGIONAL");
  CHECK(configuration["domainNameStatus"] == "AVAILABLE");
  CHECK(configuration["certificateArn"] == "arn:aws:acm:us-east-1:0:certificate/c");
  CHECK(configuration["apiGatewayDomainName"].get<std::string>().starts_with("d-"));
  CHECK(w.call(w.apis, "GetDomainName", {{"domainName", "api.shop.example"}})["regionalDomainName"] ==
        configuration["apiGatewayDomainName"]);
  CHECK(w.call(w.apis, "GetBasePathMapping",
               {{"domainName", "api.shop.example"}, {"basePath", "v1"}})["restApiId"] == w.api_id);
  w.call(w.apis, "CreateBasePathMapping",
         {{"domainName", "api.shop.example"}, {"restApiId", w.api_id}, {"stage", "prod"}});
  const auto all = w.call(w.http_apis, "GetApiMappings", {{"domainName", "api.shop.example"}})["items"];
  REQUIRE(all.size() == 2);
  CHECK(w.call(w.http_apis, "GetApiMapping", {{"domainName", "api.shop.example"}, {"apiMappingId", id}}) ==
        Json{{"apiId", w.api_id}, {"apiMappingId", id}, {"apiMappingKey", "v1"}, {"stage", "prod"}});
}

TEST_CASE("a mapping is changed and deleted by its id, and goes with its domain") {
  DomainWorld w;
  const Json domain{{"domainName", "api.shop.example"}};
  Json at = domain;
  at["apiMappingId"] = w.map("v1", w.http_id, "$default");
  Json change = at;
  change.update({{"apiMappingKey", "v2"}, {"apiId", w.http_id}});
  CHECK(w.call(w.http_apis, "UpdateApiMapping", change)["apiMappingKey"] == "v2");
  CHECK(w.get("/v1/x") == 403);
  CHECK(w.get("/v2/x") == 200);
  w.call(w.http_apis, "DeleteApiMapping", at);
  CHECK(w.get("/v2/x") == 403);
  CHECK(w.fail(w.http_apis, "GetApiMapping", at).code == "NotFoundException");
  w.map("v3", w.http_id, "$default");
  w.call(w.http_apis, "DeleteDomainName", domain);
  CHECK(w.fail(w.http_apis, "GetApiMappings", domain).message == "Invalid domain name identifier specified");
}

TEST_CASE("a mapping to what is not there, or under a key that is taken or malformed, is refused") {
  DomainWorld w;
  w.map("v1", w.http_id, "$default");
  const auto refused = [&](std::string key, std::string api, std::string stage,
                           std::string domain = "api.shop.example") {
    return w.fail(w.http_apis, "CreateApiMapping",
                  {{"domainName", domain}, {"apiMappingKey", key}, {"apiId", api}, {"stage", stage}});
  };
  CHECK(refused("v1", w.http_id, "dev").code == "ConflictException");
  CHECK(refused("v2", "nothing123", "dev").message ==
        "Invalid API identifier specified 000000000000:nothing123");
  CHECK(refused("v2", w.http_id, "none").message == "Invalid stage identifier specified");
  CHECK(refused("v2", w.api_id, "dev").message == "Invalid stage identifier specified");
  CHECK(refused("v2", w.http_id, "dev", "other.example").code == "NotFoundException");
  for (const auto* key : {"/v2", "v2/", "a//b", "a b", "a?b"})
    CHECK(refused(key, w.http_id, "dev").code == "BadRequestException");
}

TEST_CASE("a mapping to a stage that is gone serves no other stage") {
  DomainWorld w;
  w.map("v1", w.http_id, "dev");
  w.call(w.http_apis, "DeleteStage", {{"apiId", w.http_id}, {"stageName", "dev"}});
  CHECK(w.get("/v1/orders") == 404);
  CHECK(w.functions.events.empty());
}

TEST_CASE("by a domain, too, a decoded question mark ends the path") {
  DomainWorld w;
  w.map("", w.http_id, "$default");
  CHECK(w.get("/a%3Fb=1") == 200);
  CHECK(w.event()["rawPath"] == "/a");
}

TEST_CASE("a domain that was made with another shape of endpoints is listed all the same") {
  DomainWorld w;
  w.call(w.apis, "CreateDomainName",
         {{"domainName", "odd.example"}, {"endpointConfiguration", Json::array({"REGIONAL"})}});
  CHECK(w.call(w.http_apis, "GetDomainNames")["items"].size() == 2);
}

TEST_CASE("a domain tells the kind of addresses it was given") {
  DomainWorld w;
  const auto kind = [](const Json& domain) { return domain["domainNameConfigurations"][0]["ipAddressType"]; };
  const auto configured = [](const char* type) {
    return Json{{"domainName", "dual.example"},
                {"domainNameConfigurations", Json::array({{{"ipAddressType", type}}})}};
  };
  CHECK(w.fail(w.http_apis, "CreateDomainName", configured("ipv9")).code == "BadRequestException");
  CHECK(kind(w.call(w.http_apis, "CreateDomainName", configured("dualstack"))) == "dualstack");
  CHECK(kind(w.call(w.http_apis, "GetDomainName", {{"domainName", "dual.example"}})) == "dualstack");
  CHECK(kind(w.call(w.http_apis, "UpdateDomainName", configured("ipv4"))) == "ipv4");
}
}  // namespace emu
