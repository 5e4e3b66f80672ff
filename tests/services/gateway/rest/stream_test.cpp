#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
// A function that streams its pieces, or ends without having begun.
struct StreamingFunction final : runtime::FunctionUrls {
  explicit StreamingFunction(Clock& clock) : clock(clock) {}
  Clock& clock;
  std::vector<std::string> pieces;
  runtime::Outcome outcome;
  std::string arn;
  Json event;
  Duration begins_after{};

  std::optional<runtime::FunctionUrl> find_url(std::string_view) override { return std::nullopt; }
  bool may_call(const runtime::FunctionUrl&, std::string_view) override { return true; }
  awaitable<Result<std::shared_ptr<runtime::ResponsePipe>>> call_url(
      runtime::FunctionUrl url, runtime::Invocation invocation) override {
    arn = url.arn;
    event = Json::parse(invocation.payload);
    auto pipe = std::make_shared<runtime::ResponsePipe>(clock);
    if (begins_after > Duration{}) co_await clock.sleep(begins_after);
    if (pieces.empty()) {
      pipe->end(outcome);
      co_return pipe;
    }
    pipe->begin("application/vnd.awslambda.http-integration-response");
    auto write = [](std::shared_ptr<runtime::ResponsePipe> to, std::vector<std::string> all,
                    runtime::Outcome end) -> awaitable<void> {
      for (auto& piece : all) co_await to->write(std::move(piece));
      to->end(std::move(end));
    };
    asio::co_spawn(co_await asio::this_coro::executor, write(pipe, pieces, outcome), asio::detached);
    co_return pipe;
  }
};

struct StreamWorld : RestWorld {
  StreamingFunction streaming{clock};
  gateway::Door streams{http_apis, apis, clock, ids, functions, {}, &streaming};
  static std::string streaming_uri() {
    return std::string("arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/") + kOrders +
           "/response-streaming-invocations";
  }
  StreamWorld() {
    method("/x", "GET");
    integration("/x", "GET",
                {{"type", "AWS_PROXY"},
                 {"httpMethod", "POST"},
                 {"uri", streaming_uri()},
                 {"timeoutInMillis", 5000},
                 {"responseTransferMode", "STREAM"}});
    deploy();
  }
  http::Response get(Duration longest = 0s) { return run(streams.serve(request("GET", "/prod/x")), longest); }
};
}  // namespace

TEST_CASE("a method that streams answers with the function's head and passes its pieces on") {
  StreamWorld w;
  w.streaming.pieces = {R"({"statusCode":201,"headers":{"x-a":"b"}})" + std::string(8, '\0') + "one", "two"};
  const auto response = w.get();
  CHECK(response.status == 201);
  CHECK(response.headers.get("x-a") == "b");
  CHECK(w.streaming.arn == kOrders);
  CHECK(w.streaming.event["resource"] == "/x");
  REQUIRE(response.stream);
  std::string body;
  auto read = [&]() -> awaitable<void> {
    while (auto piece = co_await response.stream->next()) body += *piece;
  };
  w.start(read());
  w.advance(0s);
  CHECK(body == "onetwo");
}

TEST_CASE("a function that does not stream, fails or is late is answered for") {
  StreamWorld w;
  w.streaming.outcome.payload = R"({"statusCode":200})";
  CHECK(w.get().status == 502);
  w.streaming.outcome = {.kind = runtime::Outcome::Kind::function_error, .payload = "{}"};
  CHECK(w.get().status == 502);
  w.streaming.outcome = {.kind = runtime::Outcome::Kind::throttled, .payload = "{}"};
  CHECK(w.get().status == 500);
  w.streaming.begins_after = 6s;
  CHECK(w.get(10s).status == 504);
}

TEST_CASE("streaming is asked for by mode and URI together, of functions only") {
  StreamWorld w;
  const auto refused = [&](Json more) {
    Json in{{"restApiId", w.api_id}, {"resourceId", w.resource("/x")}, {"http_method", "GET"},
            {"type", "AWS_PROXY"},   {"httpMethod", "POST"},           {"uri", w.uri()}};
    in.update(more);
    return w.fail(w.apis, "PutIntegration", in).code;
  };
  CHECK(refused({{"responseTransferMode", "STREAM"}}) == "BadRequestException");
  CHECK(refused({{"uri", w.streaming_uri()}}) == "BadRequestException");
  CHECK(refused({{"responseTransferMode", "SLOW"}}) == "BadRequestException");
  CHECK(refused({{"type", "HTTP_PROXY"}, {"uri", "http://x/"}, {"responseTransferMode", "STREAM"}}) ==
        "BadRequestException");
}
}  // namespace emu
