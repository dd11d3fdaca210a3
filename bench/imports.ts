import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { percentile, round, store } from "./results.ts";

/*
 * How long each function's code takes to load in a fresh process, as when an instance starts, and the memory of that
 * process then: `node bench/imports.ts`. Beside it stand the packages that a team's own functions would import. With
 * the folder of another build, whose functions have folders of their own, both are measured in turns: `node
 * bench/imports.ts <folder>`.
 */

const RUNS = 15;
const FUNCTIONS = ["api", "worker", "worker.heavy", "wake", "notify", "deliver", "bury", "sweep"];
const USUAL_IMPORTS = [
  "firebase-admin/app",
  "firebase-admin/auth",
  "firebase-admin/firestore",
  "firebase-functions/v2/https",
  "firebase-functions/v2/pubsub",
  "firebase-functions/v2/firestore",
  "firebase-functions/v2/scheduler",
  "@google-cloud/pubsub",
  "zod",
];
const DIST = join(import.meta.dirname, "../functions/dist");
const other = process.argv[2];

/** The code that a fresh process runs: loads modules, and what a bundle's module asks for itself. */
const LOAD = `
const startedAt = performance.now();
for (const name of process.argv.slice(1)) await import(name);
await new Promise(setImmediate);
const pending = () => process.getActiveResourcesInfo().some((name) => name === "FSReqPromise" || name === "FSReqCallback");
while (pending()) await new Promise(setImmediate);
const [ms, { user, system }, { rss }] = [performance.now() - startedAt, process.cpuUsage(), process.memoryUsage()];
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, rssMb: rss / 1e6 }));
process.exit();
`;

const Load = z.object({ ms: z.number(), cpuMs: z.number(), rssMb: z.number() });
type Load = z.infer<typeof Load>;

async function load(modules: readonly string[], target?: string): Promise<Load> {
  const env = {
    PATH: process.env.PATH,
    GCLOUD_PROJECT: "demo-imports",
    BATON_REGION: "local",
    METADATA_SERVER_DETECTION: "none",
    ...(target !== undefined && { FUNCTION_TARGET: target }),
  };
  const args = ["--input-type=module", "-e", LOAD, ...modules];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: DIST });
  return Load.parse(JSON.parse(stdout));
}

/** The module of a function in the folder of another build. */
function otherModule(folder: string, name: string): string {
  return pathToFileURL(join(resolve(folder), name.replace(".", "-"), "index.js")).href;
}

function medians(loads: readonly Load[]) {
  const medianOf = (key: keyof Load) =>
    round(
      percentile(
        loads.map((one) => one[key]),
        50,
      ),
    );
  return { medianMs: medianOf("ms"), cpuMs: medianOf("cpuMs"), rssMb: medianOf("rssMb") };
}

async function measure(name: string): Promise<object> {
  const [own, others]: [Load[], Load[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    own.push(await load([pathToFileURL(join(DIST, "index.js")).href], `baton.${name}`));
    if (other) others.push(await load([otherModule(other, name)], name.replace(".", "-")));
  }
  if (!other) return medians(own);
  const [ours, before] = [medians(own), medians(others)];
  const ratio = round(ours.medianMs / before.medianMs);
  return {
    ...ours,
    otherMs: before.medianMs,
    otherRssMb: before.rssMb,
    ratio,
    cpuRatio: round(ours.cpuMs / before.cpuMs),
  };
}

async function measureUsualImports(): Promise<object> {
  const loads: Load[] = [];
  for (let run = 0; run < RUNS; run++) loads.push(await load(USUAL_IMPORTS));
  return medians(loads);
}

const rows: Record<string, object> = {};
for (const name of FUNCTIONS) rows[name] = await measure(name);
rows["usual imports"] = await measureUsualImports();
console.table(rows);
await store("imports", { runs: RUNS, functions: rows });
