import { RetryableError } from "../../job-types/define-job.ts";
import { deferred } from "../../kit/deferred.ts";
import { never } from "../../kit/pause.ts";
import type { Clock } from "../../kit/ports.ts";
import type { OpenSteps } from "./open-steps.ts";
import { sleepsOf } from "./sleeps.ts";
import type { TimeBudget } from "./time-budget.ts";

/** The attempt continues in another invocation: at once, or from `until` on. */
export interface Suspended {
  kind: "suspended";
  until?: Date;
}

/** Stops one invocation, and suspends its attempt when all that is left belongs into another invocation. */
export interface InvocationStop {
  /** Resolves when the attempt is suspended. */
  readonly reached: Promise<Suspended>;
  /** From here on nothing that the handler does has an effect. */
  isOver(): boolean;
  /**
   * True when the invocation is over because the attempt continues in another one: the promises that the handler waits
   * for never settle.
   */
  isSuspended(): boolean;
  /** True while the handler sleeps, or work is parked. */
  isWaiting(): boolean;
  /** Start of the next invocation: the end of the first sleep; undefined for at once. */
  resumesAt(): Date | undefined;
  /** Never settles: what is parked belongs into another invocation, which begins once no step is open. */
  park(): Promise<never>;
  /**
   * Resolves at `until` when a step keeps the invocation at work until then, or the first of the sleeps ends within a
   * second. Else the invocation stops once no step is open; the next one begins at the end of that sleep. Rejects when
   * `signal` aborts.
   */
  sleep(until: Date, signal: AbortSignal): Promise<void>;
  /** Stops the timers of all sleeps: none of them ends any more. */
  forgetSleeps(): void;
  /** Suspends the attempt as soon as the handler waits and no step is open. */
  suspendWhenIdle(): void;
  /** Suspends the attempt now. It continues at `until`, or at once. */
  suspend(until?: Date): void;
  /** Ends the invocation: aborts its steps, and forgets its sleeps. */
  end(): void;
}

/**
 * A sleep that ends within this is waited for in the invocation: ending it, and beginning another one, would take as
 * long.
 */
const IN_PLACE_MS = 1000;

/** Makes the stop of an invocation that has just begun, with its `steps`. */
export function invocationStop(clock: Clock, budget: TimeBudget, steps: OpenSteps): InvocationStop {
  const { promise: reached, resolve } = deferred<Suspended>();
  const sleeps = sleepsOf(clock, budget, suspendWhenIdle);
  let [isOver, isSuspended, isParked] = [false, false, false];

  const isWaiting = () => isParked || sleeps.count() > 0;
  const resumesAt = () => (isParked ? undefined : sleeps.firstEnd());

  function end(): void {
    isOver = true;
    sleeps.forget();
    steps.abort(new RetryableError("suspended", "The invocation is over."));
  }

  function suspend(until?: Date): void {
    isSuspended = true;
    end();
    resolve({ kind: "suspended", ...(until && { until }) });
  }

  const isIdle = () => !isOver && isWaiting() && steps.count() === 0;

  function suspendWhenIdle(): void {
    if (!isIdle()) return;
    // The handler has its turn first: what it waited for may be followed by another step.
    clock.after(0, () => {
      const until = resumesAt();
      if (isIdle() && !(until && isInPlace(until, clock, budget))) suspend(until);
    });
  }

  return {
    reached,
    isOver: () => isOver,
    isSuspended: () => isSuspended,
    isWaiting,
    resumesAt,
    park() {
      isParked = true;
      suspendWhenIdle();
      return never();
    },
    sleep(until, signal) {
      const slept = sleeps.add(until, signal);
      suspendWhenIdle();
      return slept;
    },
    forgetSleeps: sleeps.forget,
    suspendWhenIdle,
    suspend,
    end,
  };
}

/** True for the end of a sleep that this invocation waits for; the timer is set. */
function isInPlace(until: Date, clock: Clock, budget: TimeBudget): boolean {
  const leftMs = until.getTime() - clock.now().getTime();
  return leftMs <= IN_PLACE_MS && leftMs < budget.workLeftMs();
}
