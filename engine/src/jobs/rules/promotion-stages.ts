import type { JsonValue } from "@baton/protocol";
import type { FinalJob, JobResult, PendingJob, WaitingFor } from "./job.ts";
import type { PromotionChanges, PromotionContext, PromotionReads } from "./promotion-context.ts";
import { finishJob } from "./status.ts";
import { counted, countLimit, EMPTY_QUEUE, type TicketQueue, takeTicket } from "./ticket-queue.ts";
import type { Timing } from "./timing.ts";
import { newUsage, ticketQueueExpiry } from "./usage.ts";

/** The outcome of a stage: the job passes it, waits at it, or is final with another job's output. */
export type Passage =
  | { outcome: "passes"; job: PendingJob; changes?: PromotionChanges }
  | { outcome: "waits"; job: PendingJob; changes?: PromotionChanges; waitingFor: WaitingFor }
  | { outcome: "final"; job: FinalJob; result: JobResult };

/** One condition that a pending job has to meet, once its time has come. */
export interface Stage {
  /** Names what `pass` needs in the context of this job. */
  reads(job: PendingJob): PromotionReads;
  pass(job: PendingJob, context: PromotionContext, now: Date, timing: Timing): Passage;
}

/** Lets the lowest ticket of a lane pass. */
const lane: Stage = {
  reads({ lane: laneId, laneTicket: below }) {
    if (laneId === undefined) return {};
    const count = { laneId, capacity: 1, limit: 1 };
    return below === undefined ? { laneId, laneTickets: count } : { laneTickets: { ...count, below } };
  },

  pass(job, { lane: found, laneTicketsAhead }, now) {
    const { lane: laneId, laneTicket, owner } = job;
    if (laneId === undefined) return { outcome: "passes", job };
    if (laneTicket !== undefined) return laneTicketsAhead === 0 ? { outcome: "passes", job } : waits(job, "lane");
    const before = found ?? { laneId, owner, ticketQueue: EMPTY_QUEUE, updatedAt: now, expireAt: now };
    const { ticket, queue, isFree } = takeTicket(recount(before.ticketQueue, laneTicketsAhead, 1), 1);
    const after = { ...before, ticketQueue: queue, updatedAt: now, expireAt: ticketQueueExpiry(now) };
    const [holder, changes] = [{ ...job, laneTicket: ticket }, { lane: after }];
    return isFree ? { outcome: "passes", job: holder, changes } : waits(holder, "lane", changes);
  },
};

/** Holds a job while an equal one runs, and completes it with the output of one that has completed. */
const result: Stage = {
  reads: ({ cache }) => (cache ? { cacheKey: cache.key } : {}),

  pass(job, context, now, timing) {
    // A suspended attempt is continued by a worker, whatever the cache says by now.
    if (job.resumesAttempt || job.cancelRequested) return { outcome: "passes", job };
    const found = readCache(job, context, now);
    if (found?.kind === "output") {
      const shared: PendingJob = { ...job, progress: 1, cached: true };
      return { outcome: "final", ...finishJob(shared, "completed", now, timing, { output: found.output }) };
    }
    if (found === undefined) return { outcome: "passes", job };
    const { ticket: _, ...follower } = job;
    return waits({ ...follower, sharesResultOf: found.jobId }, "result");
  },
};

/** Lets as many of an owner's tickets pass as the owner has slots. */
const slot: Stage = {
  reads({ ticket: below, concurrencyLimit: capacity }) {
    const count = { capacity, limit: countLimit(capacity) };
    return below === undefined ? { usage: true, slotTickets: count } : { slotTickets: { ...count, below } };
  },

  pass(job, { usage: found, ticketsAhead }, now) {
    const { ticket: held, concurrencyLimit: capacity, owner } = job;
    if (held !== undefined) return passSlot(job, ticketsAhead ?? capacity);
    const before = found ?? newUsage(owner, now);
    const { ticket, queue, ahead } = takeTicket(
      recount(before.slotQueue, ticketsAhead, countLimit(capacity)),
      capacity,
    );
    const usage = { ...before, slotQueue: queue, updatedAt: now, expireAt: ticketQueueExpiry(now) };
    return passSlot({ ...job, ticket }, ahead, { usage });
  },
};

/** The stages that a pending job has to pass, in this order. */
export const STAGES: readonly Stage[] = [lane, result, slot];

/**
 * Makes equal jobs wait for this one from now on, unless the cache has something better for them. Reads what the stage
 * of the result reads.
 */
export function leadEqualJobs(
  job: PendingJob,
  context: PromotionContext,
  now: Date,
): { job: PendingJob; changes: PromotionChanges } {
  const { cache, jobId } = job;
  if (!cache || job.cancelRequested || readCache(job, context, now)) return { job, changes: {} };
  const cacheEntry = { key: cache.key, jobId, isDone: false, expireAt: ticketQueueExpiry(now) };
  return { job: { ...job, isCacheLeader: true }, changes: { cacheEntry } };
}

function waits(job: PendingJob, waitingFor: WaitingFor, changes: PromotionChanges = {}): Passage {
  return { outcome: "waits", job, changes, waitingFor };
}

function passSlot(job: PendingJob, ahead: number, changes: PromotionChanges = {}): Passage {
  const turnsAhead = Math.floor(ahead / job.concurrencyLimit);
  return turnsAhead === 0 ? { outcome: "passes", job, changes } : waits(job, "slot", { ...changes, turnsAhead });
}

function recount(queue: TicketQueue, live: number | undefined, limit: number): TicketQueue {
  return live === undefined ? queue : counted(queue, live, limit);
}

type Found = { kind: "output"; output: JsonValue } | { kind: "leader"; jobId: string } | undefined;

function readCache(job: PendingJob, context: PromotionContext, now: Date): Found {
  const { cacheEntry: entry, isLeaderLive, cachedOutput } = context;
  if (!job.cache || !entry) return undefined;
  if (!entry.isDone) {
    return isLeaderLive && entry.jobId !== job.jobId ? { kind: "leader", jobId: entry.jobId } : undefined;
  }
  return entry.expireAt > now && cachedOutput !== undefined ? { kind: "output", output: cachedOutput } : undefined;
}
