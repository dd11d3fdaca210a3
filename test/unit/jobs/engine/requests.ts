import type { Submission } from "../../../../engine/src/jobs/rules/submission.ts";
import type { JobCommand } from "../../../../engine/src/jobs/rules/transitions.ts";
import { limits } from "../../../support/jobs.ts";
import type { Owner, Request, Work } from "./script.ts";

/** The limits of the owners. */
export const TIERS = {
  ann: limits({ jobsPerMinute: 4, jobsPerDay: 12, activeJobs: 1 }),
  bob: limits({ jobsPerMinute: 50, jobsPerDay: 9, activeJobs: 2 }),
  cleo: limits({ activeJobs: 3 }),
} satisfies Record<Owner, unknown>;

/** Length of a worker's lease. */
export const LEASE_MS = 30_000;

/** The submission of a request made at `now`; without an idempotency key its id is `freshId`. */
export function submissionOf(request: Request, now: Date, freshId: string): Submission {
  const { owner, lane, cache, delayMs, hasCleanUp, maxAttempts, key, body } = request;
  return {
    jobId: key === undefined ? freshId : `key-${owner}-${key}`,
    type: "test.job",
    owner,
    queue: "default",
    maxAttempts,
    tags: [],
    metadata: {},
    limits: TIERS[owner],
    inputBytes: 2,
    ...(lane && { orderingKey: lane, lane: `${owner}-${lane}` }),
    ...(cache && { cache: { key: cache === "own" ? `${owner}-own` : "public", ttlMs: 120_000 } }),
    ...(delayMs !== undefined && { runAt: new Date(now.getTime() + delayMs) }),
    ...(hasCleanUp && { hasCleanUp: hasCleanUp }),
    ...(key !== undefined && { requestHashes: { body: `${body}` } }),
  };
}

/** The command of a worker with this lease at `now`. */
export function eventOf(work: Exclude<Work, { does: "die" }>, leaseId: string, now: Date): JobCommand {
  const after = (ms: number) => new Date(now.getTime() + ms);
  switch (work.does) {
    case "progress":
      return { kind: "progress", leaseId, leaseMs: LEASE_MS, progress: work.progress };
    case "complete":
      return { kind: "complete", leaseId, output: leaseId };
    case "suspend": {
      const { sleepMs, progress } = work;
      return {
        kind: "suspend",
        leaseId,
        ...(sleepMs !== undefined && { until: after(sleepMs) }),
        ...(progress !== undefined && { progress }),
      };
    }
    case "fail": {
      const { isPermanent, delayMs } = work;
      const error = { code: "boom", message: "It broke." };
      return { kind: "fail", leaseId, error, isPermanent, retryAt: after(delayMs) };
    }
    case "stop":
      return { kind: "stop", leaseId, cleanUp: work.cleanUp };
  }
}
