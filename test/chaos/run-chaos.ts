import { setTimeout as pause } from "node:timers/promises";
import { Firestore } from "@google-cloud/firestore";
import { isFinal } from "../../engine/src/jobs/rules/job.ts";
import type { ChaosOptions } from "../../local/chaos/options.ts";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { signIn } from "../../local/users.ts";
import { buildTestBundles } from "../support/test-bundles.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { readCacheEntries, readSteps } from "./documents.ts";
import { giveEndpoints } from "./endpoints.ts";
import { type Evidence, readCleanUps, readCounters, readLists, readRuns, webhooksByJob } from "./evidence.ts";
import { ALL_FAULTS, ENVIRONMENT, SUBSCRIPTIONS, type Subscriptions } from "./hostile-cloud.ts";
import { createLogCounter, type LogCounts } from "./log-counts.ts";
import { createMessageLog, type MessageRequests } from "./message-log.ts";
import { type Observation, observe } from "./observe.ts";
import { ownersOf, type Planned, plan, SLOTS } from "./plan.ts";
import { type ChaosReport, messageCounts, report } from "./report.ts";
import { type Accepted, submitAll } from "./submit-all.ts";

export interface ChaosRun {
  seed: number;
  jobs: number;
  /** True: each owner has an endpoint that receives all of their jobs. False: some jobs name a URL of their own. */
  withEndpoints?: boolean;
  /** Default: as Eventarc makes them. */
  subscriptions?: Subscriptions;
  /** Default: every fault at once. */
  faults?: ChaosOptions;
  /** The run stops after so long, whatever is still open; default: five minutes, and 0.9 s a job. */
  maxMs?: number;
  /** Receives every line that the parts of the cloud print, and the progress of the run. */
  log?(source: string, line: string): void;
}

/** Watched after the last job is final: longer than a worker, a lease or a lost message may take to come back to it. */
const WATCH_ON_MS = 21_000;

/** Jobs of every kind are at work as long as the faults last, and faults last long enough for several of each. */
const SPREAD_MS = 70_000;

/**
 * Submits a plan of mixed jobs to a hostile cloud, ends the faults, and checks what is left against what Baton
 * promises.
 */
export async function runChaos({
  seed,
  jobs,
  withEndpoints = false,
  subscriptions = "eventarc",
  faults = ALL_FAULTS,
  maxMs = 300_000 + 900 * jobs,
  log,
}: ChaosRun): Promise<ChaosReport> {
  const logCounter = createLogCounter();
  const messageLog = createMessageLog();
  const receiver = await startWebhookReceiver();
  const cloud = await startLocalCloud({
    ports: "auto",
    console: false,
    codebases: await buildTestBundles(),
    ...SUBSCRIPTIONS[subscriptions],
    scheduledMinuteMs: 2000,
    webhookPorts: "any",
    // One process stands for many instances here; a job that crashes takes its neighbours along.
    maxConcurrency: 24,
    env: ENVIRONMENT,
    chaos: { seed, ...faults },
    watchRequest: messageLog.watch,
    log: (source, line) => {
      logCounter.read(line);
      log?.(source, line);
    },
  });
  const db = new Firestore({
    projectId: cloud.addresses.projectId,
    host: cloud.addresses.firestoreHost,
    ssl: false,
    customHeaders: { Authorization: "Bearer owner" },
  });
  const slots = new Map([...ownersOf(seed)].map(([owner, tier]) => [owner, SLOTS[tier]]));
  const observation = observe(db, slots);
  const signal = AbortSignal.timeout(maxMs);
  try {
    const stage = { cloud, db, receiver, signal, seed, jobs, withEndpoints, subscriptions, observation };
    return await runOn({ ...stage, logCounts: logCounter.counts, requests: messageLog.requests, log });
  } finally {
    observation.stop();
    await db.terminate();
    await cloud.stop();
    await receiver.stop();
  }
}

interface Stage {
  cloud: LocalCloud;
  db: Firestore;
  receiver: WebhookReceiver;
  signal: AbortSignal;
  seed: number;
  jobs: number;
  withEndpoints: boolean;
  subscriptions: Subscriptions;
  observation: Observation;
  logCounts: LogCounts;
  requests: MessageRequests;
  log: ChaosRun["log"];
}

async function runOn(stage: Stage): Promise<ChaosReport> {
  const { cloud, receiver, signal, seed, jobs, withEndpoints, observation, logCounts, log } = stage;
  const tokens = new Map<string, string>();
  for (const [owner, tier] of ownersOf(seed)) {
    tokens.set(owner, await signIn(cloud.addresses.authHost, owner, { batonTier: tier }));
  }
  const tokenOf = (owner: string) => tokens.get(owner) ?? "";
  const api = { apiUrl: cloud.addresses.apiUrl, tokenOf, signal };
  if (withEndpoints) await giveEndpoints(tokens.keys(), receiver.url, api);
  const planned = plan(seed, jobs).map((one) => (withEndpoints ? { ...one, hasWebhook: true } : one));
  const startedAt = performance.now();
  const webhookUrlOf = ({ key }: Planned) => (withEndpoints ? undefined : `${receiver.url}/${key}`);
  const accepted = await submitAll(planned, { ...api, webhookUrlOf, spreadMs: SPREAD_MS });
  const submittingMs = Math.round(performance.now() - startedAt);
  log?.("chaos", `${accepted.length} jobs accepted in ${submittingMs} ms`);
  const calmFrom = performance.now();
  await cloud.calm();
  await untilQuiet(accepted, stage);
  const calmMs = Math.round(performance.now() - calmFrom);
  await pause(WATCH_ON_MS);
  await observation.finish();
  const evidence = await gather(accepted, stage);
  const { subscriptions } = stage;
  const messages = messageCounts(Object.values(cloud.stats()));
  return {
    ...report(evidence, logCounts),
    seed,
    jobs,
    subscriptions,
    messages,
    faults: cloud.faults(),
    submittingMs,
    calmMs,
  };
}

/** Reads everything that the run left behind. */
async function gather(
  accepted: readonly Accepted[],
  { db, receiver, observation, requests }: Stage,
): Promise<Evidence> {
  const contested = accepted.flatMap(({ planned, jobId }) => (planned.kind === "contested" ? [jobId] : []));
  return {
    accepted,
    ...observation,
    counters: await readCounters(db),
    cleanUps: await readCleanUps(db),
    lists: await readLists(db),
    runs: await readRuns(db),
    steps: await readSteps(db, contested),
    cacheEntries: await readCacheEntries(db),
    requests,
    webhooks: webhooksByJob(accepted, receiver.received),
  };
}

/**
 * No job becomes final, and no webhook arrives, for so long: none will. A repair comes within the time that its job has
 * waited already.
 */
const idleMsOf = (jobs: number) => 60_000 + 300 * jobs;

/**
 * Waits until every accepted job is final and every webhook has arrived; stops when the signal aborts, or when nothing
 * happens any more.
 */
async function untilQuiet(
  accepted: readonly Accepted[],
  { observation: { jobs, results }, receiver, signal, log }: Stage,
): Promise<void> {
  const expected = accepted.filter(({ planned }) => planned.hasWebhook).length;
  const idleMs = idleMsOf(accepted.length);
  let [lastSaid, lastChangeAt, lastMissing] = [0, performance.now(), Number.POSITIVE_INFINITY];
  while (!signal.aborted) {
    const open = accepted.filter(({ jobId }) => !isFinal(jobs.get(jobId)?.status ?? "pending") || !results.has(jobId));
    const arrived = new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size;
    if (open.length === 0 && arrived >= expected) return;
    const [nowMs, missing] = [performance.now(), open.length + expected - arrived];
    if (missing < lastMissing) [lastMissing, lastChangeAt] = [missing, nowMs];
    if (nowMs - lastChangeAt > idleMs) return log?.("chaos", "nothing happens any more");
    if (nowMs - lastSaid > 5000) {
      lastSaid = nowMs;
      log?.("chaos", `${open.length} jobs are not final, ${expected - arrived} webhooks have not arrived`);
    }
    await pause(100);
  }
}
