import type { LifecycleEvent } from "@baton/protocol";
import type { TellingType } from "../jobs/ports.ts";
import type { Job, JobResult } from "../jobs/rules/job.ts";

/**
 * The event of a job that was just queued, started or reported progress. The same state of a job gives the same
 * `eventId`.
 */
export function eventOf(type: TellingType, job: Job): LifecycleEvent {
  const { jobId, owner, status, attempt, tags, metadata, progress, step, queuedAt, updatedAt } = job;
  const at = type === "job.queued" ? (queuedAt ?? updatedAt) : updatedAt;
  const facts = { jobId, type: job.type, owner, status, attempt, tags, metadata };
  return {
    eventId: `${jobId}-${type}-${at.getTime()}`,
    type,
    timestamp: at.toISOString(),
    data: { ...facts, progress, ...(step !== undefined && { step }) },
  };
}

/** The event of the end of a job. */
export function endEventOf(result: JobResult): LifecycleEvent {
  const { jobId, owner, status, attempt, tags, metadata, error, cached, durationMs, createdAt } = result;
  const type = `job.${status}` as const;
  return {
    eventId: `${jobId}-${type}`,
    type,
    timestamp: createdAt.toISOString(),
    data: {
      ...{ jobId, type: result.type, owner, status, attempt, tags, metadata, durationMs },
      ...(error && { error }),
      ...(cached && { cached }),
    },
  };
}
