import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aSubmission, limits } from "../support/jobs.ts";
import { after0, applied, CONTRACT_PROJECT, claimBy, completeBy, T0 } from "./both-job-stores.ts";

const DAYS = 24 * 3_600_000;
const INPUT = { text: "x".repeat(20_000) };

describe("a large input of a job on Firestore", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
  });
  after(() => db.terminate());

  async function submit(): Promise<string> {
    const submission = aSubmission({ limits: limits({ retentionDays: 10 }) });
    const answer = await openJobStore(db).submit(submission, INPUT, T0);
    assert.equal(answer.outcome, "accepted");
    return submission.jobId;
  }
  const inputDocument = (jobId: string) => db.doc(`batonJobs/${jobId}/batonPayloads/input`);
  const expiryOf = async (jobId: string) => (await inputDocument(jobId).get()).get("expireAt").toDate();

  it("is kept as long as its job, also by a job that sleeps longer than it is kept", async () => {
    const jobs = openJobStore(db);
    const jobId = await submit();
    assert.deepEqual(await expiryOf(jobId), after0(10 * DAYS));
    await applied(jobs, jobId, [claimBy("a"), { kind: "suspend", leaseId: "a", until: after0(300 * DAYS) }]);
    assert.deepEqual(await expiryOf(jobId), after0(310 * DAYS));
    assert.deepEqual(await jobs.readInput(jobId), INPUT);
    await applied(jobs, jobId, [{ kind: "cancel" }], after0(20 * DAYS));
    assert.deepEqual(await expiryOf(jobId), after0(30 * DAYS));
  });

  it("keeps no job from its end when it is gone", async () => {
    const jobs = openJobStore(db);
    const jobId = await submit();
    await inputDocument(jobId).delete();
    await applied(jobs, jobId, [claimBy("a"), completeBy("a")]);
    assert.equal((await jobs.read(jobId))?.status, "completed");
  });
});
