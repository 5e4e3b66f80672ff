// Serverless's OpenTelemetry extension as its npm package carries it: a layer with an external extension that subscribes to the
// Logs API and a wrapper that instruments the function. What both report goes to a collector, here one of our own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { library, sdk, startEmu } from "./emu.mjs";
import { createFunction, invoke, portIsFree, startCollector, zipped } from "./functions.mjs";

const { LambdaClient, PublishLayerVersionCommand } = sdk("@aws-sdk/client-lambda");

// The extension listens on this port of the machine, whoever else may want it.
const skip = !(await portIsFree(2772)) && "port 2772, which the extension listens on, is taken";

let emu, client, collector;
before(async () => {
  if (skip) return;
  collector = await startCollector();
  emu = await startEmu();
  client = new LambdaClient(emu.config);
  const packed = join(dirname(library.resolve("@serverless/aws-lambda-otel-extension-dist/package.json")), "extension.zip");
  const layer = await client.send(new PublishLayerVersionCommand({ LayerName: "otel", Content: { ZipFile: readFileSync(packed) } }));
  const url = `http://${collector.address}`;
  await createFunction(client, "measured", "", {
    Layers: [layer.LayerVersionArn], MemorySize: 1024,
    Code: { ZipFile: zipped({ "index.js": "exports.handler = async (event) => ({ order: event.order });" }) },
    Environment: { Variables: {
      AWS_LAMBDA_EXEC_WRAPPER: "/opt/otel-extension/otel-handler",
      SLS_OTEL_REPORT_METRICS_URL: `${url}/metrics`, SLS_OTEL_REPORT_TRACES_URL: `${url}/traces`,
    } },
  });
});
after(async () => {
  client?.destroy();
  await emu?.stop();
  collector?.close();
});

test("the platform's report of an invocation reaches the collector through the Logs API", { skip }, async () => {
  for (const order of [1, 2]) {
    const done = await invoke(client, "measured", { order });
    assert.deepEqual([done.error, done.payload], [undefined, { order }], done.log);
  }
  const deadline = Date.now() + 30_000;
  // In protocol buffers, where texts stand as they are. Duration and memory are known only from platform.report.
  const metrics = () => collector.posts.filter(({ path }) => path === "/metrics").map(({ bytes }) => bytes.toString("latin1"));
  const reported = () => metrics().find((text) => text.includes("faas.memory"));
  while (!reported() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(reported() ?? `no report in ${metrics().length}`, /faas\.duration/);
  assert.match(reported(), /measured/);
});
