import { RetryableError } from "../../job-types/define-job.ts";
import { pause } from "../../kit/pause.ts";
import type { Clock } from "../../kit/ports.ts";
import { never } from "./sleep.ts";
import { sleepsOf } from "./sleeps.ts";
import type { TimeBudget } from "./time-budget.ts";
import { outOfTime, schemaTooLong, stepTooLong } from "./time-errors.ts";

/** The attempt continues in another invocation: at once, or from `until` on. */
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
  /** From here on whatever the handler does counts for nothing. */
  isOver(): boolean;
  /**
   * True when the invocation is over because the attempt continues in another one: the promises that the handler waits
   * for never settle.
   */
  isSuspended(): boolean;
  /** Opens a step; undefined when no step begins any more. */
  open(name: string): OpenStep | undefined;
  /** True when a step that may take `timeoutMs` belongs into another invocation, which it would have for itself. */
  isTooLateFor(timeoutMs: number | undefined): boolean;
  close(step: OpenStep): void;
  /** Settles as `reading` does. Until then the handler waits for `schema`, which is to blame when the time is up. */
  reading<T>(schema: string, reading: Promise<T>): Promise<T>;
  /** Something new is remembered: another invocation would begin further on than this one did. */
  noteRecord(): void;
  /** Never settles: what is parked belongs into another invocation, which begins once no step is open. */
  park(): Promise<never>;
  /**
   * Resolves at `until` when a step keeps the invocation at work until then, or the first of the sleeps ends within a
   * second. Else the invocation stops once no step is open; the next one begins at the end of that sleep. Rejects when
   * `signal` aborts.
   */
  sleep(until: Date, signal: AbortSignal): Promise<void>;
  /** The handler's time is up. Stops the invocation; or answers the error of an attempt that another invocation would not bring further. */
  timeIsUp(): Error | undefined;
  /** Opens no further step; resolves when none is open. */
  drain(): Promise<void>;
  /** The handler returned. Forgets the sleeps it left behind; resolves once no step is open, and none follows. */
  finish(): Promise<void>;
  /** The invocation ended otherwise. */
  end(): void;
}

/** A sleep that ends within this is waited for in the invocation: ending it, and beginning another one, would take as long. */
const IN_PLACE_MS = 1000;

/**
 * Watches over the steps of one invocation. It stops for lack of time only when something new was remembered in it, so no job goes
 * from invocation to invocation without getting on: a step that had the whole time, and was not done, fails the job.
 */
export function watchSteps(clock: Clock, budget: TimeBudget): Suspension {
  const open = new Set<OpenStep>();
  const { promise: reached, resolve } = Promise.withResolvers<Suspended>();
  let [isOver, isSuspended, isDraining, hasRecorded] = [false, false, false, false];
  const schemas = new Set<string>();
  let longestMs = 0;
  let isParked = false;
  const sleeps = sleepsOf(clock, budget, () => stopWhenIdle());
  const drained = Promise.withResolvers<void>();
  let idle = Promise.withResolvers<void>();
  const nowMs = () => clock.now().getTime();

  const end = () => {
    isOver = true;
    sleeps.forget();
    for (const { abort } of open) abort.abort(new RetryableError("suspended", "The invocation is over."));
  };
  const isWaiting = () => isParked || sleeps.count() > 0;
  const wakesAt = () => (isParked ? undefined : sleeps.firstEnd());
  const stop = (until?: Date) => {
    isSuspended = true;
    end();
    resolve({ kind: "suspended", ...(until && { until }) });
  };
  // Not before the handler had its turn: what it waited for may be followed by another step.
  const stopWhenIdle = () => clock.after(0, () => isWaiting() && open.size === 0 && !isOver && stopOrWait());
  const stopOrWait = () => {
    const until = wakesAt();
    const leftMs = until ? until.getTime() - nowMs() : 0;
    // Its timer is set.
    if (until && leftMs <= IN_PLACE_MS && leftMs < budget.workLeftMs()) return;
    stop(until);
  };

  return {
    reached,
    isOver: () => isOver,
    isSuspended: () => isSuspended,
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
      if (open.size > 0) return;
      idle.resolve();
      if (isDraining) drained.resolve();
      if (isWaiting()) stopWhenIdle();
    },
    async reading(schema, reading) {
      schemas.add(schema);
      try {
        return await reading;
      } finally {
        schemas.delete(schema);
      }
    },
    noteRecord() {
      hasRecorded = true;
    },
    park() {
      isParked = true;
      stopWhenIdle();
      return never();
    },
    sleep(until, signal) {
      const slept = sleeps.add(until, signal);
      stopWhenIdle();
      return slept;
    },
    timeIsUp() {
      if (isDraining) {
        end();
        drained.resolve();
        return undefined;
      }
      const cut = [...open].find((step) => step.workSinceMs !== undefined);
      if (hasRecorded || (isWaiting() && !cut)) {
        stop(cut ? undefined : wakesAt());
        return undefined;
      }
      const [schema] = schemas;
      if (schema !== undefined) return schemaTooLong(schema, budget);
      if (!cut || cut.isBeingRecorded) return outOfTime(budget);
      return stepTooLong(cut.name, nowMs() - (cut.workSinceMs ?? 0), budget);
    },
    async drain() {
      isDraining = true;
      if (open.size > 0) await drained.promise;
    },
    async finish() {
      sleeps.forget();
      while (open.size > 0) {
        idle = Promise.withResolvers();
        await idle.promise;
        // Code that waited for the step may call another one.
        await pause(clock, 0);
      }
      if (isWaiting()) await never();
    },
    end,
  };
}
