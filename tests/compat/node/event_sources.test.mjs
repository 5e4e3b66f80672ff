// Event source mappings and destinations through AWS SDK v3 for JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sdk, startEmu } from "./emu.mjs";
import { zipped } from "./functions.mjs";

const {
  CreateEventSourceMappingCommand, CreateFunctionCommand, GetEventSourceMappingCommand, InvokeCommand, LambdaClient,
  PutFunctionEventInvokeConfigCommand, ResourceConflictException, paginateListEventSourceMappings, waitUntilFunctionActiveV2,
} = sdk("@aws-sdk/client-lambda");
const { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient, SendMessageCommand } = sdk("@aws-sdk/client-sqs");

let emu, lambda, sqs;
before(async () => {
  emu = await startEmu();
  lambda = new LambdaClient(emu.config);
  sqs = new SQSClient(emu.config);
});
after(async () => {
  lambda?.destroy();
  sqs?.destroy();
  await emu?.stop();
});

async function create(FunctionName, code, variables = {}) {
  await lambda.send(new CreateFunctionCommand({
    FunctionName, Runtime: "nodejs20.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/any",
    Code: { ZipFile: zipped({ "index.mjs": code }) }, Environment: { Variables: variables }, Timeout: 10,
  }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { FunctionName });
}

async function queue(QueueName) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  return { url: QueueUrl, arn: Attributes.QueueArn };
}

async function receive(QueueUrl) {
  for (let tries = 0; tries < 30; ++tries) {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    if (Messages) return Messages[0];
  }
  throw new Error("no message");
}

test("a message goes through a function to the next queue", async () => {
  const first = await queue("first"), second = await queue("second");
  await create("forward", `
    import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
    const sqs = new SQSClient({});
    export const handler = async (event) => {
      for (const { body, eventSourceARN } of event.Records)
        await sqs.send(new SendMessageCommand({ QueueUrl: process.env.NEXT, MessageBody: body + " from " + eventSourceARN }));
    };`, { NEXT: second.url });
  const mapping = { EventSourceArn: first.arn, FunctionName: "forward" };
  const made = await lambda.send(new CreateEventSourceMappingCommand(mapping));
  assert.equal(made.State, "Creating");
  assert.ok(made.LastModified instanceof Date);
  await assert.rejects(lambda.send(new CreateEventSourceMappingCommand(mapping)), ResourceConflictException);
  await sqs.send(new SendMessageCommand({ QueueUrl: first.url, MessageBody: "hello" }));
  assert.equal((await receive(second.url)).Body, `hello from ${first.arn}`);
  assert.equal((await lambda.send(new GetEventSourceMappingCommand({ UUID: made.UUID }))).State, "Enabled");
  const all = [];
  for await (const page of paginateListEventSourceMappings({ client: lambda, pageSize: 1 }, {})) all.push(...page.EventSourceMappings);
  assert.deepEqual(all.map((m) => m.UUID), [made.UUID]);
});

test("an asynchronous invocation tells its destination", async () => {
  const ends = await queue("ends");
  await create("ends", "export const handler = async (event) => ({ doubled: event.n * 2 });");
  await lambda.send(new PutFunctionEventInvokeConfigCommand({
    FunctionName: "ends", DestinationConfig: { OnSuccess: { Destination: ends.arn } },
  }));
  await lambda.send(new InvokeCommand({ FunctionName: "ends", InvocationType: "Event", Payload: JSON.stringify({ n: 21 }) }));
  const record = JSON.parse((await receive(ends.url)).Body);
  assert.deepEqual(record.responsePayload, { doubled: 42 });
  assert.equal(record.requestContext.condition, "Success");
});

test("a function that sends to its own queue is stopped", async () => {
  const loop = await queue("loop"), rounds = await queue("rounds");
  await create("loop", `
    import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
    const sqs = new SQSClient({});
    export const handler = async () => {
      for (const url of [process.env.ROUNDS, process.env.LOOP])
        await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "again" }));
    };`, { LOOP: loop.url, ROUNDS: rounds.url });
  await lambda.send(new CreateEventSourceMappingCommand({ EventSourceArn: loop.arn, FunctionName: "loop" }));
  await sqs.send(new SendMessageCommand({ QueueUrl: loop.url, MessageBody: "go" }));
  const counts = async (QueueUrl) => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes;
  const deadline = Date.now() + 30_000;
  let seen = -1, attributes;
  for (let quiet = 0; quiet < 5 && Date.now() < deadline;) {  // until nothing has happened for a second
    await new Promise((resolve) => setTimeout(resolve, 200));
    attributes = await counts(rounds.url);
    quiet = Number(attributes.ApproximateNumberOfMessages) === seen ? quiet + 1 : 0;
    seen = Number(attributes.ApproximateNumberOfMessages);
  }
  assert.equal(seen, 16);
  attributes = await counts(loop.url);
  assert.equal(Number(attributes.ApproximateNumberOfMessages) + Number(attributes.ApproximateNumberOfMessagesNotVisible), 0);
});
