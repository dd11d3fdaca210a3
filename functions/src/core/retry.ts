/** How long to wait before another attempt: `minDelayMs`, doubling, at most `maxDelayMs`. */
export interface Backoff {
  minDelayMs: number;
  maxDelayMs: number;
}

/**
 * The delay in milliseconds after attempt number `attempt` (from 1) failed. `random` (0 to 1) takes up to a fifth off,
 * so that jobs which failed together do not come back together.
 */
export function retryDelayMs(backoff: Backoff, attempt: number, random: number): number {
  const full = Math.min(backoff.minDelayMs * 2 ** (attempt - 1), backoff.maxDelayMs);
  return Math.round(full * (1 - 0.2 * random));
}
