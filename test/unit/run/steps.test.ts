import assert from "node:assert/strict";
import sinon from "sinon";
import { PermanentError, RetryableError } from "../../../engine/src/job-types/define-job.ts";
import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import { aWorker, type Handler } from "./a-worker.ts";

describe("the steps of a job", () => {
  it("are done once, however often the handler runs", async () => {
    const work = sinon.fake.returns({ kept: true });
    const seen: unknown[] = [];
    const worker = aWorker(async ({ step, attempt }) => {
      seen.push(await step("fetch", work));
      if (attempt < 3) throw new Error("try again");
      return "done";
    });
    const jobId = await worker.stored();
    assert.equal(await worker.runToEnd(jobId), 3);
    assert.equal(work.callCount, 1);
    assert.deepEqual(seen, [{ kept: true }, { kept: true }, { kept: true }]);
    assert.equal((await worker.steps.read(jobId, "fetch"))?.attempt, 1);
  });

  it("run side by side, and those beside one that fails are remembered", async () => {
    const slow = sinon.fake((_: unknown) => worker.clock.pause(5000));
    const worker = aWorker(async ({ step, attempt }) => {
      await Promise.all([
        step("slow", slow),
        step("quick", async () => {
          await worker.clock.pause(1000);
          if (attempt === 1) throw new Error("not yet");
        }),
      ]);
    });
    await worker.runToEnd(await worker.stored());
    assert.equal(slow.callCount, 1);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:16.000Z");
  });

  it("beside one that fails are waited for until the time is up, and the attempt has failed all the same", async () => {
    const worker = aWorker(({ step }) =>
      Promise.all([
        step("endless", ({ signal }) => worker.clock.pause(3_600_000, signal)),
        step("done", () => 1),
        step("failing", () => Promise.reject(new RetryableError("no-luck", "No luck."))),
      ]),
    );
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.error?.code, job?.resumesAttempt], ["no-luck", undefined]);
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:08:30.000Z");
  });

  it("fail the job at once when two have one name", async () => {
    const second = sinon.fake();
    const worker = aWorker(async ({ step }) => {
      await step("send", () => 1);
      await step("send", second);
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "duplicate-step");
    assert.equal(second.callCount, 0);
  });

  for (const name of ["", "x".repeat(101), "\ud800"]) {
    it(`have names of 1 to 100 characters, unlike ${JSON.stringify(name.slice(0, 10))} of ${name.length}`, async () => {
      const worker = aWorker(({ step }) => step(name, () => 1));
      const jobId = await worker.stored();
      await worker.run(jobId);
      assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "invalid-step-name");
    });
  }

  it("are tried again within the invocation when they ask for it, and not on a permanent error", async () => {
    for (const [error, calls, endsAt] of [
      [new Error("passes"), 3, "2026-01-01T00:00:03.000Z"],
      [new PermanentError("never", "It never will."), 1, "2026-01-01T00:00:00.000Z"],
    ] as const) {
      const work = sinon.fake.rejects(error);
      const worker = aWorker(({ step }) => step("call", work, { retry: { jitter: 0 } }));
      await worker.run(await worker.stored());
      assert.equal(work.callCount, calls);
      assert.equal(worker.clock.now().toISOString(), endsAt);
    }
  });

  it("are tried once when they do not ask for more", async () => {
    const work = sinon.fake.rejects(new Error("passes"));
    const worker = aWorker(({ step }) => step("call", work));
    await worker.run(await worker.stored());
    assert.equal(work.callCount, 1);
  });

  it("that take longer than they may have their signal aborted, and count as failed", async () => {
    const signals: AbortSignal[] = [];
    const worker = aWorker(({ step }) =>
      step(
        "call",
        ({ signal }) => {
          signals.push(signal);
          return worker.clock.pause(60_000, signal);
        },
        { timeoutMs: 5000, retry: { maxAttempts: 2, minDelayMs: 0, jitter: 0 } },
      ),
    );
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.error?.code, "step-timeout");
    assert.deepEqual(
      signals.map((signal) => signal.aborted),
      [true, true],
    );
    assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:10.000Z");
  });

  it("show their name and progress", async () => {
    const worker = aWorker(async ({ step }) => {
      await step("first", () => worker.clock.pause(1500), { progress: 0.25 });
      await step("second", () => worker.clock.pause(1500), { progress: 0.5 });
    });
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await worker.clock.advance(1000);
    const first = await worker.jobs.read(jobId);
    assert.deepEqual([first?.step, first?.progress], ["first", 0]);
    await worker.clock.advance(1000);
    const second = await worker.jobs.read(jobId);
    assert.deepEqual([second?.step, second?.progress], ["second", 0.25]);
    await worker.clock.runUntil(running);
  });

  it("show what the handler says that it does rather than their names, once it says so", async () => {
    const worker = aWorker(async ({ step, progress }) => {
      await step("first", () => worker.clock.pause(1500));
      progress(0.5, "drawing");
      await step("second", () => worker.clock.pause(1500));
    });
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await worker.clock.advance(1000);
    assert.equal((await worker.jobs.read(jobId))?.step, "first");
    await worker.clock.advance(1500);
    assert.equal((await worker.jobs.read(jobId))?.step, "drawing");
    await worker.clock.runUntil(running);
  });

  it("that find the lease gone end the attempt, and write nothing", async () => {
    const after = sinon.fake();
    const reasons: unknown[] = [];
    const worker = aWorker(async ({ step, commit, signal }) => {
      const lease = { id: "other", until: new Date("2026-01-01T00:09:00.000Z") };
      await step("taken", async () => {
        const job = await worker.jobs.read(jobId);
        if (job?.status === "processing") await worker.jobs.put({ ...job, lease }, { n: 7 });
      }).catch(() => reasons.push(signal.reason.code));
      await commit("order", (tx) => tx.set("orders/1", { paid: true })).then(after, () => undefined);
      return "unnoticed";
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.read(jobId))?.lease?.id, "other");
    assert.deepEqual([reasons, after.callCount, worker.steps.documents.size], [["lease-lost"], 0, 0]);
  });

  for (const [what, call] of [
    ["a step in a step", ({ step }) => step("outer", () => step("inner", () => 1))],
    ["a step that a step does not wait for", ({ step }) => step("outer", () => void step("inner", () => 1))],
    ["a sleep in a step", ({ step, sleep }) => step("outer", () => sleep(1000, "inner"))],
    ["a commit in a step", ({ step, commit }) => step("outer", () => commit("inner", () => 1))],
    ["a step in a commit", ({ step, commit }) => commit("outer", () => step("inner", () => 1))],
    ["a commit in a commit", ({ commit }) => commit("outer", () => commit("inner", () => 1))],
    ["a sleep in a commit", ({ commit, sleep }) => commit("outer", () => sleep(1000, "inner"))],
  ] satisfies [string, Handler][]) {
    it(`fail the job at once over ${what}`, async () => {
      const worker = aWorker(call);
      const jobId = await worker.stored();
      await worker.run(jobId);
      assert.deepEqual((await worker.jobs.readResult(jobId))?.error, {
        code: "nested-step",
        message:
          '"inner" is called within step "outer". Call step, commit and sleep in the handler, one after the other.',
      });
      assert.equal(worker.clock.now().toISOString(), "2026-01-01T00:00:00.000Z");
    });
  }

  it("are recalled together by a later attempt", async () => {
    const worker = aWorker(async ({ step, attempt }) => {
      for (let i = 1; i <= 200; i++) await step(`step ${i}`, () => i);
      if (attempt === 1) throw new Error("try again");
      return await step("new", () => "new");
    });
    const [read, recall] = [sinon.fake(worker.steps.read), sinon.fake(worker.steps.recall)];
    worker.ports.steps = { ...worker.ports.steps, read, recall };
    const jobId = await worker.stored();
    await worker.runToEnd(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.output, "new");
    assert.deepEqual([read.callCount, recall.callCount], [0, 1]);
  });

  it("write business documents together with their record", async () => {
    const worker = aWorker(async ({ commit, attempt }) => {
      const order = await commit("order", async (tx) => {
        const counter = (await tx.get("counters/orders")) ?? { last: 0 };
        tx.set("counters/orders", { last: Number(counter.last) + 1 });
        return Number(counter.last) + 1;
      });
      if (attempt === 1) throw new RetryableError("later", "Later.");
      return order;
    });
    const jobId = await worker.stored();
    await worker.runToEnd(jobId);
    assert.deepEqual(worker.steps.documents.get("counters/orders"), { last: 1 });
    assert.equal((await worker.jobs.readResult(jobId))?.output, 1);
  });

  it("write nothing when what the commit gives cannot be remembered", async () => {
    const worker = aWorker(({ commit }) =>
      commit("order", (tx) => {
        tx.set("orders/1", { paid: true });
        return new Map();
      }),
    );
    const jobId = await worker.stored();
    await worker.run(jobId);
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "invalid-step-output");
    assert.equal(worker.steps.documents.size, 0);
  });
});
