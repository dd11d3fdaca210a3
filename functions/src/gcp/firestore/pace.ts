import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import type { Pace } from "../../core/webhooks/ports.ts";
import { read, type Stored } from "./around.ts";
import { type Fields, fromFields, toFields } from "./documents.ts";
import { inGroups } from "./in-groups.ts";
import { retryConflicts } from "./optimistic.ts";

/** The document `paces/{endpointId}`. `freeAtMs` is in milliseconds since 1970, with fractions: 700 a second are 1.43 ms apart. */
const StoredPace = z.object({ freeAtMs: z.number() });
type StoredPace = z.infer<typeof StoredPace>;

interface Wish {
  perSecond: number;
  now: Date;
}

/** Moments that one write gives out. */
const MAX_GROUP = 500;
/** Endpoints whose pace is remembered, to spare its read; the write proves that it was still so. */
const MAX_KNOWN = 1000;
/** An endpoint at rest needs no pace; the longest distance between two moments is far below. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The pace of rate-limited endpoints on Firestore. Moments are `1 / perSecond` apart; what was not used is not made up for. Wishes for
 * one endpoint that arrive in this process while a write of its pace is under way are granted together by the next one.
 */
export function firestorePace(db: Firestore): Pace {
  const paces = db.collection("paces");
  const known = new Map<string, Stored<StoredPace>>();

  const grantAll = inGroups<Wish, Date>(MAX_GROUP, (endpointId, wishes) =>
    retryConflicts(async (tried) => {
      const remembered = tried === 0 ? known.get(endpointId) : undefined;
      known.delete(endpointId);
      const document = paces.doc(endpointId);
      const { value, updateTime } = remembered ?? (await read(true, document, paceFrom));
      const { moments, freeAtMs } = grant(value?.freeAtMs ?? 0, wishes);
      const fields = { ...toFields({ freeAtMs }), expireAt: Timestamp.fromMillis(Math.ceil(freeAtMs) + KEPT_MS) };
      const { writeTime } = await (updateTime
        ? document.update(fields, { lastUpdateTime: updateTime })
        : document.create(fields));
      known.set(endpointId, { value: { freeAtMs }, updateTime: writeTime });
      const oldest = known.keys().next().value;
      if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
      return moments;
    }),
  );
  return { reserve: (endpointId, perSecond, now) => grantAll(endpointId, { perSecond, now }) };
}

/** In the order of the wishes. A moment is never given out before it is free: fractions of a millisecond are rounded up. */
function grant(freeAtMs: number, wishes: readonly Wish[]): { moments: Date[]; freeAtMs: number } {
  let free = freeAtMs;
  const moments = wishes.map(({ perSecond, now }) => {
    const moment = Math.max(free, now.getTime());
    free = moment + 1000 / perSecond;
    return new Date(Math.ceil(moment));
  });
  return { moments, freeAtMs: free };
}

function paceFrom(fields: Fields): StoredPace {
  return StoredPace.parse(fromFields(fields));
}
