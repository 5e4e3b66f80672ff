#include "emulator/api/dispatch.hpp"
#include "tests/services/lambda/lambda_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("an invocation hands over the event and answers with what the function made of it") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  const auto reply = world.invoke("f", R"({"a": 1})");
  CHECK(reply["Payload"] == R"({"a": 1})");
  CHECK(reply["StatusCode"] == 200);
  CHECK(reply["ExecutedVersion"] == "$LATEST");
  CHECK_FALSE(reply.contains("FunctionError"));
  CHECK_FALSE(reply.contains("LogResult"));
  CHECK(world.seen.request_id == world.context.request_id);
  CHECK(world.seen.invoked_arn == "arn:aws:lambda:us-east-1:000000000000:function:f");
  CHECK_FALSE(world.seen.log_tail);
}

TEST_CASE("an empty body is the event {}, and any JSON value is an event") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  CHECK(world.invoke("f", "")["Payload"] == "{}");
  for (const auto text : {"1", "null", "\"x\"", "[]", " {} "})
    CHECK(world.invoke("f", text)["Payload"] == text);
}

TEST_CASE("a failing function is a success of the Invoke API, with FunctionError") {
  LambdaWorld world;
  world.failing("f");
  world.create("f");
  const auto reply = world.invoke("f");
  CHECK(reply["StatusCode"] == 200);
  CHECK(reply["FunctionError"] == "Unhandled");
  CHECK(reply["Payload"] == R"({"errorType":"Error"})");
}

TEST_CASE("the log comes back only if its tail is asked for") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  CHECK(world.invoke("f", "{}", {{"LogType", "Tail"}})["LogResult"] == base64_encode("REPORT"));
  CHECK(world.seen.log_tail);
}

TEST_CASE("client context and trace header reach the function") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  world.invoke("f", "{}", {{"ClientContext", base64_encode(R"({"custom":{}})")}, {"TraceId", "Root=1-2-3"}});
  CHECK(world.seen.client_context == R"({"custom":{}})");
  CHECK(world.seen.trace_id.starts_with("Root=1-2-3;Lineage="));
  CHECK(world.refused("Invoke", {{"FunctionName", "f"}, {"Payload", ""}, {"ClientContext", "?"}}).code ==
        "InvalidRequestContentException");
  const std::string longest(3584, 'A');
  CHECK(world.refused("Invoke", {{"FunctionName", "f"}, {"Payload", ""}, {"ClientContext", longest}}).code ==
        "ValidationException");
}

TEST_CASE("active tracing begins a sampled trace") {
  LambdaWorld world;
  world.echo("f");
  world.create("f", {{"TracingConfig", {{"Mode", "Active"}}}});
  world.invoke("f");
  CHECK(world.seen.trace_id.starts_with("Root=1-6955b900-"));
  CHECK(world.seen.trace_id.contains(";Sampled=1;Lineage="));
}

TEST_CASE("a function that invokes itself is stopped at the seventeenth time, unless it may") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  const auto again = [&] {
    return Json{{"FunctionName", "f"}, {"Payload", ""}, {"TraceId", world.seen.trace_id}};
  };
  for (int i = 0; i < 16; ++i) world.call_lambda("Invoke", again());
  CHECK(world.calls == 16);
  const auto error = world.refused("Invoke", again());
  CHECK(error.code == "RecursiveInvocationException");
  CHECK(error.http_status == 400);
  CHECK(error.message_key == "Message");
  CHECK(world.lambda.registry.change({}, "f", [](lambda::Function& f) -> std::optional<AwsError> {
    f.shared.recursive_loop = "Allow";
    return std::nullopt;
  }));
  world.call_lambda("Invoke", again());
  CHECK(world.calls == 17);
}

TEST_CASE("a dry run checks and does not invoke") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  CHECK(world.invoke("f", "{}", {{"InvocationType", "DryRun"}})["StatusCode"] == 204);
  CHECK(world.calls == 0);
}

TEST_CASE("requests that Invoke refuses") {
  LambdaWorld world;
  world.create("f");
  const auto refused = [&](Json change) {
    Json in{{"FunctionName", "f"}, {"Payload", "{}"}};
    in.update(change);
    return world.refused("Invoke", in);
  };
  CHECK(refused({{"FunctionName", "g"}}).message ==
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:g:$LATEST");
  CHECK(refused({{"Qualifier", "7"}}).message ==
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:7");
  CHECK(refused({{"InvocationType", "Sync"}}).message ==
        "1 validation error detected: Value 'Sync' at 'invocationType' failed to satisfy constraint: Member "
        "must "
        "satisfy enum value set: [Event, RequestResponse, DryRun]");
  for (const auto* part : {"DryRu", "Reques", "Event, RequestResponse"})
    CHECK(refused({{"InvocationType", part}}).code == "ValidationException");
  CHECK(refused({{"LogType", "All"}}).code == "ValidationException");
  CHECK(refused({{"TenantId", "t"}}).code == "InvalidParameterValueException");
  const auto large = refused({{"Payload", std::string(6'291'457, ' ')}});
  CHECK(large.code == "RequestEntityTooLargeException");
  CHECK(large.http_status == 413);
  CHECK(large.message == "Request must be smaller than 6291456 bytes for the InvokeFunction operation");
  CHECK(large.extra.empty());
  CHECK(refused({{"Payload", std::string(1'048'577, ' ')}, {"InvocationType", "Event"}}).message ==
        "Request must be smaller than 1048576 bytes for the InvokeFunction operation");
}

TEST_CASE("an event that is not JSON is refused in the words of AWS's parser") {
  LambdaWorld world;
  world.create("f");
  const auto refused = [&](std::string payload) {
    return world.refused("Invoke", {{"FunctionName", "f"}, {"Payload", std::move(payload)}});
  };
  const auto error = refused("x");
  CHECK(error.code == "InvalidRequestContentException");
  CHECK(error.message ==
        "Could not parse request body into json: Could not parse payload into json: Unrecognized token 'x': "
        "was "
        "expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: "
        "REDACTED "
        "(`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]");
  CHECK(refused("{}\n not").message.contains("Unrecognized token 'not'"));
  CHECK(refused("{}\n not").message.contains("line: 2"));
  CHECK(refused("{\"a\":").message.contains("Unexpected end-of-input"));
  CHECK(refused("\x87").message.contains("Invalid UTF-8 start byte 0x87"));
  CHECK(refused("{\"a\" 1}").code == "InvalidRequestContentException");
  CHECK(refused("{,}").message.contains("Unexpected character (',' (code 44))"));
}

TEST_CASE("a throttle is an error with its reason") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  world.call_lambda("PutFunctionConcurrency", {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}});
  const auto error = world.refused("Invoke", {{"FunctionName", "f"}, {"Payload", "{}"}});
  CHECK(error.code == "TooManyRequestsException");
  CHECK(error.http_status == 429);
  CHECK(error.message == "Rate Exceeded.");
  CHECK(error.extra ==
        Json{{"Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"}, {"Type", "User"}});
  CHECK(world.calls == 0);
}

TEST_CASE("other services invoke by ARN and get the outcome") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  const auto invoke = [&](std::string arn, std::string payload) {
    runtime::Invocation invocation{.request_id = "id", .payload = std::move(payload)};
    return world.run(world.lambda.invoke_function(std::move(arn), std::move(invocation)), 1s);
  };
  const auto outcome = invoke("arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST", "[1]");
  REQUIRE(outcome);
  CHECK(outcome->payload == "[1]");
  CHECK(world.seen.invoked_arn == "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST");
  CHECK_FALSE(invoke("arn:aws:lambda:us-east-1:000000000000:function:g", "1"));
  CHECK_FALSE(invoke("arn:aws:lambda:us-east-1:111111111111:function:f", "1"));
  CHECK_FALSE(invoke("not an arn", "1"));
  CHECK(invoke("arn:aws:lambda:us-east-1:000000000000:function:f", std::string(6'291'457, ' '))
            .error()
            .http_status == 413);
}

TEST_CASE("over HTTP the payload is the body, and the rest of the answer are headers") {
  LambdaWorld world;
  world.echo("f");
  world.create("f");
  Service* services[] = {&world.lambda};
  Dispatcher dispatcher(services, world.clock, world.ids, false);
  http::Request request{"POST",
                        "/2015-03-31/functions/f%3A%24LATEST/invocations?Qualifier=%24LATEST",
                        {},
                        "{\"a\":1}",
                        "127.0.0.1"};
  request.headers.add("X-Amz-Log-Type", "Tail");
  auto reply = world.run(dispatcher.handle(request), 1s);
  CHECK(reply.status == 200);
  CHECK(reply.body == "{\"a\":1}");
  CHECK(reply.headers.get("X-Amz-Executed-Version") == "$LATEST");
  CHECK(reply.headers.get("X-Amz-Log-Result") == base64_encode("REPORT"));
  CHECK(reply.headers.get("x-amzn-RequestId") == world.seen.request_id);

  request.headers.set("X-Amz-Invocation-Type", "Event");
  reply = world.run(dispatcher.handle(request), 1s);
  CHECK(reply.status == 202);
  CHECK(reply.body.empty());
  CHECK_FALSE(reply.headers.find("X-Amz-Executed-Version"));

  request.headers.set("X-Amz-Invocation-Type", "DryRun");
  CHECK(world.run(dispatcher.handle(request), 1s).status == 204);

  request = {"POST", "/2014-11-13/functions/f/invoke-async/", {}, "{}", "127.0.0.1"};
  reply = world.run(dispatcher.handle(request), 1s);
  CHECK(reply.status == 202);
  CHECK(reply.body == R"({"Status":202})");

  request.target = "/2015-03-31/functions/g/invocations";
  reply = world.run(dispatcher.handle(request), 1s);
  CHECK(reply.status == 404);
  CHECK(reply.headers.get("x-amzn-ErrorType") == "ResourceNotFoundException");
  CHECK(Json::parse(reply.body) ==
        Json{{"Type", "User"},
             {"Message", "Function not found: arn:aws:lambda:us-east-1:000000000000:function:g:$LATEST"}});
}

TEST_CASE("the id of a tenant is checked before the function is looked for") {
  LambdaWorld world;
  for (const std::string tenant : {"", "a\n", "ä", "semi;colon"})
    CHECK(world.refused("Invoke", {{"FunctionName", "none"}, {"TenantId", tenant}, {"Payload", "{}"}}).code ==
          "ValidationException");
  CHECK(world
            .refused("Invoke",
                     {{"FunctionName", "none"}, {"TenantId", std::string(257, 'a')}, {"Payload", "{}"}})
            .message.contains("Member must have length less than or equal to 256"));
  CHECK(world.refused("Invoke", {{"FunctionName", "none"}, {"TenantId", "a._:/=+-@ 1"}, {"Payload", "{}"}})
            .code == "ResourceNotFoundException");
}
