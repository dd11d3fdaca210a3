import type { JsonValue } from "@baton/protocol";
import { type JobType, RetryableError } from "../../job-types/define-job.ts";
import { isPermanent } from "../../job-types/job-errors.ts";
import { pauseUntil } from "../../kit/pause.ts";
import type { Clock, Ids, Log } from "../../kit/ports.ts";
import type { Engine } from "../engine.ts";
import type { JobStore, StepStore } from "../ports.ts";
import { isFinal, type Job } from "../rules/job.ts";
import type { JobCommand } from "../rules/transitions.ts";
import { type ClaimedJob, runInvocation } from "./attempt.ts";
import { cleanUp } from "./clean-up.ts";
import type { Compute } from "./compute/compute.ts";
import { failureOf } from "./failure.ts";
import type { LeaseGuard } from "./lease-guard/lease-guard.ts";
import { startLeaseHeartbeat } from "./lease-heartbeat.ts";
import { readInput } from "./outputs.ts";
import { type TimeBudget, timeBudget } from "./time-budget.ts";

/** The ports of a worker. */
export interface WorkerPorts {
  engine: Engine;
  jobs: JobStore;
  clock: Clock;
  log: Log;
  steps: StepStore;
  compute: Compute;
  /** Keeps leases while this thread is blocked; a worker on virtual time has none. */
  leaseGuard?: LeaseGuard;
  types: ReadonlyMap<string, JobType>;
  /** The settings of a job type. Throws when they are missing or wrong. */
  settingsOf(type: JobType): unknown;
  ids: Pick<Ids, "leaseId">;
  /** Jitter of retries, 0 to 1. */
  random: () => number;
  /** Length of a lease, in milliseconds, from each write of the worker. */
  leaseMs: number;
  /** Timeout of one invocation of the worker function, in milliseconds. */
  workerTimeoutMs: number;
}

/**
 * Longest wait for the time of a job that is claimed early: the clock of the machine that published the message may be
 * ahead of this one. Above all clock skew that is seen between machines of Google's cloud; an earlier message is old.
 */
const EARLY_WAIT_MS = 2000;

interface Claimed {
  job: Job;
  leaseId: string;
  input?: JsonValue;
  budget: TimeBudget;
}

/**
 * Claims the job, runs its handler and commits the end of the invocation. Of concurrent callers with the same id one
 * runs it. Resolves when the message can be acknowledged, whether the job ended or waits: a wait has a message of its
 * own. Rejects when the store is unreachable; the message has to be delivered again.
 */
export async function runJob(given: WorkerPorts, jobId: string): Promise<void> {
  const ports = { ...given, log: harmless(given.log) };
  const { clock, log } = ports;
  const budget = timeBudget(clock, ports.workerTimeoutMs);
  const leaseId = ports.ids.leaseId();
  const claim = await claimInTime(ports, jobId, leaseId);
  if (claim.outcome === "not-found") {
    log.warn("A message names a job that does not exist; it is dropped.", { event: "message.job-not-found", jobId });
  } else if (claim.outcome === "refused") {
    log.info("A message found nothing to do for its job.", {
      event: "message.nothing-to-do",
      jobId,
      reason: claim.reason,
    });
    // The lease may be that of a dead worker, which was given this message before.
    if (claim.reason === "leased") await ports.engine.perform(claim.job, [{ kind: "wake", at: claim.until }]);
  } else if (isFinal(claim.job.status)) {
    await ports.engine.perform(claim.job, claim.effects);
  } else {
    const { job, input } = claim;
    const command = await work(ports, { job, leaseId, budget, ...(input !== undefined && { input }) });
    const end = await ports.engine.move(jobId, command);
    if (end.outcome === "refused")
      log.warn("A late writer was refused.", { event: "job.late-writer", jobId, reason: end.reason });
  }
}

async function claimInTime({ jobs, clock, leaseMs }: WorkerPorts, jobId: string, leaseId: string) {
  const waitsUntilMs = clock.now().getTime() + EARLY_WAIT_MS;
  for (;;) {
    const claim = await jobs.claim(jobId, { leaseId, leaseMs }, clock.now());
    if (claim.outcome !== "refused" || claim.reason !== "early" || claim.until.getTime() > waitsUntilMs) return claim;
    await pauseUntil(clock, claim.until);
  }
}

/** Runs the job under its lease; gives the command that ends the invocation. Never rejects. */
async function work(ports: WorkerPorts, { job, leaseId, input: stored, budget }: Claimed): Promise<JobCommand> {
  const type = ports.types.get(job.type);
  const lease = startLeaseHeartbeat(ports, job, leaseId);
  const untilMs = ports.clock.now().getTime() + budget.workLeftMs();
  const release = ports.leaseGuard?.guard({ jobId: job.jobId, leaseId, untilMs });
  try {
    if (!type) throw new RetryableError("unknown-job-type", `No worker of this deployment runs ${job.type}.`);
    let read: Promise<unknown> | undefined;
    const input = () => (read ??= readInput(type, stored));
    const claimed = { job, leaseId, type, input, isFirst: isFirstRun(job), lease, budget };
    // Claimed for its clean-up only.
    if (job.cancelRequested) return { kind: "stop", leaseId, cleanUp: await cleanUp(ports, claimed) };

    const end = await runInvocation(ports, claimed);
    // It was told to stop before it returned.
    if (lease.isCancelled()) return await stopped(ports, claimed);
    if (end.kind === "suspended") {
      return { ...lease.latest(), kind: "suspend", leaseId, ...(end.until && { until: end.until }) };
    }
    if (end.kind === "returned") return { kind: "complete", leaseId, output: end.output };
    return failed(ports, job, leaseId, type, end.error);
  } catch (error) {
    return job.cancelRequested || lease.isCancelled()
      ? notCleanedUp(ports, job, leaseId, error)
      : failed(ports, job, leaseId, type, error);
  } finally {
    release?.();
    await lease.stop();
  }
}

async function stopped(ports: WorkerPorts, claimed: ClaimedJob): Promise<JobCommand> {
  const { job, leaseId } = claimed;
  const { jobId, type, attempt } = job;
  ports.log.info("A job has stopped because its owner cancelled it.", { event: "job.cancelled", jobId, type, attempt });
  return { kind: "stop", leaseId, cleanUp: await cleanUp(ports, claimed) };
}

/**
 * The command after a clean-up that could not run, by no error of its own: another worker, or another deployment, may
 * run it.
 */
function notCleanedUp({ log }: WorkerPorts, { jobId, type }: Job, leaseId: string, error: unknown): JobCommand {
  log.error("A clean-up could not be run.", { event: "job.cleanup-not-run", jobId, type, error });
  return { kind: "stop", leaseId, cleanUp: isPermanent(error) ? "failed" : "open" };
}

/** The command after a failed attempt, also when the handler threw a value that cannot be read. */
function failed(ports: WorkerPorts, job: Job, leaseId: string, type: JobType | undefined, error: unknown): JobCommand {
  try {
    return failureOf(ports, job, leaseId, type, error);
  } catch (cause) {
    return failureOf(ports, job, leaseId, type, new Error("The handler threw what cannot be read.", { cause }));
  }
}

/** A log whose own errors are ignored. */
function harmless(log: Log): Log {
  const safely = (write: Log["info"]): Log["info"] => {
    return (message, fields) => {
      try {
        write(message, fields);
      } catch {
        // There is no other place to report it.
      }
    };
  };
  return { info: safely(log.info), warn: safely(log.warn), error: safely(log.error) };
}

/** True in the first run of a job. The history also counts a claim whose answer was lost. */
function isFirstRun({ attempt, history }: Job): boolean {
  return attempt === 1 && history.filter((entry) => entry.status === "processing").length === 1;
}
