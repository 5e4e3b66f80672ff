// sqs-consumer and sqs-producer, unmodified: one polls, handles and deletes what the other sends.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { library } from "./emu.mjs";
import { sqs, withQueues } from "./queues.mjs";

const { Consumer } = library("sqs-consumer");
const { Producer } = library("sqs-producer");
const shared = withQueues();
const producer = (queueUrl) => Producer.create({ queueUrl, region: "us-east-1", sqs: shared.client });

// Consumes until `enough` says so; what was handled, in order.
async function consume(queueUrl, options, enough) {
  const seen = [];
  const done = new Promise((resolve, reject) => {
    const consumer = Consumer.create({
      queueUrl, sqs: shared.client, waitTimeSeconds: 1, pollingCompleteWaitTimeMs: 5000,
      ...options(seen),
    });
    const finish = () => enough(seen) && consumer.stop();
    consumer.on("message_processed", finish).on("processing_error", finish).on("response_processed", finish);
    consumer.on("error", reject);
    consumer.on("stopped", resolve);
    consumer.start();
  });
  await done;
  return seen;
}

test("what is produced is consumed once, with its attributes", async () => {
  const url = await shared.queue("consumed");
  await producer(url).send(["plain", { id: "2", body: "with", messageAttributes: { kind: { DataType: "String", StringValue: "x" } } }]);
  const seen = await consume(url, (seen) => ({
    messageAttributeNames: ["All"], attributeNames: ["All"],
    handleMessage: async (message) => { seen.push(message); },
  }), (seen) => seen.length === 2);
  assert.deepEqual(seen.map((m) => m.Body).sort(), ["plain", "with"]);
  assert.equal(seen.find((m) => m.Body === "with").MessageAttributes.kind.StringValue, "x");
  assert.ok(seen.every((m) => m.Attributes.ApproximateReceiveCount === "1"));
  assert.equal(await producer(url).queueSize(), 0);
});

test("batches are handled and deleted whole", async () => {
  const url = await shared.queue("batched");
  await producer(url).send(Array.from({ length: 25 }, (_, n) => ({ id: `m${n}`, body: `${n}` })));
  const seen = await consume(url, (seen) => ({
    batchSize: 10, handleMessageBatch: async (messages) => { seen.push(...messages.map((m) => Number(m.Body))); return messages; },
  }), (seen) => seen.length >= 25);
  assert.deepEqual(seen.sort((a, b) => a - b), Array.from({ length: 25 }, (_, n) => n));
  assert.equal(await producer(url).queueSize(), 0);
});

test("a message whose handler fails comes again at once, and then goes to the dead letters", async () => {
  const dead = await shared.queue("failing-dead");
  const { QueueArn } = await shared.attributes(dead, "QueueArn");
  const url = await shared.queue("failing", { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 2 }) });
  await producer(url).send("poison");
  let tries = 0;
  await consume(url, () => ({
    terminateVisibilityTimeout: true,
    handleMessage: async () => { tries += 1; throw new Error("on purpose"); },
  }), () => tries === 2);
  const { Messages: none } = await shared.send(new sqs.ReceiveMessageCommand({ QueueUrl: url }));
  assert.equal(none, undefined);
  const { Messages } = await shared.send(new sqs.ReceiveMessageCommand({ QueueUrl: dead, MessageSystemAttributeNames: ["All"] }));
  assert.equal(Messages[0].Body, "poison");
  assert.equal(Messages[0].Attributes.ApproximateReceiveCount, "3");
});

test("an empty queue is told as such, and a consumer of no queue hears of it", async () => {
  const url = await shared.queue("idle");
  const consumer = Consumer.create({ queueUrl: url, sqs: shared.client, waitTimeSeconds: 0, handleMessage: async () => {} });
  consumer.start();
  await once(consumer, "empty");
  consumer.stop();
  const lost = Consumer.create({ queueUrl: `${shared.emu.url}/000000000000/none`, sqs: shared.client, handleMessage: async () => {} });
  lost.start();
  const [error] = await once(lost, "error");
  lost.stop();
  assert.match(error.message, /The specified queue does not exist/);
});
