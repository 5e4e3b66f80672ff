// DynamoDB Streams through AWS SDK v3's own client.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { library } from "./emu.mjs";
import { dynamodb, withTables } from "./tables.mjs";

const {
  DescribeStreamCommand, DynamoDBStreamsClient, GetRecordsCommand, GetShardIteratorCommand, ListStreamsCommand,
  ResourceNotFoundException,
} = library("@aws-sdk/client-dynamodb-streams");
const { DeleteItemCommand, DescribeTableCommand, PutItemCommand } = dynamodb;
let streams;
const shared = withTables(async () => {
  streams = new DynamoDBStreamsClient(shared.emu.config);
});
after(() => streams?.destroy());
const send = (command) => shared.client.send(command);

async function streamed(name) {
  const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" };
  const TableName = await shared.table(name, undefined, { StreamSpecification });
  return { TableName, StreamArn: (await send(new DescribeTableCommand({ TableName }))).Table.LatestStreamArn };
}

async function iterator(StreamArn, ShardIteratorType) {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const { ShardId } = StreamDescription.Shards[0];
  return (await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType }))).ShardIterator;
}

test("changes are read as the client's types", async () => {
  const { TableName, StreamArn } = await streamed("changes");
  await send(new PutItemCommand({ TableName, Item: { pk: { S: "a" }, b: { B: new Uint8Array([0, 255]) } } }));
  await send(new DeleteItemCommand({ TableName, Key: { pk: { S: "a" } } }));
  const { Records, NextShardIterator } = await streams.send(
    new GetRecordsCommand({ ShardIterator: await iterator(StreamArn, "TRIM_HORIZON") }));
  assert.deepEqual(Records.map((r) => r.eventName), ["INSERT", "REMOVE"]);
  assert.deepEqual([...Records[0].dynamodb.NewImage.b.B], [0, 255]);
  assert.equal(Records[0].userIdentity, undefined);
  assert.ok(Records[0].dynamodb.ApproximateCreationDateTime instanceof Date);
  assert.ok(Math.abs(Records[0].dynamodb.ApproximateCreationDateTime - Date.now()) < 60_000);
  assert.ok(NextShardIterator);
});

test("a shard filter asks for children, and a stream that is not there is not found", async () => {
  const { TableName, StreamArn } = await streamed("filtered");
  const described = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardFilter = { Type: "CHILD_SHARDS", ShardId: described.StreamDescription.Shards[0].ShardId };
  const children = await streams.send(new DescribeStreamCommand({ StreamArn, ShardFilter }));
  assert.deepEqual(children.StreamDescription.Shards, []);
  assert.equal((await streams.send(new ListStreamsCommand({ TableName }))).Streams.length, 1);
  await assert.rejects(
    streams.send(new DescribeStreamCommand({ StreamArn: StreamArn.replace(TableName, "absent") })), ResourceNotFoundException);
});
