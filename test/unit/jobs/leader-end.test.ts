import assert from "node:assert/strict";
import { DocumentReference, DocumentSnapshot, Firestore, Timestamp, WriteBatch } from "@google-cloud/firestore";
import sinon from "sinon";
import { jobCollections } from "../../../engine/src/jobs/firestore/job-collections.ts";
import { updateJob } from "../../../engine/src/jobs/firestore/job-writes.ts";
import type { Job } from "../../../engine/src/jobs/rules/job.ts";
import { type JobCommand, transition } from "../../../engine/src/jobs/rules/transitions.ts";
import { toFields } from "../../../engine/src/platform/firestore/documents.ts";
import { aJob } from "../../support/jobs.ts";

const NOW = new Date("2026-01-01T00:00:00.000Z");
const UPDATE_TIME = Timestamp.fromDate(NOW);
const ENTRY = { key: "key", isDone: false, expireAt: new Date("2026-02-01T00:00:00.000Z") };

/** A running job that leads all equal ones. */
const leader = aJob({
  status: "processing",
  attempt: 3,
  lease: { id: "lease", until: new Date("2026-01-01T00:01:00.000Z") },
  isCacheLeader: true,
  cache: { key: "key", ttlMs: 60_000 },
});

/** The change of the cache entry that names `entryOf` when the command is stored. */
async function entryAfter(job: Job, event: JobCommand, entryOf = job.jobId) {
  const snapshot = sinon.createStubInstance(DocumentSnapshot);
  snapshot.data.returns(toFields({ ...ENTRY, jobId: entryOf }));
  Object.defineProperty(snapshot, "updateTime", { value: UPDATE_TIME });
  sinon.stub(DocumentReference.prototype, "get").resolves(snapshot);
  const batch = sinon.createStubInstance(WriteBatch);
  const answer = transition(job, event, NOW);
  assert.equal(answer.outcome, "moved");
  if (answer.outcome !== "moved") return undefined;
  const entry = jobCollections(new Firestore({ projectId: "test" })).cache.doc("key").path;
  await updateJob(jobCollections(new Firestore({ projectId: "test" })), batch, { ...answer, updateTime: UPDATE_TIME });
  const [deleted] = batch.delete.args.filter(([ref]) => ref.path === entry);
  if (deleted) return { isDeleted: true, condition: deleted[1] };
  const [updated] = batch.update.args.filter(([ref]) => ref.path === entry);
  return updated && { isDone: Object.entries(updated[1]).some(([name, value]) => name === "isDone" && value === true) };
}

describe("the cache entry of a leader that becomes final", () => {
  afterEach(() => sinon.restore());

  const error = { code: "boom", message: "It broke." };
  const fails: JobCommand = { kind: "fail", leaseId: "lease", error, isPermanent: true, retryAt: NOW };

  it("is deleted when the leader failed, on condition that no other writer has changed it", async () => {
    const unchanged = { isDeleted: true, condition: { lastUpdateTime: UPDATE_TIME } };
    assert.deepEqual(await entryAfter(leader, fails), unchanged);
  });

  it("is deleted when no worker could finish the leader", async () => {
    const lost = { ...leader, maxAttempts: 3, lostLeases: 3, lease: { id: "gone", until: NOW } };
    const claim: JobCommand = { kind: "claim", leaseId: "other", leaseMs: 60_000 };
    assert.equal((await entryAfter(lost, claim))?.isDeleted, true);
  });

  it("stands for the output of a leader that completed", async () => {
    const completes: JobCommand = { kind: "complete", leaseId: "lease", output: null };
    assert.deepEqual(await entryAfter(leader, completes), { isDone: true });
  });

  it("stays as it is when it names another leader by then", async () => {
    assert.equal(await entryAfter(leader, fails, "another"), undefined);
  });
});
