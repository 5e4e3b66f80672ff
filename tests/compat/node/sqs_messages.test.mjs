// SQS messages through AWS SDK v3 for JavaScript (the JSON protocol). The SDK checks the MD5 of what it sends and gets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sqs, withQueues } from "./queues.mjs";

const {
  BatchEntryIdsNotDistinct, ChangeMessageVisibilityBatchCommand, ChangeMessageVisibilityCommand, CancelMessageMoveTaskCommand,
  DeleteMessageBatchCommand, DeleteMessageCommand, DeleteQueueCommand, EmptyBatchRequest, InvalidMessageContents,
  ListMessageMoveTasksCommand, PurgeQueueCommand, QueueDoesNotExist, ReceiptHandleIsInvalid, ReceiveMessageCommand,
  ResourceNotFoundException, SendMessageBatchCommand, SendMessageCommand, StartMessageMoveTaskCommand, TooManyEntriesInBatchRequest,
} = sqs;
const shared = withQueues();
const { send, queue, attributes } = shared;
const receive = async (QueueUrl, more = {}) =>
  (await send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"], MessageAttributeNames: ["All"], ...more }))).Messages ?? [];

test("a message is sent, received and deleted, with attributes of every type", async () => {
  const QueueUrl = await queue("round");
  const MessageBody = "ünïcode & <tags> \t\r\n end";
  const sent = await send(new SendMessageCommand({
    QueueUrl, MessageBody,
    MessageAttributes: {
      text: { DataType: "String", StringValue: "a" },
      number: { DataType: "Number.int", StringValue: "42" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 1, 255]) },
    },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1-5759e988-bd862e3fe1be46a994272793" } },
  }));
  const [message] = await receive(QueueUrl);
  assert.equal(message.Body, MessageBody);
  assert.equal(message.MessageId, sent.MessageId);
  assert.equal(message.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.deepEqual([...message.MessageAttributes.bytes.BinaryValue], [0, 1, 255]);
  assert.equal(message.Attributes.AWSTraceHeader, "Root=1-5759e988-bd862e3fe1be46a994272793");
  const reply = await send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  assert.equal(reply.$metadata.httpStatusCode, 200);
  assert.deepEqual(await receive(QueueUrl), []);
});

test("a batch may fail in part, and its errors have types", async () => {
  const QueueUrl = await queue("part", { MaximumMessageSize: "1024" });
  const Entries = [{ Id: "good", MessageBody: "x" }, { Id: "large", MessageBody: "x".repeat(2000) }];
  const reply = await send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  assert.deepEqual(reply.Successful.map((e) => e.Id), ["good"]);
  assert.deepEqual(reply.Failed.map((e) => [e.Id, e.Code, e.SenderFault]), [["large", "InvalidParameterValue", true]]);
  const [message] = await receive(QueueUrl);
  const { ReceiptHandle } = message;
  await send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 60 }));
  const changed = await send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: [{ Id: "m", ReceiptHandle, VisibilityTimeout: 5 }, { Id: "n", ReceiptHandle: "no", VisibilityTimeout: 5 }] }));
  assert.deepEqual(changed.Successful.map((e) => e.Id), ["m"]);
  assert.equal(changed.Failed[0].Code, "ReceiptHandleIsInvalid");
  assert.deepEqual((await send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: "m", ReceiptHandle }] }))).Successful, [{ Id: "m" }]);
  const batch = (entries) => send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
  await assert.rejects(batch([]), EmptyBatchRequest);
  await assert.rejects(batch([Entries[0], Entries[0]]), BatchEntryIdsNotDistinct);
  await assert.rejects(batch(Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: "x" }))), TooManyEntriesInBatchRequest);
});

test("errors have the types of AWS", async () => {
  const QueueUrl = await queue("typed");
  await assert.rejects(send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "no" })), ReceiptHandleIsInvalid);
  await assert.rejects(send(new SendMessageCommand({ QueueUrl, MessageBody: "\u001e" })), InvalidMessageContents);
  await assert.rejects(send(new SendMessageCommand({ QueueUrl: `${QueueUrl}-none`, MessageBody: "x" })), QueueDoesNotExist);
  await assert.rejects(send(new SendMessageCommand({ QueueUrl, MessageBody: "" })), { name: "MissingParameter" });
});

test("a FIFO queue keeps order and drops duplicates", async () => {
  const QueueUrl = await queue("order.fifo", { ContentBasedDeduplication: "true" });
  const one = (MessageBody) => send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: "g" }));
  const numbers = [];
  for (const body of ["a", "b", "a", "c"]) numbers.push((await one(body)).SequenceNumber);
  assert.equal(numbers[0], numbers[2]);
  assert.deepEqual((await receive(QueueUrl)).map((m) => m.Body), ["a", "b", "c"]);
});

test("a waiting receiver gets what is sent meanwhile, and hears of its queue's end", async () => {
  const QueueUrl = await queue("waiting");
  const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
  setTimeout(() => send(new SendMessageCommand({ QueueUrl, MessageBody: "late" })), 100);
  assert.deepEqual((await waiting).map((m) => m.Body), ["late"]);
  const ending = receive(QueueUrl, { WaitTimeSeconds: 20 });
  setTimeout(() => send(new DeleteQueueCommand({ QueueUrl })), 100);
  await assert.rejects(ending, QueueDoesNotExist);
});

test("dead letters move back with a task", async () => {
  const dead = await queue("letters");
  const { QueueArn: SourceArn } = await attributes(dead, "QueueArn");
  const QueueUrl = await queue("dying", { VisibilityTimeout: "0", RedrivePolicy: JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 }) });
  await send(new SendMessageCommand({ QueueUrl, MessageBody: "poison" }));
  assert.equal((await receive(QueueUrl)).length, 1);
  assert.deepEqual(await receive(QueueUrl), []);
  assert.equal((await attributes(dead, "ApproximateNumberOfMessages")).ApproximateNumberOfMessages, "1");
  const { TaskHandle } = await send(new StartMessageMoveTaskCommand({ SourceArn }));
  const back = await receive(QueueUrl, { WaitTimeSeconds: 20 });
  assert.equal(back[0].Body, "poison");
  assert.equal(back[0].Attributes.ApproximateReceiveCount, "1");
  const deadline = Date.now() + 20_000;
  let Results;
  do {
    ({ Results } = await send(new ListMessageMoveTasksCommand({ SourceArn })));
  } while (Results[0].Status !== "COMPLETED" && Date.now() < deadline);
  assert.equal(Results[0].ApproximateNumberOfMessagesMoved, 1);
  await assert.rejects(send(new CancelMessageMoveTaskCommand({ TaskHandle })), (error) => {
    assert.ok(error instanceof ResourceNotFoundException);
    return error.$metadata.httpStatusCode === 404;
  });
});

test("a purge leaves nothing", async () => {
  const QueueUrl = await queue("purged");
  await send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
  await send(new PurgeQueueCommand({ QueueUrl }));
  assert.deepEqual(await receive(QueueUrl), []);
});
