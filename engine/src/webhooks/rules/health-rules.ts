import type { Verdict } from "./delivery.ts";
import type { Endpoint } from "./endpoint.ts";
import { type EndpointHealth, HEALTHY } from "./health.ts";

/** Failures in a row that open the breaker. From then on, one attempt after each pause probes the endpoint. */
const BREAKER_FAILURES = 5;
const BREAKER_MS = 30_000;
const MAX_BREAKER_MS = 10 * 60_000;

/** Statuses of an endpoint that is overloaded, or of the proxy before it. */
const THROTTLING: readonly number[] = [429, 502, 503, 504];
const THROTTLE_MS = 5000;
const MAX_THROTTLE_MS = 60_000;

/** How long a probe keeps the other attempts waiting: as long as a sender may take. */
const PROBE_MS = 30_000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** An endpoint is disabled once every attempt has failed for this long, and for at least this many attempts. */
const FAILING_MS = 5 * DAY_MS;
const MIN_FAILURES = 10;
/** Steps of that time at which the owner is alerted, in per cent. */
const WARNINGS: readonly number[] = [50, 70, 90];
/**
 * The longest time between two failures that counts as failing: the longest wait of the schedule with its jitter, 28.8
 * h, and some lateness. In a longer one no attempt was made.
 */
const MAX_GAP_MS = 30 * 60 * 60 * 1000;

/**
 * The circuit breaker of an endpoint. `closed`: attempts pass. `open`: the endpoint is paused, no attempt before
 * `until`. `half-open`: the pause has passed, and one attempt may probe the endpoint. Persist `health` first: that
 * write extends the pause to `until`, so that only one sender probes.
 */
export type BreakerState =
  | { state: "closed" }
  | { state: "half-open"; health: EndpointHealth; until: Date }
  | { state: "open"; until: Date };

/** The outcome of an attempt, as the health of its endpoint sees it. */
export interface AttemptEnd {
  verdict: Verdict;
  status?: number;
  retryAfterMs?: number;
  /** True for the one attempt after a pause. */
  isProbe: boolean;
}

/** The change that an attempt makes to its endpoint. `disabled` is present when the attempt disables it. */
export interface HealthChange {
  health: EndpointHealth;
  disabled?: NonNullable<Endpoint["disabled"]>;
}

/** Answers the state of the breaker at `now`. A pause that the endpoint asked for opens it, too. */
export function breakerState(health: EndpointHealth, now: Date): BreakerState {
  if (!health.pausedUntil) return { state: "closed" };
  if (health.pausedUntil > now) return { state: "open", until: health.pausedUntil };
  const until = later(now, PROBE_MS);
  return { state: "half-open", health: { ...health, pausedUntil: until }, until };
}

/**
 * Decides how an attempt that ended at `now` changes the health of its endpoint. Answers undefined for no change: after
 * a success of a healthy endpoint, and after a failure of an attempt that began before the endpoint was paused.
 */
export function afterAttempt(
  endpoint: Pick<Endpoint, "health" | "disabled">,
  attempt: AttemptEnd,
  now: Date,
): HealthChange | undefined {
  const { health, disabled } = endpoint;
  if (attempt.verdict === "succeeded") return afterSuccess(health, attempt, now);
  const isPaused = !attempt.isProbe && health.pausedUntil !== undefined && health.pausedUntil > now;
  if (attempt.verdict !== "gone" && isPaused) return longerPause(health, attempt, now);
  const failed = afterFailure(health, attempt, now);
  if (disabled) return { health: failed };
  if (attempt.verdict === "gone") return { health: failed, disabled: { reason: "gone", at: now } };
  const nextStep = WARNINGS.find((step) => step > failed.alertedPercent);
  if (nextStep !== undefined) return { health: warned(failed, nextStep) };
  const isOver = msOf(failed) >= FAILING_MS && failed.failures >= MIN_FAILURES;
  return isOver
    ? { health: { ...failed, alertedPercent: 100 }, disabled: { reason: "failing", at: now } }
    : { health: failed };
}

/**
 * Stops the failing time at each step until the owner is alerted of it. So the owner hears of every step, and has time
 * to act before the next one.
 */
function warned(health: EndpointHealth, step: number): EndpointHealth {
  const stepMs = (FAILING_MS * step) / 100;
  return msOf(health) < stepMs ? health : { ...health, failedMs: stepMs, alertedPercent: step };
}

/** Health that an older version wrote has no `failedMs`: the step its owner was alerted of counts instead. */
function msOf({ failedMs, alertedPercent }: EndpointHealth): number {
  return failedMs ?? (FAILING_MS * alertedPercent) / 100;
}

/** A pause that the endpoint asked for outlasts the success of an attempt that began before it. */
function afterSuccess(health: EndpointHealth, attempt: AttemptEnd, now: Date) {
  const { failures, alertedPercent, pausedUntil, pausedBy } = health;
  const isThrottled = !attempt.isProbe && pausedBy === "throttled" && pausedUntil !== undefined && pausedUntil > now;
  const isDoingWell = failures === 0 && alertedPercent === 0 && (pausedUntil === undefined || isThrottled);
  if (isDoingWell) return undefined;
  return { health: isThrottled ? { ...HEALTHY, pausedUntil, pausedBy } : HEALTHY };
}

function longerPause(health: EndpointHealth, attempt: AttemptEnd, now: Date) {
  if (!isThrottling(attempt) || attempt.retryAfterMs === undefined || !health.pausedUntil) return undefined;
  const until = later(now, attempt.retryAfterMs);
  return until > health.pausedUntil
    ? { health: { ...health, pausedUntil: until, pausedBy: "throttled" as const } }
    : undefined;
}

function afterFailure(health: EndpointHealth, attempt: AttemptEnd, now: Date): EndpointHealth {
  const failures = health.failures + 1;
  const { failingSince = now, alertedPercent } = health;
  const failed = { failures, failingSince, ...failingTime(health, now), alertedPercent };
  const throttleMs = isThrottling(attempt)
    ? (attempt.retryAfterMs ?? doubled(THROTTLE_MS, failures - 1, MAX_THROTTLE_MS))
    : 0;
  const breakerMs = failures >= BREAKER_FAILURES ? doubled(BREAKER_MS, failures - BREAKER_FAILURES, MAX_BREAKER_MS) : 0;
  if (throttleMs === 0 && breakerMs === 0) return failed;
  const pausedBy = throttleMs >= breakerMs ? "throttled" : "breaker";
  return { ...failed, pausedUntil: later(now, Math.max(throttleMs, breakerMs)), pausedBy };
}

/** A clock that is behind adds nothing. After one that was far ahead, the time is counted from `now` again. */
function failingTime(health: EndpointHealth, now: Date): Pick<EndpointHealth, "failedMs" | "lastFailedAt"> {
  const last = health.lastFailedAt ?? now;
  const gapMs = now.getTime() - last.getTime();
  const failedMs = msOf(health) + (gapMs > 0 && gapMs <= MAX_GAP_MS ? gapMs : 0);
  const isBehind = gapMs < 0 && gapMs >= -MAX_GAP_MS;
  return { ...(failedMs > 0 && { failedMs }), lastFailedAt: isBehind ? last : now };
}

function isThrottling({ status }: AttemptEnd): boolean {
  return status !== undefined && THROTTLING.includes(status);
}

/** Doubles `ms` so many times, up to `atMostMs`. `times` is capped so that the number stays finite. */
function doubled(ms: number, times: number, atMostMs: number): number {
  return Math.min(ms * 2 ** Math.min(times, 20), atMostMs);
}

function later(instant: Date, ms: number): Date {
  return new Date(instant.getTime() + ms);
}
