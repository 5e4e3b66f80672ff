// SQS queues through AWS SDK v3 for JavaScript (the JSON protocol): lives, pages, typed errors, tags, permissions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sqs, withQueues } from "./queues.mjs";

const {
  AddPermissionCommand, CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand,
  InvalidAttributeName, ListDeadLetterSourceQueuesCommand, ListQueuesCommand, ListQueueTagsCommand, OverLimit,
  QueueDoesNotExist, QueueNameExists, RemovePermissionCommand, SetQueueAttributesCommand, SQSClient, TagQueueCommand,
  UntagQueueCommand, paginateListQueues,
} = sqs;
const shared = withQueues();
const { send, queue, attributes } = shared;

test("a queue is made, found, listed and deleted", async () => {
  const QueueUrl = await queue("life-1");
  assert.equal(QueueUrl, `${shared.emu.url}/000000000000/life-1`);
  assert.equal((await send(new GetQueueUrlCommand({ QueueName: "life-1" }))).QueueUrl, QueueUrl);
  assert.deepEqual((await send(new ListQueuesCommand({ QueueNamePrefix: "life-" }))).QueueUrls, [QueueUrl]);
  assert.equal((await send(new DeleteQueueCommand({ QueueUrl }))).$metadata.httpStatusCode, 200);
  assert.equal((await send(new ListQueuesCommand({ QueueNamePrefix: "life-" }))).QueueUrls, undefined);
});

test("errors have the types and codes of AWS", async () => {
  await assert.rejects(send(new GetQueueUrlCommand({ QueueName: "none" })), (error) => {
    assert.ok(error instanceof QueueDoesNotExist);
    assert.equal(error.name, "QueueDoesNotExist");
    assert.equal(error.Code ?? error.code ?? error.Error?.Code, "AWS.SimpleQueueService.NonExistentQueue");
    assert.equal(error.message, "The specified queue does not exist.");
    assert.ok(error.$metadata.requestId);
    return error.$metadata.httpStatusCode === 400;
  });
  await queue("shape", { DelaySeconds: "1" });
  await assert.rejects(queue("shape", { DelaySeconds: "2" }), QueueNameExists);
  const QueueUrl = await queue("errors");
  await assert.rejects(attributes(QueueUrl, "Nope"), InvalidAttributeName);
  await assert.rejects(send(new ListQueuesCommand({ MaxResults: 1001 })), { name: "InvalidParameterValue" });
  const Actions = Array(8).fill("SendMessage");
  await assert.rejects(send(new AddPermissionCommand({ QueueUrl, Label: "l", AWSAccountIds: ["111111111111"], Actions })), OverLimit);
});

test("queues are listed page by page", async () => {
  const urls = [];
  for (const n of [1, 2, 3]) urls.push(await queue(`page-${n}`));
  const seen = [];
  for await (const page of paginateListQueues({ client: shared.client, pageSize: 2 }, { QueueNamePrefix: "page-" })) seen.push(...page.QueueUrls);
  assert.deepEqual(seen, urls);
});

test("attributes are set and shown, and undefined if none are asked for", async () => {
  const QueueUrl = await queue("attributes", { VisibilityTimeout: "45" });
  await send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "7" } }));
  assert.deepEqual(await attributes(QueueUrl, "VisibilityTimeout", "DelaySeconds"), { VisibilityTimeout: "45", DelaySeconds: "7" });
  assert.equal((await attributes(QueueUrl, "All")).QueueArn, "arn:aws:sqs:us-east-1:000000000000:attributes");
  assert.equal((await send(new GetQueueAttributesCommand({ QueueUrl }))).Attributes, undefined);
});

test("tags and permissions", async () => {
  const { QueueUrl } = await send(new CreateQueueCommand({ QueueName: "tagged", tags: { a: "1" } }));
  await send(new TagQueueCommand({ QueueUrl, Tags: { b: "2" } }));
  await send(new UntagQueueCommand({ QueueUrl, TagKeys: ["a"] }));
  assert.deepEqual((await send(new ListQueueTagsCommand({ QueueUrl }))).Tags, { b: "2" });
  await send(new AddPermissionCommand({ QueueUrl, Label: "them", AWSAccountIds: ["111111111111"], Actions: ["*"] }));
  assert.equal(JSON.parse((await attributes(QueueUrl, "Policy")).Policy).Statement[0].Action, "SQS:*");
  await send(new RemovePermissionCommand({ QueueUrl, Label: "them" }));
  assert.equal(await attributes(QueueUrl, "Policy"), undefined);
});

test("dead-letter queues know their sources", async () => {
  const dead = await queue("dead");
  const { QueueArn } = await attributes(dead, "QueueArn");
  const source = await queue("source", { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 2 }) });
  assert.deepEqual((await send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }))).queueUrls, [source]);
});

test("a queue of another region keeps it in its URL", async () => {
  const far = new SQSClient({ ...shared.emu.config, region: "eu-west-1" });
  const { QueueUrl } = await far.send(new CreateQueueCommand({ QueueName: "far" }));
  assert.equal((await attributes(QueueUrl, "QueueArn")).QueueArn, "arn:aws:sqs:eu-west-1:000000000000:far");
  await assert.rejects(send(new GetQueueUrlCommand({ QueueName: "far" })), QueueDoesNotExist);
  far.destroy();
});
