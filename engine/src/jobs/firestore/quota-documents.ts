import { z } from "zod";
import { type Fields, fromFields } from "../../platform/firestore/documents.ts";
import type { CacheEntry } from "../rules/cache-entry.ts";
import type { Lane } from "../rules/promotion-context.ts";
import type { SpentQuota, Usage } from "../rules/usage.ts";

const StoredQueue = z.object({ last: z.int(), base: z.int() });
const Window = z.object({ startsAt: z.date(), jobs: z.int(), inputBytes: z.int().exactOptional() });

const StoredUsage: z.ZodType<Usage> = z.object({
  owner: z.string(),
  minute: Window,
  day: Window,
  slotQueue: StoredQueue,
  endpoints: z.int().exactOptional(),
  updatedAt: z.date(),
  expireAt: z.date(),
});

const StoredSpentQuota: z.ZodType<SpentQuota> = z.object({ minute: Window, day: Window, expireAt: z.date() });

const StoredLane: z.ZodType<Lane> = z.object({
  laneId: z.string(),
  owner: z.string(),
  ticketQueue: StoredQueue,
  updatedAt: z.date(),
  expireAt: z.date(),
});

const StoredCacheEntry: z.ZodType<CacheEntry> = z.object({
  key: z.string(),
  jobId: z.string(),
  isDone: z.boolean(),
  expireAt: z.date(),
});

/** Each reads one kind of document, and throws a ZodError when the document is not one of Baton's. */
export function usageFrom(fields: Fields): Usage {
  return StoredUsage.parse(fromFields(fields));
}

export function spentQuotaFrom(fields: Fields): SpentQuota {
  return StoredSpentQuota.parse(fromFields(fields));
}

export function laneFrom(fields: Fields): Lane {
  return StoredLane.parse(fromFields(fields));
}

export function cacheEntryFrom(fields: Fields): CacheEntry {
  return StoredCacheEntry.parse(fromFields(fields));
}
