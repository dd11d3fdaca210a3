import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import sinon from "sinon";
import { z } from "zod";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";
import { flushMicrotasks } from "../../../engine/src/testing/fake-clock.ts";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { aWorker, type Handler } from "./a-worker.ts";

/** Checks that never come to an end. */
const hanging = z.unknown().refine(() => new Promise<boolean>(() => undefined));

const END: Handler = async () => null;
const DOORS: [which: string, schema: RegExp, run: Handler, declared: object][] = [
  ["input", /^The input schema of job type "test\.job" was not done/, END, { input: hanging }],
  ["output", /^The output schema of job type "test\.job" was not done/, END, { output: hanging }],
  [
    "step's output",
    /^The output schema of step "s" was not done/,
    ({ step }) => step("s", () => 1, { output: hanging as z.ZodType<number, number> }),
    {},
  ],
  [
    "commit's output",
    /^The output schema of step "c" was not done/,
    ({ commit }) => commit("c", () => 1, { output: hanging as z.ZodType<number, number> }),
    {},
  ],
];

describe("a schema that does not end", () => {
  for (const [which, message, run, declared] of DOORS) {
    it(`fails the attempt when the time of its invocation is over, and says so: of the ${which}`, async () => {
      const worker = aWorker(run, declared);
      const jobId = await worker.stored();
      await worker.run(jobId);
      const job = await worker.jobs.read(jobId);
      assert.deepEqual([job?.status, job?.attempt, job?.error?.code], ["queued", 1, "schema-timeout"]);
      assert.match(job?.error?.message ?? "", message);
      // 510 s of work, and five for a handler to stop.
      assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:08:35.000Z");
    });
  }

  it("counts for the job type's own timeoutMs, too", async () => {
    const worker = aWorker(END, { output: hanging as never, timeoutMs: 20_000 });
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "timeout");
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:25.000Z");
  });

  it("runs neither handler nor clean-up when it ends after their time", async () => {
    const [late, run, onCancel] = [Promise.withResolvers<boolean>(), sinon.fake(), sinon.fake()];
    const worker = aWorker(run, { input: z.unknown().refine(() => late.promise) as never, onCancel });
    const [running, cancelled] = [await worker.stored(), await worker.stored({ attempt: 1, hasCleanUp: true })];
    await worker.jobs.apply(cancelled, { kind: "cancel" }, worker.clock.now());
    for (const jobId of [cancelled, running]) await worker.run(jobId);
    late.resolve(true);
    await flushMicrotasks();
    assert.deepEqual([run.callCount, onCancel.callCount], [0, 0]);
  });

  it("does not hold up a job that is cancelled", async () => {
    const worker = aWorker(END, { input: hanging as never });
    const jobId = await worker.stored();
    const running = worker.run(jobId);
    await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
    await running;
    assert.equal((await worker.jobs.read(jobId))?.status, "cancelled");
    assert.ok(worker.clock.now() < new Date("2026-01-01T00:00:10.000Z"));
  });

  it("does not hold up the clean-up that needs the input", async () => {
    const worker = aWorker(END, { input: hanging as never, onCancel: async () => undefined });
    const jobId = await worker.stored({ attempt: 1, hasCleanUp: true });
    await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "cleanup-failed");
    assert.ok(worker.clock.now() < new Date("2026-01-01T00:00:30.000Z"));
  });
});

describe("a schema that takes real time", () => {
  it("takes no virtual time in a test", async () => {
    const slow = z.number().refine(async () => pause(20).then(() => true));
    const type = defineJob({
      type: "slow.schemas",
      input: slow,
      output: slow,
      run: ({ step }, n) => step("s", () => n, { output: slow }),
    });
    const job = await testJob(type, 7);
    await job.run();
    assert.deepEqual([job.status, job.output, job.elapsedMs], ["completed", 7, 0]);
  });
});
