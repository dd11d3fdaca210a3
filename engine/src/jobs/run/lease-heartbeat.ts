import { PermanentError } from "../../job-types/define-job.ts";
import { storableText } from "../../kit/payload-limits.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { JobEvents, JobStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";
import { readReport } from "./call-arguments.ts";
import { progressThrottle, type Report } from "./progress-throttle.ts";

/**
 * Bounds the writes to one document: Firestore sustains about one a second
 * (https://firebase.google.com/docs/firestore/best-practices).
 */
const PROGRESS_GAP_MS = 1000;
/** A shorter attempt is not watched, and pays no read for it. */
const WATCH_AFTER_MS = 1000;
/** Bounds the name of a step in the job's document, which clients show in one line. */
const MAX_STEP_CHARACTERS = 200;

interface LeasePorts {
  jobs: Pick<JobStore, "apply" | "watchLease">;
  events?: JobEvents;
  clock: Clock;
  log: Log;
  leaseMs: number;
}

/** The lease of a job at work, from its claim to its end. */
export interface LeaseHeartbeat {
  /**
   * Aborts when the job is to stop: it was cancelled, its lease is lost, or `abort` was called. The reason is the error
   * of the attempt.
   */
  readonly signal: AbortSignal;
  /** Aborts when the lease is lost, also after `signal` did. */
  readonly lost: AbortSignal;
  isCancelled(): boolean;
  abort(reason: Error): void;
  /** Notes that another worker has the job: the store refuses every further write of this one. */
  lose(): void;
  /**
   * Notes the progress of the job, see `ProgressThrottle`. Ignores values that are no number or no text, and logs the
   * first one.
   */
  report(report: { progress?: unknown; step?: unknown }): void;
  /** Shows that a durable step begins, unless the handler has reported by itself what it does: its word says more. */
  showStep(name: string): void;
  latest(): Report;
  /** Ends the watch and the reports; resolves when the write under way has ended. */
  stop(): Promise<void>;
}

/**
 * Keeps the lease of a claimed job alive and writes its progress. Learns within two seconds, by a watch and from the
 * answers to its own writes, that the owner cancelled the job, or that another worker has it.
 */
export function startLeaseHeartbeat(ports: LeasePorts, { jobId }: Job, leaseId: string): LeaseHeartbeat {
  const { jobs, events, clock, log, leaseMs } = ports;
  const { lose, cancel, ...signals } = leaseSignals();

  async function write(report: Report): Promise<void> {
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
  }

  const throttle = progressThrottle(clock, write, { minGapMs: PROGRESS_GAP_MS, heartbeatMs: leaseMs / 3 });
  let stopWatch = clock.after(WATCH_AFTER_MS, () => {
    stopWatch = jobs.watchLease(jobId, leaseId, (end) => {
      if (end === "lease-lost") return lose();
      cancel();
      // The cancel cut the lease short: the next write tells that this worker is alive.
      throttle.report({});
    });
  });
  return {
    ...signals,
    lose,
    ...reportsTo(throttle.report, log, jobId),
    latest: throttle.latest,
    async stop() {
      stopWatch();
      await throttle.stop();
    },
  };
}

/** The signals that tell a handler to stop. The first reason stays. */
function leaseSignals() {
  const [stopping, losing] = [new AbortController(), new AbortController()];
  let isCancelled = false;
  return {
    signal: stopping.signal,
    lost: losing.signal,
    isCancelled: () => isCancelled,
    abort: (reason: Error) => stopping.abort(reason),
    lose() {
      const reason = new PermanentError("lease-lost", "Another worker has this job.");
      losing.abort(reason);
      stopping.abort(reason);
    },
    cancel() {
      isCancelled ||= !stopping.signal.aborted;
      stopping.abort(new PermanentError("cancelled", "The job was cancelled."));
    },
  };
}

/** Passes on what a handler reports, as far as it can be read, and the names of its steps. */
function reportsTo(
  report: (report: Partial<Report>) => void,
  log: Log,
  jobId: string,
): Pick<LeaseHeartbeat, "report" | "showStep"> {
  let hasIgnored = false;
  let isNamedByHandler = false;
  const named = (step: string) => ({ step: storableText(step, MAX_STEP_CHARACTERS) });
  return {
    report(given) {
      const { ignored, step, ...fraction } = readReport(given);
      if (ignored !== undefined && !hasIgnored) {
        log.warn("A progress report was ignored.", { event: "job.progress-ignored", jobId, ignored });
        hasIgnored = true;
      }
      isNamedByHandler ||= step !== undefined;
      report({ ...fraction, ...(step !== undefined && named(step)) });
    },
    showStep(name) {
      if (!isNamedByHandler) report(named(name));
    },
  };
}
