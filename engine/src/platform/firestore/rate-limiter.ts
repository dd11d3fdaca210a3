import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import { groupCommit } from "../../kit/group-commit.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import { recent } from "../../kit/recent.ts";
import { COLLECTIONS } from "./collections.ts";
import { documentIdOf } from "./document-id.ts";
import { type Fields, fromFields, toFields } from "./documents.ts";
import { retryConflicts } from "./optimistic-retry.ts";
import { read, type Stored } from "./read-document.ts";

/**
 * The document of one key. `freeAtMs` is when its next slot is free, in milliseconds since 1970. It has fractions:
 * slots at 700 a second are 1.43 ms apart.
 */
const StoredRate = z.object({ freeAtMs: z.number() });
type StoredRate = z.infer<typeof StoredRate>;

interface Reservation {
  perSecond: number;
  now: Date;
  /** How far ahead its slot may be. */
  withinMs: number;
}

/** Slots that one write reserves. */
const MAX_GROUP = 500;
/** Keys that are remembered, to save the read of their document. The write fails if another process wrote it since. */
const MAX_KNOWN = 1000;
/** How long a document is kept after its last slot. Two slots are never this far apart, so an idle key needs none. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The rate limiter on Firestore: GCRA (generic cell rate algorithm), one document a key. A slot that was not used is
 * lost. Reservations of one key that arrive in this process during a write share the next write (group commit). Nothing
 * is written when no slot is reserved.
 */
export function firestoreRateLimiter(db: Firestore): RateLimiter {
  const rates = db.collection(COLLECTIONS.rateLimits);
  const known = recent<Stored<StoredRate, Timestamp>>(MAX_KNOWN);

  const reserveGroup = (key: string, reservations: readonly Reservation[]) =>
    retryConflicts(async (tried) => {
      const remembered = tried === 0 ? known.get(key) : undefined;
      known.delete(key);
      const document = rates.doc(documentIdOf(key));
      const { value, updateTime } = remembered ?? (await read(true, document, rateFrom));
      const { slots, freeAtMs } = allot(value?.freeAtMs ?? 0, reservations);
      // `freeAtMs` only grows: a slot too far ahead by the remembered value is too far ahead by the stored one, too.
      if (freeAtMs === value?.freeAtMs) {
        known.set(key, { value, updateTime });
        return slots;
      }
      const fields = { ...toFields({ freeAtMs }), expireAt: Timestamp.fromMillis(Math.ceil(freeAtMs) + KEPT_MS) };
      const { writeTime } = await (updateTime
        ? document.update(fields, { lastUpdateTime: updateTime })
        : document.create(fields));
      known.set(key, { value: { freeAtMs }, updateTime: writeTime });
      return slots;
    });
  const reserve = groupCommit<Reservation, Date>(MAX_GROUP, reserveGroup, () => true);

  return {
    reserve: (key, perSecond, now, withinMs = Number.POSITIVE_INFINITY) => reserve(key, { perSecond, now, withinMs }),
  };
}

/** Allots slots in the order of the reservations. Fractions of a millisecond are rounded up, so no slot comes early. */
function allot(freeAtMs: number, reservations: readonly Reservation[]): { slots: Date[]; freeAtMs: number } {
  let free = freeAtMs;
  const slots = reservations.map(({ perSecond, now, withinMs }) => {
    const exactMs = Math.max(free, now.getTime());
    const slotAt = new Date(Math.ceil(exactMs));
    if (slotAt.getTime() - now.getTime() <= withinMs) free = exactMs + 1000 / perSecond;
    return slotAt;
  });
  return { slots, freeAtMs: free };
}

function rateFrom(fields: Fields): StoredRate {
  return StoredRate.parse(fromFields(fields));
}
