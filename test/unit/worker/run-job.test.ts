import assert from "node:assert/strict";
import { afterEach, beforeEach } from "mocha";
import sinon from "sinon";
import { z } from "zod";
import type { JobStore } from "../../../functions/src/core/ports.ts";
import { defineJob, type JobContext, PermanentError } from "../../../functions/src/jobs/define-job.ts";
import { runJob, type WorkerPorts } from "../../../functions/src/worker/run-job.ts";
import { aJob } from "../../support/jobs.ts";
import { memoryJobStore } from "../../support/memory-job-store.ts";

const T0 = new Date("2026-01-01T00:00:00.000Z");

describe("runJob", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: T0, toFake: ["Date", "setTimeout", "clearTimeout"] });
  });
  afterEach(() => clock.restore());

  /** A worker whose one job type, `test.job`, runs `run`. */
  function worker(
    run: (context: JobContext, input: { n: number }) => Promise<unknown>,
    jobs: JobStore = memoryJobStore(),
  ) {
    const type = defineJob({
      type: "test.job",
      input: z.object({ n: z.number() }),
      output: z.unknown(),
      retry: { minDelayMs: 10_000 },
      timeoutMs: 300_000,
      run,
    });
    let leases = 0;
    const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
    const ports: WorkerPorts = {
      jobs,
      types: new Map([[type.type, type]]),
      clock: { now: () => new Date() },
      ids: { leaseId: () => `lease-${++leases}` },
      log,
      random: () => 0,
      leaseMs: 60_000,
    };
    return { ports, jobs, log };
  }

  async function stored(jobs: JobStore, given = {}) {
    const job = aJob(given);
    await jobs.create(job, { n: 7 });
    return job.jobId;
  }

  it("runs the handler with its input and commits the result", async () => {
    const { ports, jobs } = worker(async (_, { n }) => ({ twice: n * 2 }));
    const jobId = await stored(jobs);
    assert.deepEqual(await runJob(ports, jobId), { outcome: "acknowledge" });
    assert.deepEqual((await jobs.readResult(jobId))?.output, { twice: 14 });
    assert.equal((await jobs.read(jobId))?.status, "completed");
  });

  it("runs a job once when its message arrives twice at the same moment", async () => {
    const run = sinon.fake.resolves("done");
    const { ports, jobs } = worker(run);
    const jobId = await stored(jobs);
    const outcomes = await Promise.all([runJob(ports, jobId), runJob(ports, jobId)]);
    assert.equal(run.callCount, 1);
    assert.deepEqual(outcomes.map((one) => one.outcome).sort(), ["acknowledge", "reject"]);
  });

  it("acknowledges the message of a job that has ended, without running it", async () => {
    const run = sinon.fake.resolves("done");
    const { ports, jobs } = worker(run);
    const jobId = await stored(jobs, { status: "completed" });
    assert.deepEqual(await runJob(ports, jobId), { outcome: "acknowledge" });
    assert.equal(run.callCount, 0);
  });

  it("acknowledges the message of a job that does not exist, and says so", async () => {
    const { ports, log } = worker(sinon.fake.resolves("done"));
    assert.deepEqual(await runJob(ports, "AAAAAAAAAAAAAAAAAAAA"), { outcome: "acknowledge" });
    assert.equal(log.warn.callCount, 1);
  });

  it("queues the job again and wants the message again when the handler throws", async () => {
    const { ports, jobs } = worker(sinon.fake.rejects(new Error("secret detail")));
    const jobId = await stored(jobs);
    assert.equal((await runJob(ports, jobId)).outcome, "reject");
    const job = await jobs.read(jobId);
    assert.equal(job?.status, "queued");
    assert.deepEqual(job?.runAt, new Date("2026-01-01T00:00:10.000Z"));
    assert.equal(JSON.stringify(job).includes("secret detail"), false);
  });

  it("fails the job after its last attempt and acknowledges", async () => {
    const { ports, jobs } = worker(sinon.fake.rejects(new Error("always")));
    const jobId = await stored(jobs, { maxAttempts: 2 });
    await runJob(ports, jobId);
    clock.tick(10_000);
    assert.deepEqual(await runJob(ports, jobId), { outcome: "acknowledge" });
    assert.equal((await jobs.readResult(jobId))?.status, "failed");
  });

  it("fails the job at once on a permanent error, with its code and message", async () => {
    const { ports, jobs } = worker(sinon.fake.rejects(new PermanentError("no-such-video", "There is no such video.")));
    const jobId = await stored(jobs);
    await runJob(ports, jobId);
    assert.deepEqual((await jobs.readResult(jobId))?.error, {
      code: "no-such-video",
      message: "There is no such video.",
    });
  });

  it("keeps an error's text storable: a code of 100 and a message of 2,000 characters", async () => {
    const { ports, jobs } = worker(async () => {
      throw new PermanentError("c".repeat(5000), "m".repeat(2_000_000));
    });
    const jobId = await stored(jobs);
    await runJob(ports, jobId);
    const error = (await jobs.read(jobId))?.error;
    assert.deepEqual([error?.code.length, error?.message.length], [100, 2000]);
  });

  it("fails at once on an output that is not JSON, and on one that is too large to store", async () => {
    for (const [output, code] of [
      [() => 1, "invalid-output"],
      ["x".repeat(921_600), "output-too-large"],
    ] as const) {
      const { ports, jobs } = worker(sinon.fake.resolves(output));
      const jobId = await stored(jobs);
      await runJob(ports, jobId);
      assert.equal((await jobs.readResult(jobId))?.error?.code, code);
    }
  });

  it("fails at once on an input that its type no longer accepts", async () => {
    const { ports, jobs } = worker(sinon.fake.resolves(1));
    const job = aJob();
    await jobs.create(job, { n: "seven" });
    await runJob(ports, job.jobId);
    assert.equal((await jobs.readResult(job.jobId))?.error?.code, "invalid-input");
  });

  it("tries a job of a type it does not know again later", async () => {
    const { ports, jobs } = worker(sinon.fake.resolves(1));
    const jobId = await stored(jobs, { type: "from.the.future" });
    assert.equal((await runJob(ports, jobId)).outcome, "reject");
    assert.equal((await jobs.read(jobId))?.error?.code, "unknown-job-type");
  });

  it("renews the lease of a long job, so that nobody else can claim it", async () => {
    const { ports, jobs } = worker(() => new Promise((resolve) => setTimeout(() => resolve("slow"), 200_000)));
    const jobId = await stored(jobs);
    const running = runJob(ports, jobId);
    await clock.tickAsync(150_000);
    assert.equal((await runJob(ports, jobId)).outcome, "reject");
    await clock.tickAsync(50_000);
    assert.deepEqual(await running, { outcome: "acknowledge" });
    assert.equal((await jobs.read(jobId))?.attempt, 1);
  });

  it("writes progress at most once a second, the last report winning", async () => {
    const store = memoryJobStore();
    const apply = sinon.spy(store, "apply");
    const { ports } = worker(async ({ progress }) => {
      for (let i = 1; i <= 30; i++) {
        progress(i / 100, `part ${i}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }, store);
    const jobId = await stored(store);
    const running = runJob(ports, jobId);
    await clock.tickAsync(2999);
    const reports = apply
      .getCalls()
      .map((call) => call.args[1])
      .filter((event) => event.kind === "progress");
    assert.deepEqual(
      reports.map((event) => event.progress),
      [0.01, 0.1, 0.2],
    );
    await clock.tickAsync(1000);
    await running;
  });

  it("keeps a step's text storable: its first 200 characters, and none cut in half", async () => {
    const store = memoryJobStore();
    const { ports } = worker(async ({ progress }) => {
      progress(0.5, `${"x".repeat(199)}😀`);
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }, store);
    const jobId = await stored(store);
    const running = runJob(ports, jobId);
    await clock.tickAsync(1000);
    assert.equal((await store.read(jobId))?.step, `${"x".repeat(199)}\ufffd`);
    await clock.tickAsync(1000);
    await running;
  });

  it("aborts the handler's signal when the job is cancelled, and ends as cancelled", async () => {
    const { ports, jobs } = worker(({ signal, progress }) => {
      setTimeout(() => progress(0.5), 5000);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const jobId = await stored(jobs);
    const running = runJob(ports, jobId);
    await clock.tickAsync(1000);
    await jobs.apply(jobId, { kind: "cancel" }, new Date());
    await clock.tickAsync(10_000);
    await running;
    assert.equal((await jobs.read(jobId))?.status, "cancelled");
  });

  it("ends an attempt that takes longer than its type allows, even when the handler ignores its signal", async () => {
    const { ports, jobs } = worker(() => new Promise(() => undefined));
    const jobId = await stored(jobs);
    const running = runJob(ports, jobId);
    await clock.tickAsync(306_000);
    assert.equal((await running).outcome, "reject");
    assert.equal((await jobs.read(jobId))?.error?.code, "timeout");
  });

  it("writes nothing for a worker that was away while another one took the job", async () => {
    const store = memoryJobStore();
    let isAway = true;
    const { ports, log } = worker(
      async (_, { n }) => {
        await new Promise((resolve) => setTimeout(resolve, 100_000));
        return n;
      },
      {
        ...store,
        apply: (id, event, now) =>
          isAway && event.kind === "progress" ? Promise.reject(new Error("away")) : store.apply(id, event, now),
      },
    );
    const jobId = await stored(store);
    const late = runJob(ports, jobId);
    await clock.tickAsync(70_000);
    const other = await store.apply(jobId, { kind: "claim", leaseId: "other", leaseMs: 60_000 }, new Date());
    assert.equal(other.outcome, "moved");
    isAway = false;
    await clock.tickAsync(40_000);
    await late;
    const job = await store.read(jobId);
    assert.deepEqual([job?.status, job?.lease?.id], ["processing", "other"]);
    assert.ok(log.warn.getCalls().some((call) => call.args[0] === "A late writer was refused."));
  });

  it("rejects when the store cannot be reached", async () => {
    const store = memoryJobStore();
    const { ports } = worker(sinon.fake.resolves(1), { ...store, apply: sinon.fake.rejects(new Error("UNAVAILABLE")) });
    await assert.rejects(runJob(ports, "AAAAAAAAAAAAAAAAAAAA"), /UNAVAILABLE/);
  });
});
