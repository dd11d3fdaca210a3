import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import type { DueJob } from "../../engine/src/jobs/ports.ts";
import { ALL_SHARDS } from "../../engine/src/kit/shard.ts";
import { type MemoryJobStore, memoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, type GivenJob } from "../support/jobs.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/**
 * The contract of a store with the sweep; run against the fake and against the real emulator, each in a database of its
 * own.
 */
function dueJobsContract(name: string, open: () => MemoryJobStore) {
  describe(`${name} as the sweep's view of the jobs`, () => {
    let store: MemoryJobStore;
    const ids: Record<string, string> = {};
    const put = async (named: string, given: GivenJob) => {
      const job = aJob(given);
      await store.put(job, null);
      ids[named] = job.jobId;
      return job;
    };
    const named = (jobs: readonly { jobId: string }[]) =>
      jobs.map(({ jobId }) => Object.keys(ids).find((key) => ids[key] === jobId));

    before(async () => {
      store = open();
      await put("later", { dueAt: at(20), shard: 0 });
      await put("late", { dueAt: at(10), shard: 15 });
      await put("never", { status: "completed", shard: 0 });
      const sleep = { status: "pending", waitingFor: "time" } as const;
      await put("asleep", { ...sleep, dueAt: at(30), runAt: at(30), shard: 7 });
      await put("asleep longer", { ...sleep, dueAt: at(40), runAt: at(40), shard: 3 });
      await put("without a slot", { status: "pending", waitingFor: "slot", ticket: 3, dueAt: at(35), shard: 7 });
      await store.put(aJob({ status: "completed" }), null);
    });

    it("lists the jobs of all shards that are due, the longest due first", async () => {
      assert.deepEqual(named(await store.listDue(ALL_SHARDS, at(20), 10)), ["late", "later"]);
    });

    it("lists the jobs of one shard, and as many as were asked for", async () => {
      assert.deepEqual(named(await store.listDue([7], at(40), 10)), ["asleep", "without a slot"]);
      assert.deepEqual(named(await store.listDue(ALL_SHARDS, at(40), 3)), ["late", "later", "asleep"]);
    });

    it("says of a job what the sweep has to know", async () => {
      const [late] = await store.listDue([15], at(20), 10);
      assert.deepEqual(late, { jobId: ids.late, dueAt: at(10), status: "queued", since: at(0) });
      const [waiting] = await store.listDue([3], at(40), 10);
      assert.deepEqual(waiting, {
        jobId: ids["asleep longer"],
        dueAt: at(40),
        status: "pending",
        waitingFor: "time",
        since: at(0),
      });
    });

    it("lists the jobs whose time comes within a span, its end included, its beginning not", async () => {
      assert.deepEqual(named(await store.listSleeping({ dueAt: at(29) }, at(40), 10)), ["asleep", "asleep longer"]);
      assert.deepEqual(named(await store.listSleeping({ dueAt: at(30) }, at(40), 10)), ["asleep longer"]);
      assert.deepEqual(named(await store.listSleeping({ dueAt: at(29) }, at(39), 10)), ["asleep"]);
      assert.deepEqual(named(await store.listSleeping({ dueAt: at(0) }, at(59), 1)), ["asleep"]);
    });

    it("lists the jobs of one moment page by page, each once", async () => {
      const asleep = { status: "pending", waitingFor: "time", runAt: at(57), dueAt: at(57) } as const;
      const expected: string[] = [];
      for (let i = 0; i < 5; i++) expected.push((await put(`together ${i}`, { ...asleep, shard: i })).jobId);
      const listed: string[] = [];
      let last: DueJob | undefined;
      for (let size = 2; size === 2; ) {
        const page = await store.listSleeping(last ?? { dueAt: at(56) }, at(57), 2);
        listed.push(...page.map(({ jobId }) => jobId));
        last = page.at(-1);
        size = page.length;
      }
      assert.deepEqual(listed, expected.sort());
    });

    it("puts off a job that is due, and changes nothing else of it", async () => {
      const job = await put("put off", { dueAt: at(50), shard: 9 });
      await store.putOff(job.jobId, at(50), at(55));
      assert.deepEqual(await store.read(job.jobId), { ...job, dueAt: at(55) });
    });

    it("leaves a job that is not due, or gone, as it is", async () => {
      const job = await put("not due", { dueAt: at(51), shard: 9 });
      await store.putOff(job.jobId, at(50), at(55));
      assert.deepEqual(await store.read(job.jobId), job);
      await store.putOff("AAAAAAAAAAAAAAAAAAAA", at(50), at(55));
    });
  });
}

dueJobsContract("memory", memoryJobStore);

describe("on the emulator", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore("demo-due-jobs");
  });
  after(() => db.terminate());

  dueJobsContract("Firestore", () => openJobStore(db));

  it("lists and postpones an unreadable document", async () => {
    const store = openJobStore(db);
    const damaged = db.collection("batonJobs").doc();
    await damaged.set({ status: 5, engine: { shard: 11, dueAt: at(1) } });
    assert.deepEqual(await store.listDue([11], at(2), 10), [{ jobId: damaged.id, dueAt: at(1) }]);
    await store.putOff(damaged.id, at(2), at(9));
    assert.deepEqual(await store.listDue([11], at(2), 10), []);
    await damaged.delete();
  });
});
