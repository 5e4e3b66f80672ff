// Frameworks behind the gateway, unmodified: Express by serverless-http, Hono by its own adapter for Lambda, on an HTTP
// API and on a REST API: routing, cookies, JSON, form, binary download and upload.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { library, sdk, startEmu } from "./emu.mjs";
import { zipped } from "./functions.mjs";

const { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } = sdk("@aws-sdk/client-lambda");
const esbuild = sdk("esbuild");
const modules = dirname(dirname(library.resolve("express/package.json")));
let emu, lambda;

before(async () => {
  emu = await startEmu();
  lambda = new LambdaClient(emu.config);
});
after(async () => {
  lambda?.destroy();
  await emu?.stop();
});

const kExpress = `
import express from "express";
import serverless from "serverless-http";
const app = express();
app.use(express.json(), express.urlencoded({ extended: false }), express.raw({ type: "application/octet-stream" }));
app.get("/hello/:name", (q, r) => r.json({ hello: q.params.name, tags: q.query.tag, host: q.hostname }));
app.post("/json", (q, r) => r.status(201).json(q.body));
app.post("/form", (q, r) => r.json(q.body));
app.post("/bytes", (q, r) => r.type("application/octet-stream").send(q.body));
app.get("/cookies", (q, r) => { r.cookie("a", "1"); r.cookie("b", "2"); r.json({ got: q.headers.cookie ?? null }); });
app.get("/png", (q, r) => r.type("image/png").send(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255])));
app.get("/moved", (q, r) => r.redirect("/hello/x"));
export const handler = serverless(app, { binary: ["image/*", "application/octet-stream"] });
`;
const kHono = `
import { Hono } from "hono";
import { setCookie, getCookie } from "hono/cookie";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name"), tags: c.req.queries("tag") }));
app.post("/json", async (c) => c.json(await c.req.json(), 201));
app.post("/form", async (c) => c.json(await c.req.parseBody()));
app.post("/bytes", async (c) => c.body(await c.req.arrayBuffer(), 200, { "content-type": "application/octet-stream" }));
app.get("/cookies", (c) => { setCookie(c, "a", "1"); setCookie(c, "b", "2"); return c.json({ got: getCookie(c) }); });
app.get("/png", (c) => c.body(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 255]), 200, { "content-type": "image/png" }));
app.get("/moved", (c) => c.redirect("/hello/x"));
export const handler = handle(app);
`;

// As a user deploys it: one bundle.
async function deployed(FunctionName, code) {
  const folder = mkdtempSync(join(tmpdir(), "emu-frameworks-"));
  writeFileSync(join(folder, "in.mjs"), code);
  esbuild.buildSync({ entryPoints: [join(folder, "in.mjs")], outfile: join(folder, "out.js"), bundle: true, platform: "node", target: "node20", nodePaths: [modules] });
  const ZipFile = zipped({ "index.js": readFileSync(join(folder, "out.js"), "utf8") });
  rmSync(folder, { recursive: true });
  await lambda.send(new CreateFunctionCommand({
    FunctionName, Runtime: "nodejs20.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/any", Timeout: 20, MemorySize: 512, Code: { ZipFile },
  }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { FunctionName });
}

const kArn = "arn:aws:lambda:us-east-1:000000000000:function:";
const control = async (method, path, body) => {
  const signed = { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host, Signature=0" };
  const reply = await fetch(emu.url + path, { method, body: body && JSON.stringify(body), headers: signed });
  assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${await reply.clone().text()}`);
  return reply.json();
};
async function httpApi(name) {
  const { apiId } = await control("POST", "/v2/apis", { name, protocolType: "HTTP", target: kArn + name });
  return `${emu.url}/_aws/execute-api/${apiId}`;
}
async function restApi(name) {
  const { id, rootResourceId } = await control("POST", "/restapis", { name, binaryMediaTypes: ["*/*"] });
  const proxy = await control("POST", `/restapis/${id}/resources/${rootResourceId}`, { pathPart: "{proxy+}" });
  const method = `/restapis/${id}/resources/${proxy.id}/methods/ANY`;
  await control("PUT", method, { authorizationType: "NONE" });
  await control("PUT", `${method}/integration`, { type: "AWS_PROXY", httpMethod: "POST", uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${kArn}${name}/invocations` });
  await control("POST", `/restapis/${id}/deployments`, { stageName: "prod" });
  return `${emu.url}/restapis/${id}/prod/_user_request_`;
}

async function exercise(base) {
  const hello = await fetch(`${base}/hello/J%20Doe?tag=a&tag=b`);
  assert.equal(hello.status, 200);
  assert.equal((await hello.json()).hello, "J Doe");
  const json = await fetch(`${base}/json`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"x":"é"}' });
  assert.equal(json.status, 201);
  assert.deepEqual(await json.json(), { x: "é" });
  const form = await fetch(`${base}/form`, { method: "POST", body: new URLSearchParams({ a: "1 2", b: "ü" }) });
  assert.deepEqual(await form.json(), { a: "1 2", b: "ü" });
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const echoed = await fetch(`${base}/bytes`, { method: "POST", headers: { "content-type": "application/octet-stream", accept: "*/*" }, body: bytes });
  assert.deepEqual(new Uint8Array(await echoed.arrayBuffer()), bytes);
  const cookies = await fetch(`${base}/cookies`, { headers: { cookie: "s=1; t=2" } });
  assert.deepEqual(cookies.headers.getSetCookie().map((c) => c.split(";")[0]), ["a=1", "b=2"]);
  assert.match(JSON.stringify((await cookies.json()).got), /s.*1.*t.*2/);
  const png = await fetch(`${base}/png`, { headers: { accept: "image/png" } });
  assert.equal(png.headers.get("content-type"), "image/png");
  assert.deepEqual([...new Uint8Array(await png.arrayBuffer())], [0x89, 0x50, 0x4e, 0x47, 0, 255]);
  const moved = await fetch(`${base}/moved`, { redirect: "manual" });
  assert.equal(moved.status, 302);
  assert.equal(moved.headers.get("location"), "/hello/x");
  assert.equal((await fetch(`${base}/nowhere`)).status, 404);
}

for (const [name, code] of [["express", kExpress], ["hono", kHono]])
  test(`${name} behind an HTTP API and a REST API`, async () => {
    await deployed(name, code);
    await exercise(await httpApi(name));
    await exercise(await restApi(name));
  });
