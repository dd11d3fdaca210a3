import { randomInt, randomUUID } from "node:crypto";
import type { Limits } from "../../engine/src/accounts/tiers.ts";
import type { Job } from "../../engine/src/jobs/rules/job.ts";
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

/** Limits nobody meets, unless a test names lower ones. */
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

/** A fresh queued job of type `test.job`, at most three attempts, accepted at `at`; `given` replaces what it names. */
export function aJob(given: Partial<Job> = {}, at = new Date("2026-01-01T00:00:00.000Z")): Job {
  const { limits: _, inputBytes: __, ...request } = aSubmission({ owner: "alice" });
  return {
    ...request,
    status: "queued",
    progress: 0,
    attempt: 0,
    concurrencyLimit: 5,
    shard: 0,
    dueAt: new Date(at.getTime() + 60_000),
    createdAt: at,
    queuedAt: at,
    updatedAt: at,
    retentionMs: 30 * 24 * 3_600_000,
    expireAt: new Date(at.getTime() + 30 * 24 * 3_600_000),
    history: [{ status: "queued", at, attempt: 0 }],
    ...given,
  };
}
