// ElectroDB, unmodified: entities of one table in collections, conditions, batches, transactions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { library } from "./emu.mjs";
import { withTables } from "./tables.mjs";

const { Entity, Service } = library("electrodb");
const table = "electro";

const Employee = new Entity({
  model: { entity: "employee", version: "1", service: "work" },
  attributes: {
    id: { type: "string", required: true },
    team: { type: "string", required: true },
    office: { type: ["north", "south"], required: true },
    salary: { type: "number", default: () => 1000 },
    skills: { type: "set", items: "string" },
    address: { type: "map", properties: { city: { type: "string" }, zip: { type: "string" } } },
    history: { type: "list", items: { type: "string" } },
    updated: { type: "number", watch: "*", set: () => Date.now(), readOnly: true },
  },
  indexes: {
    employee: { pk: { field: "pk", composite: ["id"] }, sk: { field: "sk", composite: [] } },
    byTeam: { index: "gsi1", collection: "assignments", pk: { field: "gsi1pk", composite: ["team"] }, sk: { field: "gsi1sk", composite: ["office", "id"] } },
  },
}, { table });

const Task = new Entity({
  model: { entity: "task", version: "1", service: "work" },
  attributes: {
    task: { type: "string", required: true }, team: { type: "string", required: true }, project: { type: "string", required: true },
    points: { type: "number" }, status: { type: ["open", "done"], default: "open" },
  },
  indexes: {
    task: { pk: { field: "pk", composite: ["project"] }, sk: { field: "sk", composite: ["task"] } },
    byTeam: { index: "gsi1", collection: "assignments", pk: { field: "gsi1pk", composite: ["team"] }, sk: { field: "gsi1sk", composite: ["project", "task"] } },
  },
}, { table });
const work = new Service({ employee: Employee, task: Task });

const shared = withTables(async () => {
  const text = (AttributeName) => ({ AttributeName, AttributeType: "S" });
  await shared.table(table, "S", {
    definitions: [text("gsi1pk"), text("gsi1sk")],
    GlobalSecondaryIndexes: [{
      IndexName: "gsi1", Projection: { ProjectionType: "ALL" },
      KeySchema: [{ AttributeName: "gsi1pk", KeyType: "HASH" }, { AttributeName: "gsi1sk", KeyType: "RANGE" }],
    }],
  });
  for (const entity of [Employee, Task, work]) entity.setClient(shared.documents);
});
const ids = (reply) => reply.data.map((item) => item.id ?? item.task);

test("an employee is created once, read, patched, upserted and removed", async () => {
  const { data } = await Employee.create({ id: "e1", team: "t1", office: "north", skills: ["c"], address: { city: "x" } }).go();
  assert.equal(data.salary, 1000);
  await assert.rejects(Employee.create({ id: "e1", team: "t1", office: "north" }).go(), /The conditional request failed/);
  assert.deepEqual((await Employee.get({ id: "e1" }).go()).data.skills, ["c"]);
  const patched = await Employee.patch({ id: "e1" }).set({ office: "south" }).add({ salary: 50, skills: ["d"] })
    .data(({ address }, { set }) => set(address.zip, "1")).append({ history: ["moved"] }).go({ response: "all_new" });
  assert.deepEqual([patched.data.salary, patched.data.skills.sort(), patched.data.address, patched.data.history],
    [1050, ["c", "d"], { city: "x", zip: "1" }, ["moved"]]);
  await assert.rejects(Employee.patch({ id: "nobody" }).set({ salary: 1 }).go(), /The conditional request failed/);
  await Employee.upsert({ id: "e2", team: "t1", office: "north", salary: 7 }).go();
  assert.equal((await Employee.get({ id: "e2" }).go({ attributes: ["salary"] })).data.salary, 7);
  await Employee.update({ id: "e2" }).remove(["skills"]).subtract({ salary: 3 }).where(({ salary }, { eq }) => eq(salary, 7)).go();
  assert.equal((await Employee.get({ id: "e2" }).go()).data.salary, 4);
  await Employee.delete({ id: "e2" }).where(({ salary }, { lt }) => lt(salary, 5)).go();
  assert.equal((await Employee.get({ id: "e2" }).go()).data, null);
  await assert.rejects(Employee.remove({ id: "e2" }).go(), /The conditional request failed/);
});

test("queries narrow by sort key, filter, page and reverse", async () => {
  const tasks = Array.from({ length: 12 }, (_, n) => ({ task: `t${String(n).padStart(2, "0")}`, project: "p1", team: "q", points: n }));
  assert.deepEqual((await Task.put(tasks).go()).unprocessed, []);
  assert.equal((await Task.query.task({ project: "p1" }).go()).data.length, 12);
  assert.deepEqual(ids(await Task.query.task({ project: "p1" }).between({ task: "t03" }, { task: "t05" }).go()), ["t03", "t04", "t05"]);
  assert.deepEqual(ids(await Task.query.task({ project: "p1" }).gte({ task: "t10" }).go({ order: "desc" })), ["t11", "t10"]);
  assert.deepEqual(ids(await Task.query.task({ project: "p1" }).begins({ task: "t1" }).go()), ["t10", "t11"]);
  const found = await Task.query.task({ project: "p1" }).where(({ points }, { gt, between }) => `${gt(points, 2)} AND ${between(points, 1, 4)}`).go();
  assert.deepEqual(ids(found), ["t03", "t04"]);
  const seen = [];
  let cursor = null;
  do {
    const page = await Task.query.byTeam({ team: "q" }).go({ cursor, limit: 5 });
    seen.push(...ids(page));
    cursor = page.cursor;
  } while (cursor);
  assert.deepEqual(seen, tasks.map((t) => t.task));
  assert.equal((await Task.scan.where(({ points }, { eq }) => eq(points, 7)).go({ pages: "all" })).data.length, 1);
  assert.equal((await Task.match({ points: 8 }).go({ pages: "all" })).data[0].task, "t08");
});

test("a collection brings the entities of one team together", async () => {
  await Employee.put({ id: "c1", team: "together", office: "north" }).go();
  await Task.put({ task: "c2", project: "px", team: "together" }).go();
  const { data } = await work.collections.assignments({ team: "together" }).go();
  assert.deepEqual([data.employee.map((e) => e.id), data.task.map((t) => t.task)], [["c1"], ["c2"]]);
});

test("batches get and delete many", async () => {
  const keys = Array.from({ length: 30 }, (_, n) => ({ project: "batch", task: `b${n}` }));
  await Task.put(keys.map((key) => ({ ...key, team: "b" }))).go();
  const { data, unprocessed } = await Task.get(keys).go({ preserveBatchOrder: true });
  assert.deepEqual([data.map((t) => t.task), unprocessed], [keys.map((k) => k.task), []]);
  await Task.delete(keys).go();
  assert.equal((await Task.query.task({ project: "batch" }).go()).data.length, 0);
});

test("transactions write over entities, or not at all, and read", async () => {
  await work.transaction.write(({ employee, task }) => [
    employee.create({ id: "x1", team: "tx", office: "north" }).commit(),
    task.create({ task: "x2", project: "tx", team: "tx" }).commit({ response: "all_old" }),
  ]).go();
  const { canceled, data } = await work.transaction.write(({ employee, task }) => [
    employee.patch({ id: "x1" }).set({ salary: 1 }).commit(),
    task.create({ task: "x2", project: "tx", team: "tx" }).commit({ response: "all_old" }),
    employee.check({ id: "nobody" }).where(({ office }, { exists }) => exists(office)).commit(),
  ]).go();
  assert.equal(canceled, true);
  assert.deepEqual(data.map(({ rejected, code }) => [rejected, code]),
    [[false, "None"], [true, "ConditionalCheckFailed"], [true, "ConditionalCheckFailed"]]);
  assert.equal(data[1].item.task, "x2");
  const got = await work.transaction.get(({ employee, task }) => [
    employee.get({ id: "x1" }).commit(), task.get({ task: "x2", project: "tx" }).commit(), employee.get({ id: "nobody" }).commit(),
  ]).go();
  assert.deepEqual(got.data.map(({ item }) => item && (item.salary ?? item.status)), [1000, "open", null]);
});
