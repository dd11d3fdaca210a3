import type { Firestore } from "@google-cloud/firestore";
import type { Job, JobResult } from "../../functions/src/core/job.ts";
import { isFinal } from "../../functions/src/core/job.ts";
import { jobFrom, resultFrom } from "../../functions/src/gcp/firestore/job-documents.ts";

/** What a listener saw of the documents while they changed. */
export interface Seen {
  /** Jobs that left a final status. */
  revived: string[];
  /** Jobs whose progress fell within an attempt. */
  backwards: string[];
  /** Owners of whom more jobs than their slots were queued or running in one snapshot. */
  overLimit: string[];
  /** Results that changed after they were there. */
  rewritten: string[];
}

export interface Observation {
  seen: Seen;
  jobs: ReadonlyMap<string, Job>;
  results: ReadonlyMap<string, JobResult>;
  stop(): void;
}

/** Listens to all jobs and results of these owners, as a browser would, and keeps what must never be seen. */
export function observe(db: Firestore, owners: readonly string[]): Observation {
  const seen: Seen = { revived: [], backwards: [], overLimit: [], rewritten: [] };
  const jobs = new Map<string, Job>();
  const results = new Map<string, JobResult>();
  const ignore = () => undefined;
  const stopJobs = db
    .collection("jobs")
    .where("owner", "in", owners)
    .onSnapshot((snapshot) => {
      for (const { doc } of snapshot.docChanges()) {
        const job = jobFrom(doc.data());
        const before = jobs.get(job.jobId);
        if (before && isFinal(before.status) && before.status !== job.status) seen.revived.push(job.jobId);
        if (before?.attempt === job.attempt && before.progress > job.progress) seen.backwards.push(job.jobId);
        jobs.set(job.jobId, job);
      }
      seen.overLimit.push(...ownersOverLimit(jobs.values()));
    }, ignore);
  const stopResults = db
    .collection("results")
    .where("owner", "in", owners)
    .onSnapshot((snapshot) => {
      for (const { doc } of snapshot.docChanges()) {
        const result = resultFrom(doc.data());
        const before = results.get(result.jobId);
        if (before && outcomeOf(before) !== outcomeOf(result)) seen.rewritten.push(result.jobId);
        results.set(result.jobId, result);
      }
    }, ignore);
  return {
    seen,
    jobs,
    results,
    stop() {
      stopJobs();
      stopResults();
    },
  };
}

function outcomeOf({ status, output, error, leaseId, attempt }: JobResult): string {
  return JSON.stringify({ status, output, error, leaseId, attempt });
}

function ownersOverLimit(jobs: Iterable<Job>): string[] {
  const inFlight = new Map<string, number>();
  const over = new Set<string>();
  for (const { owner, status, place, slots } of jobs) {
    if (place === undefined || (status !== "queued" && status !== "processing")) continue;
    const count = (inFlight.get(owner) ?? 0) + 1;
    inFlight.set(owner, count);
    if (count > slots) over.add(`${owner} had more than ${slots}`);
  }
  return [...over];
}
