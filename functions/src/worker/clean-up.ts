import type { Clock, JobStore, Log, StepStore } from "../core/ports.ts";
import type { ClaimedJob } from "./attempt.ts";

/** What is left of the time to stop, after clean-up, for the write that ends the job. */
const END_RESERVE_MS = 3000;

interface CleanUpPorts {
  jobs: Pick<JobStore, "read">;
  steps: Pick<StepStore, "read">;
  clock: Clock;
  log: Log;
}

/**
 * Runs what the job's type does after a cancel, for as long as the job may take over it. Answers whether nothing is left to
 * do: false in an invocation that has no time for it, so that another one does. An error is logged, and ends it; it never rejects.
 */
export async function cleanUp(ports: CleanUpPorts, claimed: Omit<ClaimedJob, "isFirst">): Promise<boolean> {
  const { clock, log } = ports;
  const { job, type, input, lease, budget } = claimed;
  if (!type.onCancel) return true;
  if (budget.workLeftMs() <= 0) return false;
  const late = new AbortController();
  const signal = AbortSignal.any([lease.lost, late.signal]);
  const context = {
    jobId: job.jobId,
    attempt: job.attempt,
    signal,
    stepOutput: async (name: string) => (await ports.steps.read(job.jobId, name))?.output,
  };
  let stopTimer = () => {};
  try {
    const wantedMs = (await cancelByMs(ports, claimed)) - clock.now().getTime() - END_RESERVE_MS;
    const error = new Error("The time to clean up is over.");
    stopTimer = clock.after(budget.graceMs(wantedMs), () => late.abort(error));
    await Promise.race([type.onCancel(context, input), rejectedBy(signal)]);
  } catch (error) {
    log.error("A clean-up failed; the job ends all the same.", { jobId: job.jobId, type: job.type, error });
  } finally {
    stopTimer();
  }
  return true;
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

async function cancelByMs({ jobs, clock }: CleanUpPorts, { job }: Pick<ClaimedJob, "job">): Promise<number> {
  const cancelBy = job.cancelBy ?? (await jobs.read(job.jobId))?.cancelBy ?? clock.now();
  return cancelBy.getTime();
}
