import type { JobError, JsonValue } from "@baton/protocol";
import { type CleanUp, cancel, endCancelled, stop } from "./cancellation.ts";
import { claim } from "./claim.ts";
import { type Effect, effectsBetween } from "./effects.ts";
import {
  type FinalJob,
  isLive,
  type Job,
  type JobResult,
  type LiveJob,
  type PendingJob,
  type ProcessingJob,
} from "./job.ts";
import { holdsLease } from "./lease.ts";
import { nextRecheckAt } from "./recheck.ts";
import { reschedule } from "./reschedule.ts";
import { earlier, enqueue, finishJob, later, withHistory } from "./status.ts";
import { DEFAULT_TIMING, type Timing } from "./timing.ts";

/** The commands to a stored job, but `promote`. One with a `leaseId` proves, or asks for, the right to write. */
export type JobCommand =
  /** The job's time has come, or nothing has happened to it for too long: its message is to be published again. */
  | { kind: "republish" }
  /** The job's message could not be published; look again at `dueAt`. */
  | { kind: "deferPublish"; dueAt: Date }
  /** A worker asks to run the job. */
  | { kind: "claim"; leaseId: string; leaseMs: number }
  /** The attempt is alive, and perhaps further on; renews the lease. */
  | { kind: "progress"; leaseId: string; leaseMs: number; progress: number; step?: string }
  /** The handler returned. */
  | { kind: "complete"; leaseId: string; output: JsonValue }
  /** The handler threw. `retryAt` counts when another attempt follows. */
  | { kind: "fail"; leaseId: string; error: JobError; isPermanent: boolean; retryAt: Date }
  /** The handler was told that its job is cancelled, and has stopped. */
  | { kind: "stop"; leaseId: string; cleanUp: CleanUp }
  /**
   * The attempt continues in another invocation: at once, or, when it sleeps, from `until` on. Reports its progress.
   */
  | { kind: "suspend"; leaseId: string; until?: Date; progress?: number; step?: string }
  /** The owner wants it to end. */
  | { kind: "cancel" }
  /** Pub/Sub gave up on a message of the job, which was published at this instant. */
  | { kind: "bury"; publishedAt?: Date };

/**
 * Why an event changes nothing: the job is final; another worker holds it until `until`; it may not run before
 * `until`; the writer's lease is no longer the one in the document; or the event does not apply to this status.
 */
export type Refusal =
  | { reason: "final" | "lease-lost" | "not-applicable" }
  | { reason: "leased" | "early"; until: Date };

/** The outcome of a command. `result` is present exactly when the command made the job final. */
export type Transition =
  | { outcome: "moved"; before: Job; job: Job; result?: JobResult; effects: readonly Effect[] }
  | ({ outcome: "refused"; job: Job } & Refusal);

/** The job after an event that applies, and what has to follow. */
export type Answer =
  | { job: LiveJob; effects?: readonly Effect[] }
  | { job: FinalJob; result: JobResult; effects?: readonly Effect[] };

/** When, and with how much patience, a rule is asked. */
export interface Moment {
  now: Date;
  timing: Timing;
}

/** Decides what `event` makes of `job` at `now`. Pure; the store applies the answer atomically. */
export function transition(job: Job, event: JobCommand, now: Date, timing: Timing = DEFAULT_TIMING): Transition {
  const answer = decide(job, event, { now, timing });
  if ("reason" in answer) return { outcome: "refused", job, ...answer };
  const { effects = [] } = answer;
  return { outcome: "moved", before: job, ...answer, effects: [...effects, ...effectsBetween(job, answer.job)] };
}

function decide(job: Job, event: JobCommand, at: Moment): Answer | Refusal {
  if (!isLive(job)) return { reason: "final" };
  switch (event.kind) {
    case "republish":
      return republish(job, at);
    case "deferPublish":
      return deferPublish(job, event.dueAt, at.now);
    case "claim":
      return claim(job, event.leaseId, event.leaseMs, at);
    case "cancel":
      return cancel(job, at);
    case "bury":
      return bury(job, event.publishedAt, at);
    default:
      return job.status === "processing" && holdsLease(job, event.leaseId)
        ? attempt(job, event, at)
        : { reason: "lease-lost" };
  }
}

/** The message calls a worker, and the claim decides the rest: a backoff that is over, a worker that is gone. */
function republish(job: LiveJob, at: Moment): Answer | Refusal {
  if (job.status === "pending" && job.waitingFor !== "unpublished") return { reason: "not-applicable" };
  if (job.dueAt > at.now) return { reason: "early", until: job.dueAt };
  if (job.cancelBy && job.cancelBy <= at.now) return endCancelled(job, at);
  const effects: Effect[] = [{ kind: "publish" }];
  if (job.status === "pending") return { job: enqueue(job, at.now, at.timing), effects };
  const dueAt = earlier(nextRecheckAt(job, at.now, at.timing), job.cancelBy);
  return { job: { ...job, dueAt }, effects };
}

function deferPublish(job: LiveJob, until: Date, now: Date): Answer | Refusal {
  if (job.status !== "queued") return { reason: "not-applicable" };
  const dueAt = earlier(until, job.cancelBy);
  const unpublished: PendingJob = { ...job, status: "pending", waitingFor: "unpublished", dueAt };
  return { job: withHistory(unpublished, now, { reason: "unpublished" }) };
}

function attempt(
  job: ProcessingJob,
  event: Extract<JobCommand, { kind: "progress" | "complete" | "fail" | "stop" | "suspend" }>,
  at: Moment,
): Answer | Refusal {
  switch (event.kind) {
    case "progress": {
      const until = earlier(later(at.now, event.leaseMs), job.cancelBy);
      const lease = { id: event.leaseId, until };
      return { job: { ...reported(job, event), lease, dueAt: until, updatedAt: at.now } };
    }
    case "complete":
      return finishJob(
        { ...job, progress: 1 },
        "completed",
        at.now,
        at.timing,
        { output: event.output },
        event.leaseId,
      );
    case "stop":
      if (!job.cancelRequested) return { reason: "not-applicable" };
      return stop(job, event.leaseId, event.cleanUp, at);
    case "suspend": {
      // It does not know yet that it was cancelled, and has cleaned up nothing.
      if (job.cancelRequested) return stop(job, event.leaseId, "open", at);
      const { until } = event;
      return reschedule(reported(job, event), { until, resumesAttempt: true }, at, {
        reason: until ? "sleeping" : "suspended",
      });
    }
    case "fail": {
      const { error, retryAt } = event;
      if (job.cancelRequested) return stop(job, event.leaseId, "open", at);
      if (event.isPermanent || job.attempt >= job.maxAttempts) {
        return finishJob(job, "failed", at.now, at.timing, { error }, event.leaseId);
      }
      const { step: _, ...rest } = job;
      return reschedule({ ...rest, error }, { until: retryAt }, at, {
        reason: "attempt-failed",
        errorCode: error.code,
      });
    }
  }
}

/** Progress never goes back within an attempt. */
function reported(job: ProcessingJob, report: { progress?: number; step?: string }): ProcessingJob {
  const { progress = 0, step = job.step } = report;
  const reached = Math.max(job.progress, Math.min(progress, 1));
  return { ...job, progress: reached, ...(step !== undefined && { step }) };
}

/**
 * Fails a job that no worker could take: nothing happened to it while its message was on its way, which is hours. When
 * anything did, the message that was given up is an old one, and the job needs nothing: it has a `dueAt`.
 */
function bury(job: LiveJob, publishedAt: Date | undefined, at: Moment): Answer | Refusal {
  const since = publishedAt ?? at.now;
  const isAtWork = job.lease !== undefined && job.lease.until > at.now;
  const isWaiting = job.status === "pending" || (job.runAt !== undefined && job.runAt > since);
  const hasMoved = job.updatedAt > since;
  if (job.cancelBy && job.cancelBy <= at.now) return endCancelled(job, at);
  if (isAtWork || isWaiting || hasMoved || job.cancelRequested) return { reason: "not-applicable" };
  return finishJob(job, "failed", at.now, at.timing, { error: { code: "undeliverable", message: UNDELIVERABLE } });
}

const UNDELIVERABLE = "The job was handed to the workers many times, and none of them could take it.";
