import assert from "node:assert/strict";
import { BatonError, createBatonClient, type JobView } from "@baton/client";
import type { JobStatus } from "@baton/protocol";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { firestoreJobStore } from "../../engine/src/jobs/firestore/job-store.ts";
import type { jobs } from "../../functions/src/jobs/index.ts";
import type { Claims } from "../../local/users.ts";
import { testCloud } from "../support/cloud.ts";
import { openFirestore } from "../support/firestore.ts";
import { waitFor } from "../support/wait-for.ts";

const COMMENTS = [
  { text: "I love this video, the editing is great!" },
  { text: "Where was this filmed?" },
  { text: "Check out my channel and subscribe for free gifts" },
];

let videos = 0;
/** A video id no other test uses. */
const newVideoId = () => `life${String(++videos).padStart(7, "0")}`;

async function newClient(claims?: Claims) {
  const { uid, token } = await testCloud().newUser("life", claims);
  return { uid, client: createBatonClient<typeof jobs>({ apiUrl: testCloud().apiUrl, getToken: async () => token }) };
}

type Client = Awaited<ReturnType<typeof newClient>>["client"];

function jobReaching(client: Client, jobId: string, status: JobStatus): Promise<JobView> {
  return waitFor(`job ${jobId} to be ${status}`, async () => {
    const job = await client.job(jobId);
    return job.status === status && job;
  });
}

async function outputOf(client: Client, jobId: string) {
  const result = await client.result(jobId);
  assert.ok(client.isResultOf("video.analysis", result));
  return result.output;
}

/** Puts messages on the workers' topic, as Pub/Sub does when it delivers one more than once. */
async function publish(...messages: { attributes: Record<string, string> }[]): Promise<void> {
  const { pubsubHost, projectId } = testCloud();
  const topic = `http://${pubsubHost}/v1/projects/${projectId}/topics/baton-jobs-default:publish`;
  const headers = { "content-type": "application/json" };
  const answer = await fetch(topic, { method: "POST", headers, body: JSON.stringify({ messages }) });
  assert.equal(answer.status, 200);
}

/** Messages that the worker has acknowledged so far. */
const delivered = () => testCloud().local.stats()["baton-worker"]?.delivered ?? 0;

const isProblem = (code: string) => (error: unknown) => error instanceof BatonError && error.code === code;

describe("the life of a job", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore();
  });
  after(() => db.terminate());

  it("goes from submission to result", async () => {
    const { uid, client } = await newClient();
    const submitted = await client.submit("video.analysis", { comments: COMMENTS }, { tags: ["first"] });
    assert.deepEqual([submitted.status, submitted.owner, submitted.attempt], ["queued", uid, 0]);
    const job = await jobReaching(client, submitted.jobId, "completed");
    assert.deepEqual(
      job.history.map((entry) => entry.status),
      ["queued", "processing", "completed"],
    );
    assert.deepEqual([job.progress, job.attempt, job.tags], [1, 1, ["first"]]);
    const output = await outputOf(client, submitted.jobId);
    assert.deepEqual(
      output?.comments.map((comment) => comment.class),
      ["praise", "question", "spam"],
    );
  });

  it("fetches the comments of a video when none are given", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { title: "A day at sea", comments: COMMENTS });
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: `https://youtu.be/${id}?t=5` });
    await jobReaching(client, jobId, "completed");
    const output = await outputOf(client, jobId);
    assert.deepEqual([output?.video?.id, output?.video?.title, output?.comments.length], [id, "A day at sea", 3]);
    assert.deepEqual(
      output?.comments.map((comment) => comment.text),
      COMMENTS.map((comment) => comment.text),
    );
  });

  it("tries again after a failure that may pass, and completes", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { comments: COMMENTS, fail: { status: 503, reason: "backendError", times: 2 } });
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: id });
    const job = await jobReaching(client, jobId, "completed");
    assert.ok(job.attempt >= 2, `attempt ${job.attempt}`);
    assert.equal(job.error, undefined);
  });

  it("fails at once on an error that cannot pass, and says what it was", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { fail: { status: 403, reason: "commentsDisabled" } });
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: id });
    const job = await jobReaching(client, jobId, "failed");
    assert.deepEqual([job.attempt, job.error?.code], [1, "comments-disabled"]);
    assert.equal((await client.result(jobId)).error?.code, "comments-disabled");
  });

  it("runs a job once, however often its message is delivered", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { comments: COMMENTS, delayMs: 300 });
    const deliveredBefore = delivered();
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: id });
    await publish(...Array.from({ length: 10 }, () => ({ attributes: { jobId } })));
    const job = await jobReaching(client, jobId, "completed");
    await waitFor("the worker to have had all eleven messages", async () => delivered() >= deliveredBefore + 11);
    assert.equal(job.attempt, 1);
    const fetches = testCloud().youtube.requests.filter((request) => request.query.videoId === id);
    assert.equal(fetches.length, 1);
    assert.deepEqual((await client.job(jobId)).history, job.history);
  });

  it("runs a job again when its worker is killed, once the lease has ended", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { delayMs: "forever" });
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: id });
    await jobReaching(client, jobId, "processing");
    testCloud().local.killFunction("baton-worker", "SIGKILL");
    testCloud().youtube.video(id, { comments: COMMENTS });
    const job = await jobReaching(client, jobId, "completed");
    const path = job.history.map(({ status, reason }) => reason ?? status);
    // A busy machine may starve a worker past its lease once more.
    assert.match(path.join(", "), /^queued, processing(, lease-expired)+, completed$/);
    assert.equal(job.attempt, path.length - 2);
  });

  it("writes nothing for a worker that was paused past its lease while another one took the job", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { comments: COMMENTS, delayMs: 1500 });
    const deliveredBefore = delivered();
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: id });
    await jobReaching(client, jobId, "processing");
    testCloud().local.killFunction("baton-worker", "SIGSTOP");
    const jobs = firestoreJobStore(db);
    try {
      await waitFor("the other worker to get the job", async () => {
        const claim = await jobs.apply(jobId, { kind: "claim", leaseId: "other", leaseMs: 60_000 }, new Date());
        return claim.outcome === "moved";
      });
    } finally {
      testCloud().local.killFunction("baton-worker", "SIGCONT");
    }
    await waitFor("the paused worker to be done with it", async () => delivered() > deliveredBefore);
    const job = await jobs.read(jobId);
    assert.deepEqual([job?.status, job?.lease?.id, job?.attempt], ["processing", "other", 2]);
    assert.equal(await jobs.readResult(jobId), undefined);
    await jobs.apply(jobId, { kind: "complete", leaseId: "other", output: "by the other" }, new Date());
    assert.equal((await client.result(jobId)).output, "by the other");
  });

  it("cancels a running job", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { delayMs: "forever" });
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: id });
    await jobReaching(client, jobId, "processing");
    assert.equal((await client.cancel(jobId)).cancelRequested, true);
    await jobReaching(client, jobId, "cancelled");
    assert.equal((await client.result(jobId)).status, "cancelled");
  });

  it("cancels a waiting job at once, and its message runs nothing afterwards", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { comments: COMMENTS, fail: { status: 503, reason: "backendError" } });
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: id });
    await waitFor("a failed attempt", async () => {
      const job = await client.job(jobId);
      return job.status === "queued" && job.attempt > 0;
    });
    assert.equal((await client.cancel(jobId)).status, "cancelled");
    assert.equal((await client.cancel(jobId)).status, "cancelled");
  });

  it("keeps an input of nearly 900 KiB, and an output of 5,000 comments", async () => {
    const { client } = await newClient();
    const comments = Array.from({ length: 5000 }, (_, i) => ({ text: `comment ${i} ${"word ".repeat(28)}` }));
    const { jobId } = await client.submit("video.analysis", { comments, maxComments: 5000 });
    await jobReaching(client, jobId, "completed");
    const output = await outputOf(client, jobId);
    assert.equal(output?.comments.length, 5000);
  });

  it("writes the hot document at most once a second for progress", async () => {
    const { client } = await newClient();
    const id = newVideoId();
    testCloud().youtube.video(id, { comments: COMMENTS, delayMs: 1200 });
    const { jobId } = await client.submit("video.analysis", { videoUrlOrId: id });
    const writes: { at: number; progress: unknown }[] = [];
    const stop = db.doc(`batonJobs/${jobId}`).onSnapshot((doc) => {
      if (doc.get("status") === "processing") writes.push({ at: Date.now(), progress: doc.get("progress") });
    });
    await jobReaching(client, jobId, "completed");
    stop();
    // The claim, then reports; the job took at least 2.4 s of fetching.
    assert.ok(writes.length <= 6, JSON.stringify(writes));
    assert.ok(
      writes.some((write) => write.progress === 0.2),
      JSON.stringify(writes),
    );
  });

  it("does not show one owner's job to another, in any way", async () => {
    const { client } = await newClient();
    const stranger = (await newClient()).client;
    const { jobId } = await client.submit("video.analysis", { comments: COMMENTS });
    await jobReaching(client, jobId, "completed");
    await assert.rejects(stranger.job(jobId), isProblem("not-found"));
    await assert.rejects(stranger.result(jobId), isProblem("not-found"));
    await assert.rejects(stranger.cancel(jobId), isProblem("not-found"));
    assert.deepEqual((await stranger.list()).jobs, []);
    const admin = (await newClient({ batonRole: "admin" })).client;
    assert.equal((await admin.job(jobId)).jobId, jobId);
  });
});
