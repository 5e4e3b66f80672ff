// Sentry's Lambda extension as its npm package carries it, in a layer, beside a function with Sentry's SDK: what the function
// reports goes through the extension's tunnel in the environment to the (here: our own) Sentry server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { library, sdk, startEmu } from "./emu.mjs";
import { bundled, createFunction, invoke, portIsFree, startCollector, zipped } from "./functions.mjs";

const { DeleteFunctionCommand, LambdaClient, PublishLayerVersionCommand } = sdk("@aws-sdk/client-lambda");

const kCode = `
import * as Sentry from "@sentry/aws-serverless";
Sentry.init({ dsn: process.env.SENTRY_DSN, tunnel: "http://localhost:9000/envelope" });
export const handler = Sentry.wrapHandler(async (event) => {
  if (event.broken) throw new Error("order " + event.broken + " is broken");
  return "fine";
});`;

// The extension listens on this port of the machine, whoever else may want it.
const skip = !(await portIsFree(9000)) && "port 9000, which the extension listens on, is taken";

let emu, client, server;
before(async () => {
  if (skip) return;
  server = await startCollector();
  emu = await startEmu();
  client = new LambdaClient(emu.config);
  const folder = join(dirname(library.resolve("electrodb/package.json")), "../@sentry/aws-serverless/build/lambda-extension");
  const file = (name) => ({ text: readFileSync(join(folder, name), "utf8"), mode: 0o755 });
  const layer = await client.send(new PublishLayerVersionCommand({ LayerName: "sentry", Content: { ZipFile: zipped({
    "extensions/sentry-extension": file("sentry-extension"), "sentry-extension/index.mjs": file("index.mjs"),
  }) } }));
  await createFunction(client, "watched", "", {
    Layers: [layer.LayerVersionArn], Code: { ZipFile: zipped({ "index.js": bundled(kCode) }) }, MemorySize: 512,
    Environment: { Variables: { SENTRY_DSN: `http://key@${server.address}/1` } },
  });
});
after(async () => {
  client?.destroy();
  await emu?.stop();
  server?.close();
});

test("an error of the function reaches Sentry through the extension, and the next invocation is fine", { skip }, async () => {
  const failed = await invoke(client, "watched", { broken: 7 });
  assert.equal(failed.error, "Unhandled", failed.log);
  assert.equal(failed.payload.errorMessage, "order 7 is broken", failed.log);
  assert.equal((await invoke(client, "watched", {})).payload, "fine");
  const deadline = Date.now() + 30_000;
  const report = () => server.posts.find(({ bytes }) => bytes.includes("order 7 is broken"));
  while (!report() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(report()?.path ?? "nothing came", /^\/api\/1\/envelope\/\?.*sentry_key=key/);
  assert.match(report().bytes.toString(), /"type":"event"/);
});

test("an extension that does not end at SHUTDOWN is ended: its port is free again", { skip }, async () => {
  await client.send(new DeleteFunctionCommand({ FunctionName: "watched" }));
  const deadline = Date.now() + 30_000;
  while (!(await portIsFree(9000))) {
    assert.ok(Date.now() < deadline, "the extension still listens");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
