import type { Clock } from "../../kit/ports.ts";

/** The progress of an attempt. */
export interface Report {
  /** 0 to 1. */
  progress: number;
  step?: string;
}

/** Coalesces many reports into few writes. */
export interface ProgressThrottle {
  /** Notes a report, which is written after the gap unless a later one replaces it. A lower progress is ignored. */
  report(report: Partial<Report>): void;
  /** All reports so far, merged. */
  latest(): Report;
  /** Writes nothing more; resolves when the write under way has ended. */
  stop(): Promise<void>;
}

/**
 * Writes the newest report at most once every `minGapMs`, the first so long after now, and something at least every
 * `heartbeatMs`, one write at a time. `write` must not reject: a report that could not be written is replaced by the
 * next one.
 */
export function progressThrottle(
  clock: Clock,
  write: (report: Report) => Promise<void>,
  { minGapMs, heartbeatMs }: { minGapMs: number; heartbeatMs: number },
): ProgressThrottle {
  let latest: Report = { progress: 0 };
  let isFresh = false;
  let isStopped = false;
  // The claim wrote the document just now.
  let lastWriteAtMs = clock.now().getTime();
  let writing: Promise<void> | undefined;
  let stopTimer = () => {};

  const schedule = () => {
    stopTimer();
    if (isStopped || writing) return;
    const dueAtMs = lastWriteAtMs + (isFresh ? minGapMs : heartbeatMs);
    stopTimer = clock.after(dueAtMs - clock.now().getTime(), flush);
  };
  const flush = () => {
    isFresh = false;
    lastWriteAtMs = clock.now().getTime();
    writing = write(latest).finally(() => {
      writing = undefined;
      schedule();
    });
  };

  schedule();
  return {
    report(report) {
      latest = { ...latest, ...report, progress: Math.max(latest.progress, report.progress ?? 0) };
      isFresh = true;
      schedule();
    },
    latest: () => latest,
    async stop() {
      isStopped = true;
      stopTimer();
      await writing;
    },
  };
}
