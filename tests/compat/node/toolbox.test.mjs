// dynamodb-toolbox, unmodified: entities, repositories of actions, conditions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { library } from "./emu.mjs";
import { withTables } from "./tables.mjs";

const {
  Entity, Table, item, string, number, list, map, set, $add, $append, $remove, BatchGetCommand, BatchGetRequest, BatchPutRequest,
  BatchWriteCommand, DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand, UpdateItemCommand, executeBatchGet,
  executeBatchWrite, executeTransactGet, executeTransactWrite, GetTransaction, PutTransaction,
} = { ...library("dynamodb-toolbox") };
let Pokemon, pokedex;
const shared = withTables(async () => {
  await shared.table("toolbox", "N");
  pokedex = new Table({ documentClient: shared.documents, name: "toolbox", partitionKey: { name: "pk", type: "string" }, sortKey: { name: "sk", type: "number" } });
  Pokemon = new Entity({
    name: "Pokemon", table: pokedex,
    schema: item({
      kind: string().key().savedAs("pk"), id: number().key().savedAs("sk"), name: string(), level: number().default(1),
      types: set(string()).optional(), moves: list(string()).optional(), stats: map({ hp: number(), speed: number().optional() }).optional(),
    }),
  });
});
const action = (what) => Pokemon.build(what);

test("an entity is put, got, updated and deleted", async () => {
  const key = { kind: "fire", id: 4 };
  await action(PutItemCommand).item({ ...key, name: "Charmander", types: new Set(["fire"]), moves: ["scratch"], stats: { hp: 39 } })
    .options({ condition: { attr: "kind", exists: false } }).send();
  await assert.rejects(action(PutItemCommand).item({ ...key, name: "Again" }).options({ condition: { attr: "kind", exists: false } }).send(),
    { name: "ConditionalCheckFailedException" });
  const { Item } = await action(GetItemCommand).key(key).options({ consistent: true }).send();
  assert.deepEqual([Item.name, Item.level, [...Item.types], Item.stats], ["Charmander", 1, ["fire"], { hp: 39 }]);
  const { Attributes } = await action(UpdateItemCommand)
    .item({ ...key, level: $add(4), moves: $append(["ember"]), types: $add(new Set(["dragon"])), stats: { speed: 65 } })
    .options({ returnValues: "ALL_NEW" }).send();
  assert.deepEqual([Attributes.level, Attributes.moves, [...Attributes.types].sort(), Attributes.stats],
    [5, ["scratch", "ember"], ["dragon", "fire"], { hp: 39, speed: 65 }]);
  await action(UpdateItemCommand).item({ ...key, moves: $remove() }).options({ condition: { attr: "level", gte: 5 } }).send();
  assert.equal((await action(GetItemCommand).key(key).send()).Item.moves, undefined);
  await action(DeleteItemCommand).key(key).send();
  assert.equal((await action(GetItemCommand).key(key).send()).Item, undefined);
});

test("queries, scans and batches find what is there", async () => {
  const items = Array.from({ length: 8 }, (_, id) => ({ kind: "water", id, name: `W${id}`, level: id }));
  await executeBatchWrite(pokedex.build(BatchWriteCommand).requests(...items.map((i) => action(BatchPutRequest).item(i))));
  const query = pokedex.build(QueryCommand).entities(Pokemon).query({ partition: "water", range: { gte: 3 } });
  assert.deepEqual((await query.options({ filters: { Pokemon: { attr: "level", lt: 6 } } }).send()).Items.map((i) => i.id), [3, 4, 5]);
  assert.equal((await query.options({ maxPages: Infinity, limit: 2 }).send()).Items.length, 5);
  assert.equal((await pokedex.build(ScanCommand).entities(Pokemon).options({ filters: { Pokemon: { attr: "level", eq: 7 } } }).send()).Items.length, 1);
  const { Responses } = await executeBatchGet(pokedex.build(BatchGetCommand).requests(
    action(BatchGetRequest).key({ kind: "water", id: 1 }), action(BatchGetRequest).key({ kind: "water", id: 99 })));
  assert.deepEqual(Responses[0].map((i) => i?.name), ["W1", undefined]);
});

test("transactions write all or nothing, and read", async () => {
  const put = (id) => action(PutTransaction).item({ kind: "ghost", id, name: `G${id}` }).options({ condition: { attr: "kind", exists: false } });
  await executeTransactWrite(put(1), put(2));
  await assert.rejects(executeTransactWrite(put(3), put(2)), (error) =>
    error.name === "TransactionCanceledException" && error.CancellationReasons.map((r) => r.Code).join() === "None,ConditionalCheckFailed");
  const { Responses } = await executeTransactGet(...[1, 2, 3].map((id) => action(GetTransaction).key({ kind: "ghost", id })));
  assert.deepEqual(Responses.map(({ Item }) => Item?.name), ["G1", "G2", undefined]);
});
