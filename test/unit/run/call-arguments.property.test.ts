import assert from "node:assert/strict";
import fc from "fast-check";
import { afterEach } from "mocha";
import sinon from "sinon";
import type { z } from "zod";
import type { JobContext } from "../../../engine/src/job-types/define-job.ts";
import { isPermanent } from "../../../engine/src/job-types/job-errors.ts";
import { aWorker, type Declaration } from "./a-worker.ts";

/** Anything that JavaScript has, as an argument that is anything for the compiler, too. */
const anything: fc.Arbitrary<never> = fc
  .oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
    fc.constantFrom<unknown>(Symbol("s"), () => 1, "\ud800", Number.NaN, -0, new Proxy({}, {}), "batonJobs/x", "a/b"),
  )
  .map((value) => value as never);

const CALLS: Record<string, (context: JobContext, value: never) => unknown> = {
  "progress, as a fraction": ({ progress }, value) => progress(value),
  "progress, as a step": ({ progress }, value) => progress(0.5, value),
  "step, as its name": ({ step }, value) => step(value, () => 1),
  "step, as its work": ({ step }, value) => step("s", value),
  "step, as its options": ({ step }, value) => step("s", () => 1, value),
  "step, as its output schema": ({ step }, value) => step("s", () => 1 as never, { output: value as z.ZodType }),
  "step, as its progress": ({ step }, value) => step("s", () => 1, { progress: value }),
  "step, as its timeoutMs": ({ step }, value) => step("s", () => 1, { timeoutMs: value }),
  "step, as its retry": ({ step }, value) => step("s", () => 1, { retry: value }),
  "step, as a part of its retry": ({ step }, value) =>
    step("s", () => 1, { retry: { minDelayMs: value, maxAttempts: value } }),
  "commit, as its name": ({ commit }, value) => commit(value, () => 1),
  "commit, as its function": ({ commit }, value) => commit("c", value),
  "commit, as its options": ({ commit }, value) => commit("c", () => 1, value),
  "a commit's get, as a path": ({ commit }, value) => commit("c", async (tx) => void (await tx.get(value))),
  "a commit's set, as a path": ({ commit }, value) => commit("c", (tx) => tx.set(value, {})),
  "a commit's create, as fields": ({ commit }, value) => commit("c", (tx) => tx.create("a/b", value)),
  "a commit's update, as a path": ({ commit }, value) => commit("c", (tx) => tx.update(value, { a: 1 })),
  "a commit's delete, as a path": ({ commit }, value) => commit("c", (tx) => tx.delete(value)),
  "sleep, as its duration": ({ sleep }, value) => sleep(value),
  "sleep, as its end": ({ sleep }, value) => sleep({ until: value }),
  "sleep, as its name": ({ sleep }, value) => sleep(1, value),
  "compute, as its name": ({ compute }, value) => compute(value, value),
  "compute, as its input": ({ compute }, value) => compute("echo" as never, value),
  "compute, as its options": ({ compute }, value) => compute("echo" as never, 1 as never, value),
  "compute, as its signal": ({ compute }, value) => compute("echo" as never, 1 as never, { signal: value }),
};

describe("any value given to", () => {
  // Sinon keeps every fake that it made.
  afterEach(() => sinon.restore());

  for (const [where, call] of Object.entries(CALLS)) {
    it(`${where}, works or is one permanent error of Baton's own`, () =>
      fc.assert(
        fc.asyncProperty(anything, async (value) => {
          let thrown: unknown;
          const worker = aWorker(
            async (context) => {
              try {
                await call(context, value);
              } catch (error) {
                thrown = error;
              }
              return null;
            },
            { compute: { echo: (given: unknown) => given } } as Declaration,
          );
          await worker.run(await worker.stored());
          if (thrown === undefined) return;
          assert.ok(isPermanent(thrown), `${thrown}`);
          assert.match(String(thrown), /^PermanentError: \S/);
        }),
        { numRuns: 200 },
      ));
  }

  it("onCancel's stepOutput, works or is a permanent error", () =>
    fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const errors: unknown[] = [];
        const worker = aWorker(async () => null, {
          onCancel: ({ stepOutput }) =>
            stepOutput(value).then(
              () => undefined,
              (error) => void errors.push(error),
            ),
        });
        const jobId = await worker.stored({ attempt: 1, hasCleanUp: true });
        await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
        await worker.run(jobId);
        for (const error of errors) assert.ok(isPermanent(error), `${error}`);
      }),
      { numRuns: 100 },
    ));
});

describe("a progress report that says nothing", () => {
  it("is ignored, and logged once; what it does say is kept", async () => {
    const worker = aWorker(async ({ progress, step }) => {
      progress(0.4, "counting");
      progress(Number.NaN, 5 as never);
      progress("all" as never, "telling");
      await step("work", () => worker.clock.pause(2000), { progress: {} as never });
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.step], ["completed", "telling"]);
    assert.deepEqual(worker.log.warn.args, [
      [
        "A progress report was ignored.",
        { event: "job.progress-ignored", jobId, ignored: "the progress is NaN, the step is 5" },
      ],
    ]);
  });
});
