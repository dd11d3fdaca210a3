import { AsyncLocalStorage } from "node:async_hooks";
import { FileInfo, type JsonValue } from "@baton/protocol";
import { z } from "zod";
import { type JobContext, PermanentError, type StepOptions, type StepScope } from "../../job-types/define-job.ts";
import type { DocumentTransaction } from "../../job-types/document-transaction.ts";
import type { JobFileStore, StepAnswer, StepStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";
import {
  type CheckedOptions,
  checkedFile,
  checkedOptions,
  demandName,
  demandWork,
  sleepsUntilMs,
} from "./call-arguments.ts";
import { namedSteps, type StepRun } from "./named-steps.ts";
import { readStepOutput, toOutput } from "./outputs.ts";
import { StepPromise } from "./step-promise.ts";
import { retryStep, type StepRetryPorts } from "./step-retry.ts";
import type { OpenStep } from "./suspension.ts";

/** The part of a handler's context that remembers. */
export interface StepFunctions extends Pick<JobContext, "step" | "commit" | "sleep"> {
  /** `write` of the files of a `JobContext`: a step whose work is an upload. */
  writeFile: JobContext["files"]["write"];
  /** The error of a step that failed and that no code listened to. */
  unheardFailure(): unknown;
}

type Options = StepOptions & { output?: z.ZodType };

/** The part of a job's retention in which it may sleep; the rest is for what it does after that. */
const SLEEPING_SHARE = 0.9;
/** The step whose work is being done, so that a call within it is refused. */
const within = new AsyncLocalStorage<{ run: StepRun; name: string }>();
const WakesAt = z.iso.datetime().transform((text) => new Date(text));

/** The part of a handler's context that remembers: see `JobContext`. */
export function stepFunctions(
  ports: StepRetryPorts & { steps: StepStore; files: JobFileStore },
  run: StepRun,
): StepFunctions {
  const { job, leaseId, lease, suspension } = run;
  const { clock, steps, files } = ports;
  const { once, leave, reading } = namedSteps(ports, run, (name) => refuseWithin(run, name));
  const calls: StepPromise<unknown>[] = [];
  let unnamedSleeps = 0;

  const inside =
    <Argument, T>(name: string, work: (argument: Argument) => T) =>
    (argument: Argument) =>
      within.run({ run, name }, () => work(argument));

  /** A step that no code listens to must not end the process with all its other jobs; its failure is kept for the attempt. */
  function heard<T>(promise: Promise<T>): Promise<T> {
    const call = new StepPromise<T>((resolve) => resolve(promise));
    calls.push(call);
    return call;
  }
  const identityOf = (name: string) => ({ jobId: job.jobId, leaseId, name });
  const keep = (name: string, output: JsonValue) => recorded(steps.keep(identityOf(name), output, clock.now()));

  async function recorded(writing: Promise<StepAnswer>): Promise<JsonValue> {
    const answer = await writing;
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
  function step(name: string, work: (scope: StepScope) => unknown, given?: Options): Promise<unknown> {
    return called(name, work, given, async (open, { retry, timeoutMs, output: schema }) => {
      const signal = AbortSignal.any([lease.signal, open.abort.signal]);
      const trying = { ...(retry && { retry }), ...(timeoutMs !== undefined && { timeoutMs }) };
      const value = await retryStep(ports, name, inside(name, work), trying, signal);
      const output = await reading(name, checked(name, value, schema));
      open.isBeingRecorded = true;
      return suspension.isOver() ? leave(name) : keep(name, output);
    });
  }

  function commit<Output extends z.ZodType>(
    name: string,
    write: (tx: DocumentTransaction) => z.input<Output> | Promise<z.input<Output>>,
    options: { output: Output },
  ): Promise<z.output<Output>>;
  function commit<T>(name: string, write: (tx: DocumentTransaction) => T | Promise<T>): Promise<T>;
  function commit(name: string, write: (tx: DocumentTransaction) => unknown, given?: Options): Promise<unknown> {
    return called(name, write, given, (open, { output }) => {
      open.isBeingRecorded = true;
      const writeInside = inside(name, write);
      const writing = steps.record(
        identityOf(name),
        async (tx) => reading(name, checked(name, await writeInside(tx), output)),
        clock.now(),
      );
      return recorded(writing);
    });
  }

  /** A call of `step` or `commit`: its arguments are checked, and its failure is heard. */
  function called(
    name: unknown,
    work: unknown,
    given: Options | undefined,
    doWork: (open: OpenStep, options: CheckedOptions) => Promise<JsonValue>,
  ): Promise<unknown> {
    const begin = async () => {
      demandName(name);
      demandWork(name, work);
      const options = checkedOptions(name, given);
      return once(name, options, (open) => doWork(open, options));
    };
    return heard(begin());
  }

  async function writeFile(...given: Parameters<JobContext["files"]["write"]>): Promise<FileInfo> {
    const file = checkedFile(...given);
    const name = `file:${file.name}`;
    const output = await once(name, {}, (open) => {
      const signal = AbortSignal.any([lease.signal, open.abort.signal]);
      return recorded(files.write(identityOf(name), job, file, signal));
    });
    return FileInfo.parse(output);
  }

  async function wake(duration: unknown, name: unknown): Promise<void> {
    demandName(name);
    const until = await once(name, { output: WakesAt }, (open) => {
      open.isBeingRecorded = true;
      const wakesAt = wakeTime(job, sleepsUntilMs(duration, name, clock.now().getTime()), clock.now());
      return keep(name, wakesAt.toISOString());
    });
    if (until instanceof Date && until > clock.now()) await suspension.sleep(until, lease.signal);
  }

  return {
    step,
    commit,
    writeFile: (...given) => heard(writeFile(...given)),
    unheardFailure: () => calls.find((call) => !call.isHeard && call.failure !== undefined)?.failure,
    sleep: (duration, name) => heard(wake(duration, name ?? `sleep ${++unnamedSleeps}`)),
  };
}

async function checked(name: string, value: unknown, schema: z.ZodType | undefined): Promise<JsonValue> {
  const output = toOutput(value, { code: "step-output", giver: `Step "${name}"` });
  await readStepOutput(name, output, schema, { isRemembered: false, mayBeUndefined: value === undefined });
  return output;
}

/** When a sleep ends: well before the first steps of the job may be forgotten. */
function wakeTime(job: Job, untilMs: number, now: Date): Date {
  const latestMs = (job.startedAt ?? now).getTime() + job.retentionMs * SLEEPING_SHARE;
  if (untilMs <= latestMs) return new Date(untilMs);
  const latest = `This job can sleep until ${new Date(latestMs).toISOString()}: its steps are not kept for longer.`;
  throw new PermanentError("sleep-too-long", `${latest} Submit another job with \`runAt\` instead.`);
}

/** Fails a call within the work of another step: neither of the two could be remembered for itself. */
function refuseWithin(run: StepRun, name: string): void {
  const outer = within.getStore();
  if (outer?.run !== run) return;
  const what = `"${name}" is called within step "${outer.name}".`;
  throw new PermanentError("nested-step", `${what} Call step, commit and sleep in the handler, one after the other.`);
}
