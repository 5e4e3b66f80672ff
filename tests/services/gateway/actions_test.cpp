#include "emulator/services/gateway/actions/subtypes.hpp"

#include "tests/services/gateway/fake_functions.hpp"

namespace emu {
using namespace test;
using namespace gateway;

namespace {
Integration action_of(std::string subtype, StringMap parameters) {
  Integration out{.integrationSubtype = std::move(subtype),
                  .integrationType = "AWS_PROXY",
                  .payloadFormatVersion = "1.0"};
  out.requestParameters = std::move(parameters);
  return out;
}
}  // namespace

TEST_CASE("the URI of an AWS integration names a service and a path or an action") {
  const auto path = service_target("arn:aws:apigateway:eu-west-1:sqs:path/000000000000/jobs?a=b");
  REQUIRE(path);
  CHECK(path->region == "eu-west-1");
  CHECK(path->service == "sqs");
  CHECK(path->path == "/000000000000/jobs?a=b");
  const auto action = service_target("arn:aws:apigateway:us-east-1:dynamodb:action/PutItem");
  REQUIRE(action);
  CHECK(action->path == "/");
  CHECK(action->action == "PutItem");
  CHECK_FALSE(service_target("arn:aws:lambda:us-east-1:000000000000:function:f"));
  CHECK_FALSE(service_target("arn:aws:apigateway:us-east-1:sqs:other/x"));
  CHECK_FALSE(service_target("https://example.com/"));
}

TEST_CASE("a request to a service is signed for it and names the action as its protocol does") {
  http::Request items{"POST", "", {}, "{}"};
  address_to(*service_target("arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem"), "000000000000", items);
  CHECK(items.target == "/");
  CHECK(items.headers.get("X-Amz-Target") == "DynamoDB_20120810.PutItem");
  CHECK(items.headers.get("Content-Type") == "application/x-amz-json-1.0");
  CHECK(items.headers.get("Authorization").find("000000000000/19700101/eu-west-1/dynamodb/aws4_request") !=
        std::string_view::npos);
  http::Request queue{"GET", "", {}, "QueueUrl=other"};
  address_to(*service_target("arn:aws:apigateway:eu-west-1:sqs:action/ReceiveMessage?QueueUrl=q"),
             "000000000000", queue);
  CHECK(queue.target == "/?QueueUrl=q&Action=ReceiveMessage");
  CHECK(queue.headers.get("Accept") == "application/json");
}

TEST_CASE("a form that its content type does not call one has no action") {
  const auto target = *service_target("arn:aws:apigateway:eu-west-1:sqs:path/000000000000/jobs");
  http::Request form{"POST", "/000000000000/jobs", {}, "Action=SendMessage"};
  const auto refused = without_action(target, form);
  REQUIRE(refused);
  CHECK(refused->status == 403);
  CHECK(refused->body.find("Unable to determine service/operation name to be authorized") !=
        std::string::npos);
  form.headers.set("Content-Type", "application/x-www-form-urlencoded");
  CHECK_FALSE(without_action(target, form));
  CHECK_FALSE(without_action(
      *service_target("arn:aws:apigateway:us-east-1:sqs:path/000000000000/jobs?Action=GetQueueUrl"), {}));
  CHECK_FALSE(without_action(*service_target("arn:aws:apigateway:eu-west-1:sqs:action/ReceiveMessage"), {}));
  CHECK_FALSE(without_action(*service_target("arn:aws:apigateway:eu-west-1:dynamodb:action/GetItem"), {}));
}

TEST_CASE("subtypes and their parameters are checked when they are made") {
  CHECK(refuse_subtype(action_of("SQS-SendMessage", {{"QueueUrl", "q"}, {"MessageBody", "$request.body.a"}}))
            .empty());
  CHECK(refuse_subtype(action_of("SQS-SendMessage", {{"QueueUrl", "q"}})) ==
        "The integration subtype SQS-SendMessage requires the request parameter MessageBody");
  CHECK(refuse_subtype(action_of("SQS-PurgeQueue", {{"QueueUrl", "q"}, {"Colour", "red"}})) ==
        "Invalid mapping expression specified: Colour is no request parameter of SQS-PurgeQueue");
  CHECK(refuse_subtype(action_of("SQS-PurgeQueue", {{"QueueUrl", "$request.colour"}})) ==
        "Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid source: "
        "$request.colour specified for destination: QueueUrl]");
  CHECK(refuse_subtype(action_of("EventBridge-PutEvents", {})).starts_with("emu has no service"));
  CHECK(refuse_subtype(action_of("SQS-Sing", {})) == "Invalid integration subtype specified: SQS-Sing");
  auto newer = action_of("SQS-PurgeQueue", {{"QueueUrl", "q"}});
  newer.payloadFormatVersion = "2.0";
  CHECK(refuse_subtype(newer) ==
        "PayloadFormatVersion must be 1.0 for the integration subtype SQS-PurgeQueue");
}

TEST_CASE("an integration with a service that emu has not is refused by name, also of a REST API") {
  GatewayWorld world;
  const auto refused = world.fail(world.gateway, "CreateIntegration",
                                  {{"apiId", world.api_id},
                                   {"integrationType", "AWS_PROXY"},
                                   {"integrationSubtype", "Kinesis-PutRecord"},
                                   {"payloadFormatVersion", "1.0"},
                                   {"requestParameters", {{"StreamName", "s"}}}});
  CHECK(refused.code == "BadRequestException");
  CHECK(refused.message.starts_with("emu has no service for the integration subtype Kinesis-PutRecord yet"));
  const auto said_of = [](const std::string& uri) {
    return unserved(*service_target("arn:aws:apigateway:us-east-1:" + uri));
  };
  CHECK(said_of("events:action/PutEvents") ==
        "emu has no service events to integrate with yet; it has dynamodb, streams.dynamodb, logs, sqs, "
        "lambda, "
        "iam, sts");
  CHECK(said_of("sqs:path/000000000000/jobs").empty());
  CHECK(said_of("${stageVariables.service}:action/X").empty());
  CHECK(said_of("lambda:action/Invoke").starts_with("Lambda is integrated with by path/"));
}

TEST_CASE("a form says nothing that the integration says itself, and each name once") {
  http::Request sent{"POST", "", {}, "Action=DeleteQueue&Action=PurgeQueue&MessageBody=a+b&MessageBody=c"};
  address_to(*service_target("arn:aws:apigateway:us-east-1:sqs:action/SendMessage?QueueUrl=q"),
             "000000000000", sent);
  CHECK(sent.target == "/");
  CHECK(sent.body == "QueueUrl=q&Action=SendMessage&MessageBody=a%20b");
  CHECK(sent.headers.get("Content-Type") == "application/x-www-form-urlencoded");
  http::Request to_queue{"POST", "", {}, "Action=SendMessage&MessageBody=x&Action=PurgeQueue&QueueUrl=other"};
  address_to(*service_target("arn:aws:apigateway:us-east-1:sqs:path/000000000000/jobs"), "000000000000",
             to_queue);
  CHECK(to_queue.target == "/000000000000/jobs");
  CHECK(to_queue.body == "Action=SendMessage&MessageBody=x");
}
}  // namespace emu
