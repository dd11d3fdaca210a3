import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import type { Job } from "../../functions/src/core/job.ts";
import { firestoreJobStore } from "../../functions/src/gcp/firestore/job-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { aJob, randomOwner } from "../support/jobs.ts";
import { waitFor } from "../support/wait-for.ts";

/** The sweep runs every two seconds in the test cloud. No message is published here: only the sweep can move these jobs. */
describe("the sweep", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore();
  });
  after(() => db.terminate());

  async function completedAfter(given: Partial<Job>): Promise<Job> {
    const jobs = firestoreJobStore(db);
    const job = aJob({ type: "video.analysis", owner: randomOwner(), ...given });
    await jobs.create(job, { comments: [{ text: "Great video!" }] });
    return waitFor(`job ${job.jobId} to be completed`, async () => {
      const stored = await jobs.read(job.jobId);
      return stored?.status === "completed" && stored;
    });
  }

  it("runs a job whose message was lost", async () => {
    const job = await completedAfter({});
    assert.deepEqual(
      job.history.map((entry) => entry.status),
      ["queued", "processing", "completed"],
    );
  });

  it("runs a job that could not be published when it was accepted", async () => {
    const job = await completedAfter({ status: "pending" });
    assert.deepEqual(job.history.map((entry) => entry.status).slice(-3), ["queued", "processing", "completed"]);
  });

  it("runs a job again whose worker and message are both gone", async () => {
    const lease = { id: "gone", until: new Date("2026-01-01T00:01:00.000Z") };
    const job = await completedAfter({ status: "processing", attempt: 1, lease, dueAt: lease.until });
    assert.equal(job.attempt, 2);
  });
});
