/** The rules by which failed deliveries of a function's events are repeated. */
export interface RetryPolicy {
  /** False: an event that failed is dropped, as the platform does for a function without retry. */
  retry: boolean;
  /** Pause after the first failure; it doubles with every further one up to `maxMs`. */
  minMs: number;
  maxMs: number;
  /** The pause doubles at most so often, and then grows by its last step each time; absent: no limit. */
  maxDoublings?: number;
  /** After so many failed deliveries the event is given up; absent: it is tried until it expires. */
  maxAttempts?: number;
  /** `maxAttempts` counts only for events that are older; default 0. */
  minRetryMs?: number;
  /** The end of an event with too many failures; default: a dead letter. */
  afterLast?: "dead-letter" | "drop";
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
  const isLast = policy.maxAttempts !== undefined && failures >= policy.maxAttempts;
  if (isLast && ageMs >= (policy.minRetryMs ?? 0)) return { next: policy.afterLast ?? "dead-letter" };
  const delayMs = retryDelayMs(policy, failures);
  return ageMs + delayMs > policy.expireMs ? { next: "expire" } : { next: "retry", delayMs };
}

/** Pause before the next delivery: `minMs`, 2 x `minMs`, 4 x `minMs`, ... never above `maxMs`. */
export function retryDelayMs(
  { minMs, maxMs, maxDoublings = Number.POSITIVE_INFINITY }: Pick<RetryPolicy, "minMs" | "maxMs" | "maxDoublings">,
  failures: number,
): number {
  const doublings = Math.min(failures - 1, maxDoublings);
  const steps = Math.max(1, failures - doublings);
  // 2 ** 1000 is Infinity, which the minimum turns into maxMs.
  return Math.min(maxMs, minMs * 2 ** doublings * steps);
}
