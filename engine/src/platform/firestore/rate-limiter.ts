import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import { groupCommit } from "../../kit/group-commit.ts";
import type { Pace } from "../../kit/rate-limiter.ts";
import { COLLECTIONS } from "./collections.ts";
import { documentIdOf } from "./document-id.ts";
import { type Fields, fromFields, toFields } from "./documents.ts";
import { retryConflicts } from "./optimistic-retry.ts";
import { read, type Stored } from "./read-document.ts";

/** The document `paces/{key}`. `freeAtMs` is in milliseconds since 1970, with fractions: 700 a second are 1.43 ms apart. */
const StoredPace = z.object({ freeAtMs: z.number() });
type StoredPace = z.infer<typeof StoredPace>;

interface Wish {
  perSecond: number;
  now: Date;
  /** How far away its moment may be. */
  withinMs: number;
}

/** Moments that one write gives out. */
const MAX_GROUP = 500;
/** Keys whose pace is remembered, to spare its read; the write proves that it was still so. */
const MAX_KNOWN = 1000;
/** What is at rest needs no pace; the longest distance between two moments is far below. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Paces on Firestore. Moments are `1 / perSecond` apart; what was not used is not made up for. Wishes for one key that arrive in
 * this process while a write of its pace is under way are granted together by the next one. Where no wish is granted, nothing is written.
 */
export function firestorePace(db: Firestore): Pace {
  const paces = db.collection(COLLECTIONS.rateLimits);
  const known = new Map<string, Stored<StoredPace>>();

  function remember(key: string, pace: Stored<StoredPace>): void {
    known.set(key, pace);
    const oldest = known.keys().next().value;
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
  }

  const grantAll = groupCommit<Wish, Date>(
    MAX_GROUP,
    (key, wishes) => grantTogether(key, wishes),
    () => true,
  );
  const grantTogether = (key: string, wishes: readonly Wish[]) =>
    retryConflicts(async (tried) => {
      const remembered = tried === 0 ? known.get(key) : undefined;
      known.delete(key);
      const document = paces.doc(documentIdOf(key));
      const { value, updateTime } = remembered ?? (await read(true, document, paceFrom));
      const { moments, freeAtMs } = grant(value?.freeAtMs ?? 0, wishes);
      // Moments are only ever given out: what is too far away by a pace that is remembered is so by the stored one.
      if (freeAtMs === value?.freeAtMs) {
        remember(key, { value, updateTime });
        return moments;
      }
      const fields = { ...toFields({ freeAtMs }), expireAt: Timestamp.fromMillis(Math.ceil(freeAtMs) + KEPT_MS) };
      const { writeTime } = await (updateTime
        ? document.update(fields, { lastUpdateTime: updateTime })
        : document.create(fields));
      remember(key, { value: { freeAtMs }, updateTime: writeTime });
      return moments;
    });
  return {
    reserve: (key, perSecond, now, withinMs = Number.POSITIVE_INFINITY) => grantAll(key, { perSecond, now, withinMs }),
  };
}

/** In the order of the wishes. A moment is never given out before it is free: fractions of a millisecond are rounded up. */
function grant(freeAtMs: number, wishes: readonly Wish[]): { moments: Date[]; freeAtMs: number } {
  let free = freeAtMs;
  const moments = wishes.map(({ perSecond, now, withinMs }) => {
    const moment = Math.max(free, now.getTime());
    const given = Math.ceil(moment);
    if (given - now.getTime() <= withinMs) free = moment + 1000 / perSecond;
    return new Date(given);
  });
  return { moments, freeAtMs: free };
}

function paceFrom(fields: Fields): StoredPace {
  return StoredPace.parse(fromFields(fields));
}
