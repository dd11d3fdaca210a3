import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { defineJob, type JobContext, PermanentError } from "../../../functions/src/jobs/define-job.ts";
import { testJob } from "../../../functions/src/testing/test-kit.ts";

/** A job type of two steps and a commit, which tells what took effect. */
function order(run?: (context: JobContext, effects: string[]) => Promise<unknown>) {
  const effects: string[] = [];
  const type = defineJob({
    type: "order",
    input: z.object({ item: z.string() }),
    output: z.unknown(),
    retry: { maxAttempts: 3, jitter: 0 },
    async onCancel({ stepOutput }) {
      effects.push(`give back ${await stepOutput("reserve")}`);
    },
    async run(context, { item }) {
      if (run) return run(context, effects);
      const { step, commit, progress } = context;
      const place = await step("reserve", () => {
        effects.push("reserve");
        return 7;
      });
      progress(0.5, "paying");
      const paid = await step("pay", () => {
        effects.push("pay");
        return `paid ${place}`;
      });
      await commit("book", (tx) => tx.set(`orders/${item}`, { paid }));
      return { paid };
    },
  });
  return { type, effects };
}

describe("testJob", () => {
  it("runs a job to its end and tells what it did", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    assert.deepEqual([job.status, job.attempts, job.invocations], ["queued", 0, 0]);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.invocations, job.elapsedMs], ["completed", 1, 1, 0]);
    assert.deepEqual([job.output, job.error, job.errors], [{ paid: "paid 7" }, undefined, []]);
    assert.deepEqual(
      job.history.map(({ status }) => status),
      ["queued", "processing", "completed"],
    );
    assert.deepEqual(job.reports, [{ progress: 0.5, step: "paying" }]);
    assert.deepEqual(job.step("reserve"), { runs: 1, output: 7 });
    assert.deepEqual([...job.documents], [["orders/book", { paid: "paid 7" }]]);
  });

  it("runs a handler that gives no promise, or another thenable, as the worker does", async () => {
    // biome-ignore lint/suspicious/noThenProperty: clients of databases give such objects.
    const thenable = { then: (done: (value: number) => void) => done(7) };
    for (const given of [7, thenable]) {
      const run = (() => given) as unknown as () => Promise<number>;
      const job = await testJob(defineJob({ type: "n", input: z.null(), output: z.number(), run }), null);
      await job.run();
      assert.deepEqual([job.status, job.output, job.attempts], ["completed", 7, 1]);
    }
  });

  it("refuses an input that the type's schema refuses, as the API does", async () => {
    const schema = defineJob({ type: "n", input: z.object({ n: z.int() }), output: z.null(), run: async () => null });
    await assert.rejects(testJob(schema, { n: 1.5 }), /The job was not accepted: .*\/input\/n/s);
  });

  it("refuses an input above the owner's limit", async () => {
    const { type } = order();
    const refused = testJob(type, { item: "x".repeat(100) }, { limits: { maxInputBytes: 50 } });
    await assert.rejects(refused, /The input is 111 bytes as JSON; 50 are allowed to you/);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const REFUSED: [what: string, item: unknown, message: RegExp][] = [
    ["NaN", [Number.NaN], /accepted: \/input\/item\/0 is NaN/],
    ["a BigInt", 1n, /accepted: \/input\/item is a BigInt/],
    ["a Map", { "a/b": new Map() }, /accepted: \/input\/item\/a~1b is an instance of Map/],
    ["undefined in a list", [1, undefined], /accepted: \/input\/item\/1 is undefined/],
    ["a value that contains itself", cyclic, /accepted: \/input\/item\/self contains itself/],
    ["the name __proto__", JSON.parse('{"__proto__":1}'), /accepted: \/input\/item\/__proto__ has the name __proto__/],
    ["more than 100 levels", JSON.parse(`${"[".repeat(120)}${"]".repeat(120)}`), /nests deeper than 100 levels/],
    ["more than 20,000 lists", Array(20_001).fill([]), /more than 20,000 objects and arrays/],
    ["more than 1 MiB", "x".repeat(1_048_576), /over 1 MiB/],
  ];
  for (const [what, item, message] of REFUSED) {
    it(`refuses an input as a client or the API does: ${what}`, async () => {
      const any = defineJob({ type: "any", input: z.unknown(), output: z.unknown(), run: async (_, input) => input });
      await assert.rejects(testJob(any, { item }), message);
    });
  }

  it("sends an input as JSON, dates as text", async () => {
    const any = defineJob({ type: "any", input: z.unknown(), output: z.unknown(), run: async (_, input) => input });
    const job = await testJob(any, { at: new Date(0), none: undefined, zero: -0, half: "\ud83d" });
    await job.run();
    assert.deepEqual(job.output, { at: "1970-01-01T00:00:00.000Z", zero: 0, half: "\ufffd" });
  });

  it("leaves wrong arguments to the worker", async () => {
    const { type } = order(({ step }) => step("s", 5 as never, null as never));
    const job = await testJob(type, { item: "book" });
    await job.run();
    assert.deepEqual([job.status, job.error?.code], ["failed", "invalid-step"]);
  });

  it("fails a step once, and passes the steps before it in the next attempt", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.failStep("pay", new Error("declined"));
    await job.runOnce();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["queued", 1, "internal"]);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.elapsedMs], ["completed", 2, 10_000]);
    assert.deepEqual(effects, ["reserve", "pay"]);
    assert.deepEqual(job.errors, [new Error("declined")]);
  });

  it("fails a step by its number, as often as is said", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.failStep(2, new Error("declined"), Infinity);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.elapsedMs], ["failed", 3, 30_000]);
    assert.deepEqual(effects, ["reserve"]);
  });

  it("plans several faults of a step one after the other", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    job.failStep("pay", new Error("declined"));
    job.failStep("pay", new PermanentError("no-money", "There is no money."));
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["failed", 2]);
    assert.deepEqual(job.error, { code: "no-money", message: "There is no money." });
  });

  it("kills the worker after a step's work and before its record: the work is done again when the lease has ended", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.killIn("pay");
    await job.runOnce();
    assert.deepEqual([job.status, job.attempts], ["processing", 1]);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.elapsedMs], ["completed", 2, 60_000]);
    assert.deepEqual(effects, ["reserve", "pay", "pay"]);
    assert.equal(job.step("pay").runs, 2);
  });

  it("writes nothing of a commit whose worker was killed", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    job.killIn("book");
    await job.runOnce();
    assert.equal(job.documents.size, 0);
    await job.run();
    assert.deepEqual([job.status, job.step("book").runs, job.documents.size], ["completed", 2, 1]);
  });

  it("lets a killed worker do nothing more, its other steps included", async () => {
    const { type } = order(async ({ step }) => {
      await Promise.all([step("first", () => 1), step("second", async () => 2)]);
      return null;
    });
    const job = await testJob(type, { item: "book" });
    job.killIn("first");
    job.takes("second", 1000);
    await job.runOnce();
    await job.run();
    assert.deepEqual([job.status, job.step("second").runs, job.attempts], ["completed", 1, 2]);
  });

  it("records nothing that a killed worker was still at work on", async () => {
    const slow = Promise.withResolvers<number>();
    const { type } = order(async ({ step }) => {
      await Promise.all([step("first", () => 1), step("second", () => slow.promise)]);
      return null;
    });
    const job = await testJob(type, { item: "book" });
    job.killIn("first");
    await job.runOnce();
    slow.resolve(2);
    await job.run();
    assert.deepEqual([job.status, job.step("second").runs], ["completed", 2]);
  });

  it("fails a job whose worker dies in every attempt", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    for (let i = 0; i < 6; i++) job.killIn("reserve");
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 6, "worker-lost"]);
  });

  it("keeps the attempts and the backoff of a job whose worker dies three times", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    for (let i = 0; i < 3; i++) job.killIn("reserve");
    await job.runOnce();
    await job.runOnce();
    await job.runOnce();
    const before = job.elapsedMs;
    job.failStep("pay", new Error("declined"), Infinity);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 6, "internal"]);
    // The lease of the third worker ends, and then 10 s and 20 s of backoff.
    assert.equal(job.elapsedMs - before, 90_000);
  });

  it("goes on in another invocation of the same attempt when the time ends in a step", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.runOutOfTimeIn("pay");
    await job.runOnce();
    assert.deepEqual([job.status, job.invocations, job.elapsedMs], ["queued", 1, 510_000]);
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.invocations], ["completed", 1, 2]);
    assert.deepEqual(effects, ["reserve", "pay"]);
  });

  it("fails a job whose step had the whole time of an invocation", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    job.runOutOfTimeIn("reserve");
    await job.run();
    assert.deepEqual([job.status, job.error?.code], ["failed", "step-too-long"]);
  });

  it("runs 40 steps of a minute each in as many invocations as they need", async () => {
    const { type } = order(async ({ step }) => {
      for (let i = 1; i <= 40; i++) await step(`part ${i}`, () => i);
      return "all";
    });
    const job = await testJob(type, { item: "book" });
    for (let i = 1; i <= 40; i++) job.takes(`part ${i}`, 60_000);
    await job.run();
    assert.deepEqual([job.output, job.attempts, job.invocations, job.elapsedMs], ["all", 1, 5, 2_400_000]);
  });

  it("cancels a job at a step: the step is told, and the clean-up runs", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.cancelIn("pay");
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error], ["cancelled", 1, undefined]);
    assert.deepEqual(effects, ["reserve", "pay", "give back 7"]);
    assert.equal(job.documents.size, 0);
  });

  it("cancels a job at a step whose work fails at the same time", async () => {
    const { type } = order(({ step }) => step("pay", () => Promise.reject(new Error("declined"))));
    const job = await testJob(type, { item: "book" });
    job.cancelIn("pay");
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["cancelled", 1]);
  });

  it("cancels a job that waits", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    await job.cancel();
    assert.equal(job.status, "cancelled");
    await job.run();
    assert.deepEqual([job.invocations, effects], [0, []]);
  });

  const WAITS: [string, (context: JobContext) => Promise<unknown>][] = [
    ["sleeps for 30 s", ({ sleep }) => sleep(30_000)],
    ["sleeps for a minute", ({ sleep }) => sleep(60_000)],
    ["sleeps for an hour", ({ sleep }) => sleep(3_600_000)],
    ["waits for its next attempt", () => Promise.reject(new Error("boom"))],
  ];
  for (const [what, run] of WAITS) {
    it(`cleans up at once after a job that is cancelled while it ${what}`, async () => {
      const { type, effects } = order(run);
      const job = await testJob(type, { item: "book" });
      await job.runOnce();
      await job.cancel();
      await job.run();
      assert.deepEqual([job.status, job.error, job.elapsedMs], ["cancelled", undefined, 0]);
      assert.deepEqual(effects, ["give back undefined"]);
    });
  }

  it("cleans up on another worker when the one that ran a cancelled job is dead, a third of the grace later", async () => {
    const { type, effects } = order();
    const job = await testJob(type, { item: "book" });
    job.killIn("pay");
    await job.runOnce();
    await job.cancel();
    await job.run();
    assert.deepEqual([job.status, job.error, job.elapsedMs], ["cancelled", undefined, 10_000]);
    assert.deepEqual(effects, ["reserve", "pay", "give back 7"]);
  });

  it("says that a clean-up failed which always throws, and ends all the same", async () => {
    const { type } = order();
    const job = await testJob({ ...type, onCancel: () => Promise.reject(new Error("no")) }, { item: "book" });
    job.cancelIn("pay");
    await job.run();
    assert.deepEqual([job.status, job.error?.code, job.errors.length], ["cancelled", "cleanup-failed", 3]);
  });

  for (const [ms, invocations] of [
    [1000, 1],
    [1001, 2],
    [59_999, 2],
    [60_001, 2],
  ] as const) {
    it(`wakes from a sleep of ${ms} ms to the millisecond, in ${invocations} invocations`, async () => {
      const { type } = order(async ({ sleep }) => sleep(ms));
      const job = await testJob(type, { item: "book" });
      await job.run();
      assert.deepEqual([job.elapsedMs, job.invocations, job.attempts], [ms, invocations, 1]);
    });
  }

  it("goes through 150 sleeps of a second and a half in one attempt, each on time", async () => {
    const { type } = order(async ({ sleep }) => {
      for (let i = 0; i < 150; i++) await sleep(1500);
      return "awake";
    });
    const job = await testJob(type, { item: "book" });
    await job.run();
    assert.deepEqual([job.output, job.attempts, job.elapsedMs, job.errors], ["awake", 1, 225_000, []]);
  });

  it("jumps over a sleep of a day", async () => {
    const { type } = order(async ({ sleep }) => {
      await sleep(24 * 3_600_000);
      return "awake";
    });
    const job = await testJob(type, { item: "book" });
    await job.runOnce();
    assert.deepEqual([job.status, job.waitingFor, job.elapsedMs], ["pending", "time", 0]);
    await job.run();
    assert.deepEqual([job.output, job.attempts, job.invocations, job.elapsedMs], ["awake", 1, 2, 86_400_000]);
  });

  it("lets no virtual time pass while a step is really at work", async () => {
    const { type } = order(({ step }) => step("read", async () => (await readFile(import.meta.filename)).length > 0));
    const job = await testJob(type, { item: "book" });
    await job.run();
    assert.deepEqual([job.output, job.elapsedMs], [true, 0]);
  });

  it("lets virtual time pass for work that would wait for ever", async () => {
    const hung = (signal: AbortSignal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const { type } = order(({ step }) => step("ask", ({ signal }) => hung(signal), { timeoutMs: 30_000 }));
    const job = await testJob(type, { item: "book" });
    await job.runOnce();
    assert.deepEqual([job.error?.code, job.elapsedMs], ["step-timeout", 30_000]);
  });

  it("says that a planned step never came", async () => {
    const { type } = order();
    const job = await testJob(type, { item: "book" });
    job.failStep("charge", new Error("declined"));
    await assert.rejects(job.run(), /Something was planned for step "charge", and it never came to that/);
  });

  it("shortens the time of an invocation, and begins when it is told to", async () => {
    const { type } = order(async ({ step, sleep }) => {
      await step("first", () => 1);
      await sleep({ until: new Date("2030-05-01T12:00:00.000Z") });
      return null;
    });
    const startAt = new Date("2030-05-01T11:59:00.000Z");
    const job = await testJob(type, { item: "book" }, { workerTimeoutMs: 1000, startAt });
    job.takes("first", 600);
    await job.run();
    assert.deepEqual([job.status, job.elapsedMs], ["completed", 60_000]);
  });
});
