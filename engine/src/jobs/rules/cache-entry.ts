import type { Job, JobResult } from "./job.ts";

/** The document `batonCache/{key}`: which job runs, or ran, for all equal ones. */
export interface CacheEntry {
  key: string;
  /** The leader; its output is shared once `isDone`. Only the job that the entry names changes the entry. */
  jobId: string;
  isDone: boolean;
  /** Until when the output counts; while the leader is not final, until when this document is kept. */
  expireAt: Date;
}

/** True while equal jobs may wait for this one: it leads, and runs or waits for nothing but a worker. */
export function isLeading({ isCacheLeader: leads, status, waitingFor, cancelRequested }: Job): boolean {
  const isOnItsWay = status === "queued" || (status === "pending" && waitingFor === "unpublished");
  return leads === true && !cancelRequested && (status === "processing" || isOnItsWay);
}

/**
 * The change of the entry of `key` once its leader is final. A success stays as long as the type's results count,
 * and no longer than the result is kept. A failure is not remembered (`after` is absent): the next equal job runs.
 */
export interface EndOfLead {
  key: string;
  after?: CacheEntry;
}

/**
 * Decides the change of the entry that a job leads, now that it has a result; undefined when it led none. An entry that
 * names another job stays.
 */
export function endOfLead({ isCacheLeader, cache }: Job, result: JobResult | undefined): EndOfLead | undefined {
  if (!result || !isCacheLeader || !cache) return undefined;
  const { key, ttlMs } = cache;
  if (result.status !== "completed") return { key };
  const untilMs = Math.min(result.createdAt.getTime() + ttlMs, result.expireAt.getTime());
  return { key, after: { key, jobId: result.jobId, isDone: true, expireAt: new Date(untilMs) } };
}
