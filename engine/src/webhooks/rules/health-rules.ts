import type { Verdict } from "./delivery.ts";
import type { Endpoint } from "./endpoint.ts";
import type { EndpointHealth } from "./health.ts";

/** How a new endpoint, or one that was enabled again, is doing. */
export const HEALTHY: EndpointHealth = { failures: 0, toldPercent: 0 };

/** Failures in a row that open the breaker; from then on one attempt after each pause tries the endpoint. */
const BREAKER_FAILURES = 5;
const BREAKER_MS = 30_000;
const MAX_BREAKER_MS = 10 * 60_000;

/** Answers of an endpoint that has too much to do, or of the proxy before it. */
const THROTTLING: readonly number[] = [429, 502, 503, 504];
const THROTTLE_MS = 5000;
const MAX_THROTTLE_MS = 60_000;

/** How long the one attempt after a pause keeps the others waiting: as long as a sender may take. */
const PROBE_MS = 30_000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** An endpoint whose every attempt failed, in so long a time of attempts and in at least so many of them, is disabled. */
const FAILING_MS = 5 * DAY_MS;
const MIN_FAILURES = 10;
/** When its owner is told on the way there, in per cent. */
const WARNINGS: readonly number[] = [50, 70, 90];
/** The longest time between two failures that counts: the schedule's longest wait with its jitter, 28.8 h, and some lateness. Longer is silence. */
const MAX_GAP_MS = 30 * 60 * 60 * 1000;

/** Whether an attempt may be made: `probe` is for one attempt alone, which the health that comes with it, once written, says to the others: they wait until then. */
export type Gate =
  | { outcome: "open" }
  | { outcome: "probe"; health: EndpointHealth; until: Date }
  | { outcome: "paused"; until: Date };

/** How an attempt ended. */
export interface AttemptEnd {
  verdict: Verdict;
  status?: number;
  retryAfterMs?: number;
  /** True for the one attempt after a pause. */
  isProbe: boolean;
}

/** What an attempt changes of its endpoint; `disabled` is there only when it disables it. */
export interface HealthChange {
  health: EndpointHealth;
  disabled?: NonNullable<Endpoint["disabled"]>;
}

/** Decides whether an endpoint of this health may be sent to at `now`. */
export function gate(health: EndpointHealth, now: Date): Gate {
  if (!health.pausedUntil) return { outcome: "open" };
  if (health.pausedUntil > now) return { outcome: "paused", until: health.pausedUntil };
  const until = later(now, PROBE_MS);
  return { outcome: "probe", health: { ...health, pausedUntil: until }, until };
}

/**
 * How an endpoint is doing after an attempt that ended at `now`; undefined when nothing changes: a success of a healthy
 * endpoint, and a failure of an attempt that was under way when the endpoint was paused.
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
  const nextStep = WARNINGS.find((step) => step > failed.toldPercent);
  if (nextStep !== undefined) return { health: warned(failed, nextStep) };
  const isOver = msOf(failed) >= FAILING_MS && failed.failures >= MIN_FAILURES;
  return isOver
    ? { health: { ...failed, toldPercent: 100 }, disabled: { reason: "failing", at: now } }
    : { health: failed };
}

/** The failing time never passes a step that the owner was not told of: each step is told, and leaves time to act before the next one. */
function warned(health: EndpointHealth, step: number): EndpointHealth {
  const stepMs = (FAILING_MS * step) / 100;
  return msOf(health) < stepMs ? health : { ...health, failedMs: stepMs, toldPercent: step };
}

/** Health that an older version wrote has no such time; what its owner was told of counts. */
function msOf({ failedMs, toldPercent }: EndpointHealth): number {
  return failedMs ?? (FAILING_MS * toldPercent) / 100;
}

/** An endpoint that asked for time gets it, even when another attempt, begun before, succeeded. */
function afterSuccess(health: EndpointHealth, attempt: AttemptEnd, now: Date) {
  const { failures, toldPercent, pausedUntil, pausedBy } = health;
  const isThrottled = !attempt.isProbe && pausedBy === "throttled" && pausedUntil !== undefined && pausedUntil > now;
  const isDoingWell = failures === 0 && toldPercent === 0 && (pausedUntil === undefined || isThrottled);
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
  const { failingSince = now, toldPercent } = health;
  const failed = { failures, failingSince, ...failingTime(health, now), toldPercent };
  const throttleMs = isThrottling(attempt)
    ? (attempt.retryAfterMs ?? doubled(THROTTLE_MS, failures - 1, MAX_THROTTLE_MS))
    : 0;
  const breakerMs = failures >= BREAKER_FAILURES ? doubled(BREAKER_MS, failures - BREAKER_FAILURES, MAX_BREAKER_MS) : 0;
  if (throttleMs === 0 && breakerMs === 0) return failed;
  const pausedBy = throttleMs >= breakerMs ? "throttled" : "breaker";
  return { ...failed, pausedUntil: later(now, Math.max(throttleMs, breakerMs)), pausedBy };
}

/** A clock that went back adds nothing, and one that was far ahead is not believed any longer. */
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

/** `times` is capped where doubling has long passed any limit, so that the number stays finite. */
function doubled(ms: number, times: number, atMostMs: number): number {
  return Math.min(ms * 2 ** Math.min(times, 20), atMostMs);
}

function later(instant: Date, ms: number): Date {
  return new Date(instant.getTime() + ms);
}
