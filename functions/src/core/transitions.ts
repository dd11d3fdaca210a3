import type { FinalStatus, JobError, JobStatus, JsonValue } from "@baton/protocol";
import { isFinal, type Job, type JobResult, MESSAGE_LOST_MS } from "./job.ts";
import { expiryOf } from "./retention.ts";

/** Everything that can happen to a stored job. An event with a `leaseId` proves, or asks for, the right to write. */
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
  /** The handler threw, or stopped because it was told to. `retryAt` counts when another attempt follows. */
  | { kind: "fail"; leaseId: string; error: JobError; isPermanent: boolean; retryAt: Date }
  /** The owner wants it to end. */
  | { kind: "cancel" };

/**
 * Why an event changes nothing: the job has ended; another worker holds it until `until`; it may not run before
 * `until`; the writer's lease is no longer the one in the document; or the event does not apply to this status.
 */
export type Refusal = { reason: "final" | "lease-lost" | "not-applicable" } | { reason: "held" | "early"; until: Date };

/** What an event makes of a job. `result` is there exactly when the job ended by this event. */
export type Transition =
  | { outcome: "moved"; job: Job; result?: JobResult }
  | ({ outcome: "refused"; job: Job } & Refusal);

/** Decides what `event` makes of `job` at `now`: the table of the design, section 4. Pure; the store applies the answer atomically. */
export function transition(job: Job, event: JobEvent, now: Date): Transition {
  if (isFinal(job.status)) return refuse(job, { reason: "final" });
  switch (event.kind) {
    case "republish":
      return republish(job, now);
    case "hold":
      return job.status === "queued" && job.attempt === 0
        ? moved(enter({ ...job, dueAt: event.dueAt }, "pending", now, "not published yet"))
        : refuse(job, { reason: "not-applicable" });
    case "claim":
      return claim(job, event.leaseId, event.leaseMs, now);
    case "cancel":
      return job.status === "processing"
        ? moved({ ...job, cancelRequested: true, updatedAt: now })
        : end(job, "cancelled", now);
    default:
      return holdsLease(job, event.leaseId) ? attempt(job, event, now) : refuse(job, { reason: "lease-lost" });
  }
}

/** The message wakes a worker, and the claim decides the rest: a backoff that is over, a worker that is gone. */
function republish(job: Job, now: Date): Transition {
  if (job.dueAt && job.dueAt > now) return refuse(job, { reason: "early", until: job.dueAt });
  if (job.status === "pending") return moved(queued(job, now));
  const waitedMs = now.getTime() - (job.queuedAt ?? job.createdAt).getTime();
  return moved({ ...job, dueAt: after(now, Math.min(Math.max(waitedMs, MESSAGE_LOST_MS), MAX_SECOND_LOOK_MS)) });
}

/** Behind a long queue a message is late, not lost: the looks double their distance up to this, lest they feed the queue. */
const MAX_SECOND_LOOK_MS = 60 * 60 * 1000;

function claim(job: Job, leaseId: string, leaseMs: number, now: Date): Transition {
  if (job.runAt && job.runAt > now) return refuse(job, { reason: "early", until: job.runAt });
  if (job.status === "pending") {
    if (job.dueAt && job.dueAt > now) return refuse(job, { reason: "early", until: job.dueAt });
    return claim(queued(job, now), leaseId, leaseMs, now);
  }
  if (job.lease && job.lease.until > now) return refuse(job, { reason: "held", until: job.lease.until });
  // From here on nobody runs it: it waits in the queue, or the worker that ran it is gone.
  if (job.cancelRequested) return end(job, "cancelled", now);
  if (job.attempt >= job.maxAttempts) {
    return end(job, "failed", now, { error: { code: "worker-lost", message: WORKER_LOST } });
  }
  const { runAt: _, step: __, ...rest } = job;
  const lease = { id: leaseId, until: after(now, leaseMs) };
  const claimed = { ...rest, attempt: job.attempt + 1, lease, dueAt: lease.until, progress: 0 };
  const reason = job.status === "processing" ? "lease ended" : undefined;
  return moved(enter({ ...claimed, startedAt: job.startedAt ?? now }, "processing", now, reason));
}

const WORKER_LOST = "The worker stopped without an answer on every attempt. The work may need more memory or time.";

function attempt(
  job: Job,
  event: Extract<JobEvent, { kind: "progress" | "complete" | "fail" }>,
  now: Date,
): Transition {
  switch (event.kind) {
    case "progress": {
      const until = after(now, event.leaseMs);
      const progress = Math.max(job.progress, Math.min(event.progress, 1));
      const step = event.step ?? job.step;
      const lease = { id: event.leaseId, until };
      return moved({ ...job, progress, ...(step !== undefined && { step }), lease, dueAt: until, updatedAt: now });
    }
    case "complete":
      return end({ ...job, progress: 1 }, "completed", now, { output: event.output });
    case "fail": {
      if (job.cancelRequested) return end(job, "cancelled", now);
      if (event.isPermanent || job.attempt >= job.maxAttempts) return end(job, "failed", now, { error: event.error });
      const { lease: _, step: __, ...rest } = job;
      const waiting = { ...rest, error: event.error, runAt: event.retryAt, dueAt: event.retryAt };
      return moved(enter(waiting, "queued", now, event.error.code));
    }
  }
}

/** The final status and the result, which the store commits together. */
function end(job: Job, status: FinalStatus, now: Date, outcome: Pick<JobResult, "output" | "error"> = {}): Transition {
  const { lease: _, dueAt: __, runAt: ___, error: ____, ...rest } = job;
  const expireAt = expiryOf(now);
  const ended = { ...rest, ...(outcome.error && { error: outcome.error }), finishedAt: now, expireAt };
  const result: JobResult = {
    jobId: job.jobId,
    type: job.type,
    owner: job.owner,
    status,
    ...outcome,
    attempt: job.attempt,
    durationMs: Math.max(0, now.getTime() - job.createdAt.getTime()),
    tags: job.tags,
    metadata: job.metadata,
    ...(job.webhookUrl !== undefined && { webhookUrl: job.webhookUrl }),
    createdAt: now,
    expireAt,
    shard: job.shard,
    dueAt: after(now, MESSAGE_LOST_MS),
  };
  return { outcome: "moved", job: enter(ended, status, now, outcome.error?.code), result };
}

function queued(job: Job, now: Date): Job {
  return enter({ ...job, queuedAt: now, dueAt: after(now, MESSAGE_LOST_MS) }, "queued", now);
}

function enter(job: Job, status: JobStatus, now: Date, reason?: string): Job {
  const entry = { status, at: now, attempt: job.attempt, ...(reason !== undefined && { reason }) };
  return { ...job, status, updatedAt: now, history: [...job.history, entry] };
}

function holdsLease(job: Job, leaseId: string): boolean {
  return job.status === "processing" && job.lease?.id === leaseId;
}

function moved(job: Job): Transition {
  return { outcome: "moved", job };
}

function refuse(job: Job, refusal: Refusal): Transition {
  return { outcome: "refused", job, ...refusal };
}

function after(instant: Date, ms: number): Date {
  return new Date(instant.getTime() + ms);
}
