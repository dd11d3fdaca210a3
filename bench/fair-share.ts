import { setTimeout as pause } from "node:timers/promises";
import { JobView } from "@baton/protocol";
import autocannon from "autocannon";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { percentile, round, store } from "./results.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/*
 * `node bench/fair-share.ts [jobs]`: how long an owner's first job takes from submission to its end, with no other
 * owner at work, and again while another owner has 10,000 jobs, 20 of half a minute running and the others waiting; on
 * the local cloud. Prints it and stores `bench/results/fair-share.json`. Five to ten minutes, most of them to submit
 * the 10,000.
 */

const WAITING_JOBS = Number(process.argv[2] ?? 10_000);
const FIRST_JOBS = 10;
const CROWD = { ...WIDE_LIMITS, activeJobs: 20 };
const SHORT = JSON.stringify({ type: "chaos.short", input: { n: 20 } });
const CROWDED = JSON.stringify({ type: "chaos.stepped", input: { steps: 1, stepMs: 30_000 } });

async function headersOf(cloud: LocalCloud, owner: string, tier: string): Promise<Record<string, string>> {
  const token = await signIn(cloud.addresses.authHost, owner, { batonTier: tier });
  return { authorization: `Bearer ${token}`, "content-type": "application/json" };
}

/** Milliseconds from submission to the end of one job of a new owner. */
async function firstJobMs(cloud: LocalCloud, owner: string): Promise<number> {
  const url = `${cloud.addresses.apiUrl}/v1/jobs`;
  const headers = await headersOf(cloud, owner, "free");
  const startedAt = performance.now();
  const { jobId } = JobView.parse(await (await fetch(url, { method: "POST", headers, body: SHORT })).json());
  for (;;) {
    const job = JobView.parse(await (await fetch(`${url}/${jobId}`, { headers })).json());
    if (job.finishedAt !== undefined) return performance.now() - startedAt;
    await pause(20);
  }
}

async function firstJobs(cloud: LocalCloud, prefix: string): Promise<{ p50Ms: number; maxMs: number }> {
  const times: number[] = [];
  for (let i = 0; i < FIRST_JOBS; i++) times.push(await firstJobMs(cloud, `${prefix}-${i}`));
  return { p50Ms: round(percentile(times, 50)), maxMs: round(percentile(times, 100)) };
}

async function submitCrowd({ addresses }: LocalCloud, headers: Record<string, string>): Promise<void> {
  const url = `${addresses.apiUrl}/v1/jobs`;
  const load = {
    url,
    method: "POST",
    headers,
    body: CROWDED,
    amount: WAITING_JOBS,
    connections: 20,
    timeout: 60,
  } as const;
  const { requests, duration, non2xx } = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(load, (error, result) => (error ? reject(error) : resolve(result)));
    let submitted = 0;
    instance.on("response", () => {
      submitted += 1;
      if (submitted % 1000 === 0) console.log(`${submitted} jobs submitted ...`);
    });
  });
  console.log(`${requests.total} jobs submitted in ${duration} s, ${non2xx} refused`);
}

async function measure(): Promise<Record<string, Record<string, number>>> {
  const cloud = await startLocalCloud({
    ports: "auto",
    console: false,
    codebases: await buildTestBundles(),
    env: { TIERS: JSON.stringify({ free: { requestsPerMinute: 100_000 }, crowd: CROWD }) },
  });
  try {
    await firstJobs(cloud, "warm");
    const alone = await firstJobs(cloud, "alone");
    const headers = await headersOf(cloud, "crowd", "crowd");
    await submitCrowd(cloud, headers);
    const beside = await firstJobs(cloud, "beside");
    const usage = await (await fetch(`${cloud.addresses.apiUrl}/v1/usage`, { headers })).json();
    console.log("The crowd afterwards:", JSON.stringify(usage));
    return { alone, "beside a crowd": beside };
  } finally {
    await cloud.stop();
  }
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const rows = await measure();
console.table(rows);
await store("fair-share", { waitingJobs: WAITING_JOBS, rows });
