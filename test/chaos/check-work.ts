import { isDeepStrictEqual } from "node:util";
import { isFinal, type Job } from "../../engine/src/jobs/rules/job.ts";
import type { Evidence } from "./evidence.ts";
import type { Planned } from "./plan.ts";
import type { Accepted } from "./submit-all.ts";

/*
 * Promises that follow from the handlers of the chaos types (`test/support/job-types/chaos.ts`). Every rule answers
 * whether its promise is broken.
 */

type Known = Accepted & { job: Job };

/** The job ran before the time it was submitted for, or completed before its sleeps could end. */
export function isTooEarly({ planned, runAt, job }: Known): boolean {
  if (!job.startedAt) return false;
  if (runAt && job.startedAt < runAt) return true;
  if (planned.kind !== "sleeping" || job.status !== "completed") return false;
  // It sleeps once, and then half as long.
  const sleptMs = Number(job.finishedAt) - Number(job.startedAt);
  return sleptMs < Math.floor(Number(planned.input.sleepMs) * 1.5);
}

/** The job was completed by an attempt that was made to fail. */
export function completedTooEarly({ planned, job }: Known): boolean {
  return job.status === "completed" && !job.cached && job.attempt < firstGoodAttempt(planned);
}

function firstGoodAttempt({ kind, input }: Planned): number {
  switch (kind) {
    case "failing":
      return input.isPermanent === true ? Number.POSITIVE_INFINITY : Number(input.failures) + 1;
    case "cached":
      return input.isPermanent === true ? Number.POSITIVE_INFINITY : 1;
    case "crashing":
      return Number(input.crashes) + 1;
    case "waiting":
      return input.wait === "backoff" ? 2 : 1;
    case "ordered":
      return Number(input.seq) % 7 === 3 ? 2 : 1;
    default:
      return 1;
  }
}

/** 200: it is cancelled; 202: it will be, unless it completes first; 409: it has another final status. */
export function isWrongAboutCancelling({ cancelStatus, job: { status } }: Known): boolean {
  if (cancelStatus === undefined) return status === "cancelled";
  if (!isFinal(status)) return false;
  const kept: Record<number, readonly string[]> = {
    200: ["cancelled"],
    202: ["cancelled", "completed"],
    409: ["completed", "failed"],
  };
  return !kept[cancelStatus]?.includes(status);
}

/** The output is not what the handler answers to this job's input, or comes from another job without being shared. */
export function hasOtherOutput({ planned, jobId, job }: Known, evidence: Evidence): boolean {
  const output = evidence.results.get(jobId)?.output;
  if (job.status !== "completed" || output === undefined) return false;
  if (planned.kind !== "cached") return job.cached === true || !isDeepStrictEqual(output, outputOf(planned, job));
  const source = job.cached ? sharedFrom(evidence, planned, output) : jobId;
  return !isDeepStrictEqual(output, { n: planned.input.n, ranAs: source });
}

function outputOf({ kind, input }: Planned, { attempt }: Job): unknown {
  switch (kind) {
    case "short":
      return { n: input.n };
    case "stepped":
      return { count: input.steps };
    case "parallel":
      // The numbers below 200, added up.
      return { sum: 19_900 };
    case "ordered":
      return { seq: input.seq };
    case "contested":
      // Each attempt answers its own number.
      return { attempt };
    default:
      return null;
  }
}

/** The job of the same owner and input that ran and completed with this output. */
function sharedFrom({ accepted, jobs }: Evidence, { owner, input }: Planned, output: unknown): string | undefined {
  return accepted.find(({ planned, jobId }) => {
    const job = jobs.get(jobId);
    const isEqual = planned.kind === "cached" && planned.owner === owner && planned.input.n === input.n;
    return isEqual && ranAs(output) === jobId && job?.status === "completed" && !job.cached;
  })?.jobId;
}

function ranAs(output: unknown): unknown {
  return typeof output === "object" && output !== null && "ranAs" in output ? output.ranAs : undefined;
}
