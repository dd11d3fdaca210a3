import { setTimeout as pause } from "node:timers/promises";
import { JobView } from "@baton/protocol";
import { z } from "zod";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";
import { BACKOFFS_MS } from "../test/support/job-types/waits.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { percentile, round, store } from "./results.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/*
 * `node bench/waits.ts [seconds]`: how late jobs continue after a sleep, a `runAt`, a backoff and a `RetryAfterError`
 * of half a second to 70 seconds. It runs on the local cloud with production's redelivery (10 s to 600 s) and its sweep
 * (once a minute): alone, with one job of each kind and length at a time, and beside 200 others that sleep. Prints it
 * and stores `bench/results/waits.json`. Two times `seconds` (180), and the waits that are still open then: seven to
 * nine minutes.
 */

const PHASE_MS = Number(process.argv[2] ?? 180) * 1000;
const OTHERS = 200;
const MAX_SAMPLES = 20;
const TIERS = JSON.stringify({
  free: { ...WIDE_LIMITS, activeJobs: 10_000 },
});
/** Above this a wait ends by the sweep, which hands it over shortly before. */
const SHORT_MS = 60_000;

const Result = z.object({ status: z.string(), output: z.object({ lateMs: z.array(z.number()) }).optional() });

/** A way to wait once for so many milliseconds: the type, and the rest of the submission. */
const KINDS: Record<string, (ms: number) => { type: string; input: object; runAt?: string }> = {
  sleep: (ms) => ({ type: "wait.sleep", input: { ms, times: 1 } }),
  runAt: (ms) => {
    const runAt = new Date(Date.now() + ms).toISOString();
    return { type: "wait.run-at", input: { runAt }, runAt };
  },
  backoff: (ms) => ({ type: `wait.backoff.${ms}`, input: { times: 1 } }),
  RetryAfterError: (ms) => ({ type: "wait.retry-after", input: { ms, times: 1 } }),
};

/** Waits one after the other that grew, each longer than the one before. */
const SERIES: Record<string, object> = {
  "sleep of 5 s, six in a row": { type: "wait.sleep", input: { ms: 5000, times: 6 } },
  "backoff of 1 s, five in a row": { type: "wait.backoff.1000", input: { times: 5 } },
};

/** Submits a job, and answers by how much its waits were late, in milliseconds. */
type Submit = (submission: object, shortestMs: number) => Promise<number[]>;

function submitterOf({ addresses }: LocalCloud, token: string): Submit {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const url = `${addresses.apiUrl}/v1/jobs`;
  return async (submission, shortestMs) => {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(submission) });
    const { jobId } = JobView.parse(await response.json());
    await pause(shortestMs);
    for (;;) {
      const answer = await fetch(`${url}/${jobId}/result`, { headers });
      const body = await answer.json();
      if (answer.ok) {
        const { status, output } = Result.parse(body);
        if (!output) throw new Error(`A job that only waits ended as ${status}.`);
        return output.lateMs;
      }
      await pause(250);
    }
  };
}

/** Each kind and length on a lane of its own, one job after the other until the time is over. */
async function measureAll(submit: Submit): Promise<Map<string, number[]>> {
  const endsAt = performance.now() + PHASE_MS;
  const late = new Map<string, number[]>();
  const lanes = Object.entries(KINDS).flatMap(([kind, submissionOf]) =>
    BACKOFFS_MS.map(async (ms) => {
      const samples: number[] = [];
      late.set(`${kind} ${ms / 1000} s`, samples);
      while (samples.length === 0 || (samples.length < MAX_SAMPLES && performance.now() + ms < endsAt)) {
        samples.push(...(await submit(submissionOf(ms), ms)));
      }
    }),
  );
  await Promise.all(lanes);
  return late;
}

/** Keeps others asleep, for 5 to 60 s each, until the signal aborts. */
function keepOthersWaiting(submit: Submit, signal: AbortSignal): void {
  for (let i = 0; i < OTHERS; i++) {
    void (async () => {
      await pause(i * 25);
      for (let n = i; !signal.aborted; n++) {
        const ms = 5000 + ((n * 7919) % 55_000);
        await submit({ type: "wait.sleep", input: { ms, times: 1 } }, ms);
      }
    })().catch((error: unknown) => signal.aborted || console.error(error));
  }
}

function rowsOf(late: Map<string, number[]>) {
  const all = [...late].flatMap(([name, samples]) => (isShort(name) ? samples : []));
  return Object.fromEntries(
    [...late, ["all up to 50 s", all] as const].map(([name, samples]) => [
      name,
      {
        waits: samples.length,
        early: samples.filter((ms) => ms < 0).length,
        p50Ms: round(percentile(samples, 50)),
        p95Ms: round(percentile(samples, 95)),
        maxMs: round(percentile(samples, 100)),
      },
    ]),
  );
}

function isShort(name: string): boolean {
  return Number(/ ([\d.]+) s$/.exec(name)?.[1]) * 1000 < SHORT_MS;
}

async function measure(cloud: LocalCloud) {
  const submit = submitterOf(cloud, await signIn(cloud.addresses.authHost, "waiter"));
  // Warms every function up.
  await Promise.all(Object.values(KINDS).map((submissionOf) => submit(submissionOf(500), 500)));
  const series: Record<string, number[]> = {};
  for (const [name, submission] of Object.entries(SERIES)) series[name] = await submit(submission, 5000);
  const alone = rowsOf(await measureAll(submit));
  console.table(alone);
  const others = new AbortController();
  keepOthersWaiting(submit, others.signal);
  const besideOthers = rowsOf(await measureAll(submit));
  others.abort();
  console.table(besideOthers);
  const { failed = 0, deadLettered = 0 } = cloud.stats()["baton-worker"] ?? {};
  return { series, alone, besideOthers, rejectedDeliveries: failed, deadLettered };
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const cloud = await startLocalCloud({
  ports: "auto",
  console: false,
  codebases: await buildTestBundles(),
  env: { TIERS, LEASE_MS: "60000" },
  retryMinMs: 10_000,
  retryMaxMs: 600_000,
});
const found = await measure(cloud).finally(() => cloud.stop());
console.table(found.series);
await store("waits", found);
process.exit(0);
