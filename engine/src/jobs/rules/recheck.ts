import type { LiveJob } from "./job.ts";
import { later } from "./status.ts";
import type { Timing } from "./timing.ts";

/** The longest distance of two rechecks. They double their distance up to this: behind a long queue a job is late, not lost. */
const MAX_DISTANCE_MS = 60 * 60 * 1000;

/** When to look at a job that begins to wait. `turnsAhead` is that of `Promotion`: the further behind, the later, since a look at any of them promotes the first. */
export function firstRecheckAt(now: Date, { messageLostMs }: Timing, turnsAhead = 1): Date {
  return later(now, Math.min(turnsAhead * messageLostMs, MAX_DISTANCE_MS));
}

/** When to look again at a job that nothing has happened to since its lease ended, or since it entered its status. */
export function nextRecheckAt(job: LiveJob, now: Date, timing: Timing, turnsAhead = 1): Date {
  const since = job.lease?.until ?? job.history.at(-1)?.at ?? job.createdAt;
  const waitedMs = now.getTime() - since.getTime();
  const doubled = later(now, Math.min(waitedMs, MAX_DISTANCE_MS));
  const first = firstRecheckAt(now, timing, turnsAhead);
  return doubled > first ? doubled : first;
}

const FIRST_RESULT_RECHECK_MS = 60_000;
/** Longer than anything is down for. */
const RESULT_RECHECKS_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * When to look again at a result created at `createdAt` that is not announced yet: after as long as it has waited
 * already, a minute to an hour. Undefined a week after its creation: the look that is due is the last.
 */
export function nextResultRecheckAt(createdAt: Date, now: Date): Date | undefined {
  const waitedMs = now.getTime() - createdAt.getTime();
  if (waitedMs >= RESULT_RECHECKS_MS) return undefined;
  return later(now, Math.min(Math.max(waitedMs, FIRST_RESULT_RECHECK_MS), MAX_DISTANCE_MS));
}
