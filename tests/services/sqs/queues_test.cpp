#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("a queue is there until it is deleted, also after a restart") {
  SqsWorld w;
  const auto url = w.queue("orders");
  CHECK(url == "http://localhost:4566/000000000000/orders");
  CHECK(w.call("GetQueueUrl", {{"QueueName", "orders"}}).at("QueueUrl") == url);
  sqs::Sqs again(w.disk, w.clock, w.loops, w.ids);
  again.load();
  CHECK(w.World::call(again, "GetQueueUrl", {{"QueueName", "orders"}}).at("QueueUrl") == url);
  w.call("DeleteQueue", {{"QueueUrl", url}});
  CHECK(w.fail("DeleteQueue", {{"QueueUrl", url}}).code == "QueueDoesNotExist");
}
