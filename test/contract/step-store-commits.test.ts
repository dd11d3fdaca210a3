import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { openFirestore } from "../support/firestore.ts";
import { aJob, randomJobId, randomOwner } from "../support/jobs.ts";
import { T0 } from "./both-job-stores.ts";
import { MINE, onBothStepStores, STEP_PROJECT, type StepStores, stepWriter, storesOn } from "./both-step-stores.ts";

/**
 * The contract of every step store for the commits of business documents; run against the fake and the real emulator.
 */
function commitsContract(name: string, open: () => StepStores) {
  describe(`${name} as a step store, $with commits,`, () => {
    let stores: StepStores;
    before(() => {
      stores = open();
    });
    const { held, record } = stepWriter(() => stores);

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

    for (const lost of ["another lease holds the job", "no lease holds the job", "the job is gone"]) {
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

onBothStepStores(commitsContract);

describe("Firestore as a step store, with two writers,", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(STEP_PROJECT);
  });
  after(() => db.terminate());

  it("runs a commit again when another writer comes between, and writes once", async () => {
    const { jobs, steps, document } = storesOn(db);
    const running = Array.from({ length: 2 }, () => aJob({ status: "processing", attempt: 1, lease: MINE }));
    for (const job of running) await jobs.put(job, null);
    const path = `counters/${randomJobId()}`;
    const counts = await Promise.all(
      running.map(({ jobId }) =>
        steps.record(
          { jobId, leaseId: MINE.id, name: "count" },
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
