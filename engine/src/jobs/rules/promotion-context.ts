import type { JsonValue } from "@baton/protocol";
import type { CacheEntry } from "./cache-entry.ts";
import type { TicketQueue } from "./ticket-queue.ts";
import type { Usage } from "./usage.ts";

/** The document `batonLanes/{laneId}`: issues the tickets of one owner's jobs with one ordering key. */
export interface Lane {
  laneId: string;
  owner: string;
  ticketQueue: TicketQueue;
  updatedAt: Date;
  expireAt: Date;
}

/**
 * The documents and counts that the stages read for one pending job. Nothing is read where a field is absent. The stage
 * that needs something names it, and stores read no more.
 */
export interface PromotionReads {
  /** The owner's usage, which issues tickets for slots. */
  usage?: boolean;
  /** Live tickets in the owner's queue for slots. */
  slotTickets?: TicketCount;
  /** Id of the lane whose document issues the next ticket. */
  laneId?: string;
  laneTickets?: TicketCount & { laneId: string };
  /** Key of the cache entry. The leader that it names, or its output, is read with it. */
  cacheKey?: string;
}

/** Which live tickets of a queue are counted. */
export interface TicketCount {
  /** Counts the tickets below this one. When absent, counts all, and only where the queue `mayBeFull`. */
  below?: number;
  capacity: number;
  /** A count stops here. */
  limit: number;
}

/**
 * The facts that decide whether a pending job may enter its queue: the store's answers to the job's `PromotionReads`.
 */
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

/** The documents that change with a promoted job. */
export interface PromotionChanges {
  usage?: Usage;
  lane?: Lane;
  cacheEntry?: CacheEntry;
  /**
   * Lower bound on how many times the owner's slots must turn over before this job gets one. Present while `waitingFor`
   * is `slot`.
   */
  turnsAhead?: number;
}
