const DAY_MS = 24 * 60 * 60 * 1000;

/** A tier's days as milliseconds. */
export function retentionMsOf(days: number): number {
  return days * DAY_MS;
}

/**
 * The instant from which a document written at `now` may be deleted: Firestore's TTL policy does it, up to a day later.
 */
export function expiryOf(now: Date, retentionMs: number): Date {
  return new Date(now.getTime() + retentionMs);
}
