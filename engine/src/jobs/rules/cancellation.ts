import type { JobError } from "@baton/protocol";
import type { Effect } from "./effects.ts";
import type { Job, LiveJob, ProcessingJob, QueuedJob } from "./job.ts";
import { reschedule } from "./reschedule.ts";
import { earlier, finishJob, later, withHistory } from "./status.ts";
import { CANCEL_HEARD_SHARE, CLEAN_UP_PAUSE_MS, MAX_CLEAN_UPS } from "./timing.ts";
import type { Answer, Moment } from "./transitions.ts";

/**
 * The outcome of a cancelled job's clean-up in one invocation. `done`: it ran to its end, or the type has none.
 * `failed`: it threw, or took too long, and another try cannot help. `open`: it has not run, and another invocation is
 * to do it.
 */
export type CleanUp = "done" | "failed" | "open";

const NOT_RUN: JobError = {
  code: "cleanup-not-run",
  message: "The job was cancelled, and no worker reported in time that its clean-up ran to the end.",
};
const FAILED: JobError = {
  code: "cleanup-failed",
  message: "The job was cancelled, and its clean-up failed. The details are in the logs of the worker.",
};

/**
 * Ends a job that waits and has nothing to clean up. Tells any other one to stop, within the grace; it leads no equal
 * job from then on, and shares the result of none. A second cancel changes nothing.
 */
export function cancel(job: LiveJob, { now, timing }: Moment): Answer {
  if (job.cancelRequested) return { job };
  const cancelBy = later(now, timing.cancelGraceMs);
  const requested = { cancelRequested: true, cancelBy, dueAt: cancelBy, updatedAt: now } as const;
  const endsBy: Effect = { kind: "wake", at: cancelBy };
  if (job.status === "processing" && job.lease.until > now) {
    const until = earlier(job.lease.until, later(now, timing.cancelGraceMs * CANCEL_HEARD_SHARE));
    const { isCacheLeader: _, ...alone } = job;
    const told: ProcessingJob = { ...alone, ...requested, lease: { ...job.lease, until }, dueAt: until };
    return { job: told, effects: [{ kind: "wake", at: until }, endsBy] };
  }
  if (!hasCleanUp(job)) return finishJob(job, "cancelled", now, timing);
  return { job: calledToCleanUp({ ...job, ...requested }, now), effects: [{ kind: "publish" }, endsBy] };
}

/** The cancelled job that no worker runs, ready for the claim that cleans up. */
function calledToCleanUp(job: LiveJob, now: Date): ProcessingJob | QueuedJob {
  const { isCacheLeader: _, ...alone } = job;
  if (alone.status === "processing") return alone;
  const { runAt: _runAt, waitingFor, sharesResultOf: _leader, ...rest } = alone;
  const queued: QueuedJob = { ...rest, status: "queued", queuedAt: now };
  return waitingFor === undefined ? queued : withHistory(queued, now, { reason: "cleanup" });
}

/** Ends a cancelled job whose worker has stopped, or calls for another clean-up; there are at most `MAX_CLEAN_UPS`. */
export function stop(job: ProcessingJob, leaseId: string, cleanUp: CleanUp, at: Moment): Answer {
  if (cleanUp === "done" || !hasCleanUp(job)) return finishJob(job, "cancelled", at.now, at.timing, {}, leaseId);
  if (cleanUp === "failed") return finishJob(job, "cancelled", at.now, at.timing, { error: FAILED }, leaseId);
  if (!mayCleanUp(job, at.now)) return finishJob(job, "cancelled", at.now, at.timing, { error: NOT_RUN }, leaseId);
  const { cleanUps = 0, cancelBy } = job;
  const until = cleanUps === 0 ? undefined : later(at.now, CLEAN_UP_PAUSE_MS * 2 ** (cleanUps - 1));
  const { job: waiting, effects } = reschedule(job, { until }, at, { reason: "cleanup" });
  return { job: { ...waiting, dueAt: earlier(waiting.dueAt, cancelBy) }, effects };
}

/** Ends a cancelled job without its worker; the result says so when there was something to clean up. */
export function endCancelled(job: LiveJob, { now, timing }: Moment): Answer {
  return finishJob(job, "cancelled", now, timing, hasCleanUp(job) ? { error: NOT_RUN } : {});
}

/** True when a worker may still be given the cancelled job for its clean-up. */
export function mayCleanUp(job: Job, now: Date): boolean {
  const { cleanUps = 0, cancelBy } = job;
  return hasCleanUp(job) && cleanUps < MAX_CLEAN_UPS && cancelBy !== undefined && cancelBy > now;
}

/** A job that never ran has nothing to clean up. */
function hasCleanUp({ hasCleanUp, attempt }: Job): boolean {
  return hasCleanUp === true && attempt > 0;
}
