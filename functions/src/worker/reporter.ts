/** How far an attempt is. */
export interface Report {
  /** 0 to 1. */
  progress: number;
  step?: string;
}

/** Turns many reports into few writes. */
export interface Reporter {
  /** Notes the report; it is written when its turn comes, unless a later one replaces it. */
  report(report: Report): void;
  /** Writes nothing more; resolves when the write under way has ended. */
  stop(): Promise<void>;
}

/**
 * Writes the newest report at most once every `minGapMs`, and something at least every `heartbeatMs`, one write at a
 * time. `write` must not reject: a report that could not be written is replaced by the next one.
 */
export function startReporter(
  write: (report: Report) => Promise<void>,
  { minGapMs, heartbeatMs }: { minGapMs: number; heartbeatMs: number },
): Reporter {
  let latest: Report = { progress: 0 };
  let isFresh = false;
  let isStopped = false;
  let lastWriteAt = Date.now() - minGapMs;
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const schedule = () => {
    clearTimeout(timer);
    if (isStopped || writing) return;
    const dueAt = lastWriteAt + (isFresh ? minGapMs : heartbeatMs);
    timer = setTimeout(flush, Math.max(0, dueAt - Date.now()));
  };
  const flush = () => {
    isFresh = false;
    lastWriteAt = Date.now();
    writing = write(latest).finally(() => {
      writing = undefined;
      schedule();
    });
  };

  schedule();
  return {
    report(report) {
      latest = { ...latest, ...report, progress: Math.max(latest.progress, report.progress) };
      isFresh = true;
      schedule();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await writing;
    },
  };
}
