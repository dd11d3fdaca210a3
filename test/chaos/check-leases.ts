import { CUT_HISTORY_LINES } from "./check-jobs.ts";
import type { Evidence } from "./evidence.ts";
import type { MessageRequest } from "./message-log.ts";

/*
 * Promises about a worker, its lease and its message. Every rule answers the jobs for which its promise is broken.
 */

/**
 * A run of a contested job writes under its own lease only: once another run has written, the one before writes no
 * more, and each step is of the attempt that did its work.
 */
export function wroteWithoutLease({ accepted, runs, steps }: Evidence): string[] {
  const contested = accepted.filter(({ planned }) => planned.kind === "contested");
  return contested.flatMap(({ jobId }) => {
    const isForeign = (steps.get(jobId) ?? []).some(({ attempt, output }) => attemptIn(output) !== attempt);
    return isForeign || isInterleaved(runs.get(jobId) ?? []) ? [jobId] : [];
  });
}

/** Some run wrote again after another one had written. */
function isInterleaved(runs: readonly string[]): boolean {
  return runs.some((run, index) => run !== runs[index - 1] && runs.indexOf(run) < index);
}

function attemptIn(output: unknown): unknown {
  return typeof output === "object" && output !== null && "attempt" in output ? output.attempt : undefined;
}

/**
 * A claimed job keeps the message that it was claimed for: no line `processing` is one of a worker that had
 * acknowledged its message before the job left that line.
 */
export function acknowledgedTooEarly({ accepted, jobs, requests }: Evidence): string[] {
  return accepted.flatMap(({ jobId }) => {
    const history = jobs.get(jobId)?.history ?? [];
    const isCut = history.length >= CUT_HISTORY_LINES;
    const isEarly = history.some(({ status, at }, index) => {
      const left = history[index + 1]?.at;
      if (status !== "processing" || left === undefined || (isCut && index === 0)) return false;
      return !(requests.get(jobId) ?? []).some((request) => mayHaveWorked(request, at, left));
    });
    return isEarly ? [jobId] : [];
  });
}

/** True for a request whose worker may have had the job from `claimedAt` until `leftAt`, by its answer. */
function mayHaveWorked({ sentAt, endedAt, isAcknowledged }: MessageRequest, claimedAt: Date, leftAt: Date): boolean {
  // A worker may work on after its request was broken off.
  return sentAt <= claimedAt && (!isAcknowledged || endedAt === undefined || endedAt >= leftAt);
}
