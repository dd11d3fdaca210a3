import { never, pause } from "../kit/pause.ts";
import type { IdleDetector } from "./idle-detector.ts";
import type { JobHarness } from "./job-harness.ts";
import type { Fault, StepKey, StepPlan } from "./step-plan.ts";

/** The functions of a test job that plan what happens in its steps; `TestJob` says what each promises. */
export function plans({ cancel }: Pick<JobHarness, "cancel">, plan: StepPlan, activity: IdleDetector) {
  const die: Fault = async (work, { worker }) => {
    await work();
    activity.forget();
    return worker.kill();
  };
  const cancelMeanwhile: Fault = async (work, { signal }) => {
    const done = work();
    done.catch(() => undefined);
    await Promise.all([cancel(), abortOf(signal)]);
    return done;
  };
  return {
    failStep(step: StepKey, error: Error, times = 1): void {
      plan.add(step, () => Promise.reject(error), times);
    },
    killIn(step: StepKey): void {
      plan.add(step, die, 1);
    },
    runOutOfTimeIn(step: StepKey): void {
      plan.add(step, never, 1);
    },
    cancelIn(step: StepKey): void {
      plan.add(step, cancelMeanwhile, 1);
    },
    takes(step: StepKey, ms: number): void {
      plan.always(step, async (work, { signal, worker }) => {
        await pause(worker.ports.clock, ms, signal);
        return work();
      });
    },
  };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
