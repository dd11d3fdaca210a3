import assert from "node:assert/strict";
import sinon from "sinon";
import { type JobContext, PermanentError } from "../../../engine/src/job-types/define-job.ts";
import { flushMicrotasks } from "../../../engine/src/testing/fake-clock.ts";
import { aWorker, type Declaration, type Handler } from "./a-worker.ts";

const WARNING = "A handler called a function after it had ended; the call does nothing.";

type Call = (context: JobContext, work: () => number) => unknown;

const CALLS: [what: string, call: Call, named: string][] = [
  ["a step", ({ step }, work) => step("late", work), 'Step "late"'],
  ["a commit", ({ commit }, work) => commit("late", work), 'Step "late"'],
  ["a sleep", ({ sleep }) => sleep(1000, "late"), 'Step "late"'],
  ["a compute function", ({ compute }) => compute("count" as never, undefined as never), 'Compute function "count"'],
  ["a progress report", ({ progress }) => progress(0.9), "A progress report"],
];

/** Ways for a handler to end; it ignores the abort of `signal`. */
const ENDS: [how: string, end: (pause: () => Promise<unknown>) => unknown, declared: Declaration][] = [
  ["returned", () => null, {}],
  ["failed", () => Promise.reject(new PermanentError("no", "No.")), {}],
  ["ran out of time", (pause) => pause(), { timeoutMs: 1000 }],
];

describe("what a handler calls after it", () => {
  for (const [how, end, declared] of ENDS) {
    for (const [what, call, named] of CALLS) {
      it(`${how} does nothing, and is refused: ${what}`, async () => {
        const work = sinon.fake(() => 1);
        const over = Promise.withResolvers<void>();
        const answers: unknown[] = [];
        const handler: Handler = async (context) => {
          void over.promise.then(async () => {
            for (let i = 0; i < 2; i++)
              answers.push(await new Promise((resolve) => resolve(call(context, work))).catch((error) => error));
          });
          return end(() => worker.clock.pause(3_600_000));
        };
        const worker = aWorker(handler, { compute: { count: () => work() }, ...declared } as Declaration);
        const jobId = await worker.stored({ maxAttempts: 1 });
        await worker.run(jobId);
        const ended = await worker.jobs.read(jobId);
        over.resolve();
        await flushMicrotasks();
        assert.deepEqual([work.callCount, await worker.steps.read(jobId, "late")], [0, undefined]);
        assert.deepEqual(await worker.jobs.read(jobId), ended);
        if (what === "a progress report") assert.deepEqual(answers, [undefined, undefined]);
        else
          assert.deepEqual(
            answers.map((error) => (error as PermanentError).code),
            ["handler-ended", "handler-ended"],
          );
        const warnings = worker.log.warn.args.filter(([message]) => message === WARNING);
        assert.deepEqual(warnings, [
          [WARNING, { event: "job.late-call", jobId, type: "test.job", attempt: 1, call: named }],
        ]);
      });
    }
  }

  it("lost its job is refused, also the step that was at work then", async () => {
    const [held, seen] = [Promise.withResolvers<number>(), sinon.fake()];
    const worker = aWorker(async ({ step }) => {
      await step("first", () => held.promise).catch(seen);
      await step("second", () => 2).catch(seen);
    });
    const jobId = await worker.stored();
    const running = worker.run(jobId);
    await flushMicrotasks();
    const job = await worker.jobs.read(jobId);
    assert.ok(job?.status === "processing");
    await worker.jobs.put({ ...job, lease: { id: "other", until: new Date("2026-01-01T01:00:00.000Z") } }, { n: 7 });
    await running;
    held.resolve(1);
    await flushMicrotasks();
    assert.deepEqual(
      seen.args.map(([error]) => error.code),
      ["handler-ended", "handler-ended"],
    );
    assert.equal(await worker.steps.read(jobId, "first"), undefined);
  });

  it("threw is refused while the steps beside it are waited for, and is no warning", async () => {
    const [late, seen] = [sinon.fake(), sinon.fake()];
    const worker = aWorker(({ step }) =>
      Promise.all([
        step("failing", () => Promise.reject(new Error("boom"))),
        step("slow", () => worker.clock.pause(1000))
          .then(() => step("late", late))
          .catch(seen),
      ]),
    );
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.deepEqual([late.callCount, seen.firstCall.args[0].code], [0, "handler-ended"]);
    assert.notEqual(await worker.steps.read(jobId, "slow"), undefined);
    assert.deepEqual(
      worker.log.warn.args.map(([message]) => message),
      ["An attempt failed."],
    );
  });

  it("was cut off for another invocation stands still, without a word", async () => {
    const seen = sinon.fake();
    const worker = aWorker(async ({ step, compute, progress }) => {
      void worker.clock
        .pause(520_000)
        .then(() => step("late", () => 1))
        .then(seen, seen);
      void worker.clock
        .pause(520_000)
        .then(() => compute("count" as never, undefined as never))
        .then(seen, seen);
      void worker.clock.pause(520_000).then(() => progress(1));
      await step("first", () => worker.clock.pause(100_000));
      await step("second", ({ signal }) => worker.clock.pause(450_000, signal));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    await worker.clock.advance(60_000);
    assert.deepEqual([seen.callCount, worker.log.warn.callCount], [0, 0]);
  });
});
