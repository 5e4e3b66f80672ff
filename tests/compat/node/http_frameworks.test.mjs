// Frameworks behind the gateway, unmodified, each by an adapter for Lambda from npm, on an HTTP API, a REST API and a
// function URL: routing, cookies, JSON, form, binary download, bytes and files uploaded.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { library, sdk, startEmu } from "./emu.mjs";
import { zipped } from "./functions.mjs";
import { webApps } from "./web_apps.mjs";

const { AddPermissionCommand, CreateFunctionCommand, CreateFunctionUrlConfigCommand, LambdaClient, waitUntilFunctionActiveV2 } = sdk("@aws-sdk/client-lambda");
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

// Like any image: a signature, a length, and bytes of every value.
const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i)), deflateSync(Buffer.alloc(999, 7))]);

// As a user deploys it: one bundle.
async function deployed(FunctionName, code) {
  const folder = mkdtempSync(join(tmpdir(), "emu-frameworks-"));
  writeFileSync(join(folder, "in.mjs"), code);
  esbuild.buildSync({ entryPoints: [join(folder, "in.mjs")], outfile: join(folder, "out.js"), bundle: true, platform: "node", target: "node20", nodePaths: [modules], logLevel: "error" });
  const ZipFile = zipped({ "index.js": readFileSync(join(folder, "out.js"), "utf8") });
  rmSync(folder, { recursive: true });
  await lambda.send(new CreateFunctionCommand({
    FunctionName, Runtime: "nodejs20.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/any", Timeout: 20, MemorySize: 512, Code: { ZipFile },
    Environment: { Variables: { PNG: png.toString("base64") } },
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
async function functionUrl(FunctionName) {
  const { FunctionUrl } = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }));
  await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: "url", Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionUrlAuthType: "NONE" }));
  await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: "function", Action: "lambda:InvokeFunction", Principal: "*", InvokedViaFunctionUrl: true }));
  return `${emu.url}/_aws/lambda-url/${new URL(FunctionUrl).hostname.split(".")[0]}`;
}

async function asksRoutes(base) {
  const hello = await fetch(`${base}/hello/J%20Doe?tag=a&tag=b`);
  assert.equal(hello.status, 200);
  assert.equal((await hello.json()).hello, "J Doe");
  assert.deepEqual((await (await fetch(`${base}/files/a/b/c.txt`)).json()).path, ["a", "b", "c.txt"]);
  const gone = await fetch(`${base}/things/7`, { method: "DELETE" });
  assert.deepEqual([gone.status, await gone.text()], [204, ""]);
  const moved = await fetch(`${base}/moved`, { redirect: "manual" });
  assert.deepEqual([moved.status, moved.headers.get("location")], [302, "/hello/x"]);
  const nowhere = await fetch(`${base}/nowhere`);
  assert.equal(nowhere.status, 404, await nowhere.text());
}

async function asksBodies(base) {
  const json = await fetch(`${base}/json`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"x":"é"}' });
  assert.equal(json.status, 201);
  assert.deepEqual(await json.json(), { x: "é" });
  const form = await fetch(`${base}/form`, { method: "POST", body: new URLSearchParams({ a: "1 2", b: "ü" }) });
  assert.deepEqual(await form.json(), { a: "1 2", b: "ü" });
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const echoed = await fetch(`${base}/bytes`, { method: "POST", headers: { "content-type": "application/octet-stream", accept: "*/*" }, body: bytes });
  assert.deepEqual(new Uint8Array(await echoed.arrayBuffer()), bytes);
}

async function asksFiles(base) {
  const upload = new FormData();
  upload.set("title", "Größe");
  upload.set("file", new File([png], "a picture.png", { type: "image/png" }));
  const uploaded = await fetch(`${base}/upload`, { method: "POST", body: upload });
  assert.deepEqual(await uploaded.json(), { title: "Größe", name: "a picture.png", type: "image/png", sha256: createHash("sha256").update(png).digest("hex") });
  const downloaded = await fetch(`${base}/png`, { headers: { accept: "image/png" } });
  assert.equal(downloaded.headers.get("content-type"), "image/png");
  assert.deepEqual(Buffer.from(await downloaded.arrayBuffer()), png);
}

async function asksCookies(base) {
  const reply = await fetch(`${base}/cookies`, { headers: { cookie: "s=1; t=2%203" } });
  const set = reply.headers.getSetCookie();
  assert.deepEqual(set.map((c) => c.split(";")[0]), ["a=1", "b=2"]);
  assert.match(set[0], /; HttpOnly/i);
  assert.deepEqual((await reply.json()).got, { s: "1", t: "2 3" });
}

const doors = { "an HTTP API": httpApi, "a REST API": restApi, "a function URL": functionUrl };
for (const [name, code] of Object.entries(webApps))
  test(`${name} behind ${Object.keys(doors).join(", ")}`, async (t) => {
    await deployed(name, code);
    for (const [door, make] of Object.entries(doors))
      await t.test(door, async () => {
        const base = await make(name);
        await asksRoutes(base);
        await asksBodies(base);
        await asksFiles(base);
        await asksCookies(base);
      });
  });
