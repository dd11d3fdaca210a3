import { setTimeout as pause } from "node:timers/promises";
import { flushMicrotasks } from "./fake-clock.ts";

/** Detects whether a handler's own code is at work, or waits for the engine. */
export interface IdleDetector {
  /** The handler's own code runs until `work` settles. */
  atWork<T>(work: Promise<T>): Promise<T>;
  /** The handler waits for the engine until `call` settles. */
  waiting<T>(call: Promise<T>): Promise<T>;
  /** Forgets all work and calls: another invocation begins, or the process of this one has died. */
  forget(): void;
  /** Resolves when the handler's code waits, or was at work so long that it seems to wait for virtual time. */
  rest(): Promise<void>;
}

/**
 * The activity of a handler that has not begun. Virtual time stands still for at most `patienceMs` of real time, in
 * milliseconds, while the handler's code is at work.
 */
export function idleDetector(patienceMs: number): IdleDetector {
  let now = { works: 0, calls: 0, changes: 0 };
  let gaveUpAt: { at: typeof now; changes: number } | undefined;

  function count<T>(kind: "works" | "calls", promise: Promise<T>): Promise<T> {
    const counted = now;
    counted[kind] += 1;
    counted.changes += 1;
    const end = () => {
      counted[kind] -= 1;
      counted.changes += 1;
    };
    // The promise of a step knows whether the handler listens to it; the kit does not count.
    Promise.prototype.then.call(promise, end, end);
    return promise;
  }

  // The handler itself is one of the works. It waits when it has called the engine, and no call has work of its own.
  const isBusy = () => now.works > 1 || (now.works === 1 && now.calls === 0);
  const hasGivenUp = () => gaveUpAt?.at === now && gaveUpAt.changes === now.changes;

  return {
    atWork: (work) => count("works", work),
    waiting: (call) => count("calls", call),
    forget() {
      now = { works: 0, calls: 0, changes: 0 };
    },
    async rest() {
      await flushMicrotasks();
      const until = performance.now() + patienceMs;
      while (isBusy() && !hasGivenUp()) {
        if (performance.now() > until) gaveUpAt = { at: now, changes: now.changes };
        else await pause(1);
        await flushMicrotasks();
      }
    },
  };
}
