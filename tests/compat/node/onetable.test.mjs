// OneTable, unmodified: it makes its own table, and its models live in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { library } from "./emu.mjs";
import { withTables } from "./tables.mjs";

const { Table } = library("dynamodb-onetable");
const { Dynamo } = library("dynamodb-onetable/Dynamo");

const schema = {
  format: "onetable:1.1.0",
  version: "0.0.1",
  indexes: { primary: { hash: "pk", sort: "sk" }, gs1: { hash: "gs1pk", sort: "gs1sk", project: "all" }, ls1: { type: "local", sort: "age", project: ["pk", "sk"] } },
  models: {
    Account: {
      pk: { type: String, value: "account#${id}" }, sk: { type: String, value: "account#" },
      id: { type: String, generate: "ulid" }, name: { type: String, required: true }, balance: { type: Number, default: 0 },
    },
    User: {
      pk: { type: String, value: "account#${accountId}" }, sk: { type: String, value: "user#${email}" },
      gs1pk: { type: String, value: "user#${email}" }, gs1sk: { type: String, value: "user#" },
      accountId: { type: String, required: true }, id: { type: String, generate: "uid" },
      email: { type: String, required: true }, age: { type: Number }, tags: { type: Array }, address: { type: Object, schema: { city: { type: String }, zip: { type: String } } },
      roles: { type: Set }, seen: { type: Date }, expires: { type: Date, ttl: true }, active: { type: Boolean, default: true },
    },
    Member: {
      pk: { type: String, value: "member#${id}" }, sk: { type: String, value: "member#" },
      id: { type: String, generate: "ulid" }, email: { type: String, unique: true, required: true }, name: { type: String },
    },
  },
  params: { isoDates: true, timestamps: true, nulls: false },
};
let table, Account, Member, User;
const shared = withTables(async () => {
  table = new Table({ name: "onetable", client: new Dynamo({ client: shared.client }), schema, partial: true, logger: () => {} });
  await table.createTable();
  [Account, Member, User] = ["Account", "Member", "User"].map((name) => table.getModel(name));
});

test("the table it makes exists, with its indexes", async () => {
  assert.equal(await table.exists(), true);
  const { Table: described } = await table.describeTable();
  assert.deepEqual([described.TableStatus, described.GlobalSecondaryIndexes[0].IndexName, described.LocalSecondaryIndexes[0].IndexName], ["ACTIVE", "gs1", "ls1"]);
});

test("a user is created once, found, updated in place and removed", async () => {
  const account = await Account.create({ name: "Acme" });
  const seen = new Date("2026-01-02T03:04:05Z");
  const user = await User.create({ accountId: account.id, email: "a@x", age: 30, tags: ["x"], address: { city: "Here" }, roles: new Set(["r"]), seen, expires: new Date(4e12) });
  assert.ok(user.created instanceof Date);
  await assert.rejects(User.create({ accountId: account.id, email: "a@x" }), { code: "ConditionalCheckFailedException" });
  const got = await User.get({ accountId: account.id, email: "a@x" });
  assert.deepEqual([got.age, got.tags, got.address, [...got.roles], got.seen, got.active], [30, ["x"], { city: "Here" }, ["r"], seen, true]);
  const changed = await User.update({ accountId: account.id, email: "a@x", address: { zip: "1" } }, { add: { age: 1 }, push: { tags: ["y"] }, set: { active: false }, remove: ["seen"] });
  assert.deepEqual([changed.age, changed.tags, changed.address, changed.active, changed.seen], [31, ["x", "y"], { city: "Here", zip: "1" }, false, undefined]);
  assert.equal((await User.get({ email: "a@x" }, { index: "gs1", follow: true })).id, user.id);
  await assert.rejects(User.update({ accountId: account.id, email: "nobody", age: 1 }));
  await User.remove({ accountId: account.id, email: "a@x" });
  assert.equal(await User.get({ accountId: account.id, email: "a@x" }), undefined);
});

test("an update may be guarded by a condition of its own", async () => {
  const { id } = await Account.create({ name: "Guarded", balance: 10 });
  await Account.update({ id, balance: 5 }, { where: "${balance} >= {5}" });
  await assert.rejects(Account.update({ id, balance: 0 }, { where: "${balance} > {5}" }), /Conditional/);
  assert.equal((await Account.get({ id })).balance, 5);
});

test("finds narrow, filter, count and page either way", async () => {
  const { id: accountId } = await Account.create({ name: "Many" });
  for (let n = 0; n < 9; n++) await User.create({ accountId, email: `m${n}@x`, age: n });
  assert.equal((await User.find({ accountId })).length, 9);
  assert.deepEqual((await User.find({ accountId, sk: { begins_with: "user#m8" } })).map((u) => u.email), ["m8@x"]);
  assert.equal((await User.find({ accountId }, { where: "${age} > {6}" })).length, 2);
  assert.equal((await User.find({ accountId }, { count: true })).count, 9);
  assert.deepEqual((await User.find({ accountId, sk: { between: ["user#m3@x", "user#m5@x"] } }, { reverse: true, fields: ["email"] })).map((u) => u.email), ["m5@x", "m4@x", "m3@x"]);
  const seen = [];
  let next;
  do {
    const page = await User.find({ accountId }, { limit: 4, next });
    seen.push(...page.map((u) => u.age));
    next = page.next;
  } while (next);
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal((await User.scan({ age: 3 })).length, 1);
});

test("a batch writes and reads several items", async () => {
  const batch = {};
  const { id: accountId } = await Account.create({ name: "Batch" });
  for (let n = 0; n < 5; n++) await User.create({ accountId, email: `b${n}@x` }, { batch, exists: null });
  await table.batchWrite(batch);
  const wanted = {};
  for (let n = 0; n < 6; n++) await User.get({ accountId, email: `b${n}@x` }, { batch: wanted });
  const items = await table.batchGet(wanted, { parse: true, hidden: false });
  assert.deepEqual(items.map((u) => u.email).sort(), [0, 1, 2, 3, 4].map((n) => `b${n}@x`));
});

test("a unique attribute is unique across the table, through create, update and remove", async () => {
  await Member.create({ email: "u@x", name: "First" });
  await assert.rejects(Member.create({ email: "u@x", name: "Second" }), { code: "UniqueError" });
  const other = await Member.create({ email: "v@x", name: "Third" });
  await assert.rejects(Member.update({ id: other.id, email: "u@x" }), { code: "UniqueError" });
  await Member.update({ id: other.id, email: "w@x" });
  await Member.create({ email: "v@x", name: "Fourth" });
  await Member.remove({ id: other.id });
  await Member.create({ email: "w@x", name: "Fifth" });
});

test("a transaction writes several models or none", async () => {
  const transaction = {};
  const account = await Account.create({ name: "Before" });
  await Account.update({ id: account.id, name: "After" }, { transaction });
  await User.create({ accountId: account.id, email: "t@x" }, { transaction });
  await table.transact("write", transaction);
  assert.equal((await User.find({ accountId: account.id })).length, 1);
  const doomed = {};
  await Account.update({ id: account.id, name: "Never" }, { transaction: doomed });
  await User.create({ accountId: account.id, email: "t@x" }, { transaction: doomed });
  await assert.rejects(table.transact("write", doomed), (error) => {
    assert.equal(error.code, "TransactionCanceledException");
    return error.context.err.CancellationReasons[1].Code === "ConditionalCheckFailed";
  });
  assert.equal((await Account.get({ id: account.id })).name, "After");
  const wanted = {};
  await Account.get({ id: account.id }, { transaction: wanted });
  await User.get({ accountId: account.id, email: "t@x" }, { transaction: wanted });
  const items = await table.transact("get", wanted, { parse: true, hidden: true });
  assert.deepEqual(items.map((item) => item.name ?? item.email), ["After", "t@x"]);
});
