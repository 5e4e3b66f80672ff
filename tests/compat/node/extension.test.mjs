// An extension as it is published: a Node program in a layer's extensions/ folder that registers, subscribes to the
// Telemetry API, receives by HTTP, and is told of the end. The function loads a module of another layer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sdk, startEmu } from "./emu.mjs";
import { createFunction, zipped } from "./functions.mjs";

const { InvokeCommand, LambdaClient, PublishLayerVersionCommand } = sdk("@aws-sdk/client-lambda");

const kExtension = `#!/usr/bin/env node
const http = require("http");
const path = require("path");
const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API;
const got = [];
const server = http.createServer((request, reply) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => { got.push(...JSON.parse(body)); reply.end(); });
});
async function main() {
  await new Promise((resolve) => server.listen(4243, "sandbox.localdomain", resolve));
  const registered = await fetch(api + "/2020-01-01/extension/register", {
    method: "POST", headers: { "Lambda-Extension-Name": path.basename(__filename) }, body: JSON.stringify({ events: ["INVOKE", "SHUTDOWN"] }) });
  const id = registered.headers.get("Lambda-Extension-Identifier");
  const told = await fetch(api + "/2022-07-01/telemetry", {
    method: "PUT", headers: { "Lambda-Extension-Identifier": id, "Content-Type": "application/json" },
    body: JSON.stringify({ schemaVersion: "2022-12-13", types: ["platform", "function"],
      buffering: { maxItems: 1000, maxBytes: 262144, timeoutMs: 25 },
      destination: { protocol: "HTTP", URI: "http://sandbox.localdomain:4243" } }) });
  console.log("EXT subscribed", told.status, await told.text());
  for (;;) {
    const event = await (await fetch(api + "/2020-01-01/extension/event/next", { headers: { "Lambda-Extension-Identifier": id } })).json();
    const done = (one) => one.type === "platform.runtimeDone" && one.record.requestId === event.requestId;
    while (event.eventType === "INVOKE" && !got.some(done)) await new Promise((resolve) => setTimeout(resolve, 5));
    console.log("EXT " + JSON.stringify({ event: event.eventType, types: got.map((one) => one.type), records: got.filter((one) => one.type === "function").map((one) => one.record) }));
    if (event.eventType === "SHUTDOWN") process.exit(0);
  }
}
main();
`;

let emu, client, layers;
before(async () => {
  emu = await startEmu();
  client = new LambdaClient(emu.config);
  const publish = async (LayerName, files) =>
    (await client.send(new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: zipped(files) } }))).LayerVersionArn;
  layers = [
    await publish("watch", { "extensions/watch.js": { text: kExtension, mode: 0o755 } }),
    await publish("words", { "nodejs/node_modules/words/index.js": "module.exports = 'from a layer';" }),
  ];
});
after(async () => {
  client?.destroy();
  await emu?.stop();
});

test("an extension from a layer receives the telemetry of each invocation, also of two environments at once", async () => {
  const code = "import words from 'words'; export const handler = async () => { console.log('working'); await new Promise((r) => setTimeout(r, 200)); return words; };";
  await createFunction(client, "watched", code, { Layers: layers });
  const invoke = () => client.send(new InvokeCommand({ FunctionName: "watched", Payload: "{}", LogType: "Tail" }));
  const replies = [...(await Promise.all([invoke(), invoke()])), await invoke()];
  for (const reply of replies) {
    const log = Buffer.from(reply.LogResult, "base64").toString();
    assert.equal(reply.FunctionError, undefined, `${Buffer.from(reply.Payload)} ${log}`);
    assert.equal(Buffer.from(reply.Payload).toString(), '"from a layer"');
  }
  const { logs } = await (await fetch(`${emu.url}/_emu/status`)).json();
  const said = readFileSync(join(logs, "us-east-1", "watched.log"), "utf8").split("\n").filter((line) => line.startsWith("EXT {"));
  assert.equal(said.length, 3);
  for (const { event, types, records } of said.map((line) => JSON.parse(line.slice(4)))) {
    assert.equal(event, "INVOKE");
    for (const type of ["platform.initStart", "platform.initRuntimeDone", "platform.initReport", "platform.start", "platform.runtimeDone"])
      assert.ok(types.includes(type), `${type} of ${types}`);
    assert.match(records.at(-1), /\tINFO\tworking\n$/);
  }
});
