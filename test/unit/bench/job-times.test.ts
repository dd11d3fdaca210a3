import assert from "node:assert/strict";
import type { JobView } from "@baton/protocol";
import { extrapolate, timesOf } from "../../../bench/job-times.ts";

/** An instant of so many seconds after the first submission. */
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 27) + seconds * 1000).toISOString();

function aJob(overrides: Partial<JobView>): JobView {
  return {
    ...{ jobId: "a", type: "test.echo", owner: "team", queue: "default", status: "completed" },
    ...{ progress: 1, attempt: 1, maxAttempts: 3, tags: [], metadata: {}, history: [] },
    ...{ createdAt: at(0), startedAt: at(1), finishedAt: at(3), updatedAt: at(3) },
    ...overrides,
  };
}

const { finishedAt: _, ...unfinished } = aJob({ status: "processing" });

describe("times of a benchmark's jobs", () => {
  it("are those of completed jobs, beside the counts of the others", () => {
    const jobs = [
      aJob({}),
      aJob({ startedAt: at(0.5), finishedAt: at(4.5), attempt: 2 }),
      aJob({ status: "failed", finishedAt: at(60) }),
      unfinished,
    ];
    assert.deepEqual(timesOf(jobs), {
      jobs: 4,
      "wait p50 ms": 500,
      "wait p95 ms": 1000,
      "run p50 ms": 2000,
      "run p95 ms": 4000,
      retries: 1,
      failed: 1,
      lost: 1,
    });
  });

  it("are extrapolated from the first submission to the last end, without jobs that did not complete", () => {
    const jobs = [aJob({}), aJob({ createdAt: at(2), startedAt: at(2), finishedAt: at(8) }), unfinished];
    assert.deepEqual(extrapolate(jobs, 172_800, 3), {
      "per second": 0.25,
      "per day": 21_600,
      factor: 0.13,
      "mean run ms": 4000,
      "jobs at once": 8,
      instances: 3,
    });
  });
});
