import { classify } from "../../job-types/job-errors.ts";
import { MAX_DELAY_MS } from "../../job-types/retry-policy.ts";
import { type Backoff, retryDelayMs } from "../../kit/backoff.ts";

/**
 * Gives the delay after the failure `error` of try number `tried` (from 1): the delay that the error asks for, 0 to 30
 * days, else that of the policy. `random` is 0 to 1. Never throws.
 */
export function delayAfter(error: unknown, backoff: Backoff, tried: number, random: number, now: Date): number {
  const classified = classify(error);
  const askedMs = classified.kind === "retryable" ? askedDelayMs(classified.retryAfter, now) : Number.NaN;
  // A delay that is no number is ignored.
  if (Number.isNaN(askedMs)) return retryDelayMs(backoff, tried, random);
  return Math.min(Math.max(askedMs, 0), MAX_DELAY_MS);
}

function askedDelayMs(retryAfter: unknown, now: Date): number {
  if (retryAfter === null || typeof retryAfter !== "object") return Number.NaN;
  try {
    if ("at" in retryAfter && retryAfter.at !== undefined) return instantMs(retryAfter.at) - now.getTime();
    return "afterMs" in retryAfter ? numberOf(retryAfter.afterMs) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

function instantMs(at: unknown): number {
  if (at instanceof Date) return at.getTime();
  return typeof at === "string" ? Date.parse(at) : numberOf(at);
}

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}
