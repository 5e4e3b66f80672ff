#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json one(int most = 1) { return {{"MaxNumberOfMessages", most}}; }
}  // namespace

TEST_CASE("sequence numbers have twenty digits and ascend, also over a restart") {
  SqsWorld w;
  w.queue("q.fifo");
  std::string last;
  for (int i = 0; i < 5; ++i) {
    const std::string number = w.send_to("g", "m").at("SequenceNumber");
    CHECK(number.size() == 20);
    CHECK(number > last);
    last = number;
    if (i == 2) w.restart();
  }
  CHECK(w.receive("q.fifo").at(4).at("Attributes").at("SequenceNumber") == last);
}

TEST_CASE("within a group messages come in order, groups take turns, and a batch takes of one group first") {
  SqsWorld w;
  w.queue("q.fifo");
  w.send_to("a", "a1");
  w.send_to("b", "b1");
  w.send_to("a", "a2");
  w.send_to("b", "b2");
  CHECK(w.bodies("q.fifo", one(3)) == "a1 a2 b1");
  CHECK(w.counts("q.fifo") == "1/3/0");
  CHECK(w.bodies("q.fifo") == "");
}

TEST_CASE(
    "a group in flight is blocked for what is there and what is sent, until it is deleted or visible again") {
  SqsWorld w;
  w.queue("q.fifo");
  for (const auto* body : {"1", "2", "3"}) w.send_to("g", body);
  const auto first = w.receive("q.fifo", one(2));
  w.send_to("g", "4");
  CHECK(w.bodies("q.fifo") == "");
  w.remove("q.fifo", w.handle(first, 0));
  CHECK(w.bodies("q.fifo") == "");
  w.remove("q.fifo", w.handle(first, 1));
  CHECK(w.bodies("q.fifo", one()) == "3");
  w.advance(30s);
  CHECK(w.bodies("q.fifo") == "3 4");
}

TEST_CASE(
    "a message is never given out before an undeleted one of its group, whatever visibility they have") {
  SqsWorld w;
  w.queue("q.fifo");
  for (const auto* body : {"1", "2", "3"}) w.send_to("g", body);
  auto got = w.receive("q.fifo", one(2));
  w.change("q.fifo", w.handle(got, 0), 0);
  got.at(0) = w.receive("q.fifo").at(0);
  CHECK(got.at(0).at("Body") == "1");
  w.change("q.fifo", w.handle(got, 1), 0);  // visible, but behind 1
  CHECK(w.bodies("q.fifo") == "");
  w.change("q.fifo", w.handle(got, 0), 0);
  got = w.receive("q.fifo");
  CHECK(w.bodies_of(got) == "1 2 3");
  w.change("q.fifo", w.handle(got, 1), 100);  // hides 2 and, behind it, 3
  w.advance(30s);
  CHECK(w.bodies("q.fifo") == "1");
  w.advance(70s - 1us);
  CHECK(w.bodies("q.fifo") == "1");
  w.advance(30s);
  CHECK(w.bodies("q.fifo") == "1 2 3");
}

TEST_CASE("the end of a timeout unblocks a group for who waits") {
  SqsWorld w;
  w.queue("q.fifo");
  w.send_to("g", "1");
  w.send_to("g", "2");
  const auto first = w.receive("q.fifo", one());
  const Time began = w.clock.now();
  const auto again = w.receive("q.fifo", {{"WaitTimeSeconds", 20}, {"MaxNumberOfMessages", 1}});
  CHECK(again.empty());
  CHECK(w.clock.now() >= began + 20s);
  CHECK(w.bodies("q.fifo", {{"WaitTimeSeconds", 20}}) == "1 2");
  CHECK(w.clock.now() < began + 31s);
}

TEST_CASE("a deduplication id counts for five minutes from its first message, deleted or not") {
  SqsWorld w;
  w.queue("q.fifo");
  const auto send = [&](std::string_view id, std::string_view body = "x", std::string_view group = "g") {
    return w.send("q.fifo", body, {{"MessageGroupId", group}, {"MessageDeduplicationId", id}});
  };
  const auto first = send("d", "hello");
  w.advance(2min);
  const auto twice = send("d", "test", "other");
  CHECK(twice.at("MessageId") == first.at("MessageId"));
  CHECK(twice.at("SequenceNumber") == first.at("SequenceNumber"));
  CHECK(twice.at("MD5OfMessageBody") == "098f6bcd4621d373cade4e832627b4f6");
  const auto got = w.receive("q.fifo");
  CHECK(w.bodies_of(got) == "hello");
  CHECK(got.at(0).at("Attributes").at("MessageDeduplicationId") == "d");
  w.remove("q.fifo", w.handle(got));
  w.restart();
  CHECK(send("d").at("MessageId") == first.at("MessageId"));
  w.advance(3min - 1us);
  CHECK(send("d").at("MessageId") == first.at("MessageId"));
  w.advance(1us);
  CHECK(send("d").at("MessageId") != first.at("MessageId"));
  CHECK(w.counts("q.fifo") == "1/0/0");
  CHECK(w.verified().sound());
}

TEST_CASE("content decides where no id is given: the body alone, and an id goes before it") {
  SqsWorld w;
  w.queue("q.fifo", {{"ContentBasedDeduplication", "true"}});
  const auto send = [&](Json more) {
    more["MessageGroupId"] = "g";
    return std::string(w.send("q.fifo", "hello", std::move(more)).at("MessageId"));
  };
  const auto first = send(Json::object());
  CHECK(send({{"MessageAttributes", {{"n", {{"DataType", "String"}, {"StringValue", "v"}}}}}}) == first);
  CHECK(send({{"MessageDeduplicationId", "other"}}) != first);
  CHECK(send({{"MessageDeduplicationId",
               "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}}) == first);
  CHECK(w.receive("q.fifo").at(0).at("Attributes").at("MessageDeduplicationId") ==
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
}

TEST_CASE("with scope messageGroup an id counts within its group") {
  SqsWorld w;
  w.queue("q.fifo", {{"DeduplicationScope", "messageGroup"}});
  const auto send = [&](std::string_view group, std::string_view id) {
    return std::string(
        w.send("q.fifo", "x", {{"MessageGroupId", group}, {"MessageDeduplicationId", id}}).at("MessageId"));
  };
  const auto first = send("a", "d");
  CHECK(send("b", "d") != first);
  CHECK(send("a", "d") == first);
  CHECK(w.counts("q.fifo") == "2/0/0");
}

TEST_CASE("a purge forgets deduplication ids") {
  SqsWorld w;
  w.queue("q.fifo");
  const Json again{{"MessageGroupId", "g"}, {"MessageDeduplicationId", "d"}};
  w.send("q.fifo", "x", again);
  w.call("PurgeQueue", {{"QueueUrl", w.url("q.fifo")}});
  w.send("q.fifo", "y", again);
  w.restart();
  CHECK(w.bodies("q.fifo") == "y");
}

TEST_CASE("a receive is had again by its attempt id: same messages, same handles, the timeout anew") {
  SqsWorld w;
  w.queue("q.fifo");
  w.send_to("g", "1");
  w.send_to("g", "2");
  const Json attempt{{"ReceiveRequestAttemptId", "try"}, {"VisibilityTimeout", 60}};
  const auto first = w.receive("q.fifo", attempt);
  w.advance(50s);
  w.restart();
  const auto again = w.receive("q.fifo", attempt);
  CHECK(again == first);
  w.advance(50s);
  CHECK(w.bodies("q.fifo") == "");
  CHECK(w.receive("q.fifo", {{"ReceiveRequestAttemptId", "other"}}).empty());
  SUBCASE("not once one of them is deleted") {
    w.remove("q.fifo", w.handle(first, 0));
    CHECK(w.receive("q.fifo", attempt).empty());
  }
  SUBCASE("not once one of them is changed") {
    w.change("q.fifo", w.handle(first, 1), 200);
    CHECK(w.receive("q.fifo", attempt).empty());
  }
  SUBCASE("not once they are visible again: that is a receive of its own") {
    w.advance(10s);
    const auto next = w.receive("q.fifo", attempt);
    CHECK(w.bodies_of(next) == "1 2");
    CHECK(w.handle(next) != w.handle(first));
    CHECK(next.at(0).at("Attributes").at("ApproximateReceiveCount") == "2");
  }
}

TEST_CASE("an attempt is forgotten after five minutes") {
  SqsWorld w;
  w.queue("q.fifo");
  w.send_to("g", "1");
  const Json attempt{{"ReceiveRequestAttemptId", "try"}, {"VisibilityTimeout", 3600}};
  w.receive("q.fifo", attempt);
  w.advance(5min - 1us);
  CHECK(w.bodies("q.fifo", attempt) == "1");
  w.advance(1us);
  CHECK(w.bodies("q.fifo", attempt) == "");
}

TEST_CASE("a new delay of a FIFO queue counts for the messages that are there, also after a restart") {
  SqsWorld w;
  w.queue("q.fifo");
  w.send_to("g", "1");
  CHECK(w.counts("q.fifo") == "1/0/0");
  auto queue = w.found("q.fifo");
  CHECK(w.sqs->change(*queue, [](sqs::QueueRecord& r) -> Result<Done> {
    r.Attributes["DelaySeconds"] = "10";
    return Done{};
  }));
  CHECK(w.counts("q.fifo") == "0/0/1");
  w.restart();
  CHECK(w.counts("q.fifo") == "0/0/1");
  w.advance(10s);
  CHECK(w.bodies("q.fifo") == "1");
}
