import type { JsonValue } from "@baton/protocol";
import { PermanentError } from "../../job-types/job-errors.ts";
import { never } from "../../kit/pause.ts";
import type { Clock } from "../../kit/ports.ts";
import type { StepStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";
import type { CheckedOptions } from "./call-arguments.ts";
import { handlerEnded, type LateCalls } from "./late-calls.ts";
import type { LeaseHeartbeat } from "./lease-heartbeat.ts";
import { refuseNested } from "./nested-steps.ts";
import type { OpenStep } from "./open-steps.ts";
import { readStepOutput } from "./outputs.ts";
import { recollection } from "./recollection.ts";
import type { Suspension } from "./suspension.ts";
import type { TimeBudget } from "./time-budget.ts";
import { demandFit } from "./time-errors.ts";

/** The invocation that steps are part of. */
export interface StepRun {
  job: Job;
  leaseId: string;
  /** True when the job has no recorded steps: then none is read. */
  isFirst: boolean;
  lease: LeaseHeartbeat;
  suspension: Suspension;
  late: LateCalls;
}

/**
 * Gives the recorded output of step `name`, or does the work, which records it. Refuses a name that was taken, a call
 * within another step, and a call after the end.
 */
export type NamedSteps = (
  name: string,
  options: CheckedOptions,
  work: (step: OpenStep) => Promise<JsonValue>,
) => Promise<unknown>;

type Ports = { clock: Clock; budget: TimeBudget; steps: StepStore };

/** The steps of the invocation `run`, by their names. */
export function namedSteps(ports: Ports, run: StepRun): NamedSteps {
  const { job, isFirst, lease, suspension } = run;
  const names = new Set<string>();
  const recorded = recollection(ports.steps, job.jobId, isFirst);

  async function outputOf(
    step: OpenStep,
    { output: schema, timeoutMs, progress }: CheckedOptions,
    work: (step: OpenStep) => Promise<JsonValue>,
  ): Promise<unknown> {
    const { name } = step;
    const known = await recorded(name);
    if (!known) await beginWork(ports, run, step, timeoutMs);
    const output = known ? known.output : await work(step);
    if (progress !== undefined) lease.report({ progress });
    const how = { isRemembered: known !== undefined, mayBeUndefined: true };
    return reading(run, name, readStepOutput(name, output, schema, how));
  }

  return async (name, options, work) => {
    if (suspension.isOver()) return leave(run, name);
    refuseNested(run, name);
    takeName(names, name);
    lease.signal.throwIfAborted();
    const step = suspension.open(name);
    // The handler threw, and its open steps are being drained.
    if (!step) throw handlerEnded(`Step "${name}"`);
    try {
      const output = await outputOf(step, options, work);
      return suspension.isOver() ? await leave(run, name) : output;
    } catch (error) {
      if (suspension.isSuspended()) await never();
      throw error;
    } finally {
      suspension.close(step);
    }
  };
}

/** Leaves the invocation, which is over. Never settles where the attempt continues in another one; else rejects. */
export async function leave({ suspension, late }: StepRun, name: string): Promise<never> {
  if (suspension.isSuspended()) return never();
  throw late.refuse(`Step "${name}"`);
}

/** Settles as `output` does. Until then the handler waits for the output schema of step `name`. */
export function reading<T>({ suspension }: StepRun, name: string, output: Promise<T>): Promise<T> {
  return suspension.reading(`The output schema of step "${name}"`, output);
}

/** Begins the work of a step, or parks it for another invocation, which has enough time. */
async function beginWork(
  { clock, budget }: Ports,
  run: StepRun,
  step: OpenStep,
  timeoutMs: number | undefined,
): Promise<void> {
  const { lease, suspension } = run;
  lease.signal.throwIfAborted();
  demandFit(step.name, timeoutMs, budget);
  if (suspension.isOver()) return leave(run, step.name);
  if (suspension.isTooLateFor(timeoutMs)) {
    suspension.close(step);
    return suspension.park();
  }
  step.workSinceMs = clock.now().getTime();
  lease.showStep(step.name);
}

function takeName(names: Set<string>, name: string): void {
  if (names.has(name)) {
    const why = `There are two steps "${name}", and a name stands for one.`;
    throw new PermanentError("duplicate-step", `${why} In a loop, put what is different into the name.`);
  }
  names.add(name);
}
