#include "emulator/services/gateway/urls/urls.hpp"

#include <boost/asio/detached.hpp>

#include "tests/support/world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr auto kId = "abcdefghijklmnopqrstuvwxyz012345";

struct FakeUrls final : runtime::FunctionUrls {
  Clock& clock;
  runtime::FunctionUrl url{kId, "arn:aws:lambda:us-east-1:000000000000:function:f", "000000000000"};
  bool open = true;
  runtime::Outcome outcome{.payload = "{}"};
  std::vector<std::string> pieces;  // streamed, if there are any
  std::string content_type = "application/vnd.awslambda.http-integration-response";
  runtime::Invocation seen;

  explicit FakeUrls(Clock& c) : clock(c) {}
  std::optional<runtime::FunctionUrl> find_url(std::string_view id) override {
    return id == kId ? std::optional(url) : std::nullopt;
  }
  bool may_call(const runtime::FunctionUrl& u, std::string_view account) override {
    return u.iam ? !account.empty() : open;
  }
  awaitable<Result<std::shared_ptr<runtime::ResponsePipe>>> call_url(
      runtime::FunctionUrl, runtime::Invocation invocation) override {
    seen = std::move(invocation);
    auto pipe = std::make_shared<runtime::ResponsePipe>(clock);
    if (!pieces.empty()) pipe->begin(content_type);
    auto write = [](std::shared_ptr<runtime::ResponsePipe> to, std::vector<std::string> all,
                    runtime::Outcome end) -> awaitable<void> {
      for (auto& piece : all) co_await to->write(std::move(piece));
      to->end(std::move(end));
    };
    if (pieces.empty())
      pipe->end(outcome);
    else
      asio::co_spawn(co_await asio::this_coro::executor, write(pipe, pieces, outcome), asio::detached);
    co_return pipe;
  }
};

struct UrlWorld : World {
  FakeUrls functions{clock};
  gateway::Urls urls{clock, ids, functions};

  static http::Request request(std::string method = "GET", std::string target = "/", std::string body = {}) {
    http::Request out{std::move(method), std::move(target), {}, std::move(body), "203.0.113.7"};
    out.headers.add("Host", fmt::format("{}.lambda-url.us-east-1.localhost:4566", kId));
    return out;
  }
  http::Response send(http::Request r) { return run(urls.serve(std::move(r)), 1s); }
  http::Response returns(std::string payload) {
    functions.outcome = {.payload = std::move(payload)};
    return send(request());
  }
  Json event() const { return Json::parse(functions.seen.payload); }
  std::string body(http::Response response) {
    std::string all = response.body;
    auto read = [](std::shared_ptr<http::BodySource> source) -> awaitable<std::string> {
      std::string out;
      while (auto piece = co_await source->next()) out += *piece;
      co_return out;
    };
    return response.stream ? run(read(response.stream), 1s) : all;
  }
};
}  // namespace

TEST_CASE("a function URL is addressed by host or by path") {
  CHECK(gateway::Urls::claims(UrlWorld::request()));
  http::Request by_path{"GET", fmt::format("/_aws/lambda-url/{}/a/b?c=1", kId), {}, {}, {}};
  CHECK(gateway::Urls::claims(by_path));
  UrlWorld world;
  world.send(by_path);
  CHECK(world.event()["rawPath"] == "/a/b");
  CHECK(world.event()["rawQueryString"] == "c=1");
  CHECK(!gateway::Urls::claims({"GET", "/a", {}, {}, {}}));
  for (const auto* below :
       {"us-east-1.localhost.localstack.cloud:4566", "eu-west-1.on.aws", "us-east-1.localhost"}) {
    http::Request by_host{"GET", "/x", {}, {}, {}};
    by_host.headers.add("Host", fmt::format("{}.lambda-url.{}", kId, below));
    CHECK_MESSAGE(gateway::Urls::claims(by_host), below);
    world.send(by_host);
    CHECK_MESSAGE(world.event()["requestContext"]["apiId"] == kId, below);
  }
}

TEST_CASE("the event is payload version 2.0 with what a URL has instead of an API") {
  UrlWorld world;
  auto request = UrlWorld::request("POST", "/pa2%Fth/1?a=1&a=2", "x=1");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Cookie", "c=1; d=2");
  world.send(request);
  const auto event = world.event();
  CHECK(event["version"] == "2.0");
  CHECK(event["routeKey"] == "$default");
  CHECK(event["rawPath"] == "/pa2%Fth/1");
  CHECK(event["queryStringParameters"]["a"] == "1,2");
  CHECK(event["cookies"] == Json{"c=1", "d=2"});
  CHECK(!event["headers"].contains("cookie"));
  CHECK(event["headers"]["x-amzn-tls-version"] == "TLSv1.2");
  CHECK(event["body"] == "x=1");
  CHECK(event["isBase64Encoded"] == false);
  const auto& context = event["requestContext"];
  CHECK(context["accountId"] == "anonymous");
  CHECK(context["apiId"] == kId);
  CHECK(context["authentication"].is_null());
  CHECK(!context.contains("authorizer"));
  CHECK(context["domainPrefix"] == kId);
  CHECK(context["stage"] == "$default");
  CHECK(context["requestId"] == world.functions.seen.request_id);
}

TEST_CASE("what a function returns is mapped as AWS maps it") {
  UrlWorld world;
  const auto whole = world.returns(
      R"({"statusCode":201,"headers":{"x-a":"b"},"cookies":["c=1"],"body":"aGk=","isBase64Encoded":true})");
  CHECK(whole.status == 201);
  CHECK(whole.body == "hi");
  CHECK(whole.headers.get("x-a") == "b");
  CHECK(whole.headers.get("set-cookie") == "c=1");
  CHECK(whole.headers.get("content-type") == "application/json");
  CHECK(whole.headers.get("x-amzn-RequestId") == world.functions.seen.request_id);
  CHECK(world.returns(R"({"b": 1, "a": 2})").body == R"({"b":1,"a":2})");
  CHECK(world.returns(R"("hello")").body == "hello");
  CHECK(world.returns(R"(["hello", 3, true])").body == R"(["hello",3,true])");
  CHECK(world.returns("null").status == 200);
  CHECK(world.returns(R"({"statusCode":"x"})").status == 502);
  CHECK(world.returns(R"({"statusCode":"x"})").body == "Internal Server Error");
}

TEST_CASE("failures and throttles are statuses of their own") {
  UrlWorld world;
  world.functions.outcome = {.kind = runtime::Outcome::Kind::function_error, .payload = "{}"};
  CHECK(world.send(UrlWorld::request()).status == 502);
  world.functions.outcome = {.kind = runtime::Outcome::Kind::throttled,
                             .throttle_reason = "ConcurrentInvocationLimitExceeded"};
  CHECK(world.send(UrlWorld::request()).status == 429);
}

TEST_CASE("who may not call and what is not there is denied without an invocation") {
  UrlWorld world;
  world.functions.open = false;
  const auto denied = world.send(UrlWorld::request());
  CHECK(denied.status == 403);
  CHECK(denied.body.contains("Forbidden. For troubleshooting Function URL authorization issues"));
  CHECK(world.functions.seen.payload.empty());
  auto unknown = UrlWorld::request();
  unknown.headers = {};
  unknown.headers.add("Host", "none.lambda-url.us-east-1.localhost");
  const auto none = world.send(unknown);
  CHECK(none.status == 403);
  CHECK(none.body == R"({"Message":null})");
  CHECK(none.headers.get("x-amzn-ErrorType") == "AccessDeniedException");
}

TEST_CASE("a URL with IAM wants a signed request and tells the function who signed") {
  UrlWorld world;
  world.functions.url.iam = true;
  CHECK(world.send(UrlWorld::request()).status == 403);
  auto request = UrlWorld::request();
  request.headers.add("Authorization",
                      "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/lambda/aws4_request, "
                      "SignedHeaders=host, Signature=0");
  CHECK(world.send(request).status == 200);
  const auto context = world.event()["requestContext"];
  CHECK(context["accountId"] == "000000000000");
  CHECK(context["authorizer"]["iam"]["accessKey"] == "AKID");
  CHECK(context["authorizer"]["iam"]["cognitoIdentity"].is_null());
}

TEST_CASE("a preflight is answered from the configuration, without the function") {
  UrlWorld world;
  world.functions.url.cors = runtime::FunctionUrl::Cors{
      .headers = {"x-a"}, .methods = {"GET"}, .origins = {"https://a.example"}, .max_age = 5};
  auto preflight = UrlWorld::request("OPTIONS");
  preflight.headers.add("Origin", "https://a.example");
  preflight.headers.add("Access-Control-Request-Method", "GET");
  const auto answered = world.send(preflight);
  CHECK(answered.status == 200);
  CHECK(answered.headers.get("access-control-allow-origin") == "https://a.example");
  CHECK(answered.headers.get("access-control-max-age") == "5");
  CHECK(world.functions.seen.payload.empty());
  auto request = UrlWorld::request();
  request.headers.add("Origin", "https://a.example");
  CHECK(world.send(request).headers.get("access-control-allow-origin") == "https://a.example");
}

TEST_CASE("a streamed response begins with the head in its prelude, wherever the pieces are cut") {
  UrlWorld world;
  world.functions.url.streams = true;
  const std::string prelude = R"({"statusCode":418,"headers":{"x-a":"b"},"cookies":["c=1"]})";
  const std::string zeros(8, '\0');
  world.functions.pieces = {prelude.substr(0, 10), prelude.substr(10) + zeros.substr(0, 3),
                            zeros.substr(3) + "one", "two"};
  auto response = world.send(UrlWorld::request());
  CHECK(response.status == 418);
  CHECK(response.headers.get("x-a") == "b");
  CHECK(response.headers.get("set-cookie") == "c=1");
  CHECK(world.body(response) == "onetwo");
  world.functions.pieces = {"no json" + zeros};
  CHECK(world.send(UrlWorld::request()).status == 502);
  world.functions.content_type = "text/html";
  world.functions.pieces = {"<p>", "</p>"};
  response = world.send(UrlWorld::request());
  CHECK(response.headers.get("content-type") == "text/html");
  CHECK(world.body(response) == "<p></p>");
}

TEST_CASE("a URL that buffers sends a streaming function's response in one piece") {
  UrlWorld world;
  world.functions.pieces = {R"({"statusCode":201})" + std::string(8, '\0'), "a", "b"};
  const auto response = world.send(UrlWorld::request());
  CHECK(response.status == 201);
  CHECK(!response.stream);
  CHECK(response.body == "ab");
}
