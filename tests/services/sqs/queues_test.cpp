#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("a queue is there until it is deleted, also after a restart") {
  SqsWorld w;
  const auto url = w.queue("orders");
  CHECK(url == "http://localhost:4566/000000000000/orders");
  CHECK(w.call("GetQueueUrl", {{"QueueName", "orders"}}).at("QueueUrl") == url);
  w.restart();
  CHECK(w.call("GetQueueUrl", {{"QueueName", "orders"}}).at("QueueUrl") == url);
  w.call("DeleteQueue", {{"QueueUrl", url}});
  CHECK(w.fail("DeleteQueue", {{"QueueUrl", url}}).code == "QueueDoesNotExist");
}

TEST_CASE("what is sent is received, in flight until it is deleted, and gone then") {
  SqsWorld w;
  w.queue("q");
  w.send("q", "hello");
  CHECK(w.counts("q") == "1/0/0");
  const auto got = w.receive("q");
  CHECK(w.bodies_of(got) == "hello");
  CHECK(w.counts("q") == "0/1/0");
  w.restart();
  CHECK(w.counts("q") == "0/1/0");
  w.remove("q", w.handle(got));
  CHECK(w.counts("q") == "0/0/0");
  CHECK(w.verified().sound());
}
