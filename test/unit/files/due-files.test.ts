import assert from "node:assert/strict";
import sinon from "sinon";
import { type FileRecord, newFile } from "../../../engine/src/files/rules/file.ts";
import { lookAfterFiles } from "../../../engine/src/files/sweep/due-files.ts";
import { memoryFileRecords } from "../../../engine/src/testing/memory-file-records.ts";
import { memoryObjectStore } from "../../../engine/src/testing/memory-object-store.ts";
import { memoryStepStore } from "../../../engine/src/testing/memory-step-store.ts";
import { randomJobId } from "../../support/jobs.ts";
import { aSweep, inMs, NOW } from "../sweep/a-sweep.ts";

/** A sweep over files that are a second overdue. */
function aFileSweep() {
  const { ports, put } = aSweep();
  const due = memoryFileRecords(memoryStepStore(ports.jobs));
  const objects = memoryObjectStore();
  return {
    ports,
    due,
    objects,
    /** Stores a job, unless it is to be gone. */
    putJob: put,
    /** Stores a file of a minute's age with its bytes. */
    async putFile(given: Partial<FileRecord>): Promise<FileRecord> {
      const fileId = randomJobId();
      const facts = { fileId, owner: "alice", name: "a.txt", contentType: "text/plain" };
      const file = { ...newFile(facts, inMs(-60_000)), dueAt: inMs(-1000), ...given };
      await due.create(file);
      objects.objects.set(file.object, { contentType: "text/plain", bytes: Buffer.from("hello") });
      return file;
    },
    run: () => lookAfterFiles({ ...ports, files: { due, objects } }, NOW, inMs(10_000)),
  };
}

describe("the sweep over files", () => {
  it("deletes a file of a job that was cancelled or is gone, its bytes first", async () => {
    const { putJob, putFile, run, due, objects } = aFileSweep();
    const { jobId } = await putJob({ status: "cancelled", finishedAt: NOW });
    const files = [
      await putFile({ jobId, state: "stored", bytes: 5 }),
      await putFile({ jobId: randomJobId(), state: "stored", bytes: 5 }),
      await putFile({ jobId: randomJobId() }),
    ];
    assert.equal(await run(), 3);
    assert.equal(objects.objects.size, 0);
    for (const { fileId } of files) assert.equal(await due.read(fileId), undefined);
  });

  it("keeps a file of a job until the job expires", async () => {
    const { putJob, putFile, run, due, objects } = aFileSweep();
    const { jobId } = await putJob({ status: "completed", finishedAt: NOW, expireAt: inMs(5000) });
    const { fileId, object } = await putFile({ jobId, state: "stored", bytes: 5 });
    await run();
    assert.deepEqual((await due.read(fileId))?.dueAt, inMs(5000));
    assert.ok(objects.objects.has(object));
  });

  it("looks again at a file of a job that runs", async () => {
    const { putJob, putFile, run, due } = aFileSweep();
    const { jobId } = await putJob({ status: "processing" });
    const { fileId } = await putFile({ jobId, state: "stored", bytes: 5 });
    await run();
    assert.deepEqual((await due.read(fileId))?.dueAt, inMs(60_000));
  });

  it("notices without a call that an upload was sent, and keeps it for its retention", async () => {
    const { putFile, run, due } = aFileSweep();
    const { fileId } = await putFile({ keepUntil: inMs(9000) });
    await run();
    const file = await due.read(fileId);
    assert.deepEqual([file?.state, file?.bytes, file?.dueAt], ["stored", 5, inMs(9000)]);
  });

  it("deletes an upload that was never sent, and one past its retention", async () => {
    const { putFile, run, due, objects } = aFileSweep();
    const never = await putFile({ keepUntil: inMs(9000) });
    objects.objects.delete(never.object);
    const over = await putFile({ state: "stored", bytes: 5, keepUntil: NOW });
    await run();
    assert.deepEqual([await due.read(never.fileId), await due.read(over.fileId)], [undefined, undefined]);
    assert.equal(objects.objects.size, 0);
  });

  it("deletes more than a page of files, though some cannot be deleted, and says so", async () => {
    const { putFile, run, ports, objects, due } = aFileSweep();
    const files = await Promise.all(Array.from({ length: 120 }, () => putFile({ jobId: randomJobId() })));
    const [stuck] = files;
    assert.ok(stuck);
    const remove = objects.delete;
    objects.delete = async (object) => {
      if (object === stuck.object) throw new Error("unreachable");
      await remove(object);
    };
    assert.equal(await run(), 120);
    assert.deepEqual((await due.read(stuck.fileId))?.dueAt, inMs(600_000));
    assert.equal(objects.objects.size, 1);
    sinon.assert.calledOnceWithMatch(ports.log.error, sinon.match.string, {
      event: "file.not-swept",
      fileId: stuck.fileId,
    });
  });

  it("does nothing in a deployment without a bucket", async () => {
    const { ports } = aSweep();
    assert.equal(await lookAfterFiles(ports, NOW, inMs(10_000)), 0);
  });
});
