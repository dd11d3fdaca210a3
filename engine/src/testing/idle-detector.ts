import { setTimeout as pause } from "node:timers/promises";
import { flushMicrotasks } from "./fake-clock.ts";

/** Tells a handler whose own code is at work from one that waits for the engine. */
export interface IdleDetector {
  /** The handler's own code runs until `work` settles. */
  atWork<T>(work: Promise<T>): Promise<T>;
  /** The handler waits for the engine until `call` settles. */
  waiting<T>(call: Promise<T>): Promise<T>;
  /** Nothing before counts any more: another invocation begins, or this one's process is gone. */
  forget(): void;
  /**
   * Resolves when the handler's code waits, or has been at one thing for so long that it seems to wait for virtual
   * time.
   */
  rest(): Promise<void>;
}

/**
 * The activity of a handler that has not begun. Virtual time stands still for `patienceMs` real milliseconds at most
 * while the handler's code is at one thing.
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

  // The handler itself is one of the works; it waits when it has called the engine and every call is without work of its own.
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
