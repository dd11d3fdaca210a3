import { setTimeout as pause } from "node:timers/promises";
import { CreatedEndpoint, JobView } from "@baton/protocol";
import { Firestore } from "@google-cloud/firestore";
import type { LocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";
import type { Arrival, Receiver } from "./receiver.ts";
import { mean, percentile, sum, within } from "./results.ts";
import { submitSteadily } from "./submit-steadily.ts";
import { watchProcesses } from "./watch-processes.ts";

/** An event that has not arrived this long after the last submission counts as lost. */
const GIVE_UP_MS = 120_000;
const STATES = ["pending", "sending", "held", "succeeded", "failed", "cancelled"];

/** Whose jobs' ends are told. */
export type Owner = Awaited<ReturnType<typeof openOwner>>;
/** Measurements of one run of events. */
export type Run = Awaited<ReturnType<typeof run>>;

/** Signs an owner in, whose endpoints are at the receiver. */
export async function openOwner({ addresses }: LocalCloud, name: string, { url }: Receiver) {
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

/** A run of events that is to be made, told to healthy endpoints at these paths. */
interface Phase {
  events: number;
  perSecond: number;
  paths: string[];
}

/** One run of events, and what it was like for the healthy endpoints of `paths`. */
export async function run(cloud: LocalCloud, receiver: Receiver, owner: Owner, { events, perSecond, paths }: Phase) {
  await receiver.take();
  const usage = await watchProcesses(["baton-notify", "baton-deliver"], cloud.functionPid);
  const jobIds = await submitSteadily(owner.submit, events, perSecond);
  const arrivals = await takeAll(receiver, jobIds, paths);
  const used = await usage();
  const submitted = new Set(jobIds);
  const first = new Map<string, number>();
  let again = 0;
  for (const { path, jobId, webhookId, latencyMs } of arrivals) {
    if (jobId === undefined || !submitted.has(jobId) || !paths.includes(path)) continue;
    if (first.has(webhookId)) again += 1;
    else first.set(webhookId, latencyMs);
  }
  return { due: events * paths.length, latencies: [...first.values()], again, arrivals, used };
}

/** Measurements of several runs, taken together. */
export function rowOf(runs: readonly Run[]) {
  const latencies = runs.flatMap((one) => one.latencies);
  const of = (number: (one: Run) => number) => runs.map(number);
  return {
    ...{
      deliveries: latencies.length,
      lost: sum(of(({ due }) => due)) - latencies.length,
      again: sum(of((one) => one.again)),
    },
    ...{ p50Ms: percentile(latencies, 50), p95Ms: percentile(latencies, 95), p99Ms: percentile(latencies, 99) },
    ...{ maxMs: percentile(latencies, 100), withinSecondPercent: within(latencies, 1000) },
    cpuPercent: mean(of(({ used }) => used.cpuPercent)),
    stolenPercent: mean(of(({ used }) => used.stolenPercent)),
    notifyMib: Math.max(...of(({ used }) => used.maxResidentMib.notify ?? 0)),
    deliverMib: Math.max(...of(({ used }) => used.maxResidentMib.deliver ?? 0)),
  };
}

/** Counts the deliveries to an endpoint by state. */
export async function statesOf(cloud: LocalCloud, endpointId: string): Promise<Record<string, number>> {
  const { projectId, firestoreHost } = cloud.addresses;
  const customHeaders = { Authorization: "Bearer owner" };
  const db = new Firestore({ projectId, host: firestoreHost, ssl: false, customHeaders });
  const deliveries = db.collection("batonDeliveries").where("endpointId", "==", endpointId);
  const counts = await Promise.all(
    STATES.map(async (state) => (await deliveries.where("state", "==", state).count().get()).data().count),
  );
  await db.terminate();
  return Object.fromEntries(STATES.flatMap((state, i) => (counts[i] ? [[state, counts[i]]] : [])));
}
