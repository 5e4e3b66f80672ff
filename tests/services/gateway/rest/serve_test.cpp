#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
void check_error(const http::Response& response, int status, std::string_view type, std::string_view body) {
  CHECK(response.status == status);
  CHECK(response.headers.get("x-amzn-ErrorType") == type);
  CHECK(response.body == body);
  CHECK(response.headers.get("x-amzn-RequestId").size() == 36);
  CHECK(response.headers.get("x-amz-apigw-id").size() == 16);
}
}  // namespace

TEST_CASE("a REST API's event has every member, null where there is nothing") {
  RestWorld w;
  w.proxy("/orders/{id}", "GET", {{"operationName", "GetOrder"}});
  w.deploy();
  auto r = w.request("GET", "/prod/orders/42");
  r.headers.add("tEsT-HEADeR", "x");
  r.headers.add("content-length", "0");
  r.headers.add("User-Agent", "curl/8.5.0");
  const auto response = w.send(std::move(r));
  CHECK(response.status == 200);
  CHECK(response.headers.get("X-Amzn-Trace-Id").starts_with("Root=1-"));
  const auto& event = w.event();
  CHECK_FALSE(event.contains("version"));
  CHECK(event["resource"] == "/orders/{id}");
  CHECK(event["path"] == "/orders/42");
  CHECK(event["httpMethod"] == "GET");
  CHECK(event["headers"]["tEsT-HEADeR"] == "x");
  CHECK(event["multiValueHeaders"]["tEsT-HEADeR"] == Json::array({"x"}));
  CHECK_FALSE(event["headers"].contains("content-length"));
  CHECK(event["headers"]["X-Forwarded-Proto"] == "https");
  for (const auto* name :
       {"queryStringParameters", "multiValueQueryStringParameters", "stageVariables", "body"})
    CHECK_MESSAGE((event.contains(name) && event[name].is_null()), name);
  CHECK(event["pathParameters"] == Json{{"id", "42"}});
  CHECK(event["isBase64Encoded"] == false);
  const auto& context = event["requestContext"];
  CHECK(context["path"] == "/prod/orders/42");
  CHECK(context["stage"] == "prod");
  CHECK(context["resourcePath"] == "/orders/{id}");
  CHECK(context["operationName"] == "GetOrder");
  CHECK(context["identity"]["sourceIp"] == "203.0.113.7");
  CHECK(context["identity"]["userAgent"] == "curl/8.5.0");
  CHECK(context["identity"]["cognitoIdentityId"].is_null());
  CHECK_FALSE(context["identity"].contains("cognitoAmr"));
  CHECK(context["requestTime"] == "01/Jan/2026:00:00:00 +0000");
  CHECK_FALSE(context.contains("authorizer"));
}

TEST_CASE("paths stay encoded in a REST API's event, query values are decoded") {
  RestWorld w;
  w.proxy("/u/{proxy+}", "ANY");
  w.deploy();
  w.send("GET", "/prod/u/J%20Doe/test%2Balias/?tag=a&tag=b&p=%2B+x");
  CHECK(w.event()["path"] == "/u/J%20Doe/test%2Balias/");
  CHECK(w.event()["pathParameters"] == Json{{"proxy", "J%20Doe/test%2Balias"}});
  CHECK(w.event()["queryStringParameters"] == Json{{"tag", "b"}, {"p", "+ x"}});
  CHECK(w.event()["multiValueQueryStringParameters"] == Json{{"tag", {"a", "b"}}, {"p", {"+ x"}}});
  w.send("GET", "/prod//u/a//b");
  CHECK(w.event()["path"] == "/u/a//b");
  CHECK(w.event()["requestContext"]["path"] == "/prod//u/a//b");
  CHECK(w.event()["pathParameters"] == Json{{"proxy", "a//b"}});
}

TEST_CASE("what a REST API has no method for, and a stage it does not have") {
  RestWorld w;
  w.proxy("/orders", "POST");
  w.deploy();
  const auto* missing = R"({"message":"Missing Authentication Token"})";
  check_error(w.send("GET", "/prod/unknown"), 403, "MissingAuthenticationTokenException", missing);
  check_error(w.send("GET", "/prod/orders"), 403, "MissingAuthenticationTokenException", missing);
  check_error(w.send("POST", "/dev/orders"), 403, "ForbiddenException", R"({"message":"Forbidden"})");
  CHECK(w.functions.events.empty());
  CHECK(w.send("POST", "/prod/orders/").status == 200);
}

TEST_CASE("a body or a head that is too large for a REST API is refused in its words") {
  RestWorld w;
  w.proxy("/orders", "POST");
  w.deploy();
  const auto body = w.send("POST", "/prod/orders", std::string(10 * 1024 * 1024 + 1, 'x'));
  CHECK(body.status == 413);
  CHECK(body.body.contains("Request Too Long"));
  auto headers = w.request("POST", "/prod/orders");
  headers.headers.add("X", std::string(10'240, 'x'));
  CHECK(w.send(std::move(headers)).status == 431);
  CHECK(w.send("POST", "/prod/orders?q=" + std::string(10'240, 'x')).status == 431);
  CHECK(w.functions.events.empty());
}

TEST_CASE("only what is deployed is served") {
  RestWorld w;
  w.proxy("/a", "GET");
  w.deploy();
  w.proxy("/b", "GET");
  CHECK(w.send("GET", "/prod/b").status == 403);
  w.deploy();
  CHECK(w.send("GET", "/prod/b").status == 200);
}

TEST_CASE("a REST API takes a function's answer strictly") {
  RestWorld w;
  w.proxy("/x", "GET");
  w.deploy();
  const auto get = [&](std::string payload) {
    w.answers(std::move(payload));
    return w.send("GET", "/prod/x");
  };
  const auto* malformed = R"({"message": "Internal server error"})";
  for (const auto* payload :
       {R"({"foo":1})", "\"text\"", "7", "null", "", R"({"statusCode":"test"})", R"({"statusCode":0})",
        R"({"headers":{"a":1}})", R"({"multiValueHeaders":{"a":"b"}})", R"({"headers":{"a":"b\r\nc: d"}})"})
    check_error(get(payload), 502, "InternalServerErrorException", malformed);
  CHECK(get(R"({"headers":{"a":"b"}})").status == 200);
  CHECK(get(R"({"statusCode":"201"})").status == 201);
  CHECK(get(R"({"statusCode":200,"headers":null,"body":"x"})").headers.get("content-type") ==
        "application/json");
  CHECK(get(R"({"headers":{"a":true}})").headers.get("a") == "true");
  const auto merged =
      get(R"({"headers":{"my-header":"single"},"multiValueHeaders":{"My-Header":["m1","m2"]}})");
  std::string joined;
  for (const auto& header : merged.headers)
    if (header.name == "My-Header") joined += header.value + " ";
  CHECK(joined == "m1 m2 single ");
}

TEST_CASE("a function that fails is a 502, one that is not there or throttled a 500, a late one a 504") {
  RestWorld w;
  w.method("/x", "GET");
  w.integration(
      "/x", "GET",
      {{"type", "AWS_PROXY"}, {"httpMethod", "POST"}, {"uri", RestWorld::uri()}, {"timeoutInMillis", 100}});
  w.deploy();
  const auto* error = R"({"message": "Internal server error"})";
  w.functions.outcome = runtime::Outcome{.kind = runtime::Outcome::Kind::function_error, .payload = "{}"};
  check_error(w.send("GET", "/prod/x"), 502, "InternalServerErrorException", error);
  w.functions.outcome = runtime::Outcome{.kind = runtime::Outcome::Kind::throttled};
  check_error(w.send("GET", "/prod/x"), 500, "InternalServerErrorException", error);
  w.functions.outcome = AwsError{"ResourceNotFoundException", "Function not found", 404};
  check_error(w.send("GET", "/prod/x"), 500, "InternalServerErrorException", error);
  w.answers(R"({"statusCode":200})");
  w.functions.takes = 1s;
  check_error(w.send(w.request("GET", "/prod/x"), 200ms), 504, "InternalServerErrorException",
              R"({"message": "Endpoint request timed out"})");
  w.advance(1s);
  CHECK(w.functions.finished == 4);
}

TEST_CASE("binary bodies are those of binaryMediaTypes, both ways") {
  RestWorld w;
  w.call(w.apis, "UpdateRestApi",
         {{"restApiId", w.api_id},
          {"patchOperations", Json::array({{{"op", "add"}, {"path", "/binaryMediaTypes/image~1png"}}})}});
  w.proxy("/x", "POST");
  w.deploy();
  auto r = w.request("POST", "/prod/x", "\x89PNG");
  r.headers.add("content-type", "image/png");
  r.headers.add("accept", "image/png");
  w.answers(R"({"isBase64Encoded":true,"body":"iVBORw=="})");
  CHECK(w.send(r).body == "\x89PNG");
  CHECK(w.event()["isBase64Encoded"] == true);
  CHECK(w.event()["body"] == "iVBORw==");
  CHECK(w.send("POST", "/prod/x", "plain").body == "iVBORw==");
  CHECK(w.event()["body"] == "plain");
}

TEST_CASE("a MOCK answers a preflight with the templates that tools write") {
  for (const auto* request :
       {"{statusCode:200}", "{ statusCode: 200 }", "{\n  \"statusCode\" : 200\n}\n", "{'statusCode': 200}"}) {
    RestWorld w;
    w.mock("/orders", "OPTIONS", request,
           {{"statusCode", "200"},
            {"responseParameters", {{"method.response.header.Access-Control-Allow-Origin", "'*'"}}},
            {"responseTemplates", {{"application/json", ""}}}});
    w.deploy();
    const auto response = w.send("OPTIONS", "/prod/orders");
    CHECK(response.status == 200);
    CHECK(response.body.empty());
    CHECK(response.headers.get("Access-Control-Allow-Origin") == "*");
    CHECK(response.headers.get("content-type") == "application/json");
  }
}

TEST_CASE("a MOCK's template chooses the response, and its response template says the body") {
  RestWorld w;
  w.mock("/x/{id}", "GET", R"x({"statusCode": $input.params('status')})x",
         {{"statusCode", "404"},
          {"selectionPattern", "4.."},
          {"responseTemplates",
           {{"application/json", R"x({"id":"$input.params('id')","from":"$context.identity.sourceIp"})x"}}}});
  w.deploy();
  const auto response = w.send("GET", "/prod/x/7?status=404");
  CHECK(response.status == 404);
  CHECK(Json::parse(response.body) == Json{{"id", "7"}, {"from", "203.0.113.7"}});
  check_error(w.send("GET", "/prod/x/7?status=nothing"), 500, "InternalServerErrorException",
              R"({"message": "Internal server error"})");
}

TEST_CASE("parameters and bodies are validated as the method's validator says") {
  RestWorld w;
  w.call(
      w.apis, "CreateModel",
      {{"restApiId", w.api_id},
       {"name", "Order"},
       {"contentType", "application/json"},
       {"schema",
        R"({"type":"object","required":["name"],"properties":{"name":{"type":"string"},"qty":{"type":"integer","minimum":1}}})"}});
  const std::string validator = w.call(w.apis, "CreateRequestValidator",
                                       {{"restApiId", w.api_id},
                                        {"name", "all"},
                                        {"validateRequestBody", true},
                                        {"validateRequestParameters", true}})["id"];
  w.proxy("/x", "POST",
          {{"requestValidatorId", validator},
           {"requestModels", {{"application/json", "Order"}}},
           {"requestParameters",
            {{"method.request.header.x-header-param", true},
             {"method.request.querystring.qs1", true},
             {"method.request.querystring.free", false}}}});
  w.deploy();
  check_error(w.send("POST", "/prod/x"), 400, "BadRequestException",
              R"({"message": "Missing required request parameters: [x-header-param, qs1]"})");
  const auto post = [&](std::string body) {
    auto r = w.request("POST", "/prod/x?qs1=1", std::move(body));
    r.headers.add("X-Header-Param", "y");
    return w.send(std::move(r));
  };
  for (const auto* body : {"", "{}", "no json", R"({"name":1})", R"({"name":"a","qty":0})"})
    check_error(post(body), 400, "BadRequestException", R"({"message": "Invalid request body"})");
  CHECK(post(R"({"name":"a","qty":1})").status == 200);
}

TEST_CASE("a gateway response is worded as the API words it") {
  RestWorld w;
  w.proxy("/x", "GET");
  w.call(w.apis, "PutGatewayResponse",
         {{"restApiId", w.api_id},
          {"responseType", "DEFAULT_4XX"},
          {"responseParameters", {{"gatewayresponse.header.Access-Control-Allow-Origin", "'*'"}}}});
  w.call(w.apis, "PutGatewayResponse",
         {{"restApiId", w.api_id},
          {"responseType", "MISSING_AUTHENTICATION_TOKEN"},
          {"statusCode", "404"},
          {"responseTemplates",
           {{"application/json", R"({"e":$context.error.messageString,"p":"$context.path"})"}}}});
  w.deploy();
  const auto response = w.send("GET", "/prod/nowhere");
  CHECK(response.status == 404);
  CHECK(Json::parse(response.body) == Json{{"e", "Missing Authentication Token"}, {"p", "/prod/nowhere"}});
  CHECK(w.send("GET", "/prod/x").status == 200);
}

TEST_CASE("an integration behind a VPC link wants one that is there") {
  RestWorld w;
  w.method("/x", "GET");
  Json in{{"restApiId", w.api_id},        {"resourceId", w.resource("/x")},
          {"http_method", "GET"},         {"type", "HTTP_PROXY"},
          {"httpMethod", "GET"},          {"uri", "http://inner/"},
          {"connectionType", "VPC_LINK"}, {"connectionId", "nothing"}};
  CHECK(w.fail(w.apis, "PutIntegration", in).message == "Invalid Vpc Link identifier specified: nothing");
  in["connectionId"] = w.call(w.apis, "CreateVpcLink", {{"name", "l"}, {"targetArns", {"arn:x"}}})["id"];
  CHECK(w.call(w.apis, "PutIntegration", in)["connectionId"] == in["connectionId"]);
  in["connectionId"] = "${stageVariables.link}";
  w.call(w.apis, "PutIntegration", in);
}
}  // namespace emu
