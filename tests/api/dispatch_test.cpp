#include "emulator/api/dispatch.hpp"

#include "tests/support/world.hpp"

using namespace emu;

namespace {
struct GreetInput {
  std::string Name;
  std::optional<int> Times;
  std::optional<Json> Colour;
};
BOOST_DESCRIBE_STRUCT(GreetInput, (), (Name, Times, Colour))
struct GreetOutput {
  std::string Greeting;
};
BOOST_DESCRIBE_STRUCT(GreetOutput, (), (Greeting))

Result<GreetOutput> greet(Service&, Context& context, GreetInput in) {
  if (in.Name == "nobody") return AwsError::not_found("Nobody is here");
  if (in.Name == "fault") throw std::runtime_error("on purpose");
  std::string out;
  for (int i = 0; i < in.Times.value_or(1); ++i) out += "hello " + in.Name + " of " + context.scope.account;
  return GreetOutput{out};
}

constexpr std::string_view kWithoutEffect[] = {"Colour"};
constexpr Operation kJson[] = {op<greet>("Greet").ignoring(kWithoutEffect)};
constexpr Operation kRest[] = {rest<greet>("Greet", "GET /2000-01-01/greet/{Name}?Times", 203)};

class Greeter final : public Service {
 public:
  explicit Greeter(Protocol p) : protocol_(p) {}
  std::string_view name() const override { return protocol_ == Protocol::json10 ? "greet" : "greetrest"; }
  Protocol protocol() const override { return protocol_; }
  std::string_view target_prefix() const override { return protocol_ == Protocol::json10 ? "Greet_1" : ""; }
  bool plain_paths() const override { return protocol_ == Protocol::rest_json; }
  std::span<const Operation> operations() const override {
    return protocol_ == Protocol::json10 ? std::span(kJson) : std::span(kRest);
  }

 private:
  Protocol protocol_;
};

struct Desk {
  test::World world;
  Greeter json{Protocol::json10}, rest{Protocol::rest_json};
  Service* services[2] = {&json, &rest};
  http::Response send(http::Request request, bool strict = false) {
    Dispatcher dispatcher(services, world.clock, world.ids, strict);
    return world.run(dispatcher.handle(std::move(request)));
  }
  http::Response target(std::string target, std::string body, bool strict = false) {
    http::Request request{"POST", "/", {}, std::move(body), "", "HTTP/1.1"};
    request.headers.add("X-Amz-Target", std::move(target));
    request.headers.add(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/greet/aws4_request, SignedHeaders=x");
    return send(std::move(request), strict);
  }
};
}  // namespace

TEST_CASE("a JSON request is decoded, called in the signer's account, and encoded") {
  Desk desk;
  const auto reply = desk.target("Greet_1.Greet", R"({"Name":"you","Times":2})");
  CHECK(reply.status == 200);
  CHECK(reply.body == R"({"Greeting":"hello you of 123456789012hello you of 123456789012"})");
  CHECK(reply.headers.get("content-type") == "application/x-amz-json-1.0");
  CHECK(reply.headers.get("x-amzn-requestid").size() == 52);
}

TEST_CASE("errors have the type and message of the protocol") {
  Desk desk;
  CHECK(desk.target("Greet_1.Greet", R"({"Name":"nobody"})").body ==
        R"({"__type":"ResourceNotFoundException","message":"Nobody is here"})");
  CHECK(desk.target("Greet_1.Greet", R"({"Name":7})").body ==
        R"({"Message":"NUMBER_VALUE cannot be converted to String","__type":"SerializationException"})");
  CHECK(desk.target("Greet_1.Greet", "{}").body.find("Value null at 'name' failed to satisfy") !=
        std::string::npos);
  CHECK(desk.target("Greet_1.Greet", "{").body == R"({"__type":"SerializationException"})");
  CHECK(desk.target("Greet_1.Wave", "{}").body == R"({"__type":"UnknownOperationException"})");
  CHECK(desk.target("Else.Greet", "{}").body ==
        R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
}

TEST_CASE("a fault of ours is an internal error, not a dead connection") {
  Desk desk;
  const auto reply = desk.target("Greet_1.Greet", R"({"Name":"fault"})");
  CHECK(reply.status == 500);
  CHECK(reply.body.find("InternalFailure") != std::string::npos);
}

TEST_CASE("a member without effect is accepted, and refused under --strict") {
  Desk desk;
  const auto body = R"({"Name":"you","Colour":"red"})";
  CHECK(desk.target("Greet_1.Greet", body).status == 200);
  CHECK(desk.target("Greet_1.Greet", body, true).body.find("Colour of Greet is accepted but has no effect") !=
        std::string::npos);
}

TEST_CASE("a REST request binds path and query, unsigned too") {
  Desk desk;
  const auto reply = desk.send({"GET", "/2000-01-01/greet/a%20b?Times=1", {}, "", "", "HTTP/1.1"});
  CHECK(reply.status == 203);
  CHECK(reply.body == R"({"Greeting":"hello a b of 000000000000"})");
  const auto error = desk.send({"GET", "/2000-01-01/greet/nobody", {}, "", "", "HTTP/1.1"});
  CHECK(error.headers.get("x-amzn-errortype") == "ResourceNotFoundException");
  CHECK(desk.send({"GET", "/2000-01-01/greet/x?Times=many", {}, "", "", "HTTP/1.1"}).status == 400);
  CHECK(desk.send({"GET", "/elsewhere", {}, "", "", "HTTP/1.1"}).status == 404);
}

TEST_CASE("unsigned requests to paths without a version are the project's, once it has an API") {
  test::World world;
  Greeter rest(Protocol::rest_json);
  Service* services[] = {&rest};
  bool deployed = false;
  const auto project = [](http::Request) -> awaitable<http::Response> {
    co_return http::text_response(200, "the project");
  };
  Dispatcher dispatcher(services, world.clock, world.ids, false, project, false, [&] { return deployed; });
  http::Request request{"GET", "/2000-01-01/greet/you", {}, "", "", "HTTP/1.1"};
  const auto ask = [&] { return world.run(dispatcher.handle(request)); };
  CHECK(ask().status == 203);
  deployed = true;
  CHECK(ask().body == "the project");
  request.headers.add(
      "authorization",
      "AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/greetrest/aws4_request, SignedHeaders=x");
  CHECK(ask().status == 203);
}

TEST_CASE("what an integration asks of a service is answered whatever page its client was on") {
  test::World world;
  Greeter rest(Protocol::rest_json);
  Service* services[] = {&rest};
  Dispatcher dispatcher(services, world.clock, world.ids, false);
  http::Request request{"GET", "/2000-01-01/greet/you", {}, "", "", "HTTP/1.1"};
  request.headers.add("Host", "greet.us-east-1.amazonaws.com");
  request.headers.add("Origin", "https://shop.example");
  CHECK(world.run(dispatcher.handle(request)).status == 403);
  CHECK(world.run(dispatcher.handle(request, false)).status == 203);
}
