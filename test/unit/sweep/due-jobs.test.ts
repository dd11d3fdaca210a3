import assert from "node:assert/strict";
import { type EnginePorts, withEngine } from "../../../engine/src/jobs/engine.ts";
import type { Job } from "../../../engine/src/jobs/rules/job.ts";
import { moveDueJobs as moveJobs } from "../../../engine/src/jobs/sweep/due-jobs.ts";
import { aSweep, inMs, NOW } from "./a-sweep.ts";

const ENDS_AT = inMs(55_000);
const moveDueJobs = (ports: EnginePorts, now: Date, endsAt: Date) => moveJobs(withEngine(ports), now, endsAt);
const move = (ports: EnginePorts) => moveDueJobs(ports, NOW, ENDS_AT);

/** Jobs whose every move is refused by the store with an error. */
function unmovable(ports: EnginePorts, isBroken: (jobId: string) => boolean): EnginePorts {
  const { jobs } = ports;
  const refuse = () => Promise.reject(new Error("malformed"));
  return {
    ...ports,
    jobs: {
      ...jobs,
      apply: (jobId, event, now) => (isBroken(jobId) ? refuse() : jobs.apply(jobId, event, now)),
      promote: (jobId, now) => (isBroken(jobId) ? refuse() : jobs.promote(jobId, now)),
    },
  };
}

describe("moveDueJobs", () => {
  it("publishes what is due to its queue, and nothing else", async () => {
    const { ports, put } = aSweep();
    const due = await put({ queue: "heavy" });
    await put({ dueAt: inMs(1) });
    assert.equal(await move(ports), 1);
    assert.deepEqual(ports.publisher.publishJob.args, [["heavy", { jobId: due.jobId }]]);
  });

  it("publishes a running job whose worker is gone, so that another claims it", async () => {
    const { ports, put, published } = aSweep();
    const lease = { id: "gone", until: inMs(-1000) };
    const job = await put({ status: "processing", attempt: 1, lease });
    await move(ports);
    assert.deepEqual(published(), [job.jobId]);
    const stored = await ports.jobs.read(job.jobId);
    assert.deepEqual([stored?.status, stored?.dueAt], ["processing", inMs(60_000)]);
  });

  it("advances a job whose time has come, and publishes it once", async () => {
    const { ports, put, published } = aSweep();
    const job = await put({ status: "pending", waitingFor: "time", runAt: inMs(-1000) });
    await move(ports);
    assert.deepEqual(published(), [job.jobId]);
    assert.equal((await ports.jobs.read(job.jobId))?.status, "queued");
  });

  it("puts a job whose message was not taken into the queue, and publishes it once", async () => {
    const { ports, put, published } = aSweep();
    const job = await put({ status: "pending", waitingFor: "unpublished" });
    await move(ports);
    assert.deepEqual(published(), [job.jobId]);
    assert.equal((await ports.jobs.read(job.jobId))?.status, "queued");
  });

  it("continues after five seconds without a job that another writer has locked", async () => {
    const { ports, put, published, clock } = aSweep();
    const [locked, free] = [await put(), await put()];
    const { jobs } = ports;
    const apply: typeof jobs.apply = (jobId, event, now) =>
      jobId === locked.jobId ? new Promise(() => undefined) : jobs.apply(jobId, event, now);
    const moving = move({ ...ports, jobs: { ...jobs, apply } });
    await clock.advance(5000);
    assert.equal(await moving, 1);
    assert.deepEqual(published(), [free.jobId]);
    assert.equal(ports.log.warn.callCount, 1);
  });

  it("looks later at a job that still has to wait", async () => {
    const { ports, put, published } = aSweep();
    await put({ owner: "bob", dueAt: inMs(90_000), ticket: 1 });
    const job = await put({ owner: "bob", status: "pending", waitingFor: "slot", ticket: 2, concurrencyLimit: 1 });
    await move(ports);
    assert.deepEqual(published(), []);
    const stored = await ports.jobs.read(job.jobId);
    assert.deepEqual([stored?.status, (stored?.dueAt ?? NOW) > NOW], ["pending", true]);
  });

  it("wakes the first of a line by a look at any behind it", async () => {
    const { ports, put, published } = aSweep();
    const behind = { owner: "bob", status: "pending", waitingFor: "slot", concurrencyLimit: 1 } as const;
    const first = await put({ ...behind, ticket: 4, dueAt: inMs(3_600_000) });
    await put({ ...behind, ticket: 5, dueAt: inMs(3_600_000) });
    await put({ ...behind, ticket: 6 });
    await move(ports);
    assert.deepEqual(published(), [first.jobId]);
    assert.equal((await ports.jobs.read(first.jobId))?.status, "queued");
  });

  it("ends a cancelled job whose grace is over, and does not publish it", async () => {
    const { ports, put, published } = aSweep();
    const lease = { id: "stuck", until: inMs(-1000) };
    const job = await put({ status: "processing", lease, cancelRequested: true, cancelBy: inMs(-1000) });
    assert.equal(await move(ports), 1);
    assert.deepEqual(published(), []);
    assert.equal((await ports.jobs.read(job.jobId))?.status, "cancelled");
  });

  it("stores the next look before the message goes out", async () => {
    const { ports, put } = aSweep();
    const job = await put();
    let dueThen: Date | undefined;
    const publishJob = async () => {
      dueThen = (await ports.jobs.read(job.jobId))?.dueAt;
    };
    await move({ ...ports, publisher: { ...ports.publisher, publishJob } });
    assert.deepEqual(dueThen, inMs(3_600_000));
  });

  it("goes through every page of every shard, each job once, and never has more than 800 in flight", async () => {
    const { ports, put, published } = aSweep();
    const ids: string[] = [];
    for (let i = 0; i < 3000; i++) ids.push((await put({ shard: i % 16 })).jobId);
    let [inFlight, most] = [0, 0];
    const apply: typeof ports.jobs.apply = async (jobId, event, now) => {
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight--;
      return ports.jobs.apply(jobId, event, now);
    };
    assert.equal(await move({ ...ports, jobs: { ...ports.jobs, apply } }), 3000);
    assert.deepEqual(published().sort(), ids.sort());
    assert.ok(most <= 800, `${most} in flight`);
  });

  it("publishes nothing twice when two sweeps run at once", async () => {
    const { ports, put, published } = aSweep();
    const ids: string[] = [];
    for (let i = 0; i < 200; i++) ids.push((await put({ shard: i % 3 })).jobId);
    await Promise.all([move(ports), move(ports)]);
    assert.deepEqual(published().sort(), ids.sort());
  });

  it("holds a job that Pub/Sub did not take for a later sweep", async () => {
    const { ports, put } = aSweep();
    const job = await put();
    const publishJob = () => Promise.reject(new Error("no Pub/Sub"));
    await move({ ...ports, publisher: { ...ports.publisher, publishJob } });
    const stored = await ports.jobs.read(job.jobId);
    assert.deepEqual([stored?.status, stored?.waitingFor, stored?.dueAt], ["pending", "unpublished", inMs(30_000)]);
  });

  it("continues past jobs that cannot be moved, more than a page of them, and puts them off", async () => {
    const { ports, put, published } = aSweep();
    const broken: Job[] = [];
    for (let i = 0; i < 120; i++) broken.push(await put({ dueAt: inMs(-9000) }));
    const sound = await put({ dueAt: inMs(-1) });
    const ids = new Set(broken.map(({ jobId }) => jobId));
    await move(unmovable(ports, (jobId) => ids.has(jobId)));
    assert.deepEqual(published(), [sound.jobId]);
    assert.equal(ports.log.error.callCount, 120);
    assert.deepEqual((await ports.jobs.read(broken[0]?.jobId ?? ""))?.dueAt, inMs(300_000));
  });

  it("ends when nothing on a page can be moved nor put off", async () => {
    const { ports, put } = aSweep();
    for (let i = 0; i < 60; i++) await put();
    const putOff = () => Promise.reject(new Error("no writes"));
    const jobs = { ...ports.jobs, putOff };
    assert.equal(await move(unmovable({ ...ports, jobs }, () => true)), 0);
  });

  it("begins no more when its time is over", async () => {
    const { ports, clock, put, published } = aSweep();
    for (let i = 0; i < 300; i++) await put();
    await clock.advance(55_000);
    await move(ports);
    // As many as are moved side by side.
    assert.equal(published().length, 50);
  });

  it("rejects when the store cannot be reached", async () => {
    const { ports } = aSweep();
    const jobs = { ...ports.jobs, listDue: () => Promise.reject(new Error("UNAVAILABLE")) };
    await assert.rejects(move({ ...ports, jobs }), /UNAVAILABLE/);
  });
});
