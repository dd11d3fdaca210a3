import type { PostOutcome, Verdict } from "./delivery.ts";
import { MAX_RETRY_AFTER_MS } from "./schedule.ts";

/**
 * What an outcome means: 2xx is success, 410 ends the endpoint, a blocked destination is final for this delivery, and
 * everything else, redirects included, is worth another attempt (Standard Webhooks 1.0.0, "operational considerations").
 */
export function judgeOutcome(outcome: PostOutcome): Verdict {
  if (outcome.outcome === "failed") return outcome.kind === "blocked_destination" ? "failed" : "retry";
  if (outcome.status >= 200 && outcome.status <= 299) return "succeeded";
  return outcome.status === 410 ? "gone" : "retry";
}

/** The three forms of a date in RFC 9110, section 5.6.7. `Date.parse` alone takes almost any text with a number in it. */
const HTTP_DATES: readonly RegExp[] = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * How long a `Retry-After` header (RFC 9110, section 10.2.3) asks to wait from `now`, in milliseconds, at most 24 h; undefined when it
 * asks for nothing: a date past, `0`, anything else.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? "";
  const askedMs = /^\d+$/.test(text) ? Number(text) * 1000 : httpDate(text) - now.getTime();
  return askedMs > 0 ? Math.min(askedMs, MAX_RETRY_AFTER_MS) : undefined;
}

/** Not a number when it is none. */
function httpDate(text: string): number {
  if (!HTTP_DATES.some((form) => form.test(text))) return Number.NaN;
  return Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
}
