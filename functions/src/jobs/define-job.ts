import type { z } from "zod";
import type { QueueName } from "./queues.ts";

/** What a handler is given besides its input. */
export interface JobContext {
  readonly jobId: string;
  /** 1 on the first run. */
  readonly attempt: number;
  /** Aborts when the job is cancelled, its lease is lost, or its time is up. A handler passes it on to whatever waits. */
  readonly signal: AbortSignal;
  /**
   * Reports how far the job is, 0 to 1, and the step it is in. Cheap: reports are coalesced to one write a second,
   * the last one wins, and a value below an earlier one of the same attempt is ignored.
   */
  progress(fraction: number, step?: string): void;
}

/** How often, and how far apart, a job is tried. The delay doubles from `minDelayMs` and stops growing at `maxDelayMs`. */
export interface RetryPolicy {
  /** 1 to 100, the first run included. */
  maxAttempts: number;
  minDelayMs: number;
  maxDelayMs: number;
}

/** A kind of work: what it takes, what it gives, and how it runs. */
export interface JobType<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly type: string;
  /** The queue (Pub/Sub topic `jobs-<queue>`) whose worker runs it. */
  readonly queue: QueueName;
  readonly input: Input;
  readonly output: Output;
  readonly retry: RetryPolicy;
  /** Time for one attempt; below the worker function's own 540 s. */
  readonly timeoutMs: number;
  /** Does the work. Throw `PermanentError` when another attempt cannot help; any other error is retried. */
  run(context: JobContext, input: z.output<Input>): Promise<z.input<Output>>;
}

const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 5, minDelayMs: 10_000, maxDelayMs: 600_000 };

/** Declares a job type; `queue`, `retry` and `timeoutMs` have defaults: `default`, 5 attempts 10 s to 600 s apart, 500 s. */
export function defineJob<Input extends z.ZodType, Output extends z.ZodType>(
  job: Pick<JobType<Input, Output>, "type" | "input" | "output" | "run"> & {
    queue?: QueueName;
    retry?: Partial<RetryPolicy>;
    timeoutMs?: number;
  },
): JobType<Input, Output> {
  return { queue: "default", timeoutMs: 500_000, ...job, retry: { ...DEFAULT_RETRY, ...job.retry } };
}

/** Says that another attempt cannot help: the job fails at once. `code` and `message` reach the owner. */
export class PermanentError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PermanentError";
    this.code = code;
  }
}

/** An error worth another attempt whose `code` and `message` the owner may see; what any other error says stays in the logs. */
export class RetryableError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RetryableError";
    this.code = code;
  }
}
