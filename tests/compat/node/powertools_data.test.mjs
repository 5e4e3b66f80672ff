// Powertools for AWS Lambda, unmodified, in Node functions that work with our data: idempotency on a DynamoDB table, batches
// of SQS and of a table's stream of which a part fails, and parameters from a table.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sdk } from "./emu.mjs";
import { bundled, createFunction, invoke, zipped } from "./functions.mjs";
import { sqs } from "./queues.mjs";
import { dynamodb, withTables } from "./tables.mjs";

const { CreateEventSourceMappingCommand, LambdaClient } = sdk("@aws-sdk/client-lambda");
const { marshall, unmarshall } = sdk("@aws-sdk/util-dynamodb");

const kIdempotency = `
import { randomUUID } from "node:crypto";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
const config = new IdempotencyConfig({ eventKeyJmesPath: "order", payloadValidationJmesPath: "amount", throwOnNoIdempotencyKey: true });
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: "idempotency", keyAttr: "pk" });
export const handler = makeIdempotent(async (event) => {
  if (event.wait) await new Promise((resolve) => setTimeout(resolve, event.wait));
  if (event.fail) throw new RangeError("no money");
  return { payment: randomUUID(), amount: event.amount };
}, { config, persistenceStore });`;

const kBatch = `
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const { ChangeMessageVisibilityCommand, SQSClient } = require("@aws-sdk/client-sqs");
const client = new DynamoDBClient({});
const sqs = new SQSClient({});
const note = async (key) => {
  if (key.includes("bad")) throw new Error("no good");
  await client.send(new PutItemCommand({ TableName: "noted", Item: { pk: { S: key } } }));
};
const messages = new BatchProcessor(EventType.SQS);
const changes = new BatchProcessor(EventType.DynamoDBStreams);
// A message that fails is to be seen again at once, however long a slow machine may take for the others.
const message = async ({ body, receiptHandle: ReceiptHandle }) => {
  if (body.startsWith("bad")) await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: process.env.QUEUE, ReceiptHandle, VisibilityTimeout: 0 }));
  await note("message " + body);
};
export const queue = (event, context) => processPartialResponse(event, message, messages, { context, throwOnFullBatchFailure: false });
export const stream = (event, context) =>
  processPartialResponse(event, (record) => note(record.eventName + " " + record.dynamodb.Keys.pk.S), changes, { context, throwOnFullBatchFailure: false });`;

const kParameters = `
import { DynamoDBProvider } from "@aws-lambda-powertools/parameters/dynamodb";
const settings = new DynamoDBProvider({ tableName: "settings", keyAttr: "pk", valueAttr: "value" });
const trees = new DynamoDBProvider({ tableName: "trees", keyAttr: "pk", sortAttr: "sk", valueAttr: "value" });
export const handler = async () => ({
  one: await settings.get("plain"), none: (await settings.get("missing")) ?? "none",
  json: await settings.get("json", { transform: "json" }), many: await trees.getMultiple("shop"),
  cached: await settings.get("plain"), fresh: await settings.get("plain", { forceFetch: true }),
});`;

const shared = withTables(prepare);
let lambda, queues;

async function prepare() {
  lambda = new LambdaClient(shared.emu.config);
  queues = new sqs.SQSClient(shared.emu.config);
  await shared.table("noted");
}
after(() => {
  lambda?.destroy();
  queues?.destroy();
});

const deploy = (name, code, more = {}) =>
  createFunction(lambda, name, "", { Code: { ZipFile: zipped({ "index.js": bundled(code) }) }, ...more });
const put = (TableName, item) => shared.client.send(new dynamodb.PutItemCommand({ TableName, Item: marshall(item) }));
const items = async (TableName) =>
  (await shared.client.send(new dynamodb.ScanCommand({ TableName, ConsistentRead: true }))).Items.map((item) => unmarshall(item));

async function eventually(what, condition) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not within 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function queue(QueueName, Attributes = {}) {
  const { QueueUrl } = await queues.send(new sqs.CreateQueueCommand({ QueueName, Attributes }));
  const reply = await queues.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  return { QueueUrl, arn: reply.Attributes.QueueArn };
}

const received = async ({ QueueUrl }) =>
  (await queues.send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }))).Messages?.[0].Body;

test("an idempotent function works once for one order, and again after a failure", async () => {
  await shared.table("idempotency");
  await deploy("pays", kIdempotency);
  const first = await invoke(lambda, "pays", { order: "a", amount: 5 });
  assert.equal(first.error, undefined, first.log);
  assert.deepEqual((await invoke(lambda, "pays", { order: "a", amount: 5 })).payload, first.payload);
  assert.notEqual((await invoke(lambda, "pays", { order: "b", amount: 5 })).payload.payment, first.payload.payment);
  assert.equal((await invoke(lambda, "pays", { order: "a", amount: 6 })).payload.errorType, "IdempotencyValidationError");
  assert.equal((await invoke(lambda, "pays", { amount: 6 })).payload.errorType, "IdempotencyPersistenceLayerError");
  assert.equal((await invoke(lambda, "pays", { order: "c", fail: true })).payload.errorType, "RangeError");
  assert.equal((await invoke(lambda, "pays", { order: "c", amount: 1 })).payload.amount, 1);
  const stored = await items("idempotency");
  assert.equal(stored.length, 3);
  for (const { pk, status, expiration, data } of stored) {
    assert.match(pk, /^pays.*#/);
    assert.equal(status, "COMPLETED");
    assert.ok(Math.abs(expiration - Date.now() / 1000 - 3600) < 60);
    assert.ok(data.payment);
  }
});

test("of two invocations for one order at once, one is told that the other is under way", async () => {
  await Promise.all([1, 2].map((n) => invoke(lambda, "pays", { order: `warm ${n}`, amount: 1, wait: 2000 }))); // two environments
  const both = await Promise.all([0, 1].map(() => invoke(lambda, "pays", { order: "slow", amount: 1, wait: 4000 })));
  assert.deepEqual(both.map(({ error }) => error).sort(), ["Unhandled", undefined]);
  assert.equal(both.find(({ error }) => error).payload.errorType, "IdempotencyAlreadyInProgressError");
});

test("of a queue's batch what failed comes back, and becomes a dead letter", async () => {
  const letters = await queue("letters");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: letters.arn, maxReceiveCount: 2 });
  const work = await queue("work", { VisibilityTimeout: "60", RedrivePolicy });
  const Entries = ["good 1", "bad 2", "good 3"].map((MessageBody, n) => ({ Id: `${n}`, MessageBody }));
  await queues.send(new sqs.SendMessageBatchCommand({ QueueUrl: work.QueueUrl, Entries }));
  await deploy("messages", kBatch, { Handler: "index.queue", Environment: { Variables: { QUEUE: work.QueueUrl } } });
  await lambda.send(new CreateEventSourceMappingCommand({
    FunctionName: "messages", EventSourceArn: work.arn, FunctionResponseTypes: ["ReportBatchItemFailures"],
  }));
  assert.equal(await eventually("the dead letter", () => received(letters)), "bad 2");
  const noted = (await items("noted")).map(({ pk }) => pk).filter((pk) => pk.startsWith("message"));
  assert.deepEqual(noted.sort(), ["message good 1", "message good 3"]);
});

test("a stream's batch goes on after what failed, whose records reach the destination", async () => {
  const failed = await queue("failed");
  const StreamSpecification = { StreamEnabled: true, StreamViewType: "KEYS_ONLY" };
  await shared.table("source", undefined, { StreamSpecification });
  const { Table } = await shared.client.send(new dynamodb.DescribeTableCommand({ TableName: "source" }));
  for (const pk of ["good 1", "bad 2", "good 3"]) await put("source", { pk });
  await deploy("changes", kBatch, { Handler: "index.stream" });
  await lambda.send(new CreateEventSourceMappingCommand({
    FunctionName: "changes", EventSourceArn: Table.LatestStreamArn, StartingPosition: "TRIM_HORIZON", MaximumRetryAttempts: 1,
    FunctionResponseTypes: ["ReportBatchItemFailures"], BisectBatchOnFunctionError: true, DestinationConfig: { OnFailure: { Destination: failed.arn } },
  }));
  const letter = JSON.parse(await eventually("the failed batch", () => received(failed)));
  assert.equal(letter.requestContext.condition, "RetryAttemptsExhausted");
  assert.equal(letter.DDBStreamBatchInfo.batchSize, 2); // split where the function said: what failed, and what came after it
  await eventually("the records around it", async () => {
    const noted = (await items("noted")).map(({ pk }) => pk);
    return noted.includes("INSERT good 1") && noted.includes("INSERT good 3");
  });
});

test("parameters are read from a table, one and many, and cached", async () => {
  await shared.table("settings");
  await shared.table("trees", "S");
  await put("settings", { pk: "plain", value: "text" });
  await put("settings", { pk: "json", value: JSON.stringify({ deep: [1] }) });
  for (const sk of ["color", "size"]) await put("trees", { pk: "shop", sk, value: `of ${sk}` });
  await deploy("reads", kParameters);
  const { payload, error, log } = await invoke(lambda, "reads", {});
  assert.equal(error, undefined, log);
  assert.deepEqual(payload, {
    one: "text", none: "none", json: { deep: [1] }, many: { color: "of color", size: "of size" }, cached: "text", fresh: "text",
  });
});
