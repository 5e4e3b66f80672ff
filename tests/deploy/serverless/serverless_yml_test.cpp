#include "emulator/deploy/serverless/serverless_yml.hpp"

#include <doctest/doctest.h>

#include "emulator/source/source.hpp"
#include "tests/deploy/golden.hpp"

using namespace emu;
using test::refused;

namespace {
deploy::CompiledService compile(std::string_view yaml,
                                deploy::VariableInputs in = {.directory = "/project"}) {
  return deploy::compile_serverless(parse_yaml(yaml, "serverless.yml"), std::move(in));
}
// A service of one function `a`, with further lines for the provider, the function and the top.
std::string service(std::string_view provider, std::string_view function, std::string_view top = "") {
  return fmt::format(
      "service: shop\nprovider:\n  name: aws\n  runtime: nodejs20.x\n{}functions:\n  a:\n    handler: "
      "h.run\n{}{}",
      provider, function, top);
}
Json resources(std::string_view provider, std::string_view function, std::string_view top = "") {
  return compile(service(provider, function, top)).stack_template.find("Resources")->json();
}
Json properties(std::string_view provider, std::string_view function) {
  return resources(provider, function)["ALambdaFunction"]["Properties"];
}
std::string error(std::string_view provider, std::string_view function, std::string_view top = "") {
  return refused([&] { compile(service(provider, function, top)); });
}
// What a service with these lines is refused with.
struct Case {
  std::string provider, function, top, says;
};
void check(std::span<const Case> cases) {
  for (const auto& c : cases) CHECK(error(c.provider, c.function, c.top) == c.says);
}
}  // namespace

TEST_CASE("the order service compiles to what serverless makes of it") {
  const auto compiled = compile(test::golden("seed/serverless.yml"));
  CHECK(compiled.stack_name == "serverless-backend-dev");
  CHECK(compiled.region == "us-east-1");
  const Json expected = Json::parse(test::golden("seed/expected.json"));
  const Json got = compiled.stack_template.json();
  for (const auto* section : {"Resources", "Outputs"})
    for (const auto& [id, definition] : expected[section].items()) {
      CAPTURE(id);
      CHECK(got[section].value(id, Json()) == definition);
    }
  CHECK(got == expected);
}

TEST_CASE("what is accepted without effect is said once, with its line") {
  std::string notes;
  for (const auto& note : compile(test::golden("seed/serverless.yml")).notes) notes += note.line() + "\n";
  CHECK(notes ==
        "serverless.yml:3: frameworkVersion has no effect here\n"
        "serverless.yml:29: tracing: active is read as Active; AWS itself refuses the lower case\n");
}

TEST_CASE("the template knows the lines it came from") {
  const auto t = compile(test::golden("seed/serverless.yml")).stack_template;
  const auto line = [&](std::initializer_list<std::string_view> path) {
    return t.find("Resources")->at(path)->place.line;
  };
  CHECK(line({"OrdersTable"}) == 32);
  CHECK(line({"OrdersTable", "Properties", "BillingMode"}) == 42);
  CHECK(line({"ProcessOrderLambdaFunction"}) == 21);
  CHECK(line({"ProcessOrderLambdaFunction", "Properties", "Timeout"}) == 28);
  CHECK(line({"ProcessOrderLambdaFunction", "Properties", "Environment", "Variables", "ORDERS_TABLE"}) == 10);
  CHECK(line({"HttpApiRoutePostOrders"}) == 25);
}

TEST_CASE("a function inherits from the provider and defaults as serverless has it") {
  const auto plain = properties("", "");
  CHECK(plain["MemorySize"] == 1024);
  CHECK(plain["Timeout"] == 6);
  CHECK(plain["FunctionName"] == "shop-dev-a");
  CHECK(plain["Code"] == Json{{"S3Bucket", "hot-reload"}, {"S3Key", "/project"}});
  const auto set =
      properties("  memorySize: '256'\n  timeout: 9\n  architecture: arm64\n  tags: {team: red}\n",
                 "    memorySize: 512\n    name: named\n    runtime: python3.12\n    tags: {own: t}\n"
                 "    ephemeralStorageSize: 600\n    reservedConcurrency: 0\n    description: d\n");
  CHECK(set["MemorySize"] == 512);
  CHECK(set["Timeout"] == 9);
  CHECK(set["FunctionName"] == "named");
  CHECK(set["Runtime"] == "python3.12");
  CHECK(set["Architectures"] == Json::array({"arm64"}));
  CHECK(set["EphemeralStorage"] == Json{{"Size", 600}});
  CHECK(set["ReservedConcurrentExecutions"] == 0);
  CHECK(set["Tags"] == Json::array({{{"Key", "team"}, {"Value", "red"}}, {{"Key", "own"}, {"Value", "t"}}}));
}

TEST_CASE("environments merge, null takes a variable away, and scalars become text") {
  CHECK(properties(
            "  environment: {A: 1, B: true, C: 1.50, D: !Ref T, DATE: 2020-01-01, X: '${AWS::Region}'}\n",
            "    environment: {A: null, Z: q}\n")["Environment"]["Variables"] == Json{{"B", "true"},
                                                                                      {"C", "1.5"},
                                                                                      {"D", {{"Ref", "T"}}},
                                                                                      {"DATE", "2020-01-01"},
                                                                                      {"X", "${AWS::Region}"},
                                                                                      {"Z", "q"}});
}

TEST_CASE("the logical ids of odd names are serverless's") {
  const auto t =
      compile(
          "service: s\nprovider: {name: aws}\nfunctions:\n  - my-fn_1:\n      handler: a.b\n      events:\n"
          "        - httpApi: 'GET /things/{id}'\n        - httpApi: {method: any, path: '/j/{proxy+}'}\n"
          "        - httpApi: 'post /a-b/c_d.e'\n        - httpApi: '*'\n        - httpApi: 'GET /'\n"
          "  - two: {handler: c.d}\n")
          .stack_template.json()["Resources"];
  for (const auto* id :
       {"MyDashfnUnderscore1LambdaFunction", "MyDashfnUnderscore1LogGroup",
        "HttpApiIntegrationMyDashfnUnderscore1", "HttpApiRouteGetThingsIdVar", "HttpApiRouteAnyJProxyVar",
        "HttpApiRoutePostADashbCde", "HttpApiRouteDefault", "HttpApiRouteGet",
        "MyDashfnUnderscore1LambdaPermissionHttpApi", "TwoLambdaFunction"}) {
    CAPTURE(id);
    CHECK(t.contains(id));
  }
  CHECK(t["HttpApiRouteDefault"]["Properties"]["RouteKey"] == "$default");
  CHECK(t["HttpApiRouteAnyJProxyVar"]["Properties"]["RouteKey"] == "ANY /j/{proxy+}");
  CHECK(t["HttpApiRoutePostADashbCde"]["Properties"]["RouteKey"] == "POST /a-b/c_d.e");
}

TEST_CASE("cors is filled with the methods that have routes") {
  const auto cors = [](std::string_view provider) {
    return resources(
        provider, "    events:\n      - httpApi: 'POST /x'\n")["HttpApi"]["Properties"]["CorsConfiguration"];
  };
  CHECK(cors("  httpApi: {cors: true}\n")["AllowMethods"] == Json{"OPTIONS", "POST"});
  CHECK(cors("  httpApi: {cors: true}\n")["AllowHeaders"].size() == 7);
  CHECK(cors("  httpApi: {cors: {allowedOrigins: 'https://a', allowedMethods: [GET], maxAge: 60, "
             "allowCredentials: true, exposedResponseHeaders: [X]}}\n") ==
        Json{{"AllowOrigins", {"https://a"}},
             {"AllowMethods", Json::array({"GET"})},
             {"MaxAge", 60},
             {"AllowCredentials", true},
             {"ExposeHeaders", Json::array({"X"})},
             {"AllowHeaders", cors("  httpApi: {cors: true}\n")["AllowHeaders"]}});
  CHECK(cors("  httpApi: {cors: false}\n").is_null());
}

TEST_CASE("a function URL comes with its permissions and output") {
  const auto compiled = compile(service("", "    url: true\n")).stack_template.json();
  CHECK(compiled["Resources"]["ALambdaFunctionUrl"]["Properties"]["AuthType"] == "NONE");
  CHECK(compiled["Resources"]["ALambdaPermissionFnUrl"]["Properties"]["FunctionUrlAuthType"] == "NONE");
  CHECK(compiled["Resources"]["ALambdaPermissionFn"]["Properties"]["InvokedViaFunctionUrl"] == true);
  CHECK(compiled["Outputs"]["ALambdaFunctionUrl"]["Value"] ==
        Json{{"Fn::GetAtt", {"ALambdaFunctionUrl", "FunctionUrl"}}});
  const auto signed_only =
      resources("", "    url: {authorizer: aws_iam, invokeMode: RESPONSE_STREAM, cors: true}\n");
  CHECK(signed_only["ALambdaFunctionUrl"]["Properties"]["InvokeMode"] == "RESPONSE_STREAM");
  CHECK(signed_only["ALambdaFunctionUrl"]["Properties"]["Cors"]["AllowMethods"] == Json::array({"*"}));
  CHECK_FALSE(signed_only.contains("ALambdaPermissionFnUrl"));
}

TEST_CASE(
    "provisioned concurrency is an alias of a version of this configuration, and events go through it") {
  const auto made = resources("", "    provisionedConcurrency: 3\n    events: [{httpApi: 'GET /a'}]\n");
  const auto& alias = made["AProvConcLambdaAlias"]["Properties"];
  CHECK(alias["Name"] == "provisioned");
  CHECK(alias["ProvisionedConcurrencyConfig"]["ProvisionedConcurrentExecutions"] == 3);
  const auto version = alias["FunctionVersion"]["Fn::GetAtt"][0].get<std::string>();
  CHECK(version.starts_with("ALambdaVersion"));
  CHECK(made[version]["Type"] == "AWS::Lambda::Version");
  CHECK(made["HttpApiIntegrationA"]["Properties"]["IntegrationUri"]["Ref"] == "AProvConcLambdaAlias");
  const auto named =
      resources("", "    timeout: 9\n    provisionedConcurrency: {executions: 3, alias: live}\n");
  CHECK(named["AProvConcLambdaAlias"]["Properties"]["Name"] == "live");
  CHECK(!named.contains(version));  // another configuration, another version
}

TEST_CASE("a function's SnapStart, runtime management and recursive loop are its properties") {
  const auto made =
      resources("  runtimeManagement: onFunctionUpdate\n", "    snapStart: true\n    recursiveLoop: Allow\n");
  const auto& properties = made["ALambdaFunction"]["Properties"];
  CHECK(properties["SnapStart"] == Json{{"ApplyOn", "PublishedVersions"}});
  CHECK(properties["RecursiveLoop"] == "Allow");
  CHECK(properties["RuntimeManagementConfig"] == Json{{"UpdateRuntimeOn", "FunctionUpdate"}});
  const auto manual =
      resources("", "    runtimeManagement: {mode: manual, arn: 'arn:x'}\n    snapStart: false\n");
  CHECK(manual["ALambdaFunction"]["Properties"]["RuntimeManagementConfig"] ==
        Json{{"UpdateRuntimeOn", "Manual"}, {"RuntimeVersionArn", "arn:x"}});
  CHECK_FALSE(manual["ALambdaFunction"]["Properties"].contains("SnapStart"));
  CHECK(error("", "    recursiveLoop: never\n")
            .contains("functions.a.recursiveLoop must be Allow or Terminate"));
  CHECK(error("", "    runtimeManagement: weekly\n").contains("functions.a.runtimeManagement must be auto"));
}

TEST_CASE("a layer is its directory, or its artifact") {
  const test::Folder folder;
  std::filesystem::create_directory(folder.path() / "shared");
  const auto compiled = deploy::compile_serverless(
      parse_yaml("service: s\nprovider: {name: aws}\nlayers:\n  my-tools:\n    path: shared\n    "
                 "compatibleRuntimes: [nodejs20.x]\n    allowedAccounts: ['*']\n",
                 "serverless.yml"),
      {.directory = folder.path()});
  const auto made = compiled.stack_template.find("Resources")->json();
  const auto& layer = made["MyDashtoolsLambdaLayer"]["Properties"];
  CHECK(layer["LayerName"] == "my-tools");
  CHECK(layer["Content"]["S3Key"] == (folder.path() / "shared").string());
  CHECK(layer["CompatibleRuntimes"][0] == "nodejs20.x");
  CHECK(made["MyDashtoolsWildLambdaLayerPermission"]["Properties"]["Principal"] == "*");
  CHECK(error("", "", "layers:\n  a: {path: none}\n") ==
        "serverless.yml:9: layers.a.path must name the layer's directory");
}

TEST_CASE("the role takes the user's statements, or is the user's own") {
  const auto role = resources(
      "  iam:\n    role:\n      name: mine\n      path: /p/\n      managedPolicies: [arn:x]\n      "
      "statements:\n"
      "        - {Effect: Allow, Action: 's3:*', Resource: '*'}\n",
      "")["IamRoleLambdaExecution"]["Properties"];
  CHECK(role["RoleName"] == "mine");
  CHECK(role["Path"] == "/p/");
  CHECK(role["ManagedPolicyArns"] == Json::array({"arn:x"}));
  CHECK(role["Policies"][0]["PolicyDocument"]["Statement"][2]["Action"] == "s3:*");
  const auto own = resources("  iam: {role: 'arn:aws:iam::000000000000:role/x'}\n", "");
  CHECK_FALSE(own.contains("IamRoleLambdaExecution"));
  CHECK(own["ALambdaFunction"]["Properties"]["Role"] == "arn:aws:iam::000000000000:role/x");
  const auto logical = resources("", "    role: MyRole\n")["ALambdaFunction"];
  CHECK(logical["Properties"]["Role"] == Json{{"Fn::GetAtt", {"MyRole", "Arn"}}});
  CHECK(logical["DependsOn"] == Json{"ALogGroup", "MyRole"});
}

TEST_CASE("the user's resources merge over ours, and extensions into them") {
  const auto t =
      compile(
          service(
              "", "",
              "resources:\n  - Resources: {Q: {Type: AWS::SQS::Queue}}\n    Conditions: {C: !Equals [a, a]}\n"
              "  - Outputs: {Q: {Value: !Sub '${Q}-${self:service}'}}\n    extensions:\n"
              "      ALambdaFunction: {Properties: {MemorySize: 111}, DependsOn: Q, DeletionPolicy: "
              "Retain}\n"))
          .stack_template.json();
  CHECK(t["Resources"]["ALambdaFunction"]["Properties"]["MemorySize"] == 111);
  CHECK(t["Resources"]["ALambdaFunction"]["DependsOn"] == Json{"ALogGroup", "Q"});
  CHECK(t["Resources"]["ALambdaFunction"]["DeletionPolicy"] == "Retain");
  CHECK(t["Outputs"]["Q"]["Value"] == Json{{"Fn::Sub", "${Q}-shop"}});
  CHECK(t["Conditions"]["C"] == Json{{"Fn::Equals", {"a", "a"}}});
}

TEST_CASE("a prebuilt artifact goes along as its bytes") {
  const test::Folder folder;
  folder.write("a.zip", "PK!");
  const auto yaml = service("", "    package: {artifact: a.zip}\n");
  CHECK(compile(yaml, {.directory = folder.path()})
            .stack_template.json()["Resources"]["ALambdaFunction"]["Properties"]["Code"] ==
        Json{{"ZipFile", "UEsh"}});
  CHECK(error("", "    package: {artifact: none.zip}\n") ==
        "serverless.yml:8: the artifact none.zip does not exist; build it first");
}

TEST_CASE("stage and region of the command line win") {
  const auto compiled =
      compile(service("  stage: qa\n  region: eu-west-1\n", ""),
              {.directory = "/project", .options = {{"stage", "prod"}, {"region", "us-west-2"}}});
  CHECK(compiled.stack_name == "shop-prod");
  CHECK(compiled.region == "us-west-2");
}

TEST_CASE("a bad event is one line saying where, what, and what to write instead") {
  const Case cases[] = {
      {"", "    events:\n      - sns: arn:x\n", "",
       "serverless.yml:9: functions.a.events.sns is not supported yet"},
      {"", "    events:\n      - htpApi: '*'\n", "",
       "serverless.yml:9: unknown property \"htpApi\" in functions.a.events; did you mean \"httpApi\"?"},
      {"", "    events:\n      - httpApi: /x\n", "",
       "serverless.yml:9: functions.a httpApi: \"/x\" has no method; write 'GET /x' or '* /x'"},
      {"", "    events:\n      - httpApi: FETCH /x\n", "",
       "serverless.yml:9: functions.a httpApi: unknown method \"FETCH\"; known are GET, POST, PUT, PATCH, "
       "OPTIONS, HEAD, DELETE, ANY"},
      {"", "    events:\n      - httpApi: {method: get}\n", "",
       "serverless.yml:9: functions.a httpApi has no path; write path: /things/{id}"},
      {"", "    events:\n      - httpApi: GET /x\n      - httpApi: get /x\n", "",
       "serverless.yml:10: the route 'GET /x' of functions.a is already given in line 9; remove one of them"},
      {"", "    events: {httpApi: '*'}\n", "",
       "serverless.yml:8: functions.a.events must be a list, not a mapping"},
  };
  check(cases);
}

TEST_CASE("a bad block or property is one line saying where, what, and what to write instead") {
  const Case cases[] = {
      {"  runtime2: x\n", "", "",
       "serverless.yml:5: unknown property \"runtime2\" in provider; did you mean \"runtime\"?"},
      {"", "    timout: 3\n", "",
       "serverless.yml:8: unknown property \"timout\" in functions.a; did you mean \"timeout\"?"},
      {"", "", "step: 1\n",
       "serverless.yml:8: unknown property \"step\"; supported are service, provider, functions, resources, "
       "custom, params, package, plugins, useDotenv, layers"},
      {"", "    runtime: nodejs99.x\n", "",
       "serverless.yml:8: unknown runtime \"nodejs99.x\"; supported are "
       "nodejs18.x, nodejs20.x, nodejs22.x, nodejs24.x, python3.9, python3.10, python3.11, python3.12, "
       "python3.13, provided.al2, provided.al2023"},
      {"  tags: [a]\n", "", "", "serverless.yml:5: provider.tags must be a mapping, not a list"},
      {"  tracing: true\n", "", "", "serverless.yml:5: provider.tracing must be a mapping, not a boolean"},
      {"  vpc: {subnets: [a]}\n", "", "",
       "serverless.yml:5: unknown property \"subnets\" in provider.vpc; did you mean \"subnetIds\"?"},
      {"", "  b: {handler: h.run}\n", "package: {patern: [x]}\n",
       "serverless.yml:9: unknown property \"patern\" in package; did you mean \"patterns\"?"},
      {"", "", "plugins: {modules: [], localPath: ./p}\n",
       "serverless.yml:8: plugins.localPath is not supported yet"},
      {"", "    memorySize: lots\n", "",
       "serverless.yml:8: functions.a.memorySize must be a number, not \"lots\""},
      {"", "    description: [x]\n", "",
       "serverless.yml:8: functions.a.description must be text, not a list"},
      {"", "    environment: {A: [1]}\n", "",
       "serverless.yml:8: the environment variable A must be text, not a list"},
      {"", "    tracing: sometimes\n", "",
       "serverless.yml:8: functions.a.tracing must be true, false, Active or PassThrough, not \"sometimes\""},
      {"", "    destinations: {onFailure: b}\n", "",
       "serverless.yml:8: functions.a.destinations.onFailure: there is no function \"b\""},
      {"", "  b:\n    memorySize: 128\n", "",
       "serverless.yml:8: functions.b has no handler; write handler: file.function"},
      {"", "  b: h.run\n", "", "serverless.yml:8: functions.b must be a mapping with a handler, not text"},
      {"", "", "plugins:\n  - serverless-step-functions\n",
       "serverless.yml:9: the plugin serverless-step-functions is not supported; it may change what is "
       "deployed. Known are serverless-offline, serverless-localstack, serverless-esbuild, "
       "serverless-plugin-typescript, serverless-webpack, serverless-bundle, serverless-python-requirements, "
       "serverless-prune-plugin, serverless-deployment-bucket"},
      {"  stackName: my_stack\n", "", "",
       "serverless.yml:5: \"my_stack\" is no name for a stack; use letters, digits and '-', beginning with a "
       "letter, at most 128"},
      {"  httpApi: {payload: '3.0'}\n", "    events:\n      - httpApi: '*'\n", "",
       "serverless.yml:5: provider.httpApi.payload must be '1.0' or '2.0', not \"3.0\""},
      {"", "", "resources:\n  extensions:\n    Nope: {Properties: {A: 1}}\n",
       "serverless.yml:10: Cannot extend \"Nope\" resource, as it's not found in generated stack"},
      {"  iam: {role: {statement: []}}\n", "", "",
       "serverless.yml:5: unknown property \"statement\" in provider.iam.role; did you mean \"statements\"?"},
  };
  check(cases);
  CHECK(refused([] { compile("provider: {name: aws}\n"); }) ==
        "serverless.yml:1: service must name the project; write service: my-service");
  CHECK(refused([] { compile("service: s\nprovider: {name: azure}\n"); }) ==
        "serverless.yml:2: provider.name must be aws");
  CHECK(refused([] { compile("just text\n"); }) ==
        "serverless.yml:1: this file must be a mapping with service, provider and functions, not text");
}

TEST_CASE("everything that is wrong is said at once") {
  CHECK(error("  a: 1\n", "    timout: 3\n    handlr: x\n") ==
        "serverless.yml:5: unknown property \"a\" in provider; supported are name, runtime, stage, region, "
        "stackName, memorySize, timeout, "
        "environment, httpApi, iam, role, iamRoleStatements, iamManagedPolicies, rolePermissionsBoundary, "
        "tags, tracing, vpc, kmsKeyArn, "
        "layers, architecture, logRetentionInDays, apiGateway, apiName, endpointType, logs, "
        "runtimeManagement\n"
        "serverless.yml:9: unknown property \"timout\" in functions.a; did you mean \"timeout\"?\n"
        "serverless.yml:10: unknown property \"handlr\" in functions.a; did you mean \"handler\"?");
}

TEST_CASE("an sqs event is a mapping of its queue, which the role may read") {
  const auto made = resources(
      "",
      "    events:\n      - sqs:\n          arn: {Fn::GetAtt: [OrderQueue, Arn]}\n          batchSize: 5\n"
      "          maximumBatchingWindow: 3\n          functionResponseType: ReportBatchItemFailures\n"
      "          filterPatterns:\n            - a: [1]\n          maximumConcurrency: 2\n"
      "      - sqs: arn:aws:sqs:us-east-1:000000000000:my-queue\n");
  const Json arn{{"Fn::GetAtt", {"OrderQueue", "Arn"}}};
  const auto& first = made["AEventSourceMappingSQSOrderQueue"];
  CHECK(first["Type"] == "AWS::Lambda::EventSourceMapping");
  CHECK(first["Properties"] == Json{{"BatchSize", 5},
                                    {"MaximumBatchingWindowInSeconds", 3},
                                    {"EventSourceArn", arn},
                                    {"FunctionName", {{"Fn::GetAtt", {"ALambdaFunction", "Arn"}}}},
                                    {"Enabled", true},
                                    {"FunctionResponseTypes", {"ReportBatchItemFailures"}},
                                    {"FilterCriteria", {{"Filters", {{{"Pattern", R"({"a":[1]})"}}}}}},
                                    {"ScalingConfig", {{"MaximumConcurrency", 2}}}});
  const auto& second = made["AEventSourceMappingSQSMyqueue"];
  CHECK(second["Properties"]["BatchSize"] == 10);
  const auto statements =
      made["IamRoleLambdaExecution"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
  CHECK(statements.back()["Action"] ==
        Json{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"});
  CHECK(statements.back()["Resource"] == Json{arn, "arn:aws:sqs:us-east-1:000000000000:my-queue"});
}

TEST_CASE("a stream event is a mapping of its table's stream, from its beginning on") {
  const auto made =
      resources("",
                "    events:\n      - stream:\n          type: dynamodb\n          arn: {Fn::GetAtt: "
                "[Orders, StreamArn]}\n"
                "          bisectBatchOnFunctionError: true\n          maximumRetryAttempts: 2\n"
                "          destinations: {onFailure: arn:aws:sqs:us-east-1:000000000000:bad}\n"
                "      - stream: arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/1\n");
  const auto& properties = made["AEventSourceMappingDynamodbOrders"]["Properties"];
  CHECK(properties["StartingPosition"] == "TRIM_HORIZON");
  CHECK(properties["BatchSize"] == 10);
  CHECK(properties["ParallelizationFactor"] == 1);
  CHECK(properties["BisectBatchOnFunctionError"] == true);
  CHECK(properties["MaximumRetryAttempts"] == 2);
  CHECK(properties["DestinationConfig"]["OnFailure"]["Destination"] ==
        "arn:aws:sqs:us-east-1:000000000000:bad");
  CHECK(made.contains("AEventSourceMappingDynamodbTab"));
  CHECK(error("", "    events:\n      - stream: {type: kinesis, arn: 'arn:x'}\n") ==
        "serverless.yml:9: functions.a stream: streams of Kinesis are not supported yet");
  CHECK(error("", "    events:\n      - sqs: {batchSize: 1}\n") ==
        "serverless.yml:9: functions.a sqs has no arn; write the ARN of its source");
}

TEST_CASE("destinations, age and retries of a function are its EventInvokeConfig") {
  const auto made = resources(
      "",
      "    maximumEventAge: 60\n    maximumRetryAttempts: 0\n    destinations:\n      onSuccess: b\n"
      "      onFailure: {type: sqs, arn: {Fn::GetAtt: [Bad, Arn]}}\n  b:\n    handler: h.b\n");
  CHECK(made["ALambdaEvConf"]["Properties"] ==
        Json{{"FunctionName", {{"Ref", "ALambdaFunction"}}},
             {"Qualifier", "$LATEST"},
             {"MaximumEventAgeInSeconds", 60},
             {"MaximumRetryAttempts", 0},
             {"DestinationConfig",
              {{"OnSuccess", {{"Destination", {{"Fn::GetAtt", {"BLambdaFunction", "Arn"}}}}}},
               {"OnFailure", {{"Destination", {{"Fn::GetAtt", {"Bad", "Arn"}}}}}}}}});
  const auto statements =
      made["IamRoleLambdaExecution"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
  CHECK(statements[statements.size() - 2]["Resource"][0]["Fn::Sub"] ==
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:shop-dev-b");
  CHECK(error("", "    destinations: {onSuccess: nobody}\n") ==
        "serverless.yml:8: functions.a.destinations.onSuccess: there is no function \"nobody\"");
}

TEST_CASE("http events are a REST API with its resources, methods, preflight and deployment") {
  const auto made = resources(
      "",
      "    events:\n      - http: 'GET orders/{id}'\n      - http: {path: '/orders/{id}', method: put, "
      "cors: true, "
      "private: true, request: {parameters: {querystrings: {q: true}}}}\n      - http: any /\n");
  CHECK(made["ApiGatewayRestApi"]["Properties"]["Name"] == "dev-shop");
  CHECK(made["ApiGatewayResourceOrders"]["Properties"]["ParentId"] ==
        Json{{"Fn::GetAtt", {"ApiGatewayRestApi", "RootResourceId"}}});
  CHECK(made["ApiGatewayResourceOrdersIdVar"]["Properties"]["PathPart"] == "{id}");
  CHECK(made["ApiGatewayResourceOrdersIdVar"]["Properties"]["ParentId"] ==
        Json{{"Ref", "ApiGatewayResourceOrders"}});
  const auto& get = made["ApiGatewayMethodOrdersIdVarGet"]["Properties"];
  CHECK(get["HttpMethod"] == "GET");
  CHECK(get["ApiKeyRequired"] == false);
  CHECK(get["Integration"]["Type"] == "AWS_PROXY");
  const auto& put = made["ApiGatewayMethodOrdersIdVarPut"]["Properties"];
  CHECK(put["ApiKeyRequired"] == true);
  CHECK(put["RequestParameters"] ==
        Json{{"method.request.querystring.q", true}, {"method.request.path.id", true}});
  const auto& options = made["ApiGatewayMethodOrdersIdVarOptions"]["Properties"]["Integration"];
  CHECK(options["RequestTemplates"] == Json{{"application/json", "{statusCode:200}"}});
  CHECK(options["IntegrationResponses"][0]["ResponseParameters"]
               ["method.response.header.Access-Control-Allow-Methods"] == "'OPTIONS,PUT'");
  CHECK(made["ApiGatewayMethodAny"]["Properties"]["ResourceId"] ==
        Json{{"Fn::GetAtt", {"ApiGatewayRestApi", "RootResourceId"}}});
  CHECK(made.contains("ALambdaPermissionApiGateway"));
  int deployments = 0;
  for (const auto& [id, resource] : made.items())
    if (resource["Type"] == "AWS::ApiGateway::Deployment") {
      ++deployments;
      CHECK(id.starts_with("ApiGatewayDeployment"));
      CHECK(resource["Properties"]["StageName"] == "dev");
      CHECK(resource["DependsOn"].size() == 4);
    }
  CHECK(deployments == 1);
}

TEST_CASE("keys, a usage plan and a function that authorizes come with http events") {
  const auto made = resources(
      "  apiGateway: {apiKeys: [one, {name: two, value: aaaaaaaaaaaaaaaaaaaaaaaa}], usagePlan: {quota: "
      "{limit: 5, period: DAY}, throttle: {rateLimit: 2, burstLimit: 3}}}\n",
      "    events:\n      - http: {path: x, method: get, authorizer: {name: a, type: request, "
      "resultTtlInSeconds: 0}}\n");
  CHECK(made["ApiGatewayApiKey1"]["Properties"]["Name"] == "one");
  CHECK(made["ApiGatewayApiKey2"]["Properties"]["Value"] == "aaaaaaaaaaaaaaaaaaaaaaaa");
  CHECK(made["ApiGatewayUsagePlan"]["Properties"]["Quota"] == Json{{"Limit", 5}, {"Period", "DAY"}});
  CHECK(made["ApiGatewayUsagePlan"]["Properties"]["Throttle"] == Json{{"RateLimit", 2}, {"BurstLimit", 3}});
  CHECK(made["ApiGatewayUsagePlanKey2"]["Properties"]["KeyId"] == Json{{"Ref", "ApiGatewayApiKey2"}});
  CHECK(made["AApiGatewayAuthorizer"]["Properties"]["Type"] == "REQUEST");
  CHECK(made["ApiGatewayMethodXGet"]["Properties"]["AuthorizerId"] == Json{{"Ref", "AApiGatewayAuthorizer"}});
}
