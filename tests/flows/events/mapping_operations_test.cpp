// The resource: what requests may say, what is answered, in which states (spec-lambda G.1).
#include "tests/flows/events/events_world.hpp"
#include "tests/support/failing_engine.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Mapped : EventsWorld {
  Mapped() { function(); }
  Json create(const std::string& arn, Json more = Json::object()) {
    return call_lambda("CreateEventSourceMapping", input(arn, std::move(more)));
  }
  std::string refusal(const std::string& arn, Json more = Json::object()) {
    const auto error = refused("CreateEventSourceMapping", input(arn, std::move(more)));
    return error.code + ": " + error.message;
  }
  static Json input(const std::string& arn, Json more) {
    Json in{{"FunctionName", "f"}, {"EventSourceArn", arn}};
    in.update(more);
    return in;
  }
  static std::string invalid(std::string_view text) {
    return "InvalidParameterValueException: " + std::string(text);
  }
};
const Json kFromStart{{"StartingPosition", "TRIM_HORIZON"}};
Json from_start(Json more) {
  more.update(kFromStart);
  return more;
}
}  // namespace

TEST_CASE("a mapping of a queue is answered as it is being created, and is enabled at once") {
  Mapped w;
  const auto arn = w.queue();
  auto made = w.create(arn);
  const std::string uuid = made["UUID"];
  CHECK(made["LastModified"].is_number_float());
  made.erase("UUID");
  made.erase("LastModified");
  CHECK(made ==
        Json{{"EventSourceMappingArn", "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:" + uuid},
             {"EventSourceArn", arn},
             {"FunctionArn", "arn:aws:lambda:us-east-1:000000000000:function:f"},
             {"BatchSize", 10},
             {"MaximumBatchingWindowInSeconds", 0},
             {"FunctionResponseTypes", Json::array()},
             {"State", "Creating"},
             {"StateTransitionReason", "USER_INITIATED"}});
  w.advance(0s);
  CHECK(w.mapping(uuid)["State"] == "Enabled");
}

TEST_CASE("a mapping of a stream says all of its settings") {
  Mapped w;
  const auto arn = w.streamed();
  const auto made = w.create(arn, kFromStart);
  CHECK(made["BatchSize"] == 100);
  CHECK(made["StartingPosition"] == "TRIM_HORIZON");
  CHECK(made["ParallelizationFactor"] == 1);
  CHECK(made["MaximumRetryAttempts"] == -1);
  CHECK(made["MaximumRecordAgeInSeconds"] == -1);
  CHECK(made["BisectBatchOnFunctionError"] == false);
  CHECK(made["TumblingWindowInSeconds"] == 0);
  CHECK(made["DestinationConfig"] == Json{{"OnFailure", Json::object()}});
  CHECK(made["LastProcessingResult"] == "No records processed");
  CHECK(made["StateTransitionReason"] == "User action");
}

TEST_CASE("a mapping goes from state to state, and away") {
  Mapped w;
  const auto disabled = w.create(w.queue(), {{"Enabled", false}});
  CHECK(disabled["State"] == "Disabled");
  const std::string uuid = disabled["UUID"];
  const auto update = [&](Json more) {
    more["UUID"] = uuid;
    const auto state = w.call_lambda("UpdateEventSourceMapping", std::move(more))["State"];
    w.advance(0s);
    return state.get<std::string>() + " " + w.mapping(uuid)["State"].get<std::string>();
  };
  CHECK(update({{"Enabled", true}}) == "Enabling Enabled");
  CHECK(update({{"BatchSize", 5}}) == "Updating Enabled");
  CHECK(w.mapping(uuid)["BatchSize"] == 5);
  CHECK(update({{"Enabled", false}}) == "Disabling Disabled");
  CHECK(w.call_lambda("DeleteEventSourceMapping", {{"UUID", uuid}})["State"] == "Deleting");
  w.advance(0s);
  for (const auto* operation :
       {"GetEventSourceMapping", "UpdateEventSourceMapping", "DeleteEventSourceMapping"}) {
    const auto error = w.refused(operation, {{"UUID", uuid}});
    CHECK(error.code == "ResourceNotFoundException");
    CHECK(error.message == "The resource you requested does not exist.");
  }
}

TEST_CASE("a mapping that is being deleted is not updated, and goes away") {
  Mapped w;
  const auto uuid = w.map(w.queue());
  // As a deletion leaves it until its reply is out.
  w.lambda.mappings.change(w.context.scope, uuid, [](lambda::Mapping& m) { m.state = "Deleting"; });
  const auto error = w.refused("UpdateEventSourceMapping", {{"UUID", uuid}, {"Enabled", true}});
  CHECK(error.code == "ResourceInUseException");
  CHECK(error.http_status == 400);
  CHECK(error.message == "Cannot update the event source mapping because it is in use.");
  w.lambda.mappings.settle(w.context.scope, uuid);
  CHECK(w.refused("GetEventSourceMapping", {{"UUID", uuid}}).code == "ResourceNotFoundException");
}

TEST_CASE("mappings survive their function and a restart, and may name a version") {
  Mapped w;
  w.call_lambda("PublishVersion", {{"FunctionName", "f"}});
  const auto uuid = w.map(w.queue(), {{"FunctionName", "f:1"}});
  CHECK(w.mapping(uuid)["FunctionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f:1");
  w.call_lambda("DeleteFunction", {{"FunctionName", "f"}});
  CHECK(w.mapping(uuid)["State"] == "Enabled");
  EventsWorld next(w);
  CHECK(next.mapping(uuid)["State"] == "Enabled");
}

TEST_CASE("mappings are listed by source and by function, page by page") {
  Mapped w;
  w.function("g");
  w.queue("a");
  w.queue("b");
  w.map(EventsWorld::queue_arn("a"));
  w.map(EventsWorld::queue_arn("b"));
  w.map(EventsWorld::queue_arn("b"), Json::object(), "g");
  const auto count = [&](Json in) {
    return w.call_lambda("ListEventSourceMappings", std::move(in))["EventSourceMappings"].size();
  };
  CHECK(count(Json::object()) == 3);
  CHECK(count({{"FunctionName", "f"}}) == 2);
  CHECK(count({{"EventSourceArn", EventsWorld::queue_arn("b")}}) == 2);
  CHECK(count({{"EventSourceArn", EventsWorld::queue_arn("b")}, {"FunctionName", "g"}}) == 1);
  const auto page = w.call_lambda("ListEventSourceMappings", {{"MaxItems", 2}});
  CHECK(page["EventSourceMappings"].size() == 2);
  CHECK(count({{"Marker", page["NextMarker"]}}) == 1);
}

TEST_CASE("what cannot be mapped is refused in AWS's words") {
  Mapped w;
  const auto arn = w.queue();
  const auto stream = w.streamed();
  CHECK(w.refusal("arn:aws:nothing:us-east-1:000000000000:x") ==
        Mapped::invalid("Unrecognized event source."));
  CHECK(
      w.refusal(EventsWorld::queue_arn("none")) ==
      Mapped::invalid("Error occurred while ReceiveMessage. SQS Error Code: "
                      "AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does "
                      "not exist."));
  const auto no_stream = "arn:aws:dynamodb:us-east-1:000000000000:table/N/stream/2026-01-01T00:00:00.000";
  CHECK(w.refusal(no_stream, kFromStart) == Mapped::invalid(std::string("Stream not found: ") + no_stream));
  CHECK(w.refusal(arn, {{"FunctionName", "none"}}) == Mapped::invalid("Function does not exist"));
  CHECK(w.refusal(arn, {{"BatchSize", 11}}) ==
        Mapped::invalid(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater "
            "than 10"));
  CHECK(w.refusal(stream) ==
        Mapped::invalid("1 validation error detected: Value null at 'startingPosition' failed to satisfy "
                        "constraint: Member must not be null."));
  CHECK(
      w.refusal(stream, {{"StartingPosition", "NOW"}}) ==
      "ValidationException: 1 validation error detected: Value 'NOW' at 'startingPosition' failed to satisfy "
      "constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]");
  CHECK(w.refusal(stream, {{"StartingPosition", "AT_TIMESTAMP"}, {"StartingPositionTimestamp", 1}}) ==
        Mapped::invalid("Unsupported starting position for arn type: " + stream));
  CHECK(w.refusal(arn, {{"DestinationConfig", {{"OnFailure", {{"Destination", arn}}}}}}) ==
        Mapped::invalid("Unsupported DestinationConfig parameter for given event source mapping type."));
  for (const auto* pattern : {"", "{", "[]", R"({"body":"x"})", R"({"body":[{"unknown":1}]})"})
    CHECK(w.refusal(arn, {{"FilterCriteria", {{"Filters", {{{"Pattern", pattern}}}}}}}) ==
          Mapped::invalid("Invalid filter pattern definition."));
  w.queue("q.fifo");
  CHECK(w.refusal(EventsWorld::queue_arn("q.fifo"), {{"MaximumBatchingWindowInSeconds", 1}}) ==
        Mapped::invalid("Batching window is not supported for FIFO queues"));
  CHECK(w.refusal(arn, {{"ScalingConfig", {{"MaximumConcurrency", 1}}}}).starts_with("ValidationException"));
  CHECK(w.refusal(stream, from_start({{"MaximumRecordAgeInSeconds", 5}})).starts_with("InvalidParameter"));
  const auto topic = "arn:aws:sns:us-east-1:000000000000:t";
  CHECK(w.refusal(stream, from_start({{"DestinationConfig", {{"OnFailure", {{"Destination", topic}}}}}})) ==
        Mapped::invalid(std::string("emu does not have the service sns of the destination ") + topic + "."));
  CHECK(w.call_lambda("ListEventSourceMappings")["EventSourceMappings"].empty());
}

TEST_CASE("a function that may run longer than messages are hidden is refused") {
  Mapped w;
  w.function("slow", {{"Timeout", 60}});
  CHECK(w.refusal(w.queue(), {{"FunctionName", "slow"}}) ==
        Mapped::invalid("Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds"));
}

TEST_CASE("a second mapping of the same source and function is refused, with the first one's UUID") {
  Mapped w;
  const auto arn = w.queue();
  const auto stream = w.streamed();
  const auto first = w.map(arn);
  const auto second = w.map(stream, kFromStart);
  auto error = w.refused("CreateEventSourceMapping", Mapped::input(arn, Json::object()));
  CHECK(error.http_status == 409);
  CHECK(error.message ==
        "An event source mapping with SQS arn (\" " + arn +
            " \") and function (\" f \") already exists. Please update or delete the existing "
            "mapping with UUID " +
            first);
  error = w.refused("CreateEventSourceMapping", Mapped::input(stream, kFromStart));
  CHECK(error.message == "The event source arn (\" " + stream +
                             " \") and function (\" f \") provided mapping already exists. Please update or "
                             "delete the existing mapping with UUID " +
                             second);
}

TEST_CASE("filters are echoed as they were sent, and cleared by an empty list") {
  Mapped w;
  const auto pattern = R"({ "body" : [ "x" ] })";
  const auto made = w.create(w.queue(), {{"FilterCriteria", {{"Filters", {{{"Pattern", pattern}}}}}}});
  CHECK(made["FilterCriteria"]["Filters"][0]["Pattern"] == pattern);
  const auto changed = w.call_lambda(
      "UpdateEventSourceMapping", {{"UUID", made["UUID"]}, {"FilterCriteria", {{"Filters", Json::array()}}}});
  CHECK_FALSE(changed.contains("FilterCriteria"));
}

TEST_CASE("a mapping has tags of its own") {
  Mapped w;
  const auto made = w.create(w.queue(), {{"Tags", {{"a", "1"}}}});
  const auto& arn = made["EventSourceMappingArn"];
  w.call_lambda("TagResource", {{"Resource", arn}, {"Tags", {{"b", "2"}}}});
  w.call_lambda("UntagResource", {{"Resource", arn}, {"TagKeys", {"a"}}});
  CHECK(w.call_lambda("ListTags", {{"Resource", arn}})["Tags"] == Json{{"b", "2"}});
  CHECK(w.refused("ListTags", {{"Resource",
                                "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:"
                                "11111111-2222-3333-4444-555555555555"}})
            .code == "ResourceNotFoundException");
}

TEST_CASE("a mapping whose state cannot be written becomes what it is to be when the disk has room again") {
  EventsWorld w;
  w.function();
  const auto queue = w.queue();
  FailingEngine disk{w.disk};
  lambda::Lambda frail{disk, w.clock, w.loops, w.ids, w.invoker, w.concurrency, w.code, w.ports};
  frail.load();
  disk.fail_after(1);
  const auto id =
      w.call(frail, "CreateEventSourceMapping", {{"FunctionName", "f"}, {"EventSourceArn", queue}})["UUID"];
  const auto state = [&] { return w.call(frail, "GetEventSourceMapping", {{"UUID", id}})["State"]; };
  w.advance(0s);
  CHECK(state() == "Creating");
  disk.recover();
  w.advance(10s);
  CHECK(state() == "Enabled");
  w.send("a");
  CHECK(w.events.size() == 1);
  disk.fail_after(1);
  w.call(frail, "DeleteEventSourceMapping", {{"UUID", id}});
  w.advance(0s);
  CHECK(state() == "Deleting");
  disk.recover();
  w.advance(10s);
  CHECK(w.fail(frail, "GetEventSourceMapping", {{"UUID", id}}).http_status == 404);
  w.send("b");
  w.advance(1min);
  CHECK(w.events.size() == 1);
}
