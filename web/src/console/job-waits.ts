import type { HistoryEntry, JobView } from "@baton/client";

/** The reason why a job that ran before does not run now. */
export type Wait = { kind: "sleep" | "next-invocation" | "clean-up" } | { kind: "retry"; nextAttempt: number };

/** Reasons of the history when an attempt leaves its job without a failure. */
const KINDS: ReadonlyMap<string, "sleep" | "next-invocation" | "clean-up"> = new Map(
  Object.entries({
    sleeping: "sleep",
    suspended: "next-invocation",
    cleanup: "clean-up",
  }),
);

/**
 * Reads from the history why a `pending` or `queued` job waits. Gives undefined for a job that never ran, and for
 * others.
 */
export function waitOf({ status, waitingFor, history, attempt }: JobView): Wait | undefined {
  // A pending job may also wait for its turn or its slot, and that is then the reason to show.
  if (status === "pending" ? waitingFor !== "time" : status !== "queued") return undefined;
  const ran = history.findLastIndex((entry) => entry.status === "processing");
  if (ran < 0) return undefined;
  const kind = KINDS.get(history[ran + 1]?.reason ?? "");
  return kind ? { kind } : { kind: "retry", nextAttempt: attempt + 1 };
}

/** Gives the number of the attempt that failed with the job's `error`; undefined when the history does not have it. */
export function failedAttemptOf({ history, error }: JobView): number | undefined {
  return error && history.findLast((entry) => entry.errorCode === error.code)?.attempt;
}

/** Gives the time that the job was `processing` until `nowMs`, in milliseconds, without waits and sleeps. */
export function processingMs(job: Pick<JobView, "history" | "droppedProcessingMs">, nowMs: number): number {
  const { history, droppedProcessingMs = 0 } = job;
  let totalMs = droppedProcessingMs;
  for (const [index, { status, at }] of history.entries()) {
    const next = history[index + 1];
    if (status === "processing") totalMs += Math.max(0, (next ? Date.parse(next.at) : nowMs) - Date.parse(at));
  }
  return totalMs;
}

const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sleeping: "The job sleeps.",
    suspended: "The job continues in another invocation.",
    cleanup: "The job is cancelled and cleans up.",
    "lease-expired": "The previous worker stopped reporting.",
    unpublished: "The message to the workers is not published yet.",
  }),
);

/** Explains an entry of the history in a sentence; undefined for an entry without a reason. */
export function reasonText({ reason, errorCode, attempt }: HistoryEntry): string | undefined {
  if (reason === "attempt-failed") return `Attempt ${attempt} failed: ${errorCode}`;
  return errorCode ?? (reason && (REASONS.get(reason) ?? reason));
}
