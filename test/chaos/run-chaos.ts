import { setTimeout as pause } from "node:timers/promises";
import { Firestore } from "@google-cloud/firestore";
import { isFinal } from "../../engine/src/jobs/rules/job.ts";
import type { ChaosOptions } from "../../local/chaos/options.ts";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { signIn } from "../../local/users.ts";
import { buildTestBundles } from "../support/test-bundles.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { giveEndpoints } from "./endpoints.ts";
import { readCleanUps, readCounters, readLists, webhooksByJob } from "./evidence.ts";
import { createLogCounter, type LogCounts } from "./log-counts.ts";
import { type Observation, observe } from "./observe.ts";
import { ownersOf, type Planned, plan, SLOTS } from "./plan.ts";
import { type ChaosReport, report } from "./report.ts";
import { type Accepted, submitAll } from "./submit-all.ts";

export interface ChaosRun {
  seed: number;
  jobs: number;
  /** Every job is told to an endpoint of its owner, instead of some to a URL of their own. */
  withEndpoints?: boolean;
  /** Default: every fault at once. */
  faults?: ChaosOptions;
  /** The run is broken off, and every job that has not ended counts as lost, after so long; default: five minutes, and 0.9 s a job. */
  maxMs?: number;
  /** Receives every line the parts of the cloud print, and how the run gets on. */
  log?(source: string, line: string): void;
}

/** All faults together, as often as a run of a few minutes bears. */
const ALL_FAULTS: ChaosOptions = {
  duplicate: 0.2,
  reorder: 0.2,
  delay: 0.2,
  dropTrigger: 0.1,
  fail: 0.1,
  cutTime: 0.03,
  killEveryMs: 3000,
  freezeEveryMs: 3000,
  pauseFirestoreEveryMs: 10_000,
  restartPubsubEveryMs: 20_000,
};

/** What takes minutes in production takes seconds here, so that a run shows every repair. */
/** Limits that no plan meets. */
const RATES = { changesPerMinute: 100_000, requestsPerMinute: 1_000_000 };
const ENVIRONMENT = {
  LEASE_MS: "3000",
  WORKER_TIMEOUT_MS: "6000",
  MESSAGE_LOST_MS: "5000",
  SHORT_WAIT_MS: "1000",
  CANCEL_GRACE_MS: "6000",
  // Nothing expires within a run, and looking for it reads every document there is.
  DELETE_EXPIRED: "false",
  TIERS: JSON.stringify({
    chaos: { jobsPerMinute: 100_000, jobsPerDay: 1_000_000, activeJobs: SLOTS.chaos, ...RATES },
    narrow: { jobsPerMinute: 100_000, jobsPerDay: 1_000_000, activeJobs: SLOTS.narrow, ...RATES },
  }),
};

/** Watched on when all is quiet: longer than a worker, a lease or a lost message may take to come back to a job that has ended. */
const WATCH_ON_MS = 7000;

/** Submits a plan of mixed jobs to a hostile cloud, lets it calm down, and holds what is left against what Baton promises. */
export async function runChaos({
  seed,
  jobs,
  withEndpoints = false,
  faults = ALL_FAULTS,
  maxMs = 300_000 + 900 * jobs,
  log,
}: ChaosRun): Promise<ChaosReport> {
  const logCounter = createLogCounter();
  const receiver = await startWebhookReceiver();
  const cloud = await startLocalCloud({
    ports: "auto",
    console: false,
    codebases: await buildTestBundles(),
    retryMinMs: 300,
    retryMaxMs: 2000,
    scheduledMinuteMs: 2000,
    webhookPorts: "any",
    // One process stands for many instances here; a job that crashes takes its neighbours along.
    maxConcurrency: 24,
    env: ENVIRONMENT,
    chaos: { seed, ...faults },
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
    const stage = { cloud, db, receiver, signal, seed, jobs, withEndpoints, observation };
    return await runOn({ ...stage, logCounts: logCounter.counts, log });
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
  observation: Observation;
  logCounts: LogCounts;
  log: ChaosRun["log"];
}

async function runOn(stage: Stage): Promise<ChaosReport> {
  const { cloud, db, receiver, signal, seed, jobs, withEndpoints, observation, logCounts, log } = stage;
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
  const accepted = await submitAll(planned, { ...api, webhookUrlOf });
  const submittingMs = Math.round(performance.now() - startedAt);
  log?.("chaos", `${accepted.length} jobs accepted in ${submittingMs} ms`);
  const calmFrom = performance.now();
  await cloud.calm();
  await untilQuiet(accepted, observation, receiver, signal, log);
  const calmMs = Math.round(performance.now() - calmFrom);
  await pause(WATCH_ON_MS);
  await observation.finish();
  const evidence = {
    accepted,
    ...observation,
    counters: await readCounters(db),
    cleanUps: await readCleanUps(db),
    lists: await readLists(db),
    webhooks: webhooksByJob(accepted, receiver.received),
  };
  return { ...report(evidence, logCounts), seed, jobs, faults: cloud.faults(), submittingMs, calmMs };
}

/** Until every accepted job has ended and every webhook has arrived; gives up when the signal aborts. */
async function untilQuiet(
  accepted: readonly Accepted[],
  { jobs, results }: Observation,
  receiver: WebhookReceiver,
  signal: AbortSignal,
  log: ChaosRun["log"],
): Promise<void> {
  const expected = accepted.filter(({ planned }) => planned.hasWebhook).length;
  let lastSaid = 0;
  while (!signal.aborted) {
    const open = accepted.filter(({ jobId }) => !isFinal(jobs.get(jobId)?.status ?? "pending") || !results.has(jobId));
    const arrived = new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size;
    if (open.length === 0 && arrived >= expected) return;
    if (performance.now() - lastSaid > 5000) {
      lastSaid = performance.now();
      log?.("chaos", `${open.length} jobs have not ended, ${expected - arrived} webhooks have not arrived`);
    }
    await pause(100);
  }
}
