/** The wait before another attempt: `minDelayMs`, then `factor` times as long each time, at most `maxDelayMs`. */
export interface Backoff {
  minDelayMs: number;
  maxDelayMs: number;
  /** At least 1. */
  factor: number;
  /** 0 to 1: the largest random part taken off a delay, so that jobs which failed together are not retried together. */
  jitter: number;
}

/** The delay in milliseconds after attempt number `attempt` (from 1) failed. `random` is 0 to 1. */
export function retryDelayMs(backoff: Backoff, attempt: number, random: number): number {
  const full = Math.min(backoff.minDelayMs * backoff.factor ** (attempt - 1), backoff.maxDelayMs);
  return Math.round(full * (1 - backoff.jitter * random));
}
