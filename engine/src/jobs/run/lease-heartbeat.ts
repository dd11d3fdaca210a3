import { PermanentError } from "../../job-types/define-job.ts";
import { storableText } from "../../kit/payload-limits.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { JobEvents, JobStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";
import { readReport } from "./call-arguments.ts";
import { progressThrottle, type Report } from "./progress-throttle.ts";

/** The design's bound on writes to one hot document (section 3, "No hot spots"). */
const PROGRESS_GAP_MS = 1000;
/** A shorter attempt is not watched, and pays no read for it. */
const WATCH_AFTER_MS = 1000;
/** A step is a line on a screen, in the hot document. */
const MAX_STEP_CHARACTERS = 200;

interface LeasePorts {
  jobs: Pick<JobStore, "apply" | "watchLease">;
  events?: JobEvents;
  clock: Clock;
  log: Log;
  leaseMs: number;
}

/** A worker's hold on a job while it is at work on it. */
export interface LeaseHeartbeat {
  /** Aborts when the job is to stop: it was cancelled, its lease is lost, or `abort` was called. The reason is the error of the attempt. */
  readonly signal: AbortSignal;
  /** Aborts when the lease is lost, also after `signal` did. */
  readonly lost: AbortSignal;
  isCancelled(): boolean;
  abort(reason: Error): void;
  /** Another worker has the job: nothing that is done from here on counts. */
  lose(): void;
  /** Notes how far the job is, see `Reporter`. What is no number or no text is ignored, and logged the first time. */
  report(report: { progress?: unknown; step?: unknown }): void;
  latest(): Report;
  /** Ends the watch and the reports; resolves when the write under way has ended. */
  stop(): Promise<void>;
}

/**
 * Keeps the lease of a claimed job alive and writes its progress; learns within two seconds, by a watch and from the answers to
 * its own writes, that the owner cancelled the job, or that another worker has it.
 */
export function startLeaseHeartbeat(
  { jobs, events, clock, log, leaseMs }: LeasePorts,
  { jobId }: Job,
  leaseId: string,
): LeaseHeartbeat {
  const [stopping, losing] = [new AbortController(), new AbortController()];
  let [isCancelled, hasIgnored] = [false, false];
  const lose = () => {
    const reason = new PermanentError("lease-lost", "Another worker has this job.");
    losing.abort(reason);
    stopping.abort(reason);
  };
  const cancel = () => {
    isCancelled ||= !stopping.signal.aborted;
    stopping.abort(cancelledError());
  };
  const write = async (report: Report) => {
    try {
      const answer = await jobs.apply(jobId, { kind: "progress", leaseId, leaseMs, ...report }, clock.now());
      if (answer.outcome !== "moved") {
        log.info("A late writer was refused.", { event: "job.late-writer", jobId });
        lose();
      } else {
        if (answer.job.cancelRequested) cancel();
        if (report.progress !== undefined || report.step !== undefined) await events?.tell("job.progress", answer.job);
      }
    } catch (error) {
      // The lease outlives two missed reports, and the next one says as much as this one.
      log.warn("Progress could not be written.", { event: "job.progress-not-written", jobId, error });
    }
  };
  const reporter = progressThrottle(clock, write, { minGapMs: PROGRESS_GAP_MS, heartbeatMs: leaseMs / 3 });
  let stopWatch = clock.after(WATCH_AFTER_MS, () => {
    stopWatch = jobs.watchLease(jobId, leaseId, (end) => {
      if (end === "lease-lost") return lose();
      cancel();
      // The cancel cut the lease short: the next write tells that this worker is alive.
      reporter.report({});
    });
  });
  return {
    signal: stopping.signal,
    lost: losing.signal,
    isCancelled: () => isCancelled,
    abort: (reason) => stopping.abort(reason),
    lose,
    report(given) {
      const { ignored, step, ...fraction } = readReport(given);
      if (ignored !== undefined && !hasIgnored)
        log.warn("A progress report was ignored.", { event: "job.progress-ignored", jobId, ignored });
      hasIgnored ||= ignored !== undefined;
      reporter.report({ ...fraction, ...(step !== undefined && { step: storableText(step, MAX_STEP_CHARACTERS) }) });
    },
    latest: reporter.latest,
    async stop() {
      stopWatch();
      await reporter.stop();
    },
  };
}

/** Why an attempt ends that its owner told to stop. */
function cancelledError(): PermanentError {
  return new PermanentError("cancelled", "The job was cancelled.");
}
