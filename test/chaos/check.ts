import { isFinal, type Job } from "../../engine/src/jobs/rules/job.ts";
import {
  endsElsewhere,
  failedEarly,
  finalTwice,
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
import type { SeenJob } from "./documents.ts";
import type { Evidence } from "./evidence.ts";
import type { Accepted } from "./submit-all.ts";

/** One promise, and the jobs (or keys) for which it was broken. */
export interface Check {
  promise: string;
  broken: string[];
}

/** Checks the evidence of a run against what Baton promises. Pure. */
export function check(evidence: Evidence): Check[] {
  const { accepted, jobs } = evidence;
  const known = accepted.flatMap((one) => {
    const job = jobs.get(one.jobId);
    return job ? [{ ...one, job }] : [];
  });
  const where: Where = {
    jobs: (isBroken) => idsOf([...jobs.values()].filter(isBroken)),
    accepted: (isBroken) => idsOf(known.filter(isBroken)),
  };
  return [
    ...checkLives(evidence, where),
    ...checkWorkers(evidence, where),
    ...checkOrder(evidence, where),
    ...checkWork(evidence, where),
  ];
}

/** Selects the ids of jobs for which a promise is broken. */
interface Where {
  jobs(isBroken: (job: SeenJob) => boolean): string[];
  /** Those that were accepted, and not lost. */
  accepted(isBroken: (one: Accepted & { job: Job }) => boolean): string[];
}

/** From the submission to the result. */
function checkLives({ accepted, jobs, results, seen }: Evidence, where: Where): Check[] {
  const acceptedIds = new Set(accepted.map(({ jobId }) => jobId));
  const lost = [...acceptedIds].filter((jobId) => !jobs.has(jobId));
  const unasked = [...new Set([...jobs.keys(), ...results.keys()])].filter((jobId) => !acceptedIds.has(jobId));
  const shared = accepted.filter(({ jobId }, index) => accepted.findIndex((one) => one.jobId === jobId) !== index);
  return [
    { promise: "no accepted job is lost", broken: lost },
    { promise: "every accepted job becomes final", broken: where.jobs(({ status }) => !isFinal(status)) },
    { promise: "one idempotency key makes one job", broken: [...unasked, ...idsOf(shared)] },
    { promise: "a job is what was submitted", broken: where.accepted(isOtherJob) },
    { promise: "no job becomes final twice", broken: [...where.jobs(finalTwice), ...seen.revived, ...seen.rewritten] },
    { promise: "each job has one result, that says the same", broken: where.jobs((job) => lacksResult(job, results)) },
  ];
}

/** Leases, messages and attempts. */
function checkWorkers(evidence: Evidence, where: Where): Check[] {
  const { seen } = evidence;
  return [
    {
      promise: "a result is of the lease that finished the job, or of no worker",
      broken: [...foreignResults(evidence), ...seen.late],
    },
    {
      promise: "a worker that lost its lease changes nothing",
      broken: [...new Set([...seen.stale, ...wroteWithoutLease(evidence)])],
    },
    { promise: "a message is acknowledged after its work, not before", broken: acknowledgedTooEarly(evidence) },
    { promise: "a final job keeps no lease, slot or lane", broken: where.jobs(isFinalAndHolds) },
    { promise: "history is a path of the table", broken: where.jobs((job) => !isPath(job) || endsElsewhere(job)) },
    { promise: "every attempt is counted once", broken: where.jobs(miscountsAttempts) },
    { promise: "attempts never exceed the maximum", broken: where.jobs((job) => job.attempt > job.maxAttempts) },
    { promise: "no job fails with attempts left, but for good", broken: where.accepted(failedEarly) },
    { promise: "progress never goes back within an attempt", broken: seen.backwards },
  ];
}

/** Slots, times and lanes. */
function checkOrder(evidence: Evidence, where: Where): Check[] {
  return [
    { promise: "no owner has more active jobs than slots", broken: [...new Set(evidence.seen.overLimit)] },
    { promise: "no job runs before its time, and no sleep is cut short", broken: where.accepted(isTooEarly) },
    { promise: "jobs with one ordering key take effect in order, once", broken: wrongOrder(evidence) },
    { promise: "jobs with one ordering key never overlap", broken: overlaps(evidence) },
  ];
}

/** The work of the handlers, and the answers and webhooks that owners got. */
function checkWork(evidence: Evidence, where: Where): Check[] {
  return [
    { promise: "a step takes effect once", broken: wrongCounts(evidence) },
    { promise: "equal inputs run once at a time, and share their output", broken: wrongCache(evidence) },
    { promise: "a cache entry names a job that runs, or that completed", broken: staleCacheEntries(evidence) },
    {
      promise: "a completed job has the output of its own input",
      broken: where.accepted((one) => hasOtherOutput(one, evidence)),
    },
    {
      promise: "the answer to a cancel request is true, and no other job is cancelled",
      broken: where.accepted(isWrongAboutCancelling),
    },
    {
      promise: "a clean-up runs exactly when a cancelled job had begun, or the result says why not",
      broken: wrongCleanUps(evidence),
    },
    { promise: "an attempt that fails or crashes never completes its job", broken: where.accepted(completedTooEarly) },
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
