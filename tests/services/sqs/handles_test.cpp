#include "emulator/services/sqs/receipt_handle.hpp"
#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
std::string delete_refused(SqsWorld& w, std::string_view name, const std::string& handle) {
  return w.refusal("DeleteMessage", {{"QueueUrl", w.url(name)}, {"ReceiptHandle", handle}});
}
std::string change_refused(SqsWorld& w, std::string_view name, const std::string& handle, int seconds) {
  return w.refusal("ChangeMessageVisibility",
                   {{"QueueUrl", w.url(name)}, {"ReceiptHandle", handle}, {"VisibilityTimeout", seconds}});
}
}  // namespace

TEST_CASE("a handle says all by itself, and nothing else is one") {
  const sqs::ReceiptHandle handle{1, 0x123456789abcdef0, ~0ull};
  CHECK(sqs::ReceiptHandle::parse(handle.text()) == handle);
  auto text = handle.text();
  text[20] = text[20] == 'A' ? 'B' : 'A';
  CHECK_FALSE(sqs::ReceiptHandle::parse(text));
  for (const auto* junk : {"", "junk", "AAAA", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    CHECK_FALSE(sqs::ReceiptHandle::parse(junk));
  CHECK_FALSE(sqs::ReceiptHandle::parse(handle.text() + "AAAA"));
}

TEST_CASE("handles that are none, or another queue's, are refused in AWS's words") {
  SqsWorld w;
  w.queue("q");
  w.queue("other");
  w.send("q", "a");
  const auto handle = w.handle(w.receive("q"));
  CHECK(delete_refused(w, "q", "junk") ==
        "ReceiptHandleIsInvalid: The input receipt handle \"junk\" is not a valid receipt handle.");
  CHECK(delete_refused(w, "other", handle) ==
        "ReceiptHandleIsInvalid: The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
  CHECK(change_refused(w, "other", handle, 0).starts_with("ReceiptHandleIsInvalid: "));
  CHECK(w.refusal("DeleteMessage", {{"QueueUrl", w.url("q")}}) ==
        "MissingParameter: The request must contain the parameter ReceiptHandle.");
  CHECK(w.refusal("ChangeMessageVisibility", {{"QueueUrl", w.url("q")}, {"ReceiptHandle", handle}}) ==
        "MissingParameter: The request must contain the parameter VisibilityTimeout.");
  CHECK(w.counts("q") == "0/1/0");
}

TEST_CASE("a deleted message is deleted again in silence; an older handle of a standard queue deletes, too") {
  SqsWorld w;
  w.queue();
  w.send("q", "a");
  const auto first = w.handle(w.receive("q"));
  w.advance(30s);
  w.receive("q");
  w.remove("q", first);
  CHECK(w.counts("q") == "0/0/0");
  w.restart();
  w.remove("q", first);
  w.send("q", "b");
  const auto expired = w.handle(w.receive("q"));
  w.advance(30s);
  CHECK(w.counts("q") == "1/0/0");
  w.remove("q", expired);
  CHECK(w.counts("q") == "0/0/0");
}

TEST_CASE("a FIFO queue wants the handle of the receive that still holds the message") {
  SqsWorld w;
  w.queue("q.fifo");
  w.send_to("g", "a");
  const auto first = w.handle(w.receive("q.fifo"));
  w.change("q.fifo", first, 60);
  w.advance(60s - 1us);
  CHECK(change_refused(w, "q.fifo", "junk", 1).starts_with("ReceiptHandleIsInvalid"));
  w.advance(1us);
  const auto expired = "InvalidParameterValue: Value " + first +
                       " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.";
  CHECK(delete_refused(w, "q.fifo", first) == expired);
  const auto second = w.handle(w.receive("q.fifo"));
  CHECK(delete_refused(w, "q.fifo", first) == expired);
  w.remove("q.fifo", second);
  w.remove("q.fifo", first);
}

TEST_CASE(
    "a visibility counts from now, may hide an expired message again, and ends twelve hours after the "
    "receive") {
  SqsWorld w;
  w.queue();
  w.send("q", "a");
  const auto handle = w.handle(w.receive("q"));
  w.advance(20s);
  w.change("q", handle, 30);
  w.advance(30s - 1us);
  CHECK(w.counts("q") == "0/1/0");
  w.advance(1us);
  CHECK(w.counts("q") == "1/0/0");
  w.change("q", handle, 10);
  CHECK(w.counts("q") == "0/1/0");
  w.restart();
  CHECK(w.counts("q") == "0/1/0");
  for (const int bad : {-1, 43201})
    CHECK(change_refused(w, "q", handle, bad) == "InvalidParameterValue: Value " + std::to_string(bad) +
                                                     " for parameter VisibilityTimeout is invalid. Reason: "
                                                     "VisibilityTimeout must be an integer between 0 and "
                                                     "43200.");
  const auto beyond = [](int seconds) {
    return "InvalidParameterValue: Value " + std::to_string(seconds) +
           " for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is "
           "beyond the "
           "limit [43200 seconds]";
  };
  CHECK(change_refused(w, "q", handle, 43200) == beyond(43200));
  CHECK(change_refused(w, "q", handle, 43151) == beyond(43151));  // received 50 s ago
  w.change("q", handle, 43150);
}

TEST_CASE("a message that is gone has no visibility to change") {
  SqsWorld w;
  w.queue();
  w.send("q", "a");
  const auto handle = w.handle(w.receive("q"));
  w.remove("q", handle);
  CHECK(change_refused(w, "q", handle, 0) == "InvalidParameterValue: Value " + handle +
                                                 " for parameter ReceiptHandle is invalid. Reason: Message "
                                                 "does not exist or is not available for visibility "
                                                 "timeout change.");
}

TEST_CASE("a purge takes visible, delayed and messages in flight, and their handles delete in silence") {
  SqsWorld w;
  w.queue();
  w.send("q", "in flight");
  const auto handle = w.handle(w.receive("q"));
  w.send("q", "visible");
  w.send("q", "delayed", {{"DelaySeconds", 9}});
  w.call("PurgeQueue", {{"QueueUrl", w.url("q")}});
  CHECK(w.counts("q") == "0/0/0");
  w.remove("q", handle);
  w.send("q", "after");
  w.restart();
  CHECK(w.bodies("q") == "after");
  CHECK(w.verified().sound());
}

TEST_CASE("a second purge within sixty seconds is refused where that rule is on") {
  SqsWorld w({.sixty_seconds = true});
  w.queue();
  w.call("PurgeQueue", {{"QueueUrl", w.url("q")}});
  w.advance(60s - 1us);
  w.restart();
  const auto error = w.fail("PurgeQueue", {{"QueueUrl", w.url("q")}});
  CHECK(error.code == "PurgeQueueInProgress");
  CHECK(error.http_status == 403);
  CHECK(error.message == "Only one PurgeQueue operation on q is allowed every 60 seconds.");
  w.advance(1us);
  w.call("PurgeQueue", {{"QueueUrl", w.url("q")}});
}

TEST_CASE("a deleted queue takes its messages with it: one of the same name is empty") {
  SqsWorld w;
  w.queue();
  w.send("q", "a");
  const auto handle = w.handle(w.receive("q"));
  w.send("q", "b");
  w.call("DeleteQueue", {{"QueueUrl", w.url("q")}});
  w.queue();
  CHECK(w.counts("q") == "0/0/0");
  CHECK(delete_refused(w, "q", handle).starts_with("ReceiptHandleIsInvalid"));
  w.restart();
  CHECK(w.counts("q") == "0/0/0");
  CHECK(w.verified().sound());
}
