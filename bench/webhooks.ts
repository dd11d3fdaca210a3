import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CreatedEndpoint, JobView } from "@baton/protocol";
import { Firestore } from "@google-cloud/firestore";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { type Arrival, type Receiver, startReceiver } from "./receiver.ts";
import { watchProcesses } from "./watch-processes.ts";

/*
 * `node bench/webhooks.ts [events]`: how long a webhook takes from the end of its job to its arrival, at one endpoint with
 * little to do, at eight endpoints with 1,000 events, and at eight with as many events while one more endpoint never answers and one
 * breaks off every connection; on local clouds, so on this machine's cores, emulators included. Prints it and stores
 * `bench/results/webhooks.json`. Fifteen minutes.
 */

const EVENTS = Number(process.argv[2] ?? 1000);
const EVENTS_PER_SECOND = 3;
/** Of the phase with one endpoint. */
const CALM_EVENTS = Math.min(EVENTS, 100);
const CALM_EVENTS_PER_SECOND = 2;
const WARM_UP_EVENTS = Math.min(EVENTS, 80);
const HEALTHY = ["/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8"];
const SICK = ["/hanging", "/resetting"];
/** What has not arrived this long after the last submission counts as lost. */
const GIVE_UP_MS = 120_000;
const TIERS = { free: { jobsPerMinute: 1_000_000, jobsPerDay: 1_000_000, runningJobs: 1000, endpoints: 20 } };
const STATES = ["pending", "sending", "held", "succeeded", "failed", "cancelled"];

type Owner = Awaited<ReturnType<typeof openOwner>>;
type Row = Awaited<ReturnType<typeof run>>["row"];

async function openOwner({ addresses }: LocalCloud, name: string, { url }: Receiver) {
  const authorization = `Bearer ${await signIn(addresses.authHost, name)}`;
  async function post(path: string, body: object): Promise<unknown> {
    const response = await fetch(addresses.apiUrl + path, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
  return {
    addEndpoint: async (path: string) =>
      CreatedEndpoint.parse(await post("/v1/endpoints", { url: url + path })).endpointId,
    submit: async () => JobView.parse(await post("/v1/jobs", { type: "test.echo", input: {} })).jobId,
  };
}

/** Submits at this pace, whatever becomes of what was submitted before; answers the jobs' ids. */
async function submitSteadily({ submit }: Owner, count: number, perSecond: number): Promise<string[]> {
  const submissions: Promise<string | Error>[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < count; i++) {
    await pause(Math.max(0, startedAt + (i * 1000) / perSecond - performance.now()));
    submissions.push(submit().catch((error: unknown) => new Error("a job was not submitted", { cause: error })));
  }
  const answers = await Promise.all(submissions);
  return answers.map((answer) => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

/** Takes what arrives until every job was told of at every path, or for `GIVE_UP_MS`; answers all of it. */
async function takeAll(receiver: Receiver, jobIds: string[], paths: string[]): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  const missing = new Set(jobIds.flatMap((jobId) => paths.map((path) => path + jobId)));
  for (const endsAt = performance.now() + GIVE_UP_MS; missing.size > 0 && performance.now() < endsAt; ) {
    const taken = await receiver.take();
    for (const { path, jobId } of taken) missing.delete(path + jobId);
    arrivals.push(...taken);
    await pause(500);
  }
  return arrivals;
}

interface Phase {
  events: number;
  perSecond: number;
  paths: string[];
}

/** One run of events, and what it was like for the healthy endpoints of `paths`. */
async function run(cloud: LocalCloud, receiver: Receiver, owner: Owner, { events, perSecond, paths }: Phase) {
  await receiver.take();
  const usage = await watchProcesses(["notify", "deliver"], cloud.functionPid);
  const jobIds = await submitSteadily(owner, events, perSecond);
  const arrivals = await takeAll(receiver, jobIds, paths);
  const { cpuPercent, stolenPercent, maxResidentMib } = await usage();
  const submitted = new Set(jobIds);
  const first = new Map<string, number>();
  let again = 0;
  for (const { path, jobId, webhookId, latencyMs } of arrivals) {
    if (jobId === undefined || !submitted.has(jobId) || !paths.includes(path)) continue;
    if (first.has(webhookId)) again += 1;
    else first.set(webhookId, latencyMs);
  }
  const latencies = [...first.values()].sort((a, b) => a - b);
  const row = {
    ...{ events, deliveries: latencies.length, lost: events * paths.length - latencies.length, again },
    ...{ p50Ms: percentile(latencies, 50), p95Ms: percentile(latencies, 95), p99Ms: percentile(latencies, 99) },
    ...{ maxMs: latencies.at(-1) ?? 0, withinSecondPercent: within(latencies, 1000), cpuPercent, stolenPercent },
    ...{ notifyMib: maxResidentMib.notify ?? 0, deliverMib: maxResidentMib.deliver ?? 0 },
  };
  return { row, arrivals };
}

/** The smallest of the sorted numbers that `percent` of them do not exceed. */
function percentile(sorted: number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
}

function within(latencies: number[], ms: number): number {
  return round((latencies.filter((latency) => latency <= ms).length * 100) / latencies.length);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What became of the deliveries to an endpoint, by state. */
async function statesOf(cloud: LocalCloud, endpointId: string): Promise<Record<string, number>> {
  const { projectId, firestoreHost } = cloud.addresses;
  const customHeaders = { Authorization: "Bearer owner" };
  const db = new Firestore({ projectId, host: firestoreHost, ssl: false, customHeaders });
  const deliveries = db.collection("deliveries").where("endpointId", "==", endpointId);
  const counts = await Promise.all(
    STATES.map(async (state) => (await deliveries.where("state", "==", state).count().get()).data().count),
  );
  await db.terminate();
  return Object.fromEntries(STATES.flatMap((state, i) => (counts[i] ? [[state, counts[i]]] : [])));
}

/** One phase, on a cloud of its own: what others left in Firestore would slow it down, since the emulator has no indexes. */
async function phase(receiver: Receiver, work: (cloud: LocalCloud, team: Owner) => Promise<Row>): Promise<Row> {
  const env = { TIERS: JSON.stringify(TIERS) };
  const cloud = await startLocalCloud({ ports: "auto", console: false, codebases: await buildTestBundles(), env });
  try {
    return await work(cloud, await openOwner(cloud, "team", receiver));
  } finally {
    await cloud.stop();
  }
}

async function measure(receiver: Receiver) {
  const sickRows: Record<string, Record<string, number>> = {};
  const many = { events: EVENTS, perSecond: EVENTS_PER_SECOND, paths: HEALTHY };
  const warmUp = { ...many, events: WARM_UP_EVENTS };
  const idle = await phase(receiver, async (cloud, team) => {
    await team.addEndpoint("/single");
    const calm = { events: CALM_EVENTS, perSecond: CALM_EVENTS_PER_SECOND, paths: ["/single"] };
    await run(cloud, receiver, team, { ...calm, events: 10 });
    return (await run(cloud, receiver, team, calm)).row;
  });
  const alone = await phase(receiver, async (cloud, team) => {
    for (const path of HEALTHY) await team.addEndpoint(path);
    await run(cloud, receiver, team, warmUp);
    return (await run(cloud, receiver, team, many)).row;
  });
  const beside = await phase(receiver, async (cloud, team) => {
    for (const path of HEALTHY) await team.addEndpoint(path);
    await run(cloud, receiver, team, warmUp);
    const sick = await Promise.all(SICK.map(async (path) => ({ path, endpointId: await team.addEndpoint(path) })));
    const { row, arrivals } = await run(cloud, receiver, team, many);
    for (const { path, endpointId } of sick) {
      const attempts = arrivals.filter((arrival) => arrival.path === path).length;
      sickRows[path] = { attempts, ...(await statesOf(cloud, endpointId)) };
    }
    return row;
  });
  const rows = { "one endpoint, calm": idle, "eight endpoints": alone, "eight beside two sick": beside };
  return { rows, sick: sickRows, p95Ratio: round(beside.p95Ms / alone.p95Ms) };
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const receiver = await startReceiver();
const result = await measure(receiver).finally(() => receiver.stop());
console.table(result.rows);
console.table(result.sick);
console.log(`p95 beside the sick / p95 alone: ${result.p95Ratio}`);
const folder = join(import.meta.dirname, "results");
await mkdir(folder, { recursive: true });
const machine = { cores: availableParallelism(), node: process.version };
const stored = { at: new Date(), machine, eventsPerSecond: EVENTS_PER_SECOND, ...result };
await writeFile(join(folder, "webhooks.json"), `${JSON.stringify(stored, null, 2)}\n`);
