import type { Clock } from "../kit/ports.ts";

/** Deletes what is past its `expireAt`, where nothing else does. */
export interface ExpiredDocuments {
  /** Deletes expired documents of every collection, at most `limit` of each; answers how many. Idempotent. */
  deletePage(now: Date, limit: number): Promise<number>;
}

const PAGE = 300;

/** Deletes all that expired by `now`, page by page; begins none after `endsAt`. Answers how many documents. */
export async function deleteExpired(
  { expired, clock }: { expired: ExpiredDocuments; clock: Clock },
  now: Date,
  endsAt: Date,
): Promise<number> {
  for (let deleted = 0; ; ) {
    const count = await expired.deletePage(now, PAGE);
    deleted += count;
    if (count === 0 || clock.now() >= endsAt) return deleted;
  }
}
