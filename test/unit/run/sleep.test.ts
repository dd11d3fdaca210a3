import assert from "node:assert/strict";
import sinon from "sinon";
import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import { aWorker } from "./a-worker.ts";

describe("a job that sleeps", () => {
  it("for a short time waits in the queue, and its message comes again", async () => {
    const worker = aWorker(async ({ sleep }) => {
      await sleep(30_000);
      return worker.clock.now().toISOString();
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.runAt?.toISOString()], ["queued", "2026-01-01T00:00:30.000Z"]);
    assert.equal(await worker.runToEnd(jobId), 2, "one delivery that is too early, one that is not");
    const result = await worker.jobs.readResult(jobId);
    assert.deepEqual([result?.output, result?.attempt], ["2026-01-01T00:00:30.000Z", 1]);
  });

  it("for a long time takes up no slot, and its message is acknowledged", async () => {
    const worker = aWorker(async ({ sleep, step }) => {
      await step("before", () => 1);
      await sleep({ until: new Date("2026-01-08T00:00:00.000Z") }, "a week");
      return worker.clock.now().toISOString();
    });
    const jobId = await worker.stored({ ticket: 3 });
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.waitingFor, job?.ticket], ["pending", "time", undefined]);
    assert.equal(await worker.runToEnd(jobId), 2);
    const result = await worker.jobs.readResult(jobId);
    assert.deepEqual([result?.output, result?.attempt], ["2026-01-08T00:00:00.000Z", 1]);
  });

  it("several times goes by their order", async () => {
    const worker = aWorker(async ({ sleep }) => {
      for (const seconds of [10, 20, 30]) await sleep(seconds * 1000);
    });
    await worker.runToEnd(await worker.stored());
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:01:00.000Z");
  });

  it("does so once no step runs any more, until the first of its sleeps ends", async () => {
    const steps: string[] = [];
    const worker = aWorker(({ sleep, step }) =>
      Promise.all([
        sleep(3_600_000, "an hour"),
        sleep(1_800_000, "half an hour"),
        (async () => {
          for (const name of ["a", "b", "c"]) {
            await step(name, () => worker.clock.pause(5000));
            steps.push(name);
          }
        })(),
      ]),
    );
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.deepEqual(steps, ["a", "b", "c"]);
    assert.equal((await worker.jobs.read(jobId))?.runAt?.toISOString(), "2026-01-01T00:30:00.000Z");
    await worker.runToEnd(jobId);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T01:00:00.000Z");
  });

  it("continues at once when a step beside the sleep was cut off", async () => {
    const worker = aWorker(({ sleep, step }) =>
      Promise.all([
        sleep(3_600_000),
        step("first", () => worker.clock.pause(100_000)).then(() =>
          step("second", ({ signal }) => worker.clock.pause(450_000, signal)),
        ),
      ]),
    );
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.runAt], ["queued", undefined]);
  });

  it("says how far it is in the write with which it falls asleep", async () => {
    const worker = aWorker(async ({ sleep, step }) => {
      await step("half", () => 1, { progress: 0.5 });
      await sleep(3_600_000, "an hour");
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.progress, job?.step], [0.5, "an hour"]);
  });

  it("does not when something else comes first", async () => {
    const worker = aWorker(({ sleep, step }) =>
      Promise.race([
        sleep(3_600_000).then(() => "slept"),
        step("work", () => worker.clock.pause(1000)).then(() => "worked"),
      ]),
    );
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 1);
    assert.equal((await worker.jobs.readResult(jobId))?.output, "worked");
  });

  it("wakes in its time when a step beside it takes longer", async () => {
    const worker = aWorker(async ({ sleep, step }) => {
      const work = sinon.fake(() => worker.clock.pause(60_000));
      const first = await Promise.race([sleep(10_000).then(() => "slept"), step("work", work).then(() => "worked")]);
      return [first, worker.clock.now().toISOString(), work.callCount];
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 1);
    assert.deepEqual((await worker.jobs.readResult(jobId))?.output, ["slept", "2026-01-01T00:00:10.000Z", 1]);
  });

  it("wakes from the shorter of two sleeps first, also when that takes less than a second", async () => {
    const woken: string[] = [];
    const worker = aWorker(({ sleep, step }) =>
      Promise.all([
        sleep(3_600_000, "an hour"),
        sleep(500, "half a second").then(() => step("work", () => woken.push(worker.clock.now().toISOString()))),
      ]),
    );
    await worker.runToEnd(await worker.stored());
    assert.deepEqual(woken, ["2026-01-01T00:00:00.500Z"]);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T01:00:00.000Z");
  });

  it("wakes in its time beside others and a step, and what follows it runs beside that step", async () => {
    const woken: string[] = [];
    const worker = aWorker(({ sleep, step }) =>
      Promise.all([
        sleep(10_000, "ten").then(() => woken.push(worker.clock.now().toISOString())),
        sleep(20_000, "twenty").then(() => woken.push(worker.clock.now().toISOString())),
        step("work", () => worker.clock.pause(60_000)),
      ]),
    );
    assert.equal(await worker.runToEnd(await worker.stored()), 1);
    assert.deepEqual(woken, ["2026-01-01T00:00:10.000Z", "2026-01-01T00:00:20.000Z"]);
  });

  for (const duration of [0, -1, Number.NEGATIVE_INFINITY, { until: new Date(0) }, { until: new Date(-1e15) }]) {
    it(`does not wait when its time is over: ${JSON.stringify(duration)}`, async () => {
      const worker = aWorker(({ sleep }) => sleep(duration));
      const jobId = await worker.stored();
      assert.equal(await worker.runToEnd(jobId), 1);
      assert.equal((await worker.jobs.readResult(jobId))?.status, "completed");
      assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:00.000Z");
    });
  }

  it("for a part of a millisecond does not wake early", async () => {
    const worker = aWorker(({ sleep }) => sleep(0.4));
    await worker.run(await worker.stored());
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:00.001Z");
  });

  it("for longer than its steps are kept fails, and says for how long it could", async () => {
    const worker = aWorker(({ sleep }) => sleep(30 * 24 * 3_600_000));
    const jobId = await worker.stored();
    await worker.run(jobId);
    const error = (await worker.jobs.readResult(jobId))?.error;
    assert.equal(error?.code, "sleep-too-long");
    assert.match(error.message, /until 2026-01-28T00:00:00.000Z/);
  });

  for (const duration of [Number.NaN, "10 s", undefined, {}, { until: new Date(Number.NaN) }]) {
    it(`fails at once when its duration is none: ${JSON.stringify(duration)}`, async () => {
      const worker = aWorker(({ sleep }) => sleep(duration as never));
      const jobId = await worker.stored();
      assert.equal(await worker.runToEnd(jobId), 1);
      assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "invalid-sleep");
    });
  }

  it("has its sleep rejected by a cancel, while a step beside it does not stop", async () => {
    const rejected = sinon.fake();
    const worker = aWorker(({ sleep, step }) =>
      Promise.all([step("work", () => worker.clock.pause(60_000)), sleep(30_000).catch(rejected)]),
    );
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await worker.clock.advance(5000);
    await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
    await worker.clock.runUntil(running);
    assert.deepEqual([rejected.callCount, rejected.firstCall?.args[0].code], [1, "cancelled"]);
  });

  it("is kept while it sleeps", async () => {
    const worker = aWorker(({ sleep }) => sleep(20 * 24 * 3_600_000));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.expireAt.toISOString(), "2026-02-20T00:00:00.000Z");
  });

  it("ends at once when it is cancelled meanwhile", async () => {
    const worker = aWorker(({ sleep }) => sleep(30_000));
    const jobId = await worker.stored();
    await worker.run(jobId);
    await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
    assert.equal((await worker.jobs.read(jobId))?.status, "cancelled");
    await runJob(worker.ports, jobId);
  });
});
