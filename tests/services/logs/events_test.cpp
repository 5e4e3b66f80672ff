#include "emulator/services/logs/port.hpp"
#include "emulator/services/logs/terms.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "tests/support/world.hpp"

namespace emu {
using namespace test;

namespace {
constexpr std::int64_t kNow = 1767225600000;  // of a World's beginning

struct EventsWorld : World {
  logs::Logs logs{disk, clock};
  EventsWorld() {
    call(logs, "CreateLogGroup", {{"logGroupName", "g"}});
    call(logs, "CreateLogStream", {{"logGroupName", "g"}, {"logStreamName", "s"}});
  }
  static Json event(std::int64_t timestamp, const std::string& message) {
    return {{"timestamp", timestamp}, {"message", message}};
  }
  Json put(std::vector<Json> events, const char* stream = "s") {
    return call(logs, "PutLogEvents",
                {{"logGroupName", "g"}, {"logStreamName", stream}, {"logEvents", std::move(events)}});
  }
  Json get(Json more = Json::object(), logs::Logs* of = nullptr) {
    Json in{{"logGroupName", "g"}, {"logStreamName", "s"}};
    in.update(more);
    return call(of ? *of : logs, "GetLogEvents", in);
  }
  static std::string messages(const Json& events) {
    std::string out;
    for (const auto& each : events) out += each["message"].get<std::string>() + " ";
    return out;
  }
  std::string found(Json more) {
    more["logGroupName"] = "g";
    return messages(call(logs, "FilterLogEvents", more)["events"]);
  }
};
}  // namespace

TEST_CASE("log events are read in order of time, from either end, page by page") {
  EventsWorld w;
  w.put({w.event(kNow, "a"), w.event(kNow, "b"), w.event(kNow + 1, "c")});
  w.put({w.event(kNow - 5, "early")});
  const auto all = w.get();
  CHECK(w.messages(all["events"]) == "early a b c ");
  CHECK(all["events"][0] == Json{{"timestamp", kNow - 5}, {"message", "early"}, {"ingestionTime", kNow}});
  const auto last = w.get({{"limit", 2}});
  CHECK(w.messages(last["events"]) == "b c ");
  CHECK(w.messages(w.get({{"nextToken", last["nextBackwardToken"]}})["events"]) == "early a ");
  const auto none = w.get({{"nextToken", last["nextForwardToken"]}});
  CHECK(none["events"].empty());
  CHECK(none["nextForwardToken"] == last["nextForwardToken"]);
  auto page = w.get({{"limit", 3}, {"startFromHead", true}});
  CHECK(w.messages(page["events"]) == "early a b ");
  CHECK(w.messages(w.get({{"nextToken", page["nextForwardToken"]}})["events"]) == "c ");
  CHECK(w.messages(w.get({{"startTime", kNow}, {"endTime", kNow + 1}})["events"]) == "a b ");
  CHECK(
      w.fail(w.logs, "GetLogEvents", {{"logGroupName", "g"}, {"logStreamName", "s"}, {"nextToken", "f/1/s"}})
          .message == "The specified nextToken is invalid.");
}

TEST_CASE("log events and streams are there after a restart, and go with their group") {
  EventsWorld w;
  w.put({w.event(kNow, "a")});
  logs::Logs again(w.disk, w.clock);
  again.load();
  CHECK(w.messages(w.get(Json::object(), &again)["events"]) == "a ");
  w.call(again, "DeleteLogGroup", {{"logGroupName", "g"}});
  w.call(again, "CreateLogGroup", {{"logGroupName", "g"}});
  CHECK(w.call(again, "DescribeLogStreams", {{"logGroupName", "g"}})["logStreams"].empty());
  CHECK(w.call(again, "FilterLogEvents", {{"logGroupName", "g"}})["events"].empty());
}

TEST_CASE("log events are found in all streams of a group by the words in them") {
  EventsWorld w;
  w.call(w.logs, "CreateLogStream", {{"logGroupName", "g"}, {"logStreamName", "t"}});
  w.put({w.event(kNow, "GET /a 200"), w.event(kNow + 2, "GET /b 500")});
  w.put({w.event(kNow + 1, "POST /a 201")}, "t");
  CHECK(w.found(Json::object()) == "GET /a 200 POST /a 201 GET /b 500 ");
  CHECK(w.found({{"filterPattern", "GET 500"}}) == "GET /b 500 ");
  CHECK(w.found({{"filterPattern", "\"/a 2\" -POST"}}) == "GET /a 200 ");
  CHECK(w.found({{"filterPattern", "?500 ?201"}}) == "POST /a 201 GET /b 500 ");
  CHECK(w.found({{"logStreamNamePrefix", "t"}}) == "POST /a 201 ");
  const auto page = w.call(w.logs, "FilterLogEvents", {{"logGroupName", "g"}, {"limit", 2}});
  CHECK(page["events"][1]["logStreamName"] == "t");
  CHECK(w.found({{"nextToken", page["nextToken"]}}) == "GET /b 500 ");
  CHECK(w.fail(w.logs, "FilterLogEvents", {{"logGroupName", "g"}, {"filterPattern", "{ $.a = 1 }"}}).code ==
        "InvalidParameterException");
}

TEST_CASE("log events out of order are refused, too old and too new ones are told of") {
  EventsWorld w;
  const auto refused = [&](std::vector<Json> events) {
    return w
        .fail(w.logs, "PutLogEvents",
              {{"logGroupName", "g"}, {"logStreamName", "s"}, {"logEvents", std::move(events)}})
        .message;
  };
  CHECK(refused({w.event(kNow, "a"), w.event(kNow - 1, "b")}) ==
        "Log events in a single PutLogEvents request must be in chronological order.");
  const std::int64_t day = 24 * 3600 * 1000;
  CHECK(refused({w.event(kNow - 2 * day, "a"), w.event(kNow, "b")}) ==
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  CHECK(w.put({w.event(kNow - 15 * day, "old")})["rejectedLogEventsInfo"] ==
        Json{{"tooOldLogEventEndIndex", 1}});
  CHECK(w.put({w.event(kNow, "now"), w.event(kNow + day, "new")})["rejectedLogEventsInfo"] ==
        Json{{"tooNewLogEventStartIndex", 1}});
  w.call(w.logs, "PutRetentionPolicy", {{"logGroupName", "g"}, {"retentionInDays", 1}});
  CHECK(w.put({w.event(kNow - 2 * day, "gone")})["rejectedLogEventsInfo"] ==
        Json{{"expiredLogEventEndIndex", 1}});
  CHECK(w.messages(w.get()["events"]) == "now ");
  CHECK(
      w.fail(
           w.logs, "PutLogEvents",
           {{"logGroupName", "g"}, {"logStreamName", "x"}, {"logEvents", Json::array({w.event(kNow, "a")})}})
          .message == "The specified log stream does not exist.");
}

TEST_CASE("log streams are listed by name or by their last event") {
  EventsWorld w;
  w.call(w.logs, "CreateLogStream", {{"logGroupName", "g"}, {"logStreamName", "a"}});
  w.put({w.event(kNow, "x")});
  const auto names = [&](Json in) {
    in["logGroupName"] = "g";
    std::string out;
    for (const auto& each : w.call(w.logs, "DescribeLogStreams", in)["logStreams"])
      out += each["logStreamName"].get<std::string>();
    return out;
  };
  CHECK(names(Json::object()) == "as");
  CHECK(names({{"orderBy", "LastEventTime"}, {"descending", true}}) == "sa");
  CHECK(names({{"logStreamNamePrefix", "s"}}) == "s");
  const auto first = w.call(w.logs, "DescribeLogStreams", {{"logGroupName", "g"}, {"limit", 1}});
  CHECK(names({{"nextToken", first["nextToken"]}}) == "s");
  const auto shown = w.call(w.logs, "DescribeLogStreams", {{"logGroupName", "g"}})["logStreams"][1];
  CHECK(shown["arn"] == "arn:aws:logs:us-east-1:000000000000:log-group:g:log-stream:s");
  CHECK(shown["lastEventTimestamp"] == kNow);
  CHECK(w.fail(w.logs, "CreateLogStream", {{"logGroupName", "g"}, {"logStreamName", "s"}}).code ==
        "ResourceAlreadyExistsException");
  w.call(w.logs, "DeleteLogStream", {{"logGroupName", "g"}, {"logStreamName", "s"}});
  CHECK(names(Json::object()) == "a");
}

TEST_CASE("what another service logs can be read at once, and is on disk a moment later") {
  EventsWorld w;
  w.start(w.logs.run());
  logs::GroupSink sink(w.logs);
  const std::string arn = "arn:aws:logs:us-east-1:000000000000:log-group:g:*";
  CHECK(sink.put(arn, "mine", w.clock.now(), "one"));
  CHECK_FALSE(sink.put("arn:aws:logs:us-east-1:000000000000:log-group:h", "mine", w.clock.now(), "lost"));
  CHECK_FALSE(sink.put("nowhere", "mine", w.clock.now(), "lost"));
  CHECK(w.messages(w.get({{"logStreamName", "mine"}})["events"]) == "one ");
  CHECK(sink.put(arn, "mine", w.clock.now(), "two"));
  w.advance(300ms);
  logs::Logs again(w.disk, w.clock);
  again.load();
  CHECK(w.messages(w.get({{"logStreamName", "mine"}}, &again)["events"]) == "one two ");
}

TEST_CASE("events older than their group's retention go") {
  EventsWorld w;
  w.start(w.logs.run());
  w.call(w.logs, "PutRetentionPolicy", {{"logGroupName", "g"}, {"retentionInDays", 1}});
  w.put({w.event(kNow, "old")});
  w.advance(24h);
  w.put({w.event(kNow + 24 * 3600 * 1000, "new")});
  w.advance(2h);
  CHECK(w.messages(w.get()["events"]) == "new ");
  CHECK(w.call(w.logs, "DescribeLogStreams",
               {{"logGroupName", "g"}})["logStreams"][0]["firstEventTimestamp"] == kNow + 24 * 3600 * 1000);
}

TEST_CASE("an event among many is found in steps, between which other work goes on") {
  EventsWorld w;
  std::vector<Json> many;
  for (int i = 0; i < 9'000; ++i) many.push_back(w.event(kNow + i, i == 8'500 ? "needle" : "hay"));
  w.put(many);
  bool other = false;
  bool found = false;
  auto search = [&]() -> awaitable<void> {
    const auto rows = w.logs.operations();
    const auto row = std::ranges::find(rows, std::string_view("FilterLogEvents"), &Operation::name);
    asio::post(co_await asio::this_coro::executor, [&] { other = true; });
    const auto said =
        co_await row->call(w.logs, w.context, {{"logGroupName", "g"}, {"filterPattern", "needle"}});
    REQUIRE(said);
    CHECK(other);
    found = (*said)["events"].size() == 1;
  };
  w.start(search());
  w.advance(0s);
  CHECK(found);
}

TEST_CASE("what is logged while its group is deleted leaves nothing behind") {
  EventsWorld w;
  logs::GroupSink sink(w.logs);
  CHECK(sink.put("arn:aws:logs:us-east-1:000000000000:log-group:g", "mine", w.clock.now(), "one"));
  w.call(w.logs, "DeleteLogGroup", {{"logGroupName", "g"}});
  w.logs.streams.write_gathered();
  CHECK_FALSE(sink.put("arn:aws:logs:us-east-1:000000000000:log-group:g", "mine", w.clock.now(), "two"));
  w.call(w.logs, "CreateLogGroup", {{"logGroupName", "g"}});
  logs::Logs again(w.disk, w.clock);
  again.load();
  CHECK(w.call(again, "DescribeLogStreams", {{"logGroupName", "g"}})["logStreams"].empty());
}
}  // namespace emu
