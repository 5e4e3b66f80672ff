// DynamoDB Streams as an event source (spec-lambda G.3).
#include "tests/flows/events/events_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Streamed : EventsWorld {
  Streamed() { function(); }
  explicit Streamed(EventsWorld* before) : EventsWorld(*before) {}
  std::string stream = disk_is_empty() ? streamed() : std::string();
  std::string from_start(Json more = Json::object()) {
    more["StartingPosition"] = "TRIM_HORIZON";
    return map(stream, std::move(more));
  }
  Bodies all_keys() const {
    Bodies out;
    for (const auto& event : events)
      for (auto& key : keys(event)) out.push_back(key);
    return out;
  }
  // Fails on events with this key in them.
  void fails_on(std::string bad) {
    answer = [bad = std::move(bad)](const Json& event) {
      const auto all = keys(event);
      return std::ranges::find(all, bad) != all.end() ? failure() : runtime::Outcome{.payload = "null"};
    };
  }
  Json letter(std::string_view name = "dlq") {
    const auto got = messages(name);
    REQUIRE(got.size() == 1);
    return Json::parse(got[0]["Body"].get<std::string>());
  }
  Json to_queue(std::string_view name = "dlq") { return {{"OnFailure", {{"Destination", queue(name)}}}}; }

 private:
  bool disk_is_empty() {
    return !storage::first_key(disk, storage::prefix(storage::Key(storage::Space::tables)));
  }
};
}  // namespace

TEST_CASE("a change is with the function the moment it is made, with the event of a stream") {
  Streamed w;
  w.from_start();
  w.advance(10min);
  w.put("a", {{"n", {{"N", "5"}}}});
  REQUIRE(w.events.size() == 1);
  const auto& record = w.events[0]["Records"][0];
  CHECK(record["eventName"] == "INSERT");
  CHECK(record["eventSource"] == "aws:dynamodb");
  CHECK(record["eventSourceARN"] == w.stream);
  CHECK(record["dynamodb"]["NewImage"]["n"]["N"] == "5");
  CHECK(record["dynamodb"]["ApproximateCreationDateTime"].is_number());
  CHECK(w.mapping(w.call_lambda(
            "ListEventSourceMappings")["EventSourceMappings"][0]["UUID"])["LastProcessingResult"] == "OK");
}

TEST_CASE("from TRIM_HORIZON all there is, from LATEST what comes after the mapping was made") {
  Streamed w;
  w.put("old");
  w.map(w.stream, {{"StartingPosition", "LATEST"}, {"Enabled", false}});
  w.put("new");
  const auto uuid = w.call_lambda("ListEventSourceMappings")["EventSourceMappings"][0]["UUID"];
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"Enabled", true}});
  w.advance(0s);
  CHECK(w.all_keys() == Bodies{"new"});
  w.call_lambda("DeleteEventSourceMapping", {{"UUID", uuid}});
  w.advance(0s);
  w.events.clear();
  w.from_start();
  CHECK(w.all_keys() == Bodies{"old", "new"});
}

TEST_CASE("batches are as large as they may be, in order, and wait for their window") {
  Streamed w;
  for (const auto* id : {"a", "b", "c", "d", "e"}) w.put(id);
  w.from_start({{"BatchSize", 2}, {"MaximumBatchingWindowInSeconds", 5}});
  CHECK(w.events.size() == 2);
  w.advance(4s);
  CHECK(w.events.size() == 2);
  w.advance(1s);
  CHECK(w.events.size() == 3);
  CHECK(w.all_keys() == Bodies{"a", "b", "c", "d", "e"});
}

TEST_CASE("a failing batch blocks the shard and is tried again, later each time") {
  Streamed w;
  w.fails();
  w.from_start({{"BatchSize", 1}});
  w.put("a");
  w.put("b");
  CHECK(w.all_keys() == Bodies{"a"});
  const std::string uuid = w.call_lambda("ListEventSourceMappings")["EventSourceMappings"][0]["UUID"];
  CHECK(w.mapping(uuid)["LastProcessingResult"] == "PROBLEM: Function call failed");
  w.advance(1s);
  CHECK(w.events.size() == 2);
  w.advance(2s);
  CHECK(w.events.size() == 3);
  w.succeeds();
  w.advance(4s);
  CHECK(w.all_keys() == Bodies{"a", "a", "a", "a", "b"});
  CHECK(w.mapping(uuid)["LastProcessingResult"] == "OK");
}

TEST_CASE(
    "a batch whose retries are used up goes to the destination, without its data, and the shard goes on") {
  Streamed w;
  w.fails_on("a");
  w.from_start({{"MaximumRetryAttempts", 1}, {"DestinationConfig", w.to_queue()}, {"BatchSize", 1}});
  w.put("a");
  w.put("b");
  w.advance(5s);
  CHECK(w.all_keys() == Bodies{"a", "a", "b"});
  auto letter = w.letter();
  CHECK(letter["requestContext"]["condition"] == "RetryAttemptsExhausted");
  CHECK(letter["requestContext"]["approximateInvokeCount"] == 2);
  CHECK(letter["requestContext"]["functionArn"] == "arn:aws:lambda:us-east-1:000000000000:function:f");
  CHECK(letter["responseContext"] ==
        Json{{"statusCode", 200}, {"executedVersion", "$LATEST"}, {"functionError", "Unhandled"}});
  const auto number = w.events[0]["Records"][0]["dynamodb"]["SequenceNumber"];
  CHECK(letter["DDBStreamBatchInfo"]["startSequenceNumber"] == number);
  CHECK(letter["DDBStreamBatchInfo"]["endSequenceNumber"] == number);
  CHECK(letter["DDBStreamBatchInfo"]["batchSize"] == 1);
  CHECK(letter["DDBStreamBatchInfo"]["streamArn"] == w.stream);
  CHECK(letter["DDBStreamBatchInfo"]["approximateArrivalOfFirstRecord"] == "2026-01-01T00:00:00Z");
  CHECK(letter["version"] == "1.0");
}

TEST_CASE("bisecting gives up the bad record only") {
  Streamed w;
  w.fails_on("c");
  for (const auto* id : {"a", "b", "c", "d"}) w.put(id);
  w.from_start({{"MaximumRetryAttempts", 0},
                {"BisectBatchOnFunctionError", true},
                {"DestinationConfig", w.to_queue()}});
  w.advance(1min);
  CHECK(w.events.size() == 5);  // abcd, ab, cd, c, d
  CHECK(EventsWorld::keys(w.events.back()) == Bodies{"d"});
  CHECK(w.letter()["DDBStreamBatchInfo"]["batchSize"] == 1);
}

TEST_CASE("a reported record is where the next attempt begins") {
  Streamed w;
  for (const auto* id : {"a", "b", "c"}) w.put(id);
  w.answer = [&](const Json& event) {
    if (w.events.size() > 1) return runtime::Outcome{.payload = "{}"};
    Json list = Json::array();
    for (const std::size_t i : {2, 1})
      list.push_back({{"itemIdentifier", event["Records"][i]["dynamodb"]["SequenceNumber"]}});
    return runtime::Outcome{.payload = Json{{"batchItemFailures", list}}.dump()};
  };
  w.from_start({{"FunctionResponseTypes", {"ReportBatchItemFailures"}}});
  w.advance(1s);
  REQUIRE(w.events.size() == 2);
  CHECK(EventsWorld::keys(w.events[1]) == Bodies{"b", "c"});
}

TEST_CASE("the destination is told that no function error ended a batch of reported failures") {
  Streamed w;
  w.put("a");
  w.answer = [](const Json& event) {
    const auto number = event["Records"][0]["dynamodb"]["SequenceNumber"];
    const Json list = Json::array({Json{{"itemIdentifier", number}}});
    return runtime::Outcome{.payload = Json{{"batchItemFailures", list}}.dump()};
  };
  w.from_start({{"FunctionResponseTypes", {"ReportBatchItemFailures"}},
                {"MaximumRetryAttempts", 0},
                {"DestinationConfig", w.to_queue()}});
  w.advance(1s);
  CHECK(w.letter()["responseContext"]["functionError"].is_null());
}

TEST_CASE("records that are too old are given up, without an answer to tell of") {
  Streamed w;
  w.fails();
  w.from_start({{"MaximumRecordAgeInSeconds", 60}, {"DestinationConfig", w.to_queue()}});
  w.put("a");
  w.advance(5min);
  const auto count = w.events.size();
  CHECK(count == 6);  // at 0, 1, 3, 7, 15 and 31 s
  const auto letter = w.letter();
  CHECK(letter["requestContext"]["condition"] == "RecordAgeExceeded");
  CHECK_FALSE(letter.contains("responseContext"));
  w.succeeds();
  w.put("b");
  CHECK(w.events.size() == count + 1);
}

TEST_CASE("throttles use up no retries") {
  Streamed w;
  w.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}});
  w.from_start({{"MaximumRetryAttempts", 0}});
  w.put("a");
  w.advance(20s);
  CHECK(w.events.empty());
  w.call_lambda("DeleteFunctionConcurrency", {{"FunctionName", "f"}});
  w.advance(20s);
  CHECK(w.all_keys() == Bodies{"a"});
}

TEST_CASE("a function that is not there uses up no retries") {
  Streamed w;
  w.from_start({{"MaximumRetryAttempts", 0}});
  w.call_lambda("DeleteFunction", {{"FunctionName", "f"}});
  w.put("a");
  w.advance(20s);
  w.create("f");
  w.advance(20s);
  CHECK(w.all_keys() == Bodies{"a"});
}

TEST_CASE("with parallelisation keys go side by side, each in its own order") {
  Streamed w;
  w.takes = 1s;
  for (int round = 0; round < 3; ++round)
    for (const auto* id : {"a", "b", "c", "d", "e", "f", "g", "h"})
      w.put(id, {{"round", {{"N", std::to_string(round)}}}});
  w.from_start({{"ParallelizationFactor", 4}, {"BatchSize", 1}});
  CHECK(w.launcher.launched() > 1);
  w.advance(30s);
  CHECK(w.events.size() == 24);
  std::map<std::string, std::string> rounds;
  for (const auto& event : w.events)
    rounds[EventsWorld::keys(event)[0]] +=
        event["Records"][0]["dynamodb"]["NewImage"]["round"]["N"].get<std::string>();
  for (const auto& [key, order] : rounds) CHECK_MESSAGE(order == "012", key);
}

TEST_CASE("records that no filter lets through are skipped, numbers of items are text") {
  Streamed w;
  const auto filter = [](std::string_view pattern) {
    return Json{{"FilterCriteria", {{"Filters", {{{"Pattern", pattern}}}}}}};
  };
  w.from_start(filter(R"({"eventName":["INSERT"],"dynamodb":{"NewImage":{"n":{"N":["5"]}}}})"));
  w.put("a", {{"n", {{"N", "4"}}}});
  w.put("b", {{"n", {{"N", "5"}}}});
  w.put("b", {{
                  "n",
                  {{"N", "5"}},
              },
              {"m", {{"N", "5"}}}});
  CHECK(w.all_keys() == Bodies{"b"});
}

TEST_CASE("after a restart the mapping goes on behind what was done, with what was not") {
  Streamed first;
  first.from_start({{"BatchSize", 1}});
  first.put("a");
  first.fails();
  first.put("b");
  first.put("c");
  CHECK(first.all_keys() == Bodies{"a", "b"});
  Streamed second(&first);
  second.advance(5s);
  CHECK(second.all_keys() == Bodies{"b", "c"});
}

TEST_CASE("a mapping that is changed while its batch fails goes on with the new settings") {
  Streamed w;
  w.fails();
  const auto uuid = w.from_start({{"BatchSize", 1}});
  w.put("a");
  w.advance(40s);
  const auto count = w.events.size();
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"MaximumRetryAttempts", 0}});
  w.advance(0s);
  CHECK(w.events.size() == count + 1);
  w.advance(1h);
  CHECK(w.events.size() == count + 1);
}

TEST_CASE("a disabled mapping stops between attempts and goes on where it was") {
  Streamed w;
  w.fails();
  const auto uuid = w.from_start();
  w.put("a");
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"Enabled", false}});
  w.advance(1h);
  CHECK(w.events.size() == 1);
  w.succeeds();
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"Enabled", true}});
  w.advance(0s);
  CHECK(w.all_keys() == Bodies{"a", "a"});
}

TEST_CASE("a tumbling window hands its state from batch to batch and ends with an event without records") {
  Streamed w;
  w.answer = [](const Json& event) {
    const int before = event["state"].value("count", 0);
    const int more = static_cast<int>(event["Records"].size());
    return runtime::Outcome{.payload = Json{{"state", {{"count", before + more}}}}.dump()};
  };
  w.from_start({{"TumblingWindowInSeconds", 60}});
  w.put("a");
  w.advance(10s);
  w.put("b");
  REQUIRE(w.events.size() == 2);
  CHECK(w.events[0]["state"] == Json::object());
  CHECK(w.events[0]["window"] == Json{{"start", "2026-01-01T00:00:00Z"}, {"end", "2026-01-01T00:01:00Z"}});
  CHECK(w.events[0]["isFinalInvokeForWindow"] == false);
  CHECK(w.events[0]["isWindowTerminatedEarly"] == false);
  CHECK(w.events[0]["eventSourceARN"] == w.stream);
  CHECK(w.events[0]["shardId"].get<std::string>().starts_with("shardId-"));
  CHECK(w.events[1]["state"] == Json{{"count", 1}});
  w.advance(50s);
  REQUIRE(w.events.size() == 3);
  CHECK(w.events[2]["Records"].empty());
  CHECK(w.events[2]["isFinalInvokeForWindow"] == true);
  CHECK(w.events[2]["state"] == Json{{"count", 2}});
  w.put("c");
  REQUIRE(w.events.size() == 4);
  CHECK(w.events[3]["state"] == Json::object());
  CHECK(w.events[3]["window"]["start"] == "2026-01-01T00:01:00Z");
}

TEST_CASE("windows that are switched off while one is open are forgotten, and the shard can end") {
  Streamed w;
  const auto uuid = w.from_start({{"TumblingWindowInSeconds", 60}});
  w.put("a");
  REQUIRE(w.events.size() == 1);
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"TumblingWindowInSeconds", 0}});
  w.advance(2min);
  CHECK(w.events.size() == 1);
  w.put("b");
  REQUIRE(w.events.size() == 2);
  CHECK_FALSE(w.events[1].contains("window"));
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"TumblingWindowInSeconds", 60}});
  w.advance(0s);
  w.put("c");
  REQUIRE(w.events.size() == 3);
  CHECK(w.events[2]["state"] == Json::object());
}

TEST_CASE("a window whose state grows beyond a megabyte ends early") {
  Streamed w;
  w.answer = [](const Json& event) {
    const auto text = std::string(event["Records"].empty() ? 0 : 1'100'000, 'x');
    return runtime::Outcome{.payload = Json{{"state", {{"text", text}}}}.dump()};
  };
  w.from_start({{"TumblingWindowInSeconds", 60}});
  w.put("a");
  REQUIRE(w.events.size() == 2);
  CHECK(w.events[1]["isFinalInvokeForWindow"] == true);
  CHECK(w.events[1]["isWindowTerminatedEarly"] == true);
}

TEST_CASE("a state outlives the daemon") {
  Streamed first;
  const auto counts = [](const Json& event) {
    const int before = event["state"].value("count", 0);
    return runtime::Outcome{.payload = Json{{"state", {{"count", before + 1}}}}.dump()};
  };
  first.answer = counts;
  first.from_start({{"TumblingWindowInSeconds", 60}});
  first.put("a");
  Streamed second(&first);
  second.answer = counts;
  second.put("b");
  REQUIRE(second.events.size() == 1);
  CHECK(second.events[0]["state"] == Json{{"count", 1}});
}

TEST_CASE("the end of a window that fails holds the shard up until it is too old") {
  Streamed w;
  w.answer = [](const Json& event) {
    return event["Records"].empty() ? Streamed::failure() : runtime::Outcome{.payload = "{}"};
  };
  w.from_start({{"TumblingWindowInSeconds", 60}, {"MaximumRecordAgeInSeconds", 60}});
  w.put("a");
  w.advance(119s);
  w.put("b");
  CHECK(w.all_keys() == Bodies{"a"});
  w.advance(1min);
  CHECK(w.all_keys() == Bodies{"a", "b"});
}

namespace {
// Counts records in the window's state; fails on the end of a window, or on a key.
runtime::Outcome count_records(const Json& event, std::string_view bad) {
  const auto all = EventsWorld::keys(event);
  if (bad.empty() ? all.empty() : std::ranges::find(all, bad) != all.end()) return EventsWorld::failure();
  const auto count = event["state"].value("count", std::size_t{0}) + all.size();
  return {.payload = Json{{"state", {{"count", count}}}}.dump()};
}
}  // namespace

TEST_CASE("a state is not kept without the position it counts up to") {
  Streamed first;
  first.put("a");
  first.advance(1min);
  first.put("b");  // in one page with a, in another window
  first.answer = [](const Json& event) { return count_records(event, ""); };
  first.from_start({{"TumblingWindowInSeconds", 60}});
  REQUIRE(first.events.size() == 2);  // a, and the end of its window
  Streamed second(&first);
  REQUIRE(second.events.size() == 3);
  CHECK(EventsWorld::keys(second.events[0]) == Bodies{"a"});
  CHECK(second.events[0]["state"] == Json::object());
}

TEST_CASE("a state that is kept counts whole pages, whatever filters leave of them") {
  Streamed first;
  for (const auto* id : {"x", "a", "b", "c", "d", "e"}) first.put(id);  // two pages of three
  first.answer = [](const Json& event) { return count_records(event, "d"); };
  const auto filter = R"({"dynamodb":{"Keys":{"id":{"S":[{"anything-but":["x"]}]}}}})";
  first.from_start({{"TumblingWindowInSeconds", 900},
                    {"BatchSize", 3},
                    {"MaximumBatchingWindowInSeconds", 5},
                    {"FilterCriteria", {{"Filters", {{{"Pattern", filter}}}}}}});
  first.advance(10s);
  Streamed second(&first);
  REQUIRE(second.events.size() == 1);
  CHECK(EventsWorld::keys(second.events[0]) == Bodies{"c", "d", "e"});
  CHECK(second.events[0]["state"] == Json{{"count", 2}});
}

TEST_CASE("the end of a stream ends its mapping's work, after the last record") {
  Streamed w;
  w.from_start();
  w.put("a");
  w.call(w.tables, "DeleteTable", {{"TableName", "Tab"}});
  w.advance(10s);
  CHECK(w.all_keys() == Bodies{"a"});
}
