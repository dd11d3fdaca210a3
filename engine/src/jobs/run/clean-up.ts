import { isPermanent } from "../../job-types/job-errors.ts";
import { pause } from "../../kit/pause.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { JobStore, StepStore } from "../ports.ts";
import type { CleanUp } from "../rules/cancellation.ts";
import type { ClaimedJob } from "./attempt.ts";
import { demandName } from "./call-arguments.ts";

/** Part of the time to stop that is kept, after clean-up, for the write that ends the job. */
const END_RESERVE_MS = 3000;

interface CleanUpPorts {
  jobs: Pick<JobStore, "read">;
  steps: Pick<StepStore, "read">;
  clock: Clock;
  log: Log;
}

/** A clean-up that throws is tried again within the time it has: after 1 s, and then after 2 s. */
const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 1000;

/**
 * Runs the type's `onCancel` until the job's `cancelBy`. Answers `open` when this invocation has too little time, so
 * that another one runs it. Logs its errors. Rejects when the store cannot give `cancelBy`.
 */
export async function cleanUp(ports: CleanUpPorts, claimed: Omit<ClaimedJob, "isFirst">): Promise<CleanUp> {
  const { clock } = ports;
  const { type, lease, budget } = claimed;
  if (!type.onCancel) return "done";
  if (budget.workLeftMs() <= 0) return "open";
  const wantedMs = (await cancelByMs(ports, claimed)) - clock.now().getTime() - END_RESERVE_MS;
  const givenMs = budget.graceMs(wantedMs);
  const late = new AbortController();
  const stopTimer = clock.after(givenMs, () => late.abort(new Error("The time to clean up is over.")));
  try {
    const isDone = await tryCleanUp(ports, claimed, AbortSignal.any([lease.lost, late.signal]));
    if (isDone) return "done";
    return late.signal.aborted && givenMs < wantedMs ? "open" : "failed";
  } finally {
    stopTimer();
  }
}

async function tryCleanUp(
  { steps, clock, log }: CleanUpPorts,
  { job, type, input }: Omit<ClaimedJob, "isFirst">,
  signal: AbortSignal,
): Promise<boolean> {
  const { jobId, attempt } = job;
  const stepOutput = async (name: string) => {
    demandName(name);
    return (await steps.read(jobId, name))?.output;
  };
  const run = async () => {
    const read = await input();
    signal.throwIfAborted();
    await type.onCancel?.({ jobId, attempt, signal, stepOutput }, read);
  };
  for (let tried = 1; ; tried++) {
    try {
      await Promise.race([run(), rejectedBy(signal)]);
      return true;
    } catch (error) {
      log.error("A clean-up failed.", { event: "job.cleanup-failed", jobId, type: job.type, tried, error });
      if (signal.aborted || tried >= MAX_TRIES || isPermanent(error)) return false;
    }
    const isOver = await pause(clock, FIRST_PAUSE_MS * 2 ** (tried - 1), signal).then(
      () => false,
      () => true,
    );
    if (isOver) return false;
  }
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
