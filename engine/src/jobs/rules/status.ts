import type { FinalStatus } from "@baton/protocol";
import { expiryOf } from "../../kit/retention.ts";
import type { FinalJob, HistoryEntry, Job, JobResult, LiveJob, PendingJob, QueuedJob } from "./job.ts";
import type { Timing } from "./timing.ts";

/** Lines of history a job keeps: the first, and the last ones. A job of many steps is suspended many times. */
const MAX_HISTORY = 60;

/** Why a job reaches a status: see `HistoryEntry`. */
export type Why = Pick<HistoryEntry, "reason" | "errorCode">;

/** Adds the line of history of the status that the job reaches at `now`. */
export function withHistory<Reached extends Job>(job: Reached, now: Date, why: Why = {}): Reached {
  const entry: HistoryEntry = { status: job.status, at: now, attempt: job.attempt, ...why };
  const history = [...job.history, entry];
  const [first, ...later] = history;
  const kept = later.slice(-(MAX_HISTORY - 1));
  const dropped = later.slice(0, later.length - kept.length);
  const droppedMs = (job.droppedProcessingMs ?? 0) + processingMsOf([...dropped, ...kept.slice(0, 1)]);
  return {
    ...job,
    updatedAt: now,
    history: first ? [first, ...kept] : history,
    ...(dropped.length > 0 && { droppedProcessingMs: droppedMs }),
  };
}

/** The pending job in its queue. Its message is looked for again when it may be lost. */
export function enqueue(job: PendingJob, now: Date, { messageLostMs }: Timing): QueuedJob {
  const { waitingFor: _, sharesResultOf: _leader, ...rest } = job;
  const dueAt = earlier(later(now, messageLostMs), job.cancelBy);
  return withHistory<QueuedJob>({ ...rest, status: "queued", queuedAt: now, dueAt }, now);
}

/** How long a job was `processing` between the first of these lines and the last. */
function processingMsOf(lines: readonly HistoryEntry[]): number {
  const spans = lines.slice(1).map(({ at }, index) => {
    const before = lines[index];
    return before?.status === "processing" ? at.getTime() - before.at.getTime() : 0;
  });
  return spans.reduce((sum, ms) => sum + Math.max(0, ms), 0);
}

/** The job in a final status, free of all it held and waited for, and its result, which the store commits together. */
export function finishJob(
  job: LiveJob,
  status: FinalStatus,
  now: Date,
  timing: Timing,
  outcome: Pick<JobResult, "output" | "error"> = {},
  leaseId?: string,
): { job: FinalJob; result: JobResult } {
  const expireAt = expiryOf(now, job.retentionMs);
  const error = outcome.error && { error: outcome.error };
  const isAnnounced = job.hasWebhookUrl || job.hasEndpoints || timing.announcedEnds.includes(status);
  const final: FinalJob = { ...released(job), ...error, status, finishedAt: now, expireAt };
  const result: JobResult = {
    jobId: job.jobId,
    type: job.type,
    owner: job.owner,
    status,
    ...outcome,
    attempt: job.attempt,
    ...(leaseId !== undefined && { leaseId }),
    ...(job.cached && { cached: true }),
    durationMs: Math.max(0, now.getTime() - job.createdAt.getTime()),
    tags: job.tags,
    metadata: job.metadata,
    createdAt: now,
    expireAt,
    shard: job.shard,
    ...(job.hasWebhookUrl && { hasWebhookUrl: true }),
    ...(isAnnounced && { dueAt: later(now, timing.messageLostMs) }),
  };
  return { job: withHistory(final, now, outcome.error && { errorCode: outcome.error.code }), result };
}

/** The job without what only a live one has, and without the error of an earlier attempt. */
function released(job: LiveJob) {
  const {
    lease: _lease,
    dueAt: _dueAt,
    runAt: _runAt,
    error: _error,
    waitingFor: _waitingFor,
    ticket: _ticket,
    laneTicket: _laneTicket,
    sharesResultOf: _leader,
    resumesAttempt: _resumes,
    cancelBy: _cancelBy,
    cleanUps: _cleanUps,
    ...rest
  } = job;
  return rest;
}

/** The earlier of two instants, or the first when there is no other. */
export function earlier(a: Date, b: Date | undefined): Date {
  return b && b < a ? b : a;
}

/** An instant `ms` milliseconds after another. */
export function later(instant: Date, ms: number): Date {
  return new Date(instant.getTime() + ms);
}
