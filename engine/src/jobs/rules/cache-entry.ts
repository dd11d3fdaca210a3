import type { Job } from "./job.ts";

/** The document `cache/{key}`: which job runs, or ran, for all equal ones. */
export interface CacheEntry {
  key: string;
  /** The job that leads; its result is the output once `isDone`. Only a job that the entry names ends it. */
  jobId: string;
  isDone: boolean;
  /** Until when the output counts; while the job has not ended, until when this document is kept. */
  expireAt: Date;
}

/** True while equal jobs may wait for this one: it leads, and is with a worker or on its way to one. Nothing else holds it up. */
export function isLeading({ isCacheLeader: leads, status, waitingFor, cancelRequested }: Job): boolean {
  const isOnItsWay = status === "queued" || (status === "pending" && waitingFor === "unpublished");
  return leads === true && !cancelRequested && (status === "processing" || isOnItsWay);
}
