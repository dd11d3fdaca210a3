import { runFrom } from "./effects.ts";
import { enter, later } from "./entering.ts";
import type { Job } from "./job.ts";
import type { Answer, Moment } from "./transitions.ts";

/**
 * Lets go of a job until an instant, or for the next free worker when there is none: as `queued`, in its slot, when the instant is near,
 * else as `pending`, where it takes up no slot, and no equal job waits for it.
 */
export function wait(job: Job, until: Date | undefined, { now, timing }: Moment, reason: string): Answer {
  const { lease: _, place, ...rest } = job;
  // It must not be forgotten before it goes on.
  const expireAt = later(until ?? now, job.retentionMs);
  const dueAt = until ?? later(now, timing.messageLostMs);
  const waiting = { ...rest, expireAt, ...(until && { runAt: until }), dueAt };
  const effects = [runFrom(until, now)];
  if (until && until.getTime() - now.getTime() > timing.shortWaitMs) {
    const { leads: _, ...alone } = waiting;
    return { job: enter({ ...alone, waitingFor: "time" }, "pending", now, reason), effects };
  }
  const inSlot = { ...waiting, ...(place !== undefined && { place }), queuedAt: now };
  return { job: enter(inSlot, "queued", now, reason), effects };
}
