// DynamoDB tables through AWS SDK v3 for JavaScript: waiters, pages, changes, typed errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dynamodb, withTables } from "./tables.mjs";

const {
  CreateTableCommand, DeleteTableCommand, DescribeTableCommand, ListTablesCommand, ListTagsOfResourceCommand, QueryCommand,
  PutItemCommand, ResourceInUseException, ResourceNotFoundException, TagResourceCommand, UpdateTableCommand,
  paginateListTables, waitUntilTableExists, waitUntilTableNotExists,
} = dynamodb;
const shared = withTables();
const send = (command) => shared.client.send(command);
const patience = () => ({ client: shared.client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 });

test("a table exists and then does not, for the waiters", async () => {
  const TableName = await shared.table("waited");
  assert.equal((await waitUntilTableExists(patience(), { TableName })).state, "SUCCESS");
  await send(new DeleteTableCommand({ TableName }));
  assert.equal((await waitUntilTableNotExists(patience(), { TableName })).state, "SUCCESS");
  await assert.rejects(send(new DescribeTableCommand({ TableName })), (error) => {
    assert.ok(error instanceof ResourceNotFoundException);
    assert.equal(error.message, `Requested resource not found: Table: ${TableName} not found`);
    assert.ok(error.$metadata.requestId);
    return error.$metadata.httpStatusCode === 400;
  });
});

test("tables are listed page by page", async () => {
  for (const name of ["list-a", "list-b", "list-c"]) await shared.table(name);
  const seen = [];
  for await (const page of paginateListTables({ client: shared.client, pageSize: 1 }, {})) seen.push(...page.TableNames);
  for (const name of ["list-a", "list-b", "list-c"]) assert.ok(seen.includes(name));
  assert.deepEqual((await send(new ListTablesCommand({}))).TableNames, seen);
});

test("dates are dates, and what a table lacks is undefined", async () => {
  const { Table } = await send(new DescribeTableCommand({ TableName: await shared.table("dated") }));
  assert.ok(Table.CreationDateTime instanceof Date);
  assert.ok(Math.abs(Date.now() - Table.CreationDateTime) < 60_000);
  assert.equal(Table.GlobalSecondaryIndexes, undefined);
  assert.equal(Table.ItemCount, 0);
});

test("a name is taken once", async () => {
  await shared.table("taken");
  await assert.rejects(shared.table("taken"), (error) => error instanceof ResourceInUseException && error.message === "Table already exists: taken");
});

test("an index comes and goes while the table is used", async () => {
  const TableName = await shared.table("grows");
  await send(new PutItemCommand({ TableName, Item: { pk: { S: "a" }, g: { N: "7" } } }));
  await send(new UpdateTableCommand({
    TableName, AttributeDefinitions: [{ AttributeName: "g", AttributeType: "N" }],
    GlobalSecondaryIndexUpdates: [{ Create: {
      IndexName: "by-g", KeySchema: [{ AttributeName: "g", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } } }],
  }));
  await waitUntilTableExists(patience(), { TableName });
  const query = new QueryCommand({ TableName, IndexName: "by-g", KeyConditionExpression: "g = :g", ExpressionAttributeValues: { ":g": { N: "7.0" } } });
  assert.equal((await send(query)).Count, 1);
  await send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-g" } }] }));
  await assert.rejects(send(query), { name: "ValidationException", message: "The table does not have the specified index: by-g" });
});

test("a protected table is deleted once the protection is lifted", async () => {
  const TableName = await shared.table("protected", undefined, { DeletionProtectionEnabled: true });
  await assert.rejects(send(new DeleteTableCommand({ TableName })), {
    name: "ValidationException",
    message: "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
  });
  await send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await send(new DeleteTableCommand({ TableName }));
});

test("tags are shown as they were given", async () => {
  const { Table } = await send(new DescribeTableCommand({ TableName: await shared.table("tagged") }));
  await send(new TagResourceCommand({ ResourceArn: Table.TableArn, Tags: [{ Key: "team", Value: "a b" }] }));
  assert.deepEqual((await send(new ListTagsOfResourceCommand({ ResourceArn: Table.TableArn }))).Tags, [{ Key: "team", Value: "a b" }]);
});

test("a table that is none is a ValidationException in AWS's words", async () => {
  await assert.rejects(send(new CreateTableCommand({
    TableName: "bad", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "b", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "a", KeyType: "HASH" }],
  })), {
    name: "ValidationException",
    message: "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: [b]",
  });
});
