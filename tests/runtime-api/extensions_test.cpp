#include "runtime-api/extensions/extensions.hpp"

#include <doctest/doctest.h>

#include "emulator/base/json.hpp"
#include "runtime-api/extensions/telemetry.hpp"

namespace emu::runtime {
namespace {
using namespace std::chrono_literals;
constexpr std::string_view kId = "11111111-2222-3333-4444-555555555555";
constexpr std::string_view kBoth = R"({"events":["INVOKE","SHUTDOWN"]})";

// "" or the refusal's type and message.
template <class T>
std::string refusal(const T& said) {
  const auto* r = std::get_if<Extensions::Refusal>(&said);
  return r ? std::to_string(r->status) + " " + r->type + ": " + r->message : "";
}
std::string refusal(const std::optional<Extensions::Refusal>& r) {
  return r ? std::to_string(r->status) + " " + r->type + ": " + r->message : "";
}
std::string enter(Extensions& e, std::string_view name, std::string_view body = kBoth) {
  return refusal(e.enter(name, body, std::string(kId)));
}

Extensions one_registered() {
  Extensions e;
  e.expect({"one"});
  REQUIRE(enter(e, "one").empty());
  return e;
}
}  // namespace

TEST_CASE("registrations are refused in AWS's words") {  // spec-lambda B.1
  Extensions e;
  e.expect({"one"});
  CHECK(enter(e, "") == "403 Extension.InvalidExtensionName: Empty extension name");
  CHECK(enter(e, "one", "no").starts_with("403 InvalidRequestFormat: "));
  CHECK(enter(e, "one", R"({"events":["X"]})") == "403 Extension.InvalidEventType: X: ErrorInvalidEventType");
  CHECK(enter(e, "inner") ==
        "403 Extension.InvalidEventType: SHUTDOWN: ShutdownEventNotSupportedForInternalExtension");
  CHECK(enter(e, "one").empty());
  CHECK(enter(e, "one") ==
        "403 Extension.InvalidExtensionState: Extension with this name already registered");
  for (int i = 1; i < 10; ++i)
    CHECK(enter(e, "inner" + std::to_string(i), R"({"events":["INVOKE"]})").empty());
  CHECK(enter(e, "more", "{}") == "403 Extension.TooManyExtensions: Extension limit (10) reached");
  e.close_registration();
  CHECK(enter(e, "late") == "403 Extension.RegistrationClosed: Extension registration closed already");
}

TEST_CASE("of several invocations at a time extensions hear nothing but the end") {  // spec-lambda A.7
  Extensions e;
  e.expect({"one"});
  CHECK(refusal(e.enter("one", kBoth, std::string(kId), true)) ==
        "403 Extension.InvalidEventType: INVOKE: ErrorInvalidEventType");
  CHECK(std::get<Extension>(e.enter("one", R"({"events":["SHUTDOWN"]})", std::string(kId), true)).external);
  const std::string asked = R"("types":["platform"],"destination":{"protocol":"TCP","port":4000}})";
  const auto subscribe = [&](const std::string& schema) {
    return read_subscription(TelemetryApi::telemetry, "one", "{\"schemaVersion\":\"" + schema + "\"," + asked,
                             true);
  };
  CHECK(std::get<Extensions::Refusal>(subscribe("2022-12-13")).message == "schemaVersion is not supported");
  CHECK(std::get<Subscription>(subscribe("2025-01-29")).platform);
}

TEST_CASE("who asks for events says who it is") {
  auto e = one_registered();
  CHECK(refusal(e.next(std::nullopt)) ==
        "403 Extension.MissingExtensionIdentifier: Missing Lambda-Extension-Identifier header");
  CHECK(refusal(e.next("one")).starts_with("403 Extension.InvalidExtensionIdentifier: "));
  CHECK(refusal(e.next("99999999-2222-3333-4444-555555555555")) ==
        "403 Extension.UnknownExtensionIdentifier: Unknown extension 99999999-2222-3333-4444-555555555555");
  CHECK(refusal(e.failed(kId, true, "")) ==
        "403 Extension.MissingHeader: Lambda-Extension-Function-Error-Type not found");
  CHECK(refusal(e.next(kId)).empty());
}

TEST_CASE("an environment is settled when each extension has registered and waits for an event") {
  Extensions e;
  e.expect({"one"});
  CHECK_FALSE(e.registered());
  CHECK_FALSE(e.settled());
  enter(e, "one");
  CHECK(e.registered());
  CHECK_FALSE(e.settled());
  e.next(kId);
  CHECK(e.settled());
  e.invoke("event");
  CHECK_FALSE(e.settled());
  CHECK(e.take(kId) == "event");
  CHECK_FALSE(e.settled());
  e.next(kId);
  CHECK(e.settled());
}

TEST_CASE("an extension gets only the events it asked for") {
  Extensions e;
  e.expect({"one"});
  enter(e, "one", R"({"events":["SHUTDOWN"]})");
  e.next(kId);
  e.invoke("invoke");
  CHECK(e.settled());
  CHECK_FALSE(e.take(kId).has_value());
  CHECK(e.shut_down("bye"));
  CHECK(e.take(kId) == "bye");
  Extensions silent;
  silent.expect({"one"});
  enter(silent, "one", R"({"events":["INVOKE"]})");
  CHECK_FALSE(silent.shut_down("bye"));
}

TEST_CASE("an extension that reports an error is broken and asks for nothing more") {
  auto e = one_registered();
  CHECK(refusal(e.failed(kId, true, "Extension.Config")).empty());
  REQUIRE(e.broken());
  CHECK(e.broken()->error_type == "Extension.Config");
  CHECK(refusal(e.next(kId)).starts_with("403 Extension.InvalidExtensionState"));
  auto late = one_registered();
  late.next(kId);
  CHECK(refusal(late.failed(kId, true, "X")).starts_with("403 Extension.InvalidExtensionState"));
  CHECK(refusal(late.failed(kId, false, "X")).empty());
  CHECK_FALSE(late.shut_down("bye"));  // it cannot be told
}

TEST_CASE("of several requests of an extension for its next event, only the newest gets it") {
  auto e = one_registered();
  const auto given_up = e.next(kId), open = e.next(kId);
  e.invoke("event");
  CHECK_FALSE(e.newest(kId, std::get<Extensions::Parked>(given_up)));
  CHECK(e.newest(kId, std::get<Extensions::Parked>(open)));
}

TEST_CASE("the events are as AWS writes them") {
  const Delivery d{{.request_id = "id", .invoked_arn = "arn", .trace_id = "Root=1"}, Time{5ms}};
  CHECK(invoke_event(d) ==
        R"({"eventType":"INVOKE","deadlineMs":5,"requestId":"id","invokedFunctionArn":"arn",)"
        R"("tracing":{"type":"X-Amzn-Trace-Id","value":"Root=1"}})");
  CHECK(shutdown_event("spindown", Time{7ms}) ==
        R"({"eventType":"SHUTDOWN","shutdownReason":"spindown","deadlineMs":7})");
}

namespace {
std::string wrong(std::string_view body, TelemetryApi api = TelemetryApi::telemetry) {
  const auto said = read_subscription(api, "e", body);
  const auto* r = std::get_if<Mailbox::Refusal>(&said);
  return r ? std::to_string(r->status) + " " + r->type + ": " + r->message : "";
}
Subscription telemetry(std::string more = R"("types":["platform","function","extension"])",
                       TelemetryApi api = TelemetryApi::telemetry) {
  const auto schema = api == TelemetryApi::logs ? "2021-03-18" : "2022-12-13";
  const auto body = "{\"schemaVersion\":\"" + std::string(schema) +
                    R"(","destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain:4243/x"},)" +
                    more + "}";
  return std::get<Subscription>(read_subscription(api, "e", body));
}
}  // namespace

TEST_CASE("a subscription is read with its limits and destination") {
  const auto s =
      telemetry(R"("types":["platform"],"buffering":{"maxItems":1000,"maxBytes":262144,"timeoutMs":25})");
  CHECK(s.platform);
  CHECK_FALSE(s.function);
  CHECK(s.max_items == 1000);
  CHECK(s.timeout == 25ms);
  CHECK(s.destination.host == "sandbox.localdomain");
  CHECK(s.destination.port == 4243);
  CHECK(s.destination.path == "/x");
}

TEST_CASE("what is wrong with a subscription is told at once") {
  CHECK(wrong("[]") == "400 ValidationError: the body is no JSON object");
  CHECK(
      wrong(
          R"({"schemaVersion":"2022-07-01","types":[],"destination":{"protocol":"HTTP","URI":"http://sandbox"}})") ==
      "400 ValidationError: types should not be empty; URI port is not provided");
  const std::string destination = R"("schemaVersion":"2022-07-01","types":["platform"],"destination":)";
  CHECK(wrong("{" + destination + R"({"protocol":"TCP","port":9001}})") ==
        "400 ValidationError: port 9001 is reserved");
  CHECK(wrong("{" + destination + R"({"protocol":"UDP"}})").find("HTTP or TCP") != std::string::npos);
  CHECK(wrong("{" + destination + R"({"protocol":"TCP","port":8080},"buffering":{"timeoutMs":24}})") ==
        "400 ValidationError: timeoutMs should be between 25 and 30000");
  CHECK(wrong("{}", TelemetryApi::logs).starts_with("400 Logs.ValidationError: "));
}

TEST_CASE("what happened before a subscription is replayed, and after the initialisation there is none") {
  Telemetry t;
  t.add(Time{}, {Telemetry::Kind::platform, "platform.initStart", "1"});
  t.add(Time{}, {Telemetry::Kind::function, "function", "2"});
  CHECK_FALSE(t.subscribe(Time{}, telemetry(R"("types":["platform"])")));
  auto& first = *t.subscribers().back();
  CHECK(Telemetry::take(first, Time{}) == std::vector<std::string>{"1"});
  t.close();
  CHECK(t.subscribe(Time{}, telemetry())->type == "Telemetry.SubscriptionClosed");
  CHECK(t.wanted(Telemetry::Kind::platform));
  CHECK_FALSE(t.wanted(Telemetry::Kind::function));
}

TEST_CASE("once one of the two APIs is used the other is refused, and each has its own events") {
  Telemetry t;
  CHECK_FALSE(t.subscribe(Time{}, telemetry(R"("types":["platform"])", TelemetryApi::logs)));
  CHECK(t.subscribe(Time{}, telemetry())->status == 403);
  t.add(Time{}, {Telemetry::Kind::platform, "platform.initStart", "1"});
  t.add(Time{}, {Telemetry::Kind::platform, "platform.end", "2"});
  CHECK(Telemetry::take(*t.subscribers().back(), Time{}) == std::vector<std::string>{"2"});
}

TEST_CASE("a batch goes when its oldest event is old enough, or when it is full") {
  Telemetry t;
  t.subscribe(Time{}, telemetry());
  auto& s = *t.subscribers().back();
  CHECK(Telemetry::due(s) == kNever);
  t.add(Time{1s}, {Telemetry::Kind::function, "function", "1"});
  t.add(Time{1500ms}, {Telemetry::Kind::function, "function", "2"});
  CHECK(Telemetry::due(s) == Time{2s});
  t.add(Time{1600ms}, {Telemetry::Kind::function, "function", std::string(262'144, 'x')});
  CHECK(Telemetry::due(s) == Time{1s});  // full
  CHECK(Telemetry::take(s, Time{2s}).size() == 2);
  CHECK(Telemetry::take(s, Time{2s}).size() == 1);
  CHECK(Telemetry::due(s) == kNever);
}

TEST_CASE("a subscriber that does not keep up is told what it has lost") {
  Telemetry t;
  t.subscribe(Time{}, telemetry());
  auto& s = *t.subscribers().back();
  for (int i = 0; i < 50; ++i)
    t.add(Time{}, {Telemetry::Kind::function, "function", std::string(100'000, 'x')});
  CHECK(s.dropped > 0);
  const auto dropped = s.dropped;
  const auto batch = Telemetry::take(s, Time{});
  const auto last = Json::parse(batch.back());
  CHECK(last["type"] == "platform.logsDropped");
  CHECK(last["record"]["droppedRecords"] == dropped);
}
}  // namespace emu::runtime
