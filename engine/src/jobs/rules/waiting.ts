import { runFrom } from "./effects.ts";
import type { Job } from "./job.ts";
import { later, type Why, withStatus } from "./status.ts";
import type { Answer, Moment } from "./transitions.ts";

/**
 * Lets go of a job until an instant, or for the next free worker when there is none. It becomes `queued`, in its slot,
 * when the instant is near. Else it becomes `pending`, without a slot, and no equal job waits for it. A new
 * attempt of a cached job that does not lead becomes `pending`, however near: an equal job may run, or have completed,
 * by then.
 */
export function wait(job: Job, until: Date | undefined, { now, timing }: Moment, why: Why): Answer {
  const { lease: _, ticket: place, ...rest } = job;
  // The job must not expire before it continues.
  const expireAt = later(until ?? now, job.retentionMs);
  const dueAt = until ?? later(now, timing.messageLostMs);
  const waiting = { ...rest, expireAt, ...(until && { runAt: until }), dueAt };
  const isLong = until !== undefined && until.getTime() - now.getTime() > timing.shortWaitMs;
  if (until && (isLong || looksAtCache(job))) {
    const { isCacheLeader: _, ...alone } = waiting;
    const pending = withStatus({ ...alone, waitingFor: "time" }, "pending", now, why);
    return { job: pending, effects: [{ kind: "wake", at: until }] };
  }
  const inSlot = { ...waiting, ...(place !== undefined && { ticket: place }), queuedAt: now };
  return { job: withStatus(inSlot, "queued", now, why), effects: [runFrom(until, now)] };
}

/** True for a job whose next run has to ask whether an equal one runs. */
function looksAtCache({ cache, isCacheLeader: leads, resumesAttempt: resumes, cancelRequested }: Job): boolean {
  return cache !== undefined && !leads && !resumes && !cancelRequested;
}
