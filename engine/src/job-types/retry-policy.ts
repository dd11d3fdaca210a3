import type { Backoff } from "../kit/backoff.ts";
import { describeKind } from "../kit/describe-kind.ts";

/**
 * How often, and how far apart, something is tried: after the first failure `minDelayMs`, then `factor` times as long
 * each time, at most `maxDelayMs`; chance takes up to `jitter` of it off.
 */
export interface RetryPolicy extends Backoff {
  /** 1 to 100, the first run included. */
  maxAttempts: number;
}

/** 30 days: no delay between two attempts is longer. */
export const MAX_DELAY_MS = 30 * 24 * 3_600_000;

/** The default of a job type. */
export const JOB_RETRY: RetryPolicy = {
  maxAttempts: 5,
  minDelayMs: 10_000,
  maxDelayMs: 600_000,
  factor: 2,
  jitter: 0.2,
};

/** Defaults of a step that asks for retries: it is tried again within one invocation, so in seconds. */
export const STEP_RETRY: RetryPolicy = {
  maxAttempts: 3,
  minDelayMs: 1000,
  maxDelayMs: 30_000,
  factor: 2,
  jitter: 0.2,
};

const RANGES: readonly [name: keyof RetryPolicy, from: number, to: number][] = [
  ["maxAttempts", 1, 100],
  ["minDelayMs", 0, MAX_DELAY_MS],
  ["maxDelayMs", 0, MAX_DELAY_MS],
  ["factor", 1, 100],
  ["jitter", 0, 1],
];

/**
 * The policy that `given` makes of `defaults`. A shortest delay above the longest by default moves that with it. Throws
 * an error that begins with `of` when a value is out of its range.
 */
export function retryPolicy(given: Partial<RetryPolicy>, defaults: RetryPolicy, of: string): RetryPolicy {
  const maxDelayMs = given.maxDelayMs ?? Math.max(defaults.maxDelayMs, given.minDelayMs ?? 0);
  const minDelayMs = given.minDelayMs ?? Math.min(defaults.minDelayMs, maxDelayMs);
  const policy = { ...defaults, ...given, minDelayMs, maxDelayMs };
  for (const [name, from, to] of RANGES) {
    const value = policy[name];
    if (typeof value === "number" && value >= from && value <= to) continue;
    throw new Error(`${of}: retry.${name} ${describeKind(value)}; it has to be ${from} to ${to}.`);
  }
  if (!Number.isInteger(policy.maxAttempts)) throw new Error(`${of}: retry.maxAttempts has to be a whole number.`);
  if (minDelayMs > maxDelayMs) throw new Error(`${of}: retry.minDelayMs is larger than retry.maxDelayMs.`);
  return policy;
}
