// Versions, aliases, layers, provisioned concurrency and streaming function URLs through AWS SDK v3 for JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sdk, startEmu } from "./emu.mjs";
import { zipped } from "./functions.mjs";

const {
  AddPermissionCommand, CreateAliasCommand, CreateFunctionCommand, CreateFunctionUrlConfigCommand, GetFunctionRecursionConfigCommand,
  GetProvisionedConcurrencyConfigCommand, GetRuntimeManagementConfigCommand, InvokeCommand, LambdaClient, ListProvisionedConcurrencyConfigsCommand,
  PublishLayerVersionCommand, PublishVersionCommand, PutFunctionConcurrencyCommand, PutFunctionRecursionConfigCommand,
  PutProvisionedConcurrencyConfigCommand, TooManyRequestsException, UpdateFunctionConfigurationCommand, waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2, waitUntilPublishedVersionActive,
} = sdk("@aws-sdk/client-lambda");

let emu, client;
before(async () => {
  emu = await startEmu();
  client = new LambdaClient({ ...emu.config, maxAttempts: 1 });
});
after(async () => {
  client?.destroy();
  await emu?.stop();
});

const send = (command) => client.send(command);
const patience = () => ({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 });

async function create(FunctionName, code, more = {}) {
  await send(new CreateFunctionCommand({
    FunctionName, Runtime: "nodejs20.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/any",
    Code: { ZipFile: zipped({ "index.mjs": code }) }, ...more,
  }));
  await waitUntilFunctionActiveV2(patience(), { FunctionName });
  return FunctionName;
}

test("versions, aliases and their waiters", async () => {
  const FunctionName = await create("versions", "export const handler = async () => process.env.AWS_LAMBDA_FUNCTION_VERSION;");
  await send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5 }));
  await waitUntilFunctionUpdatedV2(patience(), { FunctionName });
  const { Version } = await send(new PublishVersionCommand({ FunctionName }));
  await waitUntilPublishedVersionActive(patience(), { FunctionName, Qualifier: Version });
  await send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: Version }));
  const reply = await send(new InvokeCommand({ FunctionName: `${FunctionName}:live` }));
  assert.deepEqual([reply.ExecutedVersion, JSON.parse(Buffer.from(reply.Payload))], ["1", "1"]);
  await send(new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: "live", ProvisionedConcurrentExecutions: 1 }));
  for (let tries = 0; ; ++tries) {
    const { Status } = await send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: "live" }));
    if (Status === "READY") break;
    assert.ok(tries < 100, Status);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const listed = await send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }));
  assert.equal(listed.ProvisionedConcurrencyConfigs.length, 1);
});

test("recursion and runtime management", async () => {
  const FunctionName = await create("managed", "export const handler = async () => 1;");
  await send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: "Allow" }));
  assert.equal((await send(new GetFunctionRecursionConfigCommand({ FunctionName }))).RecursiveLoop, "Allow");
  assert.equal((await send(new GetRuntimeManagementConfigCommand({ FunctionName }))).UpdateRuntimeOn, "Auto");
});

test("a throttle is a TooManyRequestsException with its reason", async () => {
  const FunctionName = await create("closed", "export const handler = async () => 1;");
  await send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await assert.rejects(send(new InvokeCommand({ FunctionName })), (error) => {
    assert.ok(error instanceof TooManyRequestsException);
    assert.deepEqual([error.Reason, error.message], ["ReservedFunctionConcurrentInvocationLimitExceeded", "Rate Exceeded."]);
    return true;
  });
});

test("a layer is published and used", async () => {
  const { LayerVersionArn } = await send(new PublishLayerVersionCommand({
    LayerName: "words", Content: { ZipFile: zipped({ "words.txt": "hello" }) } }));
  const FunctionName = await create("layered", "export const handler = async () => 1;", { Layers: [LayerVersionArn] });
  assert.equal((await send(new InvokeCommand({ FunctionName }))).StatusCode, 200);
});

test("a function URL streams what the function writes, behind the head it gave", async () => {
  const FunctionName = await create("stream", `
    export const handler = awslambda.streamifyResponse(async (event, out) => {
      out = awslambda.HttpResponseStream.from(out, { statusCode: 201, headers: { "x-kind": "stream" }, cookies: ["a=1"] });
      for (const piece of ["one", "two", "three"]) {
        out.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      out.end();
    });`);
  await send(new AddPermissionCommand({ FunctionName, StatementId: "url", Action: "lambda:InvokeFunctionUrl", Principal: "*",
    FunctionUrlAuthType: "NONE" }));
  await send(new AddPermissionCommand({ FunctionName, StatementId: "call", Action: "lambda:InvokeFunction", Principal: "*" }));
  const { FunctionUrl } = await send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE", InvokeMode: "RESPONSE_STREAM" }));
  const id = new URL(FunctionUrl).host.split(".")[0];
  const reply = await fetch(`${emu.url}/_aws/lambda-url/${id}/`);
  assert.deepEqual([reply.status, reply.headers.get("x-kind"), reply.headers.get("set-cookie")], [201, "stream", "a=1"]);
  const pieces = [];
  for await (const piece of reply.body) pieces.push(Buffer.from(piece).toString());
  assert.equal(pieces.join(""), "onetwothree");
  assert.ok(pieces.length > 1, "it came in one piece");
});
