import { HistoryReason } from "@baton/protocol";
import type { CacheEntry } from "../../../engine/src/jobs/rules/cache-entry.ts";
import { type HistoryEntry, isFinal, type Job, type JobResult } from "../../../engine/src/jobs/rules/job.ts";
import type { StepRecord } from "../../../engine/src/jobs/rules/step.ts";
import { check } from "../../chaos/check.ts";
import type { Evidence, Webhook } from "../../chaos/evidence.ts";
import type { MessageRequest } from "../../chaos/message-log.ts";
import type { Accepted } from "../../chaos/submit-all.ts";
import type { Seen } from "../../chaos/witness.ts";
import { aJob } from "../../support/jobs.ts";
import { at, LIVES, type Life, type Line } from "./lives.ts";

/** Evidence that a test may spoil. */
export interface Spoilable extends Evidence {
  accepted: Accepted[];
  jobs: Map<string, Job>;
  results: Map<string, JobResult>;
  seen: Seen;
  counters: Map<string, number>;
  cleanUps: Map<string, number>;
  lists: Map<string, number[]>;
  runs: Map<string, string[]>;
  steps: Map<string, StepRecord[]>;
  cacheEntries: CacheEntry[];
  requests: Map<string, MessageRequest[]>;
  webhooks: Map<string, Webhook[]>;
}

/** The traces of a small run that kept every promise; each call gives fresh ones. */
export function kept(): Spoilable {
  const evidence: Spoilable = {
    accepted: [],
    jobs: new Map(),
    results: new Map(),
    seen: { revived: [], backwards: [], overLimit: [], rewritten: [], late: [], stale: [] },
    counters: new Map([["stepped", 2]]),
    cleanUps: new Map([["cleaned-up", 1]]),
    lists: new Map([["lane", [1, 2]]]),
    runs: new Map([["contested", ["run-a", "run-b", "run-b", "run-c"]]]),
    steps: new Map([["contested", [stepBy(1, "work 1"), stepBy(2, "work 1"), stepBy(2, "mark 1")]]]),
    cacheEntries: [{ key: "key-of-5", jobId: "cached-first", isDone: true, expireAt: at(600_110) }],
    requests: new Map(),
    webhooks: new Map([
      ["short", [webhook("short", "job.completed"), webhook("short", "job.completed")]],
      ["permanent", [webhook("permanent", "job.failed")]],
    ]),
  };
  for (const [jobId, life] of Object.entries(structuredClone(LIVES))) add(evidence, jobId, life);
  return evidence;
}

/** The record of a step that this attempt of the contested job did. */
export function stepBy(attempt: number, work: string): StepRecord {
  const [jobId, name] = ["contested", `attempt ${attempt}, ${work}`];
  return { jobId, name, attempt, output: { attempt }, leaseId: `lease-${attempt}`, createdAt: at(0), expireAt: at(1) };
}

/** A webhook under the id of its job. */
export function webhook(jobId: string, event: string, id = `id-of-${jobId}`): Webhook {
  return { id, event, jobId };
}

/** Adds the life of one more job to the evidence. */
export function add(evidence: Spoilable, jobId: string, life: Life): void {
  const { kind, input = {}, lines, orderingKey, hasWebhook = false } = life;
  const planned = { key: `key-of-${jobId}`, owner: "chaos-42-0", kind, type: `chaos.${kind}`, input, hasWebhook };
  const accepted = { jobId, planned: { ...planned, ...(orderingKey && { orderingKey }) }, requests: 1 };
  const job = jobOf(accepted, life, lines.map(entry));
  evidence.accepted.push({ ...accepted, ...life.accepted });
  evidence.jobs.set(jobId, job);
  evidence.requests.set(jobId, requestsOf(lines));
  const result = resultOf(job, life);
  if (result) evidence.results.set(jobId, result);
}

function entry([status, atMs, attempt, why]: Line): HistoryEntry {
  return { status, at: at(atMs), attempt, ...(why !== undefined && whyOf(why, isFinal(status))) };
}

function whyOf(text: string, isEnd: boolean): Pick<HistoryEntry, "reason" | "errorCode"> {
  const known = HistoryReason.safeParse(text);
  if (known.success) return { reason: known.data };
  return isEnd ? { errorCode: text } : { reason: "attempt-failed", errorCode: text };
}

/** One request for each claim; a worker that lost its lease never answered. */
function requestsOf(lines: Line[]): MessageRequest[] {
  return lines.flatMap(([status, sentAtMs], index) => {
    const [next, endedAtMs = sentAtMs] = lines[index + 1] ?? [];
    if (status !== "processing") return [];
    return { sentAt: at(sentAtMs), endedAt: at(endedAtMs), isAcknowledged: next !== "processing" };
  });
}

function jobOf({ jobId, planned }: Accepted, life: Life, history: HistoryEntry[]): Job {
  const last = history.at(-1);
  const startedAt = history.find(({ status }) => status === "processing")?.at;
  const { owner, type, key, orderingKey } = planned;
  const fields = {
    ...{ jobId, owner, type, metadata: { key }, maxAttempts: 4, history },
    ...(orderingKey !== undefined && { orderingKey }),
    ...(last && { attempt: last.attempt }),
    ...(startedAt && { startedAt }),
    ...life.job,
  };
  const { status, at: finishedAt } = last ?? { status: "queued", at: at(0) };
  return isFinal(status) ? aJob({ ...fields, status, finishedAt }, at(0)) : aJob({ ...fields, status }, at(0));
}

function resultOf(job: Job, { output, result }: Life): JobResult | undefined {
  const { jobId, owner, type, status, attempt, tags, metadata, shard, expireAt } = job;
  if (!isFinal(status)) return undefined;
  const isByWorker = (status === "completed" && !job.cached) || job.error?.code === "chaos-permanent";
  return {
    ...{ jobId, owner, type, status, attempt, tags, metadata, shard, expireAt, durationMs: 1, createdAt: at(0) },
    ...(output !== undefined && { output }),
    ...(isByWorker && { leaseId: `lease-of-${jobId}` }),
    ...result,
  };
}

/** A job of the evidence, to be changed in place. */
export function jobIn({ jobs }: Spoilable, jobId: string): Job {
  return found(jobs.get(jobId), jobId);
}

/** A result of the evidence, to be changed in place. */
export function resultIn({ results }: Spoilable, jobId: string): JobResult {
  return found(results.get(jobId), jobId);
}

/** A submission of the evidence, to be changed in place. */
export function acceptedIn({ accepted }: Spoilable, jobId: string): Accepted {
  return found(
    accepted.find((one) => one.jobId === jobId),
    jobId,
  );
}

function found<T>(thing: T | undefined, jobId: string): T {
  if (thing === undefined) throw new Error(`there is nothing of ${jobId}`);
  return thing;
}

/** Replaces what it names in the life of a job. */
export function relive(evidence: Spoilable, jobId: string, given: Partial<Life>): void {
  const life = structuredClone(found(LIVES[jobId], jobId));
  evidence.accepted = evidence.accepted.filter((one) => one.jobId !== jobId);
  evidence.results.delete(jobId);
  add(evidence, jobId, { ...life, ...given });
}

/** The report of a kept run after it was spoiled: the broken promises, each with its evidence. */
export function spoiled(spoil: (evidence: Spoilable) => unknown): Record<string, string[]> {
  const evidence = kept();
  spoil(evidence);
  return brokenIn(evidence);
}

/** The promises that this evidence breaks, each with what broke it. */
export function brokenIn(evidence: Evidence): Record<string, string[]> {
  const broken = check(evidence).filter((one) => one.broken.length > 0);
  return Object.fromEntries(broken.map(({ promise, broken }) => [promise, broken]));
}
