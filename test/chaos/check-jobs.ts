import type { JobStatus } from "@baton/protocol";
import { isFinal, type Job, type JobResult } from "../../engine/src/jobs/rules/job.ts";
import { mayShare, type SeenJob } from "./documents.ts";
import type { Accepted } from "./submit-all.ts";

/*
 * The promises that hold for any job, whatever its type. Every rule answers whether its promise is broken, but for
 * `isPath`.
 */

/** The design's table, section 4, with the waits that are too long for the queue: which status may follow which. */
const TABLE: Record<JobStatus, readonly JobStatus[]> = {
  pending: ["queued", "completed", "cancelled"],
  queued: ["processing", "pending", "cancelled", "failed"],
  processing: ["processing", "queued", "pending", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

/** A history of so many lines has lost those after its first. */
export const CUT_HISTORY_LINES = 60;
/** Reasons of a history line after which the next claim resumes the same attempt, and of a claim for a clean-up. */
const SUSPENDED: readonly (string | undefined)[] = ["sleeping", "suspended"];
const CLEANS_UP = "cleanup";
/** Errors of an end that does not wait for further attempts; those of a handler are its own. */
const FINAL_ERRORS: readonly (string | undefined)[] = ["undeliverable", "step-too-long"];

/** The document is not that of this submission. */
export function isOtherJob({ planned, job }: Accepted & { job: Job }): boolean {
  const { owner, type, orderingKey, metadata } = job;
  const isSame = owner === planned.owner && type === planned.type && orderingKey === planned.orderingKey;
  return !isSame || metadata.key !== planned.key;
}

export function finalTwice({ history }: Job): boolean {
  return history.filter(({ status }) => isFinal(status)).length > 1;
}

/** A final job has a result, and the two agree. */
export function lacksResult(job: Job, results: ReadonlyMap<string, JobResult>): boolean {
  if (!isFinal(job.status)) return false;
  const result = results.get(job.jobId);
  if (!result || (result.output !== undefined) !== (job.status === "completed")) return true;
  if (job.status === "failed" && result.error === undefined) return true;
  return sameOfBoth(job) !== sameOfBoth(result);
}

function sameOfBoth({ status, owner, type, attempt, error, cached, metadata }: Job | JobResult): string {
  return JSON.stringify([status, owner, type, attempt, error?.code, cached, metadata.key]);
}

/**
 * A worker's result names its lease. Three kinds of results have none: that of a job that was cancelled while it
 * waited, a shared one, and one of a job that no worker could finish.
 */
export function isForeignResult(result: JobResult, job: Job | undefined): boolean {
  const { leaseId, status, cached, error } = result;
  if (cached) return leaseId !== undefined || job === undefined || !mayShare(job);
  if (leaseId !== undefined) return job !== undefined && job.attempt === 0;
  const isWithoutWorker = error?.code === "worker-lost" || error?.code === "undeliverable";
  return status !== "cancelled" && !(status === "failed" && isWithoutWorker);
}

/** A final job keeps nothing that others wait for, or that the sweep would look at for ever. */
export function isFinalAndHolds({ status, leftOver = [] }: SeenJob): boolean {
  return isFinal(status) && leftOver.length > 0;
}

/** Each line may follow the one before; the lines that a long history has lost may have been any. */
export function isPath({ history }: Job): boolean {
  const [first] = history;
  if (first && first.status !== "pending" && first.status !== "queued" && first.status !== "completed") return false;
  const isCut = history.length >= CUT_HISTORY_LINES;
  return history.every(({ status }, index) => {
    const next = history[index + 1];
    return next === undefined || (isCut && index === 0) || TABLE[status].includes(next.status);
  });
}

/** The last line of the history has another status than the job. */
export function endsElsewhere({ status, history }: Job): boolean {
  return history.at(-1)?.status !== status;
}

/** A claim counts one attempt, unless it resumes a suspended one; no other line counts one, or takes one back. */
export function miscountsAttempts({ attempt, history }: Job): boolean {
  if (history.at(-1)?.attempt !== attempt) return true;
  // The lines that could tell whether the first claim left resumes an attempt are lost.
  if (history.length >= CUT_HISTORY_LINES) return false;
  let [counted, isResumed] = [0, false];
  for (const entry of history) {
    const isCounted = entry.status === "processing" && !isResumed && entry.reason !== CLEANS_UP;
    if (entry.attempt !== counted + (isCounted ? 1 : 0)) return true;
    counted = entry.attempt;
    isResumed = entry.status !== "processing" && (isResumed || SUSPENDED.includes(entry.reason));
  }
  return false;
}

/** Failed while attempts were left, though nothing said that no further one can help. */
export function failedEarly({ planned, job }: Accepted & { job: Job }): boolean {
  if (job.status !== "failed" || job.attempt >= job.maxAttempts) return false;
  const isForGood = job.error?.code === "chaos-permanent" && planned.input.isPermanent === true;
  return !isForGood && !FINAL_ERRORS.includes(job.error?.code);
}
