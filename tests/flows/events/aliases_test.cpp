// Events that go to an alias: each attempt draws its version anew.
#include "tests/flows/events/events_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Two versions, and the alias live of both with equal weight. What runs in which shows in the environments.
struct Aliased : EventsWorld {
  Aliased() {
    function();
    publish();
    call_lambda("UpdateFunctionConfiguration", {{"FunctionName", "f"}, {"MemorySize", 256}});
    advance(1s);
    publish();
    call_lambda("CreateAlias", {{"FunctionName", "f"},
                                {"Name", "live"},
                                {"FunctionVersion", "1"},
                                {"RoutingConfig", {{"AdditionalVersionWeights", {{"2", 0.5}}}}}});
  }
  void publish() { call_lambda("PublishVersion", {{"FunctionName", "f"}}); }
};
}  // namespace

TEST_CASE("the batches of a mapping to a weighted alias go to both of its versions") {
  Aliased w;
  w.map(w.queue(), {{"FunctionName", "f:live"}});
  for (int i = 0; i < 40; ++i) w.send("a");
  CHECK(w.events.size() == 40);
  CHECK(w.launcher.launched() == 2);
  for (const auto& invocation : w.invocations) CHECK(invocation.invoked_arn.ends_with(":f:live"));
}

TEST_CASE("every attempt of an event to a weighted alias is drawn anew, and configured by the alias") {
  Aliased w;
  w.call_lambda("PutFunctionEventInvokeConfig",
                {{"FunctionName", "f"},
                 {"Qualifier", "live"},
                 {"MaximumRetryAttempts", 1},
                 {"DestinationConfig", {{"OnFailure", {{"Destination", w.queue("d")}}}}}});
  w.fails();
  std::set<std::string> executed;
  for (int i = 0; i < 12; ++i) {
    w.context.request_id = "id-" + std::to_string(i);
    CHECK(w.invoke("f", "{}", {{"Qualifier", "live"}, {"InvocationType", "Event"}})["StatusCode"] == 202);
  }
  w.advance(2min);
  CHECK(w.events.size() == 24);
  CHECK(w.launcher.launched() >= 2);
  for (const auto& message : w.messages("d")) {
    const auto record = Json::parse(message["Body"].get<std::string>());
    executed.insert(record["responseContext"]["executedVersion"]);
    CHECK(record["requestContext"]["functionArn"].get<std::string>().ends_with(":f:live"));
  }
  CHECK(executed == std::set<std::string>{"1", "2"});
}

TEST_CASE("the configuration of an alias goes with it") {
  Aliased w;
  w.call_lambda("PutFunctionEventInvokeConfig",
                {{"FunctionName", "f"}, {"Qualifier", "live"}, {"MaximumRetryAttempts", 1}});
  w.call_lambda("DeleteAlias", {{"FunctionName", "f"}, {"Name", "live"}});
  CHECK(
      w.refused("GetFunctionEventInvokeConfig", {{"FunctionName", "f"}, {"Qualifier", "live"}}).http_status ==
      404);
}
