import type { JsonValue } from "@baton/protocol";
import { type CacheEntry, endOfLead, isLeading } from "../jobs/rules/cache-entry.ts";
import type { Job, JobResult } from "../jobs/rules/job.ts";
import type {
  Lane,
  PromotionChanges,
  PromotionContext,
  PromotionReads,
  TicketCount,
} from "../jobs/rules/promotion-context.ts";
import { EMPTY_QUEUE, mayBeFull, type TicketQueue } from "../jobs/rules/ticket-queue.ts";
import type { Usage } from "../jobs/rules/usage.ts";

/** The documents of a job store in memory. What comes in and goes out is copied. */
export interface JobData {
  jobs: Map<string, Job>;
  inputs: Map<string, JsonValue>;
  webhookUrls: Map<string, string>;
  results: Map<string, JobResult>;
  usages: Map<string, Usage>;
  lanes: Map<string, Lane>;
  cache: Map<string, CacheEntry>;
  /** Called after every change of a job. */
  watches: Set<() => void>;
}

/** A store without documents. */
export function newJobData(): JobData {
  return {
    jobs: new Map(),
    inputs: new Map(),
    webhookUrls: new Map(),
    results: new Map(),
    usages: new Map(),
    lanes: new Map(),
    cache: new Map(),
    watches: new Set(),
  };
}

/**
 * Reads what the rules ask for a job of this owner, and no more: a rule that forgets to ask is to fail here as on
 * Firestore.
 */
export function promotionContext(data: JobData, owner: string, reads: PromotionReads): PromotionContext {
  const { usage: readsUsage, laneId, slotTickets, laneTickets } = reads;
  const jobs = [...data.jobs.values()];
  const usage = readsUsage ? data.usages.get(owner) : undefined;
  const lane = laneId === undefined ? undefined : data.lanes.get(laneId);
  const ofOwner = jobs.filter((job) => job.owner === owner).flatMap(({ ticket }) => ticket ?? []);
  const inLane = jobs.filter((job) => job.lane === laneTickets?.laneId).flatMap(({ laneTicket }) => laneTicket ?? []);
  const ticketsAhead = countTickets(ofOwner, slotTickets, usage?.slotQueue);
  const laneTicketsAhead = countTickets(inLane, laneTickets, lane?.ticketQueue);
  return {
    ...(usage && { usage }),
    ...(ticketsAhead !== undefined && { ticketsAhead }),
    ...(lane && { lane }),
    ...(laneTicketsAhead !== undefined && { laneTicketsAhead }),
    ...readCache(data, reads),
  };
}

/** Stores what a rule answered, and what becomes of the cache entry that the job led. */
export function storeAnswer(data: JobData, answer: PromotionChanges & { job: Job; result?: JobResult }): void {
  const { jobs, results, usages, lanes, cache, watches } = data;
  const { job, result, usage, lane, cacheEntry } = structuredClone(answer);
  jobs.set(job.jobId, job);
  if (result) results.set(job.jobId, result);
  const end = endOfLead(job, result);
  if (end && cache.get(end.key)?.jobId === job.jobId) {
    if (end.after) cache.set(end.key, end.after);
    else cache.delete(end.key);
  }
  if (usage) usages.set(usage.owner, usage);
  if (lane) lanes.set(lane.laneId, lane);
  if (cacheEntry) cache.set(cacheEntry.key, cacheEntry);
  for (const look of watches) look();
}

function countTickets(tickets: readonly number[], asked: TicketCount | undefined, queue: TicketQueue = EMPTY_QUEUE) {
  if (!asked) return undefined;
  const { below, capacity, limit } = asked;
  if (below === undefined && !mayBeFull(queue, capacity)) return undefined;
  return Math.min(limit, tickets.filter((ticket) => below === undefined || ticket < below).length);
}

function readCache({ cache, jobs, results }: JobData, { cacheKey }: PromotionReads): PromotionContext {
  const cacheEntry = cacheKey === undefined ? undefined : cache.get(cacheKey);
  if (!cacheEntry) return {};
  const leader = jobs.get(cacheEntry.jobId);
  const output = cacheEntry.isDone ? results.get(cacheEntry.jobId)?.output : undefined;
  return {
    cacheEntry,
    isLeaderLive: leader !== undefined && isLeading(leader),
    ...(output !== undefined && { cachedOutput: output }),
  };
}
