import type { Compute } from "../compute/compute.ts";
import type { Job } from "../core/job.ts";
import type { Clock, StepStore } from "../core/ports.ts";
import { type JobContext, type JobType, RetryableError } from "../jobs/define-job.ts";
import { isPermanent } from "../jobs/job-errors.ts";
import type { HeldLease } from "./held-lease.ts";
import { type StepFunctions, stepFunctions } from "./steps.ts";
import { type Suspended, type Suspension, watchSteps } from "./suspension.ts";
import type { TimeBudget } from "./time-budget.ts";

/** What a claimed job is run with. */
export interface ClaimedJob {
  job: Job;
  leaseId: string;
  type: JobType;
  /** As the type's schema reads it. */
  input: unknown;
  /** True when the job cannot have steps from before. */
  isFirst: boolean;
  lease: HeldLease;
  budget: TimeBudget;
}

/** How one invocation's part of an attempt ended. */
export type InvocationEnd = { kind: "returned"; output: unknown } | { kind: "threw"; error: unknown } | Suspended;

/** How long a handler that was told to stop may take over it; after that the attempt ends without it. */
const STOP_GRACE_MS = 5000;

interface AttemptPorts {
  steps: StepStore;
  compute: Compute;
  clock: Clock;
  /** Jitter, 0 to 1. */
  random: () => number;
}

/**
 * Runs the handler of a claimed job until it returns or throws, or the attempt has to go on in another invocation; or until
 * the lease's signal aborts: because the job was cancelled, another worker has it, or the time of its type or of this
 * invocation is over. A handler that does not stop then is left alone, and the end is the reason of the abort. Never
 * rejects; whatever a handler does after the end counts for nothing.
 */
export async function runInvocation(ports: AttemptPorts, claimed: ClaimedJob): Promise<InvocationEnd> {
  const { clock } = ports;
  const { lease, budget, type } = claimed;
  const suspension = watchSteps(clock, budget);
  const over = new AbortController();
  const stops = [
    clock.after(budget.workLeftMs(), () => {
      const error = suspension.timeIsUp();
      if (error) lease.abort(error);
    }),
    limitTime(clock, type.timeoutMs, lease),
  ];
  try {
    const gaveUp = endWithoutHandler(clock, claimed, stops);
    return await Promise.race([
      runHandler(ports, { ...claimed, suspension, over: over.signal }, gaveUp),
      suspension.reached,
      gaveUp,
    ]);
  } finally {
    for (const stop of stops) stop();
    suspension.end();
    over.abort(new Error("The invocation is over."));
  }
}

/** The job type's own limit. */
function limitTime(clock: Clock, timeoutMs: number | undefined, lease: HeldLease): () => void {
  if (timeoutMs === undefined) return () => undefined;
  const late = `The attempt took longer than the ${timeoutMs / 1000} s that its job type allows.`;
  return clock.after(timeoutMs, () => lease.abort(new RetryableError("timeout", late)));
}

/** The end of an attempt that was told to stop and did not, within the grace. */
function endWithoutHandler(
  clock: Clock,
  { lease: { signal }, budget }: ClaimedJob,
  stops: (() => void)[],
): Promise<InvocationEnd> {
  return new Promise((resolve) => {
    const giveUp = () => resolve({ kind: "threw", error: signal.reason });
    const startGrace = () => stops.push(clock.after(budget.graceMs(STOP_GRACE_MS), giveUp));
    if (signal.aborted) startGrace();
    else signal.addEventListener("abort", startGrace, { once: true });
  });
}

/** A claimed job in one invocation. */
interface Invocation extends ClaimedJob {
  suspension: Suspension;
  /** Aborts when the invocation is over: nothing that its handler set off is of use any more. */
  over: AbortSignal;
}

async function runHandler(
  ports: AttemptPorts,
  invocation: Invocation,
  gaveUp: Promise<unknown>,
): Promise<InvocationEnd> {
  const { type, input, lease, suspension } = invocation;
  try {
    const { unheardFailure, ...context } = contextOf(ports, invocation);
    const output = await type.run(context, input);
    await suspension.finish();
    const failure = unheardFailure();
    if (failure !== undefined) throw failure;
    return { kind: "returned", output };
  } catch (error) {
    // Steps that run beside the one that failed are remembered, so that the next attempt does not repeat them.
    if (!lease.signal.aborted && !isPermanent(error)) await Promise.race([suspension.drain(), gaveUp]);
    return { kind: "threw", error: lease.signal.aborted ? lease.signal.reason : error };
  }
}

function contextOf(ports: AttemptPorts, invocation: Invocation): JobContext & Pick<StepFunctions, "unheardFailure"> {
  const { job, lease, budget } = invocation;
  const progress: JobContext["progress"] = (fraction, step) =>
    lease.report({ progress: fraction, ...(step !== undefined && { step }) });
  return {
    jobId: job.jobId,
    owner: job.owner,
    attempt: job.attempt,
    signal: lease.signal,
    progress,
    compute: computeFunction(ports.compute, invocation, progress),
    ...stepFunctions({ ...ports, budget }, invocation),
  };
}

function computeFunction(
  compute: Compute,
  { job, type, lease, over }: Invocation,
  progress: JobContext["progress"],
): JobContext["compute"] {
  return (name, input, { signal } = {}) => {
    const signals = [lease.signal, over, ...(signal ? [signal] : [])];
    const call = { jobId: job.jobId, type: type.type, name, input, limits: type.computeLimits, progress };
    // What the function gives is what the type's declaration says.
    const done = compute.run({ ...call, signal: AbortSignal.any(signals) }) as Promise<never>;
    // A call that the handler does not wait for any more must not end the process with all its other jobs.
    done.catch(() => undefined);
    return done;
  };
}
