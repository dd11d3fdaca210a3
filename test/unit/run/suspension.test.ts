import assert from "node:assert/strict";
import sinon from "sinon";
import { never } from "../../../engine/src/kit/pause.ts";
import { aWorker } from "./a-worker.ts";

const MINUTE_MS = 60_000;

describe("a job that needs more than one invocation", () => {
  it("of 40 steps of a minute completes on a function of 540 s, each step done once", async () => {
    const done: number[] = [];
    const worker = aWorker(async ({ step }) => {
      for (let i = 1; i <= 40; i++) {
        const work = async () => {
          await worker.clock.pause(MINUTE_MS);
          done.push(i);
        };
        await step(`minute ${i}`, work, { progress: i / 40 });
      }
      return "done";
    });
    const jobId = await worker.stored();
    // 510 s of an invocation are for the handler: eight steps.
    assert.equal(await worker.runToEnd(jobId), 5);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:40:00.000Z");
    assert.deepEqual(
      done,
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.attempt], ["completed", 1]);
    assert.equal(job?.history.filter(({ reason }) => reason === "suspended").length, 4);
    assert.equal(worker.publisher.publishJob.callCount, 4);
  });

  it("keeps its progress when it is suspended", async () => {
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(400_000), { progress: 0.4 });
      await step("second", () => worker.clock.pause(400_000), { progress: 0.8 });
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.progress, job?.step, job?.resumesAttempt], ["queued", 0.4, "first", true]);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:06:40.000Z");
  });

  it("runs a step that may not fit any more in the next invocation", async () => {
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(10_000));
      await step("second", () => worker.clock.pause(1000), { timeoutMs: 505_000 });
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:11.000Z");
  });

  it("cuts a step off that turns out not to fit, and runs it first in the next invocation", async () => {
    const starts: string[] = [];
    const signals: AbortSignal[] = [];
    const caught = sinon.fake();
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(100_000));
      try {
        await step("second", ({ signal }) => {
          starts.push(worker.clock.now().toISOString());
          signals.push(signal);
          return worker.clock.pause(450_000, signal);
        });
      } catch (error) {
        caught(error);
        throw error;
      } finally {
        caught();
      }
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    assert.deepEqual(starts, ["2026-01-01T00:01:40.000Z", "2026-01-01T00:08:30.000Z"]);
    assert.equal(signals[0]?.aborted, true);
    assert.equal(caught.callCount, 1, "only the handler that came to its end went through its finally");
    assert.equal((await worker.jobs.read(jobId))?.status, "completed");
  });

  it("fails when a step has the whole time and is not done, and says so", async () => {
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(1000));
      await step("export", ({ signal }) => worker.clock.pause(3_600_000, signal));
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    assert.deepEqual((await worker.jobs.readResult(jobId))?.error, {
      code: "step-too-long",
      message:
        'Step "export" was not done after 510 s: an invocation of the worker has no more. Split it into several steps.',
    });
  });

  it("fails when what comes before a step takes its time away", async () => {
    const worker = aWorker(async ({ step }) => {
      await worker.clock.pause(200_000);
      await step("export", ({ signal }) => worker.clock.pause(400_000, signal));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const error = (await worker.jobs.readResult(jobId))?.error;
    assert.equal(error?.code, "step-too-long");
    assert.match(error.message, /was not done after 310 s, after 200 s that the handler took before it/);
  });

  it("is tried again when a step was done and the store kept silent", async () => {
    const worker = aWorker(({ step }) => step("export", () => worker.clock.pause(1000)));
    const { steps } = worker.ports;
    let isSilent = true;
    worker.ports.steps = {
      ...steps,
      keep: (...asked) => (isSilent ? never() : steps.keep(...asked)),
    };
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "timeout");
    isSilent = false;
    await worker.runToEnd(jobId);
    assert.equal((await worker.jobs.read(jobId))?.status, "completed");
  });

  it("is tried again when the store kept silent about a sleep", async () => {
    const worker = aWorker(({ sleep }) => sleep(1000));
    worker.ports.steps = { ...worker.ports.steps, keep: () => never() };
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "timeout");
  });

  it("tries again when a step began so late that it cannot be blamed", async () => {
    let isLate = true;
    const worker = aWorker(async ({ step }) => {
      if (isLate) await worker.clock.pause(400_000);
      await step("export", ({ signal }) => worker.clock.pause(200_000, signal));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "step-too-long");
    isLate = false;
    await worker.runToEnd(jobId);
    assert.equal((await worker.jobs.read(jobId))?.status, "completed");
  });

  it("fails at once when a step asks for more time than there is", async () => {
    const worker = aWorker(({ step }) => step("export", () => 1, { timeoutMs: 600_000 }));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "step-too-long");
  });

  it("is tried again when it has no steps", async () => {
    const worker = aWorker(({ signal }) => worker.clock.pause(600_000, signal));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:08:30.000Z");
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.error?.code, job?.attempt, job?.resumesAttempt], ["timeout", 1, undefined]);
  });

  it("fails when it makes no progress outside of its steps", async () => {
    const worker = aWorker(async ({ step, signal }) => {
      await step("first", () => 1);
      await worker.clock.pause(600_000, signal);
    });
    const jobId = await worker.stored({ maxAttempts: 2 });
    assert.equal(await worker.runToEnd(jobId), 3);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "timeout");
  });

  it("lets steps that run side by side end before it is suspended", async () => {
    const slow = sinon.fake((_: unknown) => worker.clock.pause(300_000));
    const worker = aWorker(({ step }) =>
      Promise.all([
        step("slow", slow),
        step("quick", () => worker.clock.pause(10_000)).then(() => step("late", () => 1, { timeoutMs: 509_000 })),
      ]),
    );
    assert.equal(await worker.runToEnd(await worker.stored()), 2);
    assert.equal(slow.callCount, 1);
  });

  it("ignores what a handler does after the end of its invocation", async () => {
    const zombie = sinon.fake();
    const worker = aWorker(async ({ step, commit }) => {
      void worker.clock.pause(520_000).then(() => step("zombie", zombie));
      void worker.clock.pause(525_000).then(() => commit("zombie write", (tx) => tx.set("orders/1", {})));
      await step("first", () => worker.clock.pause(100_000));
      await step("second", ({ signal }) => worker.clock.pause(450_000, signal));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    await worker.clock.advance(60_000);
    assert.deepEqual([zombie.callCount, worker.steps.documents.size], [0, 0]);
  });
});
