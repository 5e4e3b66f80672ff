// JavaScript values through AWS SDK v3's document client, and every one of its commands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lib, withTables } from "./tables.mjs";

const {
  BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocument, DynamoDBDocumentClient, GetCommand, NumberValue, PutCommand,
  QueryCommand, ScanCommand, TransactGetCommand, TransactWriteCommand, UpdateCommand,
} = lib;
const shared = withTables();
const send = (command) => shared.documents.send(command);
const Key = { pk: "a" };

test("what is put comes back, and an update shows the whole", async () => {
  const TableName = await shared.table("documents");
  const Item = { ...Key, nested: { list: [1, "2", { three: 3 }], gone: undefined }, none: null, flag: false };
  await send(new PutCommand({ TableName, Item }));
  const updated = await send(new UpdateCommand({
    TableName, Key, UpdateExpression: "SET #c = if_not_exists(#c, :zero) + :three", ReturnValues: "ALL_NEW",
    ExpressionAttributeNames: { "#c": "count" }, ExpressionAttributeValues: { ":zero": 0, ":three": 3 },
  }));
  const expected = { ...Item, count: 3, nested: { list: [1, "2", { three: 3 }] } };
  assert.deepEqual(updated.Attributes, expected);
  assert.deepEqual((await send(new GetCommand({ TableName, Key }))).Item, expected);
  await send(new DeleteCommand({ TableName, Key }));
  assert.equal((await send(new GetCommand({ TableName, Key }))).Item, undefined);
});

test("sets, bytes, large integers and exact decimals keep their kind", async () => {
  const TableName = await shared.table("kinds");
  const exact = DynamoDBDocumentClient.from(shared.client, { unmarshallOptions: { wrapNumbers: true } });
  await send(new PutCommand({ TableName, Item: {
    ...Key, texts: new Set(["b", "a"]), numbers: new Set([2, 1]), bytes: new Uint8Array([1, 0, 255]), empty: "",
    big: 12345678901234567890n, decimal: NumberValue.from("0.12345678901234567890123456789012345678"),
  } }));
  const { Item } = await exact.send(new GetCommand({ TableName, Key }));
  assert.deepEqual([...Item.texts].sort(), ["a", "b"]);
  assert.deepEqual([...Item.numbers].map((n) => n.value ?? String(n)).sort(), ["1", "2"]);
  assert.deepEqual([...Item.bytes], [1, 0, 255]);
  assert.equal(Item.empty, "");
  assert.deepEqual([Item.big.value, Item.decimal.value], ["12345678901234567890", "0.12345678901234567890123456789012345678"]);
});

test("every command of the document client has its answer", async () => {
  const TableName = await shared.table("commands", "N");
  const document = DynamoDBDocument.from(shared.client);
  const put = (sk) => ({ PutRequest: { Item: { pk: "p", sk, square: sk * sk } } });
  await document.batchWrite({ RequestItems: { [TableName]: [1, 2, 3, 4].map(put) } });
  await send(new BatchWriteCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key: { pk: "p", sk: 4 } } }] } }));
  const { Responses } = await send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [{ pk: "p", sk: 2 }, { pk: "p", sk: 4 }] } } }));
  assert.deepEqual(Responses[TableName], [{ pk: "p", sk: 2, square: 4 }]);
  const { Items } = await send(new QueryCommand({
    TableName, KeyConditionExpression: "pk = :p AND sk BETWEEN :a AND :b", ExpressionAttributeValues: { ":p": "p", ":a": 2, ":b": 9 },
    ProjectionExpression: "square",
  }));
  assert.deepEqual(Items, [{ square: 4 }, { square: 9 }]);
  assert.equal((await send(new ScanCommand({ TableName, FilterExpression: "square > :n", ExpressionAttributeValues: { ":n": 3 } }))).Count, 2);
  assert.equal((await document.get({ TableName, Key: { pk: "p", sk: 3 } })).Item.square, 9);
});

test("a failed condition brings the item as JavaScript knows it", async () => {
  const TableName = await shared.table("failed");
  await send(new PutCommand({ TableName, Item: { ...Key, v: 1 } }));
  await assert.rejects(send(new PutCommand({
    TableName, Item: Key, ConditionExpression: "v > :v", ExpressionAttributeValues: { ":v": 1 }, ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  })), (error) => error.name === "ConditionalCheckFailedException" && (error.Item.v === 1 || error.Item.v.N === "1"));
});

test("a transaction that is cancelled says why, action by action", async () => {
  const TableName = await shared.table("transactions");
  await send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { pk: "a", n: 1 } } }, { Put: { TableName, Item: { pk: "b", n: 1 } } }] }));
  const move = (n) => send(new TransactWriteCommand({ TransactItems: [
    { Update: { TableName, Key: { pk: "a" }, UpdateExpression: "SET n = n - :n", ConditionExpression: "n >= :n",
      ExpressionAttributeValues: { ":n": n }, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } },
    { Update: { TableName, Key: { pk: "b" }, UpdateExpression: "SET n = n + :n", ExpressionAttributeValues: { ":n": n } } },
  ] }));
  await move(1);
  await assert.rejects(move(1), (error) => {
    assert.equal(error.name, "TransactionCanceledException");
    assert.equal(error.message, "Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed, None]");
    assert.deepEqual(error.CancellationReasons.map((r) => [r.Code, r.Message]), [["ConditionalCheckFailed", "The conditional request failed"], ["None", undefined]]);
    return true;
  });
  const { Responses } = await send(new TransactGetCommand({ TransactItems: ["a", "b", "c"].map((pk) => ({ Get: { TableName, Key: { pk } } })) }));
  assert.deepEqual(Responses.map(({ Item }) => Item?.n), [0, 2, undefined]);
});
