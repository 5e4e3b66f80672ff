// What `cdk synth` wrote of both founding stacks, and of an app with most of what CDK makes of API Gateway,
// deployed whole in one World; functions are models.
#include <algorithm>

#include "emulator/app.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "emulator/deploy/project.hpp"
#include "runtime-api/model_launcher.hpp"
#include "tests/support/world.hpp"

using namespace emu;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {
const fs::path kSource = EMU_SOURCE_DIR;

runtime::Outcome say_where(const runtime::Invocation& invocation) {
  const auto event = Json::parse(invocation.payload);
  return {.payload = Json{{"statusCode", event.contains("body") && event["body"].is_string() ? 201 : 200},
                          {"body", event.value("rawPath", event.value("path", ""))}}
                         .dump()};
}

struct AssemblyWorld : test::World {
  AssemblyWorld() {
    app.start();
    clock.run(loops.first(), clock.now());
  }
  // Every function of it answers as say_where() does.
  void deploy(const fs::path& from) {
    auto project = deploy::load_project(from, {.account = "000000000000"});
    for (auto& stack : project.stacks) {
      const auto deployed =
          run(app.stacks().apply(context, stack.name, std::move(stack.stack_template), {}), 1h);
      for (const auto& change : deployed.changes) {
        changes.push_back(change);
        if (change.type == "AWS::Lambda::Function") launcher.add(change.physical_id, {.handler = say_where});
      }
      for (const auto& output : deployed.outputs) outputs[output.key] = output.value;
    }
    advance(1s);  // functions become Active
  }
  std::string id_of(std::string_view type) const {
    const auto at = std::ranges::find(changes, type, &deploy::Change::type);
    return at == changes.end() ? "" : at->physical_id;
  }
  http::Response send(std::string method, std::string target, std::string body = "",
                      std::initializer_list<std::pair<std::string, std::string>> headers = {}) {
    http::Request request{std::move(method), std::move(target), {}, std::move(body), "127.0.0.1", "HTTP/1.1"};
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Host", "localhost:4566");
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    return run(app.handle(std::move(request)), 1min);
  }

  std::vector<deploy::Change> changes;
  std::map<std::string, std::string> outputs;
  TemporaryDirectory directory;
  runtime::ModelLauncher launcher{clock};
  lambda::CodeStore code{loops, directory.path() / "code", {}};
  App app{{clock, loops, ids, disk, launcher, code}, {}};
};
}  // namespace

TEST_CASE("the first founding stack deploys from its CDK output and answers") {
  AssemblyWorld world;
  world.deploy(kSource / "sample-functions/orders/cdk.out");
  const auto api = world.id_of("AWS::ApiGatewayV2::Api");
  REQUIRE(!api.empty());
  CHECK(world.outputs["ApiEndpoint"] == "http://localhost:4566/_aws/execute-api/" + api);
  CHECK(world.id_of("AWS::DynamoDB::Table").starts_with("BackendStack-OrdersTable315BB997-"));
  const auto created = world.send("POST", "/_aws/execute-api/" + api + "/orders", "{}");
  CHECK(created.status == 201);
  CHECK(created.body == "/orders");
  CHECK(world.send("GET", "/_aws/execute-api/" + api + "/orders").status == 404);
}

TEST_CASE("the second founding stack deploys from its CDK output: two routes, 500 at once, 1000 a second") {
  AssemblyWorld world;
  world.deploy(kSource / "sample-functions/order-api");
  const auto api = world.id_of("AWS::ApiGateway::RestApi");
  REQUIRE(!api.empty());
  const auto base = "/_aws/execute-api/" + api + "/prod";
  CHECK(world.outputs["OrderApiEndpoint315A9F2C"] ==
        "https://" + api + ".execute-api.us-east-1.amazonaws.com/prod/");
  CHECK(world.send("POST", base + "/orders", "{}").status == 201);
  CHECK(world.send("GET", base + "/orders/42").body == "/orders/42");
  CHECK(world.send("GET", base + "/orders").status == 403);
  world.advance(1s);

  int admitted = 0, throttled = 0;
  const auto call = [&]() -> awaitable<void> {
    const auto target = base + "/orders/1";
    http::Request request{"GET", target, {}, "", "127.0.0.1", "HTTP/1.1"};
    request.headers.add("Host", "localhost:4566");
    const auto reply = co_await world.app.handle(std::move(request));
    (reply.status == 429 ? throttled : admitted) += 1;
  };
  for (int i = 0; i < 600; ++i) world.loops.spawn(call());
  world.clock.run(world.loops.first(), world.clock.now());
  CHECK(throttled == 100);
  for (int i = 0; i < 60; ++i) {  // three times the rate, a tenth of a second long
    for (int k = 0; k < 5; ++k) world.loops.spawn(call());
    world.advance(std::chrono::microseconds(1667));
  }
  world.advance(1s);
  CHECK(admitted + throttled == 900);
  CHECK(admitted >= 595);
  CHECK(admitted <= 601);
}

TEST_CASE("stacks that import from one another deploy from one CDK output, again without a change") {
  AssemblyWorld world;
  world.deploy(kSource / "tests/flows/shop");
  CHECK(world.id_of("AWS::DynamoDB::Table").starts_with("Data-Items"));
  const auto http_api = "/_aws/execute-api/" + world.id_of("AWS::ApiGatewayV2::Api");
  CHECK(world.send("GET", http_api + "/").body == "/");
  CHECK(world.send("GET", http_api + "/mine").status == 401);
  CHECK(world.send("GET", http_api + "/guarded").status == 401);
  const auto preflight =
      world.send("OPTIONS", http_api + "/guarded", "",
                 {{"Origin", "https://shop.example"}, {"Access-Control-Request-Method", "GET"}});
  CHECK(preflight.status == 204);
  CHECK(preflight.headers.get("access-control-max-age") == "300");

  const auto rest = "/_aws/execute-api/" + world.id_of("AWS::ApiGateway::RestApi") + "/prod";
  CHECK(world.send("GET", rest + "/items").status == 403);
  CHECK(world.send("GET", rest + "/items", "", {{"X-Api-Key", "a-key-of-the-shop-with-a-length"}}).status ==
        200);
  CHECK(world.send("POST", rest + "/items", R"({"name": 1})").status == 400);
  CHECK(world.send("POST", rest + "/items", R"({"id": "1"})").status == 201);
  CHECK(world.send("GET", rest + "/items/7").body == R"({"id":"7"})");
  CHECK(world.send("OPTIONS", rest + "/items/7").status == 204);
  CHECK(world.send("GET", rest + "/watched").status == 401);

  world.changes.clear();
  world.deploy(kSource / "tests/flows/shop");
  for (const auto& change : world.changes)
    CHECK_MESSAGE(change.action == deploy::Action::unchanged, change.logical_id);
}
