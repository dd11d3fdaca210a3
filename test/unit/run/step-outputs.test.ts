import assert from "node:assert/strict";
import { z } from "zod";
import { aWorker } from "./a-worker.ts";

describe("the steps of a job, with their outputs,", () => {
  it("give JSON: nothing becomes null, and a field that is undefined is left out", async () => {
    const worker = aWorker(async ({ step }) => [await step("a", () => {}), await step("b", () => ({ x: undefined }))]);
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.deepEqual((await worker.jobs.readResult(jobId))?.output, [null, {}]);
  });

  it("fail the job when they give what is not JSON", async () => {
    const worker = aWorker(({ step }) => step("when", () => new Date()));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "invalid-step-output");
  });

  it("fail the job when an output is too large, and say how large, and what to do", async () => {
    const worker = aWorker(({ step }) => step("fetch", () => "x".repeat(921_600)));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.deepEqual((await worker.jobs.readResult(jobId))?.error, {
      code: "step-output-too-large",
      message:
        'Step "fetch" returned 921602 bytes; at most 921600 can be stored. Return less, or store it elsewhere and return a link.',
    });
    assert.equal(await worker.steps.read(jobId, "fetch"), undefined);
  });

  it("give what their schema reads, fresh and remembered", async () => {
    const At = z.object({ at: z.iso.datetime().transform((text) => new Date(text)) });
    const worker = aWorker(async ({ step, attempt }) => {
      const { at } = await step("when", () => ({ at: "2026-05-01T00:00:00.000Z" }), { output: At });
      if (attempt === 1) throw new Error("try again");
      return at.getTime();
    });
    const jobId = await worker.stored();
    await worker.runToEnd(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.output, 1_777_593_600_000);
  });

  it("may give undefined where their schema takes it, fresh and remembered", async () => {
    const seen: unknown[] = [];
    const worker = aWorker(async ({ attempt, step, commit }) => {
      seen.push(await step("find", () => undefined, { output: z.string().optional() }));
      seen.push(await step("do", () => undefined, { output: z.void() }));
      seen.push(await commit("write", () => undefined, { output: z.string().optional().nullable() }));
      if (attempt === 1) throw new Error("again");
      return "done";
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    assert.deepEqual(seen, [undefined, undefined, null, undefined, undefined, null]);
  });

  it("fail the job when they give null where their schema takes undefined only", async () => {
    const worker = aWorker(({ step }) => step("find", () => null as never, { output: z.string().default("x") }));
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 1);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "invalid-step-output");
  });

  it("fail the job when what is remembered does not match their schema any more", async () => {
    const worker = aWorker(async ({ step, attempt }) => {
      const output: z.ZodType = attempt === 1 ? z.string() : z.number();
      await step("count", () => "one", { output });
      throw new Error("try again");
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    const error = (await worker.jobs.readResult(jobId))?.error;
    assert.equal(error?.code, "step-output-changed");
    assert.match(error.message, /"count" does not match its schema any more/);
  });

  it("fail the job when they give what their schema refuses, and remember nothing", async () => {
    const worker = aWorker(({ step }) => step("count", () => "one", { output: z.string().max(2) }));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "invalid-step-output");
    assert.equal(await worker.steps.read(jobId, "count"), undefined);
  });
});
