import type { HistoryReason } from "@baton/protocol";
import { type Effect, effectsBetween } from "./effects.ts";
import type { FinalJob, Job, JobResult, PendingJob, QueuedJob, WaitingFor } from "./job.ts";
import type { PromotionChanges, PromotionContext, PromotionReads } from "./promotion-context.ts";
import { leadEqualJobs, STAGES } from "./promotion-stages.ts";
import { firstRecheckAt, nextRecheckAt } from "./recheck.ts";
import { enqueue, withHistory } from "./status.ts";
import { DEFAULT_TIMING, type Timing } from "./timing.ts";

/**
 * A job that was promoted, or waits for something else now, and the documents that changed with it. `result` is present
 * exactly when it became final.
 */
export interface Promotion extends PromotionChanges {
  outcome: "moved";
  before: PendingJob;
  job: PendingJob | QueuedJob | FinalJob;
  result?: JobResult;
  effects: readonly Effect[];
}

/** The answer of `promote`: `early` when nothing has changed for this job, `not-pending` when it does not wait. */
export type PromotionAnswer = Promotion | { outcome: "refused"; job: Job; reason: "early" | "not-pending" };

/** Lists what `promote` reads for this job at `now`: nothing before its time, then whatever its stages read. */
export function promotionReads(job: Job, now: Date): PromotionReads {
  if (job.status !== "pending" || isEarly(job, now)) return {};
  return Object.assign({}, ...STAGES.map((stage) => stage.reads(job)));
}

/**
 * Promotes a pending job as far as it gets at `now`: past its time, its lane, an equal job that runs already, and into
 * a slot. The last step is the queue, where it leads all equal jobs. Pure and idempotent: asking again at any time does
 * no harm. A job that stays where it is gets its next `dueAt`.
 */
export function promote(
  before: Job,
  context: PromotionContext,
  now: Date,
  timing: Timing = DEFAULT_TIMING,
): PromotionAnswer {
  if (before.status !== "pending") return { outcome: "refused", job: before, reason: "not-pending" };
  // Which job it follows, and whether it leads, is decided by this call alone.
  const { sharesResultOf: _, isCacheLeader: _leads, ...alone } = before;
  if (isEarly(before, now)) return stayed(before, alone, {}, "time", now, timing);
  const { runAt: _runAt, ...due } = alone;
  let job: PendingJob = due;
  let changes: PromotionChanges = {};
  for (const stage of STAGES) {
    const passage = stage.pass(job, context, now, timing);
    // It leaves its lane in this very commit, so the lane's ticket is not issued.
    if (passage.outcome === "final") return moved(before, passage.job, { result: passage.result }, []);
    job = passage.job;
    changes = { ...changes, ...passage.changes };
    if (passage.outcome === "waits") return stayed(before, job, changes, passage.waitingFor, now, timing);
  }
  const { job: ready, changes: lead } = leadEqualJobs(job, context, now);
  return moved(before, enqueue(ready, now, timing), { ...changes, ...lead }, [{ kind: "publish" }]);
}

function isEarly({ runAt }: PendingJob, now: Date): boolean {
  return runAt !== undefined && runAt > now;
}

const WAITING = {
  time: "waiting-for-time",
  lane: "waiting-for-lane",
  result: "waiting-for-result",
  slot: "waiting-for-slot",
  unpublished: "unpublished",
} as const satisfies Record<WaitingFor, HistoryReason>;

/** The job that waits on. One that waits for something new, or for the first time, is looked at again later. */
function stayed(
  before: PendingJob,
  after: PendingJob,
  changes: PromotionChanges,
  waitingFor: WaitingFor,
  now: Date,
  timing: Timing,
): PromotionAnswer {
  const isNew = before.history.length === 0;
  if (!isNew && before.waitingFor === waitingFor && before.sharesResultOf === after.sharesResultOf) {
    if (before.dueAt > now) return { outcome: "refused", job: before, reason: "early" };
    const dueAt = nextRecheckAt(before, now, timing, changes.turnsAhead);
    return moved(before, { ...before, dueAt }, {}, []);
  }
  const wakesAt = waitingFor === "time" ? after.runAt : undefined;
  const dueAt = wakesAt ?? firstRecheckAt(now, timing, changes.turnsAhead);
  const waiting: PendingJob = { ...after, waitingFor, dueAt, updatedAt: now };
  const job = isNew ? withHistory(waiting, now, { reason: WAITING[waitingFor] }) : waiting;
  return moved(before, job, changes, wakesAt ? [{ kind: "wake", at: wakesAt }] : []);
}

function moved(
  before: PendingJob,
  job: Promotion["job"],
  changes: PromotionChanges & { result?: JobResult },
  effects: readonly Effect[],
): Promotion {
  const all = [...effects, ...effectsBetween(before, job, changes.turnsAhead)];
  return { outcome: "moved", before, job, ...changes, effects: all };
}
