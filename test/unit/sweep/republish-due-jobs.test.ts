import assert from "node:assert/strict";
import sinon from "sinon";
import { republishDueJobs } from "../../../functions/src/sweep/republish-due-jobs.ts";
import { aJob } from "../../support/jobs.ts";
import { memoryJobStore } from "../../support/memory-job-store.ts";

const NOW = new Date("2026-01-01T01:00:00.000Z");
const PAST = new Date("2026-01-01T00:59:00.000Z");

function sweep(publishJob = sinon.fake.resolves(undefined), jobs = memoryJobStore()) {
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  return { jobs, publishJob, log, publisher: { publishJob }, clock: { now: () => NOW } };
}

const published = (publishJob: sinon.SinonSpy) => publishJob.getCalls().map((call) => call.args[1].jobId);

describe("republishDueJobs", () => {
  it("publishes what is due to its queue, and nothing else", async () => {
    const ports = sweep();
    const due = aJob({ dueAt: PAST, queue: "heavy" });
    for (const job of [due, aJob({ dueAt: new Date("2026-01-01T01:00:01.000Z") }), aJob({ status: "completed" })]) {
      await ports.jobs.create(job, null);
    }
    await republishDueJobs(ports);
    assert.deepEqual(ports.publishJob.args, [["heavy", { jobId: due.jobId }]]);
  });

  it("queues a pending job before its message goes out", async () => {
    const jobs = memoryJobStore();
    const job = aJob({ status: "pending", dueAt: PAST });
    await jobs.create(job, null);
    let statusThen: string | undefined;
    const publishJob = sinon.fake(async () => {
      statusThen = (await jobs.read(job.jobId))?.status;
    });
    await republishDueJobs(sweep(publishJob, jobs));
    assert.equal(statusThen, "queued");
  });

  it("goes through every page of every shard, each job once", async () => {
    const ports = sweep();
    const ids = await Promise.all(
      Array.from({ length: 2000 }, async () => {
        const job = aJob({ dueAt: PAST });
        await ports.jobs.create(job, null);
        return job.jobId;
      }),
    );
    await republishDueJobs(ports);
    assert.deepEqual(published(ports.publishJob).sort(), ids.sort());
  });

  it("publishes nothing twice when two sweeps run at once", async () => {
    const ports = sweep();
    const job = aJob({ dueAt: PAST });
    await ports.jobs.create(job, null);
    await Promise.all([republishDueJobs(ports), republishDueJobs(ports)]);
    assert.equal(ports.publishJob.callCount, 1);
  });

  it("leaves a job it could not publish to a later sweep", async () => {
    const ports = sweep(sinon.fake.rejects(new Error("no Pub/Sub")));
    const job = aJob({ dueAt: PAST, createdAt: PAST, queuedAt: PAST });
    await ports.jobs.create(job, null);
    await republishDueJobs(ports);
    const stored = await ports.jobs.read(job.jobId);
    assert.deepEqual([stored?.status, stored?.dueAt], ["queued", new Date("2026-01-01T01:01:00.000Z")]);
    assert.equal(ports.log.error.callCount, 1);
  });

  it("goes on past a job that cannot be read", async () => {
    const store = memoryJobStore();
    const [broken, sound] = [aJob({ dueAt: PAST }), aJob({ dueAt: PAST })];
    await store.create(broken, null);
    await store.create(sound, null);
    const apply: typeof store.apply = (jobId, event, now) =>
      jobId === broken.jobId ? Promise.reject(new Error("malformed")) : store.apply(jobId, event, now);
    const ports = sweep(undefined, { ...store, apply });
    await republishDueJobs(ports);
    assert.deepEqual(published(ports.publishJob), [sound.jobId]);
  });

  it("rejects when the store cannot be reached, so that the scheduler sees it", async () => {
    const listDue = sinon.fake.rejects(new Error("UNAVAILABLE"));
    const ports = sweep(undefined, { ...memoryJobStore(), listDue });
    await assert.rejects(republishDueJobs(ports), /UNAVAILABLE/);
  });
});
