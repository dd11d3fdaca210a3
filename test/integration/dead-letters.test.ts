import assert from "node:assert/strict";
import { createBatonClient, type JobTypesOf } from "@baton/client";
import type { JsonValue } from "@baton/protocol";
import { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { z } from "zod";
import type { jobs } from "../../functions/src/jobs/index.ts";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { signIn } from "../../local/users.ts";
import { testCloud } from "../support/cloud.ts";
import { openFirestore } from "../support/firestore.ts";
import { randomJobId, randomOwner } from "../support/jobs.ts";
import { buildTestBundles } from "../support/test-bundles.ts";
import { waitFor } from "../support/wait-for.ts";

const Published = z.object({ messageIds: z.tuple([z.string()]) });
const MOVED = {
  CloudPubSubDeadLetterSourceDeliveryCount: "100",
  CloudPubSubDeadLetterSourceSubscription: "eventarc-worker-sub",
};

/** Puts a message on a topic, and answers its id. */
async function publish(cloud: LocalCloud, topic: string, attributes: Record<string, string>, data = "") {
  const { pubsubHost, projectId } = cloud.addresses;
  const url = `http://${pubsubHost}/v1/projects/${projectId}/topics/${topic}:publish`;
  const body = JSON.stringify({ messages: [{ attributes, data }] });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return Published.parse(await answer.json()).messageIds[0];
}

type TestTypes = JobTypesOf<typeof jobs> &
  Record<"test.echo" | "engine.sleeping" | "wait.sleep" | "wait.retry-after", Any>;
interface Any {
  input: JsonValue;
  output: JsonValue;
}

async function newClient({ addresses }: LocalCloud) {
  const owner = randomOwner();
  const token = await signIn(addresses.authHost, owner);
  return { owner, client: createBatonClient<TestTypes>({ apiUrl: addresses.apiUrl, getToken: async () => token }) };
}

function letterOf(db: Firestore, letterId: string) {
  return waitFor(`dead letter ${letterId}`, async () => (await db.doc(`batonDeadLetters/${letterId}`).get()).data());
}

describe("dead letters", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore();
  });
  after(() => db.terminate());

  for (const queue of ["default", "heavy"]) {
    it(`keep an unreadable message on queue ${queue}`, async () => {
      const attributes = { jobId: "not the id of a job", __odd__: "x" };
      const messageId = await publish(testCloud().local, `baton-jobs-${queue}`, attributes, "aGVsbG8=");
      const letter = await letterOf(db, `baton-jobs-${queue}-${messageId}`);
      assert.deepEqual([letter.kind, letter.queue, letter.data], ["unreadable", queue, "aGVsbG8="]);
      assert.equal(letter.attributesJson, '{"jobId":"not the id of a job","__odd__":"x"}');
      assert.equal("owner" in letter, false);
    });
  }

  it("keep a message on the dead-letter topic that names no job", async () => {
    const messageId = await publish(testCloud().local, "baton-jobs-dead", { ...MOVED, jobId: "?" });
    assert.equal((await letterOf(db, `baton-jobs-dead-${messageId}`)).kind, "unreadable");
  });

  it("keep what a worker says of a job that used up its attempts", async () => {
    const jobId = randomJobId();
    const known = { queue: "heavy", type: "test.echo", owner: randomOwner() };
    const messageId = await publish(testCloud().local, "baton-jobs-dead", { jobId, reason: "exhausted", ...known });
    const { kind, queue, type, owner } = await letterOf(db, `${jobId}-${messageId}`);
    assert.deepEqual({ kind, queue, type, owner }, { kind: "exhausted", ...known });
  });

  it("fail a job that no worker could take, whose message then runs nothing", async () => {
    const { local } = testCloud();
    const { owner, client } = await newClient(local);
    const delivered = () => local.stats()["baton-worker"]?.delivered ?? 0;
    local.killFunction("baton-worker", "SIGSTOP");
    const deliveredBefore = delivered();
    try {
      const { jobId } = await client.submit("test.echo", "hello");
      const messageId = await publish(local, "baton-jobs-dead", { jobId, ...MOVED });
      const letter = await letterOf(db, `${jobId}-${messageId}`);
      assert.deepEqual([letter.kind, letter.owner, letter.type], ["undeliverable", owner, "test.echo"]);
      local.killFunction("baton-worker", "SIGCONT");
      await waitFor("the worker to have the job's message", async () => delivered() > deliveredBefore);
      const job = await client.job(jobId);
      assert.deepEqual([job.status, job.attempt, job.error?.code], ["failed", 0, "undeliverable"]);
      assert.equal((await client.result(jobId)).error?.code, "undeliverable");
    } finally {
      local.killFunction("baton-worker", "SIGCONT");
    }
  });
});

describe("a cloud that gives a message up after five deliveries", () => {
  let cloud: LocalCloud;
  let db: Firestore;
  before(async () => {
    cloud = await startLocalCloud({
      ports: "auto",
      codebases: await buildTestBundles(),
      env: { YOUTUBE_API_BASE_URL: testCloud().youtube.baseUrl },
      maxDeliveryAttempts: 5,
      retryMinMs: 50,
      console: false,
    });
    const { projectId, firestoreHost } = cloud.addresses;
    const customHeaders = { Authorization: "Bearer owner" };
    db = new Firestore({ projectId, host: firestoreHost, ssl: false, customHeaders });
  });
  after(async () => {
    await db?.terminate();
    await cloud?.stop();
  });

  it("keeps the message as a dead letter, and leaves a job alone that waits", async () => {
    const { owner, client } = await newClient(cloud);
    const { jobId } = await client.submit("engine.sleeping", { key: randomJobId(), sleepMs: 24 * 3_600_000 });
    await waitFor("the job to sleep", async () => (await client.job(jobId)).waitingFor === "time");
    // While the job cannot be read, every delivery fails, as while the store is away.
    await db.doc(`batonJobs/${jobId}`).update({ attempt: "many" });
    await publish(cloud, "baton-jobs-default", { jobId });
    await waitFor("the message to be given up", async () => cloud.stats()["baton-worker"]?.deadLettered === 1);
    await db.doc(`batonJobs/${jobId}`).update({ attempt: 1 });
    const letter = await waitFor("the dead letter", async () => {
      const found = await db.collection("batonDeadLetters").where("jobId", "==", jobId).get();
      return found.docs[0]?.data();
    });
    assert.deepEqual([letter.kind, letter.owner, letter.queue], ["undeliverable", owner, "default"]);
    assert.equal(letter.reason, "Pub/Sub gave up after 5 deliveries by eventarc-baton-worker-sub.");
    assert.equal((await client.job(jobId)).status, "pending");
  });

  it("gives up no message of a job that waits shortly, however often", async () => {
    const { client } = await newClient(cloud);
    const { jobId } = await client.submit("wait.sleep", { ms: 1100, times: 8 });
    const job = await waitFor("the job to end", async () => {
      const found = await client.job(jobId);
      return found.finishedAt !== undefined && found;
    });
    assert.deepEqual([job.status, job.attempt], ["completed", 1]);
  });

  it("answers no message of a job with a failure that is run, or waits", async () => {
    const { client } = await newClient(cloud);
    const failed = () => cloud.stats()["baton-worker"]?.failed ?? 0;
    const before = failed();
    const { jobId } = await client.submit("wait.retry-after", { ms: 1500, times: 1 });
    const done = waitFor("the job to end", async () => (await client.job(jobId)).finishedAt !== undefined);
    for (let i = 0; i < 10; i++) await publish(cloud, "baton-jobs-default", { jobId });
    await done;
    assert.equal(failed(), before);
  });
});
