import assert from "node:assert/strict";
import sinon from "sinon";
import { deleteJobFiles } from "../../../engine/src/files/delete-job-files.ts";
import { newFile } from "../../../engine/src/files/rules/file.ts";
import { memoryFileRecords } from "../../../engine/src/testing/memory-file-records.ts";
import { memoryObjectStore } from "../../../engine/src/testing/memory-object-store.ts";
import { randomJobId } from "../../support/jobs.ts";

const NOW = new Date("2026-01-01T12:00:00.000Z");
const [JOB, OTHER] = [randomJobId(), randomJobId()];

/** Files in memory: so many stored ones of the job, one that is still open, and one of another job. */
async function setup(count: number) {
  const records = memoryFileRecords({ keep: async () => ({ outcome: "lease-lost" }) });
  const objects = memoryObjectStore();
  const put = async (jobId: string, name: string, state: "open" | "stored") => {
    const facts = { fileId: randomJobId(), owner: "alice", jobId, name, contentType: "text/plain" };
    const file = { ...newFile(facts, NOW), state, bytes: 5 };
    await records.create(file);
    objects.objects.set(file.object, { contentType: "text/plain", bytes: Buffer.from("hello") });
    return file;
  };
  for (let index = 0; index < count; index++) await put(JOB, `file-${index}`, "stored");
  const open = await put(JOB, "open", "open");
  const other = await put(OTHER, "other", "stored");
  return { records, objects, open, other, left: () => [...objects.objects.keys()] };
}

describe("deleteJobFiles", () => {
  it("deletes all stored files of the job, and no other: bytes of an open one may still come", async () => {
    const { records, objects, open, other, left } = await setup(120);
    await deleteJobFiles({ records, objects }, JOB);
    assert.deepEqual(left(), [open.object, other.object]);
    assert.deepEqual(await records.list(JOB, 1000), []);
    assert.ok(await records.read(open.fileId));
    await deleteJobFiles({ records, objects }, JOB);
  });

  it("leaves what is above 200 to the sweep: a caller waits for it", async () => {
    const { records, objects } = await setup(201);
    await deleteJobFiles({ records, objects }, JOB);
    assert.equal((await records.list(JOB, 1000)).length, 1);
  });

  it("keeps the record of bytes that could not be deleted, and rejects once the others are gone", async () => {
    const { records, objects } = await setup(3);
    const broken = sinon.fake((object: string) =>
      object.endsWith("file-1") ? Promise.reject(new Error("the bucket is away")) : objects.delete(object),
    );
    await assert.rejects(deleteJobFiles({ records, objects: { delete: broken } }, JOB), /the bucket is away/);
    assert.deepEqual(
      (await records.list(JOB, 10)).map(({ name }) => name),
      ["file-1"],
    );
  });
});
