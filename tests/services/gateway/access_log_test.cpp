#include "emulator/services/gateway/access/access_log.hpp"

#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;
using namespace gateway;

namespace {
struct FakeSink final : LogSink {
  std::vector<std::pair<std::string, std::string>> lines;  // stream, message
  bool put(std::string_view group_arn, std::string_view stream, Time, std::string message) override {
    if (group_arn != "arn:aws:logs:us-east-1:000000000000:log-group:access") return false;
    lines.emplace_back(stream, std::move(message));
    return true;
  }
};
constexpr auto kGroup = "arn:aws:logs:us-east-1:000000000000:log-group:access";

struct LoggedWorld : RestWorld {
  FakeSink sink;
  std::string http;

  LoggedWorld() {
    apis.access_logs.sink = http_apis.access_logs.sink = &sink;
    http = call(http_apis, "CreateApi", {{"name", "h"}, {"protocolType", "HTTP"}})["apiId"];
    const auto integration = call(http_apis, "CreateIntegration",
                                  {{"apiId", http},
                                   {"integrationType", "AWS_PROXY"},
                                   {"integrationUri", kOrders},
                                   {"payloadFormatVersion", "2.0"}})["integrationId"];
    call(http_apis, "CreateRoute",
         {{"apiId", http},
          {"routeKey", "GET /orders/{id}"},
          {"target", "integrations/" + integration.get<std::string>()}});
  }
  void log_http(std::string format) {
    call(http_apis, "CreateStage",
         {{"apiId", http},
          {"stageName", "$default"},
          {"autoDeploy", true},
          {"accessLogSettings", {{"destinationArn", kGroup}, {"format", std::move(format)}}}});
  }
  http::Response get_http(std::string path) {
    http::Request r{"GET", "/_aws/execute-api/" + http + "/$default" + path, {}, {}, "203.0.113.7"};
    r.headers.add("User-Agent", "curl/8");
    return send(std::move(r), 1s);
  }
  void log_rest(const char* format) {
    Json patch = Json::array();
    for (const auto& [path, value] :
         {std::pair{"/accessLogSettings/destinationArn", kGroup}, {"/accessLogSettings/format", format}})
      patch.push_back({{"op", "replace"}, {"path", path}, {"value", value}});
    call(apis, "UpdateStage", {{"restApiId", api_id}, {"stageName", "prod"}, {"patchOperations", patch}});
  }
  const std::string& line() { return sink.lines.back().second; }
};
}  // namespace

TEST_CASE("an access log's format shows what the context has, and - for what it has not") {
  const Json context{{"requestId", "r="},
                     {"identity", {{"sourceIp", "1.2.3.4"}, {"caller", nullptr}}},
                     {"authorizer", {{"claims", {{"sub", "u"}, {"a.b", "c"}}}, {"n", 5}}},
                     {"empty", ""}};
  const auto shown = [&](std::string_view format) { return access_line(format, context); };
  CHECK(shown("plain text, $5 $contextual") == "plain text, $5 $contextual");
  CHECK(shown("$context.identity.sourceIp - - [$context.requestId]") == "1.2.3.4 - - [r=]");
  CHECK(shown("$context.nothing $context.identity.caller $context.empty $context.") == "- - - -");
  CHECK(shown("$context.authorizer.claims.sub.") == "u.");
  CHECK(shown("$context.authorizer.claims.a.b|$context.authorizer.n") == "c|5");
  CHECK(shown("$context.requestId-$context.requestId") == "r=-r=");
}

TEST_CASE("an HTTP API logs each request to a stage that says so") {
  LoggedWorld w;
  w.log_http(
      R"({"ip":"$context.identity.sourceIp","agent":"$context.identity.userAgent","time":"$context.requestTime",)"
      R"("route":"$context.routeKey","status":"$context.status","length":"$context.responseLength",)"
      R"("took":"$context.integrationLatency","all":"$context.responseLatency","lambda":"$context.integrationStatus",)"
      R"("returned":"$context.integration.status","path":"$context.path","key":"$context.identity.apiKey"})");
  w.answers(R"({"statusCode":201,"body":"made"})");
  w.functions.takes = 30ms;
  CHECK(w.get_http("/orders/1").status == 201);
  REQUIRE(w.sink.lines.size() == 1);
  CHECK(w.sink.lines[0].first == "2026-01-01-$default");
  CHECK(Json::parse(w.line()) == Json{{"ip", "203.0.113.7"},
                                      {"agent", "curl/8"},
                                      {"time", "01/Jan/2026:00:00:00 +0000"},
                                      {"route", "GET /orders/{id}"},
                                      {"status", "201"},
                                      {"length", "4"},
                                      {"took", "30"},
                                      {"all", "30"},
                                      {"lambda", "200"},
                                      {"returned", "201"},
                                      {"path", "/orders/1"},
                                      {"key", "-"}});
}

TEST_CASE("what an HTTP API answers itself is in its log, with the reason") {
  LoggedWorld w;
  w.log_http("$context.status $context.routeKey $context.error.message $context.integrationStatus");
  CHECK(w.get_http("/nothing").status == 404);
  CHECK(w.line() == "404 - Not Found -");
  w.functions.outcome =
      runtime::Outcome{.kind = runtime::Outcome::Kind::function_error, .payload = R"({"errorMessage":"no"})"};
  CHECK(w.get_http("/orders/1").status == 500);
  CHECK(w.line() == "500 GET /orders/{id} - 200");
  w.call(w.http_apis, "DeleteAccessLogSettings", {{"apiId", w.http}, {"stageName", "$default"}});
  CHECK(w.get_http("/orders/1").status == 500);
  CHECK(w.sink.lines.size() == 2);
}

TEST_CASE("a REST API logs each request to a stage that says so") {
  LoggedWorld w;
  w.proxy("/orders/{id}", "GET");
  w.deploy();
  w.log_rest(
      "$context.httpMethod $context.resourcePath $context.path $context.status $context.protocol "
      "$context.responseLength $context.integration.status $context.error.responseType "
      "$context.identity.sourceIp $context.authorizer.principalId $context.xrayTraceId.x");
  w.answers(R"({"statusCode":200,"body":"four"})");
  CHECK(w.send("GET", "/prod/orders/1").status == 200);
  CHECK(w.line() == "GET /orders/{id} /prod/orders/1 200 HTTP/1.1 4 200 - 203.0.113.7 - -");
  w.answers("[]");
  CHECK(w.send("GET", "/prod/orders/1").status == 502);
  CHECK(w.line() == "GET /orders/{id} /prod/orders/1 502 HTTP/1.1 36 - DEFAULT_5XX 203.0.113.7 - -");
  CHECK(w.send("GET", "/prod/nothing").status == 403);
  CHECK(w.line() == "GET - /prod/nothing 403 HTTP/1.1 42 - MISSING_AUTHENTICATION_TOKEN 203.0.113.7 - -");
  CHECK(w.sink.lines[0].first == "2026-01-01-prod");
}

TEST_CASE("access logs are refused without a destination that is an ARN, or with several lines") {
  LoggedWorld w;
  const auto refused = [&](std::string arn, std::string format) {
    return w
        .fail(w.http_apis, "CreateStage",
              {{"apiId", w.http},
               {"stageName", "s"},
               {"accessLogSettings", {{"destinationArn", arn}, {"format", format}}}})
        .code;
  };
  CHECK(refused("access", "$context.requestId") == "BadRequestException");
  CHECK(refused(kGroup, "$context.requestId\n$context.status") == "BadRequestException");
}
}  // namespace emu
