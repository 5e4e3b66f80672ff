#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/outgoing.hpp"
#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json text(std::string_view value, std::string_view type = "String") {
  return {{"DataType", type}, {"StringValue", value}};
}
Json bytes(std::string_view value, std::string_view type = "Binary") {
  return {{"DataType", type}, {"BinaryValue", base64_encode(value)}};
}
std::string refused(SqsWorld& w, Json more, std::string_view queue = "q") {
  Json in{{"QueueUrl", w.url(queue)}, {"MessageBody", "x"}};
  in.update(more);
  return w.refusal("SendMessage", in);
}
std::string attribute_refused(SqsWorld& w, std::string_view name, Json value) {
  return refused(w, {{"MessageAttributes", {{name, std::move(value)}}}});
}
}  // namespace

TEST_CASE("a body's MD5 is told when it is sent and when it is received") {
  SqsWorld w;
  w.queue();
  CHECK(w.send("q", "test").at("MD5OfMessageBody") == "098f6bcd4621d373cade4e832627b4f6");
  const auto sent = w.send("q", "hello");
  CHECK(sent.at("MD5OfMessageBody") == "5d41402abc4b2a76b9719d911017c592");
  CHECK_FALSE(sent.contains("MD5OfMessageAttributes"));
  CHECK_FALSE(sent.contains("MD5OfMessageSystemAttributes"));
  CHECK_FALSE(sent.contains("SequenceNumber"));
  const auto got = w.receive("q");
  CHECK(got.at(1).at("MD5OfBody") == "5d41402abc4b2a76b9719d911017c592");
  CHECK(got.at(1).at("MessageId") == sent.at("MessageId"));
}

TEST_CASE("attributes have the MD5 that SDKs compute, on the way in and on the way out") {
  const auto [attributes, digest] = [] {
    struct Vector {
      Json attributes;
      std::string digest;
    };
    static const Vector vectors[] = {
        {{{"Hello", text("World")}}, "7db7fb1ba7f41366a8ea5eb18220b26d"},
        {{{"timestamp", text("1493147359900", "Number")}}, "235c5c510d26fb653d073faed50ae77c"},
        {{{"UserId", text("1234567890123456789012", "Number.bigint")}}, "797ab158d73dcb5242dedc4412c8e855"},
        {{{"attr1", bytes("traceparent\x1e"
                          "00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01")}},
         "8cbe4db156db8a94db8b801b7addb984"},
        {{{"a", text("x")}, {"B", text("y")}}, "d3cb5ff048d92c5cfd4f0dc12ddf22e7"},
        {{{"a", text("x")}, {"b", bytes("\1\2\3")}, {"c.d", text("5", "Number.int")}},
         "417ff0254ffc948fd5acd52332449727"}};
    std::pair<std::vector<Json>, std::vector<std::string>> out;
    for (const auto& v : vectors) {
      out.first.push_back(v.attributes);
      out.second.push_back(v.digest);
    }
    return out;
  }();
  SqsWorld w;
  w.queue();
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    CHECK(w.send("q", "x", {{"MessageAttributes", attributes[i]}}).at("MD5OfMessageAttributes") == digest[i]);
    const auto got = w.receive("q");
    CHECK(got.at(0).at("MD5OfMessageAttributes") == digest[i]);
    CHECK(got.at(0).at("MessageAttributes") == attributes[i]);
  }
}

TEST_CASE(
    "AWSTraceHeader comes from the request's member, else from its X-Amzn-Trace-Id, and is kept verbatim") {
  SqsWorld w;
  w.queue();
  constexpr auto kTrace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  w.context.trace_id = "of the request";
  const auto sent = w.send("q", "a", {{"MessageSystemAttributes", {{"AWSTraceHeader", text(kTrace)}}}});
  CHECK(sent.at("MD5OfMessageSystemAttributes") == "5ae4d5d7636402d80f4eb6d213245a88");
  CHECK_FALSE(w.send("q", "b").contains("MD5OfMessageSystemAttributes"));
  w.context.trace_id.clear();
  w.send("q", "c");
  const auto got = w.receive("q");
  CHECK(got.at(0).at("Attributes").at("AWSTraceHeader") == kTrace);
  CHECK(got.at(1).at("Attributes").at("AWSTraceHeader") == "of the request");
  CHECK_FALSE(got.at(2).at("Attributes").contains("AWSTraceHeader"));
}

TEST_CASE(
    "a body is asked for, of characters that XML has, and shorter than the queue's limit with its "
    "attributes") {
  SqsWorld w;
  w.queue("q", {{"MaximumMessageSize", "1024"}});
  CHECK(w.refusal("SendMessage", {{"QueueUrl", w.url("q")}}) ==
        "MissingParameter: The request must contain the parameter MessageBody.");
  CHECK(w.refusal("SendMessage", {{"QueueUrl", w.url("q")}, {"MessageBody", ""}}) ==
        "MissingParameter: The request must contain the parameter MessageBody.");
  CHECK(w.refusal("SendMessage", {{"QueueUrl", w.url("none")}}) ==
        "QueueDoesNotExist: The specified queue does not exist.");
  constexpr auto kCharacters =
      "InvalidMessageContents: Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 "
      "to "
      "#xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
  for (const auto* bad : {"a\x1e", "\xef\xbf\xbe", "\xef\xbf\xbf", "\x08z"})
    CHECK(refused(w, {{"MessageBody", bad}}) == kCharacters);
  for (const auto* bad : {"\xc0\x80", "\xed\xa0\x80", "\xff", "a\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
    CHECK_FALSE(sqs::proper_body(bad));
  for (const auto* good :
       {"\t\n\r ~\x7f", "\xc3\xa4", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbd", "\xf0\x9f\x98\x80"})
    w.send("q", good);
  constexpr auto kTooLong =
      "InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1024 "
      "bytes.";
  w.send("q", std::string(1024, 'x'));
  CHECK(refused(w, {{"MessageBody", std::string(1025, 'x')}}) == kTooLong);
  const Json attribute{{"MessageAttributes", {{"n", text("v")}}}};  // 1 + 6 + 1 bytes
  w.send("q", std::string(1016, 'x'), attribute);
  CHECK(refused(w, {{"MessageBody", std::string(1017, 'x')}, {"MessageAttributes", {{"n", text("v")}}}}) ==
        kTooLong);
}

TEST_CASE("the rules of message attributes are told in AWS's words") {
  SqsWorld w;
  w.queue();
  Json eleven = Json::object();
  for (int i = 0; i < 11; ++i) eleven["a" + std::to_string(i)] = text("v");
  CHECK(refused(w, {{"MessageAttributes", eleven}}) ==
        "InvalidParameterValue: Number of message attributes [11] exceeds the allowed maximum [10].");
  const auto is = [&](std::string_view name, Json value, const std::string& message) {
    CHECK(attribute_refused(w, name, std::move(value)) == message);
  };
  is("", text("v"),
     "InvalidParameterValue: The request must contain non-empty message (user) attribute names.");
  is(std::string(257, 'n'), text("v"),
     "InvalidParameterValue: Message (user) attribute name must be shorter than 256 bytes.");
  is("n", text("v", "String." + std::string(256, 't')),
     "InvalidParameterValue: Message (user) attribute type must be shorter than 256 bytes.");
  for (const auto* reserved : {"AWS.x", "aws.x", "Amazon.x", "AMAZON.x"})
    is(reserved, text("v"),
       "InvalidParameterValue: You can't use message attribute names beginning with 'AWS.' or 'Amazon'. "
       "These strings "
       "are reserved for internal use.");
  is("n", text("v", "Text"),
     "InvalidParameterValue: The type of message (user) attribute 'n' is invalid. You must use only the "
     "following "
     "supported type prefixes: Binary, Number, String.");
  is("n", {{"StringValue", "v"}},
     "InvalidParameterValue: The message (user) attribute 'n' must contain a non-empty message attribute "
     "type.");
  is("n", {{"DataType", "String"}},
     "InvalidParameterValue: The message (user) attribute 'n' must contain a non-empty message attribute "
     "value.");
  is("n", {{"DataType", "Binary"}, {"StringValue", "v"}},
     "InvalidParameterValue: The message (user) attribute 'n' must contain a non-empty message attribute "
     "value.");
  is("n", text(""),
     "InvalidParameterValue: Message (user) attribute 'n' must contain a non-empty value of type 'String'.");
  for (const auto* number : {"x", "1.2.3", "123456789012345678901234567890123456789"})
    is("n", text(number, "Number"),
       "InvalidParameterValue: Can't cast the value of message (user) attribute 'n' to a number.");
  is("n", {{"DataType", "String"}, {"StringListValues", {"v"}}},
     "UnsupportedOperation: Message attribute list values in SendMessage operation are not supported.");
  CHECK(refused(w, {{"MessageSystemAttributes", {{"Other", text("v")}}}}) ==
        "InvalidParameterValue: Message system attribute name 'Other' is invalid.");
  for (const auto* name : {"a..b", ".a", "a.", "a b"})
    CHECK(attribute_refused(w, name, text("v")).starts_with("InvalidParameterValue: "));
  w.send("q", "x", {{"MessageAttributes", {{"\xc3\xb6", text("1e3", "Number")}}}});
}

TEST_CASE("a delay hides a message at first; a message's own goes before the queue's") {
  SqsWorld w;
  w.queue("q", {{"DelaySeconds", "10"}});
  w.send("q", "later");
  w.send("q", "now", {{"DelaySeconds", 0}});
  w.send("q", "last", {{"DelaySeconds", 900}});
  CHECK(w.counts("q") == "1/0/2");
  CHECK(w.bodies("q") == "now");
  w.advance(10s - 1us);
  CHECK(w.bodies("q") == "");
  w.restart();
  w.advance(1us);
  CHECK(w.bodies("q") == "later");
  for (const int bad : {-1, 901})
    CHECK(refused(w, {{"DelaySeconds", bad}}) ==
          "InvalidParameterValue: Value " + std::to_string(bad) +
              " for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.");
}

TEST_CASE("FIFO parameters: a group, a deduplication id or a digest for it, and no delay of one's own") {
  SqsWorld w;
  w.queue("q.fifo");
  w.queue();
  const auto is = [&](Json more, const std::string& message) {
    CHECK(refused(w, std::move(more), "q.fifo") == message);
  };
  is(Json::object(), "MissingParameter: The request must contain the parameter MessageGroupId.");
  is({{"MessageGroupId", "g"}},
     "InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or "
     "MessageDeduplicationId provided explicitly");
  for (const auto* bad : {"", "a b", "\xc3\xa4"}) {
    is({{"MessageGroupId", bad}}, "InvalidParameterValue: Value " + std::string(bad) +
                                      " for parameter MessageGroupId is invalid. Reason: MessageGroupId can "
                                      "only include alphanumeric and "
                                      "punctuation characters. 1 to 128 in length.");
    is({{"MessageGroupId", "g"}, {"MessageDeduplicationId", bad}},
       "InvalidParameterValue: Value " + std::string(bad) +
           " for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only "
           "include "
           "alphanumeric and punctuation characters. 1 to 128 in length.");
  }
  is({{"MessageGroupId", "g"}, {"MessageDeduplicationId", "d"}, {"DelaySeconds", 1}},
     "InvalidParameterValue: Value 1 for parameter DelaySeconds is invalid. Reason: The request include "
     "parameter that "
     "is not valid for this queue type.");
  w.send("q.fifo", "x", {{"MessageGroupId", "g"}, {"MessageDeduplicationId", "d"}, {"DelaySeconds", 0}});
  CHECK(refused(w, {{"MessageDeduplicationId", "d"}}) ==
        "InvalidParameterValue: Value d for parameter MessageDeduplicationId is invalid. Reason: The request "
        "includes "
        "a parameter that is not valid for this queue type.");
}
