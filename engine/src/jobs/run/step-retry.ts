import { RetryableError, type StepScope } from "../../job-types/define-job.ts";
import { isPermanent } from "../../job-types/job-errors.ts";
import type { RetryPolicy } from "../../job-types/retry-policy.ts";
import { pause } from "../../kit/pause.ts";
import type { Clock } from "../../kit/ports.ts";
import { delayAfter } from "./retry-delay.ts";
import type { TimeBudget } from "./time-budget.ts";

/** The ports of trying a step's work. */
export interface StepRetryPorts {
  clock: Clock;
  /** Jitter, 0 to 1. */
  random: () => number;
  budget: TimeBudget;
}

/**
 * Does the work of a step: once, or as often as its policy says while this invocation has time for another try.
 * `signal` ends it between two tries. Rejects with the error of the last one.
 */
export async function retryStep(
  ports: StepRetryPorts,
  name: string,
  work: (scope: StepScope) => unknown,
  { retry: policy, timeoutMs }: { retry?: RetryPolicy; timeoutMs?: number },
  signal: AbortSignal,
): Promise<unknown> {
  for (let tried = 1; ; tried++) {
    try {
      return await tryOnce(ports.clock, name, work, timeoutMs, signal);
    } catch (error) {
      const isLast = !policy || tried >= policy.maxAttempts || isPermanent(error) || signal.aborted;
      if (isLast) throw error;
      const delayMs = delayAfter(error, policy, tried, ports.random(), ports.clock.now());
      // The job's own policy takes over.
      if (delayMs >= ports.budget.workLeftMs()) throw error;
      await pause(ports.clock, delayMs, signal);
    }
  }
}

async function tryOnce(
  clock: Clock,
  name: string,
  work: (scope: StepScope) => unknown,
  timeoutMs: number | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  if (timeoutMs === undefined) return await work({ signal });
  const late = new AbortController();
  const timedOut = new Promise<never>((_, reject) => {
    late.signal.addEventListener("abort", () => reject(late.signal.reason), { once: true });
  });
  const error = new RetryableError("step-timeout", `Step "${name}" took longer than ${timeoutMs / 1000} s.`);
  const stopTimer = clock.after(timeoutMs, () => late.abort(error));
  try {
    return await Promise.race([work({ signal: AbortSignal.any([signal, late.signal]) }), timedOut]);
  } finally {
    stopTimer();
  }
}
