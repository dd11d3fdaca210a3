import { retryAfterMs } from "@baton/protocol";
import type { PostOutcome, Verdict } from "./delivery.ts";
import { MAX_RETRY_AFTER_MS } from "./schedule.ts";

/**
 * Classifies the outcome of a request (Standard Webhooks 1.0.0, "operational considerations"). 2xx is a success, 410
 * disables the endpoint, and a blocked destination fails the delivery. Every other outcome, a redirect too, is worth
 * another attempt.
 */
export function classifyResponse(outcome: PostOutcome): Verdict {
  if (outcome.outcome === "failed") return outcome.kind === "blocked_destination" ? "failed" : "retry";
  if (outcome.status >= 200 && outcome.status <= 299) return "succeeded";
  return outcome.status === 410 ? "gone" : "retry";
}

/**
 * Parses a `Retry-After` header (RFC 9110, section 10.2.3): how long to wait from `now`, in milliseconds, at most 24 h.
 * Undefined for `0`, a past date and any other text.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  const askedMs = retryAfterMs(header ?? "", now.getTime());
  return askedMs > 0 ? Math.min(askedMs, MAX_RETRY_AFTER_MS) : undefined;
}
