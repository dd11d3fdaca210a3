import type { JsonValue } from "@baton/protocol";
import { isFinal, type Job } from "../core/job.ts";
import type { Ids, StepStore } from "../core/ports.ts";
import type { JobEvent } from "../core/transitions.ts";
import { type EnginePorts, followUp, moveJob, publishJob } from "../engine/move-job.ts";
import { type JobType, PermanentError, RetryableError } from "../jobs/define-job.ts";
import { runInvocation } from "./attempt.ts";
import { cleanUp } from "./clean-up.ts";
import { failureOf } from "./failure.ts";
import { cancelledError, holdLease } from "./held-lease.ts";
import { toOutput } from "./outputs.ts";
import { type TimeBudget, timeBudget } from "./time-budget.ts";

/** What a worker works with. */
export interface WorkerPorts extends EnginePorts {
  steps: StepStore;
  types: ReadonlyMap<string, JobType>;
  ids: Pick<Ids, "leaseId">;
  /** Jitter of retries, 0 to 1. */
  random: () => number;
  /** How long a job stays with a worker after it was last heard of, in milliseconds. */
  leaseMs: number;
  /** How long one invocation of the worker function may take, in milliseconds. */
  workerTimeoutMs: number;
}

/**
 * `acknowledge`: the message has served, whatever became of the job. `reject`: the job is not to be run now (somebody
 * else runs it, or its backoff is not over), so the message is wanted again.
 */
export type RunOutcome = { outcome: "acknowledge" } | { outcome: "reject"; reason: string };

interface Claimed {
  job: Job;
  leaseId: string;
  input?: JsonValue;
  budget: TimeBudget;
}

/**
 * Claims the job, runs its handler and commits how it ended. Any number of callers may do this at once with the same
 * id: one runs it. Throws when the store cannot be reached; the message is then wanted again.
 */
export async function runJob(ports: WorkerPorts, jobId: string): Promise<RunOutcome> {
  const { jobs, clock, log, leaseMs } = ports;
  const budget = timeBudget(clock, ports.workerTimeoutMs);
  const leaseId = ports.ids.leaseId();
  const claim = await jobs.claim(jobId, { leaseId, leaseMs }, clock.now());
  if (claim.outcome === "not-found") {
    log.warn("A message names a job that does not exist; it is dropped.", { jobId });
    return { outcome: "acknowledge" };
  }
  if (claim.outcome === "refused") {
    const { reason } = claim;
    if (reason === "held" || reason === "final") log.info("A message found its job held or ended.", { jobId, reason });
    return "until" in claim ? reject(jobId, claim.reason, claim.until) : { outcome: "acknowledge" };
  }
  const { before, job, input } = claim;
  if (isFinal(job.status)) {
    await followUp(ports, before, job);
    return { outcome: "acknowledge" };
  }
  const event = await work(ports, { job, leaseId, budget, ...(input !== undefined && { input }) });
  return settle(ports, jobId, event);
}

/** Commits how the attempt ended, and sees to it that a job that is to go on is heard of again. */
async function settle(ports: WorkerPorts, jobId: string, event: JobEvent): Promise<RunOutcome> {
  const end = await moveJob(ports, jobId, event);
  if (end.outcome === "refused") ports.log.warn("A late writer was refused.", { jobId, reason: end.reason });
  if (end.outcome !== "moved" || end.job.status !== "queued") return { outcome: "acknowledge" };
  const { runAt } = end.job;
  // A short wait rides on this message's redelivery.
  if (runAt && runAt > ports.clock.now()) return reject(jobId, "waiting", runAt);
  await publishJob(ports, end.job);
  return { outcome: "acknowledge" };
}

function reject(jobId: string, reason: string, until: Date): RunOutcome {
  return { outcome: "reject", reason: `job ${jobId} is ${reason} until ${until.toISOString()}` };
}

/** Runs the job under its lease; the end, good or bad, is an event for the job. Never throws. */
async function work(ports: WorkerPorts, { job, leaseId, input: stored, budget }: Claimed): Promise<JobEvent> {
  const type = ports.types.get(job.type);
  const lease = holdLease(ports, job, leaseId);
  const fail = (error: unknown) => failureOf(ports, job, leaseId, type, error);
  try {
    if (!type) return fail(new RetryableError("unknown-job-type", `No worker of this deployment runs ${job.type}.`));
    const input = readInput(type, stored);
    const claimed = { job, leaseId, type, input, isFirst: isFirstRun(job), lease, budget };
    // Claimed for its clean-up only.
    if (job.cancelRequested) return cleanedUp(fail(cancelledError()), await cleanUp(ports, claimed));

    const end = await runInvocation(ports, claimed);
    if (end.kind === "suspended") {
      return { ...lease.latest(), kind: "suspend", leaseId, ...(end.until && { until: end.until }) };
    }
    if (end.kind === "returned") return { kind: "complete", leaseId, output: readOutput(type, end.output) };
    return lease.isCancelled() ? cleanedUp(fail(end.error), await cleanUp(ports, claimed)) : fail(end.error);
  } catch (error) {
    return fail(error);
  } finally {
    await lease.stop();
  }
}

function cleanedUp(event: JobEvent, isCleanedUp: boolean): JobEvent {
  return event.kind === "fail" && isCleanedUp ? { ...event, isCleanedUp } : event;
}

/** An answer to a claim that was lost on its way is not a first run, either: its history tells. */
function isFirstRun({ attempt, history }: Job): boolean {
  return attempt === 1 && history.filter((entry) => entry.status === "processing").length === 1;
}

function readInput(type: JobType, stored: JsonValue | undefined): unknown {
  const input = type.input.safeParse(stored);
  if (input.success) return input.data;
  const message = "The stored input does not match the job type any more; submit it anew.";
  throw new PermanentError("invalid-input", message, { cause: input.error });
}

function readOutput(type: JobType, returned: unknown): JsonValue {
  return toOutput(type.output.parse(returned), { code: "output", giver: "The job" });
}
