import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { firestoreErasureStore } from "../../engine/src/erasure/firestore/erasure-store.ts";
import { firestoreErasures } from "../../engine/src/erasure/firestore/erasures.ts";
import { firestoreExpiredDocuments } from "../../engine/src/erasure/firestore/expired-documents.ts";
import { firestoreResultStore } from "../../engine/src/jobs/firestore/result-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, type GivenJob, randomOwner } from "../support/jobs.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const stamp = (minute: number) => Timestamp.fromDate(at(minute));

/** Each in a database of its own: these stores look at everything there is. */
function withDatabase(projectId: string): () => Firestore {
  let db: Firestore;
  before(() => {
    db = openFirestore(projectId);
  });
  after(() => db.terminate());
  return () => db;
}

describe("the result store on Firestore", () => {
  const db = withDatabase("demo-due-results");
  const put = async (fields: object) => {
    const document = db().collection("batonResults").doc();
    await document.set({ shard: 3, ...fields });
    return document;
  };

  it("gives each due result to one of two callers, and sets its next look", async () => {
    const results = firestoreResultStore(db());
    const due = await Promise.all([4, 5, 6].map((shard) => put({ shard, createdAt: stamp(0), dueAt: stamp(1) })));
    await put({ createdAt: stamp(0), dueAt: stamp(3) });
    await put({ createdAt: stamp(0) });
    const [one, other] = await Promise.all([results.takeDue(at(2), 10), results.takeDue(at(2), 10)]);
    assert.deepEqual([...one, ...other].sort(), due.map(({ id }) => id).sort());
    assert.deepEqual((await due[0]?.get())?.get("dueAt"), stamp(4));
  });

  it("takes at most `limit`, the longest due first", async () => {
    const first = await put({ createdAt: stamp(0), dueAt: stamp(-9) });
    await put({ createdAt: stamp(0), dueAt: stamp(-8) });
    assert.deepEqual(await firestoreResultStore(db()).takeDue(at(-5), 1), [first.id]);
  });

  it("gives a result its last look a week after the end", async () => {
    const results = firestoreResultStore(db());
    const old = await put({ createdAt: stamp(-12_000), dueAt: stamp(-1500) });
    assert.ok((await results.takeDue(at(-1500), 10)).includes(old.id));
    assert.deepEqual((await old.get()).data(), { shard: 3, createdAt: stamp(-12_000) });
  });

  it("settles a result, again and again, and one that is gone", async () => {
    const results = firestoreResultStore(db());
    const result = await put({ createdAt: stamp(0), dueAt: stamp(60) });
    for (let i = 0; i < 2; i++) await results.settle(result.id);
    assert.deepEqual((await result.get()).data(), { shard: 3, createdAt: stamp(0) });
    await results.settle("gone");
    assert.equal((await db().doc("batonResults/gone").get()).exists, false);
  });
});

describe("the expired documents on Firestore", () => {
  const db = withDatabase("demo-expired");

  it("are deleted in every collection, those that are to be kept are not", async () => {
    const parents = [
      "batonJobs",
      "batonResults",
      "batonDeliveries",
      "batonCache",
      "batonUsage",
      "batonLanes",
      "batonDeadLetters",
    ];
    parents.push("batonAlerts", "batonRecoveries", "batonRateLimits");
    const paths = [
      ...parents.map((name) => `${name}/x`),
      "batonJobs/x/batonSteps/x",
      "batonJobs/x/batonPayloads/x",
      "batonResults/x/batonPayloads/x",
      "batonDeliveries/x/batonAttempts/x",
      "batonEndpoints/x/batonSecrets/x",
    ];
    for (const path of paths) {
      await db()
        .doc(path)
        .set({ expireAt: stamp(1) });
      await db()
        .doc(`${path}-kept`)
        .set({ expireAt: stamp(3) });
    }
    assert.equal(await firestoreExpiredDocuments(db()).deletePage(at(2), 300), 15);
    for (const path of paths) {
      assert.equal((await db().doc(path).get()).exists, false, path);
      assert.equal((await db().doc(`${path}-kept`).get()).exists, true, path);
    }
  });

  it("are deleted so many of each at a time", async () => {
    for (let i = 0; i < 5; i++)
      await db()
        .collection("batonLanes")
        .doc()
        .set({ expireAt: stamp(1) });
    const expired = firestoreExpiredDocuments(db());
    assert.deepEqual([await expired.deletePage(at(2), 3), await expired.deletePage(at(2), 3)], [3, 2]);
  });
});

describe("the erasures on Firestore", () => {
  const db = withDatabase("demo-erasures");
  const put = async (given: GivenJob) => {
    const job = aJob(given, at(0));
    await openJobStore(db()).put(job, null);
    return job.jobId;
  };
  const request = (owner: string, minute: number) => firestoreErasureStore(db()).request(owner, at(minute));
  const exists = async (path: string) => (await db().doc(path).get()).exists;

  it("are due in order, and can be put off", async () => {
    const erasures = firestoreErasures(db());
    const [second, first] = [await request(randomOwner(), -20), await request(randomOwner(), -30)];
    assert.deepEqual(await erasures.listDue(at(-15), 10), [first, second]);
    await erasures.putOff(first, at(-10));
    assert.deepEqual(await erasures.listDue(at(-15), 10), [second]);
    await erasures.putOff({ ...first, owner: "gone" }, at(-10));
    assert.equal(await exists("batonErasures/gone"), false);
  });

  it("list what has not ended, up to the request", async () => {
    const owner = randomOwner();
    const erasure = await request(owner, 1);
    const unended = [await put({ owner }), await put({ owner, status: "pending", waitingFor: "slot" })];
    await put({ owner, status: "completed" });
    await put({ owner, createdAt: at(2) });
    await put({ owner: randomOwner() });
    assert.deepEqual((await firestoreErasures(db()).listUnended(erasure, 10)).sort(), unended.sort());
  });

  it("leave a job from after the request, and with it the owner's lines", async () => {
    const owner = randomOwner();
    const erasure = await request(owner, 1);
    const [old, later] = [await put({ owner, status: "failed" }), await put({ owner, createdAt: at(2) })];
    await db().doc(`batonUsage/${owner}`).set({ owner });
    await db().doc(`batonLanes/${owner}-lane`).set({ owner });
    const erasures = firestoreErasures(db());
    assert.equal(await erasures.eraseJobs(erasure, 10), 1);
    await erasures.finish(erasure, at(9));
    const paths = [
      `batonJobs/${old}`,
      `batonErasures/${owner}`,
      `batonJobs/${later}`,
      `batonUsage/${owner}`,
      `batonLanes/${owner}-lane`,
    ];
    assert.deepEqual(await Promise.all(paths.map(exists)), [false, false, true, true, true]);
  });

  it("delete all that belongs to an endpoint or a delivery, and count what is left", async () => {
    const [owner, id] = [randomOwner(), randomUUID()];
    const erasure = await request(owner, 1);
    const jobId = await put({ owner, status: "completed" });
    const gone = [
      `batonEndpoints/${id}`,
      `batonEndpoints/${id}/batonSecrets/one`,
      `batonEndpoints/${id}/batonSecrets/headers`,
      `batonRateLimits/${id}`,
      `batonDeliveries/${id}`,
      `batonDeliveries/${id}/batonAttempts/1`,
      `batonDeliveries/${id}-of-job`,
      `batonDeliveries/${id}-of-job/batonAttempts/1`,
      `batonAlerts/${id}`,
      `batonRecoveries/${id}`,
    ];
    const kept = ["batonEndpoints", "batonAlerts", "batonRecoveries", "batonDeliveries"].map(
      (name) => `${name}/${id}-new`,
    );
    for (const path of gone)
      await db()
        .doc(path)
        .set({ owner, createdAt: stamp(0) });
    for (const path of kept)
      await db()
        .doc(path)
        .set({ owner, createdAt: stamp(2) });
    const ofTheApp = ["deliveries", "notices", "recoveries", "results", "deadLetters"].map(
      (name) => `${name}/${id}-app`,
    );
    await Promise.all(
      ofTheApp.map((path) =>
        db()
          .doc(path)
          .set({ owner, createdAt: stamp(0), receivedAt: stamp(0) }),
      ),
    );
    await db().doc(`batonDeliveries/${id}-of-job`).update({ jobId });
    await db().doc(`batonUsage/${owner}`).set({ owner, endpoints: 2 });
    // Later documents tell of endpoints that are there.
    await db().doc(`batonEndpoints/later`).set({ owner: "another" });
    const erasures = firestoreErasures(db());
    assert.equal(await erasures.eraseJobs(erasure, 10), 1);
    assert.equal(await erasures.eraseRest(erasure, 10), 4);
    await erasures.finish(erasure, at(9));
    assert.deepEqual(
      await Promise.all(gone.map(exists)),
      gone.map(() => false),
    );
    assert.deepEqual(await Promise.all(kept.map(exists)), [true, true, true, true]);
    assert.equal((await db().doc(`batonUsage/${owner}`).get()).get("endpoints"), 1);
    assert.deepEqual(await Promise.all(ofTheApp.map(exists)), [true, true, true, true, true]);
  });

  it("leave the cache entry that names another job by now", async () => {
    const owner = randomOwner();
    const erasure = await request(owner, 1);
    const [mine, theirs] = [`${owner}-mine`, `${owner}-theirs`];
    const jobId = await put({ owner, status: "completed", cache: { key: mine, ttlMs: 1 } });
    await put({ owner, status: "completed", cache: { key: theirs, ttlMs: 1 } });
    await db().doc(`batonCache/${mine}`).set({ jobId });
    await db().doc(`batonCache/${theirs}`).set({ jobId: "another" });
    assert.equal(await firestoreErasures(db()).eraseJobs(erasure, 10), 2);
    assert.deepEqual([await exists(`batonCache/${mine}`), await exists(`batonCache/${theirs}`)], [false, true]);
  });

  it("keep the latest of many requests at the same moment, tell each of one that covers it, and are due at once", async () => {
    const owner = randomOwner();
    const seconds = [5, 1, 9, 3, 7, 2, 8, 4];
    const answers = await Promise.all(seconds.map((second) => request(owner, second)));
    for (const [index, second] of seconds.entries()) {
      assert.ok((answers[index]?.requestedAt ?? at(0)) >= at(second), `the request of second ${second}`);
    }
    const stored = await db().doc(`batonErasures/${owner}`).get();
    assert.deepEqual(stored.get("requestedAt"), stamp(9));
    const erasures = firestoreErasures(db());
    await erasures.putOff({ ...(await request(owner, 9)) }, at(600));
    assert.deepEqual((await request(owner, 8)).requestedAt, at(9));
    assert.deepEqual((await db().doc(`batonErasures/${owner}`).get()).get("dueAt"), stamp(8));
  });

  it("keep a request that was made again meanwhile", async () => {
    const owner = randomOwner();
    const erasure = await request(owner, 1);
    await request(owner, 2);
    await firestoreErasures(db()).finish(erasure, at(9));
    assert.equal(await exists(`batonErasures/${owner}`), true);
  });
});
