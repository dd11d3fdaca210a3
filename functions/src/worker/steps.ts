import type { JsonValue } from "@baton/protocol";
import { z } from "zod";
import type { Job } from "../core/job.ts";
import type { DocumentTransaction, StepStore } from "../core/ports.ts";
import { type JobContext, PermanentError, type StepOptions, type StepScope } from "../jobs/define-job.ts";
import type { HeldLease } from "./held-lease.ts";
import { readStepOutput, toOutput } from "./outputs.ts";
import { demandFit, type OpenStep, type Suspension } from "./suspension.ts";
import { type TryPorts, tryWork } from "./try-work.ts";
import { standStill, wait } from "./wait.ts";

/** The invocation that steps are part of. */
export interface StepRun {
  job: Job;
  leaseId: string;
  /** True when the job cannot have steps from before: then none is looked for. */
  isFirst: boolean;
  lease: HeldLease;
  suspension: Suspension;
}

type Options = Omit<StepOptions, "retry"> & { output?: z.ZodType };

const MAX_NAME_CHARACTERS = 100;
/** A sleep that ends within this is waited for in the invocation: ending it, and beginning another one, would take as long. */
const IN_PLACE_MS = 1000;
/** The part of a job's retention in which it may sleep; the rest is for what it does after that. */
const SLEEPING_SHARE = 0.9;
const WakesAt = z.iso.datetime().transform((text) => new Date(text));

/** The part of a handler's context that remembers: see `JobContext`. */
export function stepFunctions(
  ports: TryPorts & { steps: StepStore },
  { job, leaseId, isFirst, lease, suspension }: StepRun,
): Pick<JobContext, "step" | "commit" | "sleep"> {
  const { clock, steps, budget } = ports;
  const names = new Set<string>();
  let unnamedSleeps = 0;

  /** Gives what is remembered under `name`, or does the work, which records it. */
  async function once(name: string, options: Options, work: (step: OpenStep) => Promise<JsonValue>): Promise<unknown> {
    takeName(names, name);
    lease.signal.throwIfAborted();
    const step = suspension.open(name);
    if (!step) return standStill();
    try {
      const output = await recallOrWork(step, options, work);
      return suspension.isOver() ? await standStill() : output;
    } catch (error) {
      if (suspension.isOver()) await standStill();
      throw error;
    } finally {
      suspension.close(step);
    }
  }

  async function recallOrWork(
    step: OpenStep,
    { output: schema, timeoutMs, progress }: Options,
    work: (step: OpenStep) => Promise<JsonValue>,
  ): Promise<unknown> {
    const { name } = step;
    const known = isFirst ? undefined : await steps.read(job.jobId, name);
    if (!known) await prepare(step, timeoutMs);
    const output = known ? known.output : await work(step);
    if (progress !== undefined) lease.report({ progress });
    return readStepOutput(name, output, schema, { isRemembered: known !== undefined });
  }

  async function prepare(step: OpenStep, timeoutMs: number | undefined): Promise<void> {
    lease.signal.throwIfAborted();
    demandFit(step.name, timeoutMs, budget);
    if (suspension.isOver()) return standStill();
    if (suspension.isTooLateFor(timeoutMs)) {
      suspension.close(step);
      return suspension.park();
    }
    step.workSinceMs = clock.now().getTime();
    lease.report({ step: step.name });
  }

  async function record(
    name: string,
    write: (tx: DocumentTransaction) => Promise<JsonValue> | JsonValue,
  ): Promise<JsonValue> {
    const answer = await steps.record({ jobId: job.jobId, leaseId, name }, write, clock.now());
    if (answer.outcome === "recorded") {
      suspension.noteRecord();
      return answer.step.output;
    }
    lease.lose();
    throw lease.signal.reason;
  }

  function step<Output extends z.ZodType>(
    name: string,
    work: (scope: StepScope) => z.input<Output> | Promise<z.input<Output>>,
    options: StepOptions & { output: Output },
  ): Promise<z.output<Output>>;
  function step<T>(name: string, work: (scope: StepScope) => T | Promise<T>, options?: StepOptions): Promise<T>;
  function step(
    name: string,
    work: (scope: StepScope) => unknown,
    options: Options & StepOptions = {},
  ): Promise<unknown> {
    const done = once(name, options, async (open) => {
      const signal = AbortSignal.any([lease.signal, open.abort.signal]);
      const output = await checked(name, await tryWork(ports, name, work, options, signal), options.output);
      open.isBeingRecorded = true;
      return suspension.isOver() ? standStill() : record(name, () => output);
    });
    return heard(done);
  }

  function commit<Output extends z.ZodType>(
    name: string,
    write: (tx: DocumentTransaction) => z.input<Output> | Promise<z.input<Output>>,
    options: { output: Output },
  ): Promise<z.output<Output>>;
  function commit<T>(name: string, write: (tx: DocumentTransaction) => T | Promise<T>): Promise<T>;
  function commit(name: string, write: (tx: DocumentTransaction) => unknown, options: Options = {}): Promise<unknown> {
    const { output } = options;
    const done = once(name, options, (open) => {
      open.isBeingRecorded = true;
      return record(name, async (tx) => checked(name, await write(tx), output));
    });
    return heard(done);
  }

  async function wake(duration: number | { until: Date }, name: string): Promise<void> {
    const until = await once(name, { output: WakesAt }, (open) => {
      open.isBeingRecorded = true;
      const wakesAt = wakeTime(job, duration, name, clock.now());
      return record(name, () => wakesAt.toISOString());
    });
    while (until instanceof Date && until > clock.now()) {
      const leftMs = until.getTime() - clock.now().getTime();
      if (leftMs > IN_PLACE_MS || leftMs >= budget.workLeftMs()) await suspension.park(until);
      await wait(clock, leftMs, lease.signal);
      if (suspension.isOver()) await standStill();
    }
  }

  return {
    step,
    commit,
    sleep: (duration, name) => heard(wake(duration, name ?? `sleep ${++unnamedSleeps}`)),
  };
}

function takeName(names: Set<string>, name: string): void {
  if (name.length < 1 || name.length > MAX_NAME_CHARACTERS || !name.isWellFormed()) {
    throw new PermanentError("invalid-step-name", `A step's name has 1 to 100 characters; "${name}" is not one.`);
  }
  if (names.has(name)) {
    const why = `There are two steps "${name}", and a name stands for one.`;
    throw new PermanentError("duplicate-step", `${why} In a loop, put what is different into the name.`);
  }
  names.add(name);
}

async function checked(name: string, value: unknown, schema: z.ZodType | undefined): Promise<JsonValue> {
  const output = toOutput(value, { code: "step-output", giver: `Step "${name}"` });
  await readStepOutput(name, output, schema, { isRemembered: false });
  return output;
}

/** When a sleep that begins now ends: well before the first steps of the job may be forgotten. */
function wakeTime(job: Job, duration: number | { until: Date }, name: string, now: Date): Date {
  const untilMs = typeof duration === "number" ? now.getTime() + Math.max(duration, 0) : duration.until.getTime();
  if (Number.isNaN(untilMs)) throw new PermanentError("invalid-sleep", `"${name}" does not say how long it sleeps.`);
  const latestMs = (job.startedAt ?? now).getTime() + job.retentionMs * SLEEPING_SHARE;
  if (untilMs <= latestMs) return new Date(untilMs);
  const latest = `This job can sleep until ${new Date(latestMs).toISOString()}: its steps are not kept for longer.`;
  throw new PermanentError("sleep-too-long", `${latest} Submit another job with \`runAt\` instead.`);
}

/** A step nobody waits for, because another one failed first, must not end the process with all its other jobs. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
