#include "emulator/services/sqs/queue_address.hpp"
#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// "account region name"
std::string where(std::string_view url) {
  const auto address = sqs::queue_address(url, {"111111111111", "ap-south-1"});
  return address.scope.account + " " + address.scope.region + " " + std::string(address.name);
}
std::string issued(sqs::UrlStrategy strategy, std::string host, std::string region) {
  SqsWorld w;
  w.sqs->urls = strategy;
  w.context.host = std::move(host);
  w.context.scope.region = std::move(region);
  return w.queue("q");
}
}  // namespace

TEST_CASE("every form of a queue URL is read, whichever strategy writes") {
  CHECK(where("http://localhost:4566/222222222222/q") == "222222222222 ap-south-1 q");
  CHECK(where("http://localhost:4566/queue/eu-west-1/222222222222/q.fifo") ==
        "222222222222 eu-west-1 q.fifo");
  CHECK(where("http://sqs.eu-west-1.localhost:4566/222222222222/q") == "222222222222 eu-west-1 q");
  CHECK(where("https://sqs.us-gov-west-1.amazonaws.com/222222222222/q/") == "222222222222 us-gov-west-1 q");
  CHECK(where("http://eu-west-1.queue.localhost:4566/222222222222/q") == "222222222222 eu-west-1 q");
  CHECK(where("https://queue.amazonaws.com/222222222222/q") == "222222222222 us-east-1 q");
  CHECK(where("http://any.host.at.all/222222222222/q") == "222222222222 ap-south-1 q");
  CHECK(where("/222222222222/q") == "222222222222 ap-south-1 q");
  CHECK(where("q") == "111111111111 ap-south-1 q");
  CHECK(where("") == "111111111111 ap-south-1 ");
  CHECK(where("http://localhost:4566") == "111111111111 ap-south-1 ");
}

TEST_CASE("only paths of queues are taken from other services") {
  CHECK(sqs::is_queue_path("/000000000000/q"));
  CHECK(sqs::is_queue_path("/000000000000/q/"));
  CHECK(sqs::is_queue_path("/queue/eu-west-1/000000000000/q"));
  for (const auto* other : {"/", "", "/q", "/orders/7", "/00000000000/q", "/x/000000000000/q",
                            "/x/queue/eu-west-1/000000000000/q", "/2015-03-31/functions", "/000000000000/"})
    CHECK_FALSE(sqs::is_queue_path(other));
}

TEST_CASE("each strategy writes its own form, and the region is in all of them but the legacy one") {
  using enum sqs::UrlStrategy;
  const std::string host = "localhost:4566";
  CHECK(issued(standard, host, "eu-west-1") == "http://sqs.eu-west-1.localhost:4566/000000000000/q");
  CHECK(issued(domain, host, "eu-west-1") == "http://eu-west-1.queue.localhost:4566/000000000000/q");
  CHECK(issued(domain, host, "us-east-1") == "http://queue.localhost:4566/000000000000/q");
  CHECK(issued(path, host, "eu-west-1") == "http://localhost:4566/queue/eu-west-1/000000000000/q");
  CHECK(issued(legacy, host, "eu-west-1") == "http://localhost:4566/000000000000/q");
}

TEST_CASE("nothing stands before an address, so the region goes into the path") {
  using enum sqs::UrlStrategy;
  CHECK(issued(standard, "127.0.0.1:4566", "eu-west-1") ==
        "http://127.0.0.1:4566/queue/eu-west-1/000000000000/q");
  CHECK(issued(domain, "[::1]:4566", "us-east-1") == "http://[::1]:4566/queue/us-east-1/000000000000/q");
}

TEST_CASE(
    "by default a URL has the host that the client used, and the region where the host does not say it") {
  using enum sqs::UrlStrategy;
  CHECK(issued(dynamic, "emu:4566", "us-east-1") == "http://emu:4566/000000000000/q");
  CHECK(issued(dynamic, "emu:4566", "eu-west-1") == "http://emu:4566/queue/eu-west-1/000000000000/q");
  CHECK(issued(dynamic, "sqs.eu-west-1.localhost:4566", "eu-west-1") ==
        "http://sqs.eu-west-1.localhost:4566/000000000000/q");
  CHECK(issued(dynamic, "sqs.eu-west-1.localhost:4566", "us-east-1") ==
        "http://sqs.eu-west-1.localhost:4566/queue/us-east-1/000000000000/q");
}

TEST_CASE("a URL names its queue for whoever uses it, also unsigned or signed for another region") {
  SqsWorld w;
  w.context.scope.region = "eu-west-1";
  const auto url = w.queue("q");
  w.context.scope.region = "us-east-1";
  CHECK(w.call("GetQueueAttributes",
               {{"QueueUrl", url}, {"AttributeNames", {"QueueArn"}}})["Attributes"]["QueueArn"] ==
        "arn:aws:sqs:eu-west-1:000000000000:q");
}
