import type { JsonValue } from "@baton/protocol";
import type { JobStore, NotFound } from "../jobs/ports.ts";
import type { Job } from "../jobs/rules/job.ts";
import { holdsLease } from "../jobs/rules/lease.ts";
import { type PromotionAnswer, promote, promotionReads } from "../jobs/rules/promotion.ts";
import { type Acceptance, accept, newJob, type Submission, submissionReads } from "../jobs/rules/submission.ts";
import { DEFAULT_TIMING, type Timing } from "../jobs/rules/timing.ts";
import { type JobCommand, type Transition, transition } from "../jobs/rules/transitions.ts";
import { type JobData, newJobData, promotionContext, storeAnswer } from "./memory-job-data.ts";
import {
  countActive,
  listDue,
  listFollowers,
  listJobs,
  listSleeping,
  listWaiting,
  readNextInLane,
} from "./memory-job-queries.ts";

/** A job store that can be given a job in any state. */
export type MemoryJobStore = JobStore & { put(job: Job, input: JsonValue): Promise<void> };

/** The job store in memory, on the same rules; held to the same contract as Firestore's. */
export function memoryJobStore(timing: Timing = DEFAULT_TIMING): MemoryJobStore {
  const data = newJobData();
  const { jobs, inputs, results, usages } = data;
  return {
    put: async (job, input) => put(data, job, input),
    submit: async (submission, input, now) => submit(data, submission, input, now, timing),
    promote: async (jobId, now) => promoteJob(data, jobId, now, timing),
    apply: async (jobId, command, now) => apply(data, jobId, command, now, timing),
    async claim(jobId, lease, now) {
      const answer = apply(data, jobId, { kind: "claim", ...lease }, now, timing);
      const input = inputs.get(jobId);
      return answer.outcome === "moved" && input !== undefined ? { ...answer, input: structuredClone(input) } : answer;
    },
    read: async (jobId) => structuredClone(jobs.get(jobId)),
    watchLease: (jobId, leaseId, then) => watchLease(data, jobId, leaseId, then),
    list: async (filter) => listJobs(data, filter),
    listDue: async (shards, by, limit) => listDue(data, shards, by, limit),
    listSleeping: async (after, by, limit) => listSleeping(data, after, by, limit),
    putOff: async (jobId, now, until) => putOff(data, jobId, now, until),
    listWaiting: async (owner, limit) => listWaiting(data, owner, limit),
    readNextInLane: async (lane) => readNextInLane(data, lane),
    listFollowers: async (jobId, limit) => listFollowers(data, jobId, limit),
    readInput: async (jobId) => structuredClone(inputs.get(jobId)),
    readResult: async (jobId) => structuredClone(results.get(jobId)),
    readUsage: async (owner) => structuredClone(usages.get(owner)),
    countActive: async (owner) => countActive(data, owner),
  };
}

function put({ jobs, inputs }: JobData, job: Job, input: JsonValue): void {
  jobs.set(job.jobId, structuredClone(job));
  inputs.set(job.jobId, structuredClone(input));
}

function submit(data: JobData, submission: Submission, input: JsonValue, now: Date, timing: Timing): Acceptance {
  const { jobs, inputs, webhookUrls } = data;
  const { jobId, owner, webhookUrl } = submission;
  const [job, known] = [jobs.get(jobId), webhookUrls.get(jobId)];
  const existing = job && { job, ...(known !== undefined && { webhookUrl: known }) };
  const context = promotionContext(data, owner, submissionReads(newJob(submission, now), now));
  const answer = structuredClone(accept(submission, { ...context, ...(existing && { existing }) }, now, timing));
  if (answer.outcome === "accepted") {
    storeAnswer(data, answer);
    if (webhookUrl !== undefined) webhookUrls.set(jobId, webhookUrl);
    inputs.set(jobId, structuredClone(input));
  }
  return answer;
}

function promoteJob(data: JobData, jobId: string, now: Date, timing: Timing): PromotionAnswer | NotFound {
  const job = data.jobs.get(jobId);
  if (!job) return { outcome: "not-found" };
  const context = promotionContext(data, job.owner, promotionReads(job, now));
  const answer = structuredClone(promote(job, context, now, timing));
  if (answer.outcome === "moved") storeAnswer(data, answer);
  return answer;
}

function apply(data: JobData, jobId: string, command: JobCommand, now: Date, timing: Timing): Transition | NotFound {
  const job = data.jobs.get(jobId);
  if (!job) return { outcome: "not-found" };
  const answer = structuredClone(transition(job, command, now, timing));
  if (answer.outcome === "moved") storeAnswer(data, answer);
  return answer;
}

function watchLease({ jobs, watches }: JobData, ...[jobId, leaseId, then]: Parameters<JobStore["watchLease"]>) {
  const look = () => {
    const job = jobs.get(jobId);
    const isHeld = job !== undefined && holdsLease(job, leaseId);
    if (isHeld && !job.cancelRequested) return;
    watches.delete(look);
    then(isHeld ? "cancelled" : "lease-lost");
  };
  watches.add(look);
  look();
  return () => watches.delete(look);
}

function putOff({ jobs }: JobData, jobId: string, now: Date, until: Date): void {
  const job = jobs.get(jobId);
  if (job?.dueAt && job.dueAt <= now) jobs.set(jobId, { ...job, dueAt: until });
}
