import type { Limits } from "../../accounts/tiers.ts";
import { EMPTY_QUEUE, type TicketQueue } from "./ticket-queue.ts";

/** The document `batonUsage/{owner}`: an owner's used quotas. Every accepted submission of the owner writes it. */
export interface Usage {
  owner: string;
  /** Accepted submissions in the minute, and in the day, that began at `startsAt`. */
  minute: Window;
  day: Window;
  /** Issues the tickets of the owner's active jobs and of those that wait for a slot. */
  slotQueue: TicketQueue;
  /** How many webhook endpoints the owner has; absent for none. */
  endpoints?: number;
  updatedAt: Date;
  expireAt: Date;
}

/** The used quota of an owner whose data was erased: an erasure gives no quota back. Names no owner. */
export type SpentQuota = Pick<Usage, "minute" | "day" | "expireAt">;

interface Window {
  startsAt: Date;
  jobs: number;
  /** Bytes of the inputs; of the day only, and absent for none. */
  inputBytes?: number;
}

/** Where an owner stands with one quota. */
export interface QuotaState {
  limit: number;
  remaining: number;
  /** Until the window ends and everything is given back. */
  resetMs: number;
}

/** Where an owner stands: jobs of the minute and of the day, and bytes of the day's inputs. */
export interface Quotas {
  minute: QuotaState;
  day: QuotaState;
  inputBytes: QuotaState;
}

/** The outcome of counting a submission; `until` is when the quota that is used up is given back. */
export type Counting =
  | { outcome: "counted"; usage: Usage; quotas: Quotas }
  | { outcome: "exceeded"; quota: keyof Quotas; until: Date; quotas: Quotas };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Tickets of a queue must not start over while jobs hold some; a job may be delayed by a year. */
const TICKET_RETENTION_MS = 400 * DAY_MS;

/** When a document that issues tickets, written at `now`, may be deleted. */
export function ticketQueueExpiry(now: Date): Date {
  return new Date(now.getTime() + TICKET_RETENTION_MS);
}

/** The usage of an owner who has used nothing. */
export function newUsage(owner: string, now: Date): Usage {
  const minute = { startsAt: windowStart(now, MINUTE_MS), jobs: 0 };
  const day = { startsAt: windowStart(now, DAY_MS), jobs: 0 };
  return { owner, minute, day, slotQueue: EMPTY_QUEUE, updatedAt: now, expireAt: ticketQueueExpiry(now) };
}

/** Gives the part of a usage that outlives an erasure at `now`, until its day ends; undefined when that day is over. */
export function spentQuota({ minute, day }: Usage, now: Date): SpentQuota | undefined {
  const expireAt = new Date(day.startsAt.getTime() + DAY_MS);
  return expireAt > now ? { minute, day, expireAt } : undefined;
}

/**
 * Counts one submission at `now` with the bytes of its input, unless a quota is used up, or too little of it is left.
 * Windows are aligned to the clock; one that has passed is empty.
 */
export function countSubmission(before: Usage, limits: Limits, now: Date, inputBytes = 0): Counting {
  const usage = rolled(before, now);
  const quotas = quotasOf(usage, limits, now);
  // The day first: its end is later than that of the minute, and is what the caller has to wait for.
  const needed = { day: 1, inputBytes, minute: 1 };
  for (const quota of ["day", "inputBytes", "minute"] as const) {
    if (quotas[quota].remaining >= needed[quota]) continue;
    return { outcome: "exceeded", quota, until: new Date(now.getTime() + quotas[quota].resetMs), quotas };
  }
  const minute = { ...usage.minute, jobs: usage.minute.jobs + 1 };
  const bytes = (usage.day.inputBytes ?? 0) + inputBytes;
  const day = { ...usage.day, jobs: usage.day.jobs + 1, ...(bytes > 0 && { inputBytes: bytes }) };
  const after = { ...usage, minute, day, updatedAt: now, expireAt: ticketQueueExpiry(now) };
  return { outcome: "counted", usage: after, quotas: quotasOf(after, limits, now) };
}

/** Where the owner stands at `now`. */
export function quotasOf(usage: Usage, limits: Limits, now: Date): Quotas {
  const { minute, day } = rolled(usage, now);
  return {
    minute: { ...quotaState(minute.jobs, limits.jobsPerMinute), resetMs: resetMs(minute, MINUTE_MS, now) },
    day: { ...quotaState(day.jobs, limits.jobsPerDay), resetMs: resetMs(day, DAY_MS, now) },
    inputBytes: {
      ...quotaState(day.inputBytes ?? 0, limits.inputBytesPerDay),
      resetMs: resetMs(day, DAY_MS, now),
    },
  };
}

function quotaState(used: number, limit: number): Omit<QuotaState, "resetMs"> {
  return { limit, remaining: Math.max(0, limit - used) };
}

function resetMs({ startsAt }: Window, lengthMs: number, now: Date): number {
  return Math.max(0, startsAt.getTime() + lengthMs - now.getTime());
}

/** A window does not start again because a clock went back: the later start counts. */
function rolled(usage: Usage, now: Date): Usage {
  const roll = (window: Window, lengthMs: number) => {
    const startsAt = windowStart(now, lengthMs);
    return startsAt > window.startsAt ? { startsAt, jobs: 0 } : window;
  };
  return { ...usage, minute: roll(usage.minute, MINUTE_MS), day: roll(usage.day, DAY_MS) };
}

function windowStart(now: Date, lengthMs: number): Date {
  return new Date(Math.floor(now.getTime() / lengthMs) * lengthMs);
}
