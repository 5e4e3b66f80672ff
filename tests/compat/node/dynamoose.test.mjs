// Dynamoose, unmodified: it makes and updates its tables, and its models speak through it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { library } from "./emu.mjs";
import { dynamodb, withTables } from "./tables.mjs";

const dynamoose = library("dynamoose");
let Cat, Visit;
const shared = withTables(async () => {
  dynamoose.aws.ddb.set(new dynamoose.aws.ddb.DynamoDB({ ...shared.emu.config }));
  const cat = new dynamoose.Schema({
    id: { type: String, hashKey: true },
    name: { type: String, required: true, index: { name: "byName", type: "global", rangeKey: "lives" } },
    lives: { type: Number, default: 9 },
    born: Date,
    friends: { type: Set, schema: [String] },
    toys: { type: Array, schema: [{ type: Object, schema: { kind: String, count: Number } }] },
    picture: Buffer,
  }, { timestamps: true });
  const visit = new dynamoose.Schema({
    vet: { type: String, hashKey: true }, at: { type: Number, rangeKey: true }, cat: String, price: Number,
  });
  Cat = dynamoose.model("Cat", cat);
  Visit = dynamoose.model("Visit", visit);
  new dynamoose.Table("dynamoose", [Cat], { waitForActive: { check: { frequency: 20 } }, throughput: "ON_DEMAND" });
  new dynamoose.Table("dynamoose-visits", [Visit], { waitForActive: { check: { frequency: 20 } } });
});

test("a cat is created once, found, updated and deleted", async () => {
  const born = new Date(1700000000000);
  const cat = await Cat.create({ id: "1", name: "Tom", born, friends: new Set(["a", "b"]), toys: [{ kind: "ball", count: 2 }], picture: Buffer.from([1, 2]) });
  assert.equal(cat.lives, 9);
  await assert.rejects(Cat.create({ id: "1", name: "Other" }), { name: "ConditionalCheckFailedException" });
  const got = await Cat.get("1");
  assert.deepEqual([got.born, [...got.friends].sort(), got.toys, [...got.picture]], [born, ["a", "b"], [{ kind: "ball", count: 2 }], [1, 2]]);
  assert.ok(got.createdAt);
  const updated = await Cat.update({ id: "1" }, { $SET: { name: "Tim" }, $ADD: { lives: -1 }, $REMOVE: ["picture"] });
  assert.deepEqual([updated.name, updated.lives, updated.picture], ["Tim", 8, undefined]);
  await assert.rejects(Cat.update({ id: "1" }, { lives: 0 }, { condition: new dynamoose.Condition().filter("name").eq("Tom") }),
    { name: "ConditionalCheckFailedException" });
  got.lives = 3;
  await got.save();
  assert.equal((await Cat.get({ id: "1" })).lives, 3);
  await Cat.delete("1");
  assert.equal(await Cat.get("1"), undefined);
});

test("queries go through tables and indexes, page by page", async () => {
  await Visit.batchPut(Array.from({ length: 20 }, (_, at) => ({ vet: "v", at, cat: at % 2 ? "odd" : "even", price: at * 10 })));
  assert.equal((await Visit.query("vet").eq("v").exec()).length, 20);
  assert.deepEqual((await Visit.query("vet").eq("v").where("at").between(3, 6).filter("cat").eq("odd").exec()).map((v) => v.at), [3, 5]);
  assert.deepEqual((await Visit.query({ vet: "v", at: { gt: 17 } }).sort("descending").attributes(["at"]).exec()).map((v) => v.at), [19, 18]);
  assert.equal((await Visit.query("vet").eq("v").count().exec()).count, 20);
  const seen = [];
  let last;
  do {
    const query = Visit.query("vet").eq("v").limit(6);
    const page = await (last ? query.startAt(last) : query).exec();
    seen.push(...page.map((v) => v.at));
    last = page.lastKey;
  } while (last);
  assert.deepEqual(seen, Array.from({ length: 20 }, (_, n) => n));
  for (const [id, lives] of [["q1", 5], ["q2", 2]]) await Cat.create({ id, name: "Same", lives });
  assert.deepEqual((await Cat.query("name").eq("Same").using("byName").exec()).map((c) => c.id), ["q2", "q1"]);
  assert.equal((await Cat.scan("lives").lt(3).and().where("name").beginsWith("Sa").exec()).length, 1);
  assert.equal((await Visit.scan().parallel(3).all().exec()).length, 20);
});

test("batches put, get and delete", async () => {
  const cats = Array.from({ length: 25 }, (_, n) => ({ id: `b${n}`, name: `B${n}` }));
  assert.deepEqual((await Cat.batchPut(cats)).unprocessedItems, []);
  const got = await Cat.batchGet(cats.map((c) => c.id));
  assert.deepEqual(got.map((c) => c.id).sort(), cats.map((c) => c.id).sort());
  await Cat.batchDelete(cats.map((c) => c.id));
  assert.equal((await Cat.batchGet(["b0"])).length, 0);
});

test("a transaction creates, updates and checks, or does nothing", async () => {
  await Cat.create({ id: "t1", name: "One" });
  await dynamoose.transaction([Cat.transaction.create({ id: "t2", name: "Two" }), Cat.transaction.update({ id: "t1" }, { $ADD: { lives: 1 } })]);
  assert.equal((await Cat.get("t1")).lives, 10);
  await assert.rejects(dynamoose.transaction([
    Cat.transaction.update({ id: "t1" }, { name: "Never" }), Cat.transaction.create({ id: "t2", name: "Again" }),
  ]), (error) => error.name === "TransactionCanceledException" && error.CancellationReasons[1].Code === "ConditionalCheckFailed");
  const got = await dynamoose.transaction([Cat.transaction.get("t1"), Cat.transaction.get("t2")]);
  assert.deepEqual(got.map((cat) => cat.name), ["One", "Two"]);
});

test("a table is made with time to live and tags, and given an index later", async () => {
  const name = "dynamoose-sessions";
  const wait = { waitForActive: { check: { frequency: 20 } } };
  const attributes = { id: { type: String, hashKey: true }, owner: { type: String }, at: { type: Number } };
  const Session = dynamoose.model("Session", new dynamoose.Schema(attributes));
  const first = new dynamoose.Table(name, [Session], {
    ...wait, expires: { ttl: 3600_000, attribute: "expires" }, tags: { team: "x" }, tableClass: "standard", initialize: false,
  });
  await first.initialize();
  await Session.create({ id: "s1", owner: "me", at: 1 });
  assert.ok((await Session.get("s1")).expires > new Date());
  const describe = async (command, input) => (await shared.client.send(new dynamodb[command](input)));
  assert.deepEqual((await describe("DescribeTimeToLiveCommand", { TableName: name })).TimeToLiveDescription,
    { TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
  const { Table } = await describe("DescribeTableCommand", { TableName: name });
  assert.deepEqual((await describe("ListTagsOfResourceCommand", { ResourceArn: Table.TableArn })).Tags, [{ Key: "team", Value: "x" }]);
  const owner = { type: String, index: { name: "byOwner", type: "global", rangeKey: "at" } };
  const Indexed = dynamoose.model("IndexedSession", new dynamoose.Schema({ ...attributes, owner }));
  const second = new dynamoose.Table(name, [Indexed], { ...wait, update: ["indexes", "tags"], tags: { team: "y" }, create: false, initialize: false });
  await second.initialize();
  assert.deepEqual((await Indexed.query("owner").eq("me").using("byOwner").exec()).map((s) => s.id), ["s1"]);
  assert.deepEqual((await describe("ListTagsOfResourceCommand", { ResourceArn: Table.TableArn })).Tags, [{ Key: "team", Value: "y" }]);
});
