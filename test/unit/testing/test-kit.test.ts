import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";
import { testJob } from "../../../engine/src/testing/test-kit.ts";

import { order } from "./an-order.ts";

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

  it("lets no virtual time pass while a file is made, for as long as it is told to have patience", async () => {
    async function* slowly() {
      await pause(1200);
      yield "text";
    }
    const { type } = order(async ({ files }) => {
      const { bytes } = await files.write("slow.txt", slowly(), { contentType: "text/plain" });
      return bytes;
    });
    const job = await testJob(type, { item: "book" }, { patienceMs: 60_000 });
    await job.run();
    assert.deepEqual([job.status, job.output, job.elapsedMs], ["completed", 4, 0]);
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
    await assert.rejects(job.run(), /A fault was planned for step "charge", and the job never reached it/);
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
