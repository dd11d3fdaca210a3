import type { Clock } from "../../kit/ports.ts";

/** The time of one invocation of the worker function. */
export interface TimeBudget {
  /**
   * For the handler, counted from the beginning; the rest is the margin, in which the worker stops and writes the end
   * of the invocation.
   */
  readonly workMs: number;
  /** The rest of that time; below 0 in the margin. */
  workLeftMs(): number;
  /** The time for work that was told to stop, at most `wantedMs`: half of the margin is kept for the end. */
  graceMs(wantedMs: number): number;
}

/** The longest margin: it holds a handler's grace, and several slow writes. */
const MAX_MARGIN_MS = 30_000;

/**
 * The budget of an invocation that begins now and may take `timeoutMs`; a tenth of that, at most 30 s, is the margin.
 */
export function timeBudget(clock: Clock, timeoutMs: number): TimeBudget {
  const marginMs = Math.min(MAX_MARGIN_MS, timeoutMs / 10);
  const workMs = timeoutMs - marginMs;
  const workUntilMs = clock.now().getTime() + workMs;
  const workLeftMs = () => workUntilMs - clock.now().getTime();
  return {
    workMs,
    workLeftMs,
    graceMs: (wantedMs) => Math.max(0, Math.min(wantedMs, workLeftMs() + marginMs / 2)),
  };
}
