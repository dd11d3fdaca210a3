import { endCancelled, mayCleanUp } from "./cancellation.ts";
import type { Lease, LiveJob, ProcessingJob, QueuedJob } from "./job.ts";
import { earlier, enqueue, finishJob, later, withHistory } from "./status.ts";
import type { Answer, Moment, Refusal } from "./transitions.ts";

/** Gives a queued job, or one whose lease has expired, to a worker under a new lease. */
export function claim(job: LiveJob, leaseId: string, leaseMs: number, at: Moment): Answer | Refusal {
  if (job.status === "pending") {
    // Its message is here: it was published after all.
    return job.waitingFor === "unpublished"
      ? claim(enqueue(job, at.now, at.timing), leaseId, leaseMs, at)
      : { reason: "not-applicable" };
  }
  // The answer to this very claim was lost on its way.
  if (job.lease?.id === leaseId) return { job };
  // From here on no worker runs it: it waits in the queue, or the worker that ran it is gone.
  const isFree = !job.lease || job.lease.until <= at.now;
  if (isFree && job.cancelRequested && !mayCleanUp(job, at.now)) return endCancelled(job, at);
  if (job.runAt && job.runAt > at.now) return { reason: "early", until: job.runAt };
  if (job.lease && !isFree) return { reason: "leased", until: job.lease.until };
  const isContinued = job.resumesAttempt || job.cancelRequested;
  if (!isContinued && !isReplaced(job) && job.attempt >= job.maxAttempts) {
    return finishJob(job, "failed", at.now, at.timing, { error: { code: "worker-lost", message: WORKER_LOST } });
  }
  return { job: claimed(job, { id: leaseId, until: earlier(later(at.now, leaseMs), job.cancelBy) }, at.now) };
}

/**
 * Attempts that a job is given in place of ones whose worker was gone: most often another job of that worker's took it
 * along. A job that kills its own worker does so as many times more, and then by the count of its attempts.
 */
const MAX_REPLACED = 3;

/** True when the attempt of the worker that is gone does not count. Work that may be tried once is begun once. */
function isReplaced({ status, maxAttempts, lostLeases = 0 }: LiveJob): boolean {
  return status === "processing" && lostLeases < MAX_REPLACED && maxAttempts > 1;
}

const WORKER_LOST = "The worker stopped without an answer on every attempt. The work may need more memory or time.";

function claimed(job: QueuedJob | ProcessingJob, lease: Lease, now: Date): ProcessingJob {
  const { runAt: _, resumesAttempt, step, ...rest } = job;
  const leased = { status: "processing", lease, dueAt: lease.until, startedAt: job.startedAt ?? now } as const;
  const running: ProcessingJob = { ...rest, ...leased };
  const reason = job.status === "processing" ? ({ reason: "lease-expired" } as const) : undefined;
  if (!resumesAttempt && !job.cancelRequested) {
    const begun = { ...running, attempt: job.attempt + 1, progress: 0 };
    const replaced = { lostLeases: (job.lostLeases ?? 0) + 1, maxAttempts: job.maxAttempts + 1 };
    return withHistory({ ...begun, ...(isReplaced(job) && replaced) }, now, reason);
  }
  const cleanUps = job.cancelRequested && (job.cleanUps ?? 0) + 1;
  const continued = { ...running, ...(step !== undefined && { step }), ...(cleanUps && { cleanUps }) };
  return withHistory(continued, now, cleanUps ? { reason: "cleanup" } : reason);
}
