import assert from "node:assert/strict";
import sinon from "sinon";
import { PermanentError, RetryAfterError } from "../../../engine/src/job-types/define-job.ts";
import { never } from "../../../engine/src/kit/pause.ts";
import { aJob } from "../../support/jobs.ts";
import { aWorker } from "./a-worker.ts";

describe("runJob", () => {
  it("runs the handler with its input and commits the result", async () => {
    const worker = aWorker(async (_, { n }) => ({ twice: n * 2 }));
    const jobId = await worker.stored();
    await worker.run(jobId);
    const result = await worker.jobs.readResult(jobId);
    assert.deepEqual([result?.status, result?.output], ["completed", { twice: 14 }]);
  });

  it("runs a job once when its message arrives twice at the same moment", async () => {
    const run = sinon.fake.resolves("done");
    const worker = aWorker(run);
    const jobId = await worker.stored();
    await Promise.all([worker.run(jobId), worker.run(jobId)]);
    assert.equal(run.callCount, 1);
  });

  it("acknowledges the message of a job that has ended, without running it", async () => {
    const run = sinon.fake.resolves("done");
    const worker = aWorker(run);
    const jobId = await worker.stored({ status: "completed" });
    await worker.run(jobId);
    assert.equal(run.callCount, 0);
  });

  it("acknowledges the message of a job that does not exist, and says so", async () => {
    const worker = aWorker(sinon.fake.resolves("done"));
    await worker.run("AAAAAAAAAAAAAAAAAAAA");
    assert.equal(worker.log.warn.callCount, 1);
  });

  it("queues the job again and has it woken when its backoff ends when the handler throws", async () => {
    const worker = aWorker(sinon.fake.rejects(new Error("secret detail")));
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.equal(job?.status, "queued");
    assert.deepEqual(job?.runAt, new Date("2026-01-01T00:00:10.000Z"));
    assert.deepEqual(worker.publisher.publishWake.args, [[{ jobId, at: "2026-01-01T00:00:10.000Z" }]]);
    assert.equal(JSON.stringify(job).includes("secret detail"), false);
  });

  it("lets go of a message whose job waits for longer than a minute", async () => {
    const worker = aWorker(sinon.fake.rejects(new Error("no")), { retry: { minDelayMs: 61_000 } });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.waitingFor], ["pending", "time"]);
    assert.deepEqual([worker.publisher.publishJob.callCount, worker.publisher.publishWake.callCount], [0, 0]);
  });

  for (const [asked, runAt] of [
    [{ afterMs: 45_000 }, "2026-01-01T00:00:45.000Z"],
    [{ at: new Date("2026-01-03T00:00:00.000Z") }, "2026-01-03T00:00:00.000Z"],
    [{ afterMs: 1e15 }, "2026-01-31T00:00:00.000Z"],
    [{ afterMs: Number.NaN }, "2026-01-01T00:00:10.000Z"],
    [{ at: undefined as never, afterMs: 3000 }, "2026-01-01T00:00:03.000Z"],
  ] as const) {
    it(`tries again when the handler asks for it: ${JSON.stringify(asked)}`, async () => {
      const worker = aWorker(sinon.fake.rejects(new RetryAfterError("busy", "It is busy.", asked)));
      const jobId = await worker.stored();
      await worker.run(jobId);
      const job = await worker.jobs.read(jobId);
      assert.deepEqual([job?.runAt?.toISOString(), job?.attempt, job?.error?.code], [runAt, 1, "busy"]);
    });
  }

  it("publishes a job that its handler wants to try again at once", async () => {
    const worker = aWorker(
      sinon.fake.rejects(new RetryAfterError("busy", "It is busy.", { at: new Date("2000-01-01") })),
    );
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.deepEqual(worker.publisher.publishJob.args, [["default", { jobId }]]);
  });

  it("counts an attempt whose handler asked for a delay, too", async () => {
    const worker = aWorker(sinon.fake.rejects(new RetryAfterError("busy", "It is busy.", { afterMs: 1000 })));
    const jobId = await worker.stored({ maxAttempts: 3 });
    assert.equal(await worker.runToEnd(jobId), 3);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "busy");
  });

  it("fails the job after its last attempt, acknowledges, and tells bury", async () => {
    const worker = aWorker(sinon.fake.rejects(new Error("always")));
    const jobId = await worker.stored({ maxAttempts: 2 });
    await worker.run(jobId);
    await worker.clock.advance(10_000);
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.status, "failed");
    assert.equal(worker.publisher.publishDeadLetter.callCount, 1);
  });

  it("ends a job whose worker was lost on its last attempt, and tells bury", async () => {
    const run = sinon.fake.resolves(1);
    const worker = aWorker(run);
    const lease = { id: "gone", until: new Date("2025-12-31T23:59:00.000Z") };
    const jobId = await worker.stored({ status: "processing", attempt: 6, maxAttempts: 6, lostLeases: 3, lease });
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "worker-lost");
    assert.deepEqual([run.callCount, worker.publisher.publishDeadLetter.callCount], [0, 1]);
  });

  it("fails the job at once on a permanent error, with its code and message", async () => {
    const error = new PermanentError("no-such-video", "There is no such video.");
    const worker = aWorker(sinon.fake.rejects(error));
    const jobId = await worker.stored();
    await worker.run(jobId);
    const result = await worker.jobs.readResult(jobId);
    assert.deepEqual(result?.error, { code: "no-such-video", message: "There is no such video." });
  });

  it("keeps an error's text storable: a code of 100 and a message of 2,000 characters", async () => {
    const worker = aWorker(async () => {
      throw new PermanentError("c".repeat(5000), "m".repeat(2_000_000));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const error = (await worker.jobs.readResult(jobId))?.error;
    assert.deepEqual([error?.code.length, error?.message.length], [100, 2000]);
  });

  it("fails at once on an output that is not JSON, and on one that is too large to store", async () => {
    for (const [output, code] of [
      [() => 1, "invalid-output"],
      ["x".repeat(921_600), "output-too-large"],
    ] as const) {
      const worker = aWorker(sinon.fake.resolves(output));
      const jobId = await worker.stored();
      await worker.run(jobId);
      assert.equal((await worker.jobs.readResult(jobId))?.error?.code, code);
    }
  });

  it("completes a job that returns nothing with null", async () => {
    const worker = aWorker(sinon.fake.resolves(undefined));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.output, null);
  });

  it("fails at once on an input that its type no longer accepts", async () => {
    const worker = aWorker(sinon.fake.resolves(1));
    const job = aJob();
    await worker.jobs.put(job, { n: "seven" });
    await worker.run(job.jobId);
    assert.equal((await worker.jobs.readResult(job.jobId))?.error?.code, "invalid-input");
  });

  for (const [aheadMs, ranAt] of [
    [1, "2026-01-01T00:00:00.001Z"],
    [2000, "2026-01-01T00:00:02.000Z"],
  ] as const) {
    it(`waits in place for a job that was woken ${aheadMs} ms too early by this clock, and asks the store twice`, async () => {
      const worker = aWorker(async () => worker.clock.now().toISOString());
      const claim = sinon.spy(worker.jobs, "claim");
      const jobId = await worker.stored({ runAt: new Date(worker.clock.now().getTime() + aheadMs) });
      await worker.run(jobId);
      assert.deepEqual([(await worker.jobs.readResult(jobId))?.output, claim.callCount], [ranAt, 2]);
    });
  }

  it("lets go of an old message of a job that waits, without a word to the operator", async () => {
    const run = sinon.fake();
    const worker = aWorker(run);
    const jobId = await worker.stored({ runAt: new Date("2026-01-01T00:00:02.001Z") });
    await worker.run(jobId);
    assert.deepEqual([run.callCount, worker.log.warn.callCount, worker.publisher.publishWake.callCount], [0, 0, 0]);
  });

  it("counts the attempt of a handler whose error cannot be read whole, and keeps what can", async () => {
    const hostile = new RetryAfterError("busy", "It is busy.", { afterMs: 1000 });
    Object.defineProperty(hostile, "retryAfter", {
      get() {
        throw new Error("no");
      },
    });
    const worker = aWorker(sinon.fake.rejects(hostile));
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.attempt, job?.error?.code], ["queued", 1, "busy"]);
  });

  it("tries a job of a type it does not know again later", async () => {
    const worker = aWorker(sinon.fake.resolves(1));
    const jobId = await worker.stored({ type: "from.the.future" });
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "unknown-job-type");
  });

  it("fails a job whose type was removed while it waited, once its attempts are used up, and names the type", async () => {
    const worker = aWorker(sinon.fake.resolves(1));
    const runAt = new Date("2026-01-08T00:00:00.000Z");
    const jobId = await worker.stored({ type: "removed.type", status: "pending", waitingFor: "time", runAt });
    assert.equal(await worker.runToEnd(jobId), 4);
    const result = await worker.jobs.readResult(jobId);
    assert.deepEqual(
      [result?.status, result?.error],
      ["failed", { code: "unknown-job-type", message: "No worker of this deployment runs removed.type." }],
    );
  });

  it("ends an attempt that takes longer than its type allows, even when the handler ignores its signal", async () => {
    const worker = aWorker(never, { timeoutMs: 300_000 });
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:05:05.000Z");
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "timeout");
  });

  it("rejects when the store cannot be reached", async () => {
    const worker = aWorker(sinon.fake.resolves(1));
    sinon.stub(worker.jobs, "claim").rejects(new Error("UNAVAILABLE"));
    await assert.rejects(worker.run("AAAAAAAAAAAAAAAAAAAA"), /UNAVAILABLE/);
  });
});
