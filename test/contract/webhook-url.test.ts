import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { firestoreResultStore } from "../../engine/src/jobs/firestore/result-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aSubmission, limits } from "../support/jobs.ts";
import { after0, applied, CONTRACT_PROJECT, claimBy, completeBy, submitted, T0 } from "./both-job-stores.ts";

const URL_OF_JOB = "https://hooks.example.com/team?token=s3cret";
const DAYS = 24 * 3_600_000;

describe("the webhook URL of a job on Firestore", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
  });
  after(() => db.terminate());

  const submit = () =>
    submitted(openJobStore(db), { webhookUrl: URL_OF_JOB, limits: limits({ retentionDays: 10 }) }, T0);
  const urlDocument = (jobId: string) => db.doc(`batonJobs/${jobId}/batonPayloads/webhook`);
  const expiryOf = async (path: string) => (await db.doc(path).get()).get("expireAt").toDate();

  it("is read by those who tell of the job's end, before and after it, and is in no document of job or result", async () => {
    const results = firestoreResultStore(db);
    const { jobId } = await submit();
    assert.equal(await results.readWebhookUrl(jobId), URL_OF_JOB);
    await applied(openJobStore(db), jobId, [claimBy("a"), completeBy("a")]);
    assert.equal(await results.readWebhookUrl(jobId), URL_OF_JOB);
    for (const [path, field] of [
      [`batonJobs/${jobId}`, "engine.hasWebhookUrl"],
      [`batonResults/${jobId}`, "hasWebhookUrl"],
    ] as const) {
      const document = await db.doc(path).get();
      assert.equal(document.get(field), true);
      assert.doesNotMatch(JSON.stringify(document.data()), /hooks\.example|s3cret/);
    }
  });

  it("is none for a job without one", async () => {
    const { jobId } = await submitted(openJobStore(db));
    assert.equal(await firestoreResultStore(db).readWebhookUrl(jobId), undefined);
    assert.deepEqual((await db.collection(`batonJobs/${jobId}/batonPayloads`).get()).size, 0);
  });

  it("is kept as long as its job, also by a job that sleeps longer than it is kept", async () => {
    const jobs = openJobStore(db);
    const { jobId } = await submit();
    assert.deepEqual(await expiryOf(urlDocument(jobId).path), after0(10 * DAYS));
    await applied(jobs, jobId, [claimBy("a"), { kind: "suspend", leaseId: "a", until: after0(300 * DAYS) }]);
    assert.deepEqual(await expiryOf(urlDocument(jobId).path), after0(310 * DAYS));
    await applied(jobs, jobId, [{ kind: "cancel" }], after0(20 * DAYS));
    for (const path of [`batonJobs/${jobId}`, `batonResults/${jobId}`, urlDocument(jobId).path]) {
      assert.deepEqual(await expiryOf(path), after0(30 * DAYS), path);
    }
  });

  it("keeps no job from its end when it is gone", async () => {
    const { jobId } = await submit();
    await urlDocument(jobId).delete();
    await applied(openJobStore(db), jobId, [claimBy("a"), completeBy("a")]);
    assert.equal(await firestoreResultStore(db).readWebhookUrl(jobId), undefined);
  });

  it("makes a request with the same idempotency key another one when it differs, in one process and in two", async () => {
    const [one, other] = [openJobStore(db), openJobStore(db)];
    const first = aSubmission({ requestHashes: { type: "1" }, webhookUrl: URL_OF_JOB });
    const second = { ...first, webhookUrl: "https://hooks.example.com/other" };
    const { webhookUrl: _, ...none } = first;
    const together = await Promise.all([first, second, none, first].map((request) => one.submit(request, {}, T0)));
    assert.deepEqual(
      together.map(({ outcome }) => outcome),
      ["accepted", "conflict", "conflict", "replayed"],
    );
    const later = await Promise.all([second, none, first].map((request) => other.submit(request, {}, T0)));
    assert.deepEqual(
      later.map((answer) => (answer.outcome === "conflict" ? answer.differs : answer.outcome)),
      [["webhookUrl"], ["webhookUrl"], "replayed"],
    );
  });
});
