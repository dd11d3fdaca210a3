import { type Effect, runFrom } from "./effects.ts";
import type { PendingJob, ProcessingJob, QueuedJob } from "./job.ts";
import { later, type Why, withHistory } from "./status.ts";
import type { Moment } from "./transitions.ts";

/** How a job continues after its worker let go of it. */
export interface Continuation {
  /** Not before this instant; as soon as a worker is free when absent. */
  until?: Date | undefined;
  /** True when the next claim continues this attempt, instead of counting a new one. */
  resumesAttempt?: true;
}

/**
 * Takes a job from its worker until an instant, or for the next free worker when there is none. It becomes `queued`, in
 * its slot, when the instant is near. Else it becomes `pending`, without a slot, and no equal job waits for it. A new
 * attempt of a cached job that does not lead becomes `pending`, however near: an equal job may run, or have completed,
 * by then.
 */
export function reschedule(
  job: ProcessingJob,
  next: Continuation,
  { now, timing }: Moment,
  why: Why,
): { job: PendingJob | QueuedJob; effects: readonly Effect[] } {
  const { until, resumesAttempt } = next;
  const { lease: _, ...rest } = job;
  const waiting = {
    ...rest,
    // The job must not expire before it continues.
    expireAt: later(until ?? now, job.retentionMs),
    dueAt: until ?? later(now, timing.messageLostMs),
    ...(until && { runAt: until }),
    ...(resumesAttempt && { resumesAttempt }),
  };
  const isLong = until !== undefined && until.getTime() - now.getTime() > timing.shortWaitMs;
  if (until && (isLong || mustReadCache(job, next))) {
    const { ticket: _ticket, isCacheLeader: _leads, ...alone } = waiting;
    const pending: PendingJob = { ...alone, status: "pending", waitingFor: "time" };
    return { job: withHistory(pending, now, why), effects: [{ kind: "wake", at: until }] };
  }
  const queued: QueuedJob = { ...waiting, status: "queued", queuedAt: now };
  return { job: withHistory(queued, now, why), effects: [runFrom(until, now)] };
}

/** True for a job whose next run has to ask whether an equal one runs. */
function mustReadCache({ cache, isCacheLeader, cancelRequested }: ProcessingJob, { resumesAttempt }: Continuation) {
  return cache !== undefined && !isCacheLeader && !resumesAttempt && !cancelRequested;
}
