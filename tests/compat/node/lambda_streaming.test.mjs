// InvokeWithResponseStream through AWS SDK v3: a streaming Node function's chunks come while it writes them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sdk, startEmu } from "./emu.mjs";
import { createFunction } from "./functions.mjs";

const { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } = sdk("@aws-sdk/client-lambda");

let emu, client;
before(async () => {
  emu = await startEmu();
  client = new LambdaClient(emu.config);
});
after(async () => {
  client?.destroy();
  await emu?.stop();
});

const kTenChunks = `
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.setContentType("text/plain");
  for (let i = 0; i < 10; ++i) {
    stream.write(JSON.stringify({ i, at: Date.now() }) + "\\n");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (event.fail) throw new RangeError("half way");
  stream.end();
});`;

async function events(FunctionName, event, more = {}) {
  const reply = await client.send(new InvokeWithResponseStreamCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));
  const chunks = [];
  let complete;
  for await (const one of reply.EventStream) {
    if (one.PayloadChunk) chunks.push({ text: Buffer.from(one.PayloadChunk.Payload).toString(), at: Date.now() });
    if (one.InvokeComplete) complete = one.InvokeComplete;
  }
  return { reply, chunks, complete };
}

test("ten chunks written 100 ms apart reach the client within 20 ms each", async () => {
  await createFunction(client, "ten", kTenChunks);
  await events("ten", {});  // warm
  const { reply, chunks, complete } = await events("ten", {}, { LogType: "Tail" });
  assert.equal(reply.ResponseStreamContentType, "application/vnd.amazon.eventstream");
  assert.equal(reply.ExecutedVersion, "$LATEST");
  assert.equal(chunks.length, 10);
  for (const chunk of chunks) assert.ok(chunk.at - JSON.parse(chunk.text).at <= 20, `${chunk.at} ${chunk.text}`);
  assert.equal(complete.ErrorCode, undefined);
  assert.match(Buffer.from(complete.LogResult, "base64").toString(), /REPORT RequestId/);
});

test("an error after the first bytes comes with the end of the stream", async () => {
  await createFunction(client, "half", kTenChunks);
  const { chunks, complete } = await events("half", { fail: true });
  assert.equal(chunks.length, 10);
  assert.equal(JSON.parse(complete.ErrorDetails).errorMessage, "half way");
  assert.ok(complete.ErrorCode);
});

test("Invoke collects what a streaming function writes", async () => {
  await createFunction(client, "all", kTenChunks);
  const reply = await client.send(new InvokeCommand({ FunctionName: "all", Payload: "{}" }));
  assert.equal(Buffer.from(reply.Payload).toString().trim().split("\n").length, 10);
});

test("a function that does not stream answers in one chunk", async () => {
  await createFunction(client, "plain", "export const handler = async () => [1, 2];");
  const { chunks, complete } = await events("plain", {});
  assert.deepEqual(chunks.map((chunk) => chunk.text), ["[1,2]"]);
  assert.deepEqual([complete.ErrorCode, complete.LogResult], [undefined, undefined]);
});
