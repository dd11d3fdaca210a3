import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { packPackages } from "../../release/pack.ts";
import { waitFor } from "../support/wait-for.ts";
import { codeBlocks, ROOT } from "../unit/examples/markdown.ts";
import { makeNewcomer, type Newcomer, type RunningCommand } from "./newcomer.ts";
import { type OwnRegistry, startRegistry } from "./own-registry.ts";

/** Most of it is downloads. The limit is for a slow line and a busy machine; a newcomer's own is five minutes. */
const LIMIT_MS = 1_200_000;

const Addresses = z.object({ apiUrl: z.string(), authHost: z.string(), consoleUrl: z.string() });
const Submitted = z.object({ jobId: z.string() });
const BLOCKS = codeBlocks(readFileSync(join(ROOT, "README.md"), "utf8")).filter(({ info }) => info === "sh");

describe("the first commands of README.md, in an empty folder with Node 20", () => {
  let root = "";
  let registry: OwnRegistry;
  let newcomer: Newcomer;
  let cloud: RunningCommand | undefined;
  const times: [step: string, ms: number][] = [];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "baton-first-job-"));
    await packPackages(join(root, "packed"));
    registry = await startRegistry(join(root, "packed"));
    newcomer = await makeNewcomer(root, registry.url);
  });
  after(async () => {
    await cloud?.stop();
    registry?.close();
    await rm(root, { recursive: true, force: true });
    for (const [step, ms] of times) console.log(`      ${(ms / 1000).toFixed(1).padStart(6)} s  ${step}`);
  });

  async function timed<T>(step: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      times.push([step, performance.now() - startedAt]);
    }
  }

  it("lead to a completed job", async () => {
    const [init = "", install = "", dev = ""] = blockWith("npx @baton/cli init").trim().split("\n");
    assert.match(await newcomer.run("node --version"), /^v20\./);
    const startedAt = performance.now();
    await timed(init, () => newcomer.run(`${init} --yes`));
    await timed(install, () => newcomer.run(install));
    // Other programs may have the usual ports here.
    const started = newcomer.start(`${dev} --ports auto --json`);
    cloud = started;
    const { apiUrl, authHost } = await timed(dev, () => addressesOf(started));
    const curl = blockWith("npx @baton/cli token").replace("http://127.0.0.1:5001", apiUrl);
    const env = { FIREBASE_AUTH_EMULATOR_HOST: authHost };
    const answer = await timed("curl", () => newcomer.run(curl.replace("curl ", "curl --silent "), env));
    assert.match(answer, /"jobId"/, started.printed().stderr);
    const { jobId } = Submitted.parse(JSON.parse(answer));
    const token = (await newcomer.run("npx @baton/cli token ada", env)).trim();
    const read = async () => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${apiUrl}/v1/jobs/${jobId}/result`, { headers })).text();
    };
    await timed("the job", () => waitFor("its result", async () => (await read()).includes("Hello, Ada!")));
    const totalMs = performance.now() - startedAt;
    times.push(["in all", totalMs]);
    assert.ok(totalMs < LIMIT_MS, `it took ${Math.round(totalMs / 1000)} s`);
  });

  it("are undone by uninstall, to an empty folder", async () => {
    await cloud?.stop();
    cloud = undefined;
    await newcomer.run("rm -r functions/node_modules functions/package-lock.json functions/lib");
    await newcomer.run("npx @baton/cli uninstall --yes");
    assert.deepEqual(await readdir(newcomer.folder), []);
  });
});

function blockWith(command: string): string {
  const [block, ...more] = BLOCKS.filter(({ text }) => text.includes(command));
  assert.ok(block && more.length === 0, `one block has ${command}`);
  return block.text;
}

async function addressesOf(cloud: RunningCommand): Promise<z.infer<typeof Addresses>> {
  await waitFor("the addresses", async () => cloud.printed().stdout.includes("\n") || cloud.isGone(), LIMIT_MS);
  const { stdout, stderr } = cloud.printed();
  assert.ok(!cloud.isGone(), `the local cloud did not start:\n${stderr}`);
  return Addresses.parse(JSON.parse(stdout));
}
