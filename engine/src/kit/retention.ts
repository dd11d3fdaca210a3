const DAY_MS = 24 * 60 * 60 * 1000;

/** A tier's days as milliseconds. */
export function retentionMsOf(days: number): number {
  return days * DAY_MS;
}

/** When a document written at `now` may be deleted: Firestore's TTL policy does it, up to a day later. */
export function expiryOf(now: Date, retentionMs: number): Date {
  return new Date(now.getTime() + retentionMs);
}
