import assert from "node:assert/strict";
import type { CollectionReference, Firestore } from "@google-cloud/firestore";
import { Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { carryOutErasures } from "../../engine/src/erasure/carry-out-erasures.ts";
import { firestoreErasureStore } from "../../engine/src/erasure/firestore/erasure-store.ts";
import { firestoreErasures } from "../../engine/src/erasure/firestore/erasures.ts";
import { firestoreFileRecords } from "../../engine/src/files/firestore/file-records.ts";
import { type FileRecord, newFile } from "../../engine/src/files/rules/file.ts";
import { withEngine } from "../../engine/src/jobs/engine.ts";
import { firestoreDeadLetterStore } from "../../engine/src/jobs/firestore/dead-letter-store.ts";
import { firestoreResultStore } from "../../engine/src/jobs/firestore/result-store.ts";
import { firestoreStepStore } from "../../engine/src/jobs/firestore/step-store.ts";
import { rateLimitKeyOf } from "../../engine/src/kit/derived-ids.ts";
import { firestoreRateLimiter } from "../../engine/src/platform/firestore/rate-limiter.ts";
import { fakeClock } from "../../engine/src/testing/fake-clock.ts";
import { memoryObjectStore } from "../../engine/src/testing/memory-object-store.ts";
import { firestoreDeliveryStore } from "../../engine/src/webhooks/firestore/delivery-store.ts";
import { firestoreEndpointStore } from "../../engine/src/webhooks/firestore/endpoint-store.ts";
import { firestoreMail } from "../../engine/src/webhooks/firestore/mail.ts";
import { firestoreOwnerSecretStore } from "../../engine/src/webhooks/firestore/owner-secret-store.ts";
import { firestoreRecoveryStore } from "../../engine/src/webhooks/firestore/recovery-store.ts";
import { newDelivery } from "../../engine/src/webhooks/rules/move-delivery.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aSubmission, limits, randomJobId, randomOwner } from "../support/jobs.ts";
import { anAlert, anEndpoint, aRecovery, aSecret, randomDeliveryId } from "../support/webhooks.ts";
import { box, log } from "./endpoint-stores.ts";

const T0 = new Date("2026-01-01T12:00:00.000Z");
const later = (seconds: number) => new Date(T0.getTime() + seconds * 1000);

/** Paths of all documents of a database that say `text` anywhere, in their path or fields. */
async function pathsThatSay(db: Firestore, text: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (collection: CollectionReference): Promise<void> => {
    for (const ref of await collection.listDocuments()) {
      const document = await ref.get();
      if (JSON.stringify([ref.path, document.data() ?? {}]).includes(text)) found.push(ref.path);
      for (const child of await ref.listCollections()) await look(child);
    }
  };
  for (const collection of await db.listCollections()) await look(collection);
  return found.sort();
}

describe("an erasure", () => {
  const objects = memoryObjectStore();
  let db: Firestore;
  before(() => {
    db = openFirestore(`demo-erasure-${Date.now()}`);
  });
  after(() => db.terminate());

  function stores() {
    return {
      jobs: openJobStore(db),
      deliveries: firestoreDeliveryStore(db),
      endpoints: firestoreEndpointStore(db, box, log),
      erasures: firestoreErasures(db, { mailCollection: "mail", objects }),
    };
  }

  /** One submission at the beginning; `given` replaces what it names. */
  async function submit(owner: string, given: Partial<Parameters<typeof aSubmission>[0]> = {}, at = T0) {
    const answer = await stores().jobs.submit(aSubmission({ owner, ...given }), { text: "hello" }, at);
    return answer.outcome === "accepted" ? answer.job : assert.fail(answer.outcome);
  }

  /** Everything that Baton keeps of an owner: jobs in all states, and what they and an endpoint left. */
  async function fill(owner: string) {
    const { jobs, deliveries, endpoints } = stores();
    const [ran, waits] = [
      await submit(owner, { orderingKey: "a", webhookUrl: `https://example.com/${owner}` }),
      await submit(owner, { orderingKey: "b", webhookUrl: `https://example.com/${owner}` }),
    ];
    await jobs.claim(ran.jobId, { leaseId: "l", leaseMs: 60_000 }, T0);
    const step = { jobId: ran.jobId, leaseId: "l", name: "one" };
    await firestoreStepStore(db).record(step, () => ({ note: owner }), T0);
    await jobs.apply(ran.jobId, { kind: "complete", leaseId: "l", output: { note: owner } }, T0);
    const endpoint = anEndpoint({ owner, createdAt: T0 });
    const { endpointId } = endpoint;
    await endpoints.create(endpoint, aSecret(), { "x-token": "t" }, 20);
    await endpoints.changeHealth(
      endpointId,
      () => ({ health: { failures: 1, alertedPercent: 50 }, alert: anAlert({ owner, endpointId, createdAt: T0 }) }),
      T0,
    );
    await firestoreRecoveryStore(db).begin(aRecovery({ owner, endpointId, createdAt: T0 }));
    await deliver(owner, ran.jobId, endpointId, T0);
    const rateLimiter = firestoreRateLimiter(db);
    const asked = (["sends", "changes", "erasures"] as const).map((kind) => rateLimitKeyOf(kind, owner));
    for (const key of [endpointId, ...asked]) await rateLimiter.reserve(key, 1, T0);
    const letter = { letterId: randomJobId(), kind: "undeliverable" as const, jobId: ran.jobId, owner, attributes: {} };
    await firestoreDeadLetterStore(db).keep({ ...letter, reason: "No.", receivedAt: T0, expireAt: later(9999) });
    const mail = { messageId: randomJobId(), owner, endpointId, createdAt: T0, subject: "s", text: "t" };
    await firestoreMail(db, "mail").send(mail);
    return { ran, waits, endpointId, deliveries };
  }

  async function deliver(owner: string, jobId: string, endpointId: string, at: Date) {
    const { deliveries } = stores();
    const about = { deliveryId: randomDeliveryId(), owner, endpointId, event: "job.completed" as const, jobId };
    await deliveries.createAll([newDelivery({ ...about, expireAt: later(9999) }, { state: "sending" }, at)], undefined);
    const attempt = { at, durationMs: 5, status: 500, requestHeaders: { "webhook-id": about.deliveryId } };
    await deliveries.apply(about.deliveryId, { kind: "end", number: 1, attempt, verdict: "failed", jitter: 0 }, at);
  }

  /** Runs the sweep's part at an instant. */
  async function run(at: Date): Promise<number> {
    const { jobs, erasures } = stores();
    const publisher = {
      publishJob: sinon.fake.resolves(undefined),
      publishDeadLetter: sinon.fake.resolves(undefined),
      publishWake: sinon.fake.resolves(undefined),
      publishDelivery: sinon.fake.resolves(undefined),
    };
    const ports = withEngine({ jobs, erasures, publisher, clock: fakeClock(at), log });
    return carryOutErasures(ports, at, new Date(at.getTime() + 55_000));
  }

  it("leaves nothing that names the owner but the app's own documents, and runs again safely", async () => {
    const [owner, other] = [randomOwner(), randomOwner()];
    await fill(other);
    const before = await pathsThatSay(db, "");
    const { waits, endpointId } = await fill(owner);
    const createdAt = Timestamp.fromDate(T0);
    const ofTheApp = ["app", "deliveries", "endpoints", "jobs", "lanes", "mail", "notices", "results"].map(
      (name) => `${name}/of-the-app`,
    );
    for (const path of ofTheApp) {
      await db.doc(path).set({ owner, toUids: [owner], createdAt, status: "pending", jobId: "of-the-app" });
    }
    const named = new Set((await pathsThatSay(db, owner)).map((path) => path.split("/")[0]));
    const own = [
      "batonDeadLetters",
      "batonDeliveries",
      "batonEndpoints",
      "batonJobs",
      "batonAlerts",
      "batonRecoveries",
    ];
    assert.deepEqual(
      [...named].sort(),
      [...ofTheApp.map((path) => path.split("/")[0]), ...own, "batonResults", "batonUsage"].sort(),
    );

    await firestoreErasureStore(db).request(owner, later(1));
    assert.ok((await run(later(60))) > 0);
    // `notify` made these of the cancellation, after the request and after the job was gone; so did `deliver` of an alert.
    await deliver(owner, waits.jobId, endpointId, later(62));
    await db.doc(`batonAlerts/late`).set({
      alertId: "late",
      owner,
      endpointId,
      kind: "failing",
      message: "m",
      shard: 1,
      createdAt: Timestamp.fromDate(later(62)),
    });
    const mail = { messageId: "late", owner, endpointId, createdAt: later(62), subject: "s", text: "t" };
    await firestoreMail(db, "mail").send(mail);
    assert.equal(await run(later(151)), 3);
    assert.deepEqual((await pathsThatSay(db, owner)).includes(`batonErasures/${owner}`), true);
    assert.equal(await run(later(242)), 0);
    assert.deepEqual(await pathsThatSay(db, owner), ofTheApp);
    assert.equal(await run(later(400)), 0);
    // All else is as it was, also what named no owner, but for what was used of the day and of the rate limits.
    const kept = (await pathsThatSay(db, "")).filter((path) => ![...before, ...ofTheApp].includes(path));
    const kinds = kept.map((path) => path.replace(/[0-9a-f]{64}$/, "HASH"));
    const rateLimits = [
      "batonRateLimits/changes%20HASH",
      "batonRateLimits/erasures%20HASH",
      "batonRateLimits/sends%20HASH",
    ];
    assert.deepEqual(kinds, [...rateLimits, "batonUsage/%erased-HASH"]);
    assert.equal(await firestoreResultStore(db).exists(waits.jobId), false);
  });

  /** Stores a file with its bytes. */
  async function aFile(owner: string, given: Partial<FileRecord>, at = T0): Promise<FileRecord> {
    const facts = { fileId: randomJobId(), owner, name: "a.txt", contentType: "text/plain" };
    const file = { ...newFile({ ...facts, ...given }, at), ...given };
    await firestoreFileRecords(db).create(file);
    objects.objects.set(file.object, { contentType: "text/plain", bytes: Buffer.from(owner) });
    return file;
  }

  it("deletes files with their bytes, and leaves of open ones what the sweep needs to delete them", async () => {
    const [owner, other] = [randomOwner(), randomOwner()];
    const { jobId } = await submit(owner);
    const stored = { state: "stored", bytes: 5 } as const;
    await aFile(owner, { jobId, ...stored });
    await aFile(owner, stored);
    // Its worker had it stored after the request, before it heard of it.
    await aFile(owner, { jobId, ...stored }, later(30));
    // The last request of an owner, or of a worker, may still be under way.
    const open = [await aFile(owner, {}), await aFile(owner, { jobId })];
    const kept = [await aFile(other, stored), await aFile(owner, stored, later(30))];
    await firestoreErasureStore(db).request(owner, later(1));
    for (const seconds of [60, 151, 242, 333]) await run(later(seconds));
    assert.deepEqual([...objects.objects.keys()].sort(), kept.map(({ object }) => object).sort());
    const [ofOther, fresh] = kept.map(({ fileId }) => `batonFiles/${fileId}`);
    assert.deepEqual(
      await pathsThatSay(db, owner),
      [fresh, ...open.map(({ fileId }) => `batonFiles/${fileId}`)].sort(),
    );
    assert.deepEqual(await pathsThatSay(db, other), [ofOther]);
    const due = await firestoreFileRecords(db).listDue(later(3600), 10);
    for (const { fileId, object } of open) {
      const remains = await db.doc(`batonFiles/${fileId}`).get();
      assert.deepEqual(Object.keys(remains.data() ?? {}).sort(), ["dueAt", "fileId", "object", "shard"]);
      assert.deepEqual(
        due.find((file) => file.fileId === fileId),
        { fileId, object },
      );
    }
    objects.objects.clear();
  });

  it("brings no webhook secret back that was replaced", async () => {
    const owner = randomOwner();
    const secrets = firestoreOwnerSecretStore(db);
    await submit(owner);
    await secrets.rotate(owner, "r", T0, T0);
    await firestoreErasureStore(db).request(owner, later(1));
    for (const seconds of [60, 151, 242]) await run(later(seconds));
    assert.deepEqual(await pathsThatSay(db, owner), []);
    assert.deepEqual(await secrets.read(owner, later(243)), { newest: 1, overlapping: [] });
  });

  it("gives no quota back: what was used of the day stays used until the day ends, also by a second erasure", async () => {
    const owner = randomOwner();
    const two = limits({ jobsPerDay: 3, inputBytesPerDay: 6 });
    const jobs = [await submit(owner, { limits: two }), await submit(owner, { limits: two })];
    for (const { jobId } of jobs) await stores().jobs.apply(jobId, { kind: "cancel" }, T0);
    await firestoreErasureStore(db).request(owner, later(1));
    await run(later(60));
    await run(later(151));
    assert.deepEqual(await pathsThatSay(db, owner), []);
    assert.equal((await stores().jobs.readUsage(owner))?.day.jobs, 2);
    const third = await submit(owner, { limits: two }, later(200));
    assert.equal((await stores().jobs.readUsage(owner))?.day.jobs, 3);
    await stores().jobs.apply(third.jobId, { kind: "cancel" }, later(201));
    await firestoreErasureStore(db).request(owner, later(202));
    await run(later(260));
    await run(later(400));
    const refused = await stores().jobs.submit(aSubmission({ owner, limits: two }), {}, later(500));
    assert.equal(refused.outcome, "limited");
    const large = aSubmission({ owner, limits: limits({ inputBytesPerDay: 7 }) });
    const tooLarge = await stores().jobs.submit(large, {}, later(500));
    assert.deepEqual(tooLarge.outcome === "limited" && tooLarge.quota, "inputBytes");
    // The next day begins at midnight.
    await submit(owner, { limits: two }, later(12 * 3600));
  });

  it("keeps a job that was submitted after the request, with its usage", async () => {
    const owner = randomOwner();
    const old = await submit(owner);
    await firestoreErasureStore(db).request(owner, later(1));
    const fresh = await submit(owner, {}, later(2));
    await run(later(60));
    await run(later(151));
    const { jobs } = stores();
    assert.deepEqual([await jobs.read(old.jobId), (await jobs.read(fresh.jobId))?.status], [undefined, "queued"]);
    assert.equal((await jobs.readUsage(owner))?.day.jobs, 2);
    assert.deepEqual((await pathsThatSay(db, owner)).includes(`batonErasures/${owner}`), false);
  });
});
