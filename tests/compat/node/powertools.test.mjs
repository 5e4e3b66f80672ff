// Powertools for AWS Lambda, unmodified, in a Node function: logger, metrics and tracer, from the bundle a user
// would deploy. What they say is in the function's log; what the tracer sends goes to the X-Ray daemon's port.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { library, sdk, startEmu } from "./emu.mjs";
import { zipped } from "./functions.mjs";

const { CreateFunctionCommand, InvokeCommand, LambdaClient, waitUntilFunctionActiveV2 } = sdk("@aws-sdk/client-lambda");
const esbuild = sdk("esbuild");

const kCode = `
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { Tracer } from "@aws-lambda-powertools/tracer";
const logger = new Logger({ serviceName: "orders" });
const metrics = new Metrics({ namespace: "shop", serviceName: "orders" });
const tracer = new Tracer({ serviceName: "orders" });
export const handler = async (event, context) => {
  logger.addContext(context);
  logger.info("received", { order: event.order });
  logger.debug("not at this level");
  metrics.addMetric("ordered", MetricUnit.Count, 1);
  metrics.captureColdStartMetric(context.functionName);
  metrics.publishStoredMetrics();
  tracer.annotateColdStart();
  return { traced: tracer.isTracingEnabled(), root: tracer.getRootXrayTraceId(), cold: logger.getColdStart() };
};`;

let emu, client;
before(async () => {
  emu = await startEmu();
  client = new LambdaClient(emu.config);
  const folder = mkdtempSync(join(tmpdir(), "emu-powertools-"));
  writeFileSync(join(folder, "in.mjs"), kCode);
  const modules = join(library.resolve("@aws-lambda-powertools/logger"), "../../../../..");
  esbuild.buildSync({
    entryPoints: [join(folder, "in.mjs")], outfile: join(folder, "out.js"), bundle: true, platform: "node", target: "node20",
    nodePaths: [modules], logLevel: "error",
  });
  const code = readFileSync(join(folder, "out.js"), "utf8");
  rmSync(folder, { recursive: true });
  await client.send(new CreateFunctionCommand({
    FunctionName: "powertools", Runtime: "nodejs20.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/any",
    Timeout: 10, TracingConfig: { Mode: "Active" }, Code: { ZipFile: zipped({ "index.js": code }) },
  }));
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { FunctionName: "powertools" });
});
after(async () => {
  client?.destroy();
  await emu?.stop();
});

async function invoke() {
  const reply = await client.send(new InvokeCommand({ FunctionName: "powertools", Payload: JSON.stringify({ order: 7 }), LogType: "Tail" }));
  const log = Buffer.from(reply.LogResult, "base64").toString();
  const lines = log.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return { reply, log, lines, payload: JSON.parse(Buffer.from(reply.Payload).toString()) };
}

test("the logger writes its context, the metrics their EMF line, and the tracer follows the invocation", async () => {
  const { reply, lines, log, payload } = await invoke();
  assert.equal(reply.FunctionError, undefined, log);
  const said = lines.find((line) => line.message === "received");
  assert.equal(said.order, 7);
  assert.equal(said.function_name, "powertools");
  assert.equal(said.function_memory_size, "128");
  assert.equal(said.service, "orders");
  assert.equal(said.cold_start, true);
  assert.match(log, new RegExp(`START RequestId: ${said.function_request_id} `));
  assert.equal(lines.some((line) => line.message === "not at this level"), false);
  const metric = lines.find((line) => line.ordered !== undefined);
  assert.equal(metric._aws.CloudWatchMetrics[0].Namespace, "shop");
  assert.equal(lines.find((line) => line.ColdStart === 1).function_name, "powertools");
  assert.equal(payload.traced, true);
  assert.equal(payload.root, said.xray_trace_id);
  assert.match(payload.root, /^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
});

test("the next invocation is warm, with a trace of its own", async () => {
  const first = await invoke();
  const second = await invoke();
  assert.equal(second.lines.find((line) => line.message === "received").cold_start, false);
  assert.notEqual(first.payload.root, second.payload.root);
});
