import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { firestoreFileRecords } from "../../engine/src/files/firestore/file-records.ts";
import type { DueFileStore, FileRecordStore } from "../../engine/src/files/ports.ts";
import { type FileRecord, newFile } from "../../engine/src/files/rules/file.ts";
import { firestoreStepStore } from "../../engine/src/jobs/firestore/step-store.ts";
import { memoryFileRecords } from "../../engine/src/testing/memory-file-records.ts";
import { memoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { memoryStepStore } from "../../engine/src/testing/memory-step-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, randomJobId } from "../support/jobs.ts";
import { after0, CONTRACT_PROJECT, T0 } from "./both-job-stores.ts";
import type { StepStores } from "./both-step-stores.ts";

type Stores = Pick<StepStores, "jobs" | "steps"> & { files: FileRecordStore & DueFileStore };

const SHA256 = "a".repeat(64);
/** Far in the past, so that no other test's files are due then. */
const LONG_AGO = new Date("2001-01-01T00:00:00.000Z");

function contract(name: string, open: () => Stores): void {
  describe(`${name} as a store of file records`, () => {
    let stores: Stores;
    before(() => {
      stores = open();
    });

    /** Stores a job that lease `lease-1` holds, or another one. */
    async function aRunningJob(lease = "lease-1"): Promise<string> {
      const until = after0(60_000);
      const job = aJob({ status: "processing", attempt: 1, lease: { id: lease, until }, startedAt: T0 });
      await stores.jobs.put(job, null);
      return job.jobId;
    }

    async function aFile(given: Partial<FileRecord> = {}): Promise<FileRecord> {
      const { jobId, name = "a.txt" } = given;
      const facts = { fileId: randomJobId(), owner: "alice", ...(jobId !== undefined && { jobId }), name };
      const file = { ...newFile({ ...facts, contentType: "text/plain" }, T0), ...given };
      await stores.files.create(file);
      return file;
    }

    const infoOf = ({ fileId, name }: FileRecord, bytes = 5) => ({
      ...{ fileId, name, contentType: "text/plain", bytes, sha256: SHA256 },
    });
    const stepOf = (jobId: string, leaseId = "lease-1", name = "file:a.txt") => ({ jobId, leaseId, name });

    it("gives back a record as it was created, and creates it once", async () => {
      const file = await aFile({ keepUntil: after0(5) });
      assert.deepEqual(await stores.files.read(file.fileId), file);
      assert.equal(await stores.files.read(randomJobId()), undefined);
      await assert.rejects(stores.files.create(file));
    });

    it("notes a file and keeps its facts as a step's output, together", async () => {
      const jobId = await aRunningJob();
      const file = await aFile({ jobId });
      const answer = await stores.files.complete(stepOf(jobId), infoOf(file), after0(1000));
      assert.ok(answer.outcome === "recorded");
      assert.deepEqual(answer.step.output, infoOf(file));
      assert.deepEqual((await stores.steps.read(jobId, "file:a.txt"))?.output, infoOf(file));
      const stored = { ...file, state: "stored", bytes: 5, sha256: SHA256, dueAt: after0(61_000) };
      assert.deepEqual(await stores.files.read(file.fileId), stored);
    });

    it("writes nothing for a lease that does not hold the job", async () => {
      const jobId = await aRunningJob("lease-2");
      const file = await aFile({ jobId });
      const answer = await stores.files.complete(stepOf(jobId), infoOf(file), T0);
      assert.deepEqual(answer, { outcome: "lease-lost" });
      assert.equal((await stores.files.read(file.fileId))?.state, "open");
      assert.equal(await stores.steps.read(jobId, "file:a.txt"), undefined);
    });

    it("gives back the step that is there, and leaves a second file of the name open", async () => {
      const jobId = await aRunningJob();
      const [first, second] = [await aFile({ jobId }), await aFile({ jobId })];
      await stores.files.complete(stepOf(jobId), infoOf(first), T0);
      const answer = await stores.files.complete(stepOf(jobId), infoOf(second, 7), T0);
      assert.ok(answer.outcome === "recorded");
      assert.deepEqual(answer.step.output, infoOf(first));
      assert.equal((await stores.files.read(second.fileId))?.state, "open");
    });

    it("completes files beside each other, and beside the worker's own progress", async () => {
      const jobId = await aRunningJob();
      const files = await Promise.all(["a", "b", "c", "d"].map((name) => aFile({ jobId, name })));
      const report = { kind: "progress", leaseId: "lease-1", leaseMs: 60_000, progress: 0.5 } as const;
      const progress = stores.jobs.apply(jobId, report, after0(1));
      const answers = files.map((file) => stores.files.complete(stepOf(jobId, "lease-1", file.name), infoOf(file), T0));
      assert.deepEqual(
        (await Promise.all(answers)).map(({ outcome }) => outcome),
        ["recorded", "recorded", "recorded", "recorded"],
      );
      assert.equal((await progress).outcome, "moved");
      assert.equal((await stores.files.list(jobId, 10)).length, 4);
    });

    it("rejects when the record is gone", async () => {
      const jobId = await aRunningJob();
      const file = await aFile({ jobId });
      await stores.files.forget(file.fileId);
      await assert.rejects(stores.files.complete(stepOf(jobId), infoOf(file), T0), /is gone/);
      assert.equal(await stores.steps.read(jobId, "file:a.txt"), undefined);
    });

    it("lists the stored files of a job by name, and finds one by it", async () => {
      const jobId = randomJobId();
      const stored = { jobId, state: "stored", bytes: 5, sha256: SHA256 } as const;
      const [c, a] = [await aFile({ ...stored, name: "c" }), await aFile({ ...stored, name: "a" })];
      await aFile({ jobId, name: "b" });
      await aFile({ ...stored, jobId: randomJobId(), name: "d" });
      assert.deepEqual(await stores.files.list(jobId, 10), [a, c]);
      assert.deepEqual(await stores.files.list(jobId, 1), [a]);
      assert.deepEqual(await stores.files.find(jobId, "c"), c);
      assert.deepEqual(
        [await stores.files.find(jobId, "b"), await stores.files.find(jobId, "d")],
        [undefined, undefined],
      );
    });

    it("lists what is due, the longest first, until it is kept or forgotten", async () => {
      const at = (ms: number) => new Date(LONG_AGO.getTime() + ms);
      const [second, first] = [await aFile({ dueAt: at(2) }), await aFile({ dueAt: at(1), shard: 15 })];
      await aFile({ dueAt: at(4) });
      const due = async (limit = 10) => (await stores.files.listDue(at(3), limit)).map(({ file }) => file);
      assert.deepEqual(await due(), [first, second]);
      assert.deepEqual(await due(1), [first]);
      await stores.files.keep(first.fileId, T0);
      await stores.files.forget(second.fileId);
      assert.deepEqual(await due(), []);
      assert.deepEqual(await stores.files.read(first.fileId), { ...first, dueAt: T0 });
    });

    it("notes the bytes of an upload, and does nothing for a record that is gone", async () => {
      const file = await aFile({ keepUntil: after0(5) });
      await stores.files.keep(file.fileId, after0(5), 7);
      assert.deepEqual(await stores.files.read(file.fileId), { ...file, state: "stored", bytes: 7, dueAt: after0(5) });
      await stores.files.forget(file.fileId);
      await stores.files.forget(file.fileId);
      await stores.files.keep(file.fileId, T0, 7);
      assert.equal(await stores.files.read(file.fileId), undefined);
    });
  });
}

contract("memory", () => {
  const jobs = memoryJobStore();
  const steps = memoryStepStore(jobs);
  return { jobs, steps, files: memoryFileRecords(steps) };
});

describe("with Firestore", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
  });
  after(() => db.terminate());
  contract("Firestore", () => ({
    jobs: openJobStore(db),
    steps: firestoreStepStore(db),
    files: firestoreFileRecords(db),
  }));
});
