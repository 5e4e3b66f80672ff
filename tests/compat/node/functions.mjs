// Node functions for the tests of Lambda: made from a text, ready to be invoked, and invoked.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { library, sdk } from "./emu.mjs";

const { CreateFunctionCommand, InvokeCommand, waitUntilFunctionActiveV2 } = sdk("@aws-sdk/client-lambda");

// files: { name: text, or { text, mode } }
export function zipped(files) {
  const folder = mkdtempSync(join(tmpdir(), "emu-zip-"));
  for (const [name, file] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), file.text ?? file, { mode: file.mode ?? 0o644 });
  }
  execFileSync("zip", ["-q", "-r", "code.zip", "."], { cwd: folder });
  const bytes = readFileSync(join(folder, "code.zip"));
  rmSync(folder, { recursive: true });
  return bytes;
}

export async function createFunction(client, FunctionName, code, more = {}) {
  await client.send(new CreateFunctionCommand({
    FunctionName, Runtime: "nodejs20.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/any", Timeout: 20,
    Code: { ZipFile: zipped({ "index.mjs": code }) }, ...more,
  }));
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { FunctionName });
  return FunctionName;
}

// One CommonJS file of a module that imports libraries of package.json, as a user would deploy it: the AWS SDK is left to
// the runtime, which has it.
export function bundled(code) {
  const modules = join(dirname(library.resolve("electrodb/package.json")), "..");
  const { outputFiles } = sdk("esbuild").buildSync({
    stdin: { contents: code, resolveDir: modules, loader: "js" }, nodePaths: [modules], bundle: true, write: false, platform: "node",
    target: "node20", external: ["@aws-sdk/*"], logLevel: "error",
  });
  return outputFiles[0].text;
}

// Whether nobody listens on a port of the machine that somebody else's program insists on.
export const portIsFree = (port) => new Promise((resolve) => {
  const probe = createServer().once("error", () => resolve(false)).listen(port, () => probe.close(() => resolve(true)));
});

// A server of ours that somebody's program reports to: { address, posts: [{ path, bytes }], close }.
export async function startCollector() {
  const posts = [];
  const server = createHttpServer((request, reply) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      posts.push({ path: request.url, bytes: Buffer.concat(parts) });
      reply.end("{}");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${server.address().port}`, posts, close: () => server.close() };
}

// What a function answers, its error and its log: { payload, error, log }.
export async function invoke(client, FunctionName, event) {
  const reply = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), LogType: "Tail" }));
  return {
    payload: JSON.parse(Buffer.from(reply.Payload).toString() || "null"), error: reply.FunctionError,
    log: Buffer.from(reply.LogResult, "base64").toString(),
  };
}
