import type { Clock } from "../core/ports.ts";
import { PermanentError, RetryableError } from "../jobs/define-job.ts";
import type { TimeBudget } from "./time-budget.ts";
import { standStill } from "./wait.ts";

/** The attempt goes on in another invocation: at once, or from `until` on. */
export interface Suspended {
  kind: "suspended";
  until?: Date;
}

/** A step that the handler waits for. */
export interface OpenStep {
  readonly name: string;
  /** Aborts when the invocation is over before the step is. */
  readonly abort: AbortController;
  /** When its work began; until then its record is looked for. */
  workSinceMs?: number;
  /** Its work is done, or is the record itself; what is left is ours, and not the step's fault. */
  isBeingRecorded?: true;
}

/** Decides when an invocation stops for the attempt to go on in another one. */
export interface Suspension {
  /** Resolves when that is so. */
  readonly reached: Promise<Suspended>;
  /** From here on whatever the handler waits for never settles, and whatever it does counts for nothing. */
  isOver(): boolean;
  /** Opens a step; undefined when no step begins any more. */
  open(name: string): OpenStep | undefined;
  /** True when a step that may take `timeoutMs` belongs into another invocation, which it would have for itself. */
  isTooLateFor(timeoutMs: number | undefined): boolean;
  close(step: OpenStep): void;
  /** Something new is remembered: another invocation would begin further on than this one did. */
  noteRecord(): void;
  /** Never settles. The invocation stops once no step is open: at once going on in another, or from `until` on, when all that is parked sleeps. */
  park(until?: Date): Promise<never>;
  /** The handler's time is up. Stops the invocation; or answers the error of an attempt that another invocation would not bring further. */
  timeIsUp(): Error | undefined;
  /** Opens no further step; resolves when none is open. */
  drain(): Promise<void>;
  /** The invocation ended otherwise. */
  end(): void;
}

/**
 * Watches over the steps of one invocation. It stops for lack of time only when something new was remembered in it, so no job goes
 * from invocation to invocation without getting on: a step that had the whole time, and was not done, fails the job.
 */
export function watchSteps(clock: Clock, budget: TimeBudget): Suspension {
  const open = new Set<OpenStep>();
  const { promise: reached, resolve } = Promise.withResolvers<Suspended>();
  let [isOver, isDraining, hasRecorded] = [false, false, false];
  let longestMs = 0;
  let parked: { until?: Date } | undefined;
  const drained = Promise.withResolvers<void>();
  const nowMs = () => clock.now().getTime();

  const end = () => {
    isOver = true;
    for (const { abort } of open) abort.abort(new RetryableError("suspended", "The invocation is over."));
  };
  const stop = (until?: Date) => {
    end();
    resolve({ kind: "suspended", ...(until && { until }) });
  };
  // Not before the handler had its turn: what it waited for may be followed by another step.
  const stopWhenIdle = () => clock.after(0, () => parked && open.size === 0 && !isOver && stop(parked.until));

  return {
    reached,
    isOver: () => isOver,
    open(name) {
      if (isOver || isDraining) return undefined;
      const step: OpenStep = { name, abort: new AbortController() };
      open.add(step);
      return step;
    },
    isTooLateFor: (timeoutMs) => hasRecorded && budget.workLeftMs() < (timeoutMs ?? longestMs),
    close(step) {
      open.delete(step);
      if (step.workSinceMs !== undefined) longestMs = Math.max(longestMs, nowMs() - step.workSinceMs);
      if (open.size === 0 && isDraining) drained.resolve();
      if (parked) stopWhenIdle();
    },
    noteRecord() {
      hasRecorded = true;
    },
    park(until) {
      parked = earlierOf(parked, until);
      stopWhenIdle();
      return standStill();
    },
    timeIsUp() {
      if (isDraining) {
        end();
        drained.resolve();
        return undefined;
      }
      const cut = [...open].find((step) => step.workSinceMs !== undefined);
      if (hasRecorded || (parked && !cut)) {
        stop(cut ? undefined : parked?.until);
        return undefined;
      }
      return cut && !cut.isBeingRecorded ? stepTooLong(cut, nowMs(), budget) : outOfTime(budget);
    },
    async drain() {
      isDraining = true;
      if (open.size > 0) await drained.promise;
    },
    end,
  };
}

function earlierOf(parked: { until?: Date } | undefined, until: Date | undefined): { until?: Date } {
  if (until === undefined || (parked && parked.until === undefined)) return {};
  return parked?.until && parked.until < until ? parked : { until };
}

/** Fails a step that asks for more time than an invocation has. */
export function demandFit(name: string, timeoutMs: number | undefined, { workMs }: TimeBudget): void {
  if (timeoutMs === undefined || timeoutMs <= workMs) return;
  const why = `Step "${name}" asks for ${seconds(timeoutMs)}, and an invocation of the worker has ${seconds(workMs)}.`;
  throw new PermanentError("step-too-long", `${why} Split it into several steps.`);
}

/** For good only when the step had most of the time: one that began late, for whatever reason, may get it done in another attempt. */
function stepTooLong({ name, workSinceMs = 0 }: OpenStep, nowMs: number, { workMs }: TimeBudget): Error {
  const hadMs = nowMs - workSinceMs;
  const StepTooLong = hadMs >= workMs / 2 ? PermanentError : RetryableError;
  const before = workMs - hadMs < 1000 ? "" : `, after ${seconds(workMs - hadMs)} that the handler took before it`;
  const what = `Step "${name}" was not done after ${seconds(hadMs)}${before}: an invocation of the worker has no more.`;
  return new StepTooLong("step-too-long", `${what} Split it into several steps.`);
}

function outOfTime({ workMs }: TimeBudget): RetryableError {
  const what = `The attempt took longer than the ${seconds(workMs)} that an invocation of the worker has.`;
  return new RetryableError("timeout", `${what} Split the work into steps.`);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
