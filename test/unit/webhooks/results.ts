import type { JobResult } from "../../../engine/src/jobs/rules/job.ts";

/** A completed job's result, ended at 12:00 on 1 January 2026; `given` replaces what it names. */
export function aResult(given: Partial<JobResult> = {}): JobResult {
  return {
    jobId: "aaaaaaaaaaaaaaaaaaaa",
    type: "test.job",
    owner: "alice",
    status: "completed",
    output: { answer: 42 },
    attempt: 1,
    durationMs: 1500,
    tags: ["blue"],
    metadata: { order: "7" },
    createdAt: new Date("2026-01-01T12:00:00.000Z"),
    expireAt: new Date("2026-01-31T12:00:00.000Z"),
    shard: 3,
    ...given,
  };
}
