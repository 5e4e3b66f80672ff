// An emu of a test file's own, the AWS SDK v3 that emu provides to functions, and the libraries of package.json here.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const program = process.env.EMU ?? join(root, "build/dev/emu");
export const sdk = createRequire(join(root, "build/node/package.json"));
export const library = createRequire(join(root, "build/compat-node/package.json"));

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function healthy(url) {
  try {
    return (await fetch(`${url}/_emu/health`)).ok;
  } catch {
    return false;
  }
}

// A bare, ephemeral daemon: { url, config, stop }. `config` is what an SDK client is made with.
export async function startEmu() {
  const home = mkdtempSync(join(tmpdir(), "emu-node-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const port = new URL(url).port;
  if (!existsSync(program)) throw new Error(`${program} is not built`);
  const daemon = spawn(program, ["up", "--port", port, "--ephemeral"], { cwd: home, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [daemon.stdout, daemon.stderr]) stream.on("data", (data) => (output += data));
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  const deadline = Date.now() + 30_000;
  while (!(await healthy(url))) {
    if (daemon.exitCode !== null || Date.now() > deadline) throw new Error(`emu does not answer: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    url,
    config: { endpoint: url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 },
    async stop() {
      daemon.kill("SIGTERM");
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
