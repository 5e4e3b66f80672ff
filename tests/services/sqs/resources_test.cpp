#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Stack : SqsWorld {
  const ResourceType& type(std::string_view name) {
    for (const auto& row : sqs->resource_types())
      if (row.type == name) return row;
    FAIL("no type " << name);
    return sqs->resource_types()[0];
  }
  Resource make(std::string_view of, Json properties, std::string suggested = "stack-Orders-AAAABBBBCCCC") {
    auto made =
        run(type(of).create(*sqs, context, {"Orders", "stack", std::move(suggested), std::move(properties)}));
    if (!made) FAIL(made.error().message);
    return *made;
  }
  Resource update(std::string_view of, Resource old, Json properties) {
    auto done = run(type(of).update(*sqs, context, std::move(old),
                                    {"Orders", "stack", "stack-Orders-AAAABBBBCCCC", std::move(properties)}));
    if (!done) FAIL(done.error().message);
    return *done;
  }
  void remove(std::string_view of, Resource resource) {
    auto done = run(type(of).remove(*sqs, context, std::move(resource)));
    if (!done) FAIL(done.error().message);
  }
  Json attributes(const std::string& url) {
    return call("GetQueueAttributes", {{"QueueUrl", url}, {"AttributeNames", {"All"}}})["Attributes"];
  }
};
constexpr std::string_view kQueue = "AWS::SQS::Queue", kPolicy = "AWS::SQS::QueuePolicy";
const Json kDocument = Json::parse(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]})");
}  // namespace

TEST_CASE("the queue of a template is a queue; a reference to it is its URL") {
  Stack w;
  const auto dead = w.make(kQueue, {{"QueueName", "dead"}});
  const auto made = w.make(
      kQueue, {{"QueueName", "orders"},
               {"VisibilityTimeout", 60},
               {"DelaySeconds", "5"},
               {"RedrivePolicy", {{"deadLetterTargetArn", dead.attributes["Arn"]}, {"maxReceiveCount", 3}}},
               {"Tags", {{{"Key", "k"}, {"Value", "v"}}}}});
  const std::string url = "http://localhost:4566/000000000000/orders";
  CHECK(made.physical_id == url);
  CHECK(made.attributes == Json{{"Arn", "arn:aws:sqs:us-east-1:000000000000:orders"},
                                {"QueueName", "orders"},
                                {"QueueUrl", url}});
  const auto all = w.attributes(url);
  CHECK(all["VisibilityTimeout"] == "60");
  CHECK(all["DelaySeconds"] == "5");
  CHECK(Json::parse(all["RedrivePolicy"].get<std::string>())["maxReceiveCount"] == 3);
  CHECK(w.call("ListQueueTags", {{"QueueUrl", url}})["Tags"] == Json{{"k", "v"}});
  w.remove(kQueue, made);
  w.remove(kQueue, made);  // twice is as good as once
  CHECK(w.fail("GetQueueUrl", {{"QueueName", "orders"}}).code == "QueueDoesNotExist");
}

TEST_CASE(
    "a queue without a name gets one of the stack's, with .fifo where it is FIFO, and no longer than "
    "allowed") {
  Stack w;
  CHECK(w.make(kQueue, Json::object()).attributes["QueueName"] == "stack-Orders-AAAABBBBCCCC");
  CHECK(w.make(kQueue, {{"FifoQueue", true}}).attributes["QueueName"] == "stack-Orders-AAAABBBBCCCC.fifo");
  const auto name = w.make(kQueue, {{"FifoQueue", "true"}}, std::string(100, 's') + "-AAAABBBBCCCC")
                        .attributes["QueueName"]
                        .get<std::string>();
  CHECK(name == std::string(62, 's') + "-AAAABBBBCCCC.fifo");
  CHECK(name.size() == 80);
}

TEST_CASE("a template does not take over a queue that is there already") {
  Stack w;
  w.queue("orders");
  auto made = w.run(
      w.type(kQueue).create(*w.sqs, w.context, {"Orders", "s", "s-Orders-1", {{"QueueName", "orders"}}}));
  CHECK_FALSE(made);
}

TEST_CASE(
    "an update sets what the template says and takes back what it no longer says, but not the messages") {
  Stack w;
  const auto dead = w.make(kQueue, {{"QueueName", "dead"}});
  const auto made = w.make(
      kQueue, {{"QueueName", "q"},
               {"VisibilityTimeout", 60},
               {"KmsMasterKeyId", "alias/mine"},
               {"RedrivePolicy", {{"deadLetterTargetArn", dead.attributes["Arn"]}, {"maxReceiveCount", 3}}},
               {"Tags", {{{"Key", "k"}, {"Value", "v"}}}}});
  w.make(kPolicy, {{"Queues", {made.physical_id}}, {"PolicyDocument", kDocument}});
  w.update(kQueue, made, {{"QueueName", "q"}, {"DelaySeconds", 7}});
  const auto all = w.attributes(made.physical_id);
  CHECK(all["DelaySeconds"] == "7");
  CHECK(all["VisibilityTimeout"] == "30");
  CHECK(all["SqsManagedSseEnabled"] == "true");
  CHECK_FALSE(all.contains("KmsMasterKeyId"));
  CHECK_FALSE(all.contains("RedrivePolicy"));
  CHECK(all.contains("Policy"));
  CHECK_FALSE(w.call("ListQueueTags", {{"QueueUrl", made.physical_id}}).contains("Tags"));
}

TEST_CASE("a policy resource puts its document on each of its queues and takes it away again") {
  Stack w;
  const auto a = w.queue("a"), b = w.queue("b");
  auto made = w.make(kPolicy, {{"Queues", {a}}, {"PolicyDocument", kDocument}});
  CHECK(made.attributes["Id"] == made.physical_id);
  CHECK(Json::parse(w.attributes(a)["Policy"].get<std::string>()) == kDocument);
  made = w.update(kPolicy, made, {{"Queues", {b}}, {"PolicyDocument", kDocument}});
  CHECK_FALSE(w.attributes(a).contains("Policy"));
  CHECK(w.attributes(b).contains("Policy"));
  w.call("DeleteQueue", {{"QueueUrl", b}});
  w.remove(kPolicy, made);
}

TEST_CASE("an inline policy is of one queue") {
  Stack w;
  const auto url = w.queue("a");
  const auto made = w.make("AWS::SQS::QueueInlinePolicy", {{"Queue", url}, {"PolicyDocument", kDocument}});
  CHECK(w.attributes(url).contains("Policy"));
  w.remove("AWS::SQS::QueueInlinePolicy", made);
  CHECK_FALSE(w.attributes(url).contains("Policy"));
}

TEST_CASE("a policy for a queue that does not exist is on none") {
  Stack w;
  const auto url = w.queue("a");
  auto made = w.run(w.type(kPolicy).create(
      *w.sqs, w.context, {"P", "s", "s-P-1", {{"Queues", {url, "none"}}, {"PolicyDocument", kDocument}}}));
  CHECK_FALSE(made);
  CHECK_FALSE(w.attributes(url).contains("Policy"));
}
