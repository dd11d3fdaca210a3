import { trialReminder } from "../examples/jobs/trial-reminder.ts";
import { wordCount } from "../examples/jobs/word-count.ts";
import { type ComputePool, computePool } from "../functions/src/compute/compute-pool.ts";
import { HOSTILE } from "./hostile-comments.ts";
import { round, store } from "./results.ts";

/*
 * `node bench/hostile-inputs.ts`, after `npm run build`: what inputs that are made to cost much cost each job type of the repository
 * whose input has no narrow bound, at one, two, four and eight times 100 kB; `video.analysis` in the deployed bundle's compute process.
 * Each figure is the least of three. `growth` is the exponent from the first to the last: 1 is linear, 2 is quadratic, and n log n is
 * 1.1 here. Prints it and stores `bench/results/hostile-inputs.json`. Two minutes.
 */

const BYTES = 100_000;
const TIMES = [1, 2, 4, 8];
const PARTS = { includeSentiment: true, includeClassification: true, includeInsights: true, includeSummary: true };
const LIMITS = { timeoutMs: 60_000, memoryMb: 384 };

async function analyzeMs(pool: ComputePool, comments: { text: string }[]): Promise<number> {
  const startedAt = performance.now();
  const input = { comments, switches: PARTS };
  const call = { jobId: "bench", owner: "bench", type: "video.analysis", name: "analyze", input, limits: LIMITS };
  await pool.run({ ...call, signal: new AbortController().signal, progress: () => undefined });
  return performance.now() - startedAt;
}

/** Milliseconds at each size, the least of three. */
async function costAt(measure: (size: number) => Promise<number>): Promise<Record<string, number>> {
  const times: number[] = [];
  for (const size of TIMES) {
    const tries = [await measure(BYTES * size), await measure(BYTES * size), await measure(BYTES * size)];
    times.push(Math.min(...tries));
  }
  // Below a millisecond the clock tells little.
  const [first = 1, last = 1] = [times[0], times.at(-1)].map((ms) => Math.max(1, ms ?? 1));
  const growth = Math.log2(last / first) / 3;
  const named = TIMES.map((size, at): [string, number] => [`${size}x ms`, round(times[at] ?? 0)]);
  return { ...Object.fromEntries(named), growth: round(growth) };
}

/** Texts for job types that take one. */
const TEXTS: Record<string, (bytes: number) => string> = {
  "one word": (bytes) => "a".repeat(bytes),
  "words of one letter": (bytes) => "a ".repeat(bytes / 2),
  blanks: (bytes) => `a${" ".repeat(bytes)}a`,
  "an endless domain": (bytes) => `a@${"a.".repeat(bytes / 2)}`,
  "an endless local part": (bytes) => `${"a.".repeat(bytes / 2)}@`,
};
const TEXT_TYPES: Record<string, (text: string) => unknown> = {
  "word.count": (text) => wordCount.compute?.count(text),
  "trial.reminder": (email) =>
    trialReminder(async () => undefined).input.safeParse({ email, endsAt: "2026-01-01T00:00:00Z" }),
};

async function costs(pool: ComputePool): Promise<Record<string, Record<string, number>>> {
  const rows: Record<string, Record<string, number>> = {};
  await analyzeMs(pool, [{ text: "warm" }]);
  for (const [kind, make] of Object.entries(HOSTILE)) {
    rows[`video.analysis: ${kind}`] = await costAt((bytes) => analyzeMs(pool, make(bytes)));
  }
  for (const [type, work] of Object.entries(TEXT_TYPES)) {
    for (const [kind, make] of Object.entries(TEXTS)) {
      rows[`${type}: ${kind}`] = await costAt(async (bytes) => {
        const text = make(bytes);
        const startedAt = performance.now();
        work(text);
        return performance.now() - startedAt;
      });
    }
  }
  return rows;
}

process.env.GCLOUD_PROJECT ??= "demo-baton";
const entry = new URL("../functions/dist/worker/compute.js", import.meta.url);
const pool = computePool({ entry, maxProcesses: 1, maxOfOwner: 1, idleMs: 60_000 });
const rows = await costs(pool).finally(() => pool.stop());
console.table(rows);
await store("hostile-inputs", { bytes: BYTES, rows });
