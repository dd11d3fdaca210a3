import { setTimeout as pause } from "node:timers/promises";
import { type JobStatus, JobView } from "@baton/protocol";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { percentile, round, store } from "./results.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/*
 * `node bench/cancel.ts [jobs]`: how long a running job takes from the request that cancels it to its end. It measures
 * jobs that just started, jobs that have run for some seconds, and jobs with a clean-up whose worker was killed the
 * moment before (a quarter as many). They run on the local cloud, one after the other, with production's lease of 60 s.
 * Prints it and stores `bench/results/cancel.json`. Two to three minutes.
 */

const JOBS = Number(process.argv[2] ?? 20);
const AGES_MS = [0, 3000];
const TIERS = JSON.stringify({ free: WIDE_LIMITS });

/** Milliseconds from the request to the end of one job that has run for `ageMs`. */
async function cancelMs(cloud: LocalCloud, authorization: string, ageMs: number, isKilled = false): Promise<number> {
  const { addresses } = cloud;
  async function call(method: string, path: string, body?: object): Promise<JobView> {
    const headers = { authorization, "content-type": "application/json" };
    const response = await fetch(`${addresses.apiUrl}/v1/jobs${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return JobView.parse(await response.json());
  }
  async function reaching(jobId: string, status: JobStatus): Promise<void> {
    while ((await call("GET", `/${jobId}`)).status !== status) await pause(20);
  }

  const cleaning = { type: "chaos.waiting", input: { wait: "work", ms: 4000 } };
  const waiting = { type: "engine.waiting", input: { key: "bench" } };
  const { jobId } = await call("POST", "", isKilled ? cleaning : waiting);
  await reaching(jobId, "processing");
  await pause(ageMs);
  if (isKilled) cloud.killFunction("baton-worker", "SIGKILL");
  const startedAt = performance.now();
  await call("DELETE", `/${jobId}`);
  await reaching(jobId, "cancelled");
  return performance.now() - startedAt;
}

async function measure(cloud: LocalCloud) {
  const authorization = `Bearer ${await signIn(cloud.addresses.authHost, "canceller")}`;
  const rows: Record<string, Record<string, number>> = {};
  await cancelMs(cloud, authorization, 0);
  for (const ageMs of AGES_MS) {
    const times: number[] = [];
    for (let i = 0; i < JOBS; i++) times.push(await cancelMs(cloud, authorization, ageMs));
    const [p50Ms, maxMs] = [round(percentile(times, 50)), round(percentile(times, 100))];
    rows[`after ${ageMs / 1000} s`] = { jobs: JOBS, p50Ms, maxMs };
  }
  const orphaned: number[] = [];
  for (let i = 0; i < JOBS / 4; i++) orphaned.push(await cancelMs(cloud, authorization, 1000, true));
  const [p50Ms, maxMs] = [round(percentile(orphaned, 50)), round(percentile(orphaned, 100))];
  rows["its worker killed before"] = { jobs: orphaned.length, p50Ms, maxMs };
  return rows;
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const codebases = await buildTestBundles();
const cloud = await startLocalCloud({ ports: "auto", console: false, codebases, env: { TIERS, LEASE_MS: "60000" } });
const rows = await measure(cloud).finally(() => cloud.stop());
console.table(rows);
await store("cancel", { rows });
