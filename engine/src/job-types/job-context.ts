import type { z } from "zod";
import type { DocumentTransaction } from "./document-transaction.ts";
import type { JobFiles } from "./job-files.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** The first argument of a handler, beside its input. Its functions work when they are taken out of it. */
export interface JobContext<Compute extends ComputeFunctions = ComputeFunctions, Settings = unknown> {
  readonly jobId: string;
  /** The uid of the user whose job it is. */
  readonly owner: string;
  /** The settings that the type's `settings` schema read from the environment; undefined when it declares none. */
  readonly settings: Settings;
  /** 1 on the first run. A job that sleeps, or continues in another invocation, is still in the same attempt. */
  readonly attempt: number;
  /**
   * Aborts when the job is cancelled, its lease is lost, or its time is up. A handler passes it on to whatever waits.
   */
  readonly signal: AbortSignal;
  /**
   * Reports how far the job is, 0 to 1, and the step it is in. Cheap: reports are coalesced to one write a second, the
   * last one wins, and a value below an earlier one of the same attempt is ignored. So is what is no number, or no
   * text; it is logged. From the first report with a `step` on, the names of durable steps are not shown.
   */
  progress(fraction: number, step?: string): void;
  /**
   * Does `work` once per job, not once per attempt: its output is kept under `name`, and a later attempt has it at
   * once. A worker that dies between the work and the record repeats the work: let it be harmless, or use `commit`.
   *
   * `name` has 1 to 100 characters and stands for one step of the job: twice in one run it is a permanent error
   * `duplicate-step`. Steps may run side by side. The output is JSON of at most 900 KiB (`undefined` becomes null,
   * unless a schema takes it and no null); with a schema (`output`) it is checked, also when it is remembered.
   *
   * Near the end of the function's time the promise of a step never settles: the job continues in another invocation,
   * which runs the handler from its beginning and passes the steps that are done. So code outside of steps runs once an
   * invocation. Hold a connection, a lock or a temporary file within a step, not across steps: neither `catch` nor
   * `finally` run for a handler that stands still. A step that is called after its handler ended does nothing, and
   * rejects with the code `handler-ended`.
   */
  step<Output extends z.ZodType>(
    name: string,
    work: (scope: StepScope) => Awaitable<z.input<Output>>,
    options: StepOptions & { output: Output },
  ): Promise<z.output<Output>>;
  step<T>(name: string, work: (scope: StepScope) => Awaitable<T>, options?: StepOptions): Promise<T>;
  /**
   * A step whose work is writes to the team's own Firestore documents: they, the record of the step and the check that
   * this worker still has the job are one transaction, so they happen exactly once, or not at all. `write` may be
   * called several times: it does nothing but read and write through `tx`, and briefly, for it holds locks. Documents
   * of Baton's own collections are refused.
   */
  commit<Output extends z.ZodType>(
    name: string,
    write: (tx: DocumentTransaction) => Awaitable<z.input<Output>>,
    options: { output: Output },
  ): Promise<z.output<Output>>;
  commit<T>(name: string, write: (tx: DocumentTransaction) => Awaitable<T>): Promise<T>;
  /**
   * Waits for `duration` milliseconds, or until an instant, and costs nothing meanwhile: the invocation ends once no
   * step runs any more. For one second or less it stays. It wakes within a second while an instance is warm, never
   * early. A sleep without a name is known by its number among those; a handler whose sleeps do not always come in the
   * same order names them. It ends before the job's steps are forgotten: one that would last longer is a permanent
   * error `sleep-too-long`.
   */
  sleep(duration: number | { until: Date }, name?: string): Promise<void>;
  /** Files of the job, and of its owner, in Cloud Storage. */
  readonly files: JobFiles;
  /**
   * Calls a function of the type's `compute` in a process of its own, within the type's `computeLimits`, and gives what
   * it returns. Work that fills a processor belongs there, so that the worker's other jobs are not blocked. Input and
   * output are copied. An error that the function throws is thrown here. More time than allowed is a permanent error
   * `compute-timeout`, more memory `compute-out-of-memory`; both end the process and leave the worker and its other
   * jobs alone. The function ends when the job's `signal`, or the one in `options`, aborts.
   */
  compute<Name extends keyof Compute & string>(
    name: Name,
    input: Parameters<Compute[Name]>[0],
    options?: { signal?: AbortSignal },
  ): Promise<Awaited<ReturnType<Compute[Name]>>>;
}

/**
 * Work that needs nothing but its input. It runs in another process, which has the code of the job types and nothing
 * else of the worker.
 */
export type ComputeFunction = (input: never, scope: ComputeScope) => unknown;

/** A job type's compute functions, by the names that `JobContext.compute` calls them by. */
export type ComputeFunctions = Readonly<Record<string, ComputeFunction>>;

/** The second argument of a compute function, after its input. */
export interface ComputeScope {
  /** As `JobContext.progress`. */
  progress(fraction: number, step?: string): void;
}

type Awaitable<T> = T | Promise<T>;

/** The argument of a step's work. */
export interface StepScope {
  /**
   * Aborts when the handler's own does, when the step's time is up, and when the invocation ends before the step does.
   */
  readonly signal: AbortSignal;
}

/** How a step runs; all of it can be left out. */
export interface StepOptions {
  /**
   * Tries the work again within this invocation when it fails; once, when this is absent. `PermanentError` ends it at
   * once.
   */
  retry?: Partial<RetryPolicy>;
  /**
   * Time for one try; then its signal aborts, and it counts as failed. A step that may not fit any more runs in the
   * next invocation.
   */
  timeoutMs?: number;
  /** How far the job is once the step is done, 0 to 1. */
  progress?: number;
}

/** The first argument of a job type's clean-up. */
export interface CancelContext {
  readonly jobId: string;
  readonly attempt: number;
  /** Aborts when the time to clean up is over: about 25 s after the job was told to stop. */
  readonly signal: AbortSignal;
  /** The output of a step or a commit of the job; undefined when it was not done. */
  stepOutput(name: string): Promise<unknown>;
}
