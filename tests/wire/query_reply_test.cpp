#include "emulator/wire/query_reply.hpp"

#include <doctest/doctest.h>

namespace emu::wire {
namespace {
constexpr QueryName kNames[] = {
    {"Message", "Messages", {}, {}, "Receive", true, "messages"},
    {"Attribute", "Attributes", "Name", "Value"},
    {"SendResultEntry", "Done", {}, {}, "Send"},
    {"DeleteResultEntry", "Done", {}, {}, "Delete"},
};

// What is within the result element.
std::string body(std::string_view operation, const Json& output) {
  const auto text = write_query({{kNames, operation}, "ns", "id"}, output).body;
  const auto open = "<" + std::string(operation) + "Result>",
             close = "</" + std::string(operation) + "Result>";
  const auto from = text.find(open);
  return from == text.npos ? "" : text.substr(from + open.size(), text.find(close) - from - open.size());
}
}  // namespace

TEST_CASE("a reply wraps its members in Response and Result and ends with the request id") {
  const Json output = {
      {"Account", "000000000000"}, {"Names", {"a", "b"}}, {"Deep", {{"Flag", true}, {"N", 3}}}};
  const auto response = write_query({{{}, "Do"}, "https://example/doc/", "id-1"}, output);
  CHECK(response.status == 200);
  CHECK(response.headers.get("content-type") == "text/xml");
  CHECK(response.body ==
        "<?xml version=\"1.0\"?><DoResponse xmlns=\"https://example/doc/\"><DoResult>"
        "<Account>000000000000</Account><Deep><Flag>true</Flag><N>3</N></Deep>"
        "<Names><member>a</member><member>b</member></Names></DoResult>"
        "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DoResponse>");
}

TEST_CASE("an operation for which AWS models no output has no result element") {
  CHECK(write_query({{{}, "Do"}, "ns", "id", false}, Json::object()).body ==
        "<?xml version=\"1.0\"?><DoResponse xmlns=\"ns\"><ResponseMetadata><RequestId>id</RequestId>"
        "</ResponseMetadata></DoResponse>");
}

TEST_CASE("lists and maps of the service's table are flattened under the names of their elements") {
  CHECK(body("Receive", {{"Messages", {{{"Body", "b"}, {"Attributes", {{"k", "v"}}}}, {{"Body", "c"}}}}}) ==
        "<Message><Attribute><Name>k</Name><Value>v</Value></Attribute><Body>b</Body></Message>"
        "<Message><Body>c</Body></Message>");
  CHECK(body("Receive", Json::object()).empty());
}

TEST_CASE("what an operation says otherwise than the others is said by its own row") {
  CHECK(body("Send", {{"Done", {"x"}}}) == "<SendResultEntry>x</SendResultEntry>");
  CHECK(body("Delete", {{"Done", {"x"}}}) == "<DeleteResultEntry>x</DeleteResultEntry>");
}

TEST_CASE("text that XML gives a meaning is escaped, and control characters are references") {
  CHECK(body("Do", {{"V", "<a> & \"b\""}}) == "<V>&lt;a&gt; &amp; \"b\"</V>");
  CHECK(body("Do", {{"V", "a\r\n\tb\x1e"}}) == "<V>a&#xd;\n\tb&#x1e;</V>");
  CHECK(body("Do", {{"V", "h\xC3\xBC\xFF"}}) == "<V>h\xC3\xBC\xEF\xBF\xBD</V>");
  CHECK(body("Do", {{"V", std::string("a\0b", 3)}}) ==
        "<V>a\xEF\xBF\xBD"
        "b</V>");
}

TEST_CASE("a reply asked for as JSON has the same shape, maps as lists, and null for what is not there") {
  const QueryReply reply{{kNames, "Receive"}, "ns", "id"};
  const Json output = {{"Messages", {{{"Body", "b"}, {"Attributes", {{"k", "v"}}}}}}};
  const auto response = write_query_json(reply, output);
  CHECK(response.headers.get("content-type") == "application/json");
  CHECK(Json::parse(response.body) == Json::parse(R"({"ReceiveResponse":{"ReceiveResult":{"messages":[
      {"Body":"b","Attributes":[{"Name":"k","Value":"v"}]}]},"ResponseMetadata":{"RequestId":"id"}}})"));
  CHECK(Json::parse(write_query_json(reply, Json::object()).body) ==
        Json::parse(R"({"ReceiveResponse":{"ReceiveResult":{"messages":null},
                        "ResponseMetadata":{"RequestId":"id"}}})"));
}

TEST_CASE("an error names who is at fault, and a validation error as Query services spell it") {
  const auto sender = query_error(AwsError::validation("bad"), "ns", "id-2");
  CHECK(sender.status == 400);
  CHECK(sender.body ==
        "<?xml version=\"1.0\"?><ErrorResponse "
        "xmlns=\"ns\"><Error><Type>Sender</Type><Code>ValidationError</Code>"
        "<Message>bad</Message><Detail/></Error><RequestId>id-2</RequestId></ErrorResponse>");
  const auto receiver = query_error(AwsError::internal("oh"), "ns", "id-3");
  CHECK(receiver.status == 500);
  CHECK(receiver.body.find("<Type>Receiver</Type>") != std::string::npos);
}
}  // namespace emu::wire
