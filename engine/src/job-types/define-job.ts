import type { JsonValue } from "@baton/protocol";
import type { z } from "zod";
import { type Catalogs, demandCatalogs } from "./catalogs.ts";
import { demandJsonSchema } from "./check-schema.ts";
import { type ComputeLimits, computeLimits } from "./compute-limits.ts";
import type { CancelContext, ComputeFunctions, JobContext } from "./job-context.ts";
import { JOB_RETRY, type RetryPolicy, retryPolicy } from "./retry-policy.ts";

export type { Catalogs } from "./catalogs.ts";
export type { ComputeLimits } from "./compute-limits.ts";
export type { DocumentTransaction } from "./document-transaction.ts";
export type {
  CancelContext,
  ComputeFunctions,
  ComputeScope,
  JobContext,
  StepOptions,
  StepScope,
} from "./job-context.ts";
export { PermanentError, type RetryAfter, RetryAfterError, RetryableError } from "./job-errors.ts";
export type { FileData, FileOptions, JobFiles, StoredFile } from "./job-files.ts";
export type { RetryPolicy } from "./retry-policy.ts";

/** A kind of work: what it takes, what it gives, and how it runs. */
export interface JobType<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Compute extends ComputeFunctions = ComputeFunctions,
  Settings extends z.ZodType = z.ZodType,
  Type extends string = string,
> {
  /**
   * The name that submissions give, as in `image.resize`. `defineJob` keeps it as a literal type, for the types of
   * clients.
   */
  readonly type: Type;
  /** The queue whose worker runs it: `default`, or one that the deployment declares with `createBaton`. */
  readonly queue: string;
  readonly input: Input;
  readonly output: Output;
  readonly retry: RetryPolicy;
  /**
   * Reads the type's settings from the environment of its worker, which is their text by name; `JobContext.settings`
   * has them.
   */
  readonly settings?: Settings;
  /**
   * Secrets of Secret Manager, by the names that the type's settings have in the environment. Only the worker of its
   * queue gets them.
   */
  readonly secrets: readonly string[];
  /** The most one invocation of it may take, when that is less than the function's time; then the attempt fails. */
  readonly timeoutMs?: number;
  /** Equal inputs share a result. */
  readonly cache?: CachePolicy<Input>;
  /** Lists that its input chooses from, by name: `GET /v1/NAME` shows them. */
  readonly catalogs?: Catalogs;
  /** Work that fills a processor, by name: `JobContext.compute` runs it in a process of its own. */
  readonly compute?: Compute;
  /** Of one call of a compute function. */
  readonly computeLimits: ComputeLimits;
  /**
   * Undoes, or ends properly, the effects of a cancelled run. Runs once the handler has stopped, or on another worker
   * when the job waits or its worker is gone. It may run more than once, and has about 25 s at most. When it throws it
   * is tried again, three times in all, unless it throws a `PermanentError`; then the result of the job says that it
   * failed. Not called for a job that never ran.
   */
  onCancel?(context: CancelContext, input: z.output<Input>): Promise<void>;
  /** Does the work. Throw `PermanentError` when another attempt cannot help; any other error is retried. */
  run(context: JobContext<Compute, z.output<Settings>>, input: z.output<Input>): Promise<z.input<Output>>;
}

/** Which inputs count as equal, and how long a result stands for them. */
export interface CachePolicy<Input extends z.ZodType = z.ZodType> {
  /** How long a result is given to equal inputs; at most as long as results are kept. */
  readonly ttlMs: number;
  /** Change it when the same input gives another result from now on. */
  readonly version: string;
  /** True when anybody's equal input may have the result; else only the same owner's. */
  readonly isPublic?: boolean;
  /** The part of an input by which inputs are equal; the whole input when absent. */
  key?(input: z.output<Input>): JsonValue;
}

/** How a job type is written down: as it is, but for what has a default. */
export type JobDeclaration<
  Input extends z.ZodType,
  Output extends z.ZodType,
  Compute extends ComputeFunctions = Record<never, never>,
  Settings extends z.ZodType = z.ZodUndefined,
  Type extends string = string,
> = Omit<JobType<Input, Output, Compute, Settings, Type>, "queue" | "retry" | "secrets" | "computeLimits"> & {
  queue?: string;
  secrets?: readonly string[];
  retry?: Partial<RetryPolicy>;
  computeLimits?: Partial<ComputeLimits>;
};

/**
 * Declares a job type. Defaults: queue `default`; 5 attempts, 10 s to 600 s apart, each delay twice the one before,
 * less up to a fifth; the whole time of the worker function; 60 s of CPU time and 384 MiB for a compute function.
 * Throws when a value is out of its range, or when a schema cannot work with JSON, so that a deployment with it does
 * not start.
 */
export function defineJob<
  Input extends z.ZodType,
  Output extends z.ZodType,
  Compute extends ComputeFunctions = Record<never, never>,
  Settings extends z.ZodType = z.ZodUndefined,
  const Type extends string = string,
>(job: JobDeclaration<Input, Output, Compute, Settings, Type>): JobType<Input, Output, Compute, Settings, Type> {
  const of = `job type "${String(job.type)}"`;
  const hasName = typeof job.type === "string" && job.type.length >= 1 && job.type.length <= 100;
  if (!hasName || !job.type.isWellFormed()) throw new Error(`${of}: its name has 1 to 100 characters.`);
  if (typeof job.run !== "function") throw new Error(`${of}: its run is no function.`);
  if (!["undefined", "function"].includes(typeof job.onCancel)) throw new Error(`${of}: its onCancel is no function.`);
  const { queue = "default", secrets = [] } = job;
  demandSecrets(secrets, of);
  demandCatalogs(job.catalogs ?? {}, of);
  demandPositive(job.timeoutMs, `${of}: timeoutMs`);
  demandPositive(job.cache?.ttlMs, `${of}: cache.ttlMs`);
  demandJsonSchema(job.input, "input", of);
  demandJsonSchema(job.output, "output", of);
  const limits = computeLimits(job.computeLimits ?? {}, of);
  return { ...job, queue, secrets, retry: retryPolicy(job.retry ?? {}, JOB_RETRY, of), computeLimits: limits };
}

function demandPositive(ms: number | undefined, name: string): void {
  if (ms !== undefined && !(ms > 0 && Number.isFinite(ms))) throw new Error(`${name} is ${ms}; it has to be above 0.`);
}

/** A secret becomes a variable of the environment: https://firebase.google.com/docs/functions/config-env */
function demandSecrets(names: readonly string[], of: string): void {
  const wrong = names.find((name) => !/^[A-Z_][A-Z0-9_]*$/.test(name));
  if (wrong !== undefined) throw new Error(`${of}: "${wrong}" is not the name of a secret: A to Z, 0 to 9 and _.`);
}
