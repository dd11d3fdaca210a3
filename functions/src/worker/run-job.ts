import { JsonValue } from "@baton/protocol";
import { isFinal, type Job } from "../core/job.ts";
import { MAX_PAYLOAD_BYTES, storableText } from "../core/limits.ts";
import type { Clock, Ids, JobStore, Log } from "../core/ports.ts";
import { retryDelayMs } from "../core/retry.ts";
import type { JobEvent } from "../core/transitions.ts";
import { type JobContext, type JobType, PermanentError, RetryableError } from "../jobs/define-job.ts";
import { runAttempt } from "./attempt.ts";

/** What a worker works with. */
export interface WorkerPorts {
  jobs: JobStore;
  types: ReadonlyMap<string, JobType>;
  clock: Clock;
  ids: Pick<Ids, "leaseId">;
  log: Log;
  /** Jitter of retries, 0 to 1. */
  random: () => number;
  /** How long a job stays with a worker after it was last heard of, in milliseconds. */
  leaseMs: number;
}

/**
 * `acknowledge`: the message has served, whatever became of the job. `reject`: the job is not to be run now (somebody
 * else runs it, or its backoff is not over), so the message is wanted again.
 */
export type RunOutcome = { outcome: "acknowledge" } | { outcome: "reject"; reason: string };

/**
 * Claims the job, runs its handler and commits how it ended. Any number of callers may do this at once with the same
 * id: one runs it. Throws when the store cannot be reached; the message is then wanted again.
 */
export async function runJob(ports: WorkerPorts, jobId: string): Promise<RunOutcome> {
  const { jobs, clock, log, leaseMs } = ports;
  const leaseId = ports.ids.leaseId();
  const claim = await jobs.apply(jobId, { kind: "claim", leaseId, leaseMs }, clock.now());
  if (claim.outcome === "not-found") {
    log.warn("A message names a job that does not exist; it is dropped.", { jobId });
    return { outcome: "acknowledge" };
  }
  if (claim.outcome === "refused") {
    return "until" in claim ? reject(jobId, claim.reason, claim.until) : { outcome: "acknowledge" };
  }
  if (isFinal(claim.job.status)) return { outcome: "acknowledge" };

  const end = await jobs.apply(jobId, await attemptToEvent(ports, claim.job, leaseId), clock.now());
  if (end.outcome === "refused") log.warn("A late writer was refused.", { jobId, leaseId, reason: end.reason });
  if (end.outcome === "moved" && end.job.runAt) return reject(jobId, "waiting for another attempt", end.job.runAt);
  return { outcome: "acknowledge" };
}

function reject(jobId: string, reason: string, until: Date): RunOutcome {
  return { outcome: "reject", reason: `job ${jobId} is ${reason} until ${until.toISOString()}` };
}

/** Runs one attempt; its end, good or bad, is an event for the job. Never throws. */
async function attemptToEvent(ports: WorkerPorts, job: Job, leaseId: string): Promise<JobEvent> {
  const type = ports.types.get(job.type);
  try {
    if (!type) throw new RetryableError("unknown-job-type", `No worker of this deployment runs ${job.type}.`);
    const { timeoutMs } = type;
    const output = await runAttempt(ports, { job, leaseId, timeoutMs }, async (context) =>
      runHandler(type, context, await ports.jobs.readInput(job.jobId)),
    );
    return { kind: "complete", leaseId, output };
  } catch (error) {
    ports.log.warn("An attempt failed.", { jobId: job.jobId, type: job.type, attempt: job.attempt, error });
    const delayMs = retryDelayMs(type?.retry ?? UNKNOWN_TYPE_RETRY, job.attempt, ports.random());
    const retryAt = new Date(ports.clock.now().getTime() + delayMs);
    const isPermanent = error instanceof PermanentError;
    return { kind: "fail", leaseId, error: toJobError(error), isPermanent, retryAt };
  }
}

/** A deployment that does not know the type yet may be followed by one that does. */
const UNKNOWN_TYPE_RETRY = { minDelayMs: 10_000, maxDelayMs: 600_000 };

async function runHandler(type: JobType, context: JobContext, stored: JsonValue | undefined): Promise<JsonValue> {
  const input = type.input.safeParse(stored);
  if (!input.success) {
    throw new PermanentError(
      "invalid-input",
      "The stored input does not match the job type any more; submit it anew.",
      {
        cause: input.error,
      },
    );
  }
  const output = JsonValue.safeParse(type.output.parse(await type.run(context, input.data)));
  if (!output.success) {
    throw new PermanentError("invalid-output", "The job returned something that is not JSON.", { cause: output.error });
  }
  const bytes = Buffer.byteLength(JSON.stringify(output.data));
  if (bytes > MAX_PAYLOAD_BYTES) {
    const limits = `The output is ${bytes} bytes; at most ${MAX_PAYLOAD_BYTES} can be stored.`;
    throw new PermanentError("output-too-large", `${limits} Ask for less, or store it elsewhere and return a link.`);
  }
  return output.data;
}

/** Enough for people; an error rides in the hot document, its result and its webhook. */
const MAX_ERROR_CODE_CHARACTERS = 100;
const MAX_ERROR_MESSAGE_CHARACTERS = 2000;

/** What the owner is told. An error the handler did not mean for them stays in the logs. */
function toJobError(error: unknown): { code: string; message: string } {
  if (error instanceof PermanentError || error instanceof RetryableError) {
    return {
      code: storableText(error.code, MAX_ERROR_CODE_CHARACTERS),
      message: storableText(error.message, MAX_ERROR_MESSAGE_CHARACTERS),
    };
  }
  return { code: "internal", message: "The job failed unexpectedly. The details are in the logs of the worker." };
}
