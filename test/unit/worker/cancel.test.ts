import assert from "node:assert/strict";
import sinon from "sinon";
import type { Job } from "../../../functions/src/core/job.ts";
import { runJob } from "../../../functions/src/worker/run-job.ts";
import { aWorker, type Handler } from "./a-worker.ts";

/** Runs a job that is told to stop `afterMs` after its beginning; `running` is its end. */
async function cancelled(worker: ReturnType<typeof aWorker>, afterMs: number, given: Partial<Job> = {}) {
  const jobId = await worker.stored(given);
  const running = runJob(worker.ports, jobId);
  await worker.clock.advance(afterMs);
  await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
  return { ...worker, jobId, running };
}

const untilAborted: Handler = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("a job that is cancelled while it runs", () => {
  it("stops within a second of its first one, and at once from then on", async () => {
    for (const [afterMs, endsAt] of [
      [200, "2026-01-01T00:00:01.000Z"],
      [30_000, "2026-01-01T00:00:30.000Z"],
    ] as const) {
      const { clock, running, jobs, jobId } = await cancelled(aWorker(untilAborted), afterMs);
      assert.equal((await clock.runUntil(running)).outcome, "acknowledge");
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
      aWorker(() => new Promise(() => undefined)),
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

  it("completes when its handler is done all the same", async () => {
    const worker = aWorker(async () => {
      await worker.clock.pause(12_000);
      return "done";
    });
    const { clock, running, jobs, jobId } = await cancelled(worker, 10_000);
    await clock.runUntil(running);
    assert.equal((await jobs.read(jobId))?.status, "completed");
  });

  it("cleans up once its handler has stopped, with what its steps gave", async () => {
    const cleaned: unknown[] = [];
    const worker = aWorker(
      async ({ step, signal }) => {
        await step("reserve", () => "seat 7");
        await worker.clock.pause(60_000, signal).catch(() => cleaned.push("stopped"));
        signal.throwIfAborted();
      },
      {
        async onCancel({ stepOutput, signal }, { n }) {
          cleaned.push([n, await stepOutput("reserve"), await stepOutput("pay"), signal.aborted]);
          await worker.clock.pause(15_000, signal);
        },
      },
    );
    const { clock, running, jobs, jobId } = await cancelled(worker, 10_000, { cleansUp: true });
    await clock.advance(14_000);
    assert.equal((await jobs.read(jobId))?.status, "processing");
    await clock.runUntil(running);
    assert.deepEqual(cleaned, ["stopped", [7, "seat 7", undefined, false]]);
    assert.equal((await jobs.read(jobId))?.status, "cancelled");
    assert.equal(clock.now().toISOString(), "2026-01-01T00:00:25.000Z");
  });

  it("ends in time when its clean-up does not", async () => {
    const signals: AbortSignal[] = [];
    const worker = aWorker(untilAborted, {
      onCancel({ signal }) {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    const { clock, running, jobs, jobId } = await cancelled(worker, 10_000, { cleansUp: true });
    await clock.runUntil(running);
    assert.equal(clock.now().toISOString(), "2026-01-01T00:00:37.000Z");
    assert.deepEqual([(await jobs.read(jobId))?.status, signals[0]?.aborted], ["cancelled", true]);
  });

  it("is cancelled although its clean-up fails, which is logged", async () => {
    const onCancel = sinon.fake.rejects(new Error("no such seat"));
    const { clock, running, jobs, jobId, log } = await cancelled(aWorker(untilAborted, { onCancel }), 10_000, {
      cleansUp: true,
    });
    await clock.runUntil(running);
    assert.equal((await jobs.read(jobId))?.status, "cancelled");
    assert.equal(log.error.callCount, 1);
  });

  it("cleans up on another worker when the one that ran it is gone, and runs nothing else", async () => {
    const [run, onCancel] = [sinon.fake(), sinon.fake.resolves(undefined)];
    const worker = aWorker(run, { onCancel });
    const lease = { id: "gone", until: new Date("2025-12-31T23:59:59.000Z") };
    const cancelBy = new Date("2026-01-01T00:00:20.000Z");
    const history = [{ status: "processing", at: new Date("2025-12-31T23:59:00.000Z"), attempt: 1 } as const];
    const told = { cleansUp: true, cancelRequested: true, cancelBy } as const;
    const jobId = await worker.stored({ status: "processing", attempt: 1, lease, history, ...told });
    assert.equal((await worker.run(jobId)).outcome, "acknowledge");
    assert.deepEqual([run.callCount, onCancel.callCount], [0, 1]);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.attempt], ["cancelled", 1]);
  });

  it("cleans up in an invocation of its own when this one has no time left", async () => {
    const onCancel = sinon.fake.resolves(undefined);
    const worker = aWorker(() => new Promise(() => undefined), { onCancel });
    const { clock, running, jobs, jobId } = await cancelled(worker, 506_000, { cleansUp: true });
    await clock.runUntil(running);
    assert.deepEqual([onCancel.callCount, (await jobs.read(jobId))?.status], [0, "queued"]);
    await worker.run(jobId);
    assert.deepEqual([onCancel.callCount, (await jobs.read(jobId))?.status], [1, "cancelled"]);
  });

  it("cleans up in an invocation of its own when it failed before it knew", async () => {
    const onCancel = sinon.fake.resolves(undefined);
    const worker = aWorker(
      async () => {
        await worker.clock.pause(500);
        throw new Error("failed");
      },
      { onCancel },
    );
    const { running, jobId } = await cancelled(worker, 100, { cleansUp: true });
    assert.equal((await worker.clock.runUntil(running)).outcome, "acknowledge");
    assert.deepEqual([onCancel.callCount, worker.publisher.publishJob.callCount], [0, 1]);
    await worker.run(jobId);
    assert.equal(onCancel.callCount, 1);
    assert.equal((await worker.jobs.read(jobId))?.status, "cancelled");
  });
});
