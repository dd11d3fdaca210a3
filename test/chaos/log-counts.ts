/** Messages that the functions log, and the names of their counts in the report. */
const MESSAGES = {
  "A late writer was refused.": "lateWritersRefused",
  "A message found nothing to do for its job.": "duplicatesSuppressed",
  "The sweep moved what was due.": "sweepRuns",
  "An attempt failed.": "failedAttempts",
  "A job was stored but not published; the sweep will publish it.": "unpublished",
} as const;

export type LogCounts = Record<(typeof MESSAGES)[keyof typeof MESSAGES] | "sweepRepairs" | "errors", number>;

/** Counts lines of the functions' structured logs as they are printed. */
export function createLogCounter() {
  const counts: LogCounts = {
    lateWritersRefused: 0,
    duplicatesSuppressed: 0,
    sweepRuns: 0,
    sweepRepairs: 0,
    failedAttempts: 0,
    unpublished: 0,
    errors: 0,
  };
  return {
    counts,
    read(line: string): void {
      const entry = parse(line);
      const name = isKnown(entry.message) ? MESSAGES[entry.message] : undefined;
      if (name) counts[name] += 1;
      if (name === "sweepRuns") counts.sweepRepairs += Number(entry.jobs ?? 0) + Number(entry.results ?? 0);
      if (entry.severity === "ERROR") counts.errors += 1;
    },
  };
}

function isKnown(message: unknown): message is keyof typeof MESSAGES {
  return typeof message === "string" && Object.hasOwn(MESSAGES, message);
}

function parse(line: string): Record<string, unknown> {
  if (!line.startsWith("{")) return {};
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null ? { ...entry } : {};
  } catch {
    // A line that a killed process left half written.
    return {};
  }
}
