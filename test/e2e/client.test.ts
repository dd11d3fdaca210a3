import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { deleteApp, type FirebaseApp, initializeApp } from "firebase/app";
import { connectAuthEmulator, createUserWithEmailAndPassword, getAuth } from "firebase/auth";
import { connectFirestoreEmulator, getFirestore, setLogLevel } from "firebase/firestore";
import {
  type BatonClient,
  type BatonError,
  createBatonClient,
  type JobResultView,
  type JobView,
} from "../../client/src/index.ts";
import type { jobs } from "../../functions/src/jobs/index.ts";
import { testCloud } from "../support/cloud.ts";
import { waitFor } from "../support/wait-for.ts";

interface User {
  uid: string;
  client: BatonClient<typeof jobs>;
  app: FirebaseApp;
}

/** The calls of a listener, in order. */
interface Told {
  jobs: JobView[];
  results: JobResultView[];
  errors: BatonError[];
}

describe("the client on the local cloud", () => {
  let ada: User;
  let bob: User;

  before(async () => {
    setLogLevel("silent");
    [ada, bob] = await Promise.all([signUp(), signUp()]);
  });

  after(async () => {
    await Promise.all([ada, bob].map(({ app }) => deleteApp(app)));
    setLogLevel("warn");
  });

  it("follows a job from its submission to its result", async () => {
    const { jobId } = await ada.client.submit("video.analysis", { comments: [{ text: "I love this song!" }] });
    const { told, stop } = watch(ada, jobId);
    const result = await waitFor("the result", async () => told.results[0]);
    stop();
    assert.ok(ada.client.isResultOf("video.analysis", result));
    assert.equal(result.output?.sentiment?.positive, 1);
    assert.equal(told.jobs.at(-1)?.status, "completed");
    assert.equal(told.jobs.at(-1)?.progress, 1);
    assert.deepEqual(told.errors, []);
    assert.deepEqual(await ada.client.result(jobId), result, "the API and Firestore give the same result");
  });

  it("lists own jobs live, the newest first, and nothing of another's", async () => {
    const lists: string[][] = [];
    const errors: BatonError[] = [];
    const stop = bob.client.watchOwn(bob.uid, {
      onJobs: (jobs) => lists.push(jobs.map((job) => job.jobId)),
      onError: (error) => errors.push(error),
    });
    await waitFor("the empty list", async () => lists[0]?.length === 0);
    const first = await bob.client.submit("video.analysis", { comments: [] });
    const second = await bob.client.submit("video.analysis", { comments: [] });
    await waitFor("both jobs", async () => lists.at(-1)?.length === 2);
    stop();
    assert.deepEqual(lists.at(-1), [second.jobId, first.jobId]);
    assert.deepEqual(errors, []);
  });

  it("answers alike for another's job and for one that does not exist", async () => {
    const { jobId } = await ada.client.submit("video.analysis", { comments: [] });
    for (const id of [jobId, "00000000000000000000"]) {
      const { told, stop } = watch(bob, id);
      const error = await waitFor("the refusal", async () => told.errors[0]);
      stop();
      assert.equal(error.code, "not-found");
      assert.deepEqual(told.jobs, []);
    }
  });

  it("refuses to list another's jobs", async () => {
    const errors: BatonError[] = [];
    const stop = bob.client.watchOwn(ada.uid, { onJobs: () => {}, onError: (error) => errors.push(error) });
    await waitFor("the refusal", async () => errors.length > 0);
    stop();
    assert.equal(errors[0]?.code, "unauthenticated");
  });

  it("reports a document it cannot read, and continues with the next", async () => {
    const jobId = randomUUID();
    await store(`batonJobs/${jobId}`, { owner: { stringValue: ada.uid } });
    const { told, stop } = watch(ada, jobId);
    await waitFor("the report", async () => told.errors.length > 0);
    await store(`batonJobs/${jobId}`, jobFields(ada.uid));
    await waitFor("the repaired job", async () => told.jobs.length > 0);
    stop();
    assert.equal(told.errors[0]?.code, "malformed-document");
    assert.equal(told.jobs[0]?.status, "queued");
  });

  it("says nothing more once a watch was ended", async () => {
    // Slow enough to be still running when the watch ends.
    testCloud().youtube.video("slow-client", { comments: [{ text: "Hi" }], delayMs: 1_000 });
    const { jobId } = await ada.client.submit("video.analysis", { videoUrlOrId: "slow-client" });
    const { told, stop } = watch(ada, jobId);
    await waitFor("the job", async () => told.jobs.length > 0);
    stop();
    const toldBefore = told.jobs.length;
    await waitFor("the end", async () => (await ada.client.job(jobId)).status === "completed");
    assert.equal(told.jobs.length, toldBefore);
    assert.deepEqual(told.results, []);
  });
});

async function signUp(): Promise<User> {
  const { apiUrl, authHost, firestoreHost, projectId } = testCloud();
  const app = initializeApp({ apiKey: "local", projectId }, randomUUID());
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${authHost}`, { disableWarnings: true });
  const { user } = await createUserWithEmailAndPassword(auth, `${randomUUID()}@local.test`, "local-cloud");
  const firestore = getFirestore(app);
  const { hostname, port } = new URL(`http://${firestoreHost}`);
  connectFirestoreEmulator(firestore, hostname, Number(port));
  return {
    uid: user.uid,
    app,
    client: createBatonClient<typeof jobs>({
      apiUrl,
      firestore,
      getToken: (options) => user.getIdToken(options?.forceRefresh),
    }),
  };
}

function watch(user: User, jobId: string): { told: Told; stop: () => void } {
  const told: Told = { jobs: [], results: [], errors: [] };
  const stop = user.client.watch(jobId, {
    onJob: (job) => told.jobs.push(job),
    onResult: (result) => told.results.push(result),
    onError: (error) => told.errors.push(error),
  });
  return { told, stop };
}

/** Writes a document past the rules: the emulator takes the token `owner` for an administrator's. */
async function store(path: string, fields: Record<string, unknown>): Promise<void> {
  const { firestoreHost, projectId } = testCloud();
  const url = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents/${path}`;
  const headers = { authorization: "Bearer owner", "content-type": "application/json" };
  const answer = await fetch(url, { method: "PATCH", headers, body: JSON.stringify({ fields }) });
  assert.equal(answer.status, 200);
}

function jobFields(owner: string): Record<string, unknown> {
  const at = { timestampValue: "2026-01-01T00:00:00Z" };
  const text = (stringValue: string) => ({ stringValue });
  return {
    owner: text(owner),
    type: text("test.unreadable"),
    queue: text("default"),
    status: text("queued"),
    progress: { integerValue: "0" },
    attempt: { integerValue: "0" },
    maxAttempts: { integerValue: "5" },
    tags: { arrayValue: {} },
    metadata: { mapValue: {} },
    createdAt: at,
    updatedAt: at,
    history: { arrayValue: {} },
  };
}
