import type { JobError } from "@baton/protocol";
import type { Effect } from "./effects.ts";
import type { Job } from "./job.ts";
import { earlier, finishJob, later, withStatus } from "./status.ts";
import { CANCEL_HEARD_SHARE, CLEAN_UP_PAUSE_MS, MAX_CLEAN_UPS } from "./timing.ts";
import type { Answer, Moment } from "./transitions.ts";
import { wait } from "./waiting.ts";

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

/** Ends a job that waits and has nothing to clean up; tells any other one to stop, within the grace, so it leads no more. A second cancel changes nothing. */
export function cancel(job: Job, { now, timing }: Moment): Answer {
  if (job.cancelRequested) return { job };
  const cancelBy = later(now, timing.cancelGraceMs);
  // It leads no equal job, and follows none, from now on.
  const { isCacheLeader: _, sharesResultOf: _leader, ...alone } = job;
  const told: Job = { ...alone, cancelRequested: true, cancelBy, dueAt: cancelBy, updatedAt: now };
  const endsBy: Effect = { kind: "wake", at: cancelBy };
  if (job.lease && job.lease.until > now) {
    const until = earlier(job.lease.until, later(now, timing.cancelGraceMs * CANCEL_HEARD_SHARE));
    const lease = { ...job.lease, until };
    return { job: { ...told, lease, dueAt: until }, effects: [{ kind: "wake", at: until }, endsBy] };
  }
  if (!hasCleanUp(job)) return finishJob(job, "cancelled", now, timing);
  const effects: Effect[] = [{ kind: "publish" }, endsBy];
  if (job.status === "processing") return { job: told, effects };
  const { runAt: __, waitingFor: ___, ...calling } = { ...told, queuedAt: now };
  return {
    job: job.status === "queued" ? calling : withStatus(calling, "queued", now, { reason: "cleanup" }),
    effects,
  };
}

/** A cancelled job whose worker let go of it: ends, or waits for another clean-up, of which there are only so many. */
export function stop(job: Job, leaseId: string, cleanUp: CleanUp, at: Moment): Answer {
  if (cleanUp === "done" || !hasCleanUp(job)) return finishJob(job, "cancelled", at.now, at.timing, {}, leaseId);
  if (cleanUp === "failed") return finishJob(job, "cancelled", at.now, at.timing, { error: FAILED }, leaseId);
  if (!mayCleanUp(job, at.now)) return finishJob(job, "cancelled", at.now, at.timing, { error: NOT_RUN }, leaseId);
  const { cleanUps = 0, cancelBy } = job;
  const until = cleanUps === 0 ? undefined : later(at.now, CLEAN_UP_PAUSE_MS * 2 ** (cleanUps - 1));
  const { job: waiting, effects = [] } = wait(job, until, at, { reason: "cleanup" });
  return { job: { ...waiting, dueAt: earlier(waiting.dueAt ?? at.now, cancelBy) }, effects };
}

/** Ends a cancelled job without its worker; the result says so when there was something to clean up. */
export function endCancelled(job: Job, { now, timing }: Moment): Answer {
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
