// How asynchronous invocations are configured, and where their ends are told (spec-lambda E.4, F.3).
#include "tests/flows/events/events_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kArn = "arn:aws:lambda:us-east-1:000000000000:function:f";

struct Async : EventsWorld {
  Async() { function(); }
  Json configure(Json more) {
    more["FunctionName"] = "f";
    return call_lambda("PutFunctionEventInvokeConfig", std::move(more));
  }
  std::string refusal(Json more, std::string_view operation = "PutFunctionEventInvokeConfig") {
    if (!more.contains("FunctionName")) more["FunctionName"] = "f";
    const auto error = refused(operation, std::move(more));
    return error.code + ": " + error.message;
  }
  static Json to(std::string_view where, const std::string& arn) {
    return {{"DestinationConfig", {{where, {{"Destination", arn}}}}}};
  }
  Json record(std::string_view name = "d") {
    const auto got = messages(name);
    REQUIRE(got.size() == 1);
    return Json::parse(got[0]["Body"].get<std::string>());
  }
};
}  // namespace

TEST_CASE("a success is told to its destination, with what was asked and answered") {
  Async w;
  w.configure(Async::to("OnSuccess", w.queue("d")));
  w.answer = [](const Json&) { return runtime::Outcome{.payload = R"({"ok":1})"}; };
  w.invoke_event("f", "id-1", R"({"a":[1]})");
  w.advance(1h);
  auto record = w.record();
  CHECK(record["timestamp"] == "2026-01-01T00:00:00.000Z");
  record.erase("timestamp");
  CHECK(record == Json{{"version", "1.0"},
                       {"requestContext",
                        {{"requestId", "id-1"},
                         {"functionArn", std::string(kArn) + ":$LATEST"},
                         {"condition", "Success"},
                         {"approximateInvokeCount", 1}}},
                       {"requestPayload", {{"a", {1}}}},
                       {"responseContext", {{"statusCode", 200}, {"executedVersion", "$LATEST"}}},
                       {"responsePayload", {{"ok", 1}}}});
}

TEST_CASE("an event whose retries are used up goes to destination and dead letters, each in its form") {
  Async w;
  w.queue("dlq");
  w.call_lambda(
      "UpdateFunctionConfiguration",
      {{"FunctionName", "f"}, {"DeadLetterConfig", {{"TargetArn", EventsWorld::queue_arn("dlq")}}}});
  w.advance(1s);
  w.configure(Async::to("OnFailure", w.queue("d")));
  w.fails();
  w.invoke_event("f", "id-1", "[1]");
  w.advance(3min + 1s);
  CHECK(w.events.size() == 3);
  const auto record = w.record();
  CHECK(record["requestContext"]["condition"] == "RetriesExhausted");
  CHECK(record["requestContext"]["approximateInvokeCount"] == 3);
  CHECK(record["responseContext"] ==
        Json{{"statusCode", 200}, {"executedVersion", "$LATEST"}, {"functionError", "Unhandled"}});
  CHECK(record["responsePayload"]["errorMessage"] == "no good");
  const auto letters = w.messages("dlq");
  REQUIRE(letters.size() == 1);
  CHECK(letters[0]["Body"] == "[1]");
  const auto& attributes = letters[0]["MessageAttributes"];
  CHECK(attributes["RequestID"] == Json{{"DataType", "String"}, {"StringValue", "id-1"}});
  CHECK(attributes["ErrorCode"] == Json{{"DataType", "Number"}, {"StringValue", "200"}});
  CHECK(attributes["ErrorMessage"] == Json{{"DataType", "String"}, {"StringValue", "no good"}});
  CHECK(letters[0]["Attributes"].contains("AWSTraceHeader"));
}

TEST_CASE("MaximumRetryAttempts counts, in the configuration of the time of the attempt") {
  Async w;
  w.configure({{"MaximumRetryAttempts", 0}});
  w.fails();
  w.invoke_event("f", "id-1");
  w.advance(1h);
  CHECK(w.events.size() == 1);
  w.configure({{"MaximumRetryAttempts", 2}});
  w.invoke_event("f", "id-2");
  w.configure({{"MaximumRetryAttempts", 1}});
  w.advance(1h);
  CHECK(w.events.size() == 3);
}

TEST_CASE("an event that would be too old at its next attempt is given up") {
  Async w;
  auto config = Async::to("OnFailure", w.queue("d"));
  config["MaximumEventAgeInSeconds"] = 90;
  w.configure(config);
  w.fails();
  w.invoke_event("f", "id-1");
  w.advance(1h);
  CHECK(w.events.size() == 2);
  CHECK(w.record()["requestContext"]["condition"] == "EventAgeExceeded");
}

TEST_CASE("a throttled event is too old in the end, and nothing was answered") {
  EventsWorld w(0);
  w.function();
  auto config = Async::to("OnFailure", w.queue("d"));
  config.update({{"MaximumEventAgeInSeconds", 60}, {"FunctionName", "f"}});
  w.call_lambda("PutFunctionEventInvokeConfig", config);
  w.invoke_event("f", "id-1");
  w.advance(2min);
  const auto got = w.messages("d");
  REQUIRE(got.size() == 1);
  const auto record = Json::parse(got[0]["Body"].get<std::string>());
  CHECK(record["requestContext"]["condition"] == "EventAgeExceeded");
  CHECK(record["requestContext"]["approximateInvokeCount"] == 0);
  CHECK_FALSE(record.contains("responseContext"));
}

TEST_CASE("with a reserved concurrency of 0 events go to the failure destination at once") {
  Async w;
  w.configure(Async::to("OnFailure", w.queue("d")));
  w.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}});
  w.invoke_event("f", "id-1");
  const auto record = w.record();
  CHECK(record["requestContext"]["condition"] == "ZeroReservedConcurrency");
  CHECK(record["requestContext"]["approximateInvokeCount"] == 0);
  CHECK_FALSE(record.contains("responseContext"));
  CHECK_FALSE(record.contains("responsePayload"));
}

TEST_CASE("a function as destination gets the record as its event") {
  Async w;
  w.function("next");
  w.configure(Async::to("OnSuccess", "arn:aws:lambda:us-east-1:000000000000:function:next"));
  w.invoke_event("f", "id-1", "[1]");
  w.advance(1s);
  REQUIRE(w.events.size() == 2);
  CHECK(w.events[1]["requestContext"]["condition"] == "Success");
  CHECK(w.events[1]["requestPayload"] == Json{1});
}

TEST_CASE("two functions that are each other's destination are stopped after sixteen rounds") {
  Async w;
  w.function("g");
  w.configure(Async::to("OnSuccess", "arn:aws:lambda:us-east-1:000000000000:function:g"));
  auto back = Async::to("OnSuccess", std::string(kArn));
  back["FunctionName"] = "g";
  w.call_lambda("PutFunctionEventInvokeConfig", back);
  w.invoke_event("f", "id-1");
  w.advance(1h);
  CHECK(w.events.size() == 32);
}

TEST_CASE("what was accepted is tried, and its end told, after a restart") {
  EventsWorld first;
  first.function();
  auto config = Async::to("OnFailure", first.queue("d"));
  config["FunctionName"] = "f";
  first.call_lambda("PutFunctionEventInvokeConfig", config);
  first.fails();
  first.invoke_event("f", "id-1");
  EventsWorld second(first);
  second.fails();
  second.advance(10min);
  CHECK(second.events.size() == 2);
  CHECK(second.messages("d").size() == 1);
}

TEST_CASE("a configuration is put, merged, shown, listed and removed by qualifier") {
  Async w;
  w.call_lambda("PublishVersion", {{"FunctionName", "f"}});
  auto put = w.configure({{"MaximumRetryAttempts", 1}});
  CHECK(put["LastModified"].is_number_float());
  put.erase("LastModified");
  CHECK(put == Json{{"FunctionArn", std::string(kArn) + ":$LATEST"},
                    {"MaximumRetryAttempts", 1},
                    {"DestinationConfig", {{"OnSuccess", Json::object()}, {"OnFailure", Json::object()}}}});
  const auto merged = w.call_lambda("UpdateFunctionEventInvokeConfig",
                                    {{"FunctionName", "f"}, {"MaximumEventAgeInSeconds", 100}});
  CHECK(merged["MaximumRetryAttempts"] == 1);
  CHECK(merged["MaximumEventAgeInSeconds"] == 100);
  CHECK_FALSE(w.configure({{"MaximumEventAgeInSeconds", 200}}).contains("MaximumRetryAttempts"));
  w.configure({{"Qualifier", "1"}, {"MaximumRetryAttempts", 0}});
  const auto list = w.call_lambda("ListFunctionEventInvokeConfigs", {{"FunctionName", "f"}});
  CHECK(list["FunctionEventInvokeConfigs"].size() == 2);
  CHECK(w.call_lambda("GetFunctionEventInvokeConfig",
                      {{"FunctionName", "f"}, {"Qualifier", "1"}})["FunctionArn"] ==
        std::string(kArn) + ":1");
  w.call_lambda("DeleteFunctionEventInvokeConfig", {{"FunctionName", "f"}});
  CHECK(w.refusal(Json::object(), "GetFunctionEventInvokeConfig") ==
        "ResourceNotFoundException: The function " + std::string(kArn) +
            ":$LATEST doesn't have an EventInvokeConfig");
  CHECK(w.refusal({{"MaximumRetryAttempts", 1}}, "UpdateFunctionEventInvokeConfig")
            .starts_with("ResourceNotFoundException"));
}

TEST_CASE("what cannot be configured is refused in AWS's words") {
  Async w;
  const std::string invalid = "InvalidParameterValueException: ";
  CHECK(w.refusal(Json::object()) ==
        invalid + "You must specify at least one of error handling or destination setting.");
  CHECK(w.refusal({{"FunctionName", "none"}, {"MaximumRetryAttempts", 1}}) ==
        "ResourceNotFoundException: The function doesn't exist.");
  CHECK(w.refusal({{"MaximumRetryAttempts", 3}}).starts_with("ValidationException"));
  CHECK(w.refusal({{"MaximumEventAgeInSeconds", 59}}).starts_with("ValidationException"));
  CHECK(w.refusal(Async::to("OnSuccess", "nonsense")) ==
        invalid + "The destination ARN nonsense is invalid.");
  CHECK(w.refusal(Async::to("OnSuccess", std::string(kArn))) ==
        invalid + "You can't specify the function as a destination for itself.");
  const auto none = EventsWorld::queue_arn("none");
  CHECK(w.refusal(Async::to("OnFailure", none)) == invalid + "The destination ARN " + none + " is invalid.");
  const auto fifo = w.queue("q.fifo");
  CHECK(w.refusal(Async::to("OnFailure", fifo)) == invalid + "The destination ARN " + fifo + " is invalid.");
  const auto table = "arn:aws:dynamodb:us-east-1:000000000000:table/T";
  CHECK(w.refusal(Async::to("OnSuccess", table)) ==
        invalid + "The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=" +
            table + "), onFailure=null) is invalid.");
  const auto topic = "arn:aws:sns:us-east-1:000000000000:t";
  CHECK(w.refusal(Async::to("OnSuccess", topic)) ==
        invalid + "emu does not have the service sns of the destination " + topic + ".");
}

TEST_CASE("a dead-letter target must be a queue that exists") {
  Async w;
  const auto refused = [&](const std::string& arn) {
    return w
        .refused("UpdateFunctionConfiguration",
                 {{"FunctionName", "f"}, {"DeadLetterConfig", {{"TargetArn", arn}}}})
        .message;
  };
  CHECK(refused(EventsWorld::queue_arn("none")) ==
        "The provided execution role does not have permissions to call SendMessage on SQS");
  CHECK(refused("arn:aws:sns:us-east-1:000000000000:t").starts_with("emu does not have the service sns"));
  CHECK(refused("arn:aws:s3:::b").ends_with("is neither an SQS queue nor an SNS topic."));
  CHECK_FALSE(w.configuration("f").contains("DeadLetterConfig"));
  const auto set = [&](const std::string& arn) {
    w.call_lambda("UpdateFunctionConfiguration",
                  {{"FunctionName", "f"}, {"DeadLetterConfig", {{"TargetArn", arn}}}});
    w.advance(1s);
    return w.configuration("f").value("DeadLetterConfig", Json());
  };
  CHECK(set(w.queue("dlq")) == Json{{"TargetArn", EventsWorld::queue_arn("dlq")}});
  CHECK(set("").is_null());
}
