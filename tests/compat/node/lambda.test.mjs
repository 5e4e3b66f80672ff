// Lambda through AWS SDK v3 for JavaScript: create, wait, invoke in each way, page, fail.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sdk, startEmu } from "./emu.mjs";
import { zipped } from "./functions.mjs";

const {
  CreateFunctionCommand, DeleteFunctionCommand, InvokeCommand, LambdaClient, ResourceConflictException, ResourceNotFoundException,
  UpdateFunctionCodeCommand, paginateListFunctions, waitUntilFunctionActiveV2, waitUntilFunctionUpdatedV2,
} = sdk("@aws-sdk/client-lambda");

let emu, client;
before(async () => {
  emu = await startEmu();
  client = new LambdaClient(emu.config);
});
after(async () => {
  client?.destroy();
  await emu?.stop();
});

async function create(FunctionName, code) {
  await client.send(new CreateFunctionCommand({
    FunctionName, Runtime: "nodejs20.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/any",
    Code: { ZipFile: zipped({ "index.mjs": code }) },
  }));
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { FunctionName });
  return FunctionName;
}

const invoke = (FunctionName, event, more = {}) =>
  client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));
const parsed = (reply) => JSON.parse(Buffer.from(reply.Payload).toString());

test("a function is created, invoked and logged", async () => {
  const name = await create("sum", "export const handler = async (e) => { console.log('adding'); return e.a + e.b; };");
  const reply = await invoke(name, { a: 2, b: 3 }, { LogType: "Tail" });
  assert.deepEqual([reply.StatusCode, reply.ExecutedVersion, reply.FunctionError, parsed(reply)], [200, "$LATEST", undefined, 5]);
  const log = Buffer.from(reply.LogResult, "base64").toString();
  assert.match(log, /START RequestId: \S+ Version: \$LATEST\n/);
  assert.match(log, /\tINFO\tadding\n/);
  assert.match(log, /REPORT RequestId: \S+\tDuration: /);
});

test("a function that throws is a function error, not a request error", async () => {
  const name = await create("throws", "export const handler = async () => { throw new RangeError('too far'); };");
  const reply = await invoke(name, {});
  assert.deepEqual([reply.StatusCode, reply.FunctionError], [200, "Unhandled"]);
  const { errorType, errorMessage, trace } = parsed(reply);
  assert.deepEqual([errorType, errorMessage, trace[0]], ["RangeError", "too far", "RangeError: too far"]);
});

test("events and dry runs are accepted", async () => {
  const name = await create("accepted", "export const handler = async () => 1;");
  assert.equal((await invoke(name, {}, { InvocationType: "Event" })).StatusCode, 202);
  assert.equal((await invoke(name, {}, { InvocationType: "DryRun" })).StatusCode, 204);
});

test("updated code answers once the waiter says so", async () => {
  const FunctionName = await create("updated", "export const handler = async () => 'old';");
  assert.equal(parsed(await invoke(FunctionName, {})), "old");
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipped({ "index.mjs": "export const handler = async () => 'new';" }) }));
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { FunctionName });
  assert.equal(parsed(await invoke(FunctionName, {})), "new");
});

test("errors are typed exceptions with AWS's words", async () => {
  await assert.rejects(invoke("nobody", {}), (error) => {
    assert.ok(error instanceof ResourceNotFoundException);
    return error.message === "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody:$LATEST";
  });
  await create("taken", "export const handler = async () => 1;");
  await assert.rejects(create("taken", "export const handler = async () => 2;"), ResourceConflictException);
});

test("functions are listed page by page and deleted", async () => {
  for (const name of ["page-1", "page-2", "page-3"]) await create(name, "export const handler = async () => 1;");
  const seen = [];
  for await (const page of paginateListFunctions({ client, pageSize: 1 }, {})) seen.push(...page.Functions.map((f) => f.FunctionName));
  for (const name of ["page-1", "page-2", "page-3"]) assert.equal(seen.filter((n) => n === name).length, 1);
  const deleted = await client.send(new DeleteFunctionCommand({ FunctionName: "page-1" }));
  assert.equal(deleted.$metadata.httpStatusCode, 204);
  await assert.rejects(invoke("page-1", {}), ResourceNotFoundException);
});

test("twenty invocations at once all answer", async () => {
  const name = await create("at-once", "export const handler = async (n) => n * n;");
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => invoke(name, n)));
  assert.deepEqual(answers.map(parsed), Array.from({ length: 20 }, (_, n) => n * n));
});
