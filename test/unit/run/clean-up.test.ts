import assert from "node:assert/strict";
import sinon from "sinon";
import { z } from "zod";
import { PermanentError } from "../../../engine/src/job-types/define-job.ts";
import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import { never } from "../../../engine/src/kit/pause.ts";
import { cancelled, untilAborted } from "./a-cancelled-job.ts";
import { aWorker } from "./a-worker.ts";

describe("a job that is cancelled, and cleans up,", () => {
  it("renews its lease, which the cancel cut short, so that no other worker takes it while it cleans up", async () => {
    const onCancel = () => worker.clock.pause(20_000);
    const worker = aWorker(untilAborted, { onCancel });
    const { clock, running, jobs, jobId, ports } = await cancelled(worker, 5000, { hasCleanUp: true });
    await clock.advance(10_000);
    await runJob(ports, jobId);
    assert.equal((await jobs.read(jobId))?.lease?.id, "lease-1");
    await clock.runUntil(running);
    assert.equal((await jobs.readResult(jobId))?.leaseId, "lease-1");
  });

  it("cleans up once its handler has stopped, with what its steps gave", async () => {
    const cleaned: unknown[] = [];
    const worker = aWorker(
      async ({ step, signal }) => {
        await step("reserve", () => "seat 7");
        await worker.clock.pause(60_000, signal).catch(() => cleaned.push("stopped"));
        signal.throwIfAborted();
      },
      {
        async onCancel({ stepOutput, signal }, { n }) {
          cleaned.push([n, await stepOutput("reserve"), await stepOutput("pay"), signal.aborted]);
          await worker.clock.pause(15_000, signal);
        },
      },
    );
    const { clock, running, jobs, jobId } = await cancelled(worker, 10_000, { hasCleanUp: true });
    await clock.advance(14_000);
    assert.equal((await jobs.read(jobId))?.status, "processing");
    await clock.runUntil(running);
    assert.deepEqual(cleaned, ["stopped", [7, "seat 7", undefined, false]]);
    assert.equal((await jobs.read(jobId))?.status, "cancelled");
    assert.equal(clock.now().toISOString(), "2026-01-01T00:00:25.000Z");
  });

  it("reads its input once for the handler and the clean-up of one invocation", async () => {
    const [read, onCancel] = [sinon.fake((value: unknown) => value), sinon.fake.resolves(undefined)];
    const input = z.unknown().transform(read) as never;
    const { clock, running } = await cancelled(aWorker(untilAborted, { input, onCancel }), 10_000, {
      hasCleanUp: true,
    });
    await clock.runUntil(running);
    assert.deepEqual([read.callCount, onCancel.callCount], [1, 1]);
  });

  it("ends in time when its clean-up does not", async () => {
    const signals: AbortSignal[] = [];
    const worker = aWorker(untilAborted, {
      onCancel({ signal }) {
        signals.push(signal);
        return never();
      },
    });
    const { clock, running, jobs, jobId } = await cancelled(worker, 10_000, { hasCleanUp: true });
    await clock.runUntil(running);
    assert.equal(clock.now().toISOString(), "2026-01-01T00:00:37.000Z");
    const result = await jobs.readResult(jobId);
    assert.deepEqual([result?.status, result?.error?.code, signals[0]?.aborted], ["cancelled", "cleanup-failed", true]);
  });

  it("tries a clean-up that fails again, after 1 s and after 2 s, and says in its result that it failed", async () => {
    const onCancel = sinon.fake.rejects(new Error("no such seat"));
    const { clock, running, jobs, jobId, log } = await cancelled(aWorker(untilAborted, { onCancel }), 10_000, {
      hasCleanUp: true,
    });
    await clock.runUntil(running);
    const result = await jobs.readResult(jobId);
    assert.deepEqual([result?.status, result?.error?.code], ["cancelled", "cleanup-failed"]);
    assert.deepEqual([onCancel.callCount, log.error.callCount], [3, 3]);
    assert.equal(clock.now().toISOString(), "2026-01-01T00:00:13.000Z");
  });

  it("is cleaned up when a later try of that succeeds", async () => {
    let tries = 0;
    const onCancel = async () => {
      if (++tries < 3) throw new Error("busy");
    };
    const { clock, running, jobs, jobId } = await cancelled(aWorker(untilAborted, { onCancel }), 10_000, {
      hasCleanUp: true,
    });
    await clock.runUntil(running);
    assert.deepEqual([tries, (await jobs.readResult(jobId))?.error], [3, undefined]);
  });

  it("does not repeat a clean-up that says it is of no use", async () => {
    const onCancel = sinon.fake.rejects(new PermanentError("gone", "There is nothing left."));
    const { clock, running, jobs, jobId } = await cancelled(aWorker(untilAborted, { onCancel }), 10_000, {
      hasCleanUp: true,
    });
    await clock.runUntil(running);
    assert.deepEqual([onCancel.callCount, (await jobs.readResult(jobId))?.error?.code], [1, "cleanup-failed"]);
  });

  const cyclic = new Error("outer");
  cyclic.cause = cyclic;
  const unreadable = {
    get message(): string {
      throw new Error("no message");
    },
  };
  for (const [what, thrown] of [
    ["an error that causes itself", cyclic],
    ["what cannot be read", unreadable],
    ["nothing", undefined],
  ] as const) {
    it(`ends after three clean-ups that throw ${what}, to a log that throws, too`, async () => {
      let tries = 0;
      const onCancel = async () => {
        tries += 1;
        throw thrown;
      };
      const worker = aWorker(untilAborted, { onCancel });
      const broken = () => {
        throw new RangeError("Maximum call stack size exceeded");
      };
      Object.assign(worker.ports, { log: { info: broken, warn: broken, error: broken } });
      const { clock, running, jobs, jobId } = await cancelled(worker, 10_000, { hasCleanUp: true });
      await clock.runUntil(running);
      assert.deepEqual([tries, (await jobs.readResult(jobId))?.error?.code], [3, "cleanup-failed"]);
    });
  }

  for (const [why, given, input] of [
    ["its type is not known any more", { type: "of.the.past" }, { n: 7 }],
    ["its input fits no more", {}, { n: "seven" }],
  ] as const) {
    it(`is claimed for its clean-up three times at most when ${why}, and never twice in a second`, async () => {
      const worker = aWorker(sinon.fake(), { onCancel: sinon.fake.resolves(undefined) });
      const { jobs, clock, ports } = worker;
      const jobId = await worker.stored({ attempt: 1, hasCleanUp: true, ...given });
      const job = await jobs.read(jobId);
      assert.ok(job);
      await jobs.put(job, input);
      await jobs.apply(jobId, { kind: "cancel" }, clock.now());
      const claim = sinon.spy(jobs, "claim");
      let runs = 0;
      for (; !(await jobs.read(jobId))?.finishedAt; runs++) {
        const { runAt } = (await jobs.read(jobId)) ?? {};
        if (runAt && runAt > clock.now()) await clock.advance(runAt.getTime() - clock.now().getTime());
        await clock.runUntil(runJob(ports, jobId));
      }
      const result = await jobs.readResult(jobId);
      const isForGood = why === "its input fits no more";
      assert.deepEqual(
        [result?.status, result?.error?.code],
        ["cancelled", isForGood ? "cleanup-failed" : "cleanup-not-run"],
      );
      assert.deepEqual([runs, claim.callCount], isForGood ? [1, 1] : [3, 3]);
      assert.equal(clock.now().toISOString(), isForGood ? "2026-01-01T00:00:00.000Z" : "2026-01-01T00:00:03.000Z");
    });
  }

  it("cleans up on another worker when the one that ran it is gone, and runs nothing else", async () => {
    const [run, onCancel] = [sinon.fake(), sinon.fake.resolves(undefined)];
    const worker = aWorker(run, { onCancel });
    const lease = { id: "gone", until: new Date("2025-12-31T23:59:59.000Z") };
    const cancelBy = new Date("2026-01-01T00:00:20.000Z");
    const history = [{ status: "processing", at: new Date("2025-12-31T23:59:00.000Z"), attempt: 1 } as const];
    const told = { hasCleanUp: true, cancelRequested: true, cancelBy } as const;
    const jobId = await worker.stored({ status: "processing", attempt: 1, lease, history, ...told });
    await worker.run(jobId);
    assert.deepEqual([run.callCount, onCancel.callCount], [0, 1]);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.attempt], ["cancelled", 1]);
  });

  it("cleans up in an invocation of its own when this one has no time left", async () => {
    const onCancel = sinon.fake.resolves(undefined);
    const worker = aWorker(() => never(), { onCancel });
    const { clock, running, jobs, jobId } = await cancelled(worker, 506_000, { hasCleanUp: true });
    await clock.runUntil(running);
    assert.deepEqual([onCancel.callCount, (await jobs.read(jobId))?.status], [0, "queued"]);
    await worker.run(jobId);
    assert.deepEqual([onCancel.callCount, (await jobs.read(jobId))?.status], [1, "cancelled"]);
  });

  it("cleans up in an invocation of its own when it failed before it knew", async () => {
    const onCancel = sinon.fake.resolves(undefined);
    const worker = aWorker(
      async () => {
        await worker.clock.pause(500);
        throw new Error("failed");
      },
      { onCancel },
    );
    const { running, jobId } = await cancelled(worker, 100, { hasCleanUp: true });
    await worker.clock.runUntil(running);
    assert.deepEqual([onCancel.callCount, worker.publisher.publishJob.callCount], [0, 1]);
    await worker.run(jobId);
    assert.equal(onCancel.callCount, 1);
    assert.equal((await worker.jobs.read(jobId))?.status, "cancelled");
  });
});
