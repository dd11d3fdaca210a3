import { recent } from "../kit/recent.ts";

/** Token buckets by key, in the memory of this process. */
export interface TokenBuckets {
  /**
   * Takes one token of `key`, which begins with `perMinute` tokens (1 or more) and gets as many in a minute. Answers 0;
   * or takes nothing and answers after how many whole milliseconds there is one.
   */
  take(key: string, perMinute: number, now: Date): number;
  /** Gives one token back. */
  giveBack(key: string): void;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE_MS = 60_000;
/** Tolerance for rounding errors. */
const ROUNDING = 1e-6;

/** Creates buckets for the `maxKeys` keys that were used last. The bucket of a forgotten key is full again. */
export function tokenBuckets(maxKeys: number): TokenBuckets {
  const buckets = recent<Bucket>(maxKeys);
  return {
    take(key, perMinute, now) {
      const at = now.getTime();
      const bucket = refilled(buckets.get(key), perMinute, at);
      const missing = 1 - bucket.tokens;
      const waitMs = missing < ROUNDING ? 0 : Math.ceil((missing * MINUTE_MS) / perMinute - ROUNDING);
      if (waitMs === 0) bucket.tokens -= 1;
      buckets.set(key, bucket);
      return waitMs;
    },
    giveBack(key) {
      const bucket = buckets.get(key);
      if (bucket) bucket.tokens += 1;
    },
  };
}

/** Refills a bucket. A clock that goes back neither adds nor takes tokens. */
function refilled(bucket: Bucket | undefined, perMinute: number, at: number): Bucket {
  if (!bucket) return { tokens: perMinute, at };
  const passedMs = Math.max(0, at - bucket.at);
  return { tokens: Math.min(perMinute, bucket.tokens + (passedMs * perMinute) / MINUTE_MS), at: bucket.at + passedMs };
}
