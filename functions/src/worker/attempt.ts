import type { Job } from "../core/job.ts";
import { storableText } from "../core/limits.ts";
import type { Clock, JobStore, Log } from "../core/ports.ts";
import { type JobContext, PermanentError, RetryableError } from "../jobs/define-job.ts";
import { startReporter } from "./reporter.ts";

/** The design's bound on writes to one hot document (section 3, "No hot spots"). */
const PROGRESS_GAP_MS = 1000;
/** How long a handler that was told to stop may take over it; after that the attempt ends without it. */
const STOP_GRACE_MS = 5000;

/** A step is a line on a screen, in the hot document. */
const MAX_STEP_CHARACTERS = 200;

interface AttemptPorts {
  jobs: JobStore;
  clock: Clock;
  log: Log;
  leaseMs: number;
}

/**
 * Runs `work` as one attempt of `job` under its lease: keeps the lease alive, reports progress, and aborts the work's
 * signal when the owner cancels, the lease is lost, or `timeoutMs` is over. Rejects with the work's own error, or with
 * the reason of the abort. Whatever the work does after that writes nothing.
 */
export async function runAttempt<T>(
  { jobs, clock, log, leaseMs }: AttemptPorts,
  { job, leaseId, timeoutMs }: { job: Job; leaseId: string; timeoutMs: number },
  work: (context: JobContext) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const reporter = startReporter(
    async (report) => {
      try {
        const answer = await jobs.apply(job.jobId, { kind: "progress", leaseId, leaseMs, ...report }, clock.now());
        if (answer.outcome !== "moved") abort.abort(new PermanentError("lease-lost", "Another worker has this job."));
        else if (answer.job.cancelRequested) abort.abort(new PermanentError("cancelled", "The job was cancelled."));
      } catch (error) {
        // The lease outlives two missed reports, and the next one says as much as this one.
        log.warn("Progress could not be written.", { jobId: job.jobId, error });
      }
    },
    { minGapMs: PROGRESS_GAP_MS, heartbeatMs: leaseMs / 3 },
  );
  const late = `The attempt took longer than ${timeoutMs / 1000} s.`;
  const timer = setTimeout(() => abort.abort(new RetryableError("timeout", late)), timeoutMs);
  try {
    const { signal } = abort;
    const progress: JobContext["progress"] = (fraction, step) =>
      reporter.report({
        progress: toFraction(fraction),
        ...(step !== undefined && { step: storableText(step, MAX_STEP_CHARACTERS) }),
      });
    return await unlessAborted(signal, work({ jobId: job.jobId, attempt: job.attempt, signal, progress }));
  } finally {
    clearTimeout(timer);
    await reporter.stop();
  }
}

/** The work's outcome; or, when `signal` aborts and the work does not return within the grace, the abort's reason. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let grace: NodeJS.Timeout | undefined;
  const gaveUp = new Promise<never>((_, reject) => {
    const wait = () => {
      grace = setTimeout(() => reject(signal.reason), STOP_GRACE_MS);
    };
    signal.addEventListener("abort", wait, { once: true });
  });
  try {
    return await Promise.race([work, gaveUp]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(grace);
  }
}

function toFraction(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), 1) : 0;
}
