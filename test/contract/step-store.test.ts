import assert from "node:assert/strict";
import type { JsonValue } from "@baton/protocol";
import { before } from "mocha";
import { randomJobId } from "../support/jobs.ts";
import { T0 } from "./both-job-stores.ts";
import { onBothStepStores, type StepStores, stepWriter } from "./both-step-stores.ts";

/** The contract of every step store for outputs; run against the fake and against the real emulator. */
function outputsContract(name: string, open: () => StepStores) {
  describe(`${name} as a step store, $with its outputs,`, () => {
    let stores: StepStores;
    before(() => {
      stores = open();
    });
    const { held, record, keep } = stepWriter(() => stores);

    it("gives back what it was given", async () => {
      const jobId = await held();
      const output: JsonValue = { list: [1, [2, null]], "__a.b__": "x", deep: { text: "ü😀" } };
      const step = {
        ...{ jobId, name: "fetch", output, attempt: 2, leaseId: "mine", createdAt: T0 },
        expireAt: new Date("2026-01-31T00:00:00.000Z"),
      };
      assert.deepEqual(await record(jobId, "fetch", () => output), { outcome: "recorded", step });
      assert.deepEqual(await stores.steps.read(jobId, "fetch"), step);
    });

    it("answers undefined for what is not there", async () => {
      assert.equal(await stores.steps.read(randomJobId(), "fetch"), undefined);
    });

    it("keeps null apart from nothing", async () => {
      const jobId = await held();
      await record(jobId, "fetch", () => null);
      assert.equal((await stores.steps.read(jobId, "fetch"))?.output, null);
    });

    it("keeps an output of 900 KiB", async () => {
      const jobId = await held();
      const output = Array.from({ length: 100_000 }, (_, i) => i % 10);
      await record(jobId, "numbers", () => [...output, "x".repeat(700_000)]);
      const kept = (await stores.steps.read(jobId, "numbers"))?.output;
      assert.ok(Array.isArray(kept) && kept.length === 100_001);
    });

    for (const odd of ["a/b", ".", "..", "__x__", "100 %", "é😀", "x".repeat(100), "字".repeat(100), "%2E"]) {
      it(`keeps a step apart from all others whose name is ${odd.slice(0, 10)}`, async () => {
        const jobId = await held();
        await record(jobId, odd, () => "this one");
        await record(jobId, encodeURIComponent(odd) === odd ? `${odd}x` : encodeURIComponent(odd), () => "other");
        assert.equal((await stores.steps.read(jobId, odd))?.output, "this one");
      });
    }

    it("keeps the first of two outputs, and gives that to the second writer", async () => {
      const jobId = await held();
      const answers = await Promise.all([record(jobId, "fetch", () => "a"), record(jobId, "fetch", () => "b")]);
      const kept = (await stores.steps.read(jobId, "fetch"))?.output;
      const given = answers.map((answer) => (answer.outcome === "recorded" ? answer.step.output : answer.outcome));
      assert.deepEqual(given, [kept, kept]);
    });

    it("keeps 1,000 outputs side by side, and recalls them", async () => {
      const jobId = await held();
      const before = await stores.jobs.read(jobId);
      const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => keep(jobId, `step ${i}`, { i })));
      assert.equal(answers.filter(({ outcome }) => outcome === "recorded").length, 1000);
      const { steps, isAll } = await stores.steps.recall(jobId, 8_000_000);
      assert.deepEqual([new Set(steps.map(({ name }) => name)).size, isAll], [1000, true]);
      assert.deepEqual(await stores.jobs.read(jobId), before);
    });

    it("keeps large and small outputs side by side", async () => {
      const jobId = await held();
      const outputs: JsonValue[] = [
        ...Array.from({ length: 8 }, () => "x".repeat(900_000)),
        ...Array.from({ length: 4 }, () => Array.from({ length: 110_000 }, () => null)),
        ...Array.from({ length: 50 }, (_, i) => i),
      ];
      const answers = await Promise.all(outputs.map((output, i) => keep(jobId, `step ${i}`, output)));
      assert.equal(answers.filter(({ outcome }) => outcome === "recorded").length, 62);
      assert.equal((await stores.steps.read(jobId, "step 61"))?.output, 49);
    });

    it("keeps outputs side by side that are larger on the wire, or as stored, than as JSON", async () => {
      const jobId = await held();
      // 27 KB of JSON are 117 KB on the wire, 400 KB of JSON would be 1.6 MB in a document: either passes a limit of
      // Firestore.
      const [wide, digits]: JsonValue[] = [new Array(9_000).fill(-1), new Array(200_000).fill(7)];
      const outputs = [...Array.from({ length: 42 }, () => wide), digits];
      const answers = await Promise.all(outputs.map((output, i) => keep(jobId, `step ${i}`, output ?? null)));
      assert.equal(answers.filter(({ outcome }) => outcome === "recorded").length, 43);
      assert.deepEqual((await stores.steps.read(jobId, "step 41"))?.output, wide);
      assert.deepEqual((await stores.steps.read(jobId, "step 42"))?.output, digits);
    });

    it("gives the output that was kept first, also beside new ones", async () => {
      const jobId = await held();
      await keep(jobId, "known", "first");
      const answers = await Promise.all(["a", "b", "known", "c"].map((step) => keep(jobId, step, "second")));
      const given = answers.map((answer) => (answer.outcome === "recorded" ? answer.step.output : answer.outcome));
      assert.deepEqual(given, ["second", "second", "first", "second"]);
    });

    it("keeps nothing more once the lease is lost", async () => {
      const jobId = await held();
      await keep(jobId, "before", 1);
      const job = await stores.jobs.read(jobId);
      assert.ok(job);
      const now = new Date("2026-01-01T00:01:00.000Z");
      assert.equal((await stores.jobs.claim(jobId, { leaseId: "other", leaseMs: 60_000 }, now)).outcome, "moved");
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => keep(jobId, `late ${i}`, i)));
      assert.deepEqual(new Set(answers.map(({ outcome }) => outcome)), new Set(["lease-lost"]));
      assert.equal((await stores.steps.recall(jobId, 8_000_000)).steps.length, 1);
    });

    it("keeps outputs side by side while the worker reports progress", async () => {
      const jobId = await held();
      const report = { kind: "progress", leaseId: "mine", leaseMs: 60_000, progress: 0.5 } as const;
      const [answers] = await Promise.all([
        Promise.all(Array.from({ length: 100 }, (_, i) => keep(jobId, `step ${i}`, i))),
        stores.jobs.apply(jobId, report, T0),
      ]);
      assert.equal(answers.filter(({ outcome }) => outcome === "recorded").length, 100);
    });

    it("recalls up to so many bytes, and says that there is more", async () => {
      const jobId = await held();
      for (let i = 0; i < 5; i++) await keep(jobId, `step ${i}`, "x".repeat(100_000));
      const { steps, isAll } = await stores.steps.recall(jobId, 250_000);
      assert.deepEqual([steps.length, isAll], [2, false]);
    });
  });
}

onBothStepStores(outputsContract);
