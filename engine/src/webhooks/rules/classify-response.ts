import { retryAfterMs } from "@baton/protocol";
import type { PostOutcome, Verdict } from "./delivery.ts";
import { MAX_RETRY_AFTER_MS } from "./schedule.ts";

/**
 * What an outcome means: 2xx is success, 410 ends the endpoint, a blocked destination is final for this delivery, and
 * everything else, redirects included, is worth another attempt (Standard Webhooks 1.0.0, "operational
 * considerations").
 */
export function classifyResponse(outcome: PostOutcome): Verdict {
  if (outcome.outcome === "failed") return outcome.kind === "blocked_destination" ? "failed" : "retry";
  if (outcome.status >= 200 && outcome.status <= 299) return "succeeded";
  return outcome.status === 410 ? "gone" : "retry";
}

/**
 * How long a `Retry-After` header (RFC 9110, section 10.2.3) asks to wait from `now`, in milliseconds, at most 24 h;
 * undefined when it asks for nothing: a date past, `0`, anything else.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  const askedMs = retryAfterMs(header ?? "", now.getTime());
  return askedMs > 0 ? Math.min(askedMs, MAX_RETRY_AFTER_MS) : undefined;
}
