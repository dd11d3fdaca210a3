import assert from "node:assert/strict";
import type { Job, QueuedJob } from "../../../engine/src/jobs/rules/job.ts";
import { finishJob } from "../../../engine/src/jobs/rules/status.ts";
import { DEFAULT_TIMING, type Timing } from "../../../engine/src/jobs/rules/timing.ts";
import { aJob } from "../../support/jobs.ts";
import { claimBy, play } from "./job-commands.ts";

const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n));

const NOW = new Date("2026-01-01T00:00:00.000Z");
const IN_A_MINUTE = new Date("2026-01-01T00:01:00.000Z");

describe("the end of a job", () => {
  const dueAtOf = (given: Partial<QueuedJob>) => finishJob(aJob(given), "completed", NOW, DEFAULT_TIMING).result.dueAt;

  it("asks for a recheck of its result when a subscriber may exist", () => {
    assert.deepEqual(dueAtOf({ hasWebhookUrl: true }), IN_A_MINUTE);
    assert.deepEqual(dueAtOf({ hasEndpoints: true }), IN_A_MINUTE);
  });

  it("asks for no recheck without a possible subscriber", () => {
    assert.equal(dueAtOf({}), undefined);
  });

  it("asks for a recheck of its result where ends like it are announced, and of no other", () => {
    const timing: Timing = { ...DEFAULT_TIMING, announcedEnds: ["failed"] };
    assert.deepEqual(finishJob(aJob(), "failed", NOW, timing).result.dueAt, IN_A_MINUTE);
    assert.equal(finishJob(aJob(), "completed", NOW, timing).result.dueAt, undefined);
  });
});

describe("the history of a job", () => {
  /** A job that runs for two of every three seconds and sleeps for the third, `times` times; accepted at second 0. */
  function aSleeper(times: number) {
    let job: Job = aJob({}, second(0));
    for (let n = 0; n < times; n++) {
      job = play(job, [claimBy("a")], second(3 * n + 1));
      job = play(job, [{ kind: "suspend", leaseId: "a", until: second(3 * n + 4) }], second(3 * n + 3));
    }
    return job;
  }

  it("keeps every line up to sixty", () => {
    const { history, droppedProcessingMs } = aSleeper(29);
    assert.deepEqual([history.length, droppedProcessingMs], [59, undefined]);
  });

  it("keeps the first line and the last 59, and how long the others had been processing", () => {
    const { history, droppedProcessingMs } = aSleeper(100);
    assert.equal(history.length, 60);
    assert.deepEqual(history[0], { status: "queued", at: second(0), attempt: 0 });
    assert.deepEqual(history[1], { status: "queued", at: second(213), attempt: 1, reason: "sleeping" });
    assert.equal(droppedProcessingMs, 142_000);
  });

  it("counts a time whose end alone is still in the history", () => {
    const job = aSleeper(30);
    assert.deepEqual(job.history[1], { status: "queued", at: second(3), attempt: 1, reason: "sleeping" });
    assert.equal(job.droppedProcessingMs, 2000);
  });
});
