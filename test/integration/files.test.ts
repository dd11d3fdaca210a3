import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createBatonClient } from "@baton/client";
import { FileList, UploadView } from "@baton/protocol";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { cloudStorage } from "../../engine/src/files/storage/cloud-storage.ts";
import { LOCAL_BUCKET } from "../../local/secrets.ts";
import { testCloud } from "../support/cloud.ts";
import { openFirestore } from "../support/firestore.ts";
import { waitFor } from "../support/wait-for.ts";

const MIB = 1024 * 1024;

/** A fresh user's requests to the API. */
async function aUser() {
  const { uid, token } = await testCloud().newUser("files");
  const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(`${testCloud().apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  async function submit(type: string, input: unknown): Promise<string> {
    const answer = await call("POST", "/v1/jobs", { type, input });
    assert.equal(answer.status, 202);
    return (await answer.json()).jobId;
  }
  const job = async (jobId: string) => (await call("GET", `/v1/jobs/${jobId}`)).json();
  const reaching = (jobId: string, isReached: (job: { status: string; step?: string }) => boolean) =>
    waitFor(`job ${jobId}`, async () => isReached(await job(jobId)), 60_000);
  const files = async (jobId: string) =>
    FileList.parse(await (await call("GET", `/v1/jobs/${jobId}/files`)).json()).files;
  return { uid, token, call, submit, reaching, files };
}

async function upload(user: Awaited<ReturnType<typeof aUser>>, bytes: Buffer<ArrayBuffer>) {
  const facts = { name: "in.bin", contentType: "application/octet-stream", bytes: bytes.length };
  const answer = await user.call("POST", "/v1/files", facts);
  assert.equal(answer.status, 201);
  return UploadView.parse(await answer.json());
}

describe("files in the cloud", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore();
  });
  after(() => db.terminate());

  const recordsOf = async (uid: string) => (await db.collection("batonFiles").where("owner", "==", uid).get()).docs;
  const storage = () =>
    cloudStorage({ projectId: testCloud().projectId, bucket: LOCAL_BUCKET, emulator: testCloud().storageUrl });

  /** Lets the sweep look at all files of a user now. */
  async function makeDue(uid: string): Promise<void> {
    for (const { ref } of await recordsOf(uid)) await ref.update({ dueAt: new Date() });
  }

  it("go from an upload through a job to a download, each once though an attempt fails", async () => {
    const user = await aUser();
    const bytes = randomBytes(6 * MIB);
    const { fileId, url, headers } = await upload(user, bytes);
    assert.equal((await fetch(url, { method: "PUT", headers, body: bytes })).status, 200);

    const jobId = await user.submit("test.doubled", { upload: { fileId } });
    await user.reaching(jobId, ({ status }) => status === "completed");
    const doubled = Buffer.concat([bytes, bytes]);
    const sha256 = createHash("sha256").update(doubled).digest("hex");
    const { output } = await (await user.call("GET", `/v1/jobs/${jobId}/result`)).json();
    assert.deepEqual(output, { bytes: 12 * MIB, sha256, attempt: 1 });

    const files = await user.files(jobId);
    assert.deepEqual(
      files.map((file) => [file.name, file.bytes, file.contentType]),
      [
        ["attempt.txt", 9, "text/plain"],
        ["doubled.bin", 12 * MIB, "application/octet-stream"],
      ],
    );
    const download = await user.call("GET", `/v1/jobs/${jobId}/files/doubled.bin`);
    assert.equal(download.redirected, true);
    assert.equal(download.headers.get("content-disposition"), 'attachment; filename="doubled.bin"');
    assert.equal(Buffer.from(await download.arrayBuffer()).equals(doubled), true);
    assert.equal((await (await aUser()).call("GET", `/v1/jobs/${jobId}/files/doubled.bin`)).status, 404);
    const client = createBatonClient({ apiUrl: testCloud().apiUrl, getToken: async () => user.token });
    assert.equal((await client.file(jobId, "doubled.bin")).size, doubled.length);
    // The upload and two files: no try of an upload was repeated.
    assert.equal((await recordsOf(user.uid)).length, 3);
  });

  it("take an upload of the agreed size and once only", async () => {
    const user = await aUser();
    const bytes = randomBytes(1000);
    const { url, headers } = await upload(user, bytes);
    const put = (body: Buffer<ArrayBuffer>) => fetch(url, { method: "PUT", headers, body });
    assert.equal((await put(randomBytes(1001))).status, 400);
    assert.equal((await put(bytes)).status, 200);
    assert.equal((await put(randomBytes(1000))).status, 412);
  });

  it("are not another owner's to read", async () => {
    const [user, other] = [await aUser(), await aUser()];
    const bytes = randomBytes(10);
    const { fileId, url, headers } = await upload(user, bytes);
    await fetch(url, { method: "PUT", headers, body: bytes });
    const jobId = await other.submit("test.doubled", { upload: { fileId } });
    await other.reaching(jobId, ({ status }) => status === "failed");
    const { error } = await (await other.call("GET", `/v1/jobs/${jobId}/result`)).json();
    assert.equal(error.code, "file-not-found");
  });

  it("are deleted when their job is cancelled, also the one that was being written", async () => {
    const user = await aUser();
    const jobId = await user.submit("test.endless-file", null);
    await user.reaching(jobId, ({ step }) => step === "file:endless.bin");
    const [file] = await user.files(jobId);
    assert.equal(file?.name, "first.txt");
    const path = `/v1/jobs/${jobId}/files/first.txt`;
    const { url } = await (await user.call("GET", path, undefined, { accept: "application/json" })).json();
    assert.equal((await fetch(url)).status, 200);
    const objects = (await recordsOf(user.uid)).map((record) => String(record.get("object")));
    assert.equal(objects.length, 2);
    await user.call("DELETE", `/v1/jobs/${jobId}`);
    await user.reaching(jobId, ({ status }) => status === "cancelled");
    // Of the one that was being written, bytes may still come: the sweep has it, an hour later.
    await waitFor("the worker", async () => (await recordsOf(user.uid)).every((file) => file.get("state") === "open"));
    assert.deepEqual([(await fetch(url)).status, (await user.call("GET", path)).status], [404, 404]);
    await makeDue(user.uid);
    await waitFor("the sweep", async () => (await recordsOf(user.uid)).length === 0, 60_000);
    const sizes = await Promise.all(objects.map((object) => storage().sizeOf(object)));
    assert.deepEqual(sizes, [undefined, undefined]);
    assert.deepEqual(await user.files(jobId), []);
  });

  it("are deleted by an erasure", async () => {
    const user = await aUser();
    const jobId = await user.submit("test.endless-file", null);
    await user.reaching(jobId, ({ step }) => step === "file:endless.bin");
    const objects = (await recordsOf(user.uid)).map((record) => String(record.get("object")));
    assert.equal((await user.call("DELETE", "/v1/data")).status, 202);
    await waitFor("the erasure", async () => (await recordsOf(user.uid)).length === 0, 60_000);
    const sizes = await Promise.all(objects.map((object) => storage().sizeOf(object)));
    assert.deepEqual(sizes, [undefined, undefined]);
  });
});
