import assert from "node:assert/strict";
import type { JsonValue } from "@baton/protocol";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { firestoreStepStore } from "../../engine/src/jobs/firestore/step-store.ts";
import type { StepStore } from "../../engine/src/jobs/ports.ts";
import { type MemoryJobStore, memoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { memoryStepStore } from "../../engine/src/testing/memory-step-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, randomJobId, randomOwner } from "../support/jobs.ts";

const T0 = new Date("2026-01-01T00:00:00.000Z");

interface Stores {
  jobs: MemoryJobStore;
  steps: StepStore;
  /** A document as it is stored now. */
  document(path: string): Promise<Record<string, unknown> | undefined>;
}

/** What every step store promises; run against the fake and against the real emulator. */
function stepStoreContract(name: string, open: () => Stores) {
  describe(`${name} as a step store`, () => {
    let stores: Stores;
    before(() => {
      stores = open();
    });

    /** A job that lease `mine` holds. */
    async function held(): Promise<string> {
      const lease = { id: "mine", until: new Date("2026-01-01T00:01:00.000Z") };
      const job = aJob({ owner: randomOwner(), status: "processing", attempt: 2, lease });
      await stores.jobs.put(job, null);
      return job.jobId;
    }
    const record = (jobId: string, step: string, commit: Parameters<StepStore["record"]>[1], leaseId = "mine") =>
      stores.steps.record({ jobId, leaseId, name: step }, commit, T0);

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

    it("writes business documents together with the step, once", async () => {
      const jobId = await held();
      const path = `orders/${jobId}`;
      const commit = () =>
        record(jobId, "order", async (tx) => {
          const before = await tx.get(path);
          tx.set(path, { count: Number(before?.count ?? 0) + 1, at: T0 });
          return "ordered";
        });
      await Promise.all([commit(), commit()]);
      await commit();
      assert.deepEqual(await stores.document(path), { count: 1, at: T0 });
    });

    it("creates, updates and deletes business documents, and takes a dot in a name as it is", async () => {
      const jobId = await held();
      const [a, b, c] = [`orders/${jobId}-a`, `orders/${jobId}-b`, `orders/${jobId}-c`];
      await record(jobId, "first", (tx) => {
        tx.create(a, { n: 1, "x.y": 1 });
        tx.set(b, { n: 1 });
        return null;
      });
      await record(jobId, "second", async (tx) => {
        const before = await tx.get(a);
        tx.update(a, { "x.y": 2 });
        tx.delete(b);
        tx.set(c, { before: before?.n });
        return null;
      });
      assert.deepEqual(await stores.document(a), { n: 1, "x.y": 2 });
      assert.deepEqual(await stores.document(b), undefined);
      assert.deepEqual(await stores.document(c), { before: 1 });
    });

    it("writes nothing at all when a part of it cannot be", async () => {
      const jobId = await held();
      const path = `orders/${jobId}`;
      await record(jobId, "first", (tx) => {
        tx.create(path, { n: 1 });
        return null;
      });
      const again = record(jobId, "second", (tx) => {
        tx.set(`${path}-other`, { n: 2 });
        tx.create(path, { n: 2 });
        return null;
      });
      await assert.rejects(again);
      assert.equal(await stores.document(`${path}-other`), undefined);
      assert.equal(await stores.steps.read(jobId, "second"), undefined);
    });

    it("writes nothing, no business document either, when the commit throws", async () => {
      const jobId = await held();
      const path = `orders/${jobId}`;
      const failing = record(jobId, "order", (tx) => {
        tx.set(path, { n: 1 });
        throw new Error("not today");
      });
      await assert.rejects(failing, /not today/);
      assert.equal(await stores.document(path), undefined);
      assert.equal(await stores.steps.read(jobId, "order"), undefined);
    });

    const keep = (jobId: string, step: string, output: JsonValue, leaseId = "mine") =>
      stores.steps.keep({ jobId, leaseId, name: step }, output, T0);

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
      // 27 KB of JSON are 117 KB on the wire, 400 KB of JSON would be 1.6 MB in a document: either passes a limit of Firestore.
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

    it("lets 200 commits side by side add to one document", async () => {
      const jobId = await held();
      const path = `orders/${jobId}`;
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          record(jobId, `add ${i}`, async (tx) => {
            tx.set(path, { count: Number((await tx.get(path))?.count ?? 0) + 1 });
            return null;
          }),
        ),
      );
      assert.equal(answers.filter(({ outcome }) => outcome === "recorded").length, 200);
      assert.deepEqual(await stores.document(path), { count: 200 });
    });

    it("recalls up to so many bytes, and says that there is more", async () => {
      const jobId = await held();
      for (let i = 0; i < 5; i++) await keep(jobId, `step ${i}`, "x".repeat(100_000));
      const { steps, isAll } = await stores.steps.recall(jobId, 250_000);
      assert.deepEqual([steps.length, isAll], [2, false]);
    });

    for (const lost of ["another lease holds the job", "nobody holds the job", "the job is gone"]) {
      it(`writes nothing, no business document either, when ${lost}`, async () => {
        const lease = { id: "other", until: new Date("2026-01-01T00:01:00.000Z") };
        const state = lost.startsWith("another") ? ({ status: "processing", lease } as const) : {};
        const job = aJob({ owner: randomOwner(), ...state });
        if (lost !== "the job is gone") await stores.jobs.put(job, null);
        const path = `orders/${job.jobId}`;
        const answer = await record(job.jobId, "order", (tx) => {
          tx.set(path, { n: 1 });
          return null;
        });
        assert.deepEqual(answer, { outcome: "lease-lost" });
        assert.equal(await stores.document(path), undefined);
        assert.equal(await stores.steps.read(job.jobId, "order"), undefined);
      });
    }

    for (const path of [
      "batonJobs/x",
      "batonJobs/x/batonSteps/y",
      "batonResults/x",
      "batonUsage/x",
      "batonErasures/x",
      "orders",
      "orders//x",
    ]) {
      it(`refuses the path ${path}`, async () => {
        const jobId = await held();
        await assert.rejects(
          record(jobId, "get", async (tx) => ((await tx.get(path)) ? 1 : 0)),
          /of Baton's own|not the path/,
        );
        const writing = record(jobId, "set", (tx) => {
          tx.set(path, {});
          return null;
        });
        await assert.rejects(writing, /of Baton's own|not the path/);
      });
    }
  });
}

stepStoreContract("the memory store", () => {
  const jobs = memoryJobStore();
  const steps = memoryStepStore(jobs);
  return { jobs, steps, document: async (path) => steps.documents.get(path) };
});

describe("with Firestore", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore("step-store-contract");
  });
  after(() => db.terminate());

  const document: Stores["document"] = async (path) => {
    const fields = (await db.doc(path).get()).data();
    return fields?.at ? { ...fields, at: fields.at.toDate() } : fields;
  };
  stepStoreContract("the Firestore store", () => ({ jobs: openJobStore(db), steps: firestoreStepStore(db), document }));

  it("runs a commit again when another writer comes between, and writes once", async () => {
    const [jobs, steps] = [openJobStore(db), firestoreStepStore(db)];
    const lease = { id: "mine", until: new Date("2026-01-01T00:01:00.000Z") };
    const running = Array.from({ length: 2 }, () => aJob({ status: "processing", attempt: 1, lease }));
    for (const job of running) await jobs.put(job, null);
    const path = `counters/${randomJobId()}`;
    const counts = await Promise.all(
      running.map(({ jobId }) =>
        steps.record(
          { jobId, leaseId: "mine", name: "count" },
          async (tx) => {
            const count = Number((await tx.get(path))?.count ?? 0) + 1;
            tx.set(path, { count });
            return count;
          },
          T0,
        ),
      ),
    );
    const given = counts.map((answer) => (answer.outcome === "recorded" ? answer.step.output : answer.outcome));
    assert.deepEqual(given.sort(), [1, 2]);
    assert.deepEqual(await document(path), { count: 2 });
  });
});
