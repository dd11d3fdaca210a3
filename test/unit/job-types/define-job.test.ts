import assert from "node:assert/strict";
import { z } from "zod";
import { defineJob, type JobDeclaration } from "../../../engine/src/job-types/define-job.ts";

type Declared = Partial<JobDeclaration<z.ZodString, z.ZodNull>>;

const define = (declared: Declared) =>
  defineJob({ type: "test.job", input: z.string(), output: z.null(), run: async () => null, ...declared });

describe("defineJob", () => {
  it("gives what is not said: queue default, and five attempts 10 s to 600 s apart", () => {
    const { queue, retry, timeoutMs } = define({});
    assert.deepEqual([queue, timeoutMs], ["default", undefined]);
    const delays = { minDelayMs: 10_000, maxDelayMs: 600_000 };
    assert.deepEqual(retry, { maxAttempts: 5, ...delays, factor: 2, jitter: 0.2 });
  });

  it("moves the other bound of the delays along with the one that is given", () => {
    assert.equal(define({ retry: { minDelayMs: 900_000 } }).retry.maxDelayMs, 900_000);
    assert.equal(define({ retry: { maxDelayMs: 2000 } }).retry.minDelayMs, 2000);
  });

  const wrong: [Declared, RegExp][] = [
    [{ type: "" }, /name has 1 to 100 characters/],
    [{ retry: { maxAttempts: 0 } }, /"test\.job": retry\.maxAttempts is 0; it has to be 1 to 100/],
    [{ retry: { maxAttempts: 101 } }, /maxAttempts is 101/],
    [{ retry: { maxAttempts: 1.5 } }, /whole number/],
    [{ retry: { minDelayMs: -1 } }, /minDelayMs is -1/],
    [{ retry: { maxDelayMs: 3e9 } }, /maxDelayMs is 3000000000/],
    [{ retry: { minDelayMs: 5, maxDelayMs: 4 } }, /minDelayMs is larger/],
    [{ retry: { factor: 0.5 } }, /factor is 0.5/],
    [{ retry: { jitter: Number.NaN } }, /jitter is NaN/],
    [{ retry: { minDelayMs: "5" as never } }, /minDelayMs is a string/],
    [{ type: 7 as never }, /"7": its name has 1 to 100 characters/],
    [{ type: "\ud800" }, /its name has 1 to 100 characters/],
    [{ onCancel: "later" as never }, /its onCancel is no function/],
    [{ run: "later" as never }, /its run is no function/],
    [{ secrets: ["api-key"] }, /"api-key" is not the name of a secret: A to Z, 0 to 9 and _\./],
    [{ timeoutMs: 0 }, /timeoutMs is 0/],
    [{ cache: { ttlMs: -1, version: "1" } }, /cache\.ttlMs is -1/],
  ];
  for (const [declared, message] of wrong) {
    it(`throws at the definition for ${JSON.stringify(declared)}`, () => {
      assert.throws(() => define(declared), message);
    });
  }

  it("knows the types of input, steps and output from the schemas", () => {
    const { run } = defineJob({
      type: "test.typed",
      input: z.object({ at: z.iso.datetime().transform((text) => new Date(text)) }),
      output: z.object({ year: z.number() }),
      cache: { ttlMs: 1000, version: "1", key: ({ at }) => at.getFullYear() },
      async onCancel(_context, { at }) {
        at.getTime();
      },
      async run({ step, commit }, { at }) {
        const year: number = await step("year", () => at.getFullYear());
        const when: Date = await step("when", () => "2026-01-01", { output: z.string().transform((s) => new Date(s)) });
        const count: number = await commit("count", async (tx) => ((await tx.get("a/b")) ? 1 : 0));
        return { year: year + when.getTime() + count };
      },
    });
    assert.equal(typeof run, "function");
  });
});
