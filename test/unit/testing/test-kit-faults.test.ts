import assert from "node:assert/strict";
import { type JobContext, PermanentError } from "../../../engine/src/job-types/define-job.ts";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { order } from "./an-order.ts";

describe("testJob, where something goes wrong", () => {
  it("fails a step once, and passes the steps before it in the next attempt", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.failStep("pay", new Error("declined"));
    await job.runOnce();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["queued", 1, "internal"]);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.elapsedMs], ["completed", 2, 10_000]);
    assert.deepEqual(effects, ["reserve", "pay"]);
    assert.deepEqual(job.errors, [new Error("declined")]);
  });

  it("fails a step by its number, as often as is said", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.failStep(2, new Error("declined"), Infinity);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.elapsedMs], ["failed", 3, 30_000]);
    assert.deepEqual(effects, ["reserve"]);
  });

  it("plans several faults of a step one after the other", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    job.failStep("pay", new Error("declined"));
    job.failStep("pay", new PermanentError("no-money", "There is no money."));
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["failed", 2]);
    assert.deepEqual(job.error, { code: "no-money", message: "There is no money." });
  });

  it("kills the worker after a step's work and before its record: the work is done again when the lease has ended", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.killIn("pay");
    await job.runOnce();
    assert.deepEqual([job.status, job.attempts], ["processing", 1]);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.elapsedMs], ["completed", 2, 60_000]);
    assert.deepEqual(effects, ["reserve", "pay", "pay"]);
    assert.equal(job.step("pay").runs, 2);
  });

  it("writes nothing of a commit whose worker was killed", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    job.killIn("book");
    await job.runOnce();
    assert.equal(job.documents.size, 0);
    await job.run();
    assert.deepEqual([job.status, job.step("book").runs, job.documents.size], ["completed", 2, 1]);
  });

  it("lets a killed worker do nothing more, its other steps included", async () => {
    const { type } = order(async ({ step }) => {
      await Promise.all([step("first", () => 1), step("second", async () => 2)]);
      return null;
    });
    const job = await testJob(type, { item: "book" });
    job.killIn("first");
    job.takes("second", 1000);
    await job.runOnce();
    await job.run();
    assert.deepEqual([job.status, job.step("second").runs, job.attempts], ["completed", 1, 2]);
  });

  it("records nothing that a killed worker was still at work on", async () => {
    const slow = Promise.withResolvers<number>();
    const { type } = order(async ({ step }) => {
      await Promise.all([step("first", () => 1), step("second", () => slow.promise)]);
      return null;
    });
    const job = await testJob(type, { item: "book" });
    job.killIn("first");
    await job.runOnce();
    slow.resolve(2);
    await job.run();
    assert.deepEqual([job.status, job.step("second").runs], ["completed", 2]);
  });

  it("fails a job whose worker dies in every attempt", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    for (let i = 0; i < 6; i++) job.killIn("reserve");
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 6, "worker-lost"]);
  });

  it("keeps the attempts and the backoff of a job whose worker dies three times", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    for (let i = 0; i < 3; i++) job.killIn("reserve");
    await job.runOnce();
    await job.runOnce();
    await job.runOnce();
    const before = job.elapsedMs;
    job.failStep("pay", new Error("declined"), Infinity);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 6, "internal"]);
    // The lease of the third worker ends, and then 10 s and 20 s of backoff.
    assert.equal(job.elapsedMs - before, 90_000);
  });

  it("continues in another invocation of the same attempt when the time ends in a step", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.runOutOfTimeIn("pay");
    await job.runOnce();
    assert.deepEqual([job.status, job.invocations, job.elapsedMs], ["queued", 1, 510_000]);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.invocations], ["completed", 1, 2]);
    assert.deepEqual(effects, ["reserve", "pay"]);
  });

  it("fails a job whose step had the whole time of an invocation", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    job.runOutOfTimeIn("reserve");
    await job.run();
    assert.deepEqual([job.status, job.error?.code], ["failed", "step-too-long"]);
  });

  it("runs 40 steps of a minute each in as many invocations as they need", async () => {
    const { type } = order(async ({ step }) => {
      for (let i = 1; i <= 40; i++) await step(`part ${i}`, () => i);
      return "all";
    });
    const job = await testJob(type, { item: "book" });
    for (let i = 1; i <= 40; i++) job.takes(`part ${i}`, 60_000);
    await job.run();
    assert.deepEqual([job.output, job.attempts, job.invocations, job.elapsedMs], ["all", 1, 5, 2_400_000]);
  });

  it("cancels a job at a step: the step is told, and the clean-up runs", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.cancelIn("pay");
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error], ["cancelled", 1, undefined]);
    assert.deepEqual(effects, ["reserve", "pay", "give back 7"]);
    assert.equal(job.documents.size, 0);
  });

  it("cancels a job at a step whose work fails at the same time", async () => {
    const { type } = order(({ step }) => step("pay", () => Promise.reject(new Error("declined"))));
    const job = await testJob(type, { item: "book" });
    job.cancelIn("pay");
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["cancelled", 1]);
  });

  it("cancels a job that waits", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    await job.cancel();
    assert.equal(job.status, "cancelled");
    await job.run();
    assert.deepEqual([job.invocations, effects], [0, []]);
  });

  const WAITS: [string, (context: JobContext) => Promise<unknown>][] = [
    ["sleeps for 30 s", ({ sleep }) => sleep(30_000)],
    ["sleeps for a minute", ({ sleep }) => sleep(60_000)],
    ["sleeps for an hour", ({ sleep }) => sleep(3_600_000)],
    ["waits for its next attempt", () => Promise.reject(new Error("boom"))],
  ];
  for (const [what, run] of WAITS) {
    it(`cleans up at once after a job that is cancelled while it ${what}`, async () => {
      const { type, effects } = order(run);
      const job = await testJob(type, { item: "book" });
      await job.runOnce();
      await job.cancel();
      await job.run();
      assert.deepEqual([job.status, job.error, job.elapsedMs], ["cancelled", undefined, 0]);
      assert.deepEqual(effects, ["give back undefined"]);
    });
  }

  it("cleans up on another worker when the one that ran a cancelled job is dead, a third of the grace later", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.killIn("pay");
    await job.runOnce();
    await job.cancel();
    await job.run();
    assert.deepEqual([job.status, job.error, job.elapsedMs], ["cancelled", undefined, 10_000]);
    assert.deepEqual(effects, ["reserve", "pay", "give back 7"]);
  });

  it("says that a clean-up failed which always throws, and ends all the same", async () => {
    const { type } = order();
    const job = await testJob({ ...type, onCancel: () => Promise.reject(new Error("no")) }, { item: "book" });
    job.cancelIn("pay");
    await job.run();
    assert.deepEqual([job.status, job.error?.code, job.errors.length], ["cancelled", "cleanup-failed", 3]);
  });
});
