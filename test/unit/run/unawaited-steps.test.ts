import assert from "node:assert/strict";
import sinon from "sinon";
import { PermanentError, RetryableError } from "../../../engine/src/job-types/define-job.ts";
import { aWorker } from "./a-worker.ts";

describe("steps that the handler does not wait for", () => {
  it("are waited for when the handler returns without them, and are remembered", async () => {
    const worker = aWorker(async ({ step }) => {
      for (const name of ["a", "b"]) void step(name, () => worker.clock.pause(60_000));
      await worker.clock.pause(10);
      return "done";
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.output, "done");
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:01:00.000Z");
    assert.deepEqual(
      [(await worker.steps.read(jobId, "a"))?.output, (await worker.steps.read(jobId, "b"))?.output],
      [null, null],
    );
  });

  it("are waited for when they follow a step that the handler returned without", async () => {
    const worker = aWorker(async ({ step }) => {
      void step("a", () => worker.clock.pause(1000)).then(() => step("b", () => worker.clock.pause(1000)));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.notEqual(await worker.steps.read(jobId, "b"), undefined);
  });

  it("continue in another invocation when the handler returned without them and the time is up", async () => {
    const worker = aWorker(async ({ step }) => {
      void step("a", () => worker.clock.pause(400_000)).then(() => step("b", () => worker.clock.pause(400_000)));
      return "done";
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    assert.equal((await worker.jobs.readResult(jobId))?.output, "done");
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:13:20.000Z");
  });

  it("are not tried again when that would be after the invocation's time: the job's own retries take over", async () => {
    const work = sinon.fake(async () => {
      await worker.clock.pause(490_000);
      throw new RetryableError("no-luck", "No luck.");
    });
    const worker = aWorker(({ step }) => step("call", work, { retry: { minDelayMs: 20_000 } }));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.deepEqual([work.callCount, (await worker.jobs.read(jobId))?.error?.code], [1, "no-luck"]);
  });

  it("fail the attempt when one fails that no code listens to, and do not end the process", async () => {
    const worker = aWorker(async ({ step }) => {
      void step("forgotten", () => Promise.reject(new PermanentError("no-paper", "There is no paper.")));
      await step("waited for", () => worker.clock.pause(10));
      return "done";
    });
    const unheard = sinon.fake();
    process.on("unhandledRejection", unheard);
    const jobId = await worker.stored();
    await worker.run(jobId);
    process.off("unhandledRejection", unheard);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "no-paper");
    assert.equal(unheard.callCount, 0);
  });

  for (const [how, lose] of [
    ["a race", (a: Promise<unknown>, b: Promise<unknown>) => Promise.race([a, b])],
    ["Promise.any", (a: Promise<unknown>, b: Promise<unknown>) => Promise.any([a, b])],
    ["a catch", (a: Promise<unknown>, b: Promise<unknown>) => Promise.race([a, b.catch(() => a)])],
  ] as const) {
    it(`leave a failure to the handler when it listens with ${how}`, async () => {
      const worker = aWorker(({ step }) =>
        lose(
          step("first", () => "first"),
          step("second", async () => {
            await worker.clock.pause(1000);
            throw new Error("too late");
          }),
        ),
      );
      const jobId = await worker.stored();
      await worker.run(jobId);
      assert.equal((await worker.jobs.readResult(jobId))?.output, "first");
    });
  }
});
