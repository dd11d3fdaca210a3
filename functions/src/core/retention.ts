/** How long jobs and results are kept: 30 days, counted anew when the job ends. Firestore's TTL policy deletes them after that. */
const RETENTION_MS = 30 * 24 * 60 * 60 * 1000;

/** When a document written at `now` may be deleted. */
export function expiryOf(now: Date): Date {
  return new Date(now.getTime() + RETENTION_MS);
}
