import type { JobError, JsonValue } from "@baton/protocol";
import { endJob, enter, later, lookAgain } from "./entering.ts";
import { isFinal, type Job, type JobResult } from "./job.ts";
import { DEFAULT_TIMING, type Timing } from "./timing.ts";

/** Everything that can happen to a stored job that does not wait. An event with a `leaseId` proves, or asks for, the right to write. */
export type JobEvent =
  /** Nothing has happened to the job for too long: its message is about to be published again. */
  | { kind: "republish" }
  /** The job's message could not be published; look again at `dueAt`. */
  | { kind: "hold"; dueAt: Date }
  /** A worker asks to run the job. */
  | { kind: "claim"; leaseId: string; leaseMs: number }
  /** The attempt is alive, and perhaps further on; renews the lease. */
  | { kind: "progress"; leaseId: string; leaseMs: number; progress: number; step?: string }
  /** The handler returned. */
  | { kind: "complete"; leaseId: string; output: JsonValue }
  /** The handler threw, or stopped because it was told to (`isCleanedUp`: and its clean-up ran). `retryAt` counts when another attempt follows. */
  | { kind: "fail"; leaseId: string; error: JobError; isPermanent: boolean; retryAt: Date; isCleanedUp?: true }
  /** The attempt goes on in another invocation: at once, or, when it sleeps, from `until` on. Says how far it is. */
  | { kind: "suspend"; leaseId: string; until?: Date; progress?: number; step?: string }
  /** The owner wants it to end. */
  | { kind: "cancel" }
  /** Pub/Sub gave up on the job's message. */
  | { kind: "bury" };

/**
 * Why an event changes nothing: the job has ended; another worker holds it until `until`; it may not run before
 * `until`; the writer's lease is no longer the one in the document; or the event does not apply to this status.
 */
export type Refusal = { reason: "final" | "lease-lost" | "not-applicable" } | { reason: "held" | "early"; until: Date };

/** What an event makes of a job. `result` is there exactly when the job ended by this event. */
export type Transition =
  | { outcome: "moved"; before: Job; job: Job; result?: JobResult }
  | ({ outcome: "refused"; job: Job } & Refusal);

type Answer = { job: Job; result?: JobResult } | Refusal;

interface Moment {
  now: Date;
  timing: Timing;
}

/** Decides what `event` makes of `job` at `now`: the table of the design, section 4. Pure; the store applies the answer atomically. */
export function transition(job: Job, event: JobEvent, now: Date, timing: Timing = DEFAULT_TIMING): Transition {
  const answer = decide(job, event, { now, timing });
  return "reason" in answer ? { outcome: "refused", job, ...answer } : { outcome: "moved", before: job, ...answer };
}

function decide(job: Job, event: JobEvent, at: Moment): Answer {
  if (isFinal(job.status)) return { reason: "final" };
  switch (event.kind) {
    case "republish":
      return republish(job, at);
    case "hold":
      return hold(job, event.dueAt, at.now);
    case "claim":
      return claim(job, event.leaseId, event.leaseMs, at);
    case "cancel":
      return cancel(job, at);
    case "bury":
      return bury(job, at);
    default:
      return holdsLease(job, event.leaseId) ? attempt(job, event, at) : { reason: "lease-lost" };
  }
}

/** The message wakes a worker, and the claim decides the rest: a backoff that is over, a worker that is gone. */
function republish(job: Job, at: Moment): Answer {
  if (job.status === "pending" && job.waitingFor !== "publish") return { reason: "not-applicable" };
  if (job.dueAt && job.dueAt > at.now) return { reason: "early", until: job.dueAt };
  if (job.cancelBy && job.cancelBy <= at.now) return endJob(job, "cancelled", at.now, at.timing);
  if (job.status === "pending") return { job: queued(job, at) };
  return { job: { ...job, dueAt: lookAgain(job, at.now, at.timing) } };
}

function hold(job: Job, dueAt: Date, now: Date): Answer {
  if (job.status !== "queued") return { reason: "not-applicable" };
  return { job: enter({ ...job, waitingFor: "publish", dueAt }, "pending", now, "not published yet") };
}

function claim(job: Job, leaseId: string, leaseMs: number, at: Moment): Answer {
  if (job.status === "pending") {
    // Its message is here: it was published after all.
    return job.waitingFor === "publish" ? claim(queued(job, at), leaseId, leaseMs, at) : { reason: "not-applicable" };
  }
  // The answer to this very claim was lost on its way.
  if (job.lease?.id === leaseId) return { job };
  if (job.runAt && job.runAt > at.now) return { reason: "early", until: job.runAt };
  if (job.lease && job.lease.until > at.now) return { reason: "held", until: job.lease.until };
  // From here on nobody runs it: it waits in the queue, or the worker that ran it is gone.
  const isCleanUp = job.cancelRequested && job.cleansUp && job.attempt > 0;
  if (job.cancelRequested && !(isCleanUp && job.cancelBy && job.cancelBy > at.now))
    return endJob(job, "cancelled", at.now, at.timing);
  const goesOn = job.resumes || isCleanUp;
  if (!goesOn && job.attempt >= job.maxAttempts) {
    return endJob(job, "failed", at.now, at.timing, { error: { code: "worker-lost", message: WORKER_LOST } });
  }
  const { runAt: _, resumes: __, step, ...rest } = job;
  const lease = { id: leaseId, until: later(at.now, leaseMs) };
  const claimed = { ...rest, lease, dueAt: lease.until, startedAt: job.startedAt ?? at.now };
  const reason = job.status === "processing" ? "lease ended" : undefined;
  if (goesOn) return { job: enter({ ...claimed, ...(step !== undefined && { step }) }, "processing", at.now, reason) };
  return { job: enter({ ...claimed, attempt: job.attempt + 1, progress: 0 }, "processing", at.now, reason) };
}

const WORKER_LOST = "The worker stopped without an answer on every attempt. The work may need more memory or time.";

function attempt(
  job: Job,
  event: Extract<JobEvent, { kind: "progress" | "complete" | "fail" | "suspend" }>,
  at: Moment,
): Answer {
  switch (event.kind) {
    case "progress": {
      const until = earlier(later(at.now, event.leaseMs), job.cancelBy);
      const lease = { id: event.leaseId, until };
      return { job: { ...reported(job, event), lease, dueAt: until, updatedAt: at.now } };
    }
    case "complete":
      return endJob({ ...job, progress: 1 }, "completed", at.now, at.timing, { output: event.output }, event.leaseId);
    case "suspend":
      if (job.cancelRequested) return stopped(job, event.leaseId, at);
      return {
        job: wait({ ...reported(job, event), resumes: true }, event.until, at, event.until ? "sleeps" : "goes on"),
      };
    case "fail": {
      const { error, retryAt } = event;
      if (job.cancelRequested) return stopped(job, event.leaseId, at, event.isCleanedUp);
      if (event.isPermanent || job.attempt >= job.maxAttempts) {
        return endJob(job, "failed", at.now, at.timing, { error }, event.leaseId);
      }
      const { step: _, ...rest } = job;
      return { job: wait({ ...rest, error }, retryAt, at, error.code) };
    }
  }
}

/** Progress never goes back within an attempt. */
function reported(job: Job, { progress = 0, step = job.step }: { progress?: number; step?: string }): Job {
  const reached = Math.max(job.progress, Math.min(progress, 1));
  return { ...job, progress: reached, ...(step !== undefined && { step }) };
}

/** A cancelled job that stopped by itself before it knew may have something left to clean up. */
function stopped(job: Job, leaseId: string, at: Moment, isCleanedUp = false): Answer {
  const isEnd = !job.cleansUp || isCleanedUp || !job.cancelBy || job.cancelBy <= at.now;
  return isEnd
    ? endJob(job, "cancelled", at.now, at.timing, {}, leaseId)
    : { job: wait(job, undefined, at, "cleans up") };
}

/** Lets go of the job until an instant: in the queue when that is near, else as `pending`, where it takes up no slot. */
function wait(job: Job, until: Date | undefined, at: Moment, reason: string): Job {
  const { lease: _, place, ...rest } = job;
  // It must not be forgotten before it goes on.
  const expireAt = later(until ?? at.now, job.retentionMs);
  const waiting = {
    ...rest,
    expireAt,
    ...(until && { runAt: until }),
    dueAt: until ?? later(at.now, at.timing.messageLostMs),
  };
  if (until && until.getTime() - at.now.getTime() > at.timing.shortWaitMs) {
    return enter({ ...waiting, waitingFor: "time" }, "pending", at.now, reason);
  }
  return enter({ ...waiting, ...(place !== undefined && { place }), queuedAt: at.now }, "queued", at.now, reason);
}

/** A job that waits ends at once, unless there is something to clean up: then a worker is called for that. */
function cancel(job: Job, at: Moment): Answer {
  const cancelBy = job.cancelBy ?? later(at.now, at.timing.cancelGraceMs);
  const told: Job = { ...job, cancelRequested: true, cancelBy, updatedAt: at.now };
  if (job.status === "processing") return { job: { ...told, dueAt: earlier(job.dueAt ?? cancelBy, cancelBy) } };
  if (!job.cleansUp || job.attempt === 0) return endJob(job, "cancelled", at.now, at.timing);
  const { runAt: _, waitingFor: __, ...rest } = told;
  const calling = { ...rest, dueAt: cancelBy, queuedAt: at.now };
  return { job: job.status === "queued" ? calling : enter(calling, "queued", at.now, "cleans up") };
}

/** Whoever is at work on the job does not need the message that was given up. */
function bury(job: Job, at: Moment): Answer {
  const isHeld = job.lease !== undefined && job.lease.until > at.now;
  const isEarly = job.runAt !== undefined && job.runAt > at.now;
  if (job.status === "pending" || isHeld || isEarly) return { reason: "not-applicable" };
  // It was to end anyway; only nobody came to clean up.
  if (job.cancelRequested) return endJob(job, "cancelled", at.now, at.timing);
  return endJob(job, "failed", at.now, at.timing, { error: { code: "undeliverable", message: UNDELIVERABLE } });
}

const UNDELIVERABLE = "The job was handed to the workers many times, and none of them could take it.";

function queued({ waitingFor: _, ...job }: Job, at: Moment): Job {
  return enter({ ...job, queuedAt: at.now, dueAt: later(at.now, at.timing.messageLostMs) }, "queued", at.now);
}

function holdsLease(job: Job, leaseId: string): boolean {
  return job.status === "processing" && job.lease?.id === leaseId;
}

function earlier(a: Date, b: Date | undefined): Date {
  return b && b < a ? b : a;
}
