#include "emulator/services/gateway/routing/address.hpp"
#include "tests/services/gateway/fake_functions.hpp"

namespace emu {
using namespace test;

TEST_CASE("2.0: the event of a request, in full") {
  GatewayWorld w{"POST /orders/{id}"};
  auto r = w.request("POST", "/orders/42?status=pending&tag=important&tag=urgent", R"({"qty":2})");
  r.headers.add("Content-Type", "application/json");
  r.headers.add("User-Agent", "curl/8.5.0");
  r.headers.add("Cookie", "session=abc123; theme=dark");
  r.headers.add("X-Amzn-Trace-Id", "Root=1-67fd88a4-127eb8e773d2bb6f7df47ab6");
  const auto response = w.send(std::move(r));
  const auto domain = w.api_id + ".execute-api.localhost:4566";
  CHECK(w.functions.events.at(0) ==
        Json{{"version", "2.0"},
             {"routeKey", "POST /orders/{id}"},
             {"rawPath", "/orders/42"},
             {"rawQueryString", "status=pending&tag=important&tag=urgent"},
             {"cookies", {"session=abc123", "theme=dark"}},
             {"headers",
              {{"content-length", "9"},
               {"content-type", "application/json"},
               {"host", "localhost:4566"},
               {"user-agent", "curl/8.5.0"},
               {"x-amzn-trace-id", "Root=1-67fd88a4-127eb8e773d2bb6f7df47ab6"},
               {"x-forwarded-for", "203.0.113.7"},
               {"x-forwarded-port", "443"},
               {"x-forwarded-proto", "https"}}},
             {"queryStringParameters", {{"status", "pending"}, {"tag", "important,urgent"}}},
             {"requestContext",
              {{"accountId", "000000000000"},
               {"apiId", w.api_id},
               {"domainName", domain},
               {"domainPrefix", w.api_id},
               {"http",
                {{"method", "POST"},
                 {"path", "/orders/42"},
                 {"protocol", "HTTP/1.1"},
                 {"sourceIp", "203.0.113.7"},
                 {"userAgent", "curl/8.5.0"}}},
               {"requestId", response.headers.get("apigw-requestid")},
               {"routeKey", "POST /orders/{id}"},
               {"stage", "$default"},
               {"time", "01/Jan/2026:00:00:00 +0000"},
               {"timeEpoch", 1767225600000}}},
             {"body", R"({"qty":2})"},
             {"pathParameters", {{"id", "42"}}},
             {"isBase64Encoded", false}});
}

TEST_CASE("2.0: what has no value is absent, not null") {
  GatewayWorld w{"GET /x"};
  w.send("GET", "/x");
  const auto& event = w.functions.events.at(0);
  for (const auto* name : {"body", "cookies", "queryStringParameters", "pathParameters", "stageVariables"})
    CHECK_FALSE(event.contains(name));
  CHECK(event["isBase64Encoded"] == false);
  CHECK(event["rawQueryString"] == "");
  CHECK(event["requestContext"]["http"]["userAgent"] == "");
  CHECK_FALSE(event["requestContext"].contains("authorizer"));
}

TEST_CASE("2.0: paths and their parameters are decoded, the query string is not") {
  GatewayWorld w{"GET /u/{name}"};
  w.send("GET", "/u/J%20D%C3%B6e?q=a+b%26&flag");
  const auto& event = w.functions.events.at(0);
  CHECK(event["rawPath"] == "/u/J Döe");
  CHECK(event["requestContext"]["http"]["path"] == "/u/J Döe");
  CHECK(event["pathParameters"]["name"] == "J Döe");
  CHECK(event["rawQueryString"] == "q=a+b%26&flag");
  CHECK(event["queryStringParameters"] == Json{{"q", "a b&"}, {"flag", ""}});
}

TEST_CASE("2.0: repeated headers are joined under their lower-case name, cookies of several headers too") {
  GatewayWorld w{"GET /x"};
  auto r = w.request("GET", "/x");
  for (const auto* value : {"1", "2"}) r.headers.add("X-Many", value);
  for (const auto* value : {"a=1; b=2", "c=3"}) r.headers.add("Cookie", value);
  r.headers.add("Connection", "keep-alive");
  r.headers.add("X-Forwarded-For", "198.51.100.1");
  w.send(std::move(r));
  const auto& event = w.functions.events.at(0);
  CHECK(event["headers"]["x-many"] == "1,2");
  CHECK(event["cookies"] == Json{"a=1", "b=2", "c=3"});
  CHECK_FALSE(event["headers"].contains("cookie"));
  CHECK_FALSE(event["headers"].contains("connection"));
  CHECK(event["headers"]["x-forwarded-for"] == "198.51.100.1, 203.0.113.7");
  CHECK(event["requestContext"]["http"]["sourceIp"] == "203.0.113.7");
}

TEST_CASE("2.0: a named stage is part of the path, $default is not") {
  GatewayWorld w{"GET /orders"};
  w.call(w.gateway, "CreateStage",
         {{"apiId", w.api_id}, {"stageName", "dev"}, {"autoDeploy", true}, {"stageVariables", {{"k", "v"}}}});
  w.send("GET", "/dev/orders");
  w.send("GET", "/orders");
  w.send("GET", "/$default/orders");
  w.send("GET", "/%24default/orders");
  REQUIRE(w.functions.events.size() == 4);
  CHECK(w.functions.events[0]["rawPath"] == "/dev/orders");
  CHECK(w.functions.events[0]["requestContext"]["stage"] == "dev");
  CHECK(w.functions.events[0]["stageVariables"] == Json{{"k", "v"}});
  for (int i = 1; i < 4; ++i) {
    CHECK(w.functions.events[i]["rawPath"] == "/orders");
    CHECK(w.functions.events[i]["requestContext"]["stage"] == "$default");
    CHECK_FALSE(w.functions.events[i].contains("stageVariables"));
  }
}

TEST_CASE("by host, the host is the domain") {
  GatewayWorld w{"GET /orders"};
  http::Request r{"GET", "/orders", {}, {}, "127.0.0.1"};
  r.headers.add("Host", w.api_id + ".execute-api.us-east-1.localhost.localstack.cloud:4566");
  CHECK(gateway::addresses_api(r));
  CHECK(w.send(r).status == 200);
  const auto& context = w.functions.events.at(0)["requestContext"];
  CHECK(context["domainName"] == w.api_id + ".execute-api.us-east-1.localhost.localstack.cloud:4566");
  CHECK(context["domainPrefix"] == w.api_id);
}

TEST_CASE("a body is text only for the media types that AWS takes for text") {
  struct Case {
    const char* type;
    bool text;
  };
  GatewayWorld w{"POST /x"};
  for (const Case& c :
       {Case{"application/json", true}, Case{"Application/JSON; charset=utf-8", true}, Case{"text/csv", true},
        Case{"application/xml", true}, Case{"application/javascript", true},
        Case{"application/x-www-form-urlencoded", false}, Case{"multipart/form-data; boundary=x", false},
        Case{"application/octet-stream", false}, Case{"application/problem+json", false},
        Case{nullptr, false}}) {
    auto r = w.request("POST", "/x", "hi");
    if (c.type) r.headers.add("Content-Type", c.type);
    w.send(std::move(r));
    const auto& event = w.functions.events.back();
    CHECK(event["isBase64Encoded"] == !c.text);
    CHECK(event["body"] == (c.text ? "hi" : "aGk="));
  }
}

TEST_CASE("bytes that are not UTF-8 still make a valid event") {
  GatewayWorld w{"POST /{x}"};
  auto r = w.request("POST", "/%FF?q=%FE", "\xff");
  r.headers.add("Content-Type", "text/plain");
  r.headers.add("X-Raw", "\xfd");
  CHECK(w.send(std::move(r)).status == 200);
  CHECK(w.functions.events.at(0)["body"] == "\xef\xbf\xbd");
}

TEST_CASE("a trace begins at the gateway unless the client brought one") {
  GatewayWorld w{"GET /x"};
  w.send("GET", "/x");
  const std::string trace = w.functions.events.at(0)["headers"]["x-amzn-trace-id"];
  CHECK(trace.starts_with("Root=1-6955b900-"));
  CHECK(trace.size() == std::string("Root=1-6955b900-").size() + 24);
}

TEST_CASE("1.0: the event of a request, in full") {
  GatewayWorld w({"POST /orders/{id}"}, "1.0");
  auto r = w.request("POST", "/orders/J%20D?tag=important&tag=urgent", "hi");
  r.headers.add("content-type", "text/plain");
  r.headers.add("user-agent", "TestAgent");
  r.headers.add("cookie", "a=1; b=2");
  r.headers.add("x-amzn-trace-id", "Root=1-67fd88a4-127eb8e773d2bb6f7df47ab6");
  const auto response = w.send(std::move(r));
  const auto& event = w.functions.events.at(0);
  const Json headers{{"Content-Length", "2"},
                     {"Content-Type", "text/plain"},
                     {"Cookie", "a=1; b=2"},
                     {"Host", "localhost:4566"},
                     {"User-Agent", "TestAgent"},
                     {"X-Amzn-Trace-Id", "Root=1-67fd88a4-127eb8e773d2bb6f7df47ab6"},
                     {"X-Forwarded-For", "203.0.113.7"},
                     {"X-Forwarded-Port", "443"},
                     {"X-Forwarded-Proto", "https"}};
  CHECK(event["version"] == "1.0");
  CHECK(event["resource"] == "/orders/{id}");
  CHECK(event["path"] == "/orders/J%20D");
  CHECK(event["httpMethod"] == "POST");
  CHECK(event["headers"] == headers);
  CHECK(event["multiValueHeaders"]["Cookie"] == Json{"a=1; b=2"});
  CHECK(event["queryStringParameters"] == Json{{"tag", "urgent"}});
  CHECK(event["multiValueQueryStringParameters"] == Json{{"tag", {"important", "urgent"}}});
  CHECK(event["pathParameters"] == Json{{"id", "J D"}});
  CHECK(event["stageVariables"].is_null());
  CHECK(event["body"] == "hi");
  CHECK(event["isBase64Encoded"] == false);
  const auto& context = event["requestContext"];
  CHECK(context["requestId"] == response.headers.get("apigw-requestid"));
  CHECK(context["extendedRequestId"] == context["requestId"]);
  CHECK(context["path"] == "/orders/J%20D");
  CHECK(context["resourceId"] == "POST /orders/{id}");
  CHECK(context["resourcePath"] == "/orders/{id}");
  CHECK(context["requestTime"] == "01/Jan/2026:00:00:00 +0000");
  CHECK(context["requestTimeEpoch"] == 1767225600000);
  CHECK(context["stage"] == "$default");
  CHECK(context["identity"] == Json{{"accessKey", nullptr},
                                    {"accountId", nullptr},
                                    {"caller", nullptr},
                                    {"cognitoAmr", nullptr},
                                    {"cognitoAuthenticationProvider", nullptr},
                                    {"cognitoAuthenticationType", nullptr},
                                    {"cognitoIdentityId", nullptr},
                                    {"cognitoIdentityPoolId", nullptr},
                                    {"principalOrgId", nullptr},
                                    {"sourceIp", "203.0.113.7"},
                                    {"user", nullptr},
                                    {"userAgent", "TestAgent"},
                                    {"userArn", nullptr}});
}

TEST_CASE("1.0: what has no value is null, not absent") {
  GatewayWorld w({"$default"}, "1.0");
  w.send("GET", "/anything");
  const auto& event = w.functions.events.at(0);
  for (const auto* name : {"body", "queryStringParameters", "multiValueQueryStringParameters",
                           "pathParameters", "stageVariables"}) {
    CHECK(event.contains(name));
    CHECK(event[name].is_null());
  }
  CHECK(event["resource"] == "$default");
}
}  // namespace emu
