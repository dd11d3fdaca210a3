import type { JsonValue } from "@baton/protocol";
import { type JobContext, type JobType, RetryableError } from "../../job-types/define-job.ts";
import { isPermanent } from "../../job-types/job-errors.ts";
import { never } from "../../kit/pause.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { StepStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";
import { computeSignal } from "./call-arguments.ts";
import type { Compute } from "./compute/compute.ts";
import type { Suspended } from "./invocation-stop.ts";
import { handlerEnded, type LateCalls, lateCalls } from "./late-calls.ts";
import type { LeaseHeartbeat } from "./lease-heartbeat.ts";
import { readJobOutput } from "./outputs.ts";
import { type StepFunctions, stepFunctions } from "./steps.ts";
import { type Suspension, watchSteps } from "./suspension.ts";
import type { TimeBudget } from "./time-budget.ts";

/** A claimed job, and the means to run it. */
export interface ClaimedJob {
  job: Job;
  leaseId: string;
  type: JobType;
  /**
   * Reads the input with the type's schema; all calls share one read. Rejects with a PermanentError when it does not
   * fit.
   */
  input(): Promise<unknown>;
  /** True when the job has no recorded steps. */
  isFirst: boolean;
  lease: LeaseHeartbeat;
  budget: TimeBudget;
}

/** The end of one invocation's part of an attempt. */
export type InvocationEnd = { kind: "returned"; output: JsonValue } | { kind: "threw"; error: unknown } | Suspended;

/** Grace of a handler that was told to stop; after that the attempt ends without it. */
const STOP_GRACE_MS = 5000;

interface AttemptPorts {
  steps: StepStore;
  compute: Compute;
  clock: Clock;
  log: Log;
  settingsOf(type: JobType): unknown;
  /** Jitter, 0 to 1. */
  random: () => number;
}

/**
 * Runs the handler of a claimed job, and the schemas that read its input and its output. It ends when the handler
 * returns or throws, when the attempt has to continue in another invocation, or when the lease's signal aborts. The
 * signal aborts because the job was cancelled, another worker has it, or the time of its type or of this invocation is
 * over. A handler that does not stop then is left alone, and the end is the reason of the abort. Never rejects; a
 * handler's calls after the end have no effect.
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
      runHandler(ports, { ...claimed, suspension, over: over.signal, late: lateCalls(ports.log, claimed.job) }, gaveUp),
      suspension.reached,
      gaveUp,
    ]);
  } finally {
    for (const stop of stops) stop();
    suspension.end();
    over.abort(handlerEnded("A compute function"));
  }
}

/** The job type's own limit. */
function limitTime(clock: Clock, timeoutMs: number | undefined, lease: LeaseHeartbeat): () => void {
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
  /** Aborts when the invocation is over, and with it the compute calls of its handler. */
  over: AbortSignal;
  late: LateCalls;
}

async function runHandler(
  ports: AttemptPorts,
  invocation: Invocation,
  gaveUp: Promise<unknown>,
): Promise<InvocationEnd> {
  const { type, input, lease, suspension } = invocation;
  try {
    const { unhandledFailure, ...context } = contextOf(ports, invocation);
    const of = `of job type "${type.type}"`;
    const read = await suspension.reading(`The input schema ${of}`, input());
    lease.signal.throwIfAborted();
    const returned = await type.run(context, read);
    await suspension.finish();
    const failure = unhandledFailure();
    if (failure !== undefined) throw failure;
    const output = await suspension.reading(`The output schema ${of}`, readJobOutput(type, returned));
    return { kind: "returned", output };
  } catch (error) {
    // Steps that run beside the failed one are recorded, so that the next attempt does not repeat them.
    if (!lease.signal.aborted && !isPermanent(error)) await Promise.race([suspension.drain(), gaveUp]);
    return { kind: "threw", error: lease.signal.aborted ? lease.signal.reason : error };
  }
}

function contextOf(ports: AttemptPorts, invocation: Invocation): JobContext & Pick<StepFunctions, "unhandledFailure"> {
  const { job, type, lease, budget } = invocation;
  const report: JobContext["progress"] = (progress, step) => lease.report({ progress, step });
  return {
    jobId: job.jobId,
    owner: job.owner,
    settings: ports.settingsOf(type),
    attempt: job.attempt,
    signal: lease.signal,
    progress(fraction, step) {
      if (!invocation.suspension.isOver()) report(fraction, step);
      else if (!invocation.suspension.isSuspended()) invocation.late.refuse("A progress report");
    },
    compute: computeFunction(ports.compute, invocation, report),
    ...stepFunctions({ ...ports, budget }, invocation),
  };
}

function computeFunction(
  compute: Compute,
  { job, type, lease, over, suspension, late }: Invocation,
  progress: JobContext["progress"],
): JobContext["compute"] {
  const call: JobContext["compute"] = async (name, input, options) => {
    const signal = computeSignal(name, options);
    if (suspension.isSuspended()) return never();
    if (suspension.isOver()) throw late.refuse(`Compute function "${name}"`);
    const signals = [lease.signal, over, ...(signal ? [signal] : [])];
    const given = {
      jobId: job.jobId,
      owner: job.owner,
      type: type.type,
      name,
      input,
      limits: type.computeLimits,
      progress,
    };
    // The function's output has the type that its declaration says.
    return compute.run({ ...given, signal: AbortSignal.any(signals) }) as Promise<never>;
  };
  return (...given) => {
    const done = call(...given);
    // A rejection that the handler does not handle must not end the process, which runs other jobs.
    done.catch(() => undefined);
    return done;
  };
}
