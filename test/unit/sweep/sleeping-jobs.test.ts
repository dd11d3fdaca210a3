import assert from "node:assert/strict";
import sinon from "sinon";
import { moveSleepingJobs } from "../../../functions/src/sweep/sleeping-jobs.ts";
import { aSweep, inMs, NOW } from "./a-sweep.ts";

const BY = inMs(50_000);
const asleep = (ms: number) => ({
  status: "pending" as const,
  waitingFor: "time" as const,
  runAt: inMs(ms),
  dueAt: inMs(ms),
});

describe("moveSleepingJobs", () => {
  it("publishes a job at its time, not before", async () => {
    const { ports, clock, put, published } = aSweep();
    const job = await put(asleep(20_000));
    const run = moveSleepingJobs(ports, NOW, BY);
    await clock.advance(19_999);
    assert.deepEqual(published(), []);
    await clock.advance(1);
    assert.deepEqual(published(), [job.jobId]);
    assert.equal(await clock.runUntil(run), 1);
  });

  it("publishes jobs in the order of their times, those of one moment together", async () => {
    const { ports, clock, put, published } = aSweep();
    const unlimited = (ms: number) => ({ ...asleep(ms), slots: 1000 });
    const [last, first] = [await put(unlimited(40_000)), await put(unlimited(10_000))];
    for (let i = 0; i < 120; i++) await put(unlimited(30_000));
    const run = moveSleepingJobs(ports, NOW, BY);
    await clock.advance(30_000);
    assert.equal(published().length, 121);
    assert.equal(await clock.runUntil(run), 122);
    assert.deepEqual([published()[0], published()[121]], [first.jobId, last.jobId]);
  });

  it("asks once and ends at once when no job's time is near", async () => {
    const { ports, put } = aSweep();
    await put(asleep(50_001));
    const listSleeping = sinon.spy(ports.jobs.listSleeping);
    assert.equal(await moveSleepingJobs({ ...ports, due: { ...ports.due, listSleeping } }, NOW, BY), 0);
    assert.equal(listSleeping.callCount, 1);
  });

  it("does not stay up for jobs that run, or wait for something else", async () => {
    const { ports, put } = aSweep();
    await put({ status: "processing", lease: { id: "l", until: inMs(20_000) }, dueAt: inMs(20_000) });
    await put({ status: "pending", waitingFor: "slot", place: 1, dueAt: inMs(20_000) });
    assert.equal(await moveSleepingJobs(ports, NOW, BY), 0);
  });

  it("leaves a job that was cancelled meanwhile as it is", async () => {
    const { ports, clock, put, published } = aSweep();
    const job = await put(asleep(20_000));
    const run = moveSleepingJobs(ports, NOW, BY);
    await ports.jobs.apply(job.jobId, { kind: "cancel" }, NOW);
    await clock.runUntil(run);
    assert.deepEqual(published(), []);
  });

  it("waits on when a timer comes early", async () => {
    const { ports, clock, put, published } = aSweep();
    await put(asleep(20_000));
    const after: typeof clock.after = (ms, then) => clock.after(ms - (ms > 1 ? 1 : 0), then);
    assert.equal(await clock.runUntil(moveSleepingJobs({ ...ports, clock: { ...clock, after } }, NOW, BY)), 1);
    assert.equal(published().length, 1);
  });

  it("does nothing when it is not to look ahead", async () => {
    const { ports, put } = aSweep();
    await put(asleep(20_000));
    assert.equal(await moveSleepingJobs(ports, NOW, NOW), 0);
  });
});
