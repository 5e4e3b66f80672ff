// DynamoDB items through AWS SDK v3's plain client: attribute values, conditions, many writers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dynamodb, withTables } from "./tables.mjs";

const {
  BatchGetItemCommand, BatchWriteItemCommand, ConditionalCheckFailedException, DeleteItemCommand, GetItemCommand, PutItemCommand,
  ResourceNotFoundException, UpdateItemCommand,
} = dynamodb;
const shared = withTables();
const send = (command) => shared.client.send(command);
const Key = { pk: { S: "a" } };

test("attribute values come back as they went", async () => {
  const TableName = await shared.table("values");
  const Item = {
    ...Key, n: { N: "-0.125" }, b: { B: new Uint8Array([0, 255]) }, t: { BOOL: true }, nul: { NULL: true },
    l: { L: [{ N: "1" }, { S: "x" }] }, m: { M: { deep: { L: [] } } }, ss: { SS: ["a", "b"] }, ns: { NS: ["1", "2"] },
  };
  await send(new PutItemCommand({ TableName, Item }));
  const got = (await send(new GetItemCommand({ TableName, Key }))).Item;
  assert.deepEqual({ ...got, b: [...got.b.B] }, { ...Item, b: [0, 255] });
});

test("an item that is not there is undefined", async () => {
  const TableName = await shared.table("absent");
  assert.equal((await send(new GetItemCommand({ TableName, Key }))).Item, undefined);
  assert.equal((await send(new DeleteItemCommand({ TableName, Key, ReturnValues: "ALL_OLD" }))).Attributes, undefined);
});

test("a failed condition is a typed exception that brings the item", async () => {
  const TableName = await shared.table("conditions");
  const put = (v) => send(new PutItemCommand({
    TableName, Item: { ...Key, v: { N: v } }, ConditionExpression: "attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  }));
  await put("1");
  await assert.rejects(put("2"), (error) => {
    assert.ok(error instanceof ConditionalCheckFailedException);
    assert.equal(error.message, "The conditional request failed");
    return error.Item.v.N === "1";
  });
});

test("faults have the name and the words that AWS gives them", async () => {
  const TableName = await shared.table("faults");
  await assert.rejects(send(new GetItemCommand({ TableName: "nowhere", Key })), (error) =>
    error instanceof ResourceNotFoundException && error.message === "Requested resource not found");
  const update = (UpdateExpression, ExpressionAttributeValues) =>
    send(new UpdateItemCommand({ TableName, Key, UpdateExpression, ExpressionAttributeValues }));
  await assert.rejects(update("SET views = :v", { ":v": { N: "1" } }), {
    name: "ValidationException",
    message: "1 validation error detected: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: views",
  });
  await assert.rejects(update("SET n = n + :v", { ":v": { N: "1" } }), {
    name: "ValidationException", message: "The provided expression refers to an attribute that does not exist in the item",
  });
});

test("batches write and read over several tables", async () => {
  const [one, two] = [await shared.table("batch-one"), await shared.table("batch-two")];
  const put = (pk) => ({ PutRequest: { Item: { pk: { S: pk } } } });
  const written = await send(new BatchWriteItemCommand({ RequestItems: { [one]: [put("a"), put("b")], [two]: [put("c")] } }));
  assert.deepEqual(written.UnprocessedItems, {});
  const { Responses, UnprocessedKeys } = await send(new BatchGetItemCommand({
    RequestItems: { [one]: { Keys: [Key, { pk: { S: "c" } }] }, [two]: { Keys: [{ pk: { S: "c" } }] } },
  }));
  assert.deepEqual([Responses, UnprocessedKeys], [{ [one]: [Key], [two]: [{ pk: { S: "c" } }] }, {}]);
});

test("fifty writes at once are fifty writes", async () => {
  const TableName = await shared.table("at-once");
  await Promise.all(Array.from({ length: 50 }, () => send(new UpdateItemCommand({
    TableName, Key, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } },
  }))));
  assert.equal((await send(new GetItemCommand({ TableName, Key }))).Item.n.N, "50");
});

test("consumed capacity is reported as numbers", async () => {
  const TableName = await shared.table("capacity");
  const { ConsumedCapacity } = await send(new GetItemCommand({ TableName, Key, ReturnConsumedCapacity: "INDEXES" }));
  assert.deepEqual(ConsumedCapacity, { TableName, CapacityUnits: 0.5, Table: { CapacityUnits: 0.5 } });
});
