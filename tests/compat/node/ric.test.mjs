// AWS's own runtime interface client for Node.js, unmodified from npm, as a function of a provided runtime starts it. It has a
// native part (curl and AWS's C++ client) that npm compiles for more than a minute as it installs the package, so only
// EMU_RIC=1 has it installed, into build/ric; where it is, this test runs. Needs autoconf, automake, libtool and Node's headers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { sdk, startEmu } from "./emu.mjs";
import { createFunction, invoke, zipped } from "./functions.mjs";

const { LambdaClient } = sdk("@aws-sdk/client-lambda");
const folder = fileURLToPath(new URL("../../../build/ric", import.meta.url));
const installed = join(folder, "node_modules/aws-lambda-ric/dist/rapid-client.node");

function install() {
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(new URL(`ric/${name}`, import.meta.url), join(folder, name));
  execFileSync("npm", ["ci", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"], {
    cwd: folder, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, MAKEFLAGS: "-j2" },
  });
}

const kBootstrap = `#!/bin/sh
cd "$LAMBDA_TASK_ROOT" && exec ${folder}/node_modules/.bin/aws-lambda-ric "$_HANDLER"
`;

const kCode = `
let visits = 0;
exports.handler = async (event, context) => {
  console.log("visit of " + event.who);
  if (event.fail) throw new TypeError("no good");
  if (event.leave) process.exit(3);
  return { who: event.who, visits: ++visits, id: context.awsRequestId, arn: context.invokedFunctionArn, left: context.getRemainingTimeInMillis() };
};
exports.streams = awslambda.streamifyResponse(async (event, stream, context) => {
  stream.write("one ");
  stream.write("two");
  stream.end();
});`;

const skip = !existsSync(installed) && !process.env.EMU_RIC && "EMU_RIC=1 installs aws-lambda-ric, which takes a compiler and minutes";
let emu, client;
before(async () => {
  if (skip) return;
  if (!existsSync(installed)) install();
  emu = await startEmu();
  client = new LambdaClient(emu.config);
  const code = { ZipFile: zipped({ bootstrap: { text: kBootstrap, mode: 0o755 }, "app.js": kCode }) };
  for (const name of ["handler", "streams"])
    await createFunction(client, name, "", { Runtime: "provided.al2023", Handler: `app.${name}`, Code: code });
});
after(async () => {
  client?.destroy();
  await emu?.stop();
});

test("the official client takes events, answers, logs and stays warm", { skip }, async () => {
  const first = await invoke(client, "handler", { who: "a" });
  assert.equal(first.error, undefined, first.log);
  const second = await invoke(client, "handler", { who: "b" });
  assert.deepEqual([first.payload.visits, second.payload.visits, second.payload.who], [1, 2, "b"]);
  assert.match(second.payload.arn, /:function:handler$/);
  assert.ok(second.payload.left > 10_000 && second.payload.left <= 20_000);
  assert.match(second.log, new RegExp(`${second.payload.id}\\tINFO\\tvisit of b`));
});

test("its errors are Lambda's, and after its end there is another", { skip }, async () => {
  const failed = await invoke(client, "handler", { who: "c", fail: true });
  assert.deepEqual([failed.error, failed.payload.errorType, failed.payload.errorMessage], ["Unhandled", "TypeError", "no good"]);
  const left = await invoke(client, "handler", { who: "d", leave: true });
  assert.equal(left.payload.errorType, "Runtime.ExitError");
  assert.match(left.payload.errorMessage, /exit status 3/);
  assert.equal((await invoke(client, "handler", { who: "e" })).payload.visits, 1);
});

test("it streams a response", { skip }, async () => {
  const { InvokeWithResponseStreamCommand } = sdk("@aws-sdk/client-lambda");
  const reply = await client.send(new InvokeWithResponseStreamCommand({ FunctionName: "streams", Payload: "{}" }));
  let text = "";
  for await (const event of reply.EventStream) text += event.PayloadChunk ? Buffer.from(event.PayloadChunk.Payload).toString() : "";
  assert.equal(text, "one two");
});
