import { deferred } from "../../kit/deferred.ts";
import type { Clock } from "../../kit/ports.ts";
import type { TimeBudget } from "./time-budget.ts";

/** The sleeps of one invocation that have not ended. */
export interface Sleeps {
  count(): number;
  /** The end of the sleep that ends first; undefined when there is none. */
  firstEnd(): Date | undefined;
  /** Resolves at `until` when that is within the invocation's time, else never. Rejects when `signal` aborts. */
  add(until: Date, signal: AbortSignal): Promise<void>;
  /** Stops all timers: none of these sleeps ends any more. */
  forget(): void;
}

/** Keeps the timers of an invocation's sleeps; calls `onWake` after each that ends. */
export function sleepsOf(clock: Clock, budget: TimeBudget, onWake: () => void): Sleeps {
  const sleeps = new Map<() => void, Date>();
  return {
    count: () => sleeps.size,
    firstEnd: () => [...sleeps.values()].reduce<Date | undefined>((a, b) => (a && a < b ? a : b), undefined),
    add(until, signal) {
      const { promise, resolve: wake, reject } = deferred<void>();
      const stopTimers: (() => void)[] = [];
      const forget = () => {
        for (const stopTimer of stopTimers) stopTimer();
        sleeps.delete(forget);
      };
      const abort = () => {
        forget();
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      stopTimers.push(() => signal.removeEventListener("abort", abort));
      const leftMs = until.getTime() - clock.now().getTime();
      if (leftMs < budget.workLeftMs()) stopTimers.push(clock.after(leftMs, wakeUp));
      sleeps.set(forget, until);
      return promise;

      function wakeUp() {
        forget();
        wake();
        onWake();
      }
    },
    forget() {
      for (const forget of sleeps.keys()) forget();
    },
  };
}
