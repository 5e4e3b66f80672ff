// What tests about SQS share: an emu of the file's own, AWS SDK v3's client, queues in few words.
import { after, before } from "node:test";
import { sdk, startEmu } from "./emu.mjs";

export const sqs = sdk("@aws-sdk/client-sqs");

// Filled before the first test of the file: { emu, client }; then prepare() runs.
export function withQueues(prepare = async () => {}) {
  const shared = {};
  before(async () => {
    shared.emu = await startEmu();
    shared.client = new sqs.SQSClient(shared.emu.config);
    await prepare();
  });
  after(async () => {
    shared.client?.destroy();
    await shared.emu?.stop();
  });
  shared.send = (command) => shared.client.send(command);
  // A queue; its URL.
  shared.queue = async (QueueName, Attributes = {}) => {
    if (QueueName.endsWith(".fifo")) Attributes = { FifoQueue: "true", ...Attributes };
    return (await shared.send(new sqs.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;
  };
  shared.attributes = async (QueueUrl, ...AttributeNames) =>
    (await shared.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
  return shared;
}
