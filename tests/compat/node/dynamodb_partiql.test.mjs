// PartiQL through AWS SDK v3 for JavaScript: the client and the document client.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dynamodb, lib, withTables } from "./tables.mjs";

const { DuplicateItemException, ExecuteStatementCommand, TransactionCanceledException } = dynamodb;
const { BatchExecuteStatementCommand, ExecuteStatementCommand: Execute, ExecuteTransactionCommand } = lib;
const shared = withTables(() => shared.table("Tab", "N"));

const run = (Statement, Parameters, more) => shared.documents.send(new Execute({ Statement, Parameters, ...more }));

test("plain objects go in and come out as parameters and rows", async () => {
  const item = { deep: { list: [1, "two", null] }, tags: new Set(["x", "y"]), yes: true };
  await run("INSERT INTO Tab VALUE {'pk': ?, 'sk': ?, 'item': ?}", ["plain", 1, item]);
  const { Items } = await run("SELECT * FROM Tab WHERE pk = ? AND sk = ?", ["plain", 1]);
  assert.deepEqual(Items, [{ pk: "plain", sk: 1, item }]);
  const changed = await run("UPDATE Tab SET item.deep.list[0] = ? WHERE pk = 'plain' AND sk = 1 RETURNING ALL NEW *", [7]);
  assert.equal(changed.Items[0].item.deep.list[0], 7);
});

test("a row that exists is a typed exception", async () => {
  const insert = new ExecuteStatementCommand({ Statement: "INSERT INTO Tab VALUE {'pk': 'once', 'sk': 1}" });
  assert.deepEqual((await shared.client.send(insert)).Items, []);
  await assert.rejects(shared.client.send(insert), (error) => {
    assert.ok(error instanceof DuplicateItemException);
    return error.message === "Duplicate primary key exists in table";
  });
});

test("pages follow each other, with a filter and without rows", async () => {
  for (let sk = 0; sk < 6; sk++) await run("INSERT INTO Tab VALUE {'pk': 'paged', 'sk': ?, 'odd': ?}", [sk, sk % 2 === 1]);
  const seen = [];
  let NextToken, pages = 0;
  do {
    const page = await run("SELECT sk FROM Tab WHERE pk = 'paged' AND odd = true", undefined, { Limit: 1, NextToken });
    seen.push(...page.Items.map((row) => row.sk));
    NextToken = page.NextToken;
    pages++;
  } while (NextToken);
  assert.deepEqual([seen, pages], [[1, 3, 5], 7]);
});

test("batches and transactions of statements", async () => {
  const batch = await shared.documents.send(new BatchExecuteStatementCommand({ Statements: [
    { Statement: "INSERT INTO Tab VALUE {'pk': 'many', 'sk': ?}", Parameters: [1] },
    { Statement: "UPDATE Tab SET v = 1 WHERE pk = 'many' AND sk = 2" },
  ] }));
  assert.deepEqual(batch.Responses.map((r) => r.Error?.Code), [undefined, "ConditionalCheckFailed"]);
  const transaction = (...statements) =>
    shared.documents.send(new ExecuteTransactionCommand({ TransactStatements: statements.map((Statement) => ({ Statement })) }));
  await assert.rejects(
    transaction("UPDATE Tab SET v = 1 WHERE pk = 'many' AND sk = 1", "INSERT INTO Tab VALUE {'pk': 'many', 'sk': 1.0}"),
    /multiple operations on one item/);
  await assert.rejects(
    transaction("UPDATE Tab SET v = 1 WHERE pk = 'many' AND sk = 2", "INSERT INTO Tab VALUE {'pk': 'many', 'sk': 3}"),
    (error) => {
      assert.ok(error instanceof TransactionCanceledException);
      return error.CancellationReasons[0].Code === "ConditionalCheckFailed";
    });
  const read = await transaction("SELECT * FROM Tab WHERE pk = 'many' AND sk = 1", "SELECT * FROM Tab WHERE pk = 'many' AND sk = 3");
  assert.deepEqual(read.Responses, [{ Item: { pk: "many", sk: 1 } }, {}]);
});
