// Integrations of APIs with other services, in one World: HTTP APIs' actions of SQS, REST APIs' requests to
// SQS, DynamoDB and Lambda with their templates.
#include "emulator/app.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "emulator/source/source.hpp"
#include "runtime-api/model_launcher.hpp"
#include "tests/support/world.hpp"

using namespace emu;
using namespace std::chrono_literals;

namespace {
constexpr std::string_view kShop = R"yaml(
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Notes:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: notes
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Work:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: work, Runtime: nodejs20.x, Handler: index.handler, Role: 'arn:aws:iam::000000000000:role/r', Code: {ZipFile: 'exports.handler = 1'}}

  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: http, ProtocolType: HTTP}}
  HttpStage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Http, StageName: $default, AutoDeploy: true}}
  Send:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: AWS_PROXY
      IntegrationSubtype: SQS-SendMessage
      PayloadFormatVersion: '1.0'
      CredentialsArn: arn:aws:iam::000000000000:role/r
      RequestParameters: {QueueUrl: !Ref Jobs, MessageBody: $request.body, MessageAttributes: $request.header.x-attributes}
  Receive:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: AWS_PROXY
      IntegrationSubtype: SQS-ReceiveMessage
      PayloadFormatVersion: '1.0'
      RequestParameters: {QueueUrl: !Ref Jobs, MaxNumberOfMessages: 2, MessageAttributeNames: $request.querystring.names, WaitTimeSeconds: $request.querystring.wait}
  Delete:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: AWS_PROXY
      IntegrationSubtype: SQS-DeleteMessage
      PayloadFormatVersion: '1.0'
      RequestParameters: {QueueUrl: !Ref Jobs, ReceiptHandle: $request.querystring.receipt}
  SendTagged:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: AWS_PROXY
      IntegrationSubtype: SQS-SendMessage
      PayloadFormatVersion: '1.0'
      RequestParameters:
        QueueUrl: !Ref Jobs
        MessageBody: $request.body
        MessageAttributes: '{"agent": {"DataType": "String", "StringValue": "${request.header.x-agent}"}}'
      ResponseParameters: {'200': {ResponseParameters: [{Destination: 'overwrite:header.x-sent', Source: 'yes'}]}}
  TaggedRoute: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: POST /tagged, Target: !Sub 'integrations/${SendTagged}'}}
  SendRoute: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: POST /jobs, Target: !Sub 'integrations/${Send}'}}
  ReceiveRoute: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: GET /jobs, Target: !Sub 'integrations/${Receive}'}}
  DeleteRoute: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: DELETE /jobs, Target: !Sub 'integrations/${Delete}'}}

  Rest: {Type: AWS::ApiGateway::RestApi, Properties: {Name: rest}}
  JobsPart: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Rest, ParentId: !GetAtt Rest.RootResourceId, PathPart: jobs}}
  NotesPart: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Rest, ParentId: !GetAtt Rest.RootResourceId, PathPart: notes}}
  NotePart: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Rest, ParentId: !Ref NotesPart, PathPart: '{id}'}}
  WorkPart: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Rest, ParentId: !GetAtt Rest.RootResourceId, PathPart: work}}
  PostJob:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Rest
      ResourceId: !Ref JobsPart
      HttpMethod: POST
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: '202'}, {StatusCode: '400'}]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/jobs'
        RequestParameters: {integration.request.header.Content-Type: "'application/x-www-form-urlencoded'"}
        RequestTemplates: {application/json: 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)#if($input.params().querystring.containsKey("delay"))&DelaySeconds=$input.params("delay")#end'}
        IntegrationResponses:
          - {StatusCode: '202', ResponseTemplates: {application/json: '{"id":"$input.path("$.SendMessageResponse.SendMessageResult.MessageId")"}'}}
          - {StatusCode: '400', SelectionPattern: '4\d\d', ResponseTemplates: {application/json: '{"refused":true}'}}
  RawJob:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Rest
      ResourceId: !Ref JobsPart
      HttpMethod: PATCH
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: '200'}]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/jobs'
        RequestParameters: {integration.request.header.Content-Type: "'application/x-www-form-urlencoded'"}
        RequestTemplates: {application/json: 'Action=SendMessage&MessageBody=$input.body'}
        IntegrationResponses: [{StatusCode: '200'}]
  OtherJob:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Rest
      ResourceId: !Ref JobsPart
      HttpMethod: PUT
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: '200'}]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:action/SendMessage'
        RequestParameters:
          integration.request.querystring.QueueUrl: !Sub "'${Jobs}'"
          integration.request.querystring.MessageBody: "'as mapped'"
        RequestTemplates: {application/json: '#set($context.requestOverride.querystring.MessageBody = $input.path("$.text"))'}
        IntegrationResponses: [{StatusCode: '200'}]
  GetJobs:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Rest
      ResourceId: !Ref JobsPart
      HttpMethod: GET
      AuthorizationType: NONE
      RequestParameters: {method.request.querystring.most: false}
      MethodResponses: [{StatusCode: '200'}]
      Integration:
        Type: AWS
        IntegrationHttpMethod: GET
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:action/ReceiveMessage'
        RequestParameters:
          integration.request.querystring.QueueUrl: !Sub "'${Jobs}'"
          integration.request.querystring.MaxNumberOfMessages: method.request.querystring.most
        IntegrationResponses: [{StatusCode: '200'}]
  PutNote:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Rest
      ResourceId: !Ref NotesPart
      HttpMethod: POST
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: '200'}, {StatusCode: '409'}]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem'
        RequestTemplates:
          application/json: |
            {"TableName": "notes", "ConditionExpression": "attribute_not_exists(id)",
             "Item": {"id": {"S": "$context.requestId"}, "title": {"S": $input.json('$.title')},
                      "again": {"S": "$input.params('again')"}}}
        IntegrationResponses:
          - {StatusCode: '200', ResponseTemplates: {application/json: '{"id":"$context.requestId"}'}}
          - {StatusCode: '409', SelectionPattern: '400', ResponseTemplates: {application/json: '{"error":"$input.path("$.__type")"}'}}
  GetNote:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Rest
      ResourceId: !Ref NotePart
      HttpMethod: GET
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: '200'}]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:dynamodb:action/GetItem'
        RequestTemplates: {application/json: '{"TableName":"notes","Key":{"id":{"S":"$input.params("id")"}}}'}
        IntegrationResponses:
          - {StatusCode: '200', ResponseTemplates: {application/json: '{"title":"$input.path("$.Item.title.S")"}'}}
  DoWork:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Rest
      ResourceId: !Ref WorkPart
      HttpMethod: POST
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: '200'}, {StatusCode: '422'}]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations'
        RequestTemplates: {application/json: '{"task": $input.json("$.task"), "by": "$context.httpMethod"}'}
        IntegrationResponses:
          - {StatusCode: '200'}
          - {StatusCode: '422', SelectionPattern: '.*bad task.*', ResponseTemplates: {application/json: '{"why":"$input.path("$.errorMessage")"}'}}
  WorkLater:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Rest
      ResourceId: !Ref WorkPart
      HttpMethod: PUT
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: '202'}]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations'
        RequestParameters: {integration.request.header.X-Amz-Invocation-Type: "'Event'"}
        IntegrationResponses: [{StatusCode: '202'}]
  Deployed:
    Type: AWS::ApiGateway::Deployment
    DependsOn: [PostJob, RawJob, OtherJob, GetJobs, PutNote, GetNote, DoWork, WorkLater]
    Properties: {RestApiId: !Ref Rest, StageName: live}
)yaml";

struct ShopWorld : test::World {
  ShopWorld() {
    app.start();
    clock.run(loops.first(), clock.now());
    const auto work = [this](const runtime::Invocation& invocation) {
      events.push_back(Json::parse(invocation.payload));
      if (events.back().value("task", "") != "bad") return runtime::Outcome{.payload = R"({"done":true})"};
      return runtime::Outcome{.kind = runtime::Outcome::Kind::function_error,
                              .payload = R"({"errorMessage":"a bad task","errorType":"Error"})"};
    };
    launcher.add("work", {.handler = work, .service_time = [this] { return work_takes; }});
    const auto deployed = run(app.stacks().apply(context, "shop", parse_yaml(kShop, "shop.yml"), {}), 1h);
    for (const auto& change : deployed.changes) ids_of[change.logical_id] = change.physical_id;
    advance(1s);
  }
  http::Response send(const std::string& api, std::string method, std::string target, std::string body = "",
                      std::initializer_list<std::pair<std::string, std::string>> headers = {}) {
    http::Request request{
        std::move(method), "/_aws/execute-api/" + ids_of[api] + target, {}, std::move(body), "127.0.0.1"};
    request.headers.add("Host", "localhost:4566");
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    return run(app.handle(std::move(request)), 1min);
  }
  Json ask(std::string_view service, std::string_view operation, Json input) {
    auto result = run(app.call(service, operation, context, std::move(input)), 1min);
    if (!result) FAIL(operation << ": " << result.error().message);
    return std::move(*result);
  }
  Json messages() {
    return ask("sqs", "ReceiveMessage",
               {{"QueueUrl", ids_of["Jobs"]},
                {"MaxNumberOfMessages", 10},
                {"MessageAttributeNames", {"All"}}})
        .value("Messages", Json::array());
  }

  std::map<std::string, std::string> ids_of;
  std::vector<Json> events;
  Duration work_takes{};
  TemporaryDirectory directory;
  runtime::ModelLauncher launcher{clock};
  lambda::CodeStore code{loops, directory.path() / "code", {}};
  App app{{clock, loops, ids, disk, launcher, code}, {}};
};

std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const auto from = text.find(open);
  if (from == text.npos) return "";
  return text.substr(from + open.size(), text.find(close, from) - from - open.size());
}
}  // namespace

TEST_CASE("an HTTP API's action sends its request's body to a queue and answers as SQS does") {
  ShopWorld world;
  const auto sent = world.send("Http", "POST", "/jobs", R"({"a": "ü&=%"})",
                               {{"X-Attributes", R"({"kind":{"DataType":"String","StringValue":"new"}})"}});
  CHECK(sent.status == 200);
  CHECK(sent.headers.get("content-type") == "text/xml");
  const auto id = between(sent.body, "<SendMessageResult>", "</SendMessageResult>");
  CHECK(id.find("<MessageId>") != id.npos);
  CHECK(sent.headers.find("apigw-requestid"));
  const auto messages = world.messages();
  REQUIRE(messages.size() == 1);
  CHECK(messages[0]["Body"] == R"({"a": "ü&=%"})");
  CHECK(messages[0]["MessageAttributes"]["kind"]["StringValue"] == "new");
}

TEST_CASE("HTTP APIs' actions receive, delete and tell what SQS refuses; without a value they are refused") {
  ShopWorld world;
  CHECK(world.send("Http", "POST", "/jobs", "").status == 400);  // no body: no MessageBody
  CHECK(world.send("Http", "POST", "/jobs", "", {{"X-Attributes", "[]"}}).body ==
        R"({"message":"Bad Request"})");
  CHECK(world.send("Http", "POST", "/jobs", "one").status == 200);
  const auto received = world.send("Http", "GET", "/jobs?names=%5B%22All%22%5D");
  CHECK(received.status == 200);
  CHECK(between(received.body, "<Body>", "</Body>") == "one");
  const auto receipt = between(received.body, "<ReceiptHandle>", "</ReceiptHandle>");
  CHECK(world.send("Http", "DELETE", "/jobs?receipt=" + http::percent_encode(receipt)).status == 200);
  world.advance(1h);
  CHECK(world.messages().empty());
  const auto refused = world.send("Http", "DELETE", "/jobs?receipt=none");
  CHECK(refused.status >= 400);
  CHECK(refused.body.find("<Code>ReceiptHandleIsInvalid</Code>") != refused.body.npos);
}

TEST_CASE("a REST API's template is a request to SQS, and its answer is mapped by status") {
  ShopWorld world;
  const auto sent = world.send("Rest", "POST", "/live/jobs", R"({"a": "1+1 & more"})");
  CHECK(sent.status == 202);
  const auto messages = world.messages();
  REQUIRE(messages.size() == 1);
  CHECK(Json::parse(sent.body)["id"] == messages[0]["MessageId"]);
  CHECK(messages[0]["Body"] == R"({"a": "1+1 & more"})");
  const auto refused = world.send("Rest", "POST", "/live/jobs?delay=9999", "one");
  CHECK(refused.status == 400);
  CHECK(refused.body == R"({"refused":true})");
}

TEST_CASE("what a body repeats does not change the action, the queue or the account of an integration") {
  ShopWorld world;
  CHECK(world.send("Rest", "PATCH", "/live/jobs", "x&Action=PurgeQueue&QueueUrl=http://h/111111111111/other")
            .status == 200);
  REQUIRE(world.messages().size() == 1);
  const auto other =
      world.ask("sqs", "CreateQueue", {{"QueueName", "secrets"}}).at("QueueUrl").get<std::string>();
  world.ask("sqs", "SendMessage", {{"QueueUrl", other}, {"MessageBody", "hidden"}});
  const auto received =
      world.send("Rest", "GET", "/live/jobs?most=3", "QueueUrl=" + http::percent_encode(other));
  CHECK(received.status == 200);
  CHECK(received.body.find("hidden") == received.body.npos);
}

TEST_CASE(
    "attributes are written with what the request says in them, which cannot add any; answers are mapped") {
  ShopWorld world;
  const auto sent = world.send("Http", "POST", "/tagged", "one", {{"X-Agent", R"(a", "b)"}});
  CHECK(sent.status == 200);
  CHECK(sent.headers.get("x-sent") == "yes");
  const auto messages = world.messages();
  REQUIRE(messages.size() == 1);
  CHECK(messages[0]["MessageAttributes"] ==
        Json{{"agent", {{"DataType", "String"}, {"StringValue", R"(a", "b)"}}}});
}

TEST_CASE("a template overrides what a mapping puts into the request") {
  ShopWorld world;
  CHECK(world.send("Rest", "PUT", "/live/jobs", R"({"text": "as said"})").status == 200);
  const auto messages = world.messages();
  REQUIRE(messages.size() == 1);
  CHECK(messages[0]["Body"] == "as said");
}

TEST_CASE("a client that hangs up takes no message with it") {
  ShopWorld world;
  struct Caller final : http::Peer {
    void when_gone(std::function<void()> then) override { gone = std::move(then); }
    std::function<void()> gone;
  };
  const auto caller = std::make_shared<Caller>();
  const auto poll = [&]() -> awaitable<void> {
    http::Request request{
        "GET", "/_aws/execute-api/" + world.ids_of["Http"] + "/jobs?wait=20", {}, "", "127.0.0.1"};
    request.headers.add("Host", "localhost:4566");
    request.peer = caller;
    static_cast<void>(co_await world.app.handle(std::move(request)));
  };
  world.loops.spawn(poll());
  world.advance(1s);
  REQUIRE(caller->gone);
  caller->gone();
  world.advance(1s);
  world.ask("sqs", "SendMessage", {{"QueueUrl", world.ids_of["Jobs"]}, {"MessageBody", "one"}});
  world.advance(1s);
  CHECK(world.messages().size() == 1);
}

TEST_CASE("an action of SQS takes its parameters from mappings, and answers as JSON") {
  ShopWorld world;
  world.ask("sqs", "SendMessage", {{"QueueUrl", world.ids_of["Jobs"]}, {"MessageBody", "one"}});
  const auto received = world.send("Rest", "GET", "/live/jobs?most=3");
  CHECK(received.status == 200);
  const auto answer = Json::parse(received.body);
  CHECK(answer.at("ReceiveMessageResponse").at("ReceiveMessageResult").at("messages").at(0).at("Body") ==
        "one");
}

TEST_CASE("items go to a table by a template and come back by another") {
  ShopWorld world;
  const auto put = world.send("Rest", "POST", "/live/notes?again=yes", R"({"title": "a \"quoted\" one"})");
  CHECK(put.status == 200);
  const auto id = Json::parse(put.body)["id"].get<std::string>();
  const auto item =
      world.ask("dynamodb", "GetItem", {{"TableName", "notes"}, {"Key", {{"id", {{"S", id}}}}}});
  CHECK(item["Item"]["title"]["S"] == "a \"quoted\" one");
  CHECK(item["Item"]["again"]["S"] == "yes");
  world.ask("dynamodb", "PutItem",
            {{"TableName", "notes"}, {"Item", {{"id", {{"S", "7"}}}, {"title", {{"S", "seven"}}}}}});
  CHECK(world.send("Rest", "GET", "/live/notes/7").body == R"({"title":"seven"})");
}

TEST_CASE("what DynamoDB refuses selects a response by its status") {
  ShopWorld world;
  const auto refused = world.send("Rest", "POST", "/live/notes", R"({"title": 5})");
  CHECK(refused.status == 409);
  CHECK(Json::parse(refused.body)["error"].get<std::string>().find("SerializationException") !=
        std::string::npos);
}

TEST_CASE("a template's output is a function's event, and its error message selects the response") {
  ShopWorld world;
  const auto done = world.send("Rest", "POST", "/live/work", R"({"task": "paint"})");
  CHECK(done.status == 200);
  CHECK(done.body == R"({"done":true})");
  CHECK(world.events.back() == Json{{"task", "paint"}, {"by", "POST"}});
  const auto failed = world.send("Rest", "POST", "/live/work", R"({"task": "bad"})");
  CHECK(failed.status == 422);
  CHECK(failed.body == R"({"why":"a bad task"})");
}

TEST_CASE("an event invocation is answered before the function runs") {
  ShopWorld world;
  world.work_takes = 2s;
  const auto later = world.send("Rest", "PUT", "/live/work", R"({"task": "sweep"})");
  CHECK(later.status == 202);
  CHECK(later.body.empty());
  CHECK(world.events.empty());
  world.advance(20s);
  REQUIRE(world.events.size() == 1);
  CHECK(world.events[0]["task"] == "sweep");
}

TEST_CASE("an event that Lambda does not take is no success") {
  ShopWorld world;
  CHECK(world.send("Rest", "PUT", "/live/work", Json(std::string(2 << 20, 'x')).dump()).status == 413);
  CHECK(world.send("Rest", "PUT", "/live/work", "no JSON").status == 500);
  world.advance(1s);
  CHECK(world.events.empty());
}
