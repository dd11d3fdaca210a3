import assert from "node:assert/strict";
import sinon from "sinon";
import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import { aWorker } from "./a-worker.ts";

describe("a worker that holds a job", () => {
  it("renews the lease of a long job, so that no other worker can claim it", async () => {
    const worker = aWorker(() => worker.clock.pause(200_000));
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await worker.clock.advance(150_000);
    await runJob(worker.ports, jobId);
    await worker.clock.runUntil(running);
    assert.equal((await worker.jobs.read(jobId))?.attempt, 1);
  });

  it("writes progress at most once a second, the last report winning", async () => {
    const worker = aWorker(async ({ progress }) => {
      for (let i = 1; i <= 29; i++) {
        progress(i / 100, `part ${i}`);
        await worker.clock.pause(100);
      }
    });
    const apply = sinon.spy(worker.jobs, "apply");
    await worker.run(await worker.stored());
    const events = apply.getCalls().map((call) => call.args[1]);
    const reports = events.flatMap((event) => (event.kind === "progress" ? [event.progress] : []));
    assert.deepEqual(reports, [0.1, 0.2]);
  });

  it("writes nothing but the end for a job of less than a second", async () => {
    const worker = aWorker(async ({ progress, step }) => {
      progress(0.5, "half");
      await step("work", () => worker.clock.pause(900));
    });
    const apply = sinon.spy(worker.jobs, "apply");
    const read = sinon.spy(worker.steps, "read");
    const watch = sinon.spy(worker.jobs, "watchLease");
    await worker.run(await worker.stored());
    const kinds = apply.getCalls().map((call) => call.args[1].kind);
    assert.deepEqual([kinds, read.callCount, watch.callCount], [["complete"], 0, 0]);
  });

  it("keeps a step's text storable: its first 200 characters, and none cut in half", async () => {
    const worker = aWorker(async ({ progress }) => {
      progress(0.5, `${"x".repeat(199)}😀`);
      await worker.clock.pause(1500);
    });
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await worker.clock.advance(1000);
    assert.equal((await worker.jobs.read(jobId))?.step, "x".repeat(199));
    await worker.clock.runUntil(running);
  });

  it("writes nothing for a worker that was away while another one took the job", async () => {
    const worker = aWorker(async (_, { n }) => {
      await worker.clock.pause(100_000);
      return n;
    });
    const jobId = await worker.stored();
    const { apply } = worker.jobs;
    const isAway = sinon.stub(worker.jobs, "apply").callsFake((id, event, now) => {
      return event.kind === "progress" ? Promise.reject(new Error("away")) : apply(id, event, now);
    });
    const late = runJob(worker.ports, jobId);
    await worker.clock.advance(70_000);
    isAway.restore();
    const lease = { leaseId: "other", leaseMs: 60_000 };
    assert.equal((await worker.jobs.claim(jobId, lease, worker.clock.now())).outcome, "moved");
    await worker.clock.advance(40_000);
    await late;
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.lease?.id], ["processing", "other"]);
    assert.ok(worker.log.warn.getCalls().some((call) => call.args[0] === "A late writer was refused."));
  });
});
