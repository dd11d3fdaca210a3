import { deferred } from "../../kit/deferred.ts";
import type { Clock } from "../../kit/ports.ts";

/** A step that the handler waits for. */
export interface OpenStep {
  readonly name: string;
  /** Aborts when the invocation is over before the step is. */
  readonly abort: AbortController;
  /** Start of its work; absent while its record is read. */
  workSinceMs?: number;
  /** Its work is done, or is the record itself: a timeout from here on is not the step's fault. */
  isBeingRecorded?: true;
}

/** The steps of one invocation that the handler waits for. */
export interface OpenSteps {
  count(): number;
  open(name: string): OpenStep;
  close(step: OpenStep): void;
  /** The step opened first of those whose work has begun. */
  atWork(): OpenStep | undefined;
  /** The longest that the work of a closed step took, in milliseconds. */
  longestWorkMs(): number;
  /** Aborts the work of all open steps. They stay open until they are closed. */
  abort(reason: Error): void;
  /** Resolves when no step is open. */
  idle(): Promise<void>;
}

/** Keeps the open steps of an invocation that has none yet. */
export function openSteps(clock: Clock): OpenSteps {
  const steps = new Set<OpenStep>();
  let longestWorkMs = 0;
  let idle = deferred<void>();
  return {
    count: () => steps.size,
    open(name) {
      const step: OpenStep = { name, abort: new AbortController() };
      steps.add(step);
      return step;
    },
    close(step) {
      steps.delete(step);
      const { workSinceMs } = step;
      if (workSinceMs !== undefined) longestWorkMs = Math.max(longestWorkMs, clock.now().getTime() - workSinceMs);
      if (steps.size > 0) return;
      idle.resolve();
      idle = deferred();
    },
    atWork: () => [...steps].find((step) => step.workSinceMs !== undefined),
    longestWorkMs: () => longestWorkMs,
    abort(reason) {
      for (const step of steps) step.abort.abort(reason);
    },
    async idle() {
      if (steps.size > 0) await idle.promise;
    },
  };
}
