// Functions behind `integration: lambda` and `async: true` of a serverless.yml: the events they get, and what
// their answers become.
#include "emulator/app.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "emulator/deploy/serverless/serverless_yml.hpp"
#include "emulator/source/source.hpp"
#include "runtime-api/model_launcher.hpp"
#include "tests/support/world.hpp"

using namespace emu;
using namespace std::chrono_literals;

namespace {
constexpr std::string_view kService = R"yaml(
service: web
provider:
  name: aws
  runtime: nodejs20.x
  httpApi:
    authorizers:
      own: {type: request, functionName: guard, identitySource: $request.header.x-token, enableSimpleResponses: true}
functions:
  guard: {handler: a.guard}
  run:
    handler: a.run
    events:
      - http: {path: 'things/{id}', method: post, integration: lambda, authorizer: guard}
      - http: {path: form, method: post, integration: lambda}
      - http: {path: later, method: post, async: true}
      - httpApi: {path: /own, method: get, authorizer: own}
)yaml";
struct ServiceWorld : test::World {
  ServiceWorld() {
    app.start();
    clock.run(loops.first(), clock.now());
    launcher.add(
        "web-dev-guard", {.handler = [](const runtime::Invocation& invocation) {
          const auto event = Json::parse(invocation.payload);
          if (event.contains("version"))  // of the HTTP API
            return runtime::Outcome{.payload = R"({"isAuthorized":true})"};
          const Json policy{{"Statement", {{{"Effect", "Allow"}, {"Action", "*"}, {"Resource", "*"}}}}};
          const Json allowed{{"principalId", "me"}, {"policyDocument", policy}, {"context", {{"team", "a"}}}};
          return runtime::Outcome{.payload = allowed.dump()};
        }});
    launcher.add("web-dev-run", {.handler = [this](const runtime::Invocation& invocation) {
                   events.push_back(Json::parse(invocation.payload));
                   if (fails.empty()) return runtime::Outcome{.payload = R"({"ran":true})"};
                   return runtime::Outcome{.kind = runtime::Outcome::Kind::function_error,
                                           .payload = Json{{"errorMessage", fails}}.dump()};
                 }});
    auto compiled = deploy::compile_serverless(parse_yaml(kService, "serverless.yml"),
                                               {.directory = directory.path(), .account = "000000000000"});
    const auto deployed =
        run(app.stacks().apply(context, "web-dev", std::move(compiled.stack_template), {}), 1h);
    for (const auto& change : deployed.changes) ids_of[change.type] = change.physical_id;
    advance(1s);
  }
  http::Response send(std::string method, const std::string& target, std::string body, std::string type,
                      std::initializer_list<std::pair<std::string, std::string>> headers = {}) {
    http::Request request{std::move(method), "/_aws/execute-api/" + target, {}, std::move(body), "127.0.0.1"};
    request.headers.add("Host", "localhost:4566");
    request.headers.add("Content-Type", std::move(type));
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    return run(app.handle(std::move(request)), 1min);
  }
  std::string rest(std::string_view path) {
    return ids_of["AWS::ApiGateway::RestApi"] + "/dev" + std::string(path);
  }

  std::map<std::string, std::string> ids_of;
  std::vector<Json> events;
  std::string fails;  // with this message; empty: it does not
  TemporaryDirectory directory;
  runtime::ModelLauncher launcher{clock};
  lambda::CodeStore code{loops, directory.path() / "code", {}};
  App app{{clock, loops, ids, disk, launcher, code}, {}};
};
}  // namespace

TEST_CASE("a function behind integration: lambda gets the event serverless promises") {
  ServiceWorld world;
  const auto reply = world.send("POST", world.rest("/things/7?q=1%202"), R"({"a": [1, "x"]})",
                                "application/json", {{"Authorization", "t"}, {"X-Quote", "it's \"so\""}});
  CHECK(reply.status == 200);
  CHECK(reply.body == R"({"ran":true})");
  REQUIRE(world.events.size() == 1);
  const auto& event = world.events[0];
  CHECK(event["body"] == Json{{"a", {1, "x"}}});
  CHECK(event["method"] == "POST");
  CHECK(event["principalId"] == "me");
  CHECK(event["stage"] == "dev");
  CHECK(event["enhancedAuthContext"]["team"] == "a");
  CHECK(event["headers"]["X-Quote"] == "it's \"so\"");
  CHECK(event["query"] == Json{{"q", "1 2"}});
  CHECK(event["path"] == Json{{"id", "7"}});
  CHECK(event["identity"]["sourceIp"] == "127.0.0.1");
  CHECK(event["stageVariables"] == Json::object());
  CHECK(event["requestPath"] == "/things/{id}");
}

TEST_CASE("a form becomes an object, and nothing is known of a caller nobody asked for") {
  ServiceWorld world;
  CHECK(world.send("POST", world.rest("/form"), "a=1+2&b=%22q%22&c", "application/x-www-form-urlencoded")
            .status == 200);
  REQUIRE(world.events.size() == 1);
  CHECK(world.events[0]["body"] == Json{{"a", "1 2"}, {"b", "\"q\""}, {"c", ""}});
  CHECK(world.events[0]["enhancedAuthContext"] == Json::object());
  CHECK(world.send("POST", world.rest("/form"), "a", "text/plain").status == 415);
}

TEST_CASE("the status in a function's error message is the response's") {
  ServiceWorld world;
  world.fails = "[404] no such thing";
  CHECK(world.send("POST", world.rest("/form"), "{}", "application/json").status == 404);
  world.fails = "anything else";
  CHECK(world.send("POST", world.rest("/form"), "{}", "application/json").status == 200);
  world.fails = "Task timed out after 6.00 seconds";
  CHECK(world.send("POST", world.rest("/form"), "{}", "application/json").status == 504);
}

TEST_CASE("an asynchronous event is answered at once, and the function gets it") {
  ServiceWorld world;
  const auto reply = world.send("POST", world.rest("/later"), R"({"n": 1})", "application/json");
  CHECK(reply.status == 200);
  CHECK(reply.body.empty());
  world.advance(1s);
  REQUIRE(world.events.size() == 1);
  CHECK(world.events[0]["body"] == Json{{"n", 1}});
}

TEST_CASE("a long field of a form comes whole, and an event too large for Lambda is refused") {
  ServiceWorld world;
  const std::string longest(20'000, 'x');
  CHECK(world.send("POST", world.rest("/form"), "a=" + longest, "application/x-www-form-urlencoded").status ==
        200);
  REQUIRE(world.events.size() == 1);
  CHECK(world.events[0]["body"]["a"] == longest);
  const auto large = Json{{"a", std::string(2 << 20, 'x')}}.dump();
  CHECK(world.send("POST", world.rest("/later"), large, "application/json").status == 413);
}

TEST_CASE("an authorizer of provider.httpApi guards the routes that name it") {
  ServiceWorld world;
  const auto own = world.ids_of["AWS::ApiGatewayV2::Api"] + "/own";
  CHECK(world.send("GET", own, "", "text/plain").status == 401);
  CHECK(world.events.empty());
  CHECK(world.send("GET", own, "", "text/plain", {{"X-Token", "t"}}).status == 200);
  CHECK(world.events.size() == 1);
}
