import assert from "node:assert/strict";
import sinon from "sinon";
import { runJob } from "../../../functions/src/worker/run-job.ts";
import { aWorker } from "./a-worker.ts";

const MINUTE_MS = 60_000;

describe("a job that needs more than one invocation", () => {
  it("of 40 steps of a minute completes on a function of 540 s, each step done once", async () => {
    const done: number[] = [];
    const worker = aWorker(async ({ step }) => {
      for (let i = 1; i <= 40; i++) {
        const work = async () => {
          await worker.clock.pause(MINUTE_MS);
          done.push(i);
        };
        await step(`minute ${i}`, work, { progress: i / 40 });
      }
      return "done";
    });
    const jobId = await worker.stored();
    // 510 s of an invocation are for the handler: eight steps.
    assert.equal(await worker.runToEnd(jobId), 5);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:40:00.000Z");
    assert.deepEqual(
      done,
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.attempt], ["completed", 1]);
    assert.equal(job?.history.filter(({ reason }) => reason === "goes on").length, 4);
    assert.equal(worker.publisher.publishJob.callCount, 4);
  });

  it("says how far it is when it goes on elsewhere", async () => {
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(400_000), { progress: 0.4 });
      await step("second", () => worker.clock.pause(400_000), { progress: 0.8 });
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.progress, job?.step, job?.resumes], ["queued", 0.4, "first", true]);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:06:40.000Z");
  });

  it("runs a step that may not fit any more in the next invocation", async () => {
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(10_000));
      await step("second", () => worker.clock.pause(1000), { timeoutMs: 505_000 });
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:11.000Z");
  });

  it("cuts a step off that turns out not to fit, and runs it first in the next invocation", async () => {
    const starts: string[] = [];
    const signals: AbortSignal[] = [];
    const caught = sinon.fake();
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(100_000));
      try {
        await step("second", ({ signal }) => {
          starts.push(worker.clock.now().toISOString());
          signals.push(signal);
          return worker.clock.pause(450_000, signal);
        });
      } catch (error) {
        caught(error);
        throw error;
      } finally {
        caught();
      }
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    assert.deepEqual(starts, ["2026-01-01T00:01:40.000Z", "2026-01-01T00:08:30.000Z"]);
    assert.equal(signals[0]?.aborted, true);
    assert.equal(caught.callCount, 1, "only the handler that came to its end went through its finally");
    assert.equal((await worker.jobs.read(jobId))?.status, "completed");
  });

  it("fails when a step has the whole time and is not done, and says so", async () => {
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(1000));
      await step("export", ({ signal }) => worker.clock.pause(3_600_000, signal));
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 2);
    assert.deepEqual((await worker.jobs.readResult(jobId))?.error, {
      code: "step-too-long",
      message:
        'Step "export" was not done after 510 s: an invocation of the worker has no more. Split it into several steps.',
    });
  });

  it("fails when what comes before a step takes its time away", async () => {
    const worker = aWorker(async ({ step }) => {
      await worker.clock.pause(200_000);
      await step("export", ({ signal }) => worker.clock.pause(400_000, signal));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const error = (await worker.jobs.readResult(jobId))?.error;
    assert.equal(error?.code, "step-too-long");
    assert.match(error.message, /was not done after 310 s, after 200 s that the handler took before it/);
  });

  it("is tried again when a step was done and the store kept silent", async () => {
    const worker = aWorker(({ step }) => step("export", () => worker.clock.pause(1000)));
    const { steps } = worker.ports;
    let isSilent = true;
    worker.ports.steps = {
      ...steps,
      keep: (...asked) => (isSilent ? new Promise(() => undefined) : steps.keep(...asked)),
    };
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "timeout");
    isSilent = false;
    await worker.runToEnd(jobId);
    assert.equal((await worker.jobs.read(jobId))?.status, "completed");
  });

  it("is tried again when the store kept silent about a sleep", async () => {
    const worker = aWorker(({ sleep }) => sleep(1000));
    worker.ports.steps = { ...worker.ports.steps, keep: () => new Promise(() => undefined) };
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "timeout");
  });

  it("tries again when a step began so late that it cannot be blamed", async () => {
    let isLate = true;
    const worker = aWorker(async ({ step }) => {
      if (isLate) await worker.clock.pause(400_000);
      await step("export", ({ signal }) => worker.clock.pause(200_000, signal));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "step-too-long");
    isLate = false;
    await worker.runToEnd(jobId);
    assert.equal((await worker.jobs.read(jobId))?.status, "completed");
  });

  it("fails at once when a step asks for more time than there is", async () => {
    const worker = aWorker(({ step }) => step("export", () => 1, { timeoutMs: 600_000 }));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "step-too-long");
  });

  it("is tried again when it has no steps", async () => {
    const worker = aWorker(({ signal }) => worker.clock.pause(600_000, signal));
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:08:30.000Z");
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.error?.code, job?.attempt, job?.resumes], ["timeout", 1, undefined]);
  });

  it("does not go on for ever when it does not get on outside of its steps", async () => {
    const worker = aWorker(async ({ step, signal }) => {
      await step("first", () => 1);
      await worker.clock.pause(600_000, signal);
    });
    const jobId = await worker.stored({ maxAttempts: 2 });
    assert.equal(await worker.runToEnd(jobId), 3);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "timeout");
  });

  it("lets steps that run side by side come to their end before it goes on elsewhere", async () => {
    const slow = sinon.fake((_: unknown) => worker.clock.pause(300_000));
    const worker = aWorker(({ step }) =>
      Promise.all([
        step("slow", slow),
        step("quick", () => worker.clock.pause(10_000)).then(() => step("late", () => 1, { timeoutMs: 509_000 })),
      ]),
    );
    assert.equal(await worker.runToEnd(await worker.stored()), 2);
    assert.equal(slow.callCount, 1);
  });

  it("starts the time of a step anew for nobody else: what a handler does after the end counts for nothing", async () => {
    const zombie = sinon.fake();
    const worker = aWorker(async ({ step, commit }) => {
      void worker.clock.pause(520_000).then(() => step("zombie", zombie));
      void worker.clock.pause(525_000).then(() => commit("zombie write", (tx) => tx.set("orders/1", {})));
      await step("first", () => worker.clock.pause(100_000));
      await step("second", ({ signal }) => worker.clock.pause(450_000, signal));
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    await worker.clock.advance(60_000);
    assert.deepEqual([zombie.callCount, worker.steps.documents.size], [0, 0]);
  });
});

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
    const jobId = await worker.stored({ place: 3 });
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.waitingFor, job?.place], ["pending", "time", undefined]);
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

  it("goes on at once when a step beside the sleep was cut off", async () => {
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
