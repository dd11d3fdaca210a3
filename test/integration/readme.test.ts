import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { testCloud } from "../support/cloud.ts";
import { codeBlocks, ROOT } from "../unit/examples/markdown.ts";

const BLOCKS = codeBlocks(readFileSync(join(ROOT, "README.md"), "utf8")).filter(({ info }) => info === "sh");

/** Runs a block of the README in the repository, and gives what it prints. Rejects when its last command fails. */
async function run(block: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-c", block], { cwd: ROOT, env: { ...process.env, ...env } });
  return stdout;
}

function blockWith(command: string): string {
  const [block, ...more] = BLOCKS.filter(({ text }) => text.includes(command));
  assert.ok(block && more.length === 0, `one block has ${command}`);
  return block.text;
}

describe("README.md", () => {
  it("shows a job's live progress, result and webhook by the demo", async () => {
    const printed = await run(blockWith("npm run demo").replace("npm ci && ", ""));
    const shares = [...printed.matchAll(/ (\d+)%\s+processing/g)].map(([, share]) => Number(share));
    assert.ok(new Set(shares).size >= 5, `progress was ${shares.join(", ")}`);
    assert.match(printed, /Completed in attempt 1/);
    assert.match(printed, /signature verified/);
  });

  it("submits a job of a signed-in user by curl", async () => {
    const { apiUrl, authHost, inboxUrl } = testCloud();
    const block = blockWith("npm run --silent token")
      .replaceAll("http://127.0.0.1:5001", apiUrl)
      .replaceAll("http://127.0.0.1:5002", inboxUrl);
    const printed = await run(block, { FIREBASE_AUTH_EMULATOR_HOST: authHost });
    assert.match(printed, /^HTTP\/1\.1 202 /);
    assert.match(printed, /"owner":"ada"/);
  });
});
