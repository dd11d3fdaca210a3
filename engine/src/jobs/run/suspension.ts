import { deferred } from "../../kit/deferred.ts";
import { never, pause } from "../../kit/pause.ts";
import type { Clock } from "../../kit/ports.ts";
import { type InvocationStop, invocationStop } from "./invocation-stop.ts";
import { type OpenStep, openSteps } from "./open-steps.ts";
import type { TimeBudget } from "./time-budget.ts";
import { outOfTime, schemaTooLong, stepTooLong } from "./time-errors.ts";

/** Decides when an invocation stops so that the attempt continues in another one. */
export interface Suspension
  extends Pick<InvocationStop, "reached" | "isOver" | "isSuspended" | "park" | "sleep" | "end"> {
  /** Opens a step; undefined when no further step may begin. */
  open(name: string): OpenStep | undefined;
  /** True when a step that may take `timeoutMs` belongs into another invocation, which has all of its time left. */
  isTooLateFor(timeoutMs: number | undefined): boolean;
  close(step: OpenStep): void;
  /** Settles as `reading` does. Until then the handler waits for `schema`, which is to blame when the time is up. */
  reading<T>(schema: string, reading: Promise<T>): Promise<T>;
  /** Notes that a step was recorded: another invocation would begin after it. */
  noteRecord(): void;
  /**
   * Ends the handler's time: stops the invocation, or gives the error of an attempt that another one could not
   * continue.
   */
  timeIsUp(): Error | undefined;
  /** Opens no further step; resolves when none is open. */
  drain(): Promise<void>;
  /** Ends a handler that returned: forgets its unawaited sleeps; resolves once no step is open, and none follows. */
  finish(): Promise<void>;
}

/**
 * Watches the steps of one invocation. It is suspended for lack of time only when it recorded something, so no job goes
 * from invocation to invocation without progress: a step that had the whole time, and was not done, fails the job.
 */
export function watchSteps(clock: Clock, budget: TimeBudget): Suspension {
  const steps = openSteps(clock);
  const stop = invocationStop(clock, budget, steps);
  const schemas = schemasInUse();
  const drainCut = deferred<void>();
  let [isDraining, hasRecorded] = [false, false];

  function timeIsUp(): Error | undefined {
    if (isDraining) {
      stop.end();
      drainCut.resolve();
      return undefined;
    }
    const cut = steps.atWork();
    if (!hasRecorded && (cut || !stop.isWaiting())) return timeError(clock, budget, schemas.first(), cut);
    stop.suspend(cut ? undefined : stop.resumesAt());
    return undefined;
  }

  async function drain(): Promise<void> {
    isDraining = true;
    await Promise.race([steps.idle(), drainCut.promise]);
  }

  async function finish(): Promise<void> {
    stop.forgetSleeps();
    while (steps.count() > 0) {
      await steps.idle();
      // Code that waited for the step may call another one.
      await pause(clock, 0);
    }
    if (stop.isWaiting()) await never();
  }

  return {
    ...stop,
    reading: schemas.reading,
    timeIsUp,
    drain,
    finish,
    open: (name) => (stop.isOver() || isDraining ? undefined : steps.open(name)),
    isTooLateFor: (timeoutMs) => hasRecorded && budget.workLeftMs() < (timeoutMs ?? steps.longestWorkMs()),
    close(step) {
      steps.close(step);
      stop.suspendWhenIdle();
    },
    noteRecord() {
      hasRecorded = true;
    },
  };
}

/** The schemas that the handler waits for, so that the error of an attempt can name one. */
function schemasInUse() {
  const schemas = new Set<string>();
  return {
    first: (): string | undefined => [...schemas][0],
    async reading<T>(schema: string, reading: Promise<T>): Promise<T> {
      schemas.add(schema);
      try {
        return await reading;
      } finally {
        schemas.delete(schema);
      }
    },
  };
}

/** Blames the schema or the step at work that the handler waited for when its time was up, else the handler itself. */
function timeError(clock: Clock, budget: TimeBudget, schema: string | undefined, step: OpenStep | undefined): Error {
  if (schema !== undefined) return schemaTooLong(schema, budget);
  if (!step || step.isBeingRecorded) return outOfTime(budget);
  return stepTooLong(step.name, clock.now().getTime() - (step.workSinceMs ?? 0), budget);
}
