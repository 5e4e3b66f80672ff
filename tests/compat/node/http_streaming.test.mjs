// Streamed responses through a function URL: what a framework writes reaches the client while it writes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sdk, startEmu } from "./emu.mjs";
import { bundled, zipped } from "./functions.mjs";

const { AddPermissionCommand, CreateFunctionCommand, CreateFunctionUrlConfigCommand, LambdaClient, waitUntilFunctionActiveV2 } = sdk("@aws-sdk/client-lambda");
let emu, lambda;

before(async () => {
  emu = await startEmu();
  lambda = new LambdaClient(emu.config);
});
after(async () => {
  lambda?.destroy();
  await emu?.stop();
});

const kStreaming = `
import { Hono } from "hono";
import { streamHandle } from "hono/aws-lambda";
import { setCookie } from "hono/cookie";
import { stream, streamSSE } from "hono/streaming";
const app = new Hono();
const pause = () => new Promise((resolve) => setTimeout(resolve, 150));
app.get("/lines", (c) => {
  c.header("content-type", "text/plain");
  setCookie(c, "a", "1");
  setCookie(c, "b", "2");
  return stream(c, async (out) => {
    for (let i = 0; i < 6; ++i) { await out.write(JSON.stringify({ i, at: Date.now() }) + "\\n"); await pause(); }
  });
});
app.get("/events", (c) => streamSSE(c, async (out) => {
  for (let i = 0; i < 3; ++i) { await out.writeSSE({ event: "tick", id: String(i), data: String(Date.now()) }); await pause(); }
}));
app.post("/echo", async (c) => { const text = await c.req.text(); return c.text(text.toUpperCase(), 201); });
export const handler = streamHandle(app);
`;

async function streamingUrl(FunctionName, code, InvokeMode) {
  await lambda.send(new CreateFunctionCommand({
    FunctionName, Runtime: "nodejs20.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/any", Timeout: 20, MemorySize: 512,
    Code: { ZipFile: zipped({ "index.js": bundled(code) }) },
  }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { FunctionName });
  const { FunctionUrl } = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE", InvokeMode }));
  await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: "url", Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionUrlAuthType: "NONE" }));
  await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: "function", Action: "lambda:InvokeFunction", Principal: "*", InvokedViaFunctionUrl: true }));
  return `${emu.url}/_aws/lambda-url/${new URL(FunctionUrl).hostname.split(".")[0]}`;
}

// What came, and when: [{ text, at }].
async function pieces(reply) {
  const out = [];
  const decoder = new TextDecoder();
  for await (const piece of reply.body) out.push({ text: decoder.decode(piece), at: Date.now() });
  return out;
}

test("Hono's stream comes to the client piece by piece, with its status, headers and cookies first", async () => {
  const base = await streamingUrl("hono-stream", kStreaming, "RESPONSE_STREAM");
  await (await fetch(`${base}/lines`)).text();  // warm
  const reply = await fetch(`${base}/lines`);
  const answered = Date.now();
  assert.equal(reply.headers.get("content-type"), "text/plain");
  assert.deepEqual(reply.headers.getSetCookie().map((c) => c.split(";")[0]), ["a=1", "b=2"]);
  const came = await pieces(reply);
  const lines = came.map(({ text }) => text).join("").trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ i }) => i), [0, 1, 2, 3, 4, 5]);
  assert.ok(answered < lines[5].at, "the headers came before the last line was written");
  assert.ok(came[0].at < lines[5].at && came.length > 2, "the first lines came before the last was written");
  const events = await pieces(await fetch(`${base}/events`));
  assert.match(events.map(({ text }) => text).join(""), /^(event: tick\ndata: \d+\nid: \d\n\n){3}$/);
  const echoed = await fetch(`${base}/echo`, { method: "POST", headers: { "content-type": "text/plain" }, body: "loud" });
  assert.deepEqual([echoed.status, await echoed.text()], [201, "LOUD"]);
});

test("behind a URL that buffers, the same application answers whole", async () => {
  const base = await streamingUrl("hono-whole", kStreaming, "BUFFERED");
  const reply = await fetch(`${base}/lines`);
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get("content-type"), "text/plain");
  assert.equal((await reply.text()).trim().split("\n").length, 6);
});
