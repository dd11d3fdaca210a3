import assert from "node:assert/strict";
import fc from "fast-check";
import { afterEach } from "mocha";
import sinon from "sinon";
import { z } from "zod";
import { defineJob, type JobContext } from "../../../engine/src/job-types/define-job.ts";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { aWorker } from "./a-worker.ts";

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
});

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

/** Runs a job of type `values` that gives what its handler got. */
async function seenBy<Input extends z.ZodType>(input: Input, sent: z.input<Input>) {
  const seen: unknown[] = [];
  const type = defineJob({
    type: "values",
    input,
    output: z.null(),
    retry: { minDelayMs: 1000 },
    async run({ attempt }, read) {
      seen.push(read);
      if (attempt < 3) throw new Error("again");
      return null;
    },
  });
  const job = await testJob(type, sent);
  await job.run();
  assert.equal(job.status, "completed");
  return seen;
}

describe("an input", () => {
  it("is parsed once for each run of the handler, from what was sent", async () => {
    const euros = z.strictObject({ euros: z.number().transform((value) => Math.round(value * 100)) });
    assert.deepEqual(await seenBy(euros, { euros: 12.5 }), Array(3).fill({ euros: 1250 }));
    const list = z.string().transform((text) => text.split(","));
    assert.deepEqual(await seenBy(list, "a,b"), Array(3).fill(["a", "b"]));
    assert.deepEqual(await seenBy(z.stringbool(), "yes"), [true, true, true]);
    assert.deepEqual(await seenBy(z.coerce.date(), "2026-01-01"), Array(3).fill(new Date("2026-01-01T00:00:00.000Z")));
    const checked = z.string().refine(async (text) => text !== "");
    assert.deepEqual(await seenBy(checked, "a"), ["a", "a", "a"]);
  });
});

/** Of a class whose name ends within an emoji where it is cut. */
const longNamed = Object.create({ constructor: { name: `${"X".repeat(99)}😀` } });

describe("an output", () => {
  // Sinon keeps every fake that it made.
  afterEach(() => sinon.restore());

  const doors: [name: string, run: (context: JobContext, value: unknown) => Promise<unknown>, code: string][] = [
    ["the handler", async (_, value) => value, "invalid-output"],
    ["a step", ({ step }, value) => step("s", () => value), "invalid-step-output"],
    ["a commit", ({ commit }, value) => commit("c", () => value), "invalid-step-output"],
  ];
  for (const [name, run, code] of doors) {
    for (const [value, message] of [
      [{ a: [cyclic] }, /\/a\/0\/self contains itself/],
      [{ n: 1n }, /\/n is a BigInt/],
      [new Map(), /the value itself is an instance of Map/],
      [longNamed, /is an instance of X{99}[.;]/],
    ] as const) {
      it(`of ${name} that is not JSON fails the job at once, and says where: ${message.source}`, async () => {
        const worker = aWorker((context) => run(context, value));
        const jobId = await worker.stored();
        assert.equal(await worker.runToEnd(jobId), 1);
        const error = (await worker.jobs.readResult(jobId))?.error;
        assert.equal(error?.code, code);
        assert.match(error?.message ?? "", message);
      });
    }
  }

  for (const [name, run, code] of doors) {
    it(`of ${name} arrives equal, or fails the job at once and says where, for any value`, () =>
      fc.assert(
        fc.asyncProperty(anything, async (value) => {
          const worker = aWorker((context) => run(context, value));
          const jobId = await worker.stored();
          assert.equal(await worker.runToEnd(jobId), 1);
          const { output, error } = (await worker.jobs.readResult(jobId)) ?? {};
          if (!error) return assert.equal(JSON.stringify(output), JSON.stringify(value ?? null));
          assert.equal(error.code, code);
          assert.match(error.message, /(the value itself|the value at \/.*) (is|has|contains|nests|cannot)/s);
        }),
        { numRuns: 200 },
      ));
  }

  it("that its schema refuses fails the job at once, and says where", async () => {
    const output = z.object({ a: z.array(z.string()) });
    const type = defineJob({ type: "values", input: z.null(), output, run: async () => ({ a: [1] }) as never });
    const job = await testJob(type, null);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, "invalid-output"]);
    assert.match(job.error?.message ?? "", /\/a\/0: /);
  });
});

describe("an error with an odd code", () => {
  it("that is permanent fails the job at once", async () => {
    const { PermanentError } = await import("../../../engine/src/job-types/define-job.ts");
    const worker = aWorker(async () => {
      throw new PermanentError(404 as never, "gone");
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 1);
    assert.deepEqual((await worker.jobs.readResult(jobId))?.error, { code: "404", message: "gone" });
  });
});
