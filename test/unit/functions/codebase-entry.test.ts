import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach } from "mocha";
import { codebaseEntry } from "../../../engine/src/functions/codebase-entry.ts";
import { computePool } from "../../../engine/src/jobs/run/compute/compute-pool.ts";

const ENGINE = join(import.meta.dirname, "../../../engine/src/index.ts");

/** A codebase as TypeScript compiles one. */
const COMPILED = `
import { createBaton, defineJob } from ${JSON.stringify(ENGINE)};
import { z } from ${JSON.stringify(import.meta.resolve("zod"))};
const type = defineJob({
  type: "shout",
  input: z.string(),
  output: z.string(),
  compute: { shout: (text) => text.toUpperCase() },
  run: ({ compute }, text) => compute("shout", text),
});
export const baton = createBaton({ jobs: [type], region: "europe-west1" });
`;

describe("the entry of a codebase", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-codebase-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }

  it("is index.js where there is no package.json", async () => {
    await write({ "index.js": "" });
    assert.deepEqual(codebaseEntry({ FUNCTION_SOURCE: folder }), pathToFileURL(join(folder, "index.js")));
  });

  it("is main of its package.json", async () => {
    await write({ "package.json": '{ "main": "lib/index.js" }', "lib/index.js": "" });
    assert.deepEqual(codebaseEntry({ FUNCTION_SOURCE: folder }), pathToFileURL(join(folder, "lib/index.js")));
  });

  it("is in the working directory where the platform names no folder", () => {
    assert.throws(() => codebaseEntry({}), new RegExp(`Cannot find module '${process.cwd()}'`));
  });

  it("runs compute functions in a process of its own", async () => {
    await write({ "package.json": '{ "type": "module", "main": "lib/index.js" }', "lib/index.js": COMPILED });
    const entry = codebaseEntry({ FUNCTION_SOURCE: folder });
    const pool = computePool({ entry, maxProcesses: 1, maxOfOwner: 1, idleMs: 1000 });
    const call = { jobId: "a-job", owner: "ada", type: "shout", name: "shout", input: "hello" };
    const limits = { timeoutMs: 60_000, memoryMb: 256 };
    const signal = new AbortController().signal;
    assert.equal(await pool.run({ ...call, limits, signal, progress: () => undefined }), "HELLO");
    pool.stop();
  });
});
