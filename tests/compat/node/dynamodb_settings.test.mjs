// What hangs on a table and Debian's boto3 is too old for, through AWS SDK v3 for JavaScript: policies, the precision of
// a Kinesis destination.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dynamodb, withTables } from "./tables.mjs";

const {
  DeleteResourcePolicyCommand, DescribeKinesisStreamingDestinationCommand, DescribeTableCommand,
  EnableKinesisStreamingDestinationCommand, GetResourcePolicyCommand, PolicyNotFoundException, PutResourcePolicyCommand,
  UpdateKinesisStreamingDestinationCommand,
} = dynamodb;
const shared = withTables();
const send = (command) => shared.client.send(command);

test("a policy is put and got and deleted", async () => {
  const TableName = await shared.table("guarded");
  const { Table: { TableArn: ResourceArn } } = await send(new DescribeTableCommand({ TableName }));
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [
    { Effect: "Allow", Principal: "*", Action: "dynamodb:GetItem", Resource: ResourceArn }] });
  const { RevisionId } = await send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
  const got = await send(new GetResourcePolicyCommand({ ResourceArn }));
  assert.deepEqual([got.Policy, got.RevisionId], [Policy, RevisionId]);
  await send(new DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: RevisionId }));
  await assert.rejects(send(new GetResourcePolicyCommand({ ResourceArn })), PolicyNotFoundException);
});

test("a Kinesis destination takes another precision", async () => {
  const TableName = await shared.table("streaming");
  const StreamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
  await send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn }));
  await send(new UpdateKinesisStreamingDestinationCommand({ TableName, StreamArn,
    UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: "MICROSECOND" } }));
  const { KinesisDataStreamDestinations } = await send(new DescribeKinesisStreamingDestinationCommand({ TableName }));
  assert.equal(KinesisDataStreamDestinations[0].ApproximateCreationDateTimePrecision, "MICROSECOND");
});
