// Event source mappings and asynchronous invocations as a template describes them.
#include "tests/flows/events/events_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Templates : EventsWorld {
  Templates() { function(); }
  const ResourceType& type(std::string_view name) const {
    for (const auto& row : lambda.resource_types())
      if (row.type == name) return row;
    throw std::out_of_range(std::string(name));
  }
  Resource make(std::string_view name, Json properties) {
    auto made =
        run(type(name).create(lambda, context, {"Id", "stack", "stack-Id-abc", std::move(properties)}));
    if (!made) FAIL(made.error().message);
    advance(0s);
    return *made;
  }
  void update(std::string_view name, const Resource& old, Json properties) {
    auto done = run(type(name).update(lambda, context, old, {"Id", "stack", "", std::move(properties)}));
    if (!done) FAIL(done.error().message);
    advance(0s);
  }
  void remove(std::string_view name, const Resource& old) {
    CHECK(run(type(name).remove(lambda, context, old)));
  }
};
constexpr std::string_view kMapping = "AWS::Lambda::EventSourceMapping";
constexpr std::string_view kEventInvoke = "AWS::Lambda::EventInvokeConfig";
}  // namespace

TEST_CASE("a mapping of a template works when it is there, changes with it, and goes with it") {
  Templates w;
  const Json base{{"EventSourceArn", w.queue()}, {"FunctionName", "f"}};
  auto properties = base;
  properties.update({{"BatchSize", "5"},
                     {"Enabled", "true"},
                     {"ScalingConfig", {{"MaximumConcurrency", "3"}}},
                     {"Tags", {{{"Key", "k"}, {"Value", "v"}}}}});
  const auto made = w.make(kMapping, properties);
  const auto uuid = made.physical_id;
  CHECK(made.attributes["Id"] == uuid);
  CHECK(made.attributes["EventSourceMappingArn"].get<std::string>().ends_with(uuid));
  CHECK(w.mapping(uuid)["State"] == "Enabled");
  CHECK(w.mapping(uuid)["BatchSize"] == 5);
  CHECK(w.mapping(uuid)["ScalingConfig"]["MaximumConcurrency"] == 3);
  CHECK(w.call_lambda("ListTags", {{"Resource", made.attributes["EventSourceMappingArn"]}})["Tags"]["k"] ==
        "v");
  w.update(kMapping, made, base);
  CHECK(w.mapping(uuid)["BatchSize"] == 10);
  CHECK_FALSE(w.mapping(uuid).contains("ScalingConfig"));
  w.send("a");
  CHECK(w.events.size() == 1);
  w.remove(kMapping, made);
  CHECK(w.refused("GetEventSourceMapping", {{"UUID", uuid}}).http_status == 404);
  w.remove(kMapping, made);
}

TEST_CASE("a mapping of a stream goes back to its defaults as well") {
  Templates w;
  const Json base{{"EventSourceArn", w.streamed()}, {"FunctionName", "f"}, {"StartingPosition", "LATEST"}};
  auto properties = base;
  properties.update({{"MaximumRetryAttempts", 3}, {"BisectBatchOnFunctionError", true}});
  const auto made = w.make(kMapping, properties);
  CHECK(w.mapping(made.physical_id)["MaximumRetryAttempts"] == 3);
  w.update(kMapping, made, base);
  CHECK(w.mapping(made.physical_id)["MaximumRetryAttempts"] == -1);
  CHECK(w.mapping(made.physical_id)["BisectBatchOnFunctionError"] == false);
}

TEST_CASE("a template configures asynchronous invocations, and takes it back") {
  Templates w;
  const Json base{{"FunctionName", "f"}, {"Qualifier", "$LATEST"}};
  auto properties = base;
  properties["MaximumRetryAttempts"] = "1";
  const auto made = w.make(kEventInvoke, properties);
  const auto shown = [&] { return w.call_lambda("GetFunctionEventInvokeConfig", {{"FunctionName", "f"}}); };
  CHECK(shown()["MaximumRetryAttempts"] == 1);
  properties = base;
  properties["MaximumEventAgeInSeconds"] = 60;
  w.update(kEventInvoke, made, properties);
  CHECK_FALSE(shown().contains("MaximumRetryAttempts"));
  w.remove(kEventInvoke, made);
  CHECK(w.refused("GetFunctionEventInvokeConfig", {{"FunctionName", "f"}}).http_status == 404);
}
