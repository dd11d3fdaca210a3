import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { firestoreErasureStore } from "../../engine/src/erasure/firestore/erasure-store.ts";
import { firestoreErasures } from "../../engine/src/erasure/firestore/erasures.ts";
import { type SweepPorts, sweep } from "../../engine/src/functions/run-sweep.ts";
import { withEngine } from "../../engine/src/jobs/engine.ts";
import { firestoreResultStore } from "../../engine/src/jobs/firestore/result-store.ts";
import { isLive } from "../../engine/src/jobs/rules/job.ts";
import { newUsage } from "../../engine/src/jobs/rules/usage.ts";
import { staggeredResume } from "../../engine/src/webhooks/deliver/staggered-resume.ts";
import { firestoreAlertStore } from "../../engine/src/webhooks/firestore/alert-store.ts";
import { firestoreDeliveryStore } from "../../engine/src/webhooks/firestore/delivery-store.ts";
import { firestoreEndpointStore } from "../../engine/src/webhooks/firestore/endpoint-store.ts";
import { firestoreRecoveryStore } from "../../engine/src/webhooks/firestore/recovery-store.ts";
import { secretBox } from "../../engine/src/webhooks/signing/secret-box.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, type GivenJob } from "../support/jobs.ts";

const START = new Date("2026-01-01T01:00:00.000Z");

/** Sweeps that run in this process, in a database in which no function does, at the time that is given. */
function openSweep(db: Firestore) {
  const jobs = openJobStore(db);
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const publisher = {
    publishJob: sinon.fake((_queue: string, _message: { jobId: string }) => Promise.resolve()),
    publishDeadLetter: sinon.fake.resolves(undefined),
    publishWake: sinon.fake.resolves(undefined),
    publishDelivery: sinon.fake.resolves(undefined),
  };
  const stores = {
    jobs,
    results: firestoreResultStore(db),
    deliveries: firestoreDeliveryStore(db),
    recoveries: firestoreRecoveryStore(db),
    alerts: firestoreAlertStore(db),
    endpoints: firestoreEndpointStore(db, secretBox(""), log),
    erasures: firestoreErasures(db),
  };
  const portsAt = (now: Date): SweepPorts => {
    const clock = { now: () => now, after: () => () => {} };
    const engine = withEngine({ ...stores, publisher, clock, log });
    return { ...engine, staggeredResume: staggeredResume(clock), lookAheadMs: 0 };
  };
  return { jobs, log, publisher, sweepAt: (now: Date) => sweep(portsAt(now)) };
}

describe("runs of the sweep", () => {
  let db: Firestore;
  afterEach(() => db.terminate());

  it("publish each due job once when two run at the same time", async () => {
    db = openFirestore("demo-two-sweeps");
    const { jobs, publisher, log, sweepAt } = openSweep(db);
    const due = Array.from({ length: 300 }, (_, index) => aJob({ shard: index % 16 }));
    for (let i = 0; i < due.length; i += 50)
      await Promise.all(due.slice(i, i + 50).map((job) => jobs.put(job, { text: "x" })));
    await Promise.all([sweepAt(START), sweepAt(START)]);
    const published = publisher.publishJob.args.map(([, { jobId }]) => jobId);
    assert.deepEqual(published.sort(), due.map(({ jobId }) => jobId).sort());
    assert.deepEqual(log.error.args, []);
  });

  describe("of an erasure", () => {
    const [alice, bob] = ["alice", "bob"];
    before(() => {
      db = openFirestore("demo-erasure-runs");
    });
    after(() => db.terminate());

    /** Everything an owner may have: jobs in every state, and all that comes with them. */
    async function fill(owner: string): Promise<void> {
      const { jobs } = openSweep(db);
      const put = async (given: GivenJob) => {
        const job = aJob({ owner, ...given });
        const dueAt = new Date("2026-01-01T02:00:00.000Z");
        await jobs.put(isLive(job) ? { ...job, dueAt } : job, { text: "x".repeat(9000) });
        return job.jobId;
      };
      const one = await put({ status: "completed", cache: { key: `${owner}-key`, ttlMs: 1 } });
      const lease = { id: "l", until: new Date("2026-01-01T01:01:00.000Z") };
      await put({ status: "processing", attempt: 1, lease });
      await put({ status: "pending", waitingFor: "time", runAt: new Date("2026-06-01T00:00:00.000Z") });
      await put({ status: "pending", waitingFor: "lane", lane: `${owner}-lane`, laneTicket: 2 });
      for (let i = 0; i < 6; i++) {
        await Promise.all(
          Array.from({ length: 49 }, (_, index) =>
            put(index % 2 ? { status: "failed" } : { ticket: index + 1, concurrencyLimit: 1 }),
          ),
        );
      }
      const own = { owner, jobId: one, createdAt: START, receivedAt: START };
      const paths = [
        `batonJobs/${one}/batonSteps/a`,
        `batonJobs/${one}/batonSteps/b`,
        `batonResults/${one}`,
        `batonResults/${one}/batonPayloads/output`,
      ];
      const more = [
        `batonDeliveries/${owner}-1`,
        `batonDeadLetters/${owner}-1`,
        `batonCache/${owner}-key`,
        `batonUsage/${owner}`,
      ];
      const lines = [
        `batonLanes/${owner}-lane`,
        `batonEndpoints/${owner}-1`,
        `batonEndpoints/${owner}-1/batonSecrets/s`,
      ];
      const orphans = ["batonDeliveries", "batonDeadLetters", "batonResults"].map((name) => `${name}/${owner}-orphan`);
      const putOwn = (path: string, fields: object = {}) => db.doc(path).set({ ...own, ...shapeOf(path), ...fields });
      for (const path of [...paths, ...more, ...lines]) await putOwn(path);
      for (const path of orphans) await putOwn(path, path.startsWith("batonResults") ? {} : { jobId: "gone" });
      const late = new Date(START.getTime() + 1000);
      await putOwn(`batonDeliveries/${owner}-late`, { createdAt: late, receivedAt: late });
    }

    /** The fields that each collection's documents have. */
    function shapeOf(path: string): object {
      const [collection = "", id = ""] = path.split("/");
      const shapes: Record<string, object> = {
        batonResults: { jobId: id, shard: 0, attempt: 1, durationMs: 1 },
        batonDeliveries: { deliveryId: id, shard: 0, attemptCount: 0, tries: 0 },
        batonEndpoints: { endpointId: id, scheme: "v1", health: {}, headerNames: [] },
        batonDeadLetters: { letterId: id, kind: "exhausted", reason: "x" },
        batonUsage: newUsage(id, START),
        batonLanes: { laneId: id, ticketQueue: { last: 2, base: 0 }, updatedAt: START, expireAt: START },
      };
      return path.split("/").length === 2 ? (shapes[collection] ?? {}) : {};
    }

    const GROUPS = [
      "batonJobs",
      "batonSteps",
      "batonPayloads",
      "batonResults",
      "batonDeliveries",
      "batonDeadLetters",
      "batonCache",
      "batonUsage",
      "batonLanes",
    ];
    /** Paths of all documents in all collections, or those of one owner. */
    async function pathsLeft(): Promise<string[]> {
      const groups = [...GROUPS, "batonEndpoints", "batonSecrets", "batonErasures"];
      const found = await Promise.all(groups.map((group) => db.collectionGroup(group).select().get()));
      return found
        .flatMap(({ docs }) => docs.map(({ ref }) => ref.path))
        .filter(isOfOwner)
        .sort();
    }

    /** A day's counters outlive an erasure until the day ends, under a hash of the owner. */
    const isOfOwner = (path: string) => !path.startsWith("batonUsage/%erased-");

    it("leave nothing of the owner anywhere, and another's as it was", async () => {
      await fill(bob);
      const before = await pathsLeft();
      await fill(alice);
      await firestoreErasureStore(db).request(alice, START);
      const { sweepAt, log } = openSweep(db);
      await sweepAt(START);
      // The running job was told to stop, and nothing keeps its grace from passing.
      const running = db.collection("batonJobs").where("owner", "==", alice);
      assert.deepEqual(
        (await running.get()).docs.map((job) => [job.get("status"), job.get("cancelRequested")]),
        [["processing", true]],
      );
      // An erasure ends with a run that finds nothing, 90 s after the last one that did.
      for (const second of [31, 32, 123]) await sweepAt(new Date(START.getTime() + second * 1000));
      assert.deepEqual(await pathsLeft(), before);
      assert.deepEqual(log.error.args, []);
      assert.equal((await db.collection("batonJobs").where("owner", "==", bob).count().get()).data().count, 298);
    });
  });
});
