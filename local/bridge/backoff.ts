/** The rules by which failed deliveries of a function's events are repeated. */
export interface RetryPolicy {
  /** False: an event that failed is dropped, as the platform does for a function without retry. */
  retry: boolean;
  /** Pause after the first failure; it doubles with every further one up to `maxMs`. */
  minMs: number;
  maxMs: number;
  /** After so many failed deliveries the event is a dead letter; absent: it is tried until it expires. */
  maxAttempts?: number;
  /**
   * An event older than this is given up. The platform keeps events for 24 h:
   * https://cloud.google.com/eventarc/docs/retry-events
   */
  expireMs: number;
}

/** True for an event that has waited beyond its retention: Pub/Sub drops it, also when it was never delivered. */
export function isExpired({ retry, expireMs }: RetryPolicy, ageMs: number): boolean {
  return retry && ageMs > expireMs;
}

/** The decision about an event whose latest delivery failed. */
export type AfterFailure =
  | { next: "retry"; delayMs: number }
  | { next: "drop" }
  | { next: "dead-letter" }
  | { next: "expire" };

/** Decides about an event that failed `failures` times (at least once) and was accepted `ageMs` ago. */
export function afterFailure(policy: RetryPolicy, failures: number, ageMs: number): AfterFailure {
  if (!policy.retry) return { next: "drop" };
  if (policy.maxAttempts !== undefined && failures >= policy.maxAttempts) return { next: "dead-letter" };
  const delayMs = retryDelayMs(policy, failures);
  return ageMs + delayMs > policy.expireMs ? { next: "expire" } : { next: "retry", delayMs };
}

/** Pause before the next delivery: `minMs`, 2 x `minMs`, 4 x `minMs`, ... never above `maxMs`. */
export function retryDelayMs(policy: Pick<RetryPolicy, "minMs" | "maxMs">, failures: number): number {
  // 2 ** 1000 is Infinity, which the minimum turns into maxMs.
  return Math.min(policy.maxMs, policy.minMs * 2 ** (failures - 1));
}
