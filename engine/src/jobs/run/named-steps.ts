import type { JsonValue } from "@baton/protocol";
import { PermanentError } from "../../job-types/job-errors.ts";
import type { Clock } from "../../kit/ports.ts";
import type { StepStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";
import type { CheckedOptions } from "./call-arguments.ts";
import { handlerEnded, type LateCalls } from "./late-calls.ts";
import type { LeaseHeartbeat } from "./lease-heartbeat.ts";
import { readStepOutput } from "./outputs.ts";
import { recollection } from "./recollection.ts";
import { never } from "./sleep.ts";
import type { OpenStep, Suspension } from "./suspension.ts";
import type { TimeBudget } from "./time-budget.ts";
import { demandFit } from "./time-errors.ts";

/** The invocation that steps are part of. */
export interface StepRun {
  job: Job;
  leaseId: string;
  /** True when the job cannot have steps from before: then none is looked for. */
  isFirst: boolean;
  lease: LeaseHeartbeat;
  suspension: Suspension;
  late: LateCalls;
}

/** The steps of one invocation, by their names. */
export interface NamedSteps {
  /** Gives what is remembered under `name`, or does the work, which records it. A name that was taken, or a call after the end, is refused. */
  once(name: string, options: CheckedOptions, work: (step: OpenStep) => Promise<JsonValue>): Promise<unknown>;
  /** Leaves the invocation, which is over. Never settles where the attempt continues in another one; else rejects. */
  leave(name: string): Promise<never>;
  /** Settles as `output` does, for which the output schema of step `name` is to blame when the time is up. */
  reading<T>(name: string, output: Promise<T>): Promise<T>;
}

/** The steps of the invocation `run`. `demandPlace` throws when a step is called where none may be. */
export function namedSteps(
  { clock, budget, steps }: { clock: Clock; budget: TimeBudget; steps: StepStore },
  { job, isFirst, lease, suspension, late }: StepRun,
  demandPlace: (name: string) => void,
): NamedSteps {
  const names = new Set<string>();
  const remembered = recollection(steps, job.jobId, isFirst);

  async function once(
    name: string,
    options: CheckedOptions,
    work: (step: OpenStep) => Promise<JsonValue>,
  ): Promise<unknown> {
    if (suspension.isOver()) return leave(name);
    demandPlace(name);
    takeName(names, name);
    lease.signal.throwIfAborted();
    const step = suspension.open(name);
    // The handler threw, and the steps that it had begun are waited for.
    if (!step) throw handlerEnded(`Step "${name}"`);
    try {
      const output = await recallOrWork(step, options, work);
      return suspension.isOver() ? await leave(name) : output;
    } catch (error) {
      if (suspension.isSuspended()) await never();
      throw error;
    } finally {
      suspension.close(step);
    }
  }

  function leave(name: string): Promise<never> {
    if (suspension.isSuspended()) return never();
    throw late.refuse(`Step "${name}"`);
  }

  async function recallOrWork(
    step: OpenStep,
    { output: schema, timeoutMs, progress }: CheckedOptions,
    work: (step: OpenStep) => Promise<JsonValue>,
  ): Promise<unknown> {
    const { name } = step;
    const known = await remembered(name);
    if (!known) await prepare(step, timeoutMs);
    const output = known ? known.output : await work(step);
    if (progress !== undefined) lease.report({ progress });
    const how = { isRemembered: known !== undefined, mayBeUndefined: true };
    return reading(name, readStepOutput(name, output, schema, how));
  }

  async function prepare(step: OpenStep, timeoutMs: number | undefined): Promise<void> {
    lease.signal.throwIfAborted();
    demandFit(step.name, timeoutMs, budget);
    if (suspension.isOver()) return leave(step.name);
    if (suspension.isTooLateFor(timeoutMs)) {
      suspension.close(step);
      return suspension.park();
    }
    step.workSinceMs = clock.now().getTime();
    lease.report({ step: step.name });
  }

  const reading = <T>(name: string, output: Promise<T>) =>
    suspension.reading(`The output schema of step "${name}"`, output);

  return { once, leave, reading };
}

function takeName(names: Set<string>, name: string): void {
  if (names.has(name)) {
    const why = `There are two steps "${name}", and a name stands for one.`;
    throw new PermanentError("duplicate-step", `${why} In a loop, put what is different into the name.`);
  }
  names.add(name);
}
