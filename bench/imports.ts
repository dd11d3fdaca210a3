import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { percentile, store } from "./results.ts";

/*
 * How long each function's code takes to load in a fresh process, as when an instance starts: `node bench/imports.ts`.
 * With the folder of another build, whose functions have folders of their own, both are measured in turns:
 * `node bench/imports.ts <folder>`.
 */

const RUNS = 15;
const FUNCTIONS = ["api", "worker", "wake", "notify", "deliver", "bury", "sweep"];
const DIST = join(import.meta.dirname, "../functions/dist");
const other = process.argv[2];

/** The code that a fresh process runs: loads the bundle, and the function's own part as soon as the bundle asks for it. */
const LOAD = `
const startedAt = performance.now();
await import(process.argv[1]);
await new Promise(setImmediate);
const pending = () => process.getActiveResourcesInfo().some((name) => name === "FSReqPromise" || name === "FSReqCallback");
while (pending()) await new Promise(setImmediate);
console.log(performance.now() - startedAt);
process.exit();
`;

async function load(index: string, target: string): Promise<number> {
  const env = {
    PATH: process.env.PATH,
    GCLOUD_PROJECT: "demo-imports",
    BATON_REGION: "local",
    FUNCTION_TARGET: target,
    METADATA_SERVER_DETECTION: "none",
  };
  const args = ["--input-type=module", "-e", LOAD, index];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: DIST });
  return Number(stdout);
}

const rows: Record<string, object> = {};
for (const name of FUNCTIONS) {
  const own: number[] = [];
  const others: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    own.push(await load(join(DIST, "index.js"), `baton.${name}`));
    if (other) others.push(await load(join(resolve(other), name, "index.js"), name));
  }
  const median = Math.round(percentile(own, 50));
  const before = other ? Math.round(percentile(others, 50)) : undefined;
  rows[name] = {
    medianMs: median,
    ...(before !== undefined && { otherMs: before, ratio: +(median / before).toFixed(2) }),
  };
}
console.table(rows);
await store("imports", { runs: RUNS, functions: rows });
