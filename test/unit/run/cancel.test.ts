import assert from "node:assert/strict";
import sinon from "sinon";
import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import { never } from "../../../engine/src/kit/pause.ts";
import { cancelled, untilAborted } from "./a-cancelled-job.ts";
import { aWorker } from "./a-worker.ts";

describe("a job that is cancelled while it runs", () => {
  it("stops within a second of its first one, and at once from then on", async () => {
    for (const [afterMs, endsAt] of [
      [200, "2026-01-01T00:00:01.000Z"],
      [30_000, "2026-01-01T00:00:30.000Z"],
    ] as const) {
      const { clock, running, jobs, jobId } = await cancelled(aWorker(untilAborted), afterMs);
      await clock.runUntil(running);
      assert.equal(clock.now().toISOString(), endsAt);
      assert.equal((await jobs.read(jobId))?.status, "cancelled");
    }
  });

  it("learns of it from its own writes when the watch is broken", async () => {
    const worker = aWorker(untilAborted);
    sinon.stub(worker.jobs, "watchLease").returns(() => {});
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await worker.clock.advance(5000);
    await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
    await worker.clock.runUntil(running);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:20.000Z");
    assert.equal((await worker.jobs.read(jobId))?.status, "cancelled");
  });

  it("ends without a handler that does not stop, after five seconds", async () => {
    const { clock, running, jobs, jobId } = await cancelled(
      aWorker(() => never()),
      10_000,
    );
    await clock.runUntil(running);
    assert.equal(clock.now().toISOString(), "2026-01-01T00:00:15.000Z");
    assert.equal((await jobs.read(jobId))?.status, "cancelled");
  });

  it("begins no further step", async () => {
    const second = sinon.fake();
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(4000));
      await step("second", second);
    });
    const { clock, running, steps, jobId } = await cancelled(worker, 2000);
    await clock.runUntil(running);
    assert.equal(second.callCount, 0);
    assert.ok(await steps.read(jobId, "first"));
  });

  it("is cancelled although its handler works on after it was told to stop, and returns", async () => {
    const onCancel = sinon.fake.resolves(undefined);
    const worker = aWorker(
      async () => {
        await worker.clock.pause(12_000);
        return "half";
      },
      { onCancel },
    );
    const { clock, running, jobs, jobId } = await cancelled(worker, 10_000, { hasCleanUp: true });
    await clock.runUntil(running);
    const result = await jobs.readResult(jobId);
    assert.deepEqual([result?.status, result?.output, onCancel.callCount], ["cancelled", undefined, 1]);
  });

  it("completes when its handler had returned before the worker heard of the cancel", async () => {
    const worker = aWorker(
      async () => {
        await worker.clock.pause(800);
        return "done";
      },
      { onCancel: sinon.fake.resolves(undefined) },
    );
    const { clock, running, jobs, jobId } = await cancelled(worker, 700, { hasCleanUp: true });
    await clock.runUntil(running);
    assert.deepEqual((await jobs.readResult(jobId))?.output, "done");
  });

  it("is told of in the log as what it is, and as no failure", async () => {
    const { clock, running, log } = await cancelled(aWorker(untilAborted), 10_000);
    await clock.runUntil(running);
    assert.deepEqual([log.warn.callCount, log.error.callCount], [0, 0]);
    assert.deepEqual(log.info.args.at(-1)?.[0], "A job has stopped because its owner cancelled it.");
  });
});
