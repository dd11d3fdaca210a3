import assert from "node:assert/strict";
import { RetryableError } from "../../../engine/src/job-types/define-job.ts";
import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import { flushMicrotasks } from "../../../engine/src/testing/fake-clock.ts";
import { aWorker, type Handler } from "./a-worker.ts";

/** A worker whose compute functions end only when their signal aborts. Keeps the signals. */
function aComputingWorker(run: Handler) {
  const signals: AbortSignal[] = [];
  const worker = aWorker(run);
  worker.ports.compute = {
    run: ({ signal }) => {
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  };
  return { ...worker, signals };
}

describe("a compute function at work", () => {
  it("is aborted as soon as its job is cancelled", async () => {
    const worker = aComputingWorker(({ compute }) => compute("spin" as never, undefined as never));
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await worker.clock.advance(10_000);
    await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
    await worker.clock.runUntil(running);
    assert.equal((await worker.jobs.read(jobId))?.status, "cancelled");
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:10.000Z");
  });

  it("is aborted when its handler returns without waiting for it", async () => {
    const worker = aComputingWorker(async ({ compute }) => void compute("spin" as never, undefined as never));
    await worker.run(await worker.stored());
    assert.deepEqual(
      worker.signals.map(({ aborted }) => aborted),
      [true],
    );
  });

  it("is aborted by the signal that its handler passed, with the reason of that signal", async () => {
    const stop = new AbortController();
    const worker = aComputingWorker(({ compute }) =>
      compute("spin" as never, undefined as never, { signal: stop.signal }),
    );
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await flushMicrotasks();
    stop.abort(new RetryableError("enough", "It is enough."));
    await worker.clock.runUntil(running);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "enough");
  });
});
