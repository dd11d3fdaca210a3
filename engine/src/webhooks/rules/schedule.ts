const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after each failed attempt but the last. With the first attempt, made at once, ten attempts in 75 hours. */
const DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Attempts of one schedule: since a delivery was created, or last sent again. */
export const MAX_TRIES = DELAYS_MS.length + 1;

/** The largest jitter, as a share of the wait: deliveries that failed together are not retried together. */
const MAX_JITTER = 0.2;

/** The longest wait that a receiver may ask for. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/**
 * Computes when to try again after `tries` attempts, the last of which failed at `failedAt`. Undefined after the tenth.
 * `jitter`, from 0 up to 1, makes the wait up to 20 % longer. The receiver's `retryAfterMs` counts up to 24 h, and only
 * makes a wait longer.
 */
export function nextAttemptAt(tries: number, failedAt: Date, jitter: number, retryAfterMs = 0): Date | undefined {
  const delayMs = DELAYS_MS[Math.max(tries, 1) - 1];
  if (delayMs === undefined) return undefined;
  const askedMs = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  return new Date(failedAt.getTime() + Math.max(delayMs + Math.floor(delayMs * MAX_JITTER * jitter), askedMs));
}
