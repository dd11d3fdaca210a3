import { randomInt, randomUUID } from "node:crypto";
import type { FinalStatus } from "@baton/protocol";
import type { Limits } from "../../engine/src/accounts/tiers.ts";
import type { FinalJob, Job, PendingJob, ProcessingJob, QueuedJob } from "../../engine/src/jobs/rules/job.ts";
import type { Submission } from "../../engine/src/jobs/rules/submission.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A job id no other test has. */
export function randomJobId(): string {
  return Array.from({ length: 20 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** An owner no other test has. */
export function randomOwner(): string {
  return `owner-${randomUUID()}`;
}

/** Limits that no test reaches, unless it names lower ones. */
export function limits(given: Partial<Limits> = {}): Limits {
  const wide = { jobsPerMinute: 100_000, jobsPerDay: 1_000_000, activeJobs: 1000 };
  const bytes = { maxInputBytes: 921_600, inputBytesPerDay: 1_000_000_000_000, maxFileBytes: 100_000_000 };
  const rates = {
    sendsPerMinute: 100_000,
    uploadsPerMinute: 100_000,
    changesPerMinute: 100_000,
    erasuresPerHour: 1000,
    requestsPerMinute: 1_000_000,
  };
  return { ...wide, ...bytes, ...rates, retentionDays: 30, endpoints: 20, ...given };
}

/** A submission of `test.job` by a fresh owner, at most three attempts; `given` replaces what it names. */
export function aSubmission(given: Partial<Submission> = {}): Submission {
  const request = { type: "test.job", owner: randomOwner(), queue: "default", maxAttempts: 3, tags: [], metadata: {} };
  return { jobId: randomJobId(), ...request, limits: limits(), inputBytes: 2, ...given };
}

/** Fields of a job. One that is not queued names its status. */
export type GivenJob =
  | Partial<QueuedJob>
  | (Partial<PendingJob> & { status: "pending" })
  | (Partial<ProcessingJob> & { status: "processing" })
  | (Partial<FinalJob> & { status: FinalStatus });

/**
 * A job of type `test.job` accepted at `at`, at most three attempts; `given` replaces what it names. Queued when it
 * names no status. A pending one waits for its time, a processing one has the lease `a`.
 */
export function aJob(given?: Partial<QueuedJob>, at?: Date): QueuedJob;
export function aJob(given: Partial<PendingJob> & { status: "pending" }, at?: Date): PendingJob;
export function aJob(given: Partial<ProcessingJob> & { status: "processing" }, at?: Date): ProcessingJob;
export function aJob(given: Partial<FinalJob> & { status: FinalStatus }, at?: Date): FinalJob;
export function aJob(given?: GivenJob, at?: Date): Job;
export function aJob(given: GivenJob = {}, at = new Date("2026-01-01T00:00:00.000Z")): Job {
  const fields = fieldsAt(at);
  const dueAt = new Date(at.getTime() + 60_000);
  switch (given.status) {
    case "pending":
      return { ...fields, waitingFor: "time", dueAt, ...given };
    case "processing":
      return { ...fields, lease: { id: "a", until: dueAt }, dueAt, startedAt: at, ...given };
    case "completed":
    case "failed":
    case "cancelled":
      return { ...fields, finishedAt: at, ...given };
    default:
      return { ...fields, dueAt, ...given, status: "queued" };
  }
}

function fieldsAt(at: Date) {
  const { limits: _, inputBytes: __, runAt: ___, ...request } = aSubmission({ owner: "alice" });
  return {
    ...request,
    progress: 0,
    attempt: 0,
    concurrencyLimit: 5,
    shard: 0,
    createdAt: at,
    queuedAt: at,
    updatedAt: at,
    retentionMs: 30 * 24 * 3_600_000,
    expireAt: new Date(at.getTime() + 30 * 24 * 3_600_000),
    history: [{ status: "queued" as const, at, attempt: 0 }],
  };
}
