// Powertools for AWS Lambda, unmodified, in a Node function: logger, metrics and tracer, from the bundle a user
// would deploy. What they say is in the function's log; what the tracer sends goes to the X-Ray daemon's port.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sdk, startEmu } from "./emu.mjs";
import { bundled, createFunction, invoke as call, zipped } from "./functions.mjs";

const { LambdaClient } = sdk("@aws-sdk/client-lambda");

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
  await createFunction(client, "powertools", "", { TracingConfig: { Mode: "Active" }, Code: { ZipFile: zipped({ "index.js": bundled(kCode) }) } });
});
after(async () => {
  client?.destroy();
  await emu?.stop();
});

async function invoke() {
  const reply = await call(client, "powertools", { order: 7 });
  return { ...reply, lines: reply.log.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)) };
}

test("the logger writes its context, the metrics their EMF line, and the tracer follows the invocation", async () => {
  const { error, lines, log, payload } = await invoke();
  assert.equal(error, undefined, log);
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
