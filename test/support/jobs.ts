import { randomInt, randomUUID } from "node:crypto";
import type { Job } from "../../functions/src/core/job.ts";
import { newJob } from "../../functions/src/core/new-job.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A job id no other test has. */
export function randomJobId(): string {
  return Array.from({ length: 20 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** An owner no other test has. */
export function randomOwner(): string {
  return `owner-${randomUUID()}`;
}

/** A fresh queued job of type `test.job`, at most three attempts, accepted at `at`; `given` replaces what it names. */
export function aJob(given: Partial<Job> = {}, at = new Date("2026-01-01T00:00:00.000Z")): Job {
  const request = { type: "test.job", owner: "alice", queue: "default", maxAttempts: 3, tags: [], metadata: {} };
  return { ...newJob({ jobId: randomJobId(), ...request }, at), ...given };
}
