#include "emulator/services/gateway/proxy.hpp"

#include "tests/services/gateway/fake_functions.hpp"

namespace emu {
using namespace test;
using namespace gateway;

namespace {
// A request on its way through an HTTP_PROXY integration.
struct Passing {
  LiveApi api;
  LiveStage stage;
  LiveRoute route;
  RouteTable::PathParameters parameters{{"proxy", "a/b"}};
  http::Request request{"POST", "/x/a/b?q=1&q=2", {}, R"({"order":{"id":7}})", "203.0.113.7"};

  explicit Passing(StringMap mappings = {}) {
    request.headers.add("Host", "localhost");
    request.headers.add("X-Mine", "m");
    request.headers.add("Connection", "close");
    stage.name = "$default";
    stage.variables = {{"host", "backend"}};
    Integration integration{.integrationMethod = "ANY",
                            .integrationType = "HTTP_PROXY",
                            .integrationUri = "http://backend:81/base/{proxy}"};
    if (!mappings.empty()) integration.requestParameters = std::move(mappings);
    route.key = *RouteKey::parse("ANY /x/{proxy+}");
    route.http = std::move(integration);
  }
  EventSource source() {
    return {api, stage, route, parameters, request, "/x/a/b", "/x/a/b", "d", "id", "t", Time{}};
  }
};
}  // namespace

TEST_CASE("a request goes on with its method, path, query, headers and body") {
  Passing p;
  const auto out = onward(p.source());
  CHECK(out.uri == "http://backend:81/base/a/b?q=1&q=2");
  CHECK(out.request.method == "POST");
  CHECK(out.request.body == p.request.body);
  CHECK(out.request.headers.get("x-mine") == "m");
  CHECK_FALSE(out.request.headers.find("host"));
  CHECK_FALSE(out.request.headers.find("connection"));
  CHECK(out.request.headers.get("x-forwarded-for") == "203.0.113.7");
}

TEST_CASE("parameters are mapped as the integration says") {
  Passing p({{"append:header.x-mine", "$request.querystring.q"},
             {"overwrite:header.x-order", "order-${request.body.order.id}-${stageVariables.host}"},
             {"remove:querystring.q", ""},
             {"append:querystring.r", "a b"},
             {"overwrite:path", "/other/${request.path.proxy}"}});
  const auto out = onward(p.source());
  CHECK(out.uri == "http://backend:81/other/a/b?r=a%20b");
  CHECK(out.request.headers.get("x-order") == "order-7-backend");
  int mine = 0;
  for (const auto& header : out.request.headers) mine += header.name == "x-mine" || header.name == "X-Mine";
  CHECK(mine == 2);
}

TEST_CASE("behind a VPC link the path follows that of its address, with the stage or as it is mapped") {
  Passing p;
  p.stage.name = "dev";
  auto source = p.source();
  source.path = "/dev/x/a b";
  source.raw_path = "/dev/x/a%20b";
  CHECK(onward(source, "http://127.0.0.1:8080/base/").uri ==
        "http://127.0.0.1:8080/base/dev/x/a%20b?q=1&q=2");
  Passing mapped({{"overwrite:path", "$request.path"}});
  mapped.stage.name = "dev";
  auto below = mapped.source();
  below.path = "/dev/x/a b";
  CHECK(onward(below, "http://127.0.0.1:8080").uri == "http://127.0.0.1:8080/x/a%20b?q=1&q=2");
}

TEST_CASE("several values of a name are one text, and what an answer says can be mapped") {
  Passing p({{"append:header.x-all", "$request.querystring.q"},
             {"append:header.x-agent", "$context.identity.userAgent"}});
  p.request.headers.add("User-Agent", "curl/8");
  const auto out = onward(p.source());
  CHECK(out.request.headers.get("x-all") == "1,2");
  CHECK(out.request.headers.get("x-agent") == "curl/8");
  p.route.http->responseParameters = {
      {"200", {{"overwrite:header.x-id", "order-${response.body.order.id}-${response.header.etag}"}}}};
  http::Response answer{200, {}, R"({"order":{"id":7}})"};
  answer.headers.add("ETag", "e");
  CHECK(backwards(p.source(), answer).headers.get("x-id") == "order-7-e");
}

TEST_CASE("a body nested without end is no value, and nothing breaks") {
  Passing p({{"append:header.x-a", "$request.body.a"}});
  p.request.body = R"({"a":)" + std::string(40'000, '[') + std::string(40'000, ']') + "}";
  CHECK(onward(p.source()).request.headers.get("x-a").empty());
}

TEST_CASE("a mapping's source is a text or one that AWS has") {
  for (const auto* known :
       {"text", "$request.header.a", "$request.path", "$request.body.a.b", "$context.requestTime",
        "$context.authorizer.claims.sub", "$stageVariables.x", "$response.header.a", "$response.body.id",
        "a-${request.path.id}-${context.stage}"})
    CHECK_MESSAGE(is_mapping_source(known), known);
  for (const auto* unknown : {"$", "$request.header.", "$request.cookie.a", "$context.nothing", "$input.body",
                              "a-${nothing}", "${request.body.}"})
    CHECK_MESSAGE(!is_mapping_source(unknown), unknown);
}

TEST_CASE("what a path's parameters say stays within the path of the backend's URI") {
  Passing p;
  p.parameters = {{"proxy", "a b/c?admin=1#x/\r\nX: y/100%/ü"}};
  CHECK(onward(p.source()).uri ==
        "http://backend:81/base/a%20b/c%3Fadmin=1%23x/%0D%0AX:%20y/100%25/%C3%BC?q=1&q=2");
  Passing mapped({{"overwrite:path", "/as%20is/${request.path.proxy}"}});
  mapped.parameters = {{"proxy", "a?b"}};
  CHECK(onward(mapped.source()).uri == "http://backend:81/as%20is/a%3Fb?q=1&q=2");
}

TEST_CASE("a backend's answer is mapped by its status, and hop-by-hop headers stay behind") {
  Passing p;
  p.route.http->responseParameters = {{"200",
                                       {{"overwrite:statuscode", "202"},
                                        {"append:header.x-was", "$response.header.etag"},
                                        {"remove:header.secret", ""}}}};
  http::Response answer{200, {}, "body"};
  for (const auto& [name, value] : {std::pair{"ETag", "e"},
                                    {"Secret", "s"},
                                    {"Transfer-Encoding", "chunked"},
                                    {"Content-Type", "text/plain"}})
    answer.headers.add(name, value);
  const auto out = backwards(p.source(), answer);
  CHECK(out.status == 202);
  CHECK(out.headers.get("x-was") == "e");
  CHECK(out.headers.get("content-type") == "text/plain");
  CHECK_FALSE(out.headers.find("secret"));
  CHECK_FALSE(out.headers.find("transfer-encoding"));
  answer.status = 404;
  CHECK(backwards(p.source(), answer).status == 404);
}

TEST_CASE("an HTTP_PROXY integration names a method and an address, and maps no reserved header") {
  GatewayWorld w;
  Json in{{"apiId", w.api_id}, {"integrationType", "HTTP_PROXY"}, {"integrationUri", "http://127.0.0.1:1/x"}};
  CHECK(w.fail(w.gateway, "CreateIntegration", in).message ==
        "IntegrationMethod is a required parameter for integration type HTTP_PROXY");
  in["integrationMethod"] = "GET";
  in["requestParameters"] = {{"overwrite:header.Authorization", "x"}};
  CHECK(w.fail(w.gateway, "CreateIntegration", in).message ==
        "Operations on header Authorization are restricted");
  in["requestParameters"] = {{"overwrite:header.x", "y"}};
  CHECK(w.call(w.gateway, "CreateIntegration", in)["requestParameters"] == Json{{"overwrite:header.x", "y"}});
}
}  // namespace emu
