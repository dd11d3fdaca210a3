import { isFinal, type Job } from "../../engine/src/jobs/rules/job.ts";
import {
  endsElsewhere,
  failedEarly,
  finishedTwice,
  isFinalAndHolds,
  isForeignResult,
  isOtherJob,
  isPath,
  lacksResult,
  miscountsAttempts,
} from "./check-jobs.ts";
import { acknowledgedTooEarly, wroteWithoutLease } from "./check-leases.ts";
import {
  overlaps,
  staleCacheEntries,
  wrongCache,
  wrongCleanUps,
  wrongCounts,
  wrongOrder,
  wrongWebhooks,
} from "./check-together.ts";
import { completedTooEarly, hasOtherOutput, isTooEarly, isWrongAboutCancelling } from "./check-work.ts";
import type { Evidence } from "./evidence.ts";
import type { Accepted } from "./submit-all.ts";

/** One promise, and the jobs (or keys) for which it was broken. */
export interface Check {
  promise: string;
  broken: string[];
}

/** Holds the evidence of a run against what Baton promises. Pure. */
export function check(evidence: Evidence): Check[] {
  const { accepted, jobs, results, seen } = evidence;
  const acceptedIds = new Set(accepted.map(({ jobId }) => jobId));
  const known = accepted.flatMap((one) => {
    const job = jobs.get(one.jobId);
    return job ? [{ ...one, job }] : [];
  });
  const jobsWhere = (isBroken: (job: Job) => boolean) => idsOf([...jobs.values()].filter(isBroken));
  const acceptedWhere = (isBroken: (one: Accepted & { job: Job }) => boolean) => idsOf(known.filter(isBroken));
  const lost = [...acceptedIds].filter((jobId) => !jobs.has(jobId));
  const unasked = [...new Set([...jobs.keys(), ...results.keys()])].filter((jobId) => !acceptedIds.has(jobId));
  const shared = accepted.filter(({ jobId }, index) => accepted.findIndex((one) => one.jobId === jobId) !== index);

  return [
    { promise: "no accepted job is lost", broken: lost },
    { promise: "every accepted job ends", broken: jobsWhere(({ status }) => !isFinal(status)) },
    { promise: "one idempotency key makes one job", broken: [...unasked, ...idsOf(shared)] },
    { promise: "a job is what was submitted", broken: acceptedWhere(isOtherJob) },
    { promise: "no job finishes twice", broken: [...jobsWhere(finishedTwice), ...seen.revived, ...seen.rewritten] },
    { promise: "each job has one result, that says the same", broken: jobsWhere((job) => lacksResult(job, results)) },
    {
      promise: "a result belongs to the lease that held the job, or to nobody's work",
      broken: [...foreignResults(evidence), ...seen.late],
    },
    {
      promise: "a worker that lost its lease changes nothing",
      broken: [...new Set([...seen.stale, ...wroteWithoutLease(evidence)])],
    },
    { promise: "a message is acknowledged after its work, not before", broken: acknowledgedTooEarly(evidence) },
    { promise: "a job that ended holds nothing", broken: jobsWhere(isFinalAndHolds) },
    { promise: "history is a path of the table", broken: jobsWhere((job) => !isPath(job) || endsElsewhere(job)) },
    { promise: "every attempt is counted once", broken: jobsWhere(miscountsAttempts) },
    { promise: "attempts never exceed the maximum", broken: jobsWhere((job) => job.attempt > job.maxAttempts) },
    { promise: "no job fails with attempts left, but for good", broken: acceptedWhere(failedEarly) },
    { promise: "progress never goes back within an attempt", broken: seen.backwards },
    { promise: "no owner has more jobs in flight than slots", broken: [...new Set(seen.overLimit)] },
    { promise: "no job runs before its time, and no sleep is cut short", broken: acceptedWhere(isTooEarly) },
    { promise: "jobs with one ordering key take effect in order, once", broken: wrongOrder(evidence) },
    { promise: "jobs with one ordering key never overlap", broken: overlaps(evidence) },
    { promise: "a step takes effect once", broken: wrongCounts(evidence) },
    { promise: "equal inputs run once at a time, and share their output", broken: wrongCache(evidence) },
    { promise: "a cache entry names a job that runs, or that completed", broken: staleCacheEntries(evidence) },
    {
      promise: "a completed job has the output of its own input",
      broken: acceptedWhere((one) => hasOtherOutput(one, evidence)),
    },
    {
      promise: "the answer to a wish to cancel is kept, and nothing else is cancelled",
      broken: acceptedWhere(isWrongAboutCancelling),
    },
    {
      promise: "a clean-up runs exactly when a cancelled job had begun, or the result says why not",
      broken: wrongCleanUps(evidence),
    },
    { promise: "an attempt that fails or crashes never completes its job", broken: acceptedWhere(completedTooEarly) },
    { promise: "one webhook-id per job and event, with the job's outcome", broken: wrongWebhooks(evidence) },
  ];
}

/** A lease is one attempt's: no two results name the same. */
function foreignResults({ jobs, results }: Evidence): string[] {
  const leases = new Set<string>();
  return idsOf(
    [...results.values()].filter((result) => {
      const isShared = result.leaseId !== undefined && leases.has(result.leaseId);
      if (result.leaseId !== undefined) leases.add(result.leaseId);
      return isShared || isForeignResult(result, jobs.get(result.jobId));
    }),
  );
}

function idsOf(things: readonly { jobId: string }[]): string[] {
  return things.map(({ jobId }) => jobId);
}
