// Both protocols of SQS as clients send them, through dispatch (spec-sqs 1).
#include "emulator/api/dispatch.hpp"
#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Desk : SqsWorld {
  Service* services[1] = {sqs.get()};
  Dispatcher dispatcher{services, clock, ids, false};
  http::Response send(http::Request request) {
    request.headers.add("Host", "localhost:4566");
    return run(dispatcher.handle(std::move(request)), 1h);
  }
  http::Response json(std::string operation, std::string body, std::string path = "/") {
    http::Request request{"POST", std::move(path), {}, std::move(body), "", "HTTP/1.1"};
    request.headers.add("X-Amz-Target", "AmazonSQS." + operation);
    request.headers.add("Content-Type", "application/x-amz-json-1.0");
    return send(std::move(request));
  }
  http::Response form(std::string body, std::string path = "/") {
    http::Request request{"POST", std::move(path), {}, std::move(body), "", "HTTP/1.1"};
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    return send(std::move(request));
  }
  http::Response get(std::string target, std::string accept = "") {
    http::Request request{"GET", std::move(target), {}, "", "", "HTTP/1.1"};
    if (!accept.empty()) request.headers.add("Accept", std::move(accept));
    return send(std::move(request));
  }
};
bool has(const http::Response& reply, std::string_view text) {
  CAPTURE(reply.body);
  return reply.body.find(text) != std::string::npos;
}
std::string header(const http::Response& reply, std::string_view name) {
  return std::string(reply.headers.get(name));
}
}  // namespace

TEST_CASE("a queue made in one protocol is there in the other") {
  Desk w;
  const auto made = w.form(
      "Action=CreateQueue&Version=2012-11-05&QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5"
      "&Tag.1.Key=k&Tag.1.Value=v");
  CHECK(has(made,
            "<CreateQueueResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><CreateQueueResult>"
            "<QueueUrl>http://localhost:4566/000000000000/q</QueueUrl></CreateQueueResult><ResponseMetadata>"
            "<RequestId>"));
  const auto shown = w.json("GetQueueAttributes", R"({"QueueUrl":"q","AttributeNames":["DelaySeconds"]})");
  CHECK(shown.body == R"({"Attributes":{"DelaySeconds":"5"}})");
  CHECK(w.json("ListQueueTags", R"({"QueueUrl":"q"})").body == R"({"Tags":{"k":"v"}})");
}

TEST_CASE("JSON is taken at a queue's path too, and answers an operation without output with nothing") {
  Desk w;
  w.queue("q");
  const auto reply = w.json("SetQueueAttributes", R"({"QueueUrl":"q","Attributes":{"DelaySeconds":"5"}})",
                            "/000000000000/q");
  CHECK(reply.status == 200);
  CHECK(reply.body.empty());
  CHECK(header(reply, "Content-Type") == "application/x-amz-json-1.0");
}

TEST_CASE("a form at a queue's path is for that queue, whatever host and form the path has") {
  Desk w;
  w.queue("q");
  w.context.scope.region = "eu-west-1";
  w.queue("far");
  const auto named = [&](const std::string& path, const std::string& more = "") {
    return w.form("Action=GetQueueAttributes&AttributeName.1=QueueArn" + more, path);
  };
  CHECK(has(named("/000000000000/q"),
            "<Attribute><Name>QueueArn</Name><Value>arn:aws:sqs:us-east-1:"
            "000000000000:q</Value></Attribute>"));
  CHECK(has(named("/queue/eu-west-1/000000000000/far"), "eu-west-1:000000000000:far"));
  CHECK(has(named("/000000000000/other", "&QueueUrl=http%3A%2F%2Fany%2F000000000000%2Fq"),
            "us-east-1:000000000000:q"));
  CHECK(has(named("/", "&QueueUrl=q"), "us-east-1:000000000000:q"));
}

TEST_CASE("a queue's URL with a query is a request, as presigned ones are, and without an action is none") {
  Desk w;
  w.queue("q");
  const auto reply = w.get(
      "/000000000000/q?Action=SendMessage&MessageBody=x&X-Amz-Credential=k%2F20260101%2Fus-east-1%2Fsqs%2F"
      "aws4_request&X-Amz-Signature=s");
  CHECK(has(reply, "<MD5OfMessageBody>9dd4e461268c8034f5c8564e155c67a6</MD5OfMessageBody>"));
  for (const auto* accept : {"", "application/json"}) {
    const auto none = w.get("/000000000000/q", accept);
    CHECK(none.status == 404);
    CHECK(has(none, "<UnknownOperationException/>"));
  }
}

TEST_CASE("at a queue's path there are the queue's operations and GetQueueUrl of any") {
  Desk w;
  w.queue("q");
  for (const std::string action : {"CreateQueue", "ListQueues", "Wave"}) {
    const auto reply = w.form("Action=" + action, "/000000000000/q");
    CHECK(reply.status == 400);
    CHECK(has(reply, "<Code>InvalidAction</Code><Message>The action " + action +
                         " is not valid for this endpoint.</Message>"));
  }
  CHECK(has(w.form("Action=GetQueueUrl&QueueName=q", "/000000000000/other"), "/000000000000/q</QueueUrl>"));
}

TEST_CASE("a form's client that accepts JSON gets the reply as JSON") {
  Desk w;
  w.queue("q");
  const auto reply =
      w.get("/000000000000/q?Action=GetQueueAttributes&AttributeName.1=DelaySeconds", "application/json");
  const auto body = Json::parse(reply.body);
  CHECK(body["GetQueueAttributesResponse"]["GetQueueAttributesResult"]["Attributes"] ==
        Json::parse(R"([{"Name":"DelaySeconds","Value":"0"}])"));
  CHECK(body["GetQueueAttributesResponse"]["ResponseMetadata"]["RequestId"] ==
        header(reply, "x-amzn-RequestId"));
}

TEST_CASE("a missing queue is told in each protocol's words and codes") {
  Desk w;
  const auto json = w.json("GetQueueUrl", R"({"QueueName":"none"})");
  CHECK(json.status == 400);
  CHECK(header(json, "x-amzn-query-error") == "AWS.SimpleQueueService.NonExistentQueue;Sender");
  CHECK(Json::parse(json.body) == Json{{"__type", "com.amazonaws.sqs#QueueDoesNotExist"},
                                       {"message", "The specified queue does not exist."}});
  const auto xml = w.form("Action=GetQueueUrl&QueueName=none");
  CHECK(xml.status == 400);
  CHECK(has(
      xml,
      "<ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender</Type><Code>"
      "AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this "
      "wsdl version.</Message><Detail/></Error><RequestId>"));
}

TEST_CASE("errors that SQS does not model are the front end's, by their own names") {
  Desk w;
  w.queue("q");
  const auto value = w.json("ListQueues", R"({"MaxResults":0})");
  CHECK(Json::parse(value.body)["__type"] == "com.amazon.coral.service#InvalidParameterValueException");
  CHECK(header(value, "x-amzn-query-error") == "InvalidParameterValue;Sender");
  const auto missing = w.json("DeleteQueue", "{}");
  CHECK(Json::parse(missing.body) ==
        Json{{"__type", "com.amazon.coral.service#MissingRequiredParameterException"},
             {"message", "The request must contain the parameter QueueUrl."}});
  CHECK(header(missing, "x-amzn-query-error") == "MissingParameter;Sender");
  CHECK(has(w.form("Action=DeleteQueue"), "<Code>MissingParameter</Code>"));
  const auto limit = w.json("AddPermission", R"({"QueueUrl":"q","Label":"l","AWSAccountIds":["111111111111"],
    "Actions":["*","*","*","*","*","*","*","*"]})");
  CHECK(limit.status == 403);
  CHECK(Json::parse(limit.body)["__type"] == "com.amazonaws.sqs#OverLimit");
  CHECK(header(limit, "x-amzn-query-error") == "OverLimit;Sender");
  const auto unknown = w.json("Wave", "{}");
  CHECK(Json::parse(unknown.body)["__type"] == "com.amazon.coral.service#UnknownOperationException");
}

TEST_CASE("every error that SQS models has its type, its code in forms and its status") {
  struct Row {
    const char *code, *query;
    int status = 400;
  };
  constexpr Row kRows[] = {
      {"QueueNameExists", "QueueAlreadyExists"},
      {"QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently"},
      {"PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", 403},
      {"EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest"},
      {"TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"},
      {"BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"},
      {"InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId"},
      {"BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong"},
      {"MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight"},
      {"UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"},
      {"ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid"},
      {"InvalidAttributeName", "InvalidAttributeName"},
      {"InvalidAttributeValue", "InvalidAttributeValue"},
      {"InvalidMessageContents", "InvalidMessageContents"},
      {"InvalidIdFormat", "InvalidIdFormat"},
      {"InvalidAddress", "InvalidAddress"},
      {"InvalidSecurity", "InvalidSecurity"},
      {"RequestThrottled", "RequestThrottled"},
      {"OverLimit", "OverLimit", 403},
      {"ResourceNotFoundException", "ResourceNotFoundException", 404},
  };
  SqsWorld w;
  for (const auto& row : kRows) {
    const AwsError error{row.code, ""};
    CHECK(w.sqs->error_type(error) == "com.amazonaws.sqs#" + std::string(row.code));
    CHECK(w.sqs->query_side()->code(error) == row.query);
    CHECK(w.sqs->worded(error, w.context).http_status == row.status);
  }
}

TEST_CASE("scalars of JSON are taken as texts where texts belong, but texts are no numbers") {
  Desk w;
  w.queue("q");
  w.json("SetQueueAttributes",
         R"({"QueueUrl":"q","Attributes":{"VisibilityTimeout":7,"SqsManagedSseEnabled":false}})");
  CHECK(w.json("GetQueueAttributes",
               R"({"QueueUrl":"q","AttributeNames":["VisibilityTimeout","SqsManagedSseEnabled"]})")
            .body == R"({"Attributes":{"SqsManagedSseEnabled":"false","VisibilityTimeout":"7"}})");
  CHECK(has(w.json("CreateQueue", R"({"QueueName":12})"), "/000000000000/12\""));
  const auto mistaken = w.json("ListQueues", R"({"MaxResults":"5"})");
  CHECK(mistaken.status == 400);
  CHECK(header(mistaken, "x-amzn-query-error") == "MalformedInput;Sender");
  CHECK(Json::parse(mistaken.body) == Json{{"__type", "com.amazon.coral.service#SerializationException"},
                                           {"message", "STRING_VALUE can not be converted to an Integer"}});
  CHECK(Json::parse(w.json("CreateQueue", R"({"QueueName":{}})").body)["message"] ==
        "Start of structure or map found where not expected.");
  CHECK(Json::parse(w.json("CreateQueue", R"({"QueueName":[]})").body)["message"] ==
        "Unrecognized collection type class java.lang.String");
}

TEST_CASE("a form's number that is none is malformed input") {
  Desk w;
  CHECK(has(w.form("Action=ListQueues&MaxResults=many"), "<Code>MalformedInput</Code>"));
}

TEST_CASE("in ListDeadLetterSourceQueues QueueUrl is the queue of a form, and the sources of its reply") {
  Desk w;
  w.queue("letters");
  w.queue("q", {{"RedrivePolicy",
                 Json{{"deadLetterTargetArn", w.arn("letters")}, {"maxReceiveCount", 1}}.dump()}});
  CHECK(has(w.form("Action=ListDeadLetterSourceQueues&QueueUrl=letters"),
            "<ListDeadLetterSourceQueuesResult><QueueUrl>http://localhost:4566/000000000000/q</QueueUrl>"
            "</ListDeadLetterSourceQueuesResult>"));
}
