import { type ComputePool, computePool } from "../functions/src/compute/compute-pool.ts";
import { HOSTILE } from "./hostile-comments.ts";
import { round, store } from "./results.ts";

/*
 * `node bench/hostile-inputs.ts`, after `npm run build`: what inputs that are made to cost much cost the job type `video.analysis`, at
 * one, two, four and eight times the size, in the deployed bundle's compute process. `growth` is the exponent from the
 * first to the last: 1 is linear, 2 is quadratic. Prints it and stores `bench/results/hostile-inputs.json`. A minute.
 */

const BYTES = 100_000;
const TIMES = [1, 2, 4, 8];
const PARTS = { includeSentiment: true, includeClassification: true, includeInsights: true, includeSummary: true };
const LIMITS = { timeoutMs: 60_000, memoryMb: 384 };

async function analyzeMs(pool: ComputePool, comments: { text: string }[]): Promise<number> {
  const startedAt = performance.now();
  const input = { comments, switches: PARTS };
  const call = { jobId: "bench", type: "video.analysis", name: "analyze", input, limits: LIMITS };
  await pool.run({ ...call, signal: new AbortController().signal, progress: () => undefined });
  return performance.now() - startedAt;
}

async function costs(pool: ComputePool): Promise<Record<string, Record<string, number>>> {
  const rows: Record<string, Record<string, number>> = {};
  for (const [kind, make] of Object.entries(HOSTILE)) {
    await analyzeMs(pool, [{ text: "warm" }]);
    const times: number[] = [];
    for (const size of TIMES) times.push(await analyzeMs(pool, make(BYTES * size)));
    const growth = Math.log2((times.at(-1) ?? 1) / (times[0] ?? 1)) / 3;
    const named = TIMES.map((size, at): [string, number] => [`${size}x ms`, Math.round(times[at] ?? 0)]);
    rows[kind] = { ...Object.fromEntries(named), growth: round(growth) };
  }
  return rows;
}

process.env.GCLOUD_PROJECT ??= "demo-baton";
const entry = new URL("../functions/dist/worker/compute.js", import.meta.url);
const pool = computePool({ entry, maxProcesses: 1, idleMs: 60_000 });
const rows = await costs(pool).finally(() => pool.stop());
console.table(rows);
await store("hostile-inputs", { bytes: BYTES, rows });
