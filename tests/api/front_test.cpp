#include "emulator/api/front.hpp"

#include "emulator/api/dispatch.hpp"
#include "emulator/base/digest.hpp"
#include "emulator/wire/content_coding.hpp"
#include "tests/support/world.hpp"

using namespace emu;

namespace {
struct EchoInput {
  std::optional<std::string> Text;
};
BOOST_DESCRIBE_STRUCT(EchoInput, (), (Text))
Result<EchoInput> echo(Service&, Context&, EchoInput in) { return in; }
Result<Empty> forget(Service&, Context&, EchoInput) { return Empty{}; }

constexpr Operation kOperations[] = {op<echo>("Echo"), op<forget>("Forget")};

class Echo final : public Service {
 public:
  std::string_view name() const override { return "echo"; }
  Protocol protocol() const override { return Protocol::json10; }
  std::string_view target_prefix() const override { return "Echo_1"; }
  std::span<const Operation> operations() const override { return kOperations; }
  std::string error_type(const AwsError& e) const override { return "ns#" + e.code; }
  bool checksums() const override { return true; }
};

struct Front {
  test::World world;
  Echo service;
  Service* services[1] = {&service};
  http::Request request(std::string body = "{}") {
    http::Request out{"POST", "/", {}, std::move(body), "", "HTTP/1.1"};
    out.headers.add("X-Amz-Target", "Echo_1.Echo");
    out.headers.add("Content-Type", "application/x-amz-json-1.0");
    return out;
  }
  http::Response send(http::Request r) {
    Dispatcher dispatcher(services, world.clock, world.ids, false);
    auto reply = world.run(dispatcher.handle(std::move(r)));
    CHECK(reply.headers.get("x-amz-crc32") == std::to_string(crc32(reply.body)));
    CHECK(reply.headers.get("x-amzn-requestid").size() == 52);
    CHECK(reply.headers.get("server") == "Server");
    CHECK(reply.headers.get("date") == "Thu, 01 Jan 2026 00:00:00 GMT");
    return reply;
  }
};

constexpr std::string_view kNoSuchOperation = "<UnknownOperationException/>\n";
}  // namespace

TEST_CASE("what is not a POST of JSON to / is an unknown operation, in XML") {
  Front front;
  auto request = front.request();
  SUBCASE("another method") { request.method = "PUT"; }
  SUBCASE("another path") { request.target = "/elsewhere"; }
  SUBCASE("another type") { request.headers.set("Content-Type", "text/plain"); }
  SUBCASE("a GET of another path") {
    request.method = "GET";
    request.target = "/shell";
  }
  const auto reply = front.send(std::move(request));
  CHECK(reply.status == 404);
  CHECK(reply.body == kNoSuchOperation);
}

TEST_CASE("JSON goes by three names and keeps the one it came with") {
  Front front;
  const std::pair<std::string, std::string> kTypes[] = {
      {"application/x-amz-json-1.0", "application/x-amz-json-1.0"},
      {"application/x-amz-json-1.1; charset=utf-8", "application/x-amz-json-1.1"},
      {"Application/JSON ;charset=utf-8", "application/json"}};
  for (const auto& [given, replied] : kTypes) {
    auto request = front.request();
    request.headers.set("Content-Type", given);
    const auto reply = front.send(std::move(request));
    CHECK(reply.status == 200);
    CHECK(reply.headers.get("content-type") == replied);
  }
}

TEST_CASE("a GET of / is told that DynamoDB is healthy, in the region it was signed for") {
  Front front;
  http::Request request{"GET", "/", {}, "", "", "HTTP/1.1"};
  request.headers.add("Host", "dynamodb.eu-west-1.amazonaws.com");
  CHECK(front.send(request).body == "healthy: dynamodb.us-east-1.amazonaws.com ");
  request.headers.add(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=x");
  CHECK(front.send(request).body == "healthy: dynamodb.eu-west-1.amazonaws.com ");
}

TEST_CASE("a browser may ask first, and is allowed everything") {
  Front front;
  http::Request asked{"OPTIONS", "/", {}, "", "", "HTTP/1.1"};
  asked.headers.add("Origin", "http://localhost:3000");
  asked.headers.add("Access-Control-Request-Headers", "content-type,X-Amz-Target");
  asked.headers.add("Access-Control-Request-Method", "POST");
  const auto reply = front.send(asked);
  CHECK(reply.status == 200);
  CHECK(reply.headers.get("access-control-allow-origin") == "*");
  CHECK(reply.headers.get("access-control-allow-headers") == "content-type,X-Amz-Target");
  CHECK(reply.headers.get("access-control-allow-methods") == "POST");
  CHECK(reply.headers.get("access-control-max-age") == "172800");
  auto request = front.request();
  CHECK(!front.send(request).headers.find("access-control-allow-origin"));
  request.headers.add("Origin", "http://localhost:3000");
  CHECK(front.send(request).headers.get("access-control-allow-origin") == "*");
}

TEST_CASE("a body over 16 MiB is answered 413, compressed ones by what they hold") {
  Front front;
  constexpr std::size_t kLimit = 16 << 20;
  const std::string most = "{\"Text\":\"" + std::string(kLimit - 11, 'x') + "\"}";
  auto request = front.request(most);
  CHECK(front.send(request).status == 200);
  request.body += " ";
  CHECK(front.send(request).status == 413);
  request.body = wire::compressed(wire::Coding::gzip, request.body);
  request.headers.add("Content-Encoding", "gzip");
  CHECK(front.send(request).status == 413);
  request.body = wire::compressed(wire::Coding::gzip, most);
  CHECK(front.send(request).status == 200);
}

TEST_CASE("headers or an address over 16 KiB are refused") {
  Front front;
  auto request = front.request();
  request.headers.add("X-Long", std::string(16 << 10, 'x'));
  CHECK(front.send(request).status == 400);
  request = front.request();
  request.target = "/?" + std::string(16 << 10, 'x');
  CHECK(front.send(request).status == 400);
}

TEST_CASE("compressed requests are read; what is not what it says is an internal error") {
  Front front;
  for (const auto coding : {wire::Coding::gzip, wire::Coding::deflate}) {
    auto request = front.request(wire::compressed(coding, R"({"Text":"packed"})"));
    request.headers.add("Content-Encoding", std::string(wire::coding_name(coding)));
    CHECK(front.send(request).body == R"({"Text":"packed"})");
    request.body = R"({"Text":"plain"})";
    CHECK(front.send(request).status == 500);
  }
  auto request = front.request();
  request.headers.add("Content-Encoding", "br");
  const auto reply = front.send(std::move(request));
  CHECK(reply.status == 500);
  CHECK(reply.body.find("com.amazonaws.dynamodb.v20120810#InternalServerError") != std::string::npos);
}

TEST_CASE("a reply over 4 KiB is compressed for those who can read it") {
  Front front;
  const auto body = [](std::size_t length) { return "{\"Text\":\"" + std::string(length - 11, 'x') + "\"}"; };
  auto request = front.request(body(4097));
  CHECK(!front.send(request).headers.find("content-encoding"));
  request.headers.add("Accept-Encoding", "deflate, gzip");
  const auto reply = front.send(request);
  CHECK(reply.headers.get("content-encoding") == "deflate");
  std::string back;
  CHECK(wire::unpack(wire::Coding::deflate, reply.body, 1 << 20, back) == wire::Unpacking::done);
  CHECK(back == body(4097));
  request.body = body(4096);
  CHECK(!front.send(request).headers.find("content-encoding"));
}

TEST_CASE("broken JSON is judged before the operation's name, and its name before its members") {
  Front front;
  const auto target = [&](std::string name, std::string body) {
    auto request = front.request(std::move(body));
    if (name.empty())
      request.headers = {};
    else
      request.headers.set("X-Amz-Target", std::move(name));
    request.headers.set("Content-Type", "application/x-amz-json-1.0");
    request.headers.set("Host", "dynamodb.us-east-1.amazonaws.com");
    return front.send(std::move(request)).body;
  };
  constexpr auto kBroken = R"({"__type":"ns#SerializationException"})";
  constexpr auto kUnknown = R"({"__type":"ns#UnknownOperationException"})";
  CHECK(target("Echo_1.Echo", "{") == kBroken);
  CHECK(target("Echo_1.Echo", "") == kBroken);
  CHECK(target("Echo_1.Echo", "[]") == kBroken);
  CHECK(target("Echo_1.Echo", "{\"Text\":\"\xff\"}") == kBroken);
  CHECK(target("Echo_1.Nope", "{") == kBroken);
  CHECK(target("Echo_1.Nope", "{}") == kUnknown);
  CHECK(target("Else_1.Echo", "{}") == kUnknown);
  CHECK(target("", "") == kUnknown);
  CHECK(target("", "{") == kBroken);
}

TEST_CASE("documents nested without end are refused, whatever they would be read as") {
  Front front;
  const auto nested = [](std::size_t depth) {
    return "{\"Else\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(front.send(front.request(nested(999))).status == 200);
  CHECK(front.send(front.request(nested(1001))).status == 400);
  CHECK(front.send(front.request(std::string(10 << 20, '['))).status == 400);
  CHECK(front.send(front.request("{\"Text\":\"" + std::string(100'000, '[') + "\"}")).status == 200);
}

TEST_CASE("an operation without output has a reply without body") {
  Front front;
  auto request = front.request();
  request.headers.set("X-Amz-Target", "Echo_1.Forget");
  const auto reply = front.send(std::move(request));
  CHECK(reply.body.empty());
  CHECK(reply.headers.get("x-amz-crc32") == "0");
}
