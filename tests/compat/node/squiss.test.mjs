// squiss-ts, unmodified: queues made, messages sent in batches, polled and deleted through its own client.
import assert from "node:assert/strict";
import { test } from "node:test";
import { library } from "./emu.mjs";
import { withQueues } from "./queues.mjs";

const { Squiss } = library("squiss-ts");
const shared = withQueues();
const squiss = (options) =>
  new Squiss({ awsConfig: shared.emu.config, bodyFormat: "json", receiveWaitTimeSecs: 1, deleteWaitMs: 1, ...options });

test("what is sent in batches is received as it was and deleted", async () => {
  const queue = squiss({ queueName: "squiss", visibilityTimeoutSecs: 60 });
  const url = await queue.createQueue();
  assert.equal(await queue.getQueueUrl(), url);
  assert.equal(await queue.getQueueVisibilityTimeout(), 60);
  const sent = await queue.sendMessages(Array.from({ length: 15 }, (_, n) => ({ n })), 0, { kind: "test", weight: 7 });
  assert.equal(sent.Successful.length, 15);
  const seen = [];
  await new Promise((resolve, reject) => {
    let deleted = 0;
    queue.on("error", reject);
    queue.on("message", (message) => {
      seen.push(message);
      message.del();
    });
    queue.on("deleted", () => (deleted += 1) === 15 && resolve());
    queue.start();
  });
  await queue.stop();
  assert.deepEqual(seen.map((m) => m.body.n).sort((a, b) => a - b), Array.from({ length: 15 }, (_, n) => n));
  assert.deepEqual({ ...seen[0].attributes }, { kind: "test", weight: 7 });
  const left = await shared.attributes(url, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible");
  assert.deepEqual(left, { ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "0" });
  await queue.deleteQueue();
});

test("a released message comes again", async () => {
  const queue = squiss({ queueName: "released", maxInFlight: 1, receiveSqsAttributes: ["All"] });
  await queue.createQueue();
  await queue.sendMessage({ job: 1 });
  const counts = await new Promise((resolve, reject) => {
    const seen = [];
    queue.on("error", reject);
    queue.on("message", async (message) => {
      seen.push(message.sqsAttributes.ApproximateReceiveCount);
      if (seen.length === 1) return message.release();
      await message.del();
      resolve(seen);
    });
    queue.start();
  });
  await queue.stop();
  assert.deepEqual(counts, ["1", "2"]);
});
