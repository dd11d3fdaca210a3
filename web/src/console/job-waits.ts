import type { HistoryEntry, JobView } from "@baton/client";

/** Why a job that has run before does not run now. */
export type Wait = { kind: "sleep" | "next-invocation" | "clean-up" } | { kind: "retry"; nextAttempt: number };

/** The reasons the engine writes when an attempt lets go of its job and has not failed. */
const KINDS: ReadonlyMap<string, "sleep" | "next-invocation" | "clean-up"> = new Map(
  Object.entries({
    sleeping: "sleep",
    suspended: "next-invocation",
    cleanup: "clean-up",
  }),
);

/**
 * Reads from the history why a `pending` or `queued` job waits; undefined for one that has not run yet, and for any
 * other.
 */
export function waitOf({ status, waitingFor, history, attempt }: JobView): Wait | undefined {
  // A pending job may also wait for its turn or its slot, and that is then the reason to show.
  if (status === "pending" ? waitingFor !== "time" : status !== "queued") return undefined;
  const ran = history.findLastIndex((entry) => entry.status === "processing");
  if (ran < 0) return undefined;
  const kind = KINDS.get(history[ran + 1]?.reason ?? "");
  return kind ? { kind } : { kind: "retry", nextAttempt: attempt + 1 };
}

/** The number of the attempt that ended with the job's `error`; undefined when the history does not hold it. */
export function failedAttemptOf({ history, error }: JobView): number | undefined {
  return error && history.findLast((entry) => entry.errorCode === error.code)?.attempt;
}

/** How long the job has been `processing` until `nowMs`, in milliseconds, without its waits and sleeps. */
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
    "lease-expired": "The worker before did not answer any more.",
    unpublished: "The message for the workers could not be sent yet.",
  }),
);

/** Explains why the job reached a line of the history; undefined when the line does not say it. */
export function reasonText({ reason, errorCode, attempt }: HistoryEntry): string | undefined {
  if (reason === "attempt-failed") return `Attempt ${attempt} failed: ${errorCode}`;
  return errorCode ?? (reason && (REASONS.get(reason) ?? reason));
}
