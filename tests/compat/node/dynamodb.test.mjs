// DynamoDB through AWS SDK v3 for JavaScript: the client, the document client, paginators and waiters.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sdk, startEmu } from "./emu.mjs";

const {
  ConditionalCheckFailedException, CreateTableCommand, DeleteTableCommand, DescribeTableCommand, DynamoDBClient, GetItemCommand,
  ListTablesCommand, PutItemCommand, ResourceNotFoundException, paginateListTables, paginateScan, waitUntilTableExists,
  waitUntilTableNotExists,
} = sdk("@aws-sdk/client-dynamodb");
const { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand, paginateQuery } =
  sdk("@aws-sdk/lib-dynamodb");

let emu, client, documents;
before(async () => {
  emu = await startEmu();
  client = new DynamoDBClient(emu.config);
  documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
});
after(async () => {
  client?.destroy();
  await emu?.stop();
});

async function table(name, sort) {
  const attribute = (AttributeName, AttributeType) => ({ AttributeName, AttributeType });
  await client.send(new CreateTableCommand({
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [attribute("pk", "S"), ...(sort ? [attribute("sk", sort)] : [])],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }, ...(sort ? [{ AttributeName: "sk", KeyType: "RANGE" }] : [])],
  }));
  return name;
}

test("a table exists and then does not, for the waiters", async () => {
  const TableName = await table("waited");
  const wait = { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 };
  assert.equal((await waitUntilTableExists(wait, { TableName })).state, "SUCCESS");
  await client.send(new DeleteTableCommand({ TableName }));
  assert.equal((await waitUntilTableNotExists(wait, { TableName })).state, "SUCCESS");
  await assert.rejects(client.send(new DescribeTableCommand({ TableName })), (error) => {
    assert.ok(error instanceof ResourceNotFoundException);
    assert.equal(error.message, `Requested resource not found: Table: ${TableName} not found`);
    assert.ok(error.$metadata.requestId);
    return error.$metadata.httpStatusCode === 400;
  });
});

test("attribute values come back as they went", async () => {
  const TableName = await table("values");
  const Item = {
    pk: { S: "a" }, n: { N: "-0.125" }, b: { B: new Uint8Array([0, 255]) }, t: { BOOL: true }, nul: { NULL: true },
    l: { L: [{ N: "1" }, { S: "x" }] }, m: { M: { deep: { L: [] } } },
  };
  await client.send(new PutItemCommand({ TableName, Item }));
  const got = (await client.send(new GetItemCommand({ TableName, Key: { pk: { S: "a" } } }))).Item;
  assert.deepEqual({ ...got, b: [...got.b.B] }, { ...Item, b: [0, 255] });
});

test("the document client speaks plain objects", async () => {
  const TableName = await table("documents");
  const Item = { pk: "a", count: 1, nested: { list: [1, "two", { three: 3 }] }, tags: new Set(["x", "y"]), none: null };
  await documents.send(new PutCommand({ TableName, Item: { ...Item, gone: undefined } }));
  const updated = await documents.send(new UpdateCommand({
    TableName, Key: { pk: "a" }, UpdateExpression: "SET #c = #c + :n, nested.#l[1] = :v", ReturnValues: "ALL_NEW",
    ExpressionAttributeNames: { "#c": "count", "#l": "list" }, ExpressionAttributeValues: { ":n": 2, ":v": "2" },
  }));
  const expected = { ...Item, count: 3, nested: { list: [1, "2", { three: 3 }] } };
  assert.deepEqual(updated.Attributes, expected);
  assert.deepEqual((await documents.send(new GetCommand({ TableName, Key: { pk: "a" } }))).Item, expected);
  await documents.send(new DeleteCommand({ TableName, Key: { pk: "a" } }));
  assert.equal((await documents.send(new GetCommand({ TableName, Key: { pk: "a" } }))).Item, undefined);
});

test("a failed condition is a typed exception that changes nothing", async () => {
  const TableName = await table("conditions");
  const put = (v) => documents.send(new PutCommand({
    TableName, Item: { pk: "a", v }, ConditionExpression: "attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  }));
  await put(1);
  await assert.rejects(put(2), (error) => {
    assert.ok(error instanceof ConditionalCheckFailedException);
    assert.equal(error.message, "The conditional request failed");
    return error.Item.v.N === "1" || error.Item.v === 1;
  });
  assert.equal((await documents.send(new GetCommand({ TableName, Key: { pk: "a" } }))).Item.v, 1);
});

test("a query walks a partition in order, page by page", async () => {
  const TableName = await table("walked", "N");
  for (let sk = 0; sk < 10; sk++) await documents.send(new PutCommand({ TableName, Item: { pk: "p", sk: (sk * 7) % 10 } }));
  const seen = [];
  const query = { TableName, KeyConditionExpression: "pk = :p AND sk >= :s", ExpressionAttributeValues: { ":p": "p", ":s": 2 } };
  for await (const page of paginateQuery({ client: documents, pageSize: 3 }, { ...query })) {
    assert.ok(page.Items.length <= 3);
    seen.push(...page.Items.map((item) => item.sk));
  }
  assert.deepEqual(seen, [2, 3, 4, 5, 6, 7, 8, 9]);
  const last = await documents.send(new QueryCommand({ ...query, ScanIndexForward: false, Limit: 1 }));
  assert.deepEqual([last.Count, last.Items[0].sk, last.LastEvaluatedKey], [1, 9, { pk: "p", sk: 9 }]);
});

test("a scan sees each item once, page by page", async () => {
  const TableName = await table("scanned");
  const keys = Array.from({ length: 20 }, (_, n) => `k${n}`);
  for (const pk of keys) await documents.send(new PutCommand({ TableName, Item: { pk } }));
  const seen = [];
  for await (const page of paginateScan({ client, pageSize: 6 }, { TableName })) seen.push(...page.Items.map((i) => i.pk.S));
  assert.deepEqual(seen.sort(), keys.sort());
});

test("tables are listed page by page", async () => {
  for (const name of ["list-a", "list-b", "list-c"]) await table(name);
  const seen = [];
  for await (const page of paginateListTables({ client, pageSize: 1 }, {})) seen.push(...page.TableNames);
  for (const name of ["list-a", "list-b", "list-c"]) assert.ok(seen.includes(name));
  assert.deepEqual((await client.send(new ListTablesCommand({}))).TableNames, seen);
});

test("fifty writes at once are fifty writes", async () => {
  const TableName = await table("at-once");
  await documents.send(new PutCommand({ TableName, Item: { pk: "sum", n: 0 } }));
  await Promise.all(Array.from({ length: 50 }, () => documents.send(new UpdateCommand({
    TableName, Key: { pk: "sum" }, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": 1 },
  }))));
  assert.equal((await documents.send(new GetCommand({ TableName, Key: { pk: "sum" } }))).Item.n, 50);
});
