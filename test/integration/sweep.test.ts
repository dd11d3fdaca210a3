import assert from "node:assert/strict";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import type { Job } from "../../engine/src/jobs/rules/job.ts";
import { toFields } from "../../engine/src/platform/firestore/documents.ts";
import type { MemoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, type GivenJob, randomJobId, randomOwner } from "../support/jobs.ts";
import { waitFor } from "../support/wait-for.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

/**
 * The sweep runs every two seconds in the test cloud. No message is published here: only the sweep can move these jobs.
 */
describe("the sweep", () => {
  let db: Firestore;
  let jobs: MemoryJobStore;
  let receiver: WebhookReceiver;
  before(async () => {
    db = openFirestore();
    jobs = openJobStore(db);
    receiver = await startWebhookReceiver();
  });
  after(() => Promise.all([db.terminate(), receiver.stop()]));

  async function put(given: GivenJob): Promise<Job> {
    // What has expired is deleted by the sweep itself.
    const expireAt = new Date(Date.now() + 3_600_000);
    const job = aJob({ type: "video.analysis", owner: randomOwner(), expireAt, ...given });
    await jobs.put(job, { comments: [{ text: "Great video!" }] });
    return job;
  }

  async function completedAfter(given: GivenJob): Promise<Job> {
    const { jobId } = await put(given);
    return waitFor(`job ${jobId} to be completed`, async () => {
      const stored = await jobs.read(jobId);
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
    const job = await completedAfter({ status: "pending", waitingFor: "unpublished" });
    assert.deepEqual(job.history.map((entry) => entry.status).slice(-3), ["queued", "processing", "completed"]);
  });

  it("runs a job again whose worker and message are both gone", async () => {
    const lease = { id: "gone", until: new Date("2026-01-01T00:01:00.000Z") };
    const job = await completedAfter({ status: "processing", attempt: 1, lease, dueAt: lease.until });
    assert.equal(job.attempt, 2);
  });

  it("runs a delayed job when its time has come, and not before", async () => {
    const runAt = new Date(Date.now() + 3000);
    const job = await completedAfter({ status: "pending", waitingFor: "time", runAt, dueAt: runAt });
    assert.ok(job.startedAt && job.startedAt >= runAt, `${job.startedAt?.toISOString()} < ${runAt.toISOString()}`);
  });

  it("runs forty due jobs, past some unreadable ones", async () => {
    const owner = randomOwner();
    const damaged = Array.from({ length: 20 }, () => db.collection("batonJobs").doc());
    for (const [shard, document] of damaged.entries()) {
      await document.set({ status: "queued", engine: { shard: shard % 16, dueAt: Timestamp.fromMillis(0) } });
    }
    const due = await Promise.all(
      Array.from({ length: 40 }, (_, shard) => put({ type: "test.echo", owner, shard: shard % 16 })),
    );
    for (const { jobId } of due) {
      await waitFor(`job ${jobId} to be completed`, async () => (await jobs.read(jobId))?.status === "completed");
    }
    for (const document of damaged) {
      assert.ok(Number((await document.get()).get("engine.dueAt").toMillis()) > Date.now());
      await document.delete();
    }
  });

  it("has a webhook delivered whose event was lost, once", async () => {
    const [jobId, endedAt] = [randomJobId(), new Date(Date.now() - 120_000)];
    const result = { jobId, type: "test.job", owner: randomOwner(), status: "completed", attempt: 1, durationMs: 5 };
    const kept = { tags: [], metadata: {}, createdAt: endedAt, expireAt: new Date(Date.now() + 3_600_000), shard: 2 };
    const document = db.collection("batonResults").doc(jobId);
    await document.create(toFields({ ...result, ...kept, output: { answer: 42 } }));
    // The trigger fires at creation only, when there was no subscriber.
    const webhookUrl = `${receiver.url}/${jobId}`;
    await db.doc(`batonJobs/${jobId}/batonPayloads/webhook`).create({ url: webhookUrl });
    await document.update(toFields({ hasWebhookUrl: true, dueAt: endedAt }));
    const received = () => receiver.received.filter(({ path }) => path === `/${jobId}`);
    await waitFor("the webhook", async () => received().length > 0);
    await waitFor("the second look to be taken back", async () => (await document.get()).get("dueAt") === undefined);
    assert.equal(received().length, 1);
  });

  it("deletes what has expired", async () => {
    const job = await put({ status: "completed", expireAt: new Date("2026-01-02T00:00:00.000Z") });
    await waitFor("the job to be deleted", async () => (await jobs.read(job.jobId)) === undefined);
  });
});
