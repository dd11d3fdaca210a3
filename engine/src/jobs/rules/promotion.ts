import type { HistoryReason, JsonValue } from "@baton/protocol";
import type { CacheEntry } from "./cache-entry.ts";
import { type Effect, effectsBetween } from "./effects.ts";
import type { Job, JobResult, WaitingFor } from "./job.ts";
import { finishJob, firstRecheckAt, later, nextRecheckAt, withStatus } from "./status.ts";
import { counted, countLimit, EMPTY_QUEUE, type TicketQueue, takeTicket } from "./ticket-queue.ts";
import { DEFAULT_TIMING, type Timing } from "./timing.ts";
import { newUsage, ticketQueueExpiry, type Usage } from "./usage.ts";

/** The document `batonLanes/{laneId}`: issues the tickets of one owner's jobs with one ordering key. */
export interface Lane {
  laneId: string;
  owner: string;
  ticketQueue: TicketQueue;
  updatedAt: Date;
  expireAt: Date;
}

/** The documents that decide whether a pending job may enter its queue. The store reads those that `needs` names. */
export interface PromotionContext {
  usage?: Usage;
  /**
   * Tickets in the owner's queue for slots, or those below the job's own. Counted after `usage` was read, up to
   * `countLimit`.
   */
  ticketsAhead?: number;
  lane?: Lane;
  /** The same of its lane, up to 1. */
  laneTicketsAhead?: number;
  cacheEntry?: CacheEntry;
  /** True while `isLeading` holds of the job that the entry names. */
  isLeaderLive?: boolean;
  /** The output the entry stands for. */
  cachedOutput?: JsonValue;
}

/** A job that was promoted, or waits for something else now, and the documents that changed with it. `result` is present exactly when it became final. */
export interface Promotion {
  outcome: "moved";
  before: Job;
  job: Job;
  result?: JobResult;
  usage?: Usage;
  lane?: Lane;
  cacheEntry?: CacheEntry;
  effects: readonly Effect[];
  /**
   * Lower bound on how many times the owner's slots must turn over before this job gets one. Present while `waitingFor`
   * is `slot`.
   */
  turnsAhead?: number;
}

/** The answer of `promote`: `early` when nothing has changed for this job, `not-pending` when it does not wait. */
export type PromotionAnswer = Promotion | { outcome: "refused"; job: Job; reason: "early" | "not-pending" };

/**
 * Promotes a pending job as far as it gets at `now`: past its time, its lane, an equal job that runs already, and into a
 * slot. The last step is the queue, where it leads all equal jobs. Pure and idempotent: asking again at any time does no
 * harm. A job that stays where it is gets its next `dueAt`.
 */
export function promote(
  job: Job,
  around: PromotionContext,
  now: Date,
  timing: Timing = DEFAULT_TIMING,
): PromotionAnswer {
  if (job.status !== "pending") return { outcome: "refused", job, reason: "not-pending" };
  // Which job it follows, and whether it leads, is decided by this call alone.
  const { sharesResultOf: _, isCacheLeader: __, ...alone } = job;
  const way: Way = { job: alone, changes: {} };
  const stop =
    waitForTime(way, now) ??
    waitForLane(way, around, now) ??
    waitForResult(way, around, now, timing) ??
    waitForSlot(way, around, now);
  if (stop === "done") return moved(job, way.job, way.changes, []);
  if (stop === undefined) {
    lead(way, around, now);
    return moved(job, intoQueue(way.job, now, timing), way.changes, [{ kind: "publish" }]);
  }
  return stayed(job, way, stop, now, timing);
}

/** The parts of the context that `promote` reads for `job`. */
export function needs(job: Job, now: Date) {
  const isDue = job.status === "pending" && !(job.runAt && job.runAt > now);
  return {
    cache: isDue && job.cache !== undefined,
    lane: isDue && job.lane !== undefined && job.laneTicket === undefined,
    usage: isDue && job.ticket === undefined,
  };
}

interface Way {
  job: Job;
  changes: Omit<Promotion, "outcome" | "before" | "job" | "effects">;
}

/** The answer of a stage: what the job waits for, `done` when it is final, or nothing when it passes the stage. */
type Stage = WaitingFor | "done" | undefined;

function waitForTime(way: Way, now: Date): Stage {
  if (way.job.runAt && way.job.runAt > now) return "time";
  const { runAt: _, ...rest } = way.job;
  way.job = rest;
  return undefined;
}

function waitForLane(way: Way, around: PromotionContext, now: Date): Stage {
  const { lane: laneId, laneTicket: turn, owner } = way.job;
  if (laneId === undefined) return undefined;
  if (turn !== undefined) return around.laneTicketsAhead === 0 ? undefined : "lane";
  const lane = around.lane ?? { laneId, owner, ticketQueue: EMPTY_QUEUE, updatedAt: now, expireAt: now };
  const taken = takeTicket(recount(lane.ticketQueue, around.laneTicketsAhead, 1), 1);
  way.job = { ...way.job, laneTicket: taken.ticket };
  way.changes.lane = { ...lane, ticketQueue: taken.queue, updatedAt: now, expireAt: ticketQueueExpiry(now) };
  return taken.isFree ? undefined : "lane";
}

/** A suspended attempt is continued by a worker, whatever the cache says by now. */
function waitForResult(way: Way, around: PromotionContext, now: Date, timing: Timing): Stage {
  const { job } = way;
  if (job.resumesAttempt || job.cancelRequested) return undefined;
  const found = lookAtCache(job, around, now);
  if (found?.kind === "output") {
    const ended = finishJob({ ...job, progress: 1, cached: true }, "completed", now, timing, { output: found.output });
    way.job = ended.job;
    // It leaves its lane in this very move, so it takes no ticket there.
    way.changes = { result: ended.result };
    return "done";
  }
  if (found?.kind !== "leader") return undefined;
  const { ticket: _, ...follower } = job;
  way.job = { ...follower, sharesResultOf: found.jobId };
  return "result";
}

/** Makes equal jobs wait for this one from now on, unless the cache has something better for them. */
function lead(way: Way, around: PromotionContext, now: Date): void {
  const { job } = way;
  if (!job.cache || job.cancelRequested || lookAtCache(job, around, now)) return;
  way.job = { ...job, isCacheLeader: true };
  way.changes.cacheEntry = { key: job.cache.key, jobId: job.jobId, isDone: false, expireAt: ticketQueueExpiry(now) };
}

type Found = { kind: "output"; output: JsonValue } | { kind: "leader"; jobId: string } | undefined;

function lookAtCache(job: Job, { cacheEntry: entry, isLeaderLive, cachedOutput }: PromotionContext, now: Date): Found {
  if (!job.cache || !entry) return undefined;
  if (!entry.isDone) {
    return isLeaderLive && entry.jobId !== job.jobId ? { kind: "leader", jobId: entry.jobId } : undefined;
  }
  return entry.expireAt > now && cachedOutput !== undefined ? { kind: "output", output: cachedOutput } : undefined;
}

function waitForSlot(way: Way, around: PromotionContext, now: Date): Stage {
  const { ticket: place, concurrencyLimit: slots, owner } = way.job;
  if (place !== undefined) return waitFor(way, around.ticketsAhead ?? slots);
  const usage = around.usage ?? newUsage(owner, now);
  const taken = takeTicket(recount(usage.slotQueue, around.ticketsAhead, countLimit(slots)), slots);
  way.job = { ...way.job, ticket: taken.ticket };
  way.changes.usage = { ...usage, slotQueue: taken.queue, updatedAt: now, expireAt: ticketQueueExpiry(now) };
  return waitFor(way, taken.ahead);
}

function waitFor(way: Way, ahead: number): Stage {
  const rounds = Math.floor(ahead / way.job.concurrencyLimit);
  if (rounds === 0) return undefined;
  way.changes.turnsAhead = rounds;
  return "slot";
}

function recount(queue: TicketQueue, live: number | undefined, limit: number): TicketQueue {
  return live === undefined ? queue : counted(queue, live, limit);
}

function intoQueue({ waitingFor: _, ...job }: Job, now: Date, { messageLostMs }: Timing): Job {
  return withStatus({ ...job, queuedAt: now, dueAt: later(now, messageLostMs) }, "queued", now);
}

const WAITING = {
  time: "waiting-for-time",
  lane: "waiting-for-lane",
  result: "waiting-for-result",
  slot: "waiting-for-slot",
  unpublished: "unpublished",
} as const satisfies Record<WaitingFor, HistoryReason>;

function stayed(before: Job, way: Way, waitingFor: WaitingFor, now: Date, timing: Timing): PromotionAnswer {
  const isNew = before.history.length === 0;
  if (!isNew && before.waitingFor === waitingFor && before.sharesResultOf === way.job.sharesResultOf) {
    if (before.dueAt && before.dueAt > now) return { outcome: "refused", job: before, reason: "early" };
    const dueAt = nextRecheckAt(before, now, timing, way.changes.turnsAhead);
    return moved(before, { ...before, dueAt }, {}, []);
  }
  const wakesAt = waitingFor === "time" ? way.job.runAt : undefined;
  const dueAt = wakesAt ?? firstRecheckAt(now, timing, way.changes.turnsAhead);
  const waiting = { ...way.job, waitingFor, dueAt, updatedAt: now };
  const job = isNew ? withStatus(waiting, "pending", now, { reason: WAITING[waitingFor] }) : waiting;
  const effects: Effect[] = wakesAt ? [{ kind: "wake", at: wakesAt }] : [];
  return moved(before, job, way.changes, effects);
}

function moved(before: Job, job: Job, changes: Way["changes"], effects: readonly Effect[]): Promotion {
  const all = [...effects, ...effectsBetween(before, job, changes.turnsAhead)];
  return { outcome: "moved", before, job, ...changes, effects: all };
}
