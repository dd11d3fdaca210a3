import assert from "node:assert/strict";
import sinon from "sinon";
import { handOverSleepingJobs } from "../../../engine/src/jobs/sweep/sleeping-jobs.ts";
import { aSweep, inMs, NOW } from "./a-sweep.ts";

const BY = inMs(75_000);
const ENDS_AT = inMs(55_000);
const LONG_AGO = inMs(-3_600_000);
/** A job that has slept for an hour, and does so for `ms` more. */
const asleep = (ms: number) => ({
  status: "pending" as const,
  waitingFor: "time" as const,
  runAt: inMs(ms),
  dueAt: inMs(ms),
  updatedAt: LONG_AGO,
});

describe("handOverSleepingJobs", () => {
  it("has a job woken at its time, and waits for nothing", async () => {
    const { ports, put, wakes } = aSweep();
    const job = await put(asleep(20_000));
    assert.equal(await handOverSleepingJobs(ports, NOW, BY, ENDS_AT), 1);
    assert.deepEqual(wakes(), [{ jobId: job.jobId, at: "2026-01-01T01:00:20.000Z" }]);
  });

  it("hands over every job of a span, also more of one moment than a page holds", async () => {
    const { ports, put, wakes } = aSweep();
    const ids: string[] = [];
    for (let i = 0; i < 1200; i++) ids.push((await put(asleep(i < 1150 ? 30_000 : 75_000))).jobId);
    assert.equal(await handOverSleepingJobs(ports, NOW, BY, ENDS_AT), 1200);
    assert.deepEqual(
      wakes()
        .map(({ jobId }) => jobId)
        .sort(),
      ids.sort(),
    );
  });

  it("leaves out a job that was handed over when it began to wait, less than a minute before its time", async () => {
    const { ports, put, wakes } = aSweep();
    await put({ ...asleep(20_000), updatedAt: inMs(-40_000) });
    const job = await put({ ...asleep(20_000), updatedAt: inMs(-40_001) });
    assert.equal(await handOverSleepingJobs(ports, NOW, BY, ENDS_AT), 1);
    assert.deepEqual(
      wakes().map(({ jobId }) => jobId),
      [job.jobId],
    );
  });

  it("asks once when no job's time is near", async () => {
    const { ports, put, wakes } = aSweep();
    await put(asleep(75_001));
    const listSleeping = sinon.spy(ports.jobs.listSleeping);
    await handOverSleepingJobs({ ...ports, jobs: { ...ports.jobs, listSleeping } }, NOW, BY, ENDS_AT);
    assert.deepEqual([listSleeping.callCount, wakes()], [1, []]);
  });

  it("hands over no job that runs, or waits for something else", async () => {
    const { ports, put } = aSweep();
    await put({ status: "processing", lease: { id: "l", until: inMs(20_000) }, dueAt: inMs(20_000) });
    await put({ status: "pending", waitingFor: "slot", ticket: 1, dueAt: inMs(20_000) });
    assert.equal(await handOverSleepingJobs(ports, NOW, BY, ENDS_AT), 0);
  });

  it("hands over the others when a message is not taken", async () => {
    const { ports, put } = aSweep();
    for (const ms of [10_000, 20_000]) await put(asleep(ms));
    const publishWake = sinon.stub().resolves(undefined).onFirstCall().rejects(new Error("no Pub/Sub"));
    const publisher = { ...ports.publisher, publishWake };
    assert.equal(await handOverSleepingJobs({ ...ports, publisher }, NOW, BY, ENDS_AT), 1);
    assert.equal(ports.log.warn.callCount, 1);
  });

  it("begins no further page when its time is over", async () => {
    const { ports, put, clock } = aSweep();
    for (let i = 0; i < 600; i++) await put(asleep(30_000));
    await clock.advance(55_000);
    assert.equal(await handOverSleepingJobs(ports, NOW, BY, ENDS_AT), 500);
  });

  it("does nothing when it is not to look ahead", async () => {
    const { ports, put } = aSweep();
    await put(asleep(20_000));
    assert.equal(await handOverSleepingJobs(ports, NOW, NOW, ENDS_AT), 0);
  });
});
