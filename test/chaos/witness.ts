import { isFinal, type Job, type JobResult } from "../../engine/src/jobs/rules/job.ts";
import { hasTicket, leaseIdOf, type SeenJob } from "./documents.ts";

/** The broken promises that were seen while documents changed. */
export interface Seen {
  /** Jobs that changed after they were final. */
  revived: string[];
  /** Jobs whose progress fell within an attempt, or whose attempts fell. */
  backwards: string[];
  /** Owners of whom more jobs than their slots were queued or running at one moment. */
  overLimit: string[];
  /** Results that changed after they were there. */
  rewritten: string[];
  /** Jobs with the result of a lease after another lease was seen to follow it. */
  late: string[];
  /**
   * Jobs that were under a lease again after another one was seen to follow it, or that showed a step of another
   * attempt.
   */
  stale: string[];
}

/** One change of a document; `isGone`: it is not there any more, and `document` is what it was. */
export interface Change<T> {
  document: T;
  isGone: boolean;
}

/** Remembers the documents that it is shown, and the broken promises in them. */
export interface Witness {
  seen: Seen;
  /** As they were last shown, without those that are gone. */
  jobs: ReadonlyMap<string, SeenJob>;
  results: ReadonlyMap<string, JobResult>;
  /** Takes changed jobs, in the order of their changes. */
  showJobs(changes: readonly Change<SeenJob>[]): void;
  showResults(changes: readonly Change<JobResult>[]): void;
  /** Takes all jobs that were queued or running at one moment; others among them do not count. */
  showInFlight(jobs: Iterable<Job>): void;
}

/**
 * A witness of the jobs of these owners; `slots` says how many each may have in flight. The witness does not ask the
 * jobs themselves: they may have been given too many.
 */
export function createWitness(slots: ReadonlyMap<string, number>): Witness {
  const seen: Seen = { revived: [], backwards: [], overLimit: [], rewritten: [], late: [], stale: [] };
  const jobs = new Map<string, SeenJob>();
  const results = new Map<string, JobResult>();
  // A document that is gone and comes back is compared with the one from before.
  const lastJobs = new Map<string, Job>();
  const lastResults = new Map<string, JobResult>();
  // Of each job, in the order in which they were seen first.
  const leases = new Map<string, Set<string>>();
  return {
    seen,
    jobs,
    results,
    showJobs(changes) {
      for (const { document: job, isGone } of changes) {
        const before = lastJobs.get(job.jobId);
        if (before && isFinal(before.status) && endOf(before) !== endOf(job)) seen.revived.push(job.jobId);
        if (before && isBehind(job, before)) seen.backwards.push(job.jobId);
        lastJobs.set(job.jobId, job);
        if (showsOtherAttempt(job) || isLeaseBack(job, leases.get(job.jobId))) seen.stale.push(job.jobId);
        const leaseId = leaseIdOf(job);
        if (leaseId !== undefined) leases.set(job.jobId, new Set([...(leases.get(job.jobId) ?? []), leaseId]));
        if (isGone) jobs.delete(job.jobId);
        else jobs.set(job.jobId, job);
      }
    },
    showResults(changes) {
      for (const { document: result, isGone } of changes) {
        const before = lastResults.get(result.jobId);
        if (before && outcomeOf(before) !== outcomeOf(result)) seen.rewritten.push(result.jobId);
        lastResults.set(result.jobId, result);
        const takenOver = [...(leases.get(result.jobId) ?? [])].slice(0, -1);
        if (result.leaseId !== undefined && takenOver.includes(result.leaseId)) seen.late.push(result.jobId);
        if (isGone) results.delete(result.jobId);
        else results.set(result.jobId, result);
      }
    },
    showInFlight(inFlight) {
      seen.overLimit.push(...ownersOverLimit(inFlight, slots));
    },
  };
}

function endOf({ status, attempt, finishedAt, history }: Job): string {
  return JSON.stringify({ status, attempt, finishedAt, lines: history.length });
}

function outcomeOf({ status, output, error, leaseId, attempt, createdAt }: JobResult): string {
  return JSON.stringify({ status, output, error, leaseId, attempt, createdAt });
}

function isBehind(job: Job, before: Job): boolean {
  return job.attempt < before.attempt || (job.attempt === before.attempt && job.progress < before.progress);
}

/** A step of a contested job: `attempt 2, work 5`. */
const STEP_OF_ATTEMPT = /^attempt (\d+), /;

/** The job shows a step of an attempt that is not its own. */
function showsOtherAttempt({ step = "", attempt }: Job): boolean {
  const named = STEP_OF_ATTEMPT.exec(step)?.[1];
  return named !== undefined && Number(named) !== attempt;
}

/** The job is under a lease that another one had followed. */
function isLeaseBack(job: Job, leases: ReadonlySet<string> = new Set()): boolean {
  const leaseId = leaseIdOf(job);
  return leaseId !== undefined && [...leases].slice(0, -1).includes(leaseId);
}

function ownersOverLimit(jobs: Iterable<Job>, slots: ReadonlyMap<string, number>): string[] {
  const inFlight = new Map<string, number>();
  const over = new Set<string>();
  for (const job of jobs) {
    const { owner, status } = job;
    if (status !== "queued" && status !== "processing") continue;
    if (cleansUpWithoutSlot(job)) continue;
    const count = (inFlight.get(owner) ?? 0) + 1;
    inFlight.set(owner, count);
    const limit = slots.get(owner) ?? 0;
    if (count > limit) over.add(`${owner} had more than ${limit}`);
  }
  return [...over];
}

/**
 * The job waited when it was cancelled, and is called only to clean up after itself: it has no slot, though it may have
 * a ticket that was not yet served.
 */
function cleansUpWithoutSlot(job: Job): boolean {
  if (!job.cancelRequested) return false;
  const cleanUp = job.history.findIndex(({ reason }) => reason === "cleanup");
  return !hasTicket(job) || job.history[cleanUp - 1]?.status === "pending";
}
