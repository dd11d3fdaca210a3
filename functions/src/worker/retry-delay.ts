import { type Backoff, retryDelayMs } from "../core/retry.ts";
import { RetryAfterError } from "../jobs/define-job.ts";
import { MAX_DELAY_MS } from "../jobs/retry-policy.ts";

/**
 * How long to wait after the failure `error` of try number `tried` (from 1): what the error asks for, 0 to 30 days, else what
 * the policy says. `random` is 0 to 1.
 */
export function delayAfter(error: unknown, backoff: Backoff, tried: number, random: number, now: Date): number {
  if (!(error instanceof RetryAfterError)) return retryDelayMs(backoff, tried, random);
  const { retryAfter } = error;
  const askedMs = "at" in retryAfter ? retryAfter.at.getTime() - now.getTime() : retryAfter.afterMs;
  // An asked delay that is no number says nothing.
  if (Number.isNaN(askedMs)) return retryDelayMs(backoff, tried, random);
  return Math.min(Math.max(askedMs, 0), MAX_DELAY_MS);
}
