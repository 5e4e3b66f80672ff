// DynamoDB Query and Scan through AWS SDK v3's paginators.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dynamodb, lib, withTables } from "./tables.mjs";

const { paginateScan } = dynamodb;
const { BatchWriteCommand, PutCommand, QueryCommand, ScanCommand, paginateQuery } = lib;
const shared = withTables();
const send = (command) => shared.documents.send(command);

async function fill(TableName, items) {
  for (let at = 0; at < items.length; at += 25) {
    const RequestItems = { [TableName]: items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } })) };
    await send(new BatchWriteCommand({ RequestItems }));
  }
}

test("a query walks a partition in order, page by page", async () => {
  const TableName = await shared.table("walked", "N");
  await fill(TableName, Array.from({ length: 10 }, (_, sk) => ({ pk: "p", sk: (sk * 7) % 10 })));
  const seen = [];
  const query = { TableName, KeyConditionExpression: "pk = :p AND sk >= :s", ExpressionAttributeValues: { ":p": "p", ":s": 2 } };
  for await (const page of paginateQuery({ client: shared.documents, pageSize: 3 }, { ...query })) {
    assert.ok(page.Items.length <= 3);
    seen.push(...page.Items.map((item) => item.sk));
  }
  assert.deepEqual(seen, [2, 3, 4, 5, 6, 7, 8, 9]);
  const last = await send(new QueryCommand({ ...query, ScanIndexForward: false, Limit: 1 }));
  assert.deepEqual([last.Count, last.Items[0].sk, last.LastEvaluatedKey], [1, 9, { pk: "p", sk: 9 }]);
});

test("a scan sees each item once, page by page and segment by segment", async () => {
  const TableName = await shared.table("scanned");
  const keys = Array.from({ length: 40 }, (_, n) => `k${n}`);
  await fill(TableName, keys.map((pk) => ({ pk })));
  const seen = [];
  for await (const page of paginateScan({ client: shared.client, pageSize: 6 }, { TableName })) seen.push(...page.Items.map((i) => i.pk.S));
  assert.deepEqual([...seen].sort(), [...keys].sort());
  const segments = await Promise.all([0, 1, 2, 3].map((Segment) => send(new ScanCommand({ TableName, Segment, TotalSegments: 4 }))));
  assert.deepEqual(segments.flatMap((s) => s.Items.map((i) => i.pk)), seen);
});

test("a filter may leave a page empty and the next one not", async () => {
  const TableName = await shared.table("sieved", "N");
  await fill(TableName, Array.from({ length: 9 }, (_, sk) => ({ pk: "p", sk, wanted: sk === 8 })));
  const counts = [];
  const input = { TableName, KeyConditionExpression: "pk = :p", FilterExpression: "wanted = :t", ExpressionAttributeValues: { ":p": "p", ":t": true } };
  for await (const page of paginateQuery({ client: shared.documents, pageSize: 3 }, input)) counts.push([page.Count, page.ScannedCount]);
  assert.deepEqual(counts, [[0, 3], [0, 3], [1, 3], [0, 0]]);
});

test("an index is queried by its own keys and goes on where it stopped", async () => {
  const TableName = await shared.table("indexed", undefined, {
    definitions: [{ AttributeName: "g", AttributeType: "S" }, { AttributeName: "at", AttributeType: "N" }],
    GlobalSecondaryIndexes: [{
      IndexName: "by-g", Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["shown"] },
      KeySchema: [{ AttributeName: "g", KeyType: "HASH" }, { AttributeName: "at", KeyType: "RANGE" }],
    }],
  });
  await fill(TableName, Array.from({ length: 7 }, (_, n) => ({ pk: `k${n}`, g: "x", at: n % 3, shown: n, hidden: n })));
  await send(new PutCommand({ TableName, Item: { pk: "sparse", g: "x" } }));
  const seen = [];
  const input = { TableName, IndexName: "by-g", KeyConditionExpression: "g = :g", ExpressionAttributeValues: { ":g": "x" } };
  for await (const page of paginateQuery({ client: shared.documents, pageSize: 2 }, input)) seen.push(...page.Items);
  assert.deepEqual(seen.map((i) => i.at), [0, 0, 0, 1, 1, 2, 2]);
  assert.deepEqual(Object.keys(seen[0]).sort(), ["at", "g", "pk", "shown"]);
});
