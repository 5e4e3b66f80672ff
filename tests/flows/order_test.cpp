// The founding order service, whole, in one World: deployed from its own serverless.yml, its function a
// model.
#include <filesystem>
#include <fstream>

#include "emulator/app.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "emulator/deploy/project.hpp"
#include "runtime-api/model_launcher.hpp"
#include "tests/support/world.hpp"

using namespace emu;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {
const fs::path kProject = fs::path(EMU_SOURCE_DIR) / "sample-functions" / "orders";
const fs::path kHandler = "src/handlers/orderProcessor.js";
constexpr std::string_view kFunction = "serverless-backend-dev-processOrder";

struct OrderWorld : test::World {
  OrderWorld() {
    // A handler that needs no bundling: the model stands in for it anyway.
    fs::create_directories((project() / kHandler).parent_path());
    std::ofstream(project() / kHandler) << "";
    fs::copy_file(kProject / "serverless.yml", project() / "serverless.yml");
    app.start();
    clock.run(loops.first(), clock.now());
  }

  deploy::Deployed deploy() {
    auto loaded = deploy::load_project(project(), {.account = "000000000000"});
    auto& stack = loaded.stacks.front();
    return run(app.stacks().apply(context, stack.name, std::move(stack.stack_template), {}), 1h);
  }
  std::string api_id(const deploy::Deployed& deployed) {
    for (const auto& change : deployed.changes)
      if (change.type == "AWS::ApiGatewayV2::Api") return change.physical_id;
    return "";
  }
  http::Response send(std::string method, std::string target, std::string body = "") {
    http::Request request{std::move(method), std::move(target), {}, std::move(body), "127.0.0.1", "HTTP/1.1"};
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Host", "localhost:4566");
    return run(app.handle(std::move(request)), 1min);
  }

  fs::path project() const { return directory.path() / "project"; }
  TemporaryDirectory directory;
  runtime::ModelLauncher launcher{clock};
  lambda::CodeStore code{loops, directory.path() / "code", {}};
  App app{{clock, loops, ids, disk, launcher, code}, {}};
};

runtime::Outcome accept_order(const runtime::Invocation& invocation) {
  const auto event = Json::parse(invocation.payload);
  const Json reply = {{"statusCode", event.contains("body") ? 201 : 400},
                      {"body", event.value("rawPath", "")}};
  return {.payload = reply.dump()};
}
}  // namespace

TEST_CASE("the order service deploys from its serverless.yml and answers at every address") {
  OrderWorld world;
  world.launcher.add(std::string(kFunction), {.handler = accept_order});
  const auto api = world.api_id(world.deploy());
  REQUIRE(!api.empty());
  world.advance(1s);  // the function becomes Active
  const auto created = world.send("POST", "/_aws/execute-api/" + api + "/$default/orders", "{}");
  CHECK(created.status == 201);
  CHECK(created.body == "/orders");
  CHECK(world.send("POST", "/orders").status == 404);  // nothing at the root of the port yet
  world.app.set_front_api(api);
  CHECK(world.send("POST", "/orders").status == 400);
  CHECK(world.send("GET", "/orders").body == R"({"message":"Not Found"})");
}

TEST_CASE("every row that a deployment and its requests write is one that emu verify knows") {
  OrderWorld world;
  world.launcher.add(std::string(kFunction), {.handler = accept_order});
  world.deploy();
  Report report;
  world.app.verify(report);
  CHECK(report.lines() ==
        std::vector<std::string>{"no defects (HTTP APIs: 1, function versions: 1, log groups: 1, "
                                 "roles: 1, stacks: 1, tables: 1)"});
}

TEST_CASE("deploying the same project again changes nothing, and everything is there after a restart") {
  OrderWorld world;
  world.launcher.add(std::string(kFunction), {.handler = accept_order});
  world.deploy();
  for (const auto& change : world.deploy().changes) CHECK(change.action == deploy::Action::unchanged);
  App again({world.clock, world.loops, world.ids, world.disk, world.launcher, world.code}, {});
  again.start();
  auto tables = world.run(again.call("dynamodb", "ListTables", world.context, Json::object()), 1s);
  REQUIRE(tables);
  CHECK((*tables)["TableNames"] == Json{"serverless-backend-orders-dev"});
  auto functions = world.run(again.call("lambda", "ListFunctions", world.context, Json::object()), 1s);
  REQUIRE(functions);
  CHECK((*functions)["Functions"][0]["FunctionName"] == kFunction);
}

TEST_CASE("500 callers of a function limited to 50 environments each get an answer: its own or a throttle") {
  OrderWorld world;
  world.launcher.add(std::string(kFunction), {.handler = accept_order,
                                              .cold_start = [] { return Duration(200ms); },
                                              .service_time = [] { return Duration(100ms); }});
  world.deploy();
  world.advance(1s);
  auto limited =
      world.run(world.app.call("lambda", "PutFunctionConcurrency", world.context,
                               {{"FunctionName", kFunction}, {"ReservedConcurrentExecutions", 50}}),
                1s);
  REQUIRE(limited);
  int ok = 0, throttled = 0;
  const auto call = [&]() -> awaitable<void> {
    http::Request request{
        "POST", "/2015-03-31/functions/" + std::string(kFunction) + "/invocations", {}, "{}", "", "HTTP/1.1"};
    const auto reply = co_await world.app.handle(std::move(request));
    (reply.status == 200 ? ok : throttled) += 1;
    CHECK((reply.status == 200 || reply.status == 429));
  };
  for (int i = 0; i < 500; ++i) world.loops.spawn(call());
  world.advance(5s);
  CHECK(ok == 50);
  CHECK(throttled == 450);
  CHECK(world.launcher.launched() == 50);
}

TEST_CASE("a property of a resource type is acted upon or without effect, never both") {
  OrderWorld world;
  for (const Service* service : world.app.services())
    for (const auto& type : service->resource_types())
      for (const auto name : type.without_effect)
        CHECK_MESSAGE(std::ranges::find(type.properties, name) == type.properties.end(),
                      type.type << " " << name);
}
